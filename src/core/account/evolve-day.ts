// How the day, its transfers and its settlement change the account's money. A transfer moves money when the rail says that it
// has; charges, fee and GST leave cash with the settlement; the tax lock stays in cash until the PUSH that carries it is done.

import { hasPaidOut } from "../funds/attempts.ts";
import type { Transfer } from "../funds/transfer.ts";
import { applyTransferStatus, isTransferSettled } from "../funds/transfer-status.ts";
import { required } from "../kernel/assert.ts";
import { addPaise, negatePaise, type Paise, subtractPaise, ZERO_PAISE } from "../kernel/money.ts";
import type { SettlementWorksheet } from "../settlement/worksheet.ts";
import type { AccountEvent } from "./event.ts";
import type { AccountState, DayState } from "./state.ts";

type Event<Type extends AccountEvent["type"]> = Extract<AccountEvent, { readonly type: Type }>;

/**
 * A new day begins with nothing of the last one but the transfers its event names. Events from before there were such names
 * keep what is still under way.
 */
export function dayOpened(state: AccountState, event: Event<"DAY_OPENED">): AccountState {
  const kept = Object.entries(state.transfers).filter(
    ([transferId, { status }]) => event.transfersKept?.includes(transferId) ?? !isTransferSettled(status),
  );
  const { finishedOrders: _yesterdays, exitGroups: _groups, reentries: _reentries, lists: _lists, ...rest } = state;
  return {
    ...rest,
    day: {
      date: event.date,
      status: "OPEN",
      openMs: event.openMs,
      closeMs: event.closeMs,
      vixCenti: event.vixCenti,
      trades: 0,
      tradesByCycle: {},
      vixTradesMax: event.vixTradesMax,
      capacityBps: event.capacityBps,
      realisedPaise: ZERO_PAISE,
      accruedChargesPaise: ZERO_PAISE,
      provisional: null,
      final: null,
      ordersSubmitted: 0,
      ordersDenied: 0,
      ...(event.restrictions === undefined ? {} : { restrictions: event.restrictions }),
    },
    orders: {},
    transfers: Object.fromEntries(kept),
    jobsDone: {},
    executionsSeen: {},
  };
}

export const transferRequested = (state: AccountState, { transfer }: Event<"TRANSFER_REQUESTED">): AccountState => ({
  ...state,
  transfers: { ...state.transfers, [transfer.transferId]: transfer },
});

export function transferUpdated(state: AccountState, event: Event<"TRANSFER_UPDATED">): AccountState {
  const before = required(state.transfers[event.transferId], `transfer ${event.transferId}`);
  const moved = applyTransferStatus(before, event);
  const transfer = required(moved.ok ? moved.value : null, `${event.status} of a transfer that is ${before.status}`);
  const booked = {
    ...withTransferBooked(state, before, transfer),
    transfers: { ...state.transfers, [transfer.transferId]: transfer },
  };
  const { day, transfers } = booked;
  const isPaidOut = day?.status === "PROVISIONAL" && hasPaidOut(day.date, transfers);
  return isPaidOut ? withDay(booked, { status: "PAID_OUT" }) : booked;
}

/** What the settlement takes from cash. The tax lock is not among it: it is still the account's own. */
export const settledCostPaise = ({ charges, feePaise, gstOnFeePaise }: SettlementWorksheet): Paise =>
  addPaise(charges.totalPaise, feePaise, gstOnFeePaise);

export const daySettled = (state: AccountState, { worksheet }: Event<"DAY_SETTLED">): AccountState => ({
  ...withDay(state, { status: "PROVISIONAL", provisional: worksheet }),
  cashPaise: subtractPaise(state.cashPaise, settledCostPaise(worksheet)),
});

/** Only what differs from the provisional settlement is booked. */
export function settlementFinalised(state: AccountState, { worksheet }: Event<"SETTLEMENT_FINALISED">): AccountState {
  const provisional = required(state.day?.provisional, "a provisional settlement");
  const differencePaise = subtractPaise(settledCostPaise(worksheet), settledCostPaise(provisional));
  return {
    ...withDay(state, { status: "FINAL", final: worksheet }),
    cashPaise: subtractPaise(state.cashPaise, differencePaise),
  };
}

export const dayClosed = (state: AccountState, event: Event<"DAY_CLOSED">): AccountState => ({
  ...withDay(state, { status: "CLOSED" }),
  profile: { ...required(state.profile, "an open account"), capitalPaise: event.nextCapitalPaise },
  accumulatedProfitPaise: event.accumulatedProfitPaise,
});

/** That a day's loss limit was reached outlasts the kill switch: lifting the one does not lift the other (RSK-07). */
export function tradingStateChanged(state: AccountState, event: Event<"TRADING_STATE_CHANGED">): AccountState {
  const after = {
    ...state,
    tradingState: event.state,
    haltReason: event.state === "ACTIVE" ? null : event.reason,
  };
  return event.state === "REDUCING" && state.day !== null ? withDay(after, { isLossLimited: true }) : after;
}

export const withDay = (state: AccountState, change: Partial<DayState>): AccountState => ({
  ...state,
  day: { ...required(state.day, "a day"), ...change },
});

/** Completing moves the money, a reversal after that moves it back; nothing else does. */
function withTransferBooked(state: AccountState, before: Transfer, after: Transfer): AccountState {
  const isDone = before.status !== "COMPLETED" && after.status === "COMPLETED";
  const isUndone = before.status === "COMPLETED" && after.status === "REVERSED";
  if (!isDone && !isUndone) return state;
  const isIntoTrading = (after.kind === "PULL") === isDone;
  const signed = (amountPaise: Paise): Paise => (isIntoTrading ? amountPaise : negatePaise(amountPaise));
  return {
    ...state,
    cashPaise: addPaise(state.cashPaise, signed(after.amountPaise)),
    savingsPaise: subtractPaise(state.savingsPaise, signed(subtractPaise(after.amountPaise, after.taxLockPaise))),
    taxLockPaise: subtractPaise(state.taxLockPaise, signed(after.taxLockPaise)),
  };
}
