// The definitions of a calm market that were compared, and how each fared against comparable moments: all of them on the dates
// the choice was made on, the chosen one also on the dates after those. And what is measured of the chosen one.
import type { Underlying } from "../../src/core/instrument/contract.ts";
import { istMsOfDay } from "../../src/core/kernel/time.ts";
import { lowerBoundBps, type Tally, tallyOf } from "../../src/core/prediction/hit-rate.ts";
import { CALM_POOL, CALM_TERMS, type CalmTerms, isCalm } from "../../src/core/prediction/rule-calm.ts";
import { GATE_BPS } from "../../src/core/prediction/rule-direction.ts";
import { TREND_BARS } from "../../src/core/prediction/rule-features.ts";
import {
  CASES_MIN,
  type CalmAnyRow,
  type CalmRow,
  calmRate,
  type HitRateTable,
} from "../../src/core/prediction/rule-hit-rates.ts";
import { TREND_CHOSEN_BEFORE } from "../../src/core/prediction/rule-trend.ts";
import { ruleViewOf } from "../../src/core/prediction/rule-view.ts";
import type { BandName } from "../../src/core/strategy/volatility-regime.ts";
import type { Moment } from "./moments.ts";

export interface CalmResult extends CalmTerms {
  readonly isLater: boolean;
  readonly tally: Tally;
  /** Hits × 10,000 to expect of the same underlyings at the same times of day. */
  readonly expectedBps: number;
}

type CalmCase = Moment & { readonly stayed: boolean };
type Groups = readonly (readonly [Underlying | "ALL", readonly Moment[]])[];

const DEFINITIONS: readonly CalmTerms[] = [5, 10, CALM_TERMS.rsiWithin50].flatMap((rsiWithin50) =>
  [false, true].flatMap((isAtrFalling) =>
    [0.6, 0.7, 0.8].map((atrShareMax) => ({ rsiWithin50, isAtrFalling, atrShareMax })),
  ),
);

export function compareCalms(moments: readonly Moment[]): CalmResult[] {
  const cases = casesOf(moments);
  const earlier = cases.filter(({ date }) => date < TREND_CHOSEN_BEFORE);
  const later = cases.filter(({ date }) => date >= TREND_CHOSEN_BEFORE);
  return [
    ...DEFINITIONS.map((definition) => resultOf(definition, earlier, false)),
    resultOf(CALM_TERMS, earlier, false),
    resultOf(CALM_TERMS, later, true),
  ];
}

export const calmAnyRows = (groups: Groups): CalmAnyRow[] =>
  pooled(groups).map(([on, group]) => {
    const cases = casesOf(group);
    return [on, cases.length, cases.filter(({ stayed }) => stayed).length];
  });

export function calmRows(groups: Groups): CalmRow[] {
  return pooled(groups).flatMap(([on, group]) => {
    const spoken = casesOf(group).filter(speaks);
    return [...new Set(spoken.map(({ band }) => band))].sort().flatMap((band: BandName): CalmRow[] => {
      const { cases, hits, days, effectiveCases } = tallyOfCases(spoken.filter((moment) => moment.band === band));
      return cases < CASES_MIN ? [] : [[on, band, cases, hits, days, effectiveCases]];
    });
  });
}

/**
 * Where the index stood at the horizon of the chosen definition on the dates it was chosen on, as shares of the bound: the median
 * of each fifth. Underlyings that are pooled only. What a structure is priced at the horizon by.
 */
export function calmEndShares(moments: readonly Moment[]): number[] {
  const shares = casesOf(moments)
    .filter((moment) => moment.date < TREND_CHOSEN_BEFORE && CALM_POOL.includes(moment.underlying) && speaks(moment))
    .map(({ endShare }) => endShare ?? 0)
    .sort((one, other) => one - other);
  return [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => shares[Math.floor(part * shares.length)] ?? 0);
}

/** Calm views that passed the gate by the rates known on their own date, which those rates had not seen. */
export function calmVoiced(
  moments: readonly Moment[],
  table: HitRateTable,
): { readonly underlying: Underlying; readonly tally: Tally }[] {
  const voiced = casesOf(moments).filter((moment) => {
    const rate = speaks(moment) ? calmRate(moment, moment.date, table) : null;
    return rate !== null && lowerBoundBps(rate.tally) > GATE_BPS;
  });
  return [...Map.groupBy(voiced, ({ underlying }) => underlying)].map(([underlying, cases]) => ({
    underlying,
    tally: tallyOfCases(cases),
  }));
}

const pooled = (groups: Groups): Groups =>
  groups.map(([on, group]) =>
    on === "ALL" ? [on, group.filter(({ underlying }) => CALM_POOL.includes(underlying))] : [on, group],
  );

/** Rules with a direction are asked first. */
const speaks = (moment: CalmCase): boolean => ruleViewOf(moment.features) === null && isCalm(moment);

const casesOf = (moments: readonly Moment[]): CalmCase[] =>
  moments.filter((moment): moment is CalmCase => moment.stayed !== null && moment.features.macdHistogramPaise !== null);

function resultOf(terms: CalmTerms, group: readonly CalmCase[], isLater: boolean): CalmResult {
  const usual = usualRates(group);
  const such = group.filter(
    (moment) =>
      ruleViewOf(moment.features) === null &&
      isCalm({ ...moment, atrEarlierPaise: moment.atrBefore(TREND_BARS) }, terms),
  );
  const expected = such.reduce((sum, moment) => sum + (usual.get(slotOf(moment)) ?? 0), 0);
  return {
    ...terms,
    isLater,
    tally: tallyOfCases(such),
    expectedBps: such.length === 0 ? 0 : Math.round((10_000 * expected) / such.length),
  };
}

function tallyOfCases(cases: readonly CalmCase[]): Tally {
  const days = new Map<string, { cases: number; hits: number }>();
  for (const { date, stayed } of cases) {
    const day = days.get(date) ?? { cases: 0, hits: 0 };
    days.set(date, { cases: day.cases + 1, hits: day.hits + (stayed ? 1 : 0) });
  }
  return tallyOf(days.values());
}

/** Share of hits by underlying and time of day. */
function usualRates(group: readonly CalmCase[]): Map<string, number> {
  return new Map(
    [...Map.groupBy(group, slotOf)].map(([slot, cases]) => [
      slot,
      cases.filter(({ stayed }) => stayed).length / cases.length,
    ]),
  );
}

const slotOf = ({ underlying, features }: Moment): string =>
  `${underlying} ${features.asOfMs === null ? "" : istMsOfDay(features.asOfMs)}`;
