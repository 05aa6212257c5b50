// The session under way: looking at it, driving its clock, and checking afterwards that its books are in order.
import * as z from "zod";
import { hasSession } from "../../adapters/read-models/signals.ts";
import { SESSION_NAME } from "../../env.ts";
import type { SessionRpc } from "../../ports/objects.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { jobsOf } from "../jobs-entrypoint.ts";
import { problem, refusal } from "../problem.ts";
import { MarketDateIn } from "../schemas.ts";
import { SessionBody, sessionBody } from "../session-body.ts";

const Speed = z
  .number()
  .nullable()
  .openapi({ description: "Market seconds a second, 1 to 3,600; null for as fast as it goes." });
const Start = z.strictObject({ speed: Speed.default(1) }).openapi("StartSession");
const SetSpeed = z.strictObject({ speed: Speed }).openapi("SetSpeed");

const Count = z.number().int();
const Verification = z
  .object({
    invariants: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })).readonly(),
    totals: z.object({
      cycles: Count,
      signals: Count,
      orders: z.object({ submitted: Count, filled: Count, denied: Count, rejected: Count, canceled: Count }),
      trades: Count,
      grossPaise: Count,
      chargesPaise: Count,
      feePaise: Count,
      gstPaise: Count,
      taxLockPaise: Count,
      payoutPaise: Count,
      openPositions: Count,
      ledger: z.object({
        entries: Count,
        sumPaise: Count,
        checkpoint: z.object({ size: Count, root: z.string() }).nullable(),
      }),
      notifications: Count,
    }),
  })
  .openapi("DayVerification");

const COMMANDS = [
  ["pause", "pauseSession", "Stop the clock", (session: SessionRpc) => session.pause()],
  ["stop", "stopSession", "End the session before its time", (session: SessionRpc) => session.stop()],
] as const;

export function openSessions(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/sessions/current",
      operationId: "getSession",
      tag: "Sessions",
      summary: "Where the session stands",
      scopes: ["market:read"],
      responses: { 200: answers(SessionBody, "The session; status NONE when there is none.") },
    },
    async (c) => c.json(sessionBody(await c.env.SESSION.getByName(SESSION_NAME).view()), 200),
  );
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/sessions/current/start",
      operationId: "startSession",
      tag: "Sessions",
      summary: "Start the clock, or let it go on",
      scopes: ["session:control"],
      request: { body: takes(Start) },
      responses: { 200: answers(SessionBody, "Running.") },
      errors: ["SESSION_NOT_FOUND", "SESSION_NOT_READY", "SESSION_RUNNING", "SESSION_OVER", "SPEED_OUT_OF_RANGE"],
    },
    async (c) => {
      const done = await c.env.SESSION.getByName(SESSION_NAME).start(c.req.valid("json").speed);
      return done.ok ? c.json(sessionBody(done.value), 200) : refusal(c, done.error);
    },
  );
  openRoute(
    app,
    {
      method: "put",
      path: "/v1/sessions/current/speed",
      operationId: "setSessionSpeed",
      tag: "Sessions",
      summary: "Change the speed",
      scopes: ["session:control"],
      request: { body: takes(SetSpeed) },
      responses: { 200: answers(SessionBody, "Set.") },
      errors: ["SESSION_NOT_FOUND", "SESSION_NOT_READY", "SESSION_OVER", "SPEED_OUT_OF_RANGE"],
    },
    async (c) => {
      const done = await c.env.SESSION.getByName(SESSION_NAME).setSpeed(c.req.valid("json").speed);
      return done.ok ? c.json(sessionBody(done.value), 200) : refusal(c, done.error);
    },
  );
  for (const [name, operationId, summary, command] of COMMANDS) {
    openRoute(
      app,
      {
        method: "post",
        path: `/v1/sessions/current/${name}`,
        operationId,
        tag: "Sessions",
        summary,
        scopes: ["session:control"],
        responses: { 200: answers(SessionBody, "Done.") },
        errors: ["SESSION_NOT_FOUND", "SESSION_NOT_READY", "SESSION_RUNNING", "SESSION_OVER"],
      },
      async (c) => {
        const done = await command(c.env.SESSION.getByName(SESSION_NAME));
        return done.ok ? c.json(sessionBody(done.value), 200) : refusal(c, done.error);
      },
    );
  }
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/sessions/{date}/verification",
      operationId: "verifySession",
      tag: "Sessions",
      summary: "Recompute a day's books from the journals and compare",
      scopes: ["operations:read"],
      request: { params: z.object({ date: MarketDateIn }) },
      responses: { 200: answers(Verification, "Each invariant and whether it holds, and the day's totals.") },
      errors: ["SESSION_NOT_FOUND"],
    },
    async (c) => {
      const { date } = c.req.valid("param");
      if (!(await hasSession(c.env.DB, date))) return problem(c, "SESSION_NOT_FOUND");
      return c.json(await jobsOf(c).verifyDay(date), 200);
    },
  );
}
