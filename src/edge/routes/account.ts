// One account: what it holds and may do, and the switch that stops it.
import * as z from "zod";
import { AccountBody } from "../account-body.ts";
import { answers, type EdgeApp, openAccountRoute, takes } from "../define-route.ts";
import { problem, refusal } from "../problem.ts";

const Halt = z.strictObject({ reason: z.string().trim().min(1).max(200).default("kill switch") }).openapi("Halt");
const Resume = z
  .strictObject({ confirm: z.string().max(32).optional().openapi({ example: "RESUME" }) })
  .openapi("Resume");
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
      request: { body: takes(Halt) },
      responses: { 200: answers(Outcome, "Stopped.") },
      errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN"],
    },
    async (c) => {
      const done = await c.env.ACCOUNT.getByName(c.var.accountId).halt(c.req.valid("json").reason);
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
      errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN", "CONFIRMATION_REQUIRED"],
    },
    async (c) => {
      const isConfirmed = c.var.principal.kind === "OPERATOR" || c.req.valid("json").confirm === "RESUME";
      if (!isConfirmed) return problem(c, "CONFIRMATION_REQUIRED");
      const done = await c.env.ACCOUNT.getByName(c.var.accountId).resume();
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
}
