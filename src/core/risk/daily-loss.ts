// What a day has lost so far, as the daily-loss limit counts it: realised less accrued charges, and what is open at the price
// it could be left at. The limit is never overridden (RSK-06, RSK-07).
import type { PriceView } from "../account/command.ts";
import type { AccountState } from "../account/state.ts";
import type { InstrumentId } from "../instrument/contract.ts";
import { negatePaise, type Paise, paise, subtractPaise, ZERO_PAISE } from "../kernel/money.ts";
import { rememberingLast } from "../kernel/remembered.ts";
import { type Position, unrealisedPaise } from "../position/position.ts";
import { believedExitPaise } from "./believed-price.ts";
import { effectiveLimits } from "./effective-limits.ts";

/** A decision asks many times, and with the same prices. */
export const byInstrument = rememberingLast(
  (prices: readonly PriceView[]): ReadonlyMap<InstrumentId, PriceView> =>
    new Map(prices.map((price) => [price.instrumentId, price])),
);

/** Result of the day, positive when it has earned. What has no price counts at its cost. */
export function dayResultPaise(state: AccountState, prices: readonly PriceView[]): Paise {
  if (state.day === null) return ZERO_PAISE;
  let result: number = subtractPaise(state.day.realisedPaise, state.day.accruedChargesPaise);
  for (const { position } of Object.values(state.openTrades)) {
    result += openResultPaise(position, byInstrument(prices)) ?? 0;
  }
  return paise(result);
}

/** At the price it could be left at, as far as that is believed. Null without any price. */
export function openResultPaise(position: Position, prices: ReadonlyMap<InstrumentId, PriceView>): Paise | null {
  const price = prices.get(position.contract.instrumentId);
  if (price === undefined) return null;
  const exitPaise = believedExitPaise(position, price);
  return exitPaise === null ? null : unrealisedPaise(position, exitPaise);
}

/** Zero when the day has earned. */
export const dayLossPaise = (state: AccountState, prices: readonly PriceView[]): Paise =>
  paise(Math.max(0, negatePaise(dayResultPaise(state, prices))));

export const isLossLimitReached = (state: AccountState, prices: readonly PriceView[]): boolean =>
  state.profile !== null && dayLossPaise(state, prices) >= effectiveLimits(state.profile).dailyLossMaxPaise.limit;
