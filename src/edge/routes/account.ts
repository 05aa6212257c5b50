// One account: what it holds and may do, and the switch that stops it.
import * as z from "zod";
import { AccountBody } from "../account-body.ts";
import { answers, type EdgeApp, mayTake, openAccountRoute, takes } from "../define-route.ts";
import type { EdgeContext } from "../edge-env.ts";
import { problem, refusal } from "../problem.ts";
import { UnderlyingName } from "../schemas.ts";

const Halt = z
  .strictObject({ reason: z.string().trim().min(1).max(200).optional() })
  .openapi("Halt", { description: "May be left out as a whole: a kill switch asks for nothing." });
const UNSAID = "kill switch";
const Resume = z
  .strictObject({ confirm: z.string().max(32).optional().openapi({ example: "RESUME" }) })
  .openapi("Resume");
const UnderlyingParams = z.object({ underlying: UnderlyingName });
const Outcome = z
  .object({
    sequence: z.number().int(),
    replayed: z.boolean().openapi({ description: "True when it had been done before." }),
  })
  .openapi("Outcome");

export function openAccount(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/account",
      namedPath: "/v1/accounts/{accountId}",
      operationId: "getAccount",
      tag: "Account",
      summary: "Balances, guardrails, positions and the day",
      scopes: ["account:read"],
      responses: { 200: answers(AccountBody, "The account at this moment.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const view = await c.env.ACCOUNT.getByName(c.var.accountId).view();
      return view === null ? problem(c, "ACCOUNT_NOT_FOUND") : c.json(view, 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/account/halt",
      namedPath: "/v1/accounts/{accountId}/halt",
      operationId: "haltAccount",
      tag: "Account",
      summary: "Kill switch: cancel what is working, close what is open, send nothing new",
      scopes: ["orders:write"],
      request: { body: mayTake(Halt) },
      responses: { 200: answers(Outcome, "Stopped.") },
      errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN"],
    },
    async (c) => {
      const done = await c.env.ACCOUNT.getByName(c.var.accountId).halt(c.req.valid("json").reason ?? UNSAID, {
        by: handOf(c),
      });
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/account/resume",
      namedPath: "/v1/accounts/{accountId}/resume",
      operationId: "resumeAccount",
      tag: "Account",
      summary: "Let a stopped account trade again",
      description: 'The account\'s own key has to say {"confirm": "RESUME"}; the operator need not.',
      scopes: ["orders:write"],
      request: { body: takes(Resume) },
      responses: { 200: answers(Outcome, "Active.") },
      errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN", "CONFIRMATION_REQUIRED", "BREAKER_LOCKED"],
    },
    async (c) => {
      const isConfirmed = c.var.principal.kind === "OPERATOR" || c.req.valid("json").confirm === "RESUME";
      if (!isConfirmed) return problem(c, "CONFIRMATION_REQUIRED");
      const done = await c.env.ACCOUNT.getByName(c.var.accountId).resume({ by: handOf(c) });
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
  openUnderlying(app);
}

function openUnderlying(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/account/underlyings/{underlying}/halt",
      namedPath: "/v1/accounts/{accountId}/underlyings/{underlying}/halt",
      operationId: "haltAccountUnderlying",
      tag: "Account",
      summary: "Stop one underlying of the account: cancel and close what is in it, send nothing new in it",
      scopes: ["orders:write"],
      request: { params: UnderlyingParams, body: mayTake(Halt) },
      responses: { 200: answers(Outcome, "Stopped.") },
      errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN"],
    },
    async (c) => {
      const { underlying } = c.req.valid("param");
      const account = c.env.ACCOUNT.getByName(c.var.accountId);
      const done = await account.halt(c.req.valid("json").reason ?? UNSAID, { by: handOf(c), underlying });
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
  openAccountRoute(
    app,
    {
      method: "post",
      path: "/v1/account/underlyings/{underlying}/resume",
      namedPath: "/v1/accounts/{accountId}/underlyings/{underlying}/resume",
      operationId: "resumeAccountUnderlying",
      tag: "Account",
      summary: "Let a stopped underlying of the account trade again",
      description: 'The account\'s own key has to say {"confirm": "RESUME"}; the operator need not.',
      scopes: ["orders:write"],
      request: { params: UnderlyingParams, body: takes(Resume) },
      responses: { 200: answers(Outcome, "Active.") },
      errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN", "CONFIRMATION_REQUIRED", "BREAKER_LOCKED"],
    },
    async (c) => {
      const isConfirmed = c.var.principal.kind === "OPERATOR" || c.req.valid("json").confirm === "RESUME";
      if (!isConfirmed) return problem(c, "CONFIRMATION_REQUIRED");
      const { underlying } = c.req.valid("param");
      const done = await c.env.ACCOUNT.getByName(c.var.accountId).resume({ by: handOf(c), underlying });
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
}

/** What the operator has stopped is not the user's to lift. */
const handOf = (c: EdgeContext): "USER" | "OPERATOR" => (c.var.principal.kind === "OPERATOR" ? "OPERATOR" : "USER");
