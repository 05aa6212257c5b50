// Plays the rules over the developer data and counts how often their views would have paid: one table per half-year, each from
// earlier dates only.
import { UNDERLYINGS, type Underlying } from "../../src/core/instrument/contract.ts";
import { istMsOfDay, type MarketDate, MS_PER_MINUTE, marketDate } from "../../src/core/kernel/time.ts";
import { lowerBoundBps, type Tally, tallyOf } from "../../src/core/prediction/hit-rate.ts";
import { directionOf, type RsiPolarity, rsiDirection } from "../../src/core/prediction/rule-direction.ts";
import { hasPaid, RULE_EVENT, type ViewSide } from "../../src/core/prediction/rule-event.ts";
import { featureStream } from "../../src/core/prediction/rule-features.ts";
import {
  type AnyMomentRow,
  CASES_MIN,
  type HitRateRow,
  type HitRateTable,
  measuredRate,
  type Vintage,
} from "../../src/core/prediction/rule-hit-rates.ts";
import { macdStandOf } from "../../src/core/prediction/rule-predictor.ts";
import { type BandName, volatilityBand } from "../../src/core/strategy/volatility-regime.ts";
import { type IndexDay, indexDaysOf, replayDatesOf, vixLookup } from "./index-days.ts";

/** One moment at which the predictor would have been asked. */
interface Moment {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly rsi: number;
  readonly macdHistogramPaise: number | null;
  readonly band: BandName;
  readonly paid: Readonly<Record<ViewSide, boolean>>;
}

const CYCLE_MINUTES = 15;
const FIRST_CYCLE_MINUTE = 9 * 60 + 30;
const LAST_CYCLE_MINUTE = 15 * 60 + 15 - RULE_EVENT.horizonMinutes;
const SIDES: readonly ViewSide[] = ["BULLISH", "BEARISH"];
const FIRST_YEAR = 2014;
const REMARK =
  "Each vintage is measured on dates before its own only. The event (target, stop, horizon) was chosen once, among 48, on all of " +
  "these dates, so the rates flatter it. Two readings of the RSI were tried: at the moment itself, as AI-02 has it, and its extreme " +
  "over the last five bars. The former was kept after seeing how often each speaks on replay days (2025-08-29: two views against " +
  "none), though not how any view ended there.";

export interface Measurement {
  readonly table: HitRateTable;
  /** Rates over everything there is, by polarity, for people: never used for a prediction. */
  readonly overall: readonly {
    readonly polarity: RsiPolarity;
    readonly side: ViewSide;
    readonly cases: number;
    readonly hits: number;
  }[];
  /** Views that passed the gate by the rates known on their own date, which those rates had not seen. */
  readonly walkForward: readonly {
    readonly underlying: Underlying;
    readonly side: ViewSide;
    readonly tally: Tally;
  }[];
}

export function measureHitRates(dataFolder: string, command: string): Measurement {
  const vixAt = vixLookup(dataFolder);
  const sources: Record<string, { days: number; first: string; last: string }> = {};
  const moments: Moment[] = [];
  for (const underlying of UNDERLYINGS) {
    const days = indexDaysOf(dataFolder, underlying);
    if (days.length === 0) throw new Error(`no index bars of ${underlying} in ${dataFolder}`);
    sources[underlying] = { days: days.length, first: days[0]?.date ?? "", last: days.at(-1)?.date ?? "" };
    for (const day of days) moments.push(...momentsOf(underlying, day, vixAt));
  }
  const table = {
    command,
    event: RULE_EVENT,
    casesMin: CASES_MIN,
    remark: REMARK,
    sources,
    excludedDates: [...replayDatesOf(dataFolder)].sort(),
    vintages: vintagesOf(moments),
  };
  return { table, overall: overallOf(moments), walkForward: walkForwardOf(moments, table) };
}

function momentsOf(underlying: Underlying, day: IndexDay, vixAt: ReturnType<typeof vixLookup>): Moment[] {
  const next = featureStream();
  const moments: Moment[] = [];
  let at = 0;
  for (const bar of day.bars) {
    const { rsi, atrPaise, macdHistogramPaise, asOfMs } = next(bar);
    if (rsi === null || atrPaise === null || asOfMs === null || atrPaise < 1) continue;
    const minute = istMsOfDay(asOfMs) / MS_PER_MINUTE;
    if (minute % CYCLE_MINUTES !== 0 || minute < FIRST_CYCLE_MINUTE || minute > LAST_CYCLE_MINUTE) continue;
    while ((day.path[at]?.startMs ?? asOfMs) < asOfMs) at += 1;
    const path = day.path.slice(at);
    const paid = (side: ViewSide) => hasPaid(path, { side, fromMs: asOfMs, fromPaise: bar.closePaise, atrPaise });
    moments.push({
      underlying,
      date: day.date,
      rsi,
      macdHistogramPaise,
      band: volatilityBand(vixAt(asOfMs, day.date)).name,
      paid: { BULLISH: paid("BULLISH"), BEARISH: paid("BEARISH") },
    });
  }
  return moments;
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
      });
    }
    if (before > last) return vintages;
  }
}

const anyMomentRows = (moments: readonly Moment[]): AnyMomentRow[] =>
  measuredOn(moments).flatMap(([on, group]) =>
    SIDES.map((side): AnyMomentRow => [on, side, group.length, group.filter(({ paid }) => paid[side]).length]),
  );

function rateRows(moments: readonly Moment[]): HitRateRow[] {
  const rows: HitRateRow[] = [];
  for (const [on, group] of measuredOn(moments)) {
    const cases = new Map<
      string,
      {
        readonly key: [ViewSide, BandName, ReturnType<typeof macdStandOf>];
        readonly days: Map<string, { cases: number; hits: number }>;
      }
    >();
    for (const moment of group) {
      const side = rsiDirection(moment.rsi);
      if (side === "NEUTRAL") continue;
      const macd = macdStandOf(moment.macdHistogramPaise, side);
      // Without a VIX one only knows the rate over all bands.
      for (const band of new Set<BandName>([moment.band, "UNKNOWN"])) {
        const id = `${side} ${band} ${macd}`;
        const entry = cases.get(id) ?? { key: [side, band, macd], days: new Map() };
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
    SIDES.map((side) => {
      const views = moments.filter(({ rsi }) => rsiDirection(rsi, polarity) === side);
      return { polarity, side, cases: views.length, hits: views.filter(({ paid }) => paid[side]).length };
    }),
  );

function walkForwardOf(moments: readonly Moment[], table: HitRateTable): Measurement["walkForward"] {
  return UNDERLYINGS.flatMap((underlying) =>
    SIDES.map((side) => {
      const days = new Map<string, { cases: number; hits: number }>();
      for (const moment of moments) {
        if (moment.underlying !== underlying || rsiDirection(moment.rsi) !== side) continue;
        const macd = macdStandOf(moment.macdHistogramPaise, side);
        const rate = measuredRate({ underlying, side, band: moment.band, macd }, moment.date, table);
        if (rate === null || directionOf(moment.rsi, lowerBoundBps(rate.tally)) !== side) continue;
        const day = days.get(moment.date) ?? { cases: 0, hits: 0 };
        days.set(moment.date, { cases: day.cases + 1, hits: day.hits + (moment.paid[side] ? 1 : 0) });
      }
      return { underlying, side, tally: tallyOf(days.values()) };
    }),
  );
}
