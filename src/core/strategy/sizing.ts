// How many lots an entry buys: the underlying's share of the buying power, in whole lots, under every cap there is. The result
// never costs more than the share, whatever the inputs.
import { UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import { assert } from "../kernel/assert.ts";
import { bpsOf, type Paise, paise } from "../kernel/money.ts";
import { ALLOCATION_BPS, indexFactorBps, volatilityScaleBps } from "./volatility-regime.ts";

export interface EntrySizing {
  readonly underlying: Underlying;
  /** Capital × leverage: all that may be exposed, not what is left of it. */
  readonly buyingPowerPaise: Paise;
  /** What is left of it at this moment; without it only the share counts. */
  readonly availablePaise?: Paise;
  /** Own capital, of which one trade may lose `stopBpsOfCapital`. */
  readonly capitalPaise: Paise;
  readonly capacityBps: number;
  /** India VIX in hundredths; null when it is not known. */
  readonly vixCenti: number | null;
  /** An alert is in force: half of what fits is taken (RSK-11). */
  readonly isWarned?: boolean;
  /** What one unit may cost at worst: the protection price of the order. */
  readonly entryPricePaise: Paise;
  readonly lotSize: number;
  readonly freezeQuantity?: number;
  readonly orderValueMaxPaise: Paise;
  readonly openTradesMax: number;
  /** Loss of one unit at the view's stop, and the share of capital that one trade may lose; both or neither. */
  readonly stopMovePaise?: Paise | null;
  readonly stopBpsOfCapital?: number;
}

/** The owner's ceiling for one order (SPL-01, C-04). */
export const LOTS_PER_ORDER_MAX = 250;

type ShareSizing = Pick<EntrySizing, "underlying" | "buyingPowerPaise" | "capacityBps" | "openTradesMax" | "vixCenti">;

export interface StructureSizing extends ShareSizing {
  readonly isWarned?: boolean;
  readonly availablePaise?: Paise;
  readonly capitalPaise: Paise;
  readonly stopBpsOfCapital: number;
  /** Of one set: what it takes of the buying power, the premium of all its legs, and what is lost beyond a wing. */
  readonly needPaise: Paise;
  readonly valuePaise: Paise;
  readonly lossMaxPaise: Paise;
  readonly orderValueMaxPaise: Paise;
  /** Units of a leg in one set, and the most that one order may have. */
  readonly legUnits: number;
  readonly legUnitsMax: number;
  /** What the day may still lose. */
  readonly lossLeftPaise: Paise;
}

/**
 * Sets of a structure; 0 when not even one fits. Its share is that of any entry, and it takes of it what it blocks. No stop helps
 * against a gap, so what all sets lose beyond a wing is never more than the day may still lose. Of the capital's share for one
 * trade they take no more either, but one set is tried all the same, as one lot is: the exit is drawn nearer then.
 */
export function structureSets(sizing: StructureSizing): number {
  const { needPaise, valuePaise, lossMaxPaise, legUnits, legUnitsMax } = sizing;
  assert(needPaise > 0 && valuePaise > 0 && lossMaxPaise > 0 && legUnits > 0, "a set has a price and a risk");
  const budgetPaise = Math.min(sharePaise(sizing), sizing.availablePaise ?? Number.MAX_SAFE_INTEGER);
  const affordable = Math.min(
    Math.floor(Math.max(0, budgetPaise) / needPaise),
    Math.floor(sizing.orderValueMaxPaise / valuePaise),
    Math.floor(legUnitsMax / legUnits),
    Math.floor(Math.max(0, sizing.lossLeftPaise) / lossMaxPaise),
  );
  const withinShare = Math.floor(bpsOf(sizing.capitalPaise, sizing.stopBpsOfCapital, "FLOOR") / lossMaxPaise);
  return sizedUnder(sizing.isWarned, Math.min(affordable, Math.max(1, withinShare)));
}

/** Half of it under an alert, rounded down, though one is still tried (RSK-11). */
export const sizedUnder = (isWarned: boolean | undefined, count: number): number =>
  isWarned === true && count > 1 ? Math.floor(count / 2) : count;

/**
 * Lots of one entry; 0 when not even one fits. The share is buying power × capacity × allocation × index factor, divided by
 * the trades of an underlying that may be open at once, so that a later signal still finds room; of it, as much as expected
 * against reference volatility leaves. Where the stop is known,
 * only as many lots as can be stopped out within the capital's share for it, though never fewer than one for that reason:
 * the exit plan then draws the stop nearer.
 */
export function entryLots(sizing: EntrySizing): number {
  const { underlying, entryPricePaise, lotSize } = sizing;
  assert(entryPricePaise > 0 && lotSize > 0, "a price and a lot are positive");
  const lotCostPaise = entryPricePaise * lotSize;
  const budgetPaise = Math.min(
    sharePaise(sizing),
    sizing.orderValueMaxPaise,
    sizing.availablePaise ?? Number.MAX_SAFE_INTEGER,
  );
  const affordable = Math.min(
    Math.floor(Math.max(0, budgetPaise) / lotCostPaise),
    LOTS_PER_ORDER_MAX,
    Math.floor((sizing.freezeQuantity ?? Number.MAX_SAFE_INTEGER) / lotSize),
  );
  assert(affordable * lotCostPaise <= Math.max(0, budgetPaise), `${underlying}: ${affordable} lots exceed the budget`);
  return sizedUnder(sizing.isWarned, Math.min(affordable, Math.max(1, lotsWithinStop(sizing))));
}

/** One trade's share of what may be exposed. */
export function sharePaise({
  underlying,
  buyingPowerPaise,
  capacityBps,
  openTradesMax,
  vixCenti,
}: ShareSizing): number {
  const usable = bpsOf(buyingPowerPaise, Math.min(10_000, capacityBps), "FLOOR");
  const ofIndex = bpsOf(usable, ALLOCATION_BPS[underlying], "FLOOR");
  const allocated = bpsOf(ofIndex, indexFactorBps(underlying, vixCenti), "FLOOR");
  const openAtOnce = Math.max(1, Math.ceil(openTradesMax / UNDERLYINGS.length));
  return bpsOf(paise(Math.floor(allocated / openAtOnce)), volatilityScaleBps(vixCenti), "FLOOR");
}

function lotsWithinStop({ capitalPaise, lotSize, stopMovePaise, stopBpsOfCapital }: EntrySizing): number {
  if (!stopMovePaise || stopBpsOfCapital === undefined) return LOTS_PER_ORDER_MAX;
  return Math.floor(bpsOf(capitalPaise, stopBpsOfCapital, "FLOOR") / (stopMovePaise * lotSize));
}
