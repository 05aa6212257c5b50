// Limits of an account: a user sees them and lowers their own; an operator overrides, locks, sets the capital and the KYC
// state. Every change is an event of the account's journal, with who did it.
import * as z from "zod";
import { KYC_STATES } from "../../core/compliance/kyc.ts";
import { holderOfPan, maskPan } from "../../core/compliance/pan.ts";
import { answers, type EdgeApp, openAccountRoute, openRoute, takes } from "../define-route.ts";
import { LimitsBody, LimitsIn, limitsBody, limitsOf } from "../limits-body.ts";
import { problem, refusal } from "../problem.ts";
import { AccountId, PositiveRupeesIn } from "../schemas.ts";

const Params = z.object({ accountId: AccountId });
const Outcome = z.object({ sequence: z.number().int(), replayed: z.boolean() });
const Locks = z
  .strictObject({ capital: z.boolean(), tradeLimit: z.boolean(), accounts: z.boolean() })
  .openapi("LimitLocks");
const KycIn = z
  .strictObject({
    state: z.enum(KYC_STATES),
    pan: z
      .string()
      .refine((pan) => holderOfPan(pan) !== null, "a PAN such as ABCPE1234F: its fourth letter says whose it is")
      .optional()
      .openapi({ description: "Only its mask is kept." }),
    reason: z.string().trim().min(1).max(200).optional(),
  })
  .openapi("KycIn");

const OPERATOR_ERRORS = ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN", "LIMIT_LOCKED", "LIMIT_OUT_OF_RANGE"] as const;

export function openLimits(app: EdgeApp): void {
  openOwn(app);
  openOverrides(app);
  openLocksAndCapital(app);
  openKyc(app);
}

function openOwn(app: EdgeApp): void {
  openAccountRoute(
    app,
    {
      method: "get",
      path: "/v1/account/limits",
      namedPath: "/v1/accounts/{accountId}/limits",
      operationId: "getLimits",
      tag: "Account",
      summary: "The limits that bind, and whose figures they are",
      scopes: ["account:read"],
      responses: { 200: answers(LimitsBody, "The limits.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const { profile } = await c.env.ACCOUNT.getByName(c.var.accountId).state();
      return profile === null ? problem(c, "ACCOUNT_NOT_FOUND") : c.json(limitsBody(profile), 200);
    },
  );
  openAccountRoute(
    app,
    {
      method: "put",
      path: "/v1/account/limits",
      namedPath: "/v1/accounts/{accountId}/own-limits",
      operationId: "lowerLimits",
      tag: "Account",
      summary: "Lower one's own limits",
      description:
        "What is left out stays as it is. A lowered limit holds at once: entries under way that no longer fit are canceled.",
      scopes: ["limits:write"],
      request: { body: takes(LimitsIn) },
      responses: { 200: answers(Outcome, "Lowered.") },
      errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN", "LIMIT_LOCKED", "LIMIT_RAISE_NOT_ALLOWED"],
    },
    async (c) => {
      const by = { by: "USER", actor: c.var.principal.keyId } as const;
      const done = await c.env.ACCOUNT.getByName(c.var.accountId).changeLimits(limitsOf(c.req.valid("json")), by);
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
}

function openOverrides(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "put",
      path: "/v1/accounts/{accountId}/overrides",
      operationId: "overrideLimits",
      tag: "Operations",
      summary: "Set the operator's own figures beside the user's",
      description: "The whole set: what is left out is no longer overridden. The strictest of both binds.",
      scopes: ["accounts:write"],
      request: { params: Params, body: takes(LimitsIn) },
      responses: { 200: answers(Outcome, "Set.") },
      errors: [...OPERATOR_ERRORS],
    },
    async (c) => {
      const overrides = limitsOf(c.req.valid("json"));
      const done = await c.env.ACCOUNT.getByName(c.req.valid("param").accountId).changeLimits(
        {},
        { overrides, by: "OPERATOR", actor: c.var.principal.keyId },
      );
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
}

function openLocksAndCapital(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "put",
      path: "/v1/accounts/{accountId}/locks",
      operationId: "lockLimits",
      tag: "Operations",
      summary: "Lock or unlock fields of an account",
      description: "What is locked is edited by nobody; unlocking and editing are two steps.",
      scopes: ["accounts:write"],
      request: { params: Params, body: takes(Locks) },
      responses: { 200: answers(Outcome, "Set.") },
      errors: [...OPERATOR_ERRORS],
    },
    async (c) => {
      const done = await c.env.ACCOUNT.getByName(c.req.valid("param").accountId).changeLimits(
        {},
        { locks: c.req.valid("json"), by: "OPERATOR", actor: c.var.principal.keyId },
      );
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
  openRoute(
    app,
    {
      method: "put",
      path: "/v1/accounts/{accountId}/capital",
      operationId: "setCapital",
      tag: "Operations",
      summary: "Set an account's capital",
      description: "Within the category's range; refused while the capital is locked.",
      scopes: ["accounts:write"],
      request: { params: Params, body: takes(z.strictObject({ capital: PositiveRupeesIn }).openapi("CapitalIn")) },
      responses: { 200: answers(Outcome, "Set.") },
      errors: [...OPERATOR_ERRORS],
    },
    async (c) => {
      const done = await c.env.ACCOUNT.getByName(c.req.valid("param").accountId).changeLimits(
        {},
        { capitalPaise: c.req.valid("json").capital, by: "OPERATOR", actor: c.var.principal.keyId },
      );
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
}

function openKyc(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "put",
      path: "/v1/accounts/{accountId}/kyc",
      operationId: "setKyc",
      tag: "Operations",
      summary: "Set an account's KYC state",
      description: "Only VERIFIED opens positions; entries under way are canceled when it is withdrawn.",
      scopes: ["accounts:write"],
      request: { params: Params, body: takes(KycIn) },
      responses: { 200: answers(Outcome, "Set.") },
      errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN"],
    },
    async (c) => {
      const { state, pan, reason } = c.req.valid("json");
      const holder = pan === undefined ? null : holderOfPan(pan);
      const done = await c.env.ACCOUNT.getByName(c.req.valid("param").accountId).changeKyc(
        {
          state,
          source: "OPERATOR",
          ...(pan === undefined || holder === null ? {} : { panMasked: maskPan(pan), panHolder: holder }),
          ...(reason === undefined ? {} : { reason }),
        },
        c.var.principal.keyId,
      );
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
}
