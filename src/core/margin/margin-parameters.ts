// What the margin model takes from the clearing corporations, by date, each row with its source. Where a table starts later
// than the date asked for, its oldest row stands in.
import { type Dated, rowInForce } from "../instrument/market-rules.ts";
import { required } from "../kernel/assert.ts";
import type { MarketDate } from "../kernel/time.ts";

export interface MarginParameters {
  /** The price move of a full scan, of the spot. */
  readonly priceScanBps: number;
  /** Volatility goes up and down by this much, in hundredths of a point (400 = 4 points). */
  readonly volatilityScanBps: number;
  /** The two extreme moves, as multiples of the price scan, and the part of their loss that counts. */
  readonly extremeMultiple: number;
  readonly extremeCoverBps: number;
  /** Charged on the delta of shorts where one expiry covers another, of the spot. */
  readonly calendarChargeBps: number;
  /** Of the notional of shorts; the second where the strike lies deep out of the money. */
  readonly exposureBps: number;
  readonly exposureDeepBps: number;
  readonly deepBeyondBps: number;
  /** More of the notional of shorts on the day they expire. */
  readonly expiryDayBps: number;
  /** Whether what expires today may still cover, and be covered by, other expiries. */
  readonly calendarBenefitOnExpiryDay: boolean;
}

/** What the account blocks beyond the model's figure, so that a model's error is not the venue's rejection. */
export const RISK_CUSHION_BPS = 500;

/**
 * Volatility assumed where a leg has none and its price implies none: high for what is owed, low for what is owned, so that
 * ignorance counts against the account.
 */
export const FALLBACK_VOLATILITY = { short: 0.3, long: 0.1 } as const;

/**
 * Scenarios are valued without interest: that reproduces the published figures whose expiry is known by its month only
 * (decision 0035).
 */
export const SCENARIO_RATE = 0;

/** The clearing corporations' floors, and what a broker adds for short index options. */
const FLOORS = {
  priceScanBps: 930,
  volatilityScanBps: 400,
  extremeMultiple: 2,
  extremeCoverBps: 3_500,
  calendarChargeBps: 175,
  exposureBps: 200,
  exposureDeepBps: 300,
  deepBeyondBps: 1_000,
} as const;
const FLOORS_SOURCE =
  "SEBI/HO/MRD2/DCAP/CIR/P/2020/27; NSE Clearing, SPAN risk parameters of index derivatives; risk files and a broker's answers of 2026";

const day = (text: string): MarketDate => text as MarketDate;

export interface MarginRow extends MarginParameters, Dated {
  readonly source: string;
}

export const MARGIN_ROWS: readonly MarginRow[] = [
  {
    from: day("2020-02-24"),
    to: day("2024-11-19"),
    ...FLOORS,
    expiryDayBps: 0,
    calendarBenefitOnExpiryDay: true,
    source: `${FLOORS_SOURCE}; from the date of the circular`,
  },
  {
    from: day("2024-11-20"),
    to: day("2025-01-31"),
    ...FLOORS,
    expiryDayBps: 200,
    calendarBenefitOnExpiryDay: true,
    source: `${FLOORS_SOURCE}; SEBI 2024/132 and NSE/CMPT/64639: 2 % more on expiry day`,
  },
  {
    from: day("2025-02-01"),
    to: null,
    ...FLOORS,
    expiryDayBps: 200,
    calendarBenefitOnExpiryDay: false,
    source: `${FLOORS_SOURCE}; SEBI 2024/132: 2 % more and no calendar benefit on expiry day`,
  },
];

export const marginParametersOn = (date: MarketDate): MarginRow =>
  rowInForce(MARGIN_ROWS, date) ?? required(MARGIN_ROWS[0], "an oldest row");
