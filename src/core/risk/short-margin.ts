// What has to be blocked for options that are sold. A list is margined by its own legs, so that its protection counts; a single
// sale by the longs that cover it, the worst of them first, so that whichever of them stays is enough. Nothing else held makes a
// short cheaper: it might be gone the next moment.
import type { PriceView } from "../account/command.ts";
import type { AccountState } from "../account/state.ts";
import type { OptionContract } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { allocateLastTakesRemainder, type Paise, paise, subtractPaise, ZERO_PAISE } from "../kernel/money.ts";
import { type EpochMs, istDateOf } from "../kernel/time.ts";
import type { MarginLeg } from "../margin/leg-values.ts";
import { marginOf } from "../margin/margin-of.ts";
import { coverKey } from "../order-list/coverage.ts";
import { shortOptionsOf } from "./effective-limits.ts";

export interface ShortLeg {
  readonly contract: OptionContract;
  /** Signed: bought is positive. */
  readonly netUnits: number;
  /** What a unit is worth: the worst price the order may deal at. */
  readonly pricePaise: Paise;
}

/** What the shorts among these legs block, beyond the premium of the longs. Null when the index is not known. */
export function shortMarginPaise(legs: readonly ShortLeg[], prices: readonly PriceView[], atMs: EpochMs): Paise | null {
  if (legs.every(({ netUnits }) => netUnits >= 0)) return ZERO_PAISE;
  const byInstrument = new Map(prices.map((price) => [price.instrumentId, price]));
  const spotPaise = legs.map(({ contract }) => byInstrument.get(contract.instrumentId)?.spotPaise).find((spot) => spot);
  if (!spotPaise) return null;
  const marginLegs = legs.map(
    ({ contract, netUnits, pricePaise }): MarginLeg => ({
      contract,
      netUnits,
      pricePaise,
      ivBps: byInstrument.get(contract.instrumentId)?.ivBps ?? null,
    }),
  );
  const { totalPaise, premiumPaise } = marginOf(marginLegs, { spotPaise, atMs, date: istDateOf(atMs) });
  return paise(Math.max(0, subtractPaise(totalPaise, premiumPaise)));
}

/** A list's margin, shared among the legs that are sold by their units; 0 for those that are bought. */
export function marginByLeg(
  legs: readonly ShortLeg[],
  prices: readonly PriceView[],
  atMs: EpochMs,
): readonly Paise[] | null {
  const marginPaise = shortMarginPaise(legs, prices, atMs);
  if (marginPaise === null) return null;
  const sold = legs.filter(({ netUnits }) => netUnits < 0);
  const shares =
    sold.length === 0
      ? []
      : allocateLastTakesRemainder(
          marginPaise,
          sold.map(({ netUnits }) => -netUnits),
        );
  return legs.map((leg) => (leg.netUnits < 0 ? required(shares[sold.indexOf(leg)], "a share") : ZERO_PAISE));
}

/** The margin of a single sale, given the longs that would cover it. */
export function singleShortMarginPaise(
  state: AccountState,
  short: ShortLeg,
  prices: readonly PriceView[],
  atMs: EpochMs,
): Paise | null {
  if (shortOptionsOf(state.profile) === "NAKED") return shortMarginPaise([short], prices, atMs);
  const { contract } = short;
  const sign = contract.optionType === "CALL" ? 1 : -1;
  const covers = Object.values(state.openTrades)
    .map(({ position }) => position)
    .filter((position) => position.netUnits > 0 && coverKey(position.contract) === coverKey(contract))
    // Farthest out of the money first.
    .sort((one, other) => sign * (other.contract.strikePaise - one.contract.strikePaise));
  const legs: ShortLeg[] = [short];
  let left = -short.netUnits;
  for (const position of covers) {
    const units = Math.min(left, position.netUnits);
    legs.push({ contract: position.contract, netUnits: units, pricePaise: unitCost(position) });
    left -= units;
  }
  return shortMarginPaise(legs, prices, atMs);
}

const unitCost = ({ costPaise, netUnits }: { readonly costPaise: Paise; readonly netUnits: number }): Paise =>
  paise(Math.max(1, Math.floor(costPaise / netUnits)));
