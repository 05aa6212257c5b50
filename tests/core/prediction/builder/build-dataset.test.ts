import { describe, expect, test } from "vitest";
import {
  addDays,
  dayNumberOf,
  epochMs,
  istInstant,
  type MarketDate,
  marketDate,
  weekdayOf,
} from "../../../../src/core/kernel/time.ts";
import { type BarSeries, firstBarFrom, seriesOfBars, sliceSeries } from "../../../../src/core/market/bar-series.ts";
import type { Bar, IndexName } from "../../../../src/core/market/market-event.ts";
import { seriesOfDays } from "../../../../src/core/market/packed-bars.ts";
import {
  buildDataset,
  type DatasetSources,
  outsideCloses,
} from "../../../../src/core/prediction/builder/build-dataset.ts";
import { datasetSummary } from "../../../../src/core/prediction/builder/dataset-summary.ts";
import { historyTeller } from "../../../../src/core/prediction/builder/history-days.ts";
import { closesOf, mergedCloses, vixAt, vixDays } from "../../../../src/core/prediction/builder/vix-track.ts";
import { daysOf, featuresOfRow, rowsOfDays } from "../../../../src/core/prediction/dataset.ts";
import { cycleFeatures } from "../../../../src/core/prediction/features/cycle-rows.ts";
import { FEATURES } from "../../../../src/core/prediction/features/feature-list.ts";
import { featureRow } from "../../../../src/core/prediction/features/feature-row.ts";
import { type DaySummary, historyFigures } from "../../../../src/core/prediction/features/history-figures.ts";
import { Seeded } from "../../../support/seeded.ts";
import { seededBars } from "../features/seeded-days.ts";

const weekdays = (from: string, count: number): MarketDate[] => {
  const dates: MarketDate[] = [];
  for (let date = marketDate(from); dates.length < count; date = addDays(date, 1)) {
    if (weekdayOf(date) % 6 !== 0) dates.push(date);
  }
  return dates;
};
const DATES = weekdays("2024-02-05", 7);
const barsOfDays = (seed: number, from: number, dates: readonly MarketDate[] = DATES): Bar[] =>
  dates.flatMap((date, at) => seededBars(new Seeded(seed + at), date, { from: from + 1_000 * at, holes: 0.004 }));
const series = (index: IndexName, bars: readonly Bar[]): BarSeries => seriesOfBars(index, 180_000, bars);
const NIFTY = series("NIFTY50", barsOfDays(1, 21_800_00));
const BANK = series("BANKNIFTY", barsOfDays(50, 45_800_00));
const VIX = series("INDIAVIX", barsOfDays(90, 15_00));
const DAILY = weekdays("2024-01-01", 40).map((date, at) => ({ date, close: 1_500 + at }));
const SOURCES: DatasetSources = {
  bars: [BANK, NIFTY],
  vixBars: VIX,
  outside: { indiaVixCenti: DAILY, spVix: DAILY.map(({ date, close }) => ({ date, close: close / 100 })) },
};
const whole = buildDataset(SOURCES);
const { dataset } = whole;
const until = (bars: BarSeries, atMs: number): BarSeries => sliceSeries(bars, 0, firstBarFrom(bars, atMs));

describe("India VIX along a day", () => {
  const date = DATES[0] as MarketDate;
  const openMs = istInstant(date, "09:15");
  const at = (bar: number): Bar => {
    const price = (1_500 + bar) as Bar["openPaise"];
    const startMs = epochMs(openMs + bar * 180_000);
    return { startMs, openPaise: price, highPaise: price, lowPaise: price, closePaise: price };
  };

  test("is the last completed bar: not the running one, not the day's first, not one a quarter of an hour old", () => {
    const vix = series("INDIAVIX", [0, 1, 2, 3, 20].map(at));
    const known = (minutes: number) => vixAt(vix, openMs, openMs + minutes * 60_000);
    expect([0, 3, 5].map(known)).toEqual([null, null, null]);
    expect([6, 8, 9, 12].map(known)).toEqual([1_501, 1_501, 1_502, 1_503]);
    expect([27, 28, 62, 63].map(known)).toEqual([1_503, null, null, 1_520]);
    expect(vixAt(vix, openMs + 86_400_000, openMs + 86_400_000)).toBeNull();
    expect(vixAt(null, openMs, openMs + 600_000)).toBeNull();
  });

  test("goes on by the cycle where nobody gave finer bars, each known when its cycle is over, a given day staying as it is", () => {
    const packed = (startMinute: number, step: number, prices: readonly number[]) => {
      const minute = prices.map((_, bar) => startMinute + step * bar);
      return { minute, open: prices, high: prices, low: prices, close: prices };
    };
    const next = addDays(date, 1);
    const fine = { date, bars: packed(555, 3, [1_500, 1_501, 1_502]) };
    const byCycle = [
      { date, bars: packed(555, 15, [9_000, 9_001]) },
      { date: next, bars: packed(555, 15, [9_999, 1_600, 1_610]) },
    ];
    const days = vixDays([fine], byCycle);
    expect(days[0]).toBe(fine);
    const series = seriesOfDays("INDIAVIX", 180_000, days);
    if (!series.ok) throw new Error(series.error.detail);
    const nextOpenMs = istInstant(next, "09:15");
    const known = (minutes: number) => vixAt(series.value, nextOpenMs, nextOpenMs + minutes * 60_000);
    expect([15, 29, 30, 44, 45, 60, 61].map(known)).toEqual([null, null, 1_600, 1_600, 1_610, 1_610, null]);
    expect(vixAt(series.value, openMs, openMs + 9 * 60_000)).toBe(1_502);
    expect(closesOf(series.value)).toEqual([
      { date, close: 1_502 },
      { date: next, close: 1_610 },
    ]);
  });

  test("closes by the daily figure where there is one, else by its last bar", () => {
    const bars = closesOf(series("INDIAVIX", [0, 1, 2].map(at)));
    expect(bars).toEqual([{ date, close: 1_502 }]);
    const daily = [{ date: addDays(date, -1), close: 1_400 }];
    expect(mergedCloses(daily, bars)).toEqual([...daily, ...bars]);
    expect(mergedCloses([{ date, close: 1_444 }], bars)).toEqual([{ date, close: 1_444 }]);
  });
});

describe("the dataset of a history", () => {
  test("has a row per index, day and cycle, by instant and then by index", () => {
    expect(dataset.rows).toBe(2 * 24 * DATES.length);
    expect(daysOf(dataset)).toEqual(DATES.map(dayNumberOf));
    expect(dataset.features).toBe(FEATURES);
    for (let row = 1; row < dataset.rows; row += 1) {
      const [before, now] = [row - 1, row].map(
        (at) => (dataset.atMs[at] as number) * 10 + (dataset.underlying[at] as number),
      );
      expect(now).toBeGreaterThan(before as number);
    }
    expect([...new Set(dataset.cycle)]).toEqual(Array.from({ length: 24 }, (_, at) => at + 1));
    for (const labels of [dataset.direction, ...dataset.outcome]) {
      expect(new Set(labels).size).toBeGreaterThan(1);
    }
  });

  test("knows no future: cut off at any instant, the rows until then are the same, and so are the labels that had ended", () => {
    const random = new Seeded(3);
    for (let round = 0; round < 10; round += 1) {
      // At the end of a bar, so that the last row rests on everything that is left and on nothing else.
      const cutMs = (dataset.atMs[dataset.rows - 1 - random.below(200)] as number) + 180_000 * random.below(5);
      // Outcomes take most of the time, so they are looked at in two rounds only.
      const outcomes = round < 2;
      const bars = [until(NIFTY, cutMs), until(BANK, cutMs)];
      const cut = buildDataset({ ...SOURCES, bars, vixBars: until(VIX, cutMs), outcomes }).dataset;
      let compared = 0;
      for (let row = 0; row < cut.rows && (dataset.atMs[row] as number) <= cutMs; row += 1) {
        const isSame = (one: number | undefined, other: number | undefined): void => {
          if (!Object.is(one, other)) expect.fail(`row ${row} of a history until ${cutMs}: ${one}, not ${other}`);
        };
        isSame(cut.atMs[row], dataset.atMs[row]);
        isSame(cut.vixCenti[row], dataset.vixCenti[row]);
        for (const [at, column] of dataset.columns.entries()) isSame(cut.columns[at]?.[row], column[row]);
        if ((dataset.labelEndMs[row] as number) <= cutMs) isSame(cut.direction[row], dataset.direction[row]);
        if (outcomes && (dataset.outcomeEndMs[row] as number) <= cutMs) {
          for (const [view, labels] of dataset.outcome.entries()) isSame(cut.outcome[view]?.[row], labels[row]);
        }
        compared += 1;
      }
      expect(compared).toBeGreaterThan(100);
    }
  });

  test("gives a live caller's row: same bars, same history, same figures", () => {
    const summaries: DaySummary[] = [];
    const openOf = (date: MarketDate) => istInstant(date, "09:15");
    for (const [at, date] of DATES.entries()) {
      const bars = seededBars(new Seeded(1 + at), date, { from: 21_800_00 + 1_000 * at, holes: 0.004 });
      const history = historyFigures(date, summaries, { ...SOURCES.outside });
      const rows = rowsOfDays(dataset, dayNumberOf(date), dayNumberOf(date));
      for (let row = 0; row < rows.rows; row += 1) {
        if (rows.underlying[row] !== 0) continue;
        const atMs = rows.atMs[row] as number;
        const vix = featuresOfRow(rows, row)[FEATURES.indexOf("vixChange")];
        const live = featureRow({
          underlying: "NIFTY50",
          date,
          openMs: openOf(date),
          barsEndMs: istInstant(date, "15:30"),
          history,
          atMs: epochMs(atMs + 60_000),
          bars,
          chain: [],
          vixCenti: Number.isNaN(vix) ? null : (rows.vixCenti[row] as number),
          community: null,
        });
        expect(live).toEqual(featuresOfRow(rows, row));
      }
      summaries.push(summaryOf(date, bars));
    }
  });

  test("is the same from 1-minute bars that make the same 3-minute ones", () => {
    const minutes = Array.from(NIFTY.startMs).flatMap((startMs, at): Bar[] => {
      const [open, high, low, close] = [NIFTY.openPaise, NIFTY.highPaise, NIFTY.lowPaise, NIFTY.closePaise].map(
        (prices) => prices[at] as Bar["openPaise"],
      ) as [Bar["openPaise"], Bar["openPaise"], Bar["openPaise"], Bar["openPaise"]];
      const part = (minute: number, from: Bar["openPaise"], to: Bar["openPaise"]): Bar => ({
        startMs: epochMs(startMs + minute * 60_000),
        openPaise: from,
        highPaise: minute === 1 ? high : (Math.max(from, to) as Bar["openPaise"]),
        lowPaise: minute === 1 ? low : (Math.min(from, to) as Bar["openPaise"]),
        closePaise: to,
      });
      return [part(0, open, open), part(1, open, close), part(2, close, close)];
    });
    const fine = buildDataset({
      ...SOURCES,
      bars: [seriesOfBars("NIFTY50", 60_000, minutes), BANK],
      outcomes: false,
    }).dataset;
    expect(fine.columns).toEqual(dataset.columns);
    expect(fine.direction).toEqual(dataset.direction);
  });

  test("takes a folder with one index and without any VIX: no outcomes, the rest as ever", () => {
    const poor = buildDataset({ bars: [NIFTY], vixBars: null, outside: {} });
    expect(poor.report.map(({ underlying }) => underlying)).toEqual(["NIFTY50"]);
    const summary = datasetSummary(poor.dataset);
    expect(summary.outcomes.map(({ known }) => known)).toEqual([0, 0, 0]);
    expect(summary.direction.known).toBeGreaterThan(100);
    const missing = new Map(summary.missing.map(({ feature, share }) => [feature, share]));
    for (const name of ["vix", "vixChange", "spVix", "giftGap", "volume", "community"])
      expect(missing.get(name), name).toBe(1);
    expect(missing.get("rsi")).toBeLessThan(0.2);
    expect(buildDataset({ bars: [], vixBars: null, outside: {} }).dataset.rows).toBe(0);
  });

  test("has outcomes from the daily VIX alone, and can leave them out", () => {
    const daily = buildDataset({ ...SOURCES, vixBars: null });
    expect(datasetSummary(daily.dataset).outcomes.every(({ known }) => known > 100)).toBe(true);
    expect(daily.report.every(({ daysWithVixBars }) => daysWithVixBars === 0)).toBe(true);
    const without = buildDataset({ ...SOURCES, outcomes: false }).dataset;
    expect(without.columns).toEqual(dataset.columns);
    expect(without.direction).toEqual(dataset.direction);
    expect(without.outcome.every((labels) => labels.every((label) => label === 255))).toBe(true);
  });

  test("leaves out weekends and short special sessions, and says which", () => {
    const dates = ["2024-02-29", "2024-03-01", "2024-03-02", "2019-05-18"].map(marketDate).sort();
    const { report, dataset: rows } = buildDataset({
      ...SOURCES,
      bars: [series("NIFTY50", barsOfDays(1, 22_000_00, dates))],
    });
    expect(report[0]?.skippedDays.map(({ date }) => date)).toEqual(["2019-05-18", "2024-03-02"]);
    expect(daysOf(rows)).toEqual([20240229, 20240301]);
  });

  test("has no row while the index is silent, and rows again after it", () => {
    const date = DATES[0] as MarketDate;
    const [from, to] = [istInstant(date, "11:00"), istInstant(date, "12:30")];
    const bars = barsOfDays(1, 21_800_00, [date]).filter(({ startMs }) => startMs < from || startMs >= to);
    const { report, dataset: rows } = buildDataset({ ...SOURCES, bars: [series("NIFTY50", bars)] });
    // 11:15 to 12:30: the last bar ended at 11:00, and the one after the silence has not ended at 12:30.
    expect(report[0]?.silentCycles).toBe(6);
    expect([...rows.cycle].filter((cycle) => cycle >= 9 && cycle <= 14)).toEqual([]);
    expect(rows.rows).toBe(18);
  });

  test("looks at no bar of a frozen index, and takes the day's last price for the close that tomorrow knows", () => {
    const dates = weekdays("2026-07-27", 7);
    const frozen = marketDate("2026-08-03");
    const all = barsOfDays(1, 24_000_00, dates);
    const last = all.findLastIndex(({ startMs }) => startMs < istInstant(addDays(frozen, 1), "00:00"));
    const jump = 24_500_00 as Bar["closePaise"];
    const moved = all.map((bar, at) => (at === last ? { ...bar, closePaise: jump, highPaise: jump } : bar));
    const rowsOf = (bars: readonly Bar[]) =>
      buildDataset({ ...SOURCES, bars: [series("NIFTY50", bars)], outcomes: false }).dataset;
    const [one, other] = [rowsOf(all), rowsOf(moved)];
    const changed = new Set<string>();
    for (let row = 0; row < one.rows; row += 1) {
      for (const [at, name] of FEATURES.entries()) {
        if (Object.is(one.columns[at]?.[row], other.columns[at]?.[row])) continue;
        changed.add(name);
        expect(one.day[row]).toBe(20260804);
      }
    }
    expect([...changed]).toEqual(expect.arrayContaining(["gap", "previousDayReturn", "returnSincePreviousClose"]));
    for (const name of ["return5", "volatilityRatio", "atrRatio", "rsi", "positionInRange"]) {
      expect(changed.has(name), name).toBe(false);
    }
  });
});

describe("a live caller", () => {
  test("asks with the very rows of the dataset, where only bars say how India VIX and NIFTY 50 closed", () => {
    const sources: DatasetSources = {
      bars: [NIFTY, BANK],
      vixBars: VIX,
      outside: { giftPaise: DATES.map((date) => ({ date, close: 21_900_00 })) },
      outcomes: false,
      community: new Map([[`BANKNIFTY/${DATES.at(-1)}`, new Map([[10, -0.25]])]]),
    };
    const { dataset: taught } = buildDataset(sources);
    const date = DATES.at(-1) as MarketDate;
    const openMs = istInstant(date, "09:15");
    const upTo = (bars: BarSeries): BarSeries => until(bars, istInstant(date, "00:00"));
    const known = { ...sources, bars: [upTo(NIFTY), upTo(BANK)], vixBars: upTo(VIX) };
    const history = historyTeller("BANKNIFTY", known.bars[1], outsideCloses(known))(date);
    const readings = Array.from({ length: 10 }, (_, at) => ({
      cycle: at + 1,
      vixCenti: vixAt(VIX, openMs, openMs + at * 900_000),
      chain: null,
      community: at === 9 ? -0.25 : null,
    }));
    const bars = barsOfDays(50, 45_800_00).filter(({ startMs }) => startMs >= openMs);
    const hours = { openMs, barsEndMs: istInstant(date, "15:30") };
    const atMs = epochMs(openMs + 9 * 900_000 + 60_000);
    const live = cycleFeatures({ underlying: "BANKNIFTY", date, ...hours, history }, atMs, bars, readings);
    const row = [...taught.day.keys()].find(
      (each) => taught.day[each] === dayNumberOf(date) && taught.cycle[each] === 10 && taught.underlying[each] === 1,
    );
    expect([...live.features]).toEqual([...featuresOfRow(taught, row ?? -1)]);
    const named = Object.fromEntries(FEATURES.map((name, at) => [name, live.features[at]]));
    // What users think of a cycle is known before it begins: of this one, and of no other.
    expect(named["community"]).toBe(-0.25);
    const crowd = taught.columns[FEATURES.indexOf("community")] ?? [];
    expect([...crowd].filter((value) => !Number.isNaN(value))).toEqual([-0.25]);
    for (const name of ["vixChange", "vixDayChange", "giftGap"]) expect(named[name], name).not.toBeNaN();
  });
});

/** As the stream itself sums up, by its definition. */
function summaryOf(date: MarketDate, bars: readonly Bar[]): DaySummary {
  const closes = bars.map(({ closePaise }) => Number(closePaise));
  const squares = closes.slice(1).map((close, at) => Math.log(close / (closes[at] as number)) ** 2);
  return {
    date,
    highPaise: Math.max(...bars.map(({ highPaise }) => highPaise)),
    lowPaise: Math.min(...bars.map(({ lowPaise }) => lowPaise)),
    closePaise: closes.at(-1) as number,
    squaredReturns: squares.reduce((sum, square) => sum + square, 0),
    returns: squares.length,
  };
}
