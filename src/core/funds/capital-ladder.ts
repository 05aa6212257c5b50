// How an account's capital grows: one step up a ladder of levels once enough profit has been settled (C-12). Levels are
// compared exactly, in paise.
import { Decimal } from "decimal.js";
import { assert } from "../kernel/assert.ts";
import { addPaise, maxPaise, type Paise, paise, roundPaise, ZERO_PAISE } from "../kernel/money.ts";

/** Share of the current capital that must have been earned since the last step (INC-03). */
const STEP_TRIGGER_BPS = 5_000;
const SUGGESTION_FLOOR_PAISE = paise(1_000_00);

export interface LadderInput {
  /** The category's levels, lowest first. A single level is always returned to (INC-07). */
  readonly ladderPaise: readonly Paise[];
  readonly capitalPaise: Paise;
  /** Settled since the last step; negative after losses. */
  readonly accumulatedProfitPaise: Paise;
}

/** The capital level of the next day: the next level when the trigger is reached, else the present one (INC-02, INC-03). */
export function nextCapitalPaise({ ladderPaise, capitalPaise, accumulatedProfitPaise }: LadderInput): Paise {
  const [only, ...higher] = ladderPaise;
  if (only !== undefined && higher.length === 0) return only;
  const reached = BigInt(accumulatedProfitPaise) * 10_000n >= BigInt(capitalPaise) * BigInt(STEP_TRIGGER_BPS);
  return reached ? nextLevelPaise(ladderPaise, capitalPaise) : capitalPaise;
}

/** The level above; the same capital at the top or when it is not on a level (INC-02). */
export function nextLevelPaise(ladderPaise: readonly Paise[], capitalPaise: Paise): Paise {
  const at = ladderPaise.indexOf(capitalPaise);
  return at < 0 ? capitalPaise : (ladderPaise[at + 1] ?? capitalPaise);
}

/** The day's settled net added, and the count begun anew when the capital has moved up. */
export function capitalAfterDay(input: LadderInput & { readonly netPaise: Paise }): {
  readonly nextCapitalPaise: Paise;
  readonly accumulatedProfitPaise: Paise;
} {
  const accumulatedProfitPaise = addPaise(input.accumulatedProfitPaise, input.netPaise);
  const next = nextCapitalPaise({ ...input, accumulatedProfitPaise });
  return {
    nextCapitalPaise: next,
    accumulatedProfitPaise: next > input.capitalPaise ? ZERO_PAISE : accumulatedProfitPaise,
  };
}

/** A suggested top-up, shown and never booked: capital × win rate × leverage × 1 %, at least ₹1,000 (INC-01, C-12). */
export function suggestedIncrementPaise(capitalPaise: Paise, winRateBps: number, leverageBps: number): Paise {
  assert(capitalPaise >= 0 && winRateBps >= 0 && leverageBps > 0, "capital, win rate and leverage are not negative");
  const exact = new Decimal(capitalPaise).times(winRateBps).div(10_000).times(leverageBps).div(10_000).div(100);
  return maxPaise(roundPaise(exact, "HALF_UP"), SUGGESTION_FLOOR_PAISE);
}
