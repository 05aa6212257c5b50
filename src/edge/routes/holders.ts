// Holders and their linked accounts (C-27), for the operator: how many there may be, which they are, who changed it and why; and the
// accounts of one holder seen together.
import * as z from "zod";
import { accountExists } from "../../adapters/read-models/accounts.ts";
import {
  findHolder,
  type HolderChangeRow,
  type HolderRow,
  holderHistory,
  linkAccount,
  linkedAccounts,
  saveHolder,
  unlinkAccount,
} from "../../adapters/read-models/holders.ts";
import { isCategory } from "../../core/account/profile.ts";
import { subtractPaise } from "../../core/kernel/money.ts";
import { type AccountPortfolio, clubbed } from "../../core/portfolio/clubbed.ts";
import { LINKED_ACCOUNTS_MAX, linkedAccountsMax } from "../../core/portfolio/holder.ts";
import { accountBook } from "../account-book.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import type { EdgeContext } from "../edge-env.ts";
import { pricedPositions, summaryOf } from "../portfolio-body.ts";
import { problem } from "../problem.ts";
import { AccountId, CategoryName, Instant, instant, Rupees, rupees, rupeesOrNull } from "../schemas.ts";

export const HolderParams = z.object({
  holderId: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/, "1 to 32 characters out of A-Z a-z 0-9 _ -"),
});
const LinkParams = HolderParams.extend({ accountId: AccountId });
const Reason = z.string().trim().min(1).max(200);

const SaveHolder = z
  .strictObject({
    displayName: z.string().trim().min(1).max(80),
    category: CategoryName,
    accountsMax: z
      .number()
      .int()
      .min(1)
      .max(LINKED_ACCOUNTS_MAX)
      .nullable()
      .default(null)
      .openapi({ description: "Another number of linked accounts than the category's; null for the category's." }),
    reason: Reason,
  })
  .openapi("SaveHolder");
const Because = z.strictObject({ reason: Reason }).openapi("Because");

const HolderBody = z
  .object({
    holderId: z.string(),
    displayName: z.string(),
    category: z.string(),
    accountsMax: z.number().int().openapi({ description: "How many there may be." }),
    isOverridden: z.boolean(),
    accountIds: z.array(z.string()),
    changes: z.array(
      z.object({ at: Instant, by: z.string(), action: z.string(), detail: z.string(), reason: z.string() }),
    ),
  })
  .openapi("Holder");

const Sums = {
  capital: Rupees,
  cash: Rupees,
  realised: Rupees,
  charges: Rupees,
  unrealised: Rupees,
  net: Rupees,
};

const ClubbedBody = z
  .object({
    holderId: z.string(),
    ...Sums,
    positions: z.array(
      z.object({
        instrumentId: z.string(),
        underlying: z.string(),
        netUnits: z.number().int(),
        cost: Rupees,
        unrealised: Rupees.nullable(),
        accounts: z.array(z.object({ accountId: z.string(), netUnits: z.number().int() })),
      }),
    ),
    accounts: z.array(z.object({ accountId: z.string(), ...Sums, positions: z.number().int() })),
  })
  .openapi("ClubbedPortfolio");

export function openHolders(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "put",
      path: "/v1/holders/{holderId}",
      operationId: "saveHolder",
      tag: "Portfolio",
      summary: "Open a holder, or change how many accounts may be linked",
      scopes: ["accounts:write"],
      request: { params: HolderParams, body: takes(SaveHolder) },
      responses: { 200: answers(HolderBody, "As it is now, with everything that was changed.") },
    },
    async (c) => {
      const { holderId } = c.req.valid("param");
      const { displayName, category, accountsMax, reason } = c.req.valid("json");
      const row: HolderRow = { holderId, displayName, category, accountsMax, createdAtMs: Date.now() };
      await saveHolder(c.env.DB, row, authorOf(c, reason));
      return c.json(await holderBody(c, row), 200);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/holders/{holderId}",
      operationId: "getHolder",
      tag: "Portfolio",
      summary: "A holder, the linked accounts and every change",
      scopes: ["operations:read"],
      request: { params: HolderParams },
      responses: { 200: answers(HolderBody, "The holder.") },
      errors: ["HOLDER_NOT_FOUND"],
    },
    async (c) => {
      const holder = await findHolder(c.env.DB, c.req.valid("param").holderId);
      return holder === null ? problem(c, "HOLDER_NOT_FOUND") : c.json(await holderBody(c, holder), 200);
    },
  );
  openLinks(app);
  openClubbed(app);
}

function openLinks(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "put",
      path: "/v1/holders/{holderId}/accounts/{accountId}",
      operationId: "linkAccount",
      tag: "Portfolio",
      summary: "Link an account to a holder",
      scopes: ["accounts:write"],
      request: { params: LinkParams, body: takes(Because) },
      responses: { 200: answers(HolderBody, "Linked, or linked before.") },
      errors: ["HOLDER_NOT_FOUND", "ACCOUNT_NOT_FOUND", "ACCOUNT_NOT_LINKABLE", "LIMIT_LOCKED"],
    },
    async (c) => {
      const { holderId, accountId } = c.req.valid("param");
      const holder = await findHolder(c.env.DB, holderId);
      if (holder === null) return problem(c, "HOLDER_NOT_FOUND");
      if (!(await accountExists(c.env.DB, accountId))) return problem(c, "ACCOUNT_NOT_FOUND");
      if (await isLocked(c, accountId)) return locked(c);
      const max = accountsMaxOf(holder);
      const author = authorOf(c, c.req.valid("json").reason);
      if (await linkAccount(c.env.DB, holderId, accountId, max, author))
        return c.json(await holderBody(c, holder), 200);
      const linked = await linkedAccounts(c.env.DB, holderId);
      return problem(c, "ACCOUNT_NOT_LINKABLE", {
        errors: [
          {
            field: "accountId",
            message: linked.length >= max ? "as many accounts are linked as may be" : "linked to another holder",
            limit: max,
            value: linked.length,
            unit: "ACCOUNTS",
          },
        ],
      });
    },
  );
  openRoute(
    app,
    {
      method: "delete",
      path: "/v1/holders/{holderId}/accounts/{accountId}",
      operationId: "unlinkAccount",
      tag: "Portfolio",
      summary: "Take an account from a holder",
      scopes: ["accounts:write"],
      request: { params: LinkParams, query: z.object({ reason: Reason }) },
      responses: { 200: answers(HolderBody, "Taken.") },
      errors: ["HOLDER_NOT_FOUND", "ACCOUNT_NOT_FOUND", "LIMIT_LOCKED"],
    },
    async (c) => {
      const { holderId, accountId } = c.req.valid("param");
      const holder = await findHolder(c.env.DB, holderId);
      if (holder === null) return problem(c, "HOLDER_NOT_FOUND");
      if (await isLocked(c, accountId)) return locked(c);
      const done = await unlinkAccount(c.env.DB, holderId, accountId, authorOf(c, c.req.valid("query").reason));
      return done ? c.json(await holderBody(c, holder), 200) : problem(c, "ACCOUNT_NOT_FOUND");
    },
  );
}

/** An account whose `accounts` are locked stays with the holder it has, or with none (U-01). */
async function isLocked(c: EdgeContext, accountId: string): Promise<boolean> {
  const { profile } = await c.env.ACCOUNT.getByName(accountId).state();
  return profile?.locks?.accounts === true;
}

const locked = (c: EdgeContext) =>
  problem(c, "LIMIT_LOCKED", { detail: "the linked accounts are locked; an operator must unlock accounts first" });

function openClubbed(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/holders/{holderId}/portfolio",
      operationId: "getHolderPortfolio",
      tag: "Portfolio",
      summary: "The accounts of a holder seen together",
      description: "Sums for the eye: cash, positions and limits stay with their accounts.",
      scopes: ["operations:read"],
      request: { params: HolderParams },
      responses: { 200: answers(ClubbedBody, "At this moment of the session.") },
      errors: ["HOLDER_NOT_FOUND"],
    },
    async (c) => {
      const { holderId } = c.req.valid("param");
      if (!isOperator(c) || (await findHolder(c.env.DB, holderId)) === null) return problem(c, "HOLDER_NOT_FOUND");
      const linked = await linkedAccounts(c.env.DB, holderId);
      const books = await Promise.all(
        linked.map(async ({ accountId }) => ({ accountId, book: await accountBook(c.env, accountId) })),
      );
      const summaries = books.flatMap(({ accountId, book }) =>
        book === null ? [] : [summaryOf(book, accountId, pricedPositions(book))],
      );
      const all = clubbed(summaries);
      return c.json(
        {
          holderId,
          ...sumsBody(all),
          positions: all.positions.map(({ costPaise, unrealisedPaise, accounts, ...position }) => ({
            ...position,
            cost: rupees(costPaise),
            unrealised: rupeesOrNull(unrealisedPaise),
            accounts: [...accounts],
          })),
          accounts: summaries.map((one) => ({
            accountId: one.accountId,
            ...sumsBody(one),
            positions: one.positions.length,
          })),
        },
        200,
      );
    },
  );
}

/** No key but the operator's reaches accounts beyond its own. */
export const isOperator = (c: EdgeContext): boolean => c.var.principal.kind === "OPERATOR";

const sumsBody = (sums: Omit<AccountPortfolio, "accountId" | "positions">) => ({
  capital: rupees(sums.capitalPaise),
  cash: rupees(sums.cashPaise),
  realised: rupees(sums.realisedPaise),
  charges: rupees(sums.chargesPaise),
  unrealised: rupees(sums.unrealisedPaise),
  net: rupees(subtractPaise(sums.realisedPaise, sums.chargesPaise) + sums.unrealisedPaise),
});

const authorOf = (c: EdgeContext, reason: string) => ({
  changedBy: c.var.principal.keyId,
  reason,
  atMs: Date.now(),
});

/** A category nobody knows any more is given the least. */
const accountsMaxOf = ({ category, accountsMax }: HolderRow): number =>
  linkedAccountsMax(isCategory(category) ? category : "NGD", accountsMax);

async function holderBody(c: EdgeContext, holder: HolderRow): Promise<z.infer<typeof HolderBody>> {
  const { holderId, displayName, category, accountsMax } = holder;
  const [linked, changes] = await Promise.all([linkedAccounts(c.env.DB, holderId), holderHistory(c.env.DB, holderId)]);
  return {
    holderId,
    displayName,
    category,
    accountsMax: accountsMaxOf(holder),
    isOverridden: accountsMax !== null,
    accountIds: linked.map(({ accountId }) => accountId),
    changes: changes.map(changeBody),
  };
}

const changeBody = ({ atMs, changedBy, action, detail, reason }: HolderChangeRow) => ({
  at: instant(atMs),
  by: changedBy,
  action,
  detail,
  reason,
});
