// How far the day has come down from its best moment: equity of the day's own money against its peak, 2.5 % at most (RSK-04,
// RSK-05, G-64). The peak is what was seen at the account's own decisions: each fill, each level that fired, each window.
import type { PriceView } from "../account/command.ts";
import type { AccountState } from "../account/state.ts";
import { maxPaise, minPaise, mulDivFloor, type Paise, paise, subtractPaise, ZERO_PAISE } from "../kernel/money.ts";
import { dayResultPaise } from "./daily-loss.ts";
import { equityPaise } from "./exposure.ts";

export const DRAWDOWN_MAX_BPS = 250;

/** Exactly the limit still passes. Without a peak above zero there is nothing to come down from. */
export const isDrawdownBreached = (peakPaise: Paise, equityNowPaise: Paise): boolean =>
  peakPaise > 0 && (peakPaise - equityNowPaise) * 10_000 > DRAWDOWN_MAX_BPS * peakPaise;

export interface Drawdown {
  readonly peakPaise: Paise;
  readonly equityPaise: Paise;
  /** Peak − equity, at least zero. */
  readonly drawdownPaise: Paise;
  /** What the drawdown may be, floored. */
  readonly limitPaise: Paise;
  /** The day's result now and at its best. */
  readonly resultPaise: Paise;
  readonly peakResultPaise: Paise;
}

/** The day's own money: what the account began it with, at most its capital level. Null as long as there is none, and once settled. */
export function drawdownBasePaise(state: AccountState): Paise | null {
  const { profile, day } = state;
  if (profile === null || day === null || day.provisional !== null) return null;
  const ownPaise = subtractPaise(equityPaise(state), subtractPaise(day.realisedPaise, day.accruedChargesPaise));
  const basePaise = minPaise(profile.capitalPaise, ownPaise);
  return basePaise <= 0 ? null : basePaise;
}

/** Null when the day has no money of its own yet, or is settled. What has no price counts at its cost. */
export function drawdownOf(state: AccountState, prices: readonly PriceView[]): Drawdown | null {
  const { day } = state;
  const basePaise = drawdownBasePaise(state);
  if (day === null || basePaise === null) return null;
  const resultPaise = dayResultPaise(state, prices);
  const peakResultPaise = paise(Math.max(day.peakResultPaise ?? ZERO_PAISE, resultPaise));
  const peakPaise = paise(basePaise + peakResultPaise);
  return {
    peakPaise,
    equityPaise: paise(basePaise + resultPaise),
    drawdownPaise: paise(peakResultPaise - resultPaise),
    limitPaise: mulDivFloor(maxPaise(ZERO_PAISE, peakPaise), DRAWDOWN_MAX_BPS, 10_000),
    resultPaise,
    peakResultPaise,
  };
}
