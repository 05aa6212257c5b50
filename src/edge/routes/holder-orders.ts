// One order over the accounts of a holder. The shares are decided once and kept before anything is sent; every part is an order of
// its own account with an id of its own, checked there like any other. Sending the same id again shares nothing anew and goes on
// with what had not arrived, but for accounts that have left the holder since.
import * as z from "zod";
import {
  type AllocationRow,
  findAllocation,
  findHolder,
  keepAllocation,
  linkedAccounts,
} from "../../adapters/read-models/holders.ts";
import { contractOfOrder, findOrderOrParent } from "../../core/account/lists.ts";
import type { AccountState } from "../../core/account/state.ts";
import type { OptionContract } from "../../core/instrument/contract.ts";
import { ZERO_PAISE } from "../../core/kernel/money.ts";
import { canonicalJson } from "../../core/ledger/hash-chain.ts";
import type { ClientOrderId } from "../../core/order/order.ts";
import { ALLOCATION_METHODS, type AllocatedPart, allocateLots } from "../../core/portfolio/allocation.ts";
import type { AppEnv } from "../../env.ts";
import { contractFor } from "../contracts.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import type { EdgeContext } from "../edge-env.ts";
import { OrderBody, orderBody } from "../order-body.ts";
import { problem } from "../problem.ts";
import { InstrumentIdIn, PriceIn, Side } from "../schemas.ts";
import { HolderParams, isOperator } from "./holders.ts";

/** Shorter than other ids: "-A1" comes after it. */
const HOLDER_ORDER_ID = /^[A-Za-z0-9._:-]{1,60}$/;

const HolderOrder = z
  .strictObject({
    clientOrderId: z.string().regex(HOLDER_ORDER_ID, "1 to 60 characters out of A-Z a-z 0-9 . _ : -"),
    instrumentId: InstrumentIdIn,
    side: Side,
    type: z.enum(["MARKET", "LIMIT"]),
    timeInForce: z.enum(["DAY", "IOC"]).default("DAY"),
    quantityLots: z.number().int().min(1).max(100_000).openapi({ description: "Over all accounts." }),
    limitPrice: PriceIn.optional(),
    allocation: z.enum(ALLOCATION_METHODS).default("EQUAL"),
  })
  .superRefine((body, ctx) => {
    if ((body.type === "LIMIT") !== (body.limitPrice !== undefined)) {
      ctx.addIssue({ code: "custom", path: ["limitPrice"], message: "given for LIMIT, absent for MARKET" });
    }
  })
  .openapi("HolderOrder");
type HolderOrder = z.infer<typeof HolderOrder>;

const PartBody = z
  .object({
    accountId: z.string(),
    clientOrderId: z.string(),
    lots: z.number().int(),
    outcome: z.enum(["SUBMITTED", "REPLAYED", "DENIED", "REFUSED", "FAILED", "NO_LOTS", "NOT_LINKED"]).openapi({
      description:
        "FAILED: the account gave no answer; sending the same id again goes on with it. NOT_LINKED: the account has left the holder since, or is not active; nothing was sent to it now, and `order` is what it was sent before.",
    }),
    order: OrderBody.nullable(),
    code: z.string().nullable(),
    detail: z.string().nullable(),
  })
  .openapi("AllocatedOrder");

type PartBody = z.infer<typeof PartBody>;
const NOTHING_SENT: readonly PartBody["outcome"][] = ["REPLAYED", "NO_LOTS", "NOT_LINKED"];

const AllocationBody = z
  .object({ clientOrderId: z.string(), allocation: z.enum(ALLOCATION_METHODS), orders: z.array(PartBody) })
  .openapi("Allocation");

export function openHolderOrders(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/holders/{holderId}/orders",
      operationId: "submitHolderOrder",
      tag: "Portfolio",
      summary: "Share one order out over a holder's accounts",
      description:
        "Whole lots, equally or by capital, the largest remainders first. One account's denial leaves the others' orders as they are.",
      scopes: ["orders:write", "accounts:write"],
      request: { params: HolderParams, body: takes(HolderOrder) },
      responses: {
        201: answers(AllocationBody, "Shared out; `outcome` says what became of each part."),
        200: answers(AllocationBody, "Shared out before, and nothing was done again."),
      },
      errors: ["HOLDER_NOT_FOUND", "HOLDER_HAS_NO_ACCOUNT", "ALLOCATION_REUSED", "INSTRUMENT_UNKNOWN", "DAY_NOT_OPEN"],
    },
    async (c) => {
      const { holderId } = c.req.valid("param");
      const body = c.req.valid("json");
      if (!isOperator(c) || (await findHolder(c.env.DB, holderId)) === null) return problem(c, "HOLDER_NOT_FOUND");
      const accounts = await activeAccounts(c, holderId);
      const date = accounts
        .map(({ state }) => state.day?.date ?? "")
        .reduce((left, right) => (left > right ? left : right), "");
      const contract =
        (await contractFor(c.env, body.instrumentId)) ?? (await sentContract(c.env, { holderId, date }, body));
      if (contract === null) return problem(c, "INSTRUMENT_UNKNOWN");
      if (accounts.length === 0) return problem(c, "HOLDER_HAS_NO_ACCOUNT");
      if (date === "") return problem(c, "DAY_NOT_OPEN");
      const kept = await allocationOf(c.env, { holderId, date }, body, accounts);
      if (kept === null) return problem(c, "ALLOCATION_REUSED");
      const orders = await Promise.all(
        partsOf(kept).map((part) =>
          accounts.some(({ accountId }) => accountId === part.accountId)
            ? submitPart(c.env, part, body, contract)
            : leftPart(c.env, part),
        ),
      );
      const isNew = orders.some(({ outcome }) => !NOTHING_SENT.includes(outcome));
      return c.json({ clientOrderId: body.clientOrderId, allocation: body.allocation, orders }, isNew ? 201 : 200);
    },
  );
}

interface LinkedAccount {
  readonly accountId: string;
  readonly state: AccountState;
}

/** Those that take part in the day. */
async function activeAccounts(c: EdgeContext, holderId: string): Promise<LinkedAccount[]> {
  const linked = await linkedAccounts(c.env.DB, holderId);
  const found = await Promise.all(
    linked
      .filter(({ status }) => status === "ACTIVE")
      .map(async ({ accountId }) => ({ accountId, state: await c.env.ACCOUNT.getByName(accountId).state() })),
  );
  return found.filter(({ state }) => state.profile !== null);
}

/** What nobody quotes any more may be the contract of parts that were sent before; null where it is not. */
async function sentContract(
  env: AppEnv,
  { holderId, date }: Pick<AllocationRow, "holderId" | "date">,
  { clientOrderId, instrumentId }: HolderOrder,
): Promise<OptionContract | null> {
  const kept = await findAllocation(env.DB, holderId, date, clientOrderId);
  const found = await Promise.all(
    partsOf(kept).map(async (part) => {
      const id = part.clientOrderId as ClientOrderId;
      return contractOfOrder(await env.ACCOUNT.getByName(part.accountId).state(), { clientOrderId: id, instrumentId });
    }),
  );
  return found.find((contract) => contract !== null) ?? null;
}

const partsOf = (kept: AllocationRow | null): readonly AllocatedPart[] =>
  kept === null ? [] : (JSON.parse(kept.parts) as readonly AllocatedPart[]);

/** The shares that stand for this id, or null when it was used with other terms. */
async function allocationOf(
  env: AppEnv,
  { holderId, date }: Pick<AllocationRow, "holderId" | "date">,
  body: HolderOrder,
  accounts: readonly LinkedAccount[],
): Promise<AllocationRow | null> {
  const request = canonicalJson({ ...body, limitPrice: body.limitPrice ?? null });
  const { clientOrderId, quantityLots, allocation } = body;
  const capitals = accounts.map(({ accountId, state }) => ({
    accountId,
    capitalPaise: state.profile?.capitalPaise ?? ZERO_PAISE,
  }));
  const kept =
    (await findAllocation(env.DB, holderId, date, clientOrderId)) ??
    (await keepAllocation(env.DB, {
      holderId,
      date,
      clientOrderId,
      request,
      parts: JSON.stringify(allocateLots(clientOrderId, quantityLots, capitals, allocation)),
      createdAtMs: Date.now(),
    }));
  return kept.request === request ? kept : null;
}

/** Of an account that takes no part any more: what it was sent before, and nothing else. */
async function leftPart(env: AppEnv, { accountId, clientOrderId, lots }: AllocatedPart): Promise<PartBody> {
  const base = { accountId, clientOrderId, lots, code: null };
  if (lots === 0) return { ...base, outcome: "NO_LOTS", order: null, detail: null };
  try {
    const sent = findOrderOrParent(await env.ACCOUNT.getByName(accountId).state(), clientOrderId);
    const order = sent === null ? null : orderBody(sent);
    return {
      ...base,
      outcome: "NOT_LINKED",
      order,
      detail: `${accountId} is no active account of the holder any more`,
    };
  } catch (error) {
    return noAnswer({ accountId, clientOrderId, lots }, error);
  }
}

async function submitPart(
  env: AppEnv,
  part: AllocatedPart,
  body: HolderOrder,
  contract: OptionContract,
): Promise<PartBody> {
  const { accountId, clientOrderId, lots } = part;
  const base = { accountId, clientOrderId, lots, order: null, code: null, detail: null };
  if (lots === 0) return { ...base, outcome: "NO_LOTS" };
  try {
    const done = await env.ACCOUNT.getByName(accountId).submitOrder({
      clientOrderId: clientOrderId as ClientOrderId,
      contract,
      side: body.side,
      type: body.type,
      timeInForce: body.timeInForce,
      product: "INTRADAY",
      quantityUnits: lots * contract.lotSize,
      limitPricePaise: body.limitPrice ?? null,
    });
    if (!done.ok) return { ...base, outcome: "REFUSED", code: done.error.code, detail: done.error.detail };
    const { order, denial, replayed } = done.value;
    if (denial !== null) {
      return { ...base, outcome: "DENIED", order: orderBody(order), code: denial.code, detail: denial.detail };
    }
    return { ...base, outcome: replayed ? "REPLAYED" : "SUBMITTED", order: orderBody(order) };
  } catch (error) {
    return noAnswer(part, error);
  }
}

/** The other parts are on their way already; this one is found again under its id. */
function noAnswer({ accountId, clientOrderId, lots }: AllocatedPart, error: unknown): PartBody {
  console.error(JSON.stringify({ at: "holder-orders", accountId, clientOrderId, error: String(error) }));
  const detail = "the account gave no answer; send the same id again";
  return { accountId, clientOrderId, lots, order: null, code: null, outcome: "FAILED", detail };
}
