// Streams: a ticket for a minute, and the WebSocket upgrades, which go on to the object that does the telling.
import type { TypedResponse } from "hono";
import * as z from "zod";
import { SESSION_NAME } from "../../env.ts";
import { STREAM_OWNER, STREAMS_OF_ONE_MAX } from "../../ports/streams.ts";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import type { EdgeContext } from "../edge-env.ts";
import { overRate } from "../middleware/rate-limit.ts";
import type { Principal, Scope } from "../principal.ts";
import { type ProblemResponse, problem } from "../problem.ts";
import { Instant, instant, UnderlyingName } from "../schemas.ts";
import { makeTicket, principalOfTicket } from "../stream-ticket.ts";

const Ticket = z.object({ ticket: z.string(), expiresAt: Instant }).openapi("StreamTicket");
const TicketQuery = z.object({ ticket: z.string().max(2_048).optional() });
const AccountStreamQuery = TicketQuery.extend({
  after: z
    .string()
    .regex(/^\d{1,15}$/, "a sequence number")
    .optional()
    .openapi({ description: "Sequence of the last event seen; the stream goes on from there." }),
});
const SWITCHED = { 101: { description: "Switching to WebSocket." } } as const;
const ERRORS = [
  "TICKET_INVALID",
  "UPGRADE_REQUIRED",
  "ACCOUNT_REQUIRED",
  "RATE_LIMITED",
  "STREAMS_TOO_MANY",
  "OVERLOADED",
] as const;

export function openStreams(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/stream-tickets",
      operationId: "makeStreamTicket",
      tag: "Streams",
      summary: "A ticket with which to open streams within the next minute",
      scopes: [],
      responses: { 201: answers(Ticket, "The ticket.") },
    },
    async (c) => {
      const { ticket, expiresAtMs } = await makeTicket(c.var.principal, Date.now(), c.env.STREAM_TICKET_KEY);
      return c.json({ ticket, expiresAt: instant(expiresAtMs) }, 201);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/stream/account",
      operationId: "streamAccount",
      tag: "Streams",
      summary: "The account's events as they are written",
      description: "First a snapshot, or with `after` exactly what came since; then events, numbered without gaps.",
      scopes: "TICKET",
      request: { query: AccountStreamQuery },
      responses: SWITCHED,
      errors: ERRORS,
    },
    async (c) => {
      const { ticket, after } = c.req.valid("query");
      return forward(c, ticket, "account:read", ({ accountId }, onward) =>
        accountId === null
          ? null
          : c.env.ACCOUNT.getByName(accountId).fetch(onward(after === undefined ? "" : `?after=${after}`)),
      );
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/stream/market/{underlying}",
      operationId: "streamMarket",
      tag: "Streams",
      summary: "Index and quotes of one underlying, at most four frames a second",
      scopes: "TICKET",
      request: { params: z.object({ underlying: UnderlyingName }), query: TicketQuery },
      responses: SWITCHED,
      errors: ERRORS,
    },
    async (c) => {
      const { underlying } = c.req.valid("param");
      return forward(c, c.req.valid("query").ticket, "market:read", (_, onward) =>
        c.env.MARKET_FEED.getByName(underlying).fetch(onward("")),
      );
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/stream/session",
      operationId: "streamSession",
      tag: "Streams",
      summary: "The session's clock, phase and signals",
      scopes: "TICKET",
      request: { query: TicketQuery },
      responses: SWITCHED,
      errors: ERRORS,
    },
    async (c) =>
      forward(c, c.req.valid("query").ticket, "market:read", (_, onward) =>
        c.env.SESSION.getByName(SESSION_NAME).fetch(onward("")),
      ),
  );
}

type Switched = Response & TypedResponse<Record<never, never>, 101, string>;

async function forward(
  c: EdgeContext,
  ticket: string | undefined,
  scope: Scope,
  open: (principal: Principal, onward: (search: string) => Request) => Promise<Response> | null,
): Promise<Switched | ProblemResponse> {
  const principal = ticket === undefined ? null : await principalOfTicket(ticket, Date.now(), c.env.STREAM_TICKET_KEY);
  if (principal === null || !principal.scopes.includes(scope)) return problem(c, "TICKET_INVALID");
  if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
    return problem(c, "UPGRADE_REQUIRED", { headers: { upgrade: "websocket" } });
  }
  const over = await overRate(c, principal);
  if (over !== null) return over;
  const opening = open(principal, (search) => onwards(c, principal, search));
  if (opening === null) return problem(c, "ACCOUNT_REQUIRED");
  const opened = await opening;
  return opened.status === 101 ? (opened as Switched) : refused(c, opened);
}

/** What the object gets to see: the upgrade and whose it is, without the ticket or anything else the browser sent. */
const onwards = (c: EdgeContext, { accountId, keyId }: Principal, search: string): Request =>
  new Request(`https://object/${search}`, {
    headers: { upgrade: "websocket", "x-request-id": c.var.requestId, [STREAM_OWNER]: accountId ?? `key/${keyId}` },
  });

/** In the API's own form, whatever the object's. */
function refused(c: EdgeContext, { headers: said }: Response): ProblemResponse {
  const headers = { "retry-after": said.get("retry-after") ?? "5" };
  const limit = said.get(STREAMS_OF_ONE_MAX);
  if (limit === null) return problem(c, "OVERLOADED", { detail: "all places of this stream are taken", headers });
  const message = `${limit} of these streams are open; at most ${limit} at a time would pass`;
  const figures = { limit: Number(limit), value: Number(limit) + 1, unit: "STREAMS" };
  return problem(c, "STREAMS_TOO_MANY", {
    detail: message,
    errors: [{ field: "ticket", message, ...figures }],
    headers,
  });
}
