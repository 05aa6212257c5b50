// A rule on index bars as data: which way it would stand after each bar. It is asked about completed bars only, and what it says
// after one is done at the open of the next.
import type { IstTime } from "../../kernel/time.ts";

/** MOMENTUM takes strength to go on, CONTRARIAN to come back (C-11). */
export type Polarity = "MOMENTUM" | "CONTRARIAN";

export type IndexSignal =
  /** Beyond a bound: LEVEL says so on every such bar, CROSS on the first one only. */
  | {
      readonly kind: "RSI";
      readonly period: number;
      readonly upper: number;
      readonly lower: number;
      readonly polarity: Polarity;
      readonly trigger: "LEVEL" | "CROSS";
    }
  /** The fast average goes to the other side of the slow one. */
  | { readonly kind: "EMA_CROSS"; readonly fast: number; readonly slow: number; readonly polarity: Polarity }
  /** The close goes beyond a band. */
  | {
      readonly kind: "BOLLINGER";
      readonly period: number;
      readonly deviations: number;
      readonly polarity: Polarity;
    }
  /** The close leaves the range of the day's first minutes, once a day to each side. */
  | { readonly kind: "OPENING_RANGE"; readonly minutes: number; readonly polarity: Polarity };

export interface IndexRule {
  readonly signal: IndexSignal;
  /** What the other side's word means: nothing but an exit under LONG_ONLY and SHORT_ONLY. */
  readonly sides: "BOTH" | "LONG_ONLY" | "SHORT_ONLY";
  /** DAILY: indicators begin anew with each day's first bar, as the platform's own rules have it. */
  readonly memory: "CONTINUOUS" | "DAILY";
}

/** A distance from the entry price: paise, millionths of the price, or hundredths of ATR(14) as of the entry. */
export interface IndexDistance {
  readonly unit: "PAISE" | "PPM" | "ATR_CENTI";
  readonly value: number;
}

/** What a deal costs, each time. An index cannot be bought: these stand in for its future. */
export interface IndexCosts {
  /** Brokerage, taxes and fees in millionths of the value, rounded up to the paisa. */
  readonly chargesPpm: number;
  /** Between bid and ask; each deal pays half of it, rounded up. */
  readonly spreadPaise: number;
  /** In millionths of the price, always against us, rounded up. */
  readonly slippagePpm: number;
}

export type IndexSizing =
  | { readonly by: "UNITS"; readonly units: number }
  /** As many units as this many per cent of the equity pays for. */
  | { readonly by: "EQUITY_PERCENT"; readonly percent: number };

export interface IndexRisk {
  readonly sizing: IndexSizing;
  /** Never more than this. */
  readonly maxUnits: number;
  readonly stop: IndexDistance | null;
  readonly target: IndexDistance | null;
  /** Out at the open of the first bar from here on, and in at none of them; null carries positions over night. */
  readonly flatFrom: IstTime | null;
  /** No entry at bars from here on. */
  readonly noEntryFrom: IstTime | null;
  /** Once a day has lost so much, marked at a close: out at the next open and no entry until the next day. */
  readonly dailyLossPaise: number | null;
  readonly entriesPerDay: number | null;
}

export interface IndexSetup {
  readonly rule: IndexRule;
  readonly costs: IndexCosts;
  readonly risk: IndexRisk;
  readonly capitalPaise: number;
}
