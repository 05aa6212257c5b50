// The measured hit rates of the rules, as `npm run measure-rules -- --write` leaves them, and the look-up in them. A date is
// only ever answered by rates that were measured on earlier dates.
import type { Underlying } from "../instrument/contract.ts";
import type { MarketDate } from "../kernel/time.ts";
import type { BandName } from "../strategy/volatility-regime.ts";
import type { Tally } from "./hit-rate.ts";
import { CALM_POOL } from "./rule-calm.ts";
import type { ViewSide } from "./rule-event.ts";
import table from "./rule-hit-rates.json" with { type: "json" };
import type { MacdStand, RuleName, RuleView } from "./rule-view.ts";

export interface RuleCase extends RuleView {
  readonly underlying: Underlying;
  /** UNKNOWN: the volatility is not known, so the rate is one over all bands. */
  readonly band: BandName;
}

/** The underlying a rate was measured on; ALL where it was pooled. */
type MeasuredOn = Underlying | "ALL";

/** `[measured on, rule, side, band, macd, cases, hits, days, effective cases]` */
export type HitRateRow = readonly [MeasuredOn, RuleName, ViewSide, BandName, MacdStand, number, number, number, number];
/**
 * `[measured on, side, when, cases, hits]` at any moment, whatever the rules said. MACD comes late in the morning, and the hour
 * alone changes the rate, so moments with it are only held against moments with it.
 */
export type AnyMomentRow = readonly [MeasuredOn, ViewSide, "WITH_MACD" | "BEFORE_MACD", number, number];

/** `[measured on, band, cases, hits, days, effective cases]` of the calm rule. Without a VIX it says nothing. */
export type CalmRow = readonly [MeasuredOn, BandName, number, number, number, number];
/** `[measured on, cases, hits]` of the calm rule's event at any moment with MACD and VIX that had time for it. */
export type CalmAnyRow = readonly [MeasuredOn, number, number];

/** The rates from everything measured before a date. */
export interface Vintage {
  readonly before: MarketDate;
  readonly firstDate: MarketDate;
  readonly lastDate: MarketDate;
  readonly anyMoment: readonly AnyMomentRow[];
  readonly rates: readonly HitRateRow[];
  readonly calmAnyMoment: readonly CalmAnyRow[];
  readonly calm: readonly CalmRow[];
}

export interface HitRateTable {
  readonly command: string;
  readonly event: { readonly targetAtr: number; readonly stopAtr: number; readonly horizonMinutes: number };
  readonly calmEvent: { readonly withinExpected: number; readonly horizonMinutes: number };
  readonly casesMin: number;
  /** What the rates do not show, for people. */
  readonly remark: string;
  readonly sources: Readonly<Record<string, { readonly days: number; readonly first: string; readonly last: string }>>;
  readonly excludedDates: readonly string[];
  readonly vintages: readonly Vintage[];
}

export interface MeasuredRate {
  readonly tally: Tally;
  readonly measuredOn: MeasuredOn;
  readonly before: MarketDate;
  /** Cases and hits of the same event at any moment that had, or had not, MACD like this one. */
  readonly anyMoment: { readonly cases: number; readonly hits: number };
}

/** Fewer cases than this are no measurement. */
export const CASES_MIN = 30;

// The compiler infers plain arrays from JSON; the tests of this folder hold the file to the types above.
export const HIT_RATES = table as unknown as HitRateTable;

/** The newest rates that a date may know of. */
export const vintageFor = (date: MarketDate, rates: HitRateTable = HIT_RATES): Vintage | null =>
  rates.vintages.findLast(({ before }) => before <= date) ?? null;

/** The measured rate of a calm market, looked up as that of a case is; pooled only over the indices that VIX speaks for. */
export function calmRate(
  { underlying, band }: Pick<RuleCase, "underlying" | "band">,
  date: MarketDate,
  rates: HitRateTable = HIT_RATES,
): MeasuredRate | null {
  const vintage = vintageFor(date, rates);
  if (vintage === null) return null;
  for (const measuredOn of CALM_POOL.includes(underlying) ? ([underlying, "ALL"] as const) : [underlying]) {
    const row = vintage.calm.find(([on, of]) => on === measuredOn && of === band);
    if (row === undefined || row[2] < CASES_MIN) continue;
    const [, , cases, hits, days, effectiveCases] = row;
    const [, anyCases, anyHits] = vintage.calmAnyMoment.find(([on]) => on === measuredOn) ?? [measuredOn, 0, 0];
    return {
      tally: { cases, hits, days, effectiveCases },
      measuredOn,
      before: vintage.before,
      anyMoment: { cases: anyCases, hits: anyHits },
    };
  }
  return null;
}

/**
 * The measured rate of a case: the underlying's own where there are at least `CASES_MIN` cases, else the one pooled over all
 * underlyings, else null.
 */
export function measuredRate(wanted: RuleCase, date: MarketDate, rates: HitRateTable = HIT_RATES): MeasuredRate | null {
  const vintage = vintageFor(date, rates);
  if (vintage === null) return null;
  for (const measuredOn of [wanted.underlying, "ALL"] as const) {
    const row = vintage.rates.find(
      ([on, rule, side, band, macd]) =>
        on === measuredOn &&
        rule === wanted.rule &&
        side === wanted.side &&
        band === wanted.band &&
        macd === wanted.macd,
    );
    if (row === undefined) continue;
    const [, , , , , cases, hits, days, effectiveCases] = row;
    if (cases < CASES_MIN) continue;
    const when = wanted.macd === "MISSING" ? "BEFORE_MACD" : "WITH_MACD";
    const any = vintage.anyMoment.find((of) => of[0] === measuredOn && of[1] === wanted.side && of[2] === when);
    return {
      tally: { cases, hits, days, effectiveCases },
      measuredOn,
      before: vintage.before,
      anyMoment: { cases: any?.[3] ?? 0, hits: any?.[4] ?? 0 },
    };
  }
  return null;
}
