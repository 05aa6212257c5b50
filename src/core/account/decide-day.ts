// The day's own steps: opening with the volatility band's figures, settling twice, closing with the next capital level.
import { combineCharges, contractNote } from "../charges/contract-note.ts";
import { transfersToKeep } from "../funds/attempts.ts";
import { capitalAfterDay } from "../funds/capital-ladder.ts";
import { isTransferSettled } from "../funds/transfer-status.ts";
import type { Exchange } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { formatRupees, type Paise, subtractPaise, sumPaise } from "../kernel/money.ts";
import { err, ok } from "../kernel/result.ts";
import type { Order } from "../order/order.ts";
import { settle } from "../settlement/settle.ts";
import type { ChargeHeads, SettlementWorksheet } from "../settlement/worksheet.ts";
import { adaptiveTradesPerDay, volatilityBand } from "../strategy/volatility-regime.ts";
import { ladderOf } from "./category.ts";
import type { Command } from "./command.ts";
import type { Decision } from "./decide.ts";
import { rearmForNewDay } from "./decide-breaker.ts";
import { Draft } from "./draft.ts";
import type { AccountEvent } from "./event.ts";
import { isFlat } from "./evolve.ts";
import { settledCostPaise } from "./evolve-day.ts";
import type { AccountState, DayState } from "./state.ts";

type Of<Type extends Command["type"]> = Extract<Command, { readonly type: Type }>;

/** A day left unfinished stays open until it is settled, unless nothing at all was dealt on it. */
export function openDay(state: AccountState, command: Of<"OPEN_DAY">): Decision {
  const { atMs, jobKey, date, openMs, closeMs, vixCenti, restrictions } = command;
  if (state.day !== null && !isDayOver(state, state.day)) {
    return err({ code: "DAY_ALREADY_OPEN", detail: `the day ${state.day.date} is not closed yet` });
  }
  if (state.day?.date === date) {
    return ok([{ type: "JOB_DONE", atMs, jobKey, note: `the day ${date} has been traded before` }]);
  }
  const { adaptiveMax } = adaptiveTradesPerDay({ vixCenti, averageConfidenceBps: null, currentTrades: 0 });
  const { capacityBps } = volatilityBand(vixCenti);
  const opened: AccountEvent = {
    type: "DAY_OPENED",
    atMs,
    jobKey,
    date,
    openMs,
    closeMs,
    vixCenti,
    vixTradesMax: adaptiveMax,
    capacityBps,
    ...(restrictions === undefined ? {} : { restrictions }),
    transfersKept: transfersToKeep(state.transfers, atMs),
  };
  // The daily loss limit is a day's; the kill switch stays until a person lifts it.
  const draft = new Draft(state, atMs);
  draft.push(opened);
  if (state.tradingState === "REDUCING") {
    draft.push({ type: "TRADING_STATE_CHANGED", atMs, state: "ACTIVE", reason: "a new day" });
  }
  rearmForNewDay(draft);
  return ok(draft.events);
}

export function settleProvisional(state: AccountState, { atMs, jobKey }: Of<"SETTLE_PROVISIONAL">): Decision {
  const day = required(state.day, "a day");
  if (!isFlat(state)) return err(notFlat(state));
  if (day.provisional !== null) return ok([{ type: "JOB_DONE", atMs, jobKey, note: "the day is settled already" }]);
  const worksheet = worksheetOf(state, "PROVISIONAL", chargesOf(day, Object.values(state.orders)));
  return ok([{ type: "DAY_SETTLED", atMs, jobKey, worksheet }]);
}

/**
 * Settles with the charges of the broker's statement. A statement that knows of other trades than the account is for a person
 * to look at: the account settles by its own fills and is halted.
 */
export function settleFinal(state: AccountState, { atMs, jobKey, statement }: Of<"SETTLE_FINAL">): Decision {
  const day = required(state.day, "a day");
  if (!isFlat(state) || day.provisional === null) return err(notFlat(state));
  if (day.final !== null) return ok([{ type: "JOB_DONE", atMs, jobKey, note: "the day is settled already" }]);
  const agrees = statement.date === day.date && statement.realisedPaise === day.realisedPaise;
  const charges = agrees ? statement.charges : chargesOf(day, Object.values(state.orders));
  const worksheet = worksheetOf(state, "FINAL", charges);
  const finalised: AccountEvent = {
    type: "SETTLEMENT_FINALISED",
    atMs,
    jobKey,
    worksheet,
    chargesDifferencePaise: subtractPaise(settledCostPaise(worksheet), settledCostPaise(day.provisional)),
  };
  if (agrees) return ok([finalised]);
  const reason = `the broker's statement says ${formatRupees(statement.realisedPaise)} realised, our fills ${formatRupees(day.realisedPaise)}`;
  return ok([finalised, { type: "TRADING_STATE_CHANGED", atMs, state: "HALTED", reason }]);
}

/** The capital of the next day follows from what was settled (INC-02, INC-03). */
export function closeDay(state: AccountState, { atMs, jobKey }: Of<"CLOSE_DAY">): Decision {
  const day = required(state.day, "a day");
  const profile = required(state.profile, "an open account");
  if (day.status === "CLOSED") return ok([{ type: "JOB_DONE", atMs, jobKey, note: "the day is closed already" }]);
  if (day.final === null || !isFlat(state)) return err({ code: "NOT_FLAT", detail: "the day is not settled for good" });
  const next = capitalAfterDay({
    ladderPaise: ladderOf(profile.category),
    capitalPaise: profile.capitalPaise,
    accumulatedProfitPaise: state.accumulatedProfitPaise,
    netPaise: day.final.netPaise,
  });
  return ok([{ type: "DAY_CLOSED", atMs, jobKey, date: day.date, ...next }]);
}

/** Contract notes of both exchanges over the day's executions. */
export function chargesOf(day: Pick<DayState, "date">, orders: readonly Order[]): ChargeHeads {
  const executed = orders.filter((order) => order.filledUnits > 0);
  const notes = [...Map.groupBy(executed, (order) => order.contract.exchange)].map(([exchange, ofExchange]) =>
    noteOf(day, exchange, ofExchange),
  );
  return combineCharges(notes);
}

const noteOf = ({ date }: Pick<DayState, "date">, exchange: Exchange, orders: readonly Order[]): ChargeHeads =>
  contractNote({
    date,
    exchange,
    buyValuePaise: tradedPaise(orders, "BUY"),
    sellValuePaise: tradedPaise(orders, "SELL"),
    executedOrders: orders.length,
  });

const tradedPaise = (orders: readonly Order[], side: Order["side"]): Paise =>
  sumPaise(
    orders.filter((order) => order.side === side),
    (order) => order.filledValuePaise,
  );

function worksheetOf(
  state: AccountState,
  stage: SettlementWorksheet["stage"],
  charges: ChargeHeads,
): SettlementWorksheet {
  const { category, activatedOn, feeSchedule } = required(state.profile, "an open account");
  const { date, realisedPaise } = required(state.day, "a day");
  return settle({ date, stage, realisedPaise, charges, category, activatedOn, feeSchedule });
}

/** Closed, or nothing at all has been dealt and nothing is on its way: the next day may open. */
export const isDayOver = (state: AccountState, day: DayState): boolean =>
  day.status === "CLOSED" ||
  (isFlat(state) &&
    day.provisional === null &&
    Object.values(state.orders).every((order) => order.filledUnits === 0) &&
    Object.values(state.transfers).every((transfer) => isTransferSettled(transfer.status)));

function notFlat(state: AccountState) {
  const open = Object.keys(state.openTrades).length;
  const detail = `${open} open positions; settle once everything is closed and no order is under way`;
  return { code: "NOT_FLAT", detail } as const;
}
