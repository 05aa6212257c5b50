// Plays the rules over the developer data and counts how often their views would have paid: one table per half-year, each from
// earlier dates only.
import { UNDERLYINGS, type Underlying } from "../../src/core/instrument/contract.ts";
import { type MarketDate, marketDate } from "../../src/core/kernel/time.ts";
import { lowerBoundBps, type Tally, tallyOf } from "../../src/core/prediction/hit-rate.ts";
import { CALM_EVENT } from "../../src/core/prediction/rule-calm.ts";
import { GATE_BPS, type RsiPolarity } from "../../src/core/prediction/rule-direction.ts";
import { RULE_EVENT, type ViewSide } from "../../src/core/prediction/rule-event.ts";
import {
  type AnyMomentRow,
  CASES_MIN,
  type HitRateRow,
  type HitRateTable,
  measuredRate,
  type Vintage,
} from "../../src/core/prediction/rule-hit-rates.ts";
import { TREND_CHOSEN_BEFORE } from "../../src/core/prediction/rule-trend.ts";
import { RULE_NAMES, type RuleName, type RuleView, ruleViewOf } from "../../src/core/prediction/rule-view.ts";
import type { BandName } from "../../src/core/strategy/volatility-regime.ts";
import { replayDatesOf } from "../history-folder.ts";
import { type CalmResult, calmAnyRows, calmEndShares, calmRows, calmVoiced, compareCalms } from "./compare-calms.ts";
import { compareTrends, type TrendResult } from "./compare-trends.ts";
import { type Moment, readMoments } from "./moments.ts";

const SIDES: readonly ViewSide[] = ["BULLISH", "BEARISH"];
const FIRST_YEAR = 2014;
const REMARK =
  "Each vintage is measured on dates before its own only. The event (target, stop, horizon) was chosen once, among 48, on all of " +
  "these dates, so the rates flatter it. Two readings of the RSI were tried: at the moment itself, as AI-02 has it, and its extreme " +
  "over the last five bars. The former was kept after seeing how often each speaks on replay days (2025-08-29: two views against " +
  "none), though not how any view ended there. The trend rule's terms were chosen among 18 on dates before " +
  `${TREND_CHOSEN_BEFORE} by their distance from comparable moments; later dates had no say in it. So were the calm rule's terms, ` +
  "among 18, and its event among 9 (0.7, 0.8 or 1 of what VIX expects; 75, 120 or 150 minutes), after distances in ATR had been " +
  "tried and given up; later dates were seen beside the earlier ones while that measure was chosen.";

export interface Measurement {
  readonly table: HitRateTable;
  /** Rates over everything there is, by polarity, for people: never used for a prediction. */
  readonly overall: readonly {
    readonly polarity: RsiPolarity;
    readonly rule: RuleName;
    readonly side: ViewSide;
    readonly cases: number;
    readonly hits: number;
  }[];
  /** Views that passed the gate by the rates known on their own date, which those rates had not seen. */
  readonly walkForward: readonly {
    readonly rule: RuleName;
    readonly underlying: Underlying;
    readonly side: ViewSide;
    readonly tally: Tally;
  }[];
  /** How many of those there were a day, on days on which all underlyings are measured. */
  readonly viewsPerDay: readonly {
    readonly rules: readonly RuleName[];
    readonly days: number;
    readonly views: number;
    readonly median: number;
    readonly daysWithout: number;
  }[];
  readonly trends: readonly TrendResult[];
  readonly calms: readonly CalmResult[];
  readonly calmEndShares: readonly number[];
  readonly calmWalkForward: readonly { readonly underlying: Underlying; readonly tally: Tally }[];
}

interface Voiced {
  readonly moment: Moment;
  readonly view: RuleView;
}

export function measureHitRates(dataFolder: string, command: string): Measurement {
  const { moments, sources } = readMoments(dataFolder);
  const table = {
    command,
    event: RULE_EVENT,
    calmEvent: CALM_EVENT,
    casesMin: CASES_MIN,
    remark: REMARK,
    sources,
    excludedDates: [...replayDatesOf(dataFolder)].sort(),
    vintages: vintagesOf(moments),
  };
  const voiced = voicedOf(moments, table);
  return {
    table,
    overall: overallOf(moments),
    walkForward: walkForwardOf(voiced),
    viewsPerDay: viewsPerDayOf(moments, voiced),
    trends: compareTrends(moments),
    calms: compareCalms(moments),
    calmEndShares: calmEndShares(moments),
    calmWalkForward: calmVoiced(moments, table),
  };
}

/** One vintage per half-year in which something new had been measured. */
function vintagesOf(moments: readonly Moment[]): Vintage[] {
  const dates = moments.map(({ date }) => date).sort();
  const last = dates.at(-1) ?? "";
  const vintages: Vintage[] = [];
  for (let half = FIRST_YEAR * 2; ; half += 1) {
    const before = marketDate(`${Math.floor(half / 2)}-${half % 2 === 0 ? "01" : "07"}-01`);
    const known = moments.filter(({ date }) => date < before);
    const lastDate = known.reduce<MarketDate>(
      (latest, { date }) => (date > latest ? date : latest),
      dates[0] ?? before,
    );
    if (lastDate !== vintages.at(-1)?.lastDate) {
      vintages.push({
        before,
        firstDate: dates[0] ?? before,
        lastDate,
        anyMoment: anyMomentRows(known),
        rates: rateRows(known),
        calmAnyMoment: calmAnyRows(measuredOn(known)),
        calm: calmRows(measuredOn(known)),
      });
    }
    if (before > last) return vintages;
  }
}

const anyMomentRows = (moments: readonly Moment[]): AnyMomentRow[] =>
  measuredOn(moments).flatMap(([on, group]) =>
    SIDES.flatMap((side) =>
      (["WITH_MACD", "BEFORE_MACD"] as const).map((when): AnyMomentRow => {
        const such = group.filter(({ features }) => (features.macdHistogramPaise !== null) === (when === "WITH_MACD"));
        return [on, side, when, such.length, such.filter(({ paid }) => paid[side]).length];
      }),
    ),
  );

function rateRows(moments: readonly Moment[]): HitRateRow[] {
  const rows: HitRateRow[] = [];
  for (const [on, group] of measuredOn(moments)) {
    const cases = new Map<
      string,
      {
        readonly key: [RuleName, ViewSide, BandName, RuleView["macd"]];
        readonly days: Map<string, { cases: number; hits: number }>;
      }
    >();
    for (const moment of group) {
      const view = ruleViewOf(moment.features);
      if (view === null) continue;
      const { rule, side, macd } = view;
      // Without a VIX one only knows the rate over all bands.
      for (const band of new Set<BandName>([moment.band, "UNKNOWN"])) {
        const id = `${rule} ${side} ${band} ${macd}`;
        const entry = cases.get(id) ?? { key: [rule, side, band, macd], days: new Map() };
        cases.set(id, entry);
        const day = entry.days.get(moment.date) ?? { cases: 0, hits: 0 };
        entry.days.set(moment.date, { cases: day.cases + 1, hits: day.hits + (moment.paid[side] ? 1 : 0) });
      }
    }
    for (const { key, days } of [...cases.values()].sort((a, b) => (a.key.join() < b.key.join() ? -1 : 1))) {
      const tally = tallyOf(days.values());
      if (tally.cases < CASES_MIN) continue;
      rows.push([on, ...key, tally.cases, tally.hits, tally.days, tally.effectiveCases]);
    }
  }
  return rows;
}

function measuredOn(moments: readonly Moment[]): (readonly [Underlying | "ALL", readonly Moment[]])[] {
  const groups = UNDERLYINGS.map((on) => [on, moments.filter(({ underlying }) => underlying === on)] as const);
  return [...groups.filter(([, group]) => group.length > 0), ["ALL", moments]];
}

const overallOf = (moments: readonly Moment[]): Measurement["overall"] =>
  (["MOMENTUM", "CONTRARIAN"] as const).flatMap((polarity) =>
    RULE_NAMES.flatMap((rule) =>
      SIDES.map((side) => {
        const views = moments.filter(({ features }) => {
          const view = ruleViewOf(features, polarity);
          return view?.rule === rule && view.side === side;
        });
        return { polarity, rule, side, cases: views.length, hits: views.filter(({ paid }) => paid[side]).length };
      }),
    ),
  );

/** Moments with a view that passed the gate by the rates known on their date. */
const voicedOf = (moments: readonly Moment[], table: HitRateTable): Voiced[] =>
  moments.flatMap((moment) => {
    const { underlying, date, features, band } = moment;
    const view = ruleViewOf(features);
    const rate = view === null ? null : measuredRate({ underlying, ...view, band }, date, table);
    return view === null || rate === null || lowerBoundBps(rate.tally) <= GATE_BPS ? [] : [{ moment, view }];
  });

function walkForwardOf(voiced: readonly Voiced[]): Measurement["walkForward"] {
  const views = new Map<string, Map<string, { cases: number; hits: number }>>();
  for (const { moment, view } of voiced) {
    const { underlying, date, paid } = moment;
    const key = `${view.rule} ${underlying} ${view.side}`;
    const days = views.get(key) ?? new Map<string, { cases: number; hits: number }>();
    views.set(key, days);
    const day = days.get(date) ?? { cases: 0, hits: 0 };
    days.set(date, { cases: day.cases + 1, hits: day.hits + (paid[view.side] ? 1 : 0) });
  }
  return RULE_NAMES.flatMap((rule) =>
    UNDERLYINGS.flatMap((underlying) =>
      SIDES.map((side) => ({
        rule,
        underlying,
        side,
        tally: tallyOf(views.get(`${rule} ${underlying} ${side}`)?.values() ?? []),
      })),
    ),
  );
}

function viewsPerDayOf(moments: readonly Moment[], voiced: readonly Voiced[]): Measurement["viewsPerDay"] {
  const indices = new Map<string, Set<Underlying>>();
  for (const { date, underlying } of moments) {
    indices.set(date, (indices.get(date) ?? new Set<Underlying>()).add(underlying));
  }
  const dates = [...indices].filter(([, measured]) => measured.size === UNDERLYINGS.length).map(([date]) => date);
  return [...RULE_NAMES.map((rule) => [rule] as const), RULE_NAMES].map((rules) => {
    const counts = new Map(dates.map((date) => [date, 0]));
    for (const { moment, view } of voiced) {
      const count = counts.get(moment.date);
      if (count !== undefined && rules.some((rule) => rule === view.rule)) counts.set(moment.date, count + 1);
    }
    const sorted = [...counts.values()].sort((left, right) => left - right);
    return {
      rules,
      days: sorted.length,
      views: sorted.reduce((sum, count) => sum + count, 0),
      median: sorted[Math.floor(sorted.length / 2)] ?? 0,
      daysWithout: sorted.filter((count) => count === 0).length,
    };
  });
}
