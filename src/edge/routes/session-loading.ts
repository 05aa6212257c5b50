// Loading a recorded session: its description, then the tape chunk by chunk to the feeds, then the word that it is complete.
import * as z from "zod";
import { SESSION_NAME } from "../../env.ts";
import { forgetContracts } from "../contracts.ts";
import { answers, type EdgeApp, openRoute, TAPE_MAX_BYTES, takes } from "../define-route.ts";
import { problem, refusal } from "../problem.ts";
import { RecordedSessionIn, TapeChunkIn } from "../recorded-session-in.ts";
import { AccountId, UnderlyingName } from "../schemas.ts";
import { SessionBody, sessionBody } from "../session-body.ts";

const ACCOUNTS_MAX = 10_000;
const CHUNKS_MAX = 10_000;

const LoadSession = z
  .strictObject({ session: RecordedSessionIn, accountIds: z.array(AccountId).max(ACCOUNTS_MAX) })
  .openapi("LoadSession");

const TapeParams = z.object({
  underlying: UnderlyingName,
  chunk: z.coerce.number().int().min(0).max(CHUNKS_MAX),
});

export function openSessionLoading(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/sessions",
      operationId: "loadSession",
      tag: "Sessions",
      summary: "Begin to load a recorded session",
      scopes: ["operations:write"],
      request: { body: takes(LoadSession) },
      responses: { 201: answers(SessionBody, "Loading; the tape comes next.") },
      errors: ["SESSION_RUNNING", "SESSION_NOT_READY", "SESSION_OVER", "SESSION_ACCOUNT_UNKNOWN"],
      bodyMaxBytes: TAPE_MAX_BYTES,
    },
    async (c) => {
      const { session, accountIds } = c.req.valid("json");
      const loaded = await c.env.SESSION.getByName(SESSION_NAME).load(session, [...new Set(accountIds)]);
      forgetContracts();
      return loaded.ok ? c.json(sessionBody(loaded.value), 201) : refusal(c, loaded.error);
    },
  );
  openRoute(
    app,
    {
      method: "put",
      path: "/v1/sessions/current/tape/{underlying}/{chunk}",
      operationId: "putTapeChunk",
      tag: "Sessions",
      summary: "Hand over a chunk of an underlying's tape",
      description:
        "Chunks are numbered from 0 and come in the order of their numbers and of time. One that was taken before stays as it is: handing it over again, or another under its number, changes nothing. Loading the session again begins a new tape.",
      scopes: ["operations:write"],
      request: { params: TapeParams, body: takes(TapeChunkIn) },
      responses: { 200: answers(z.object({ events: z.number().int() }), "Stored.") },
      errors: ["SESSION_NOT_LOADING", "TAPE_CHUNK_OUT_OF_ORDER", "TAPE_TIME_GOES_BACK"],
      bodyMaxBytes: TAPE_MAX_BYTES,
    },
    async (c) => {
      const { underlying, chunk } = c.req.valid("param");
      const events = c.req.valid("json");
      const { status, session, mode } = await c.env.SESSION.getByName(SESSION_NAME).view();
      const isExpected = session?.underlyings.some((one) => one.underlying === underlying) ?? false;
      if (mode !== "REPLAY" || status !== "LOADING" || session === null || !isExpected)
        return problem(c, "SESSION_NOT_LOADING");
      const taken = await c.env.MARKET_FEED.getByName(underlying).appendTape(session.date, chunk, events);
      return taken.ok ? c.json({ events: taken.value }, 200) : refusal(c, taken.error);
    },
  );
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/sessions/current/ready",
      operationId: "readySession",
      tag: "Sessions",
      summary: "The tape is complete",
      scopes: ["operations:write"],
      responses: { 200: answers(SessionBody, "Ready to start.") },
      errors: ["SESSION_NOT_FOUND", "SESSION_NOT_READY", "SESSION_RUNNING", "SESSION_OVER"],
    },
    async (c) => {
      const done = await c.env.SESSION.getByName(SESSION_NAME).ready();
      return done.ok ? c.json(sessionBody(done.value), 200) : refusal(c, done.error);
    },
  );
}
