// The account a backtest trades with, and the instances that trade in it: the same whoever asks for the run.
import { defaultLimits } from "../account/category.ts";
import type { AccountProfile, Category } from "../account/profile.ts";
import type { Underlying } from "../instrument/contract.ts";
import { type Paise, paise } from "../kernel/money.ts";
import { istInstant, marketDate } from "../kernel/time.ts";
import type { ParameterValues, StrategyDefinition } from "../strategy/definition/definition.ts";
import type { BacktestStrategy } from "./backtest.ts";

const ACTIVATED_ON = marketDate("2010-01-01");
/** Enough that no row of losing days runs out of money: a backtest measures the strategy, not the savings. */
const SAVINGS_PAISE = paise(100_00_00_000_00);

export interface BacktestAccountTerms {
  readonly category: Category;
  readonly capitalPaise: Paise;
  readonly underlyings: readonly Underlying[];
}

export const backtestProfile = ({ category, capitalPaise, underlyings }: BacktestAccountTerms): AccountProfile => ({
  accountId: "BACKTEST",
  displayName: "Backtest",
  category,
  capitalPaise,
  savingsPaise: SAVINGS_PAISE,
  activatedOn: ACTIVATED_ON,
  feeSchedule: "v9",
  kyc: { state: "VERIFIED", source: "SEED", changedAtMs: istInstant(ACTIVATED_ON, "00:00") },
  limits: { ...defaultLimits(category, capitalPaise), allowedUnderlyings: underlyings },
});

/** One instance an index. */
export const backtestInstances = (
  definition: StrategyDefinition,
  underlyings: readonly Underlying[],
  parameters: ParameterValues,
): readonly BacktestStrategy[] =>
  underlyings.map((underlying) => ({
    instanceId: `bt-${underlying.toLowerCase()}`,
    definition,
    underlying,
    parameters,
  }));
