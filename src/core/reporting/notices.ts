// What an event says to the person whose account it is: at most one notice per event, in plain English, about what happened
// and never about what might.
import type { AccountEvent, JournalEntry } from "../account/event.ts";
import type { AccountState } from "../account/state.ts";
import { hasAttemptsLeft } from "../funds/attempts.ts";
import { required } from "../kernel/assert.ts";
import { divFloor, type Paise, paise } from "../kernel/money.ts";
import type { ExitReason, Order } from "../order/order.ts";
import type { Difference } from "../reconciliation/difference.ts";
import type { SettlementWorksheet } from "../settlement/worksheet.ts";
import { breakerNotice } from "./breaker-notices.ts";
import { closedTrades } from "./closed-trades.ts";
import { tradeMetrics } from "./daily-report.ts";
import { formatIndianRupees as rupees } from "./indian-rupees.ts";
import type { Notification } from "./notification.ts";

type Notice = Pick<Notification, "kind" | "priority" | "title" | "body">;

/** The notices of one journal entry (NOT-05, C-34); none when the event is nobody's news. */
export function noticesOf(before: AccountState, entry: JournalEntry, after: AccountState): Notification[] {
  const notice = noticeOf(before, entry.event, after);
  if (notice === null) return [];
  const { accountId } = required(after.profile, "an open account");
  return [{ accountId, sequence: entry.sequence, atMs: entry.event.atMs, ...notice }];
}

function noticeOf(before: AccountState, event: AccountEvent, after: AccountState): Notice | null {
  switch (event.type) {
    case "ORDER_FILLED": {
      const order = after.orders[event.clientOrderId];
      if (order === undefined) return null;
      if (order.filledUnits > order.quantityUnits) return overfillNotice(order, event.fill.units);
      return order.status === "FILLED" ? tradeNotice(order) : null;
    }
    case "ORDER_CANCELED":
    case "ORDER_EXPIRED": {
      // An order that ends with a part executed has made a trade all the same.
      const order = after.orders[event.clientOrderId];
      return order !== undefined && order.filledUnits > 0 ? tradeNotice(order) : null;
    }
    case "ORDER_DENIED":
      return deniedNotice(event);
    case "ORDER_REJECTED":
      return {
        kind: "TRADE",
        priority: "NORMAL",
        title: "Order rejected by the venue",
        body: `${event.clientOrderId}: ${event.reason}`,
      };
    case "ORDER_OUTCOME_UNKNOWN":
      return event.request === "SUBMIT" ? unknownNotice(event) : null;
    case "REPLACE_DENIED":
    case "REPLACE_REJECTED":
      return modificationNotice(event);
    case "RECONCILED":
      return reconciledNotice(before, event);
    case "LIST_DENIED":
      return {
        kind: "TRADE",
        priority: "NORMAL",
        title: "Order list not sent",
        body: `${event.terms.listId}: ${event.denial.detail}`,
      };
    case "LIST_MOVED":
      return listNotice(event);
    case "TRIGGER_FIRED":
      return triggerNotice(event);
    case "EXIT_GROUP_LEFT":
      return groupNotice(event);
    case "STRATEGY_MOVED":
      return strategyNotice(event);
    case "REENTRY_ENDED":
      return reentryNotice(event);
    case "TRADING_STATE_CHANGED":
      return tradingStateNotice(event);
    case "BREAKER_TRIPPED":
    case "BREAKER_RESET":
    case "FLAT_READ":
    case "FLAT_PROVEN":
    case "FLAT_NOT_PROVEN":
    case "FLAT_LOOK_HASTENED":
    case "EQUITY_PEAKED":
    case "FEED_SILENCE_CHANGED":
      return breakerNotice(before, event);
    case "SQUARE_OFF_STARTED":
      return squareOffNotice(event.openTrades);
    case "TRANSFER_UPDATED":
      return transferNotice(before, event);
    case "DAY_SETTLED":
      return settledNotice(event.worksheet);
    case "SETTLEMENT_FINALISED":
      return finalNotice(event.worksheet, event.chargesDifferencePaise);
    case "DAY_CLOSED":
      return reportNotice(before, event.date);
    default:
      return null;
  }
}

/** Steps on the way are nobody's news; that a list stands, or had to be given back, is. */
function listNotice({ listId, stage, reason }: Extract<AccountEvent, { readonly type: "LIST_MOVED" }>): Notice | null {
  if (stage === "UNWINDING") {
    const body = `${listId}: ${reason ?? "it could not be completed"}. What has dealt is given back, shorts first.`;
    return { kind: "TRADE", priority: "HIGH", title: "Order list is unwound", body };
  }
  return stage === "FILLED" ? { kind: "TRADE", priority: "NORMAL", title: "Order list filled", body: listId } : null;
}

/** Moves by request are no news to whoever asked. */
function strategyNotice({
  instanceId,
  to,
  reason,
}: Extract<AccountEvent, { readonly type: "STRATEGY_MOVED" }>): Notice | null {
  if (to !== "ERROR") return null;
  const body = `${instanceId}: ${reason}. It decides nothing more until it is reset; what it holds keeps its stops.`;
  return { kind: "RISK", priority: "HIGH", title: "A strategy is in ERROR", body };
}

const EXIT_WORDS: Readonly<Record<ExitReason, string>> = {
  STOP: "its stop was reached",
  TARGET: "its target was reached",
  TRAILING_STOP: "its trailing stop was reached",
  TIME: "its time was up",
  DIRECTION_SWITCH: "the view changed direction",
  PREVENTIVE: "it was losing and the prediction leans the other way",
  SQUARE_OFF: "the day ends",
  KILL_SWITCH: "trading was stopped",
  DAILY_LOSS: "the daily loss limit was reached",
  DRAWDOWN: "the day's drawdown limit was passed",
  CIRCUIT_BREAKER: "the circuit breaker tripped",
  LIST_UNWIND: "its list could not be completed",
  STRATEGY: "its strategy left it",
  REQUEST: "it was asked for",
};

function tradeNotice(order: Order): Notice {
  const bought = order.side === "BUY";
  // An average for people; the books hold the value itself.
  const average: Paise = paise(divFloor(order.filledValuePaise, order.filledUnits));
  const why = order.exitReason === null ? "" : `, because ${EXIT_WORDS[order.exitReason]}`;
  const part = order.filledUnits < order.quantityUnits ? ` of ${order.quantityUnits}` : "";
  return {
    kind: "TRADE",
    priority: "NORMAL",
    title: `${bought ? "Bought" : "Sold"} ${order.contract.instrumentId}`,
    body: `${order.filledUnits}${part} units at ${rupees(average)}, ${rupees(order.filledValuePaise)} in all${why}.`,
  };
}

/** The venue has dealt more than was asked for: money has moved, and somebody has to take it up with the broker. */
const overfillNotice = (
  { side, contract, clientOrderId, filledUnits, quantityUnits }: Order,
  units: number,
): Notice => ({
  kind: "RISK",
  priority: "HIGH",
  title: `More ${side === "BUY" ? "bought" : "sold"} than ordered: ${contract.instrumentId}`,
  body:
    `The venue has dealt ${filledUnits} units on order ${clientOrderId} of ${quantityUnits}, the last ${units} just now. ` +
    "They are booked as they were dealt.",
});

/** Denials of our own strategy are routine; those of an order somebody placed are news to them. */
const deniedNotice = ({ terms, denial }: Extract<AccountEvent, { readonly type: "ORDER_DENIED" }>): Notice => ({
  kind: "RISK",
  priority: terms.origin === "API" ? "NORMAL" : "LOW",
  title: `Order not sent: ${terms.contract.instrumentId}`,
  body: `${terms.side === "BUY" ? "Buying" : "Selling"} ${terms.quantityUnits} units was refused. ${denial.detail}`,
});

const unknownNotice = ({
  clientOrderId,
  reason,
}: Extract<AccountEvent, { readonly type: "ORDER_OUTCOME_UNKNOWN" }>): Notice => ({
  kind: "RISK",
  priority: "HIGH",
  title: "No answer from the venue",
  body: `Nobody knows yet whether ${clientOrderId} has arrived (${reason}). It is looked up, and not sent again.`,
});

function modificationNotice(
  event: Extract<AccountEvent, { readonly type: "REPLACE_DENIED" | "REPLACE_REJECTED" }>,
): Notice {
  const why = event.type === "REPLACE_DENIED" ? event.denial.detail : event.reason;
  return {
    kind: "TRADE",
    priority: "NORMAL",
    title: event.type === "REPLACE_DENIED" ? "Modification not sent" : "Modification rejected by the venue",
    body: `${event.clientOrderId} stays as it was: ${why}.`,
  };
}

/** A person is told of each difference once: what the last full run, or a look-up after it, has raised is no news. */
function reconciledNotice(
  { reconciliations = [] }: AccountState,
  { differences, differencesBeyond = 0 }: Extract<AccountEvent, { readonly type: "RECONCILED" }>,
): Notice | null {
  const lastFull = reconciliations.findLastIndex(({ cause }) => cause !== "UNKNOWN_OUTCOME");
  const before = reconciliations
    .slice(Math.max(0, lastFull))
    .flatMap((run) => [...run.differences, ...(run.standing ?? [])]);
  const known = new Set(raisedIn(before).map(keyOfDifference));
  const raised = raisedIn(differences).filter((difference) => !known.has(keyOfDifference(difference)));
  const first = raised[0];
  if (first === undefined) return null;
  const more = raised.length - 1 + differencesBeyond;
  const others = more === 0 ? "" : ` and ${more} more`;
  if (first.code === "EXITS_WITHHELD") return withheldNotice(first, others);
  return {
    kind: "RISK",
    priority: "URGENT",
    title: "Our books differ from the venue's",
    body: `${first.code} ${first.subject}: ${first.detail}${others}. Somebody has to look; nothing new is opened where money or positions differ.`,
  };
}

/** Nothing is wrong with the books: a person can see at the broker what no reading shows. */
const withheldNotice = ({ subject, detail }: Difference, others: string): Notice => ({
  kind: "RISK",
  priority: "URGENT",
  title: "Exits do not reach the venue",
  body: `${subject}: ${detail}${others}. Look at the broker's terminal. Nothing under way there: stop everything once more, and one more exit is sent. Still nothing: close the position at the terminal; it is booked from there.`,
});

const raisedIn = (differences: readonly Difference[]): readonly Difference[] =>
  differences.filter(({ outcome }) => outcome === "RAISED");
const keyOfDifference = ({ code, subject }: Difference): string => `${code} ${subject}`;

function triggerNotice(event: Extract<AccountEvent, { readonly type: "TRIGGER_FIRED" }>): Notice | null {
  if (event.kind !== "STOP" && event.kind !== "TARGET" && event.kind !== "SCALE_OUT") return null;
  return {
    kind: "RISK",
    priority: "NORMAL",
    title: event.kind === "STOP" ? "Stop reached" : "Target reached",
    body: `${event.instrumentId} at ${rupees(event.pricePaise)}.`,
  };
}

const groupNotice = ({
  group,
  reason,
  resultPaise,
}: Extract<AccountEvent, { readonly type: "EXIT_GROUP_LEFT" }>): Notice => ({
  kind: "RISK",
  priority: "NORMAL",
  title:
    reason === "REQUEST" ? "Positions are being closed" : `Positions are being closed together: ${EXIT_WORDS[reason]}`,
  body: `${group.groupId} at a result of ${rupees(resultPaise)}.${group.endsDay === true ? " Nothing new is opened today." : ""}`,
});

const reentryNotice = ({
  instrumentId,
  reason,
}: Extract<AccountEvent, { readonly type: "REENTRY_ENDED" }>): Notice => ({
  kind: "RISK",
  priority: "LOW",
  title: `Not entered again: ${instrumentId}`,
  body: `The re-entry has ended: ${reason}.`,
});

function tradingStateNotice(event: Extract<AccountEvent, { readonly type: "TRADING_STATE_CHANGED" }>): Notice {
  switch (event.state) {
    case "HALTED":
      return {
        kind: "RISK",
        priority: "URGENT",
        title: "Trading stopped",
        body: `Open positions are being closed and no new ones are opened. Reason: ${event.reason}`,
      };
    case "REDUCING":
      return {
        kind: "RISK",
        priority: "URGENT",
        title: "No new trades",
        body: `The account may only close positions for now. Reason: ${event.reason}`,
      };
    case "ACTIVE":
      return { kind: "RISK", priority: "NORMAL", title: "Trading resumed", body: `Reason: ${event.reason}` };
  }
}

function squareOffNotice(openTrades: number): Notice | null {
  if (openTrades === 0) return null;
  const what = openTrades === 1 ? "1 open trade is" : `${openTrades} open trades are`;
  return { kind: "TRADE", priority: "NORMAL", title: "Closing for the day", body: `${what} being closed.` };
}

function transferNotice(
  before: AccountState,
  event: Extract<AccountEvent, { readonly type: "TRANSFER_UPDATED" }>,
): Notice | null {
  const transfer = required(before.transfers[event.transferId], "the transfer");
  if (event.status === "PROCESSING" || event.status === transfer.status) return null;
  const pulls = transfer.kind === "PULL";
  const amount = rupees(transfer.amountPaise);
  if (event.status === "COMPLETED") {
    const lock = transfer.taxLockPaise > 0 ? `, of which ${rupees(transfer.taxLockPaise)} is locked for tax` : "";
    return {
      kind: "FUNDS",
      priority: "NORMAL",
      title: pulls ? "Trading account funded" : "Pay-out received",
      body: `${amount} moved ${pulls ? "from savings to trading" : "from trading to savings"}${lock}.`,
    };
  }
  const isGivenUp = !pulls && !hasAttemptsLeft(transfer);
  const next = pulls
    ? ""
    : isGivenUp
      ? " It is not tried again: check the savings account."
      : " It will be tried again.";
  return {
    kind: "FUNDS",
    priority: isGivenUp ? "URGENT" : "HIGH",
    title: event.status === "FAILED" ? "Transfer failed" : "Transfer sent back",
    body: `${amount} ${pulls ? "from savings to trading" : "from trading to savings"}: ${event.failure ?? "no reason given"}.${next}`,
  };
}

const settledNotice = (worksheet: SettlementWorksheet): Notice => ({
  kind: "SETTLEMENT",
  priority: "HIGH",
  title: `Day settled: ${rupees(worksheet.grossProfitPaise)}`,
  body: [
    `Realised ${rupees(worksheet.realisedPaise)}, charges ${rupees(worksheet.charges.totalPaise)},`,
    `fee ${rupees(worksheet.feePaise)} plus GST ${rupees(worksheet.gstOnFeePaise)},`,
    `tax lock ${rupees(worksheet.taxLockPaise)}. Pay-out ${rupees(worksheet.payoutPaise)}.`,
  ].join(" "),
});

/** The difference is what the final worksheet takes from cash beyond the provisional: charges, fee and GST together. */
const finalNotice = (worksheet: SettlementWorksheet, differencePaise: Paise): Notice =>
  differencePaise === 0
    ? {
        kind: "SETTLEMENT",
        priority: "NORMAL",
        title: "Settlement final",
        body: `${rupees(worksheet.grossProfitPaise)} after charges, as settled before the pay-out.`,
      }
    : {
        kind: "SETTLEMENT",
        priority: "HIGH",
        title: "Settlement corrected",
        body:
          `${rupees(worksheet.grossProfitPaise)} after charges. Charges, fee and GST differ by ` +
          `${rupees(differencePaise)} from the settlement before the pay-out; the trading account bears it.`,
      };

function reportNotice(before: AccountState, date: string): Notice {
  const { total, winners, losers } = tradeMetrics(closedTrades(Object.values(before.orders)));
  const trades = total === 1 ? "1 trade" : `${total} trades`;
  return {
    kind: "SYSTEM",
    priority: "NORMAL",
    title: `Daily report of ${date}`,
    body: total === 0 ? "No trades today." : `${trades}: ${winners} won, ${losers} lost. The report is ready.`,
  };
}
