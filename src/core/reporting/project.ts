// What one journal entry means for everybody outside the account: read-model rows, ledger entries, notices. A pure function of
// the journal, so that D1 can be thrown away, made again, and compared.
import type { AccountEvent, JournalEntry } from "../account/event.ts";
import { findOrderOrParent } from "../account/lists.ts";
import type { AccountState } from "../account/state.ts";
import type { Transfer } from "../funds/transfer.ts";
import { required } from "../kernel/assert.ts";
import { ZERO_PAISE } from "../kernel/money.ts";
import { bookingDate } from "../ledger/booking-date.ts";
import type { LedgerEntry } from "../ledger/entry.ts";
import { canonicalJson } from "../ledger/hash-chain.ts";
import { postingsOf } from "../ledger/posting-rules.ts";
import type { Order } from "../order/order.ts";
import { applyFill, openedNowhere } from "../position/position.ts";
import { dailyReport } from "./daily-report.ts";
import { haltProofRows } from "./halt-proofs.ts";
import { noticesOf } from "./notices.ts";
import type { Notification } from "./notification.ts";
import { orderCheckRows } from "./order-checks.ts";
import { type Frame, listRows, orderIn, orderRow, orderRows } from "./order-rows.ts";
import type {
  OrderRow,
  PositionRow,
  ReadModelRow,
  ReconciliationRow,
  ReportRow,
  SettlementRow,
  TradeRow,
  TransferRow,
} from "./projection.ts";

export { finalRows, projectionHash } from "./final-rows.ts";

export interface Consequences {
  readonly rows: readonly ReadModelRow[];
  readonly entries: readonly LedgerEntry[];
  /** At most one. */
  readonly notifications: readonly Notification[];
}

/** `before` and `after` are the account's states around the entry. */
export function projectEvent(before: AccountState, entry: JournalEntry, after: AccountState): Consequences {
  return {
    rows: rowsOf(before, entry, after),
    entries: postingsOf(before, entry.event, entry.sequence),
    notifications: noticesOf(before, entry, after),
  };
}

function rowsOf(before: AccountState, entry: JournalEntry, after: AccountState): ReadModelRow[] {
  const { event, sequence } = entry;
  switch (event.type) {
    case "ORDER_DENIED":
      return [
        ...deniedRows(before, event, orderFrameOf(after, entry)),
        ...orderCheckRows(before, event, orderFrameOf(after, entry)),
      ];
    case "ORDER_SUBMITTED":
      return [
        ...orderRows(after, event.terms.clientOrderId, orderFrameOf(after, entry)),
        ...orderCheckRows(before, event, orderFrameOf(after, entry)),
      ];
    case "LIST_SUBMITTED":
      return listRows(before, after, event.terms.listId, orderFrameOf(after, entry));
    case "LIST_DENIED":
      return [
        ...listRows(before, after, event.terms.listId, orderFrameOf(after, entry)),
        ...orderCheckRows(before, event, orderFrameOf(after, entry)),
      ];
    case "REPLACE_DENIED":
      return orderCheckRows(before, event, orderFrameOf(after, entry));
    case "REPLACE_REQUESTED":
      return [
        ...orderRows(after, event.clientOrderId, orderFrameOf(after, entry)),
        ...orderCheckRows(before, event, orderFrameOf(after, entry)),
      ];
    case "LIST_MOVED":
      return listRows(before, after, event.listId, orderFrameOf(after, entry));
    case "ORDER_ACCEPTED":
    case "ORDER_REJECTED":
    case "ORDER_CANCELED":
    case "ORDER_EXPIRED":
    case "ORDER_TRIGGERED":
    case "ORDER_REPLACED":
    case "REPLACE_REJECTED":
    case "ORDER_OUTCOME_UNKNOWN":
    case "CANCEL_REQUESTED":
    case "CANCEL_REJECTED":
      return orderRows(after, event.clientOrderId, orderFrameOf(after, entry));
    case "ORDER_FILLED": {
      const order = orderIn(after, event.clientOrderId);
      const frame = frameOf(after, entry);
      return [
        ...orderRows(after, order.clientOrderId, orderFrameOf(after, entry)),
        tradeRow(order, event, frame),
        positionRow(before, order, event, frame),
      ];
    }
    case "TRANSFER_REQUESTED":
      return [transferRow(transferIn(after, event.transfer.transferId), frameOf(after, entry))];
    case "TRANSFER_UPDATED":
      return [transferRow(transferIn(after, event.transferId), frameOf(after, entry))];
    case "DAY_SETTLED":
    case "SETTLEMENT_FINALISED":
      return [settlementRow(event, frameOf(after, entry))];
    case "BREAKER_TRIPPED":
    case "BREAKER_RESET":
    case "FLAT_PROVEN":
    case "FLAT_NOT_PROVEN":
      return [...haltProofRows(before, event, after, frameOf(after, entry))];
    case "RECONCILED":
      return [reconciliationRow(event, frameOf(after, entry))];
    case "DAY_CLOSED":
      return [reportRow(before, event, sequence, entry.hash)];
    default:
      return [];
  }
}

const frameOf = (after: AccountState, { event, sequence }: JournalEntry): Frame => ({
  accountId: required(after.profile, "an open account").accountId,
  sequence,
  date: bookingDate(after, event.atMs),
});

/** An order belongs to the day it was made on, whenever something happens to it. */
const orderFrameOf = (after: AccountState, entry: JournalEntry): Frame => ({
  ...frameOf(after, entry),
  date: required(after.day, "a day").date,
});

const transferIn = (state: AccountState, id: string): Transfer => required(state.transfers[id], `transfer ${id}`);

type Event<Type extends AccountEvent["type"]> = Extract<AccountEvent, { readonly type: Type }>;

/** A denied order is a row of its own; a denial for reusing an id must not cover the order or parent that has it. */
function deniedRows(before: AccountState, { terms, denial, atMs }: Event<"ORDER_DENIED">, frame: Frame): OrderRow[] {
  if (findOrderOrParent(before, terms.clientOrderId) !== null) return [];
  const order: Order = {
    ...terms,
    status: "DENIED",
    filledUnits: 0,
    filledValuePaise: ZERO_PAISE,
    reservedPaise: ZERO_PAISE,
    venueOrderId: null,
    denial,
    rejectReason: null,
    createdAtMs: atMs,
    updatedAtMs: atMs,
  };
  return [orderRow(order, frame)];
}

const tradeRow = (order: Order, event: Event<"ORDER_FILLED">, frame: Frame): TradeRow => ({
  table: "trades",
  ...frame,
  executionId: event.fill.executionId,
  clientOrderId: order.clientOrderId,
  instrumentId: order.contract.instrumentId,
  underlying: order.contract.underlying,
  side: order.side,
  purpose: order.purpose,
  units: event.fill.units,
  pricePaise: event.fill.pricePaise,
  realisedPaise: event.realisedPaise,
  accruedChargesPaise: event.accruedChargesPaise,
  modelled: event.fill.modelled,
  // Who traded: an instance of a strategy, the platform's own, a guardrail, or somebody through the API.
  strategy: order.strategyId ?? order.origin,
  signalId: order.signalId,
  exitReason: order.exitReason,
  atMs: event.fill.atMs,
  optionType: order.contract.optionType,
  strikePaise: order.contract.strikePaise,
  expiry: order.contract.expiry,
  ...legOf(order),
});

const legOf = ({ listId, legIndex }: Order) => ({
  listId: listId ?? null,
  legIndex: legIndex ?? null,
});

/** Made from the position before and the fill: a position that is flat again is no longer in the account's state. */
function positionRow(before: AccountState, order: Order, event: Event<"ORDER_FILLED">, frame: Frame): PositionRow {
  const { contract, side } = order;
  const { units, pricePaise, atMs } = event.fill;
  const open = before.openTrades[contract.instrumentId]?.position ?? openedNowhere(contract, atMs);
  const { position } = applyFill(open, side, units, pricePaise, atMs);
  return {
    table: "positions",
    ...frame,
    instrumentId: contract.instrumentId,
    underlying: contract.underlying,
    netUnits: position.netUnits,
    costPaise: position.costPaise,
    realisedPaise: position.realisedPaise,
    openedAtMs: position.openedAtMs,
    updatedAtMs: event.atMs,
  };
}

const transferRow = (transfer: Transfer, frame: Frame): TransferRow => ({
  table: "transfers",
  accountId: frame.accountId,
  sequence: frame.sequence,
  transferId: transfer.transferId,
  date: transfer.date,
  kind: transfer.kind,
  amountPaise: transfer.amountPaise,
  taxLockPaise: transfer.taxLockPaise,
  status: transfer.status,
  rail: transfer.rail,
  railReference: transfer.railReference,
  failure: transfer.failure,
  requestedAtMs: transfer.requestedAtMs,
  completedAtMs: transfer.completedAtMs,
});

const settlementRow = (
  { worksheet, atMs }: Event<"DAY_SETTLED" | "SETTLEMENT_FINALISED">,
  frame: Frame,
): SettlementRow => ({
  table: "settlements",
  accountId: frame.accountId,
  sequence: frame.sequence,
  date: worksheet.date,
  stage: worksheet.stage,
  realisedPaise: worksheet.realisedPaise,
  chargesPaise: worksheet.charges.totalPaise,
  grossProfitPaise: worksheet.grossProfitPaise,
  feePaise: worksheet.feePaise,
  gstOnFeePaise: worksheet.gstOnFeePaise,
  taxLockPaise: worksheet.taxLockPaise,
  netToSavingsPaise: worksheet.netToSavingsPaise,
  roundingBufferPaise: worksheet.roundingBufferPaise,
  payoutPaise: worksheet.payoutPaise,
  worksheet: canonicalJson(worksheet),
  atMs,
});

const reconciliationRow = (
  { jobKey, cause, atMs, readAtMs, compared, differences, differencesBeyond = 0 }: Event<"RECONCILED">,
  frame: Frame,
): ReconciliationRow => ({
  table: "reconciliations",
  ...frame,
  jobKey: jobKey ?? null,
  cause,
  atMs,
  readAtMs,
  ordersCompared: compared.orders,
  fillsCompared: compared.fills,
  positionsCompared: compared.positions,
  found: differences.length + differencesBeyond,
  raised: differences.filter(({ outcome }) => outcome === "RAISED").length,
  differences: canonicalJson(differences),
});

const reportRow = (before: AccountState, closing: Event<"DAY_CLOSED">, sequence: number, hash: string): ReportRow => {
  const report = dailyReport({ state: before, closing, ledgerSequence: sequence, ledgerHash: hash });
  return {
    table: "reports",
    accountId: report.accountId,
    date: closing.date,
    sequence,
    report: canonicalJson(report),
    atMs: closing.atMs,
  };
};
