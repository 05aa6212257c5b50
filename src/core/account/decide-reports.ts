// What the venue has said. Facts are never refused: what is new is booked, what is repeated, late or about an order of another
// day changes nothing.
import { accruedChargePaise } from "../charges/contract-note.ts";
import { required } from "../kernel/assert.ts";
import { bpsOf, type Paise, paise, valuePaise } from "../kernel/money.ts";
import { ok } from "../kernel/result.ts";
import type { EpochMs } from "../kernel/time.ts";
import { type Fill, isTerminal, type Order } from "../order/order.ts";
import { canOrderTake } from "../order/status.ts";
import { applyFill, openedNowhere } from "../position/position.ts";
import { NOT_RECEIVED } from "../reconciliation/given-up.ts";
import { volatilityBand } from "../strategy/volatility-regime.ts";
import { advanceLists } from "./advance-lists.ts";
import type { Command, VenueReport } from "./command.ts";
import type { Decision } from "./decide.ts";
import { lookSoon, reopenProofs } from "./decide-breaker.ts";
import { endReentryOf, setReentry } from "./decide-reentry.ts";
import { Draft } from "./draft.ts";
import type { ExitPlanMove } from "./event.ts";
import { findOrder } from "./finished-orders.ts";
import { findList } from "./lists.ts";
import { enforceLossLimit } from "./loss-limit.ts";
import { planOfReentry } from "./reentry.ts";
import { planAfterPart } from "./scale-out.ts";
import type { AccountState, ExitPlan } from "./state.ts";
import { syncTriggers } from "./trigger-levels.ts";
import { enforceVenueErrors } from "./venue-errors.ts";

export function applyReports(
  state: AccountState,
  { atMs, reports }: Extract<Command, { readonly type: "APPLY_REPORTS" }>,
): Decision {
  const draft = new Draft(state, atMs);
  bookReports(draft, reports);
  return ok(draft.events);
}

/** What is new in the reports, and what follows from it for the day's loss and the triggers. */
export function bookReports(draft: Draft, reports: readonly VenueReport[]): void {
  const before = draft.events.length;
  for (const report of reports) {
    const order = findOrder(draft.state, report.clientOrderId);
    if (order !== undefined) book(draft, order, report);
  }
  advanceLists(draft);
  const news = draft.events.slice(before);
  const isDealt = news.some(({ type }) => type !== "ORDER_ACCEPTED");
  if (isDealt && !enforceLossLimit(draft, [])) syncTriggers(draft);
  if (isDealt) reopenProofs(draft);
  const moved = news.flatMap((event) =>
    event.type === "ORDER_FILLED" || event.type === "ORDER_STRAY_ENDED"
      ? (findOrder(draft.state, event.clientOrderId)?.contract.underlying ?? [])
      : [],
  );
  lookSoon(draft, moved);
  enforceVenueErrors(draft);
}

/** A report is booked at its own instant: several may come together. */
function book(draft: Draft, order: Order, report: VenueReport): void {
  const { clientOrderId } = order;
  const { atMs } = report;
  if (isTerminal(order.status)) {
    bookLate(draft, order, report);
    return;
  }
  if (!canOrderTake(order.status, report.kind)) return;
  switch (report.kind) {
    case "ACCEPTED":
      // Of an order being canceled only the venue's id is news, and only once.
      if (order.venueOrderId !== null) return;
      draft.push({ type: "ORDER_ACCEPTED", atMs, clientOrderId, venueOrderId: report.venueOrderId });
      return;
    case "TRIGGERED":
      if (order.type !== "STOP_LIMIT" || order.isTriggered === true) return;
      draft.push({ type: "ORDER_TRIGGERED", atMs, clientOrderId });
      return;
    case "REJECTED":
      draft.push({ type: "ORDER_REJECTED", atMs, clientOrderId, reason: report.reason, ...givenUp(order, report) });
      endReentryOf(draft, order, "rejected");
      return;
    case "FILLED":
      bookFill(draft, order, report.fill, atMs);
      return;
    case "CANCELED":
      draft.push({ type: "ORDER_CANCELED", atMs, clientOrderId, reason: report.reason, ...untold(order, report) });
      endReentryOf(draft, order, "canceled");
      return;
    case "EXPIRED":
      draft.push({
        type: "ORDER_EXPIRED",
        atMs,
        clientOrderId,
        ...(report.reason === undefined ? {} : { reason: report.reason }),
        ...untold(order, report),
      });
      endReentryOf(draft, order, "not dealt");
      return;
    case "REPLACED":
    case "REPLACE_REJECTED":
      bookReplaceAnswer(draft, order, report);
      return;
    case "CANCEL_REJECTED":
      draft.push({ type: "CANCEL_REJECTED", atMs, clientOrderId, reason: report.reason, isDoubted: true });
      return;
  }
}

/** An end that overtakes its fills says how many units are still to be told. */
const untold = (order: Order, { filledUnits }: { readonly filledUnits?: number }): { readonly filledUnits?: number } =>
  filledUnits !== undefined && filledUnits > order.filledUnits ? { filledUnits } : {};

const givenUp = ({ purpose }: Order, { reason }: { readonly reason: string }): { readonly isGivenUp?: true } =>
  purpose === "EXIT" && reason === NOT_RECEIVED ? { isGivenUp: true } : {};

/** Of a replacement only the answer to the one under way is news; whatever else was asked for has been answered. */
function bookReplaceAnswer(
  draft: Draft,
  { clientOrderId, pendingReplace }: Order,
  report: Extract<VenueReport, { readonly kind: "REPLACED" | "REPLACE_REJECTED" }>,
): void {
  const { modifyId, atMs } = report;
  if (pendingReplace?.modifyId !== modifyId) return;
  draft.push(
    report.kind === "REPLACED"
      ? { type: "ORDER_REPLACED", atMs, clientOrderId, modifyId, terms: report.terms }
      : { type: "REPLACE_REJECTED", atMs, clientOrderId, modifyId, reason: report.reason },
  );
}

/**
 * What comes after an order's end. Fills are money and are booked. A word of life about an order that had been given up for
 * lost makes it a stray, which is taken out; the venue's word that it has ended closes that again.
 */
function bookLate(draft: Draft, order: Order, report: VenueReport): void {
  const { clientOrderId } = order;
  const { atMs } = report;
  const isStray = order.strayAtMs !== undefined;
  const isGivenUp = order.status === "REJECTED" && order.rejectReason === NOT_RECEIVED;
  switch (report.kind) {
    case "FILLED": {
      if (!canOrderTake(order.status, "FILLED")) return;
      if (draft.state.executionsSeen[report.fill.executionId] === true) return;
      if (isGivenUp && !isStray) {
        const { venueOrderId } = report.fill;
        draft.push({ type: "ORDER_STRAY", atMs, clientOrderId, venueOrderId });
      }
      bookFill(draft, order, report.fill, atMs);
      const after = findOrder(draft.state, clientOrderId);
      if (after?.strayAtMs !== undefined && after.status === "FILLED") {
        draft.push({ type: "ORDER_STRAY_ENDED", atMs, clientOrderId });
      }
      return;
    }
    case "ACCEPTED":
      if (isGivenUp && !isStray) {
        draft.push({ type: "ORDER_STRAY", atMs, clientOrderId, venueOrderId: report.venueOrderId });
      }
      return;
    case "REJECTED":
    case "CANCELED":
    case "EXPIRED":
    case "CANCEL_REJECTED":
      if (isStray) draft.push({ type: "ORDER_STRAY_ENDED", atMs, clientOrderId });
      else if (report.kind === "CANCEL_REJECTED" && order.recall === "ASKED")
        draft.push({ type: "CANCEL_REJECTED", atMs, clientOrderId, reason: report.reason, isRecall: true });
      return;
    default:
      return;
  }
}

function bookFill(draft: Draft, order: Order, fill: Fill, atMs: EpochMs): void {
  const { state } = draft;
  if (state.executionsSeen[fill.executionId] === true) return;
  const { contract, side, clientOrderId } = order;
  const day = required(state.day, "a day");
  const trade = state.openTrades[contract.instrumentId];
  const position = trade?.position ?? openedNowhere(contract, fill.atMs);
  const change = applyFill(position, side, fill.units, fill.pricePaise, fill.atMs);
  // A list's legs are left together: by its time, its guards and the square-off, not each by a plan of its own.
  const isCombined = order.listId !== undefined && findList(state, order.listId)?.kind === "COMBINATION";
  // A plan looks the position's way: an entry that only makes an opposite position smaller brings none.
  const opens = Math.sign(change.position.netUnits) === (side === "BUY" ? 1 : -1);
  const isEntry = order.purpose === "ENTRY" && opens && !isCombined;
  const afterPart = trade === undefined ? null : planAfterPart(trade, order, fill.units, change.position);
  draft.push({
    type: "ORDER_FILLED",
    atMs,
    clientOrderId,
    fill,
    realisedPaise: change.realisedPaise,
    closedCostPaise: change.closedCostPaise,
    accruedChargesPaise: accruedChargePaise({
      date: day.date,
      exchange: contract.exchange,
      side,
      valuePaise: valuePaise(fill.pricePaise, fill.units),
      firstFillOfOrder: order.filledUnits === 0,
    }),
    exitPlan: isEntry && !trade?.exitPlan ? exitPlanAt(state, order, fill.pricePaise) : afterPart,
  });
  if (trade !== undefined) setReentry(draft, state, trade, order, fill);
}

/** The plan's distances from the first price that was dealt; a short's lie mirrored. */
function exitPlanAt(state: AccountState, order: Order, entryPaise: Paise): ExitPlan {
  const reentry = state.reentries?.[order.contract.instrumentId];
  if (reentry?.clientOrderId === order.clientOrderId) return planOfReentry(reentry, entryPaise);
  const move = order.exitPlanMove ?? defaultMove(state, order);
  const gain = order.side === "BUY" ? 1 : -1;
  // A premium cannot fall below one tick.
  const at = (distance: number): Paise => paise(Math.max(order.contract.tickSizePaise, entryPaise + gain * distance));
  return {
    stopPaise: at(-move.stopPaise),
    targetPaise: at(move.targetPaise),
    trailFromPaise: at(move.trailFromPaise),
    trailStepPaise: move.trailStepPaise,
    timeExitMs: move.timeExitMs,
    stopReason: "STOP",
  };
}

/**
 * An order by request has no view to go by: it may lose the VIX band's share of capital, and leaves at twice that as gain.
 * No time exit; the square-off comes.
 */
function defaultMove(state: AccountState, { quantityUnits, contract }: Order): ExitPlanMove {
  const { capitalPaise } = required(state.profile, "an open account");
  const day = required(state.day, "a day");
  const lossPaise = bpsOf(capitalPaise, volatilityBand(day.vixCenti).stopBpsOfCapital, "FLOOR");
  const tickPaise = contract.tickSizePaise;
  const stopPaise = paise(Math.max(1, Math.floor(lossPaise / quantityUnits / tickPaise)) * tickPaise);
  return {
    stopPaise,
    targetPaise: paise(2 * stopPaise),
    trailFromPaise: stopPaise,
    trailStepPaise: stopPaise,
    timeExitMs: day.closeMs,
  };
}
