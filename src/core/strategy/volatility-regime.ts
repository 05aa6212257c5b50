// What India VIX allows: how much of the buying power, how many trades, how wide a stop. Bands are guidelines that confidence
// may widen or must narrow; all arithmetic on counts is in whole numbers (VIX-01 to VIX-03).
import { UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import { assert } from "../kernel/assert.ts";
import { bpsOf, type Paise } from "../kernel/money.ts";

export type BandName = "BELOW_15" | "FROM_15" | "FROM_20" | "FROM_30" | "UNKNOWN";

export interface VolatilityBand {
  readonly name: BandName;
  /** Share of buying power that may be used, × 10,000. */
  readonly capacityBps: number;
  /** The guideline before confidence is looked at. */
  readonly tradesPerDayMax: number;
  /** Most that one trade may lose by its stop, as a share of capital × 10,000 (C-15). */
  readonly stopBpsOfCapital: number;
  /** The owner's daily return target × 10,000. A target, never a promise; null where the band is unknown. */
  readonly returnTargetBps: number | null;
  /** The owner's win-rate target × 10,000. */
  readonly winRateTargetBps: number | null;
}

const BANDS: readonly (VolatilityBand & { readonly fromCenti: number })[] = [
  band("FROM_30", 30_00, 5_000, 90, 150, 500, 5_000),
  band("FROM_20", 20_00, 5_000, 90, 150, 700, 5_500),
  band("FROM_15", 15_00, 7_500, 135, 100, 800, 6_000),
  band("BELOW_15", 0, 10_000, 180, 100, 1_000, 6_600),
];

/** Without a VIX: the smallest capacity and count of any band, and the narrower stop. */
const UNKNOWN_BAND: VolatilityBand = {
  name: "UNKNOWN",
  capacityBps: 5_000,
  tradesPerDayMax: 90,
  stopBpsOfCapital: 100,
  returnTargetBps: null,
  winRateTargetBps: null,
};

/** The band of India VIX in hundredths (15.00 is 1500). Null or negative, as a missing figure, is the conservative one. */
export const volatilityBand = (vixCenti: number | null): VolatilityBand =>
  (vixCenti === null ? undefined : BANDS.find(({ fromCenti }) => vixCenti >= fromCenti)) ?? UNKNOWN_BAND;

export interface AdaptiveInput {
  readonly vixCenti: number | null;
  /** Mean over all candidate signals, before the gate; null when there was none. */
  readonly averageConfidenceBps: number | null;
  /** Measured volatility of the market × 10,000; above 30 % nothing is exceeded. Null when not measured. */
  readonly volatilityBps?: number | null;
  /** What warns of more risk than usual, for people; absent when nothing does. */
  readonly riskWarning?: string;
  readonly currentTrades: number;
}

export interface AdaptiveTrades {
  readonly decision: "EXCEED" | "FOLLOW" | "REDUCE";
  readonly guideline: number;
  readonly adaptiveMax: number;
  readonly shouldExceed: boolean;
  readonly remaining: number;
  /** For people: which figures led to it. */
  readonly reason: string;
}

const EXCEED_ABOVE_BPS = 8_000;
const REDUCE_BELOW_BPS = 5_000;
const CALM_UP_TO_BPS = 3_000;

/** Trades allowed on the day: the band's guideline, a fifth more on high confidence, three tenths less on low (VIX-03). */
export function adaptiveTradesPerDay(input: AdaptiveInput): AdaptiveTrades {
  const { name, tradesPerDayMax: guideline } = volatilityBand(input.vixCenti);
  const confidence = input.averageConfidenceBps;
  const held = heldBack(input, name);
  const decision =
    confidence !== null && confidence > EXCEED_ABOVE_BPS && held === null
      ? "EXCEED"
      : confidence !== null && confidence < REDUCE_BELOW_BPS
        ? "REDUCE"
        : "FOLLOW";
  const tenths = { EXCEED: 12, FOLLOW: 10, REDUCE: 7 }[decision];
  const adaptiveMax = Math.floor((guideline * tenths) / 10);
  return {
    decision,
    guideline,
    adaptiveMax,
    shouldExceed: decision === "EXCEED",
    remaining: Math.max(0, adaptiveMax - input.currentTrades),
    reason: reasonOf(input, decision, held),
  };
}

/** Why nothing is exceeded, whatever the confidence; null where it may be. */
function heldBack({ volatilityBps, riskWarning }: AdaptiveInput, name: BandName): string | null {
  if (name === "UNKNOWN") return "there is no VIX to go by";
  if ((volatilityBps ?? 0) > CALM_UP_TO_BPS) {
    return `the indices move by ${((volatilityBps ?? 0) / 100).toFixed(2)} % a year, above ${CALM_UP_TO_BPS / 100} %`;
  }
  return riskWarning ?? null;
}

function reasonOf(
  { vixCenti, averageConfidenceBps }: AdaptiveInput,
  decision: AdaptiveTrades["decision"],
  held: string | null,
): string {
  const vix = vixCenti === null ? "VIX is not known" : `VIX is ${(vixCenti / 100).toFixed(2)}`;
  if (averageConfidenceBps === null) return `${vix}; no signal carries a confidence`;
  const confidence = `the mean confidence is ${(averageConfidenceBps / 100).toFixed(2)} %`;
  if (decision === "EXCEED") return `${vix}; ${confidence}, above ${EXCEED_ABOVE_BPS / 100} %`;
  if (decision === "REDUCE") return `${vix}; ${confidence}, below ${REDUCE_BELOW_BPS / 100} %`;
  return averageConfidenceBps > EXCEED_ABOVE_BPS && held !== null
    ? `${vix}; ${confidence}, and nothing is exceeded: ${held}`
    : `${vix}; ${confidence}`;
}

/** Share of capacity per underlying × 10,000 (VIX-02). */
export const ALLOCATION_BPS: Readonly<Record<Underlying, number>> = { NIFTY50: 4_000, BANKNIFTY: 4_000, SENSEX: 2_000 };

/** AI-04: from the careful to the generous end of an index's range × 10,000. */
const INDEX_FACTOR_RANGE_BPS: Readonly<Record<Underlying, readonly [careful: number, generous: number]>> = {
  NIFTY50: [10_000, 10_000],
  BANKNIFTY: [12_000, 15_000],
  SENSEX: [9_000, 9_500],
};

/**
 * How much of its share an underlying may use × 10,000. A VIX below 15 grants the generous end of the range, one below 20 the
 * middle; above, or when it is not known, it is the careful end (decision 0055).
 */
export function indexFactorBps(underlying: Underlying, vixCenti: number | null): number {
  const [careful, generous] = INDEX_FACTOR_RANGE_BPS[underlying];
  const { name } = volatilityBand(vixCenti);
  if (name === "BELOW_15") return generous;
  return name === "FROM_15" ? Math.floor((careful + generous) / 2) : careful;
}

/** Where the bands of capacity begin: what lies between two of them is scaled by volatility itself. */
const REFERENCE_CENTI: Readonly<Record<Exclude<BandName, "BELOW_15" | "UNKNOWN">, number>> = {
  FROM_15: 15_00,
  FROM_20: 20_00,
  // Its capacity is that of the band below, and so is its reference: more volatility never buys more.
  FROM_30: 20_00,
};
/** A VIX that is not known is taken for one at the upper end of its capacity. */
const UNKNOWN_AS_CENTI = 30_00;

/**
 * Expected against reference volatility × 10,000, at most 1. A day's expected move is VIX ÷ √252, so the two moves stand to
 * each other as the VIX where the capacity's band begins stands to the VIX that is expected: the same money is at stake per
 * expected move everywhere in a band. Rounded down.
 */
export function volatilityScaleBps(vixCenti: number | null): number {
  const { name } = volatilityBand(vixCenti);
  if (name === "BELOW_15") return 10_000;
  const expected = name === "UNKNOWN" || vixCenti === null ? UNKNOWN_AS_CENTI : vixCenti;
  const reference = REFERENCE_CENTI[name === "UNKNOWN" ? "FROM_20" : name];
  return Math.min(10_000, Math.floor((reference * 10_000) / expected));
}

/** Splits a count by the allocation so that the parts sum to it: largest remainder, ties in the order of `UNDERLYINGS`. */
export function indexAllocation(total: number): Readonly<Record<Underlying, number>> {
  assert(Number.isSafeInteger(total) && total >= 0, `not a count of trades: ${total}`);
  const parts = UNDERLYINGS.map((underlying, order) => {
    const share = total * ALLOCATION_BPS[underlying];
    return { underlying, order, whole: Math.floor(share / 10_000), remainder: share % 10_000 };
  });
  let left = total - parts.reduce((sum, part) => sum + part.whole, 0);
  const allocation: Record<Underlying, number> = { NIFTY50: 0, BANKNIFTY: 0, SENSEX: 0 };
  for (const part of parts.toSorted((a, b) => b.remainder - a.remainder || a.order - b.order)) {
    allocation[part.underlying] = part.whole + (left > 0 ? 1 : 0);
    left -= 1;
  }
  return allocation;
}

/** Capacity and stop in money exactly as Annex R words them: at a VIX of 20 it still grants everything (G-23, C-15). */
export function annexRRisk(
  vixCenti: number,
  capitalPaise: Paise,
): { readonly capacityPaise: Paise; readonly stopLossPaise: Paise } {
  const isHigh = vixCenti > 20_00;
  return {
    capacityPaise: bpsOf(capitalPaise, isHigh ? 5_000 : 10_000, "FLOOR"),
    stopLossPaise: bpsOf(capitalPaise, isHigh ? 150 : 100, "FLOOR"),
  };
}

function band(
  name: BandName,
  fromCenti: number,
  capacityBps: number,
  tradesPerDayMax: number,
  stopBpsOfCapital: number,
  returnTargetBps: number,
  winRateTargetBps: number,
): VolatilityBand & { readonly fromCenti: number } {
  return { name, fromCenti, capacityBps, tradesPerDayMax, stopBpsOfCapital, returnTargetBps, winRateTargetBps };
}
