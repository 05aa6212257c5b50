// What one account has at stake today, as the platform's breaker adds it up: how much it may lose, its own money, what it has
// realised, and what is open. Without prices: whoever adds up many accounts asks for the price of a contract once.
import { isCategory } from "../account/profile.ts";
import type { AccountState } from "../account/state.ts";
import { type Paise, subtractPaise } from "../kernel/money.ts";
import type { Position } from "../position/position.ts";
import { drawdownBasePaise } from "./drawdown.ts";
import { effectiveLimits } from "./effective-limits.ts";

export interface AccountStanding {
  readonly lossMaxPaise: Paise;
  /** The day's own money, as the drawdown counts it. */
  readonly basePaise: Paise;
  /** Realised less accrued charges. */
  readonly resultPaise: Paise;
  readonly open: readonly Position[];
}

/** Null without a day, without money of its own, and once the day is settled. */
export function standingOf(state: AccountState): AccountStanding | null {
  const { profile, day, openTrades } = state;
  const basePaise = drawdownBasePaise(state);
  if (profile === null || day === null || basePaise === null || !isCategory(profile.category)) return null;
  return {
    lossMaxPaise: effectiveLimits(profile).dailyLossMaxPaise.limit as Paise,
    basePaise,
    resultPaise: subtractPaise(day.realisedPaise, day.accruedChargesPaise),
    open: Object.values(openTrades).map(({ position }) => position),
  };
}
