// Opening accounts and setting their limits: the operator's side.
import * as z from "zod";
import { addAccount, listAccounts } from "../../adapters/read-models/accounts.ts";
import { capitalRangeOf, defaultLimits } from "../../core/account/category.ts";
import type { AccountProfile } from "../../core/account/profile.ts";
import { formatRupees } from "../../core/kernel/money.ts";
import { type EpochMs, epochMs, istDateOf, istInstant, marketDate } from "../../core/kernel/time.ts";
import type { AppEnv } from "../../env.ts";
import { AccountBody } from "../account-body.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { LimitsPatchIn, patchOf } from "../limits-body.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem, refusal } from "../problem.ts";
import {
  AccountId,
  CategoryName,
  Instant,
  instant,
  MarketDateIn,
  NonNegativeRupeesIn,
  Paging,
  PositiveRupeesIn,
  pageOf,
  UnderlyingName,
} from "../schemas.ts";

const Limits = z
  .strictObject({
    tradesPerDayMax: z.number().int().min(0).max(1_000_000),
    tradesPerCycleMax: z.number().int().min(0).max(1_000_000),
    openTradesMax: z.number().int().min(0).max(1_000),
    dailyLossMax: NonNegativeRupeesIn,
    orderValueMax: NonNegativeRupeesIn,
    allowedUnderlyings: z.array(UnderlyingName).max(3),
  })
  .openapi("AccountLimits");

const OpenAccount = z
  .strictObject({
    accountId: AccountId,
    displayName: z.string().trim().min(1).max(80),
    category: CategoryName,
    capital: PositiveRupeesIn.openapi({
      description: "What PULL tops the trading account up to, within the category's range; ₹15,00,000 at most.",
    }),
    savings: NonNegativeRupeesIn.openapi({ description: "Simulated balance of the savings account." }),
    activatedOn: MarketDateIn.optional().openapi({ description: "Decides fee waivers that run from activation." }),
    feeSchedule: z.enum(["v9", "beta-2025"]).default("v9"),
    limits: Limits.optional(),
  })
  .superRefine(({ category, capital }, ctx) => {
    const { minPaise, maxPaise } = capitalRangeOf(category);
    if (capital >= minPaise && capital <= maxPaise) return;
    const message = `${category} begins with ${formatRupees(minPaise)} to ${formatRupees(maxPaise)}`;
    ctx.addIssue({ code: "custom", path: ["capital"], message });
  })
  .openapi("OpenAccount");

const AccountListed = z
  .object({
    accountId: z.string(),
    displayName: z.string(),
    category: z.string(),
    status: z.string(),
    holderId: z.string().nullable(),
    createdAt: Instant,
  })
  .openapi("AccountListed");

const Outcome = z.object({ sequence: z.number().int(), replayed: z.boolean() });

/** Recorded sessions lie in the past, so an account of a replay has to be older than all of them, and always equally old. */
const REPLAY_ACTIVATED_ON = marketDate("2020-01-01");

export function openAccounts(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/accounts",
      operationId: "openAccount",
      tag: "Operations",
      summary: "Open an account",
      description: "Opening it again with the same terms does nothing; with other terms it is refused.",
      scopes: ["accounts:write"],
      request: { body: takes(OpenAccount) },
      responses: {
        201: answers(AccountBody, "Opened."),
        200: answers(AccountBody, "Opened before with the same terms; nothing was done again."),
      },
      errors: ["ACCOUNT_EXISTS", "ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN"],
    },
    async (c) => {
      const profile = profileOf(c.req.valid("json"), c.env);
      const account = c.env.ACCOUNT.getByName(profile.accountId);
      const atMs = openedAtMs(profile, c.env);
      const opened = await account.open(profile, atMs);
      const view = await account.view();
      if (view !== null) {
        // Also when it was open before: an earlier attempt may have ended between the object and this row.
        const { accountId, displayName, category } = view;
        await addAccount(c.env.DB, {
          accountId,
          displayName,
          category,
          status: "ACTIVE",
          createdAtMs: atMs,
          holderId: null,
        });
      }
      if (!opened.ok) return refusal(c, opened.error);
      return view === null ? problem(c, "ACCOUNT_NOT_FOUND") : c.json(view, opened.value.replayed ? 200 : 201);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/accounts",
      operationId: "listAccounts",
      tag: "Operations",
      summary: "All accounts",
      scopes: ["operations:read"],
      request: { query: Paging },
      responses: { 200: answers(pageOf(AccountListed), "A page of accounts, by id.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const page = pageRequest(c.req.valid("query"), ["string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      const rows = await listAccounts(c.env.DB, page);
      return c.json(
        pageBody(c, rows, ({ createdAtMs, ...row }) => ({ ...row, createdAt: instant(createdAtMs) })),
        200,
      );
    },
  );
  openRoute(
    app,
    {
      method: "put",
      path: "/v1/accounts/{accountId}/limits",
      operationId: "changeLimits",
      tag: "Operations",
      summary: "Set an account's limits",
      description:
        "The user's own figures, raised or lowered; what is left out stays as it is, and null lifts one that need not be there.",
      scopes: ["accounts:write"],
      request: { params: z.object({ accountId: AccountId }), body: takes(LimitsPatchIn) },
      responses: { 200: answers(Outcome, "Set.") },
      errors: ["ACCOUNT_NOT_FOUND", "ACCOUNT_FROZEN", "LIMIT_LOCKED", "LIMIT_OUT_OF_RANGE"],
    },
    async (c) => {
      const by = { by: "OPERATOR", actor: c.var.principal.keyId } as const;
      const account = c.env.ACCOUNT.getByName(c.req.valid("param").accountId);
      const done = await account.changeLimits(patchOf(c.req.valid("json")), by);
      return done.ok ? c.json(done.value, 200) : refusal(c, done.error);
    },
  );
}

function profileOf(body: z.infer<typeof OpenAccount>, env: AppEnv): AccountProfile {
  const { limits } = body;
  const activatedOn = body.activatedOn ?? (env.TRADING_MODE === "REPLAY" ? REPLAY_ACTIVATED_ON : istDateOf(wallMs()));
  return {
    accountId: body.accountId,
    displayName: body.displayName,
    category: body.category,
    capitalPaise: body.capital,
    savingsPaise: body.savings,
    activatedOn,
    feeSchedule: body.feeSchedule,
    // Behind an account of a replay stands nobody real; any other waits for a person's yes.
    kyc: {
      state: env.TRADING_MODE === "REPLAY" ? "VERIFIED" : "PENDING",
      source: "SEED",
      changedAtMs: istInstant(activatedOn, "00:00"),
    },
    limits:
      limits === undefined
        ? defaultLimits(body.category, body.capital)
        : {
            tradesPerDayMax: limits.tradesPerDayMax,
            tradesPerCycleMax: limits.tradesPerCycleMax,
            openTradesMax: limits.openTradesMax,
            dailyLossMaxPaise: limits.dailyLossMax,
            orderValueMaxPaise: limits.orderValueMax,
            allowedUnderlyings: limits.allowedUnderlyings,
          },
  };
}

/** In replay an account begins on the day it was activated, so that the same account always has the same history. */
const openedAtMs = (profile: AccountProfile, env: AppEnv): EpochMs =>
  env.TRADING_MODE === "REPLAY" ? istInstant(profile.activatedOn, "00:00") : wallMs();

const wallMs = (): EpochMs => epochMs(Date.now());
