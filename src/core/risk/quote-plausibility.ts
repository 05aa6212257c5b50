// Whether a quote that is no nonsense in itself can be the market's: against the price before it, against the index that has
// moved meanwhile, and against what any model of the contract is worth at most and at least.
import type { PriceView } from "../account/command.ts";
import type { OptionContract } from "../instrument/contract.ts";
import type { EpochMs } from "../kernel/time.ts";
import { ASSUMED_RATE, priceOption, yearsToExpiry } from "../market/option-pricing.ts";
import { referencePaiseOf } from "./quote-sanity.ts";

/** A premium can double within seconds; tenfold between two quotes it does not move, but for the cheapest. */
export const JUMP_TIMES_MAX = 10;
const JUMP_ALWAYS_PAISE = 1_00;
/** Of the index, in 1/10,000: a contract worth trading cannot stand still through that. */
export const STILL_MAX_BPS = 25;
const STILL_FROM_PAISE = 5_00;
/** Above every volatility index India has seen; prices around it and the cheapest ones are given room. */
const VOLATILITY_MAX = 1;
const ROOM = 1.25;
const ROOM_PAISE = 5_00;
/** Below this much intrinsic value a late print says nothing. */
const INTRINSIC_FROM_PAISE = 20_00;
const CLOSE = "15:30";

export const timesApart = (one: number, other: number): number => Math.max(one / other, other / one);

export const isJump = (pricePaise: number, steadyPaise: number): boolean =>
  Math.abs(pricePaise - steadyPaise) > JUMP_ALWAYS_PAISE && timesApart(pricePaise, steadyPaise) > JUMP_TIMES_MAX;

/** From a price that has jumped: the nearest one that would be no jump. */
export const nearestFollowingPaise = (pricePaise: number, steadyPaise: number): number =>
  pricePaise < steadyPaise
    ? Math.min(Math.ceil(steadyPaise / JUMP_TIMES_MAX), steadyPaise - JUMP_ALWAYS_PAISE)
    : Math.max(steadyPaise * JUMP_TIMES_MAX, steadyPaise + JUMP_ALWAYS_PAISE);

/** How far the index has moved while the quote has not, in 1/10,000; null where that says nothing. */
export function stillBps(price: PriceView): number | null {
  const { still, spotPaise } = price;
  const reference = referencePaiseOf(price);
  if (still?.spotPaise == null || spotPaise == null || (reference ?? 0) < STILL_FROM_PAISE) return null;
  return Math.floor((Math.abs(spotPaise - still.spotPaise) * 10_000) / still.spotPaise);
}

/** Half of the intrinsic value and the value at any volatility that has ever been; null where the index is not known. */
export function modelBounds(
  contract: Pick<OptionContract, "expiry" | "strikePaise" | "optionType">,
  { spotPaise }: PriceView,
  now: EpochMs,
): { readonly fromPaise: number; readonly toPaise: number } | null {
  if (spotPaise == null) return null;
  const { strikePaise, optionType, expiry } = contract;
  const years = yearsToExpiry(now, expiry, CLOSE);
  const { price } = priceOption({
    spot: spotPaise,
    strike: strikePaise,
    years,
    rate: ASSUMED_RATE,
    volatility: VOLATILITY_MAX,
    optionType,
  });
  const intrinsic = Math.max(0, optionType === "CALL" ? spotPaise - strikePaise : strikePaise - spotPaise);
  return {
    fromPaise: intrinsic < INTRINSIC_FROM_PAISE ? 0 : Math.floor(intrinsic / 2),
    toPaise: Math.ceil(price * ROOM + ROOM_PAISE),
  };
}
