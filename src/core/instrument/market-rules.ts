// The dated rules of the two exchanges as one typed table: lots, expiries, freeze quantities, charges, sessions, holidays.
// Every row names the circular it rests on; nothing in the code repeats a number that stands here.
import type { MarketDate } from "../kernel/time.ts";
import type { Exchange, Underlying } from "./contract.ts";
import rules from "./market-rules.json" with { type: "json" };

/** A row that holds from `from` to `to`, both inclusive; null is an open end. */
export interface Dated {
  readonly from: MarketDate;
  readonly to: MarketDate | null;
}

export interface LotRule {
  readonly lotSize: number;
  readonly expiryFrom?: MarketDate;
  readonly expiryTo?: MarketDate;
  readonly expiryOn?: MarketDate;
  readonly tradeFrom?: MarketDate;
  readonly tradeTo?: MarketDate;
  /** Only contracts that were listed before this date. */
  readonly listedBefore?: MarketDate;
  /** Only expiries in March, June, September or December, at least three months after the trade month. */
  readonly quarterly?: boolean;
}

/** 0 = Sunday to 6 = Saturday; null: there are none. */
export interface ExpiryWeekday extends Dated {
  readonly weekday: number | null;
}

export interface SessionHours extends Dated {
  readonly open: string;
  readonly close: string;
  /** From here on the index stands still while its options go on trading (closing auction). */
  readonly indexFrozenFrom: string | null;
}

export interface SpecialSession {
  readonly date: MarketDate;
  readonly kind: "FULL" | "DR" | "MUHURAT";
  /** Null: the exchange had not published the time. */
  readonly windows: readonly (readonly [string, string])[] | null;
}

interface PositionLimitRow extends Dated {
  readonly netCrore: number;
  readonly grossCrore: number;
}

interface MarketRules {
  readonly lots: { readonly rules: Readonly<Record<Underlying, readonly LotRule[]>> };
  readonly expiryWeekdays: Readonly<
    Record<Underlying, { readonly weekly: readonly ExpiryWeekday[]; readonly lastOfMonth: readonly ExpiryWeekday[] }>
  >;
  readonly expiries: Readonly<
    Record<Underlying, { readonly weekly: readonly MarketDate[]; readonly lastOfMonth: readonly MarketDate[] }>
  >;
  readonly tickSize: string;
  readonly strikeStep: Readonly<Record<Underlying, number>>;
  readonly freezeQuantity: {
    readonly smallestKnown: Readonly<Record<Underlying, number>>;
    readonly rules: Readonly<Record<Underlying, readonly (Dated & { readonly quantity: number | null })[]>>;
  };
  /** Futures-equivalent of index options, in crore of rupees; gross is of each side. */
  readonly positionLimits: {
    readonly intraday: readonly PositionLimitRow[];
    readonly endOfDay: readonly PositionLimitRow[];
  };
  readonly priceProtection: {
    readonly rules: Readonly<
      Record<Exchange, readonly (Dated & { readonly percent: string; readonly atLeast: string })[]>
    >;
  };
  readonly charges: {
    readonly stt: readonly (Dated & { readonly sellPremiumPercent: string; readonly exercisePercent: string })[];
    readonly exchange: Readonly<
      Record<Exchange, readonly (Dated & { readonly transactionPerCrore: string; readonly ipftPerCrore: string })[]>
    >;
    readonly sebiTurnover: readonly (Dated & { readonly perCrore: string })[];
    readonly stamp: readonly (Dated & { readonly buyPercent: string })[];
    readonly gst: readonly (Dated & { readonly percent: string })[];
    readonly brokeragePerExecutedOrder: string;
  };
  readonly sessions: readonly SessionHours[];
  readonly holidays: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly specialSessions: readonly SpecialSession[];
}

// The compiler infers plain strings from JSON; the tests of this folder hold the file to the types above.
export const MARKET_RULES = rules as unknown as MarketRules;

/** The row in force on a date, or null. */
export const rowInForce = <T extends Dated>(rows: readonly T[], date: MarketDate): T | null =>
  rows.find((row) => row.from <= date && (row.to === null || date <= row.to)) ?? null;
