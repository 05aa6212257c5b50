// Which account a request is about. A key reaches its own account and no other; one it may not reach looks exactly like one
// that does not exist.
import type { MiddlewareHandler } from "hono";
import { accountExists } from "../../adapters/read-models/accounts.ts";
import type { EdgeEnv } from "../edge-env.ts";
import { problem } from "../problem.ts";

/** The principal's own account. */
export const ownAccount: MiddlewareHandler<EdgeEnv> = async function ownAccount(c, next) {
  const { accountId } = c.var.principal;
  if (accountId === null) return problem(c, "ACCOUNT_REQUIRED");
  c.set("accountId", accountId);
  await next();
};

/** The account the path names. */
export const namedAccount: MiddlewareHandler<EdgeEnv> = async function namedAccount(c, next) {
  const { kind, accountId } = c.var.principal;
  const named = c.req.param("accountId") ?? "";
  const mayReach = kind === "OPERATOR" ? await accountExists(c.env.DB, named) : named === accountId;
  if (!mayReach) return problem(c, "ACCOUNT_NOT_FOUND");
  c.set("accountId", named);
  await next();
};
