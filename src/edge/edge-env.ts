// What a request carries through the edge, as Hono types it.
import type { Context } from "hono";
import type { AppEnv } from "../env.ts";
import type { Principal } from "./principal.ts";

export interface EdgeEnv {
  Bindings: AppEnv;
  Variables: {
    requestId: string;
    /** Set by `authenticate`; absent on public routes. */
    principal: Principal;
    /** Set on routes that concern one account: the one the principal may reach. */
    accountId: string;
  };
}

export type EdgeContext = Context<EdgeEnv>;
