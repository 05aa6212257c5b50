import { beforeAll, describe, expect, test } from "vitest";
import { BacktestRun, type BacktestRunTerms, type RunDay } from "../../../src/core/backtest/backtest-run.ts";
import { dayHistories } from "../../../src/core/backtest/day-history.ts";
import { indexResult } from "../../../src/core/backtest/index-engine/index-result.ts";
import { INDEX_RULES } from "../../../src/core/backtest/index-engine/index-rules.ts";
import { namedSetup } from "../../../src/core/backtest/index-engine/named-setup.ts";
import { modelledDay, ordinaryHours } from "../../../src/core/backtest/modelled-day.ts";
import { reportOf } from "../../../src/core/backtest/report/run-report.ts";
import type { RunResult } from "../../../src/core/backtest/run-result.ts";
import { RULE_SOURCE, type SignalSource } from "../../../src/core/backtest/signal-source.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise, sumPaise } from "../../../src/core/kernel/money.ts";
import { type MarketDate, marketDate } from "../../../src/core/kernel/time.ts";
import { type PackedDay, seriesOfDays } from "../../../src/core/market/packed-bars.ts";
import { FEATURES } from "../../../src/core/prediction/features/feature-list.ts";
import { libraryStrategy } from "../../../src/core/strategy/library/library.ts";

const EARLIER = ["2025-06-20", "2025-06-23", "2025-06-24", "2025-06-25", "2025-06-26", "2025-06-27", "2025-06-30"].map(
  marketDate,
);
const DATES = ["2025-07-01", "2025-07-02", "2025-07-03"].map(marketDate);

/** A day that waves, so that rules have something to say. */
function wave(date: MarketDate, at: number): PackedDay {
  const price = (bar: number): number =>
    25_000_00 + Math.round(9_000 * Math.sin((bar + 40 * at) / 11) + 4_000 * Math.sin(bar / 3));
  const bars = Array.from({ length: 125 }, (_, bar) => ({ open: price(bar), close: price(bar + 1) }));
  return {
    date,
    bars: {
      minute: bars.map((_, bar) => 555 + 3 * bar),
      open: bars.map(({ open }) => open),
      high: bars.map(({ open, close }) => Math.max(open, close) + 300),
      low: bars.map(({ open, close }) => Math.min(open, close) - 300),
      close: bars.map(({ close }) => close),
    },
  };
}

const oneBar = (price: number, count: number) => {
  const column = Array.from({ length: count }, () => price);
  return { open: column, high: column, low: column, close: column };
};

function dayOf(date: MarketDate, given: Partial<Parameters<typeof modelledDay>[0]> = {}): RunDay {
  const day = wave(date, DATES.indexOf(date));
  const hours = ordinaryHours(date);
  const series = seriesOfDays("NIFTY50", 180_000, [day]);
  if (!hours.ok || !series.ok) return { date, source: "", leftOut: "cannot be" };
  const bars = new Map([["NIFTY50", series.value] as const]);
  const market = modelledDay({ date, ...hours.value, bars, vixBars: null, previousVixCenti: 14_00, ...given });
  return { date, source: JSON.stringify(day), market };
}

const TERMS: BacktestRunTerms = {
  definition: libraryStrategy("rsi-crossover"),
  underlyings: ["NIFTY50"],
  from: required(DATES[0], "a date"),
  to: required(DATES.at(-1), "a date"),
  category: "ADMIN",
  capitalPaise: paise(10_00_000_00),
  seed: 1,
  sets: [
    { polarity: "CONTRARIAN", upper: 70, lower: 30, stopPercent: 30, riskPercent: 1 },
    { polarity: "MOMENTUM", upper: 60, lower: 40, stopPercent: 30, riskPercent: 1 },
  ].map((set) => ({ ...defaults(), ...set })),
};

function defaults(): Record<string, number | string> {
  const { parameters } = required(libraryStrategy("rsi-crossover"), "a strategy of the library");
  return Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default]));
}

/** Cut after every `count` days: saved as text, and gone on with by another object. */
function playedIn(count: number, terms = TERMS): RunResult {
  let run = new BacktestRun(terms, DATES);
  for (;;) {
    run.play(run.next(count).map((date) => dayOf(date)));
    if (run.isOver) return run.result();
    run = new BacktestRun(terms, JSON.parse(JSON.stringify(run.saved)) as typeof run.saved);
  }
}

// Whole days of an account, played several times over: seconds alone, many of them where other work has the cores.
describe("a run in stretches", { timeout: 60_000 }, () => {
  let whole: RunResult;
  beforeAll(() => {
    whole = playedIn(DATES.length);
  }, 60_000);

  test("comes to the same result wherever it is cut, saved and gone on with", () => {
    expect(whole.metrics.trades).toBeGreaterThan(0);
    expect(playedIn(1)).toEqual(whole);
    expect(playedIn(2)).toEqual(whole);
  });

  test("shows of a sweep the figures its best set has on its own, and says how many it was picked from", () => {
    const best = required(
      whole.sweep?.results.find(({ name }) => name === whole.sweep?.ranking[0]),
      "the best set",
    );
    const { sweep, ...figures } = whole;
    expect(figures).toEqual(playedIn(3, { ...TERMS, sets: [best.parameters] }));
    expect(sweep?.variants).toBe(2);
    expect(sweep?.warning).toContain("picked from 2 variants");
  });

  test("adds up: days, months, curve and kept trades tell one story", () => {
    const { metrics, curve, trades, tradesCut, prices } = whole;
    expect(sumPaise(curve, ({ resultPaise }) => resultPaise)).toBe(metrics.resultPaise);
    expect(sumPaise(metrics.months, ({ resultPaise }) => resultPaise)).toBe(metrics.resultPaise);
    expect(trades.length + tradesCut).toBe(metrics.trades);
    expect(prices).toMatchObject({ recordedDays: 0, modelledDays: 3, modelledShare: 1 });
    const page = reportOf(whole, { days: whole.curve, trades });
    expect(page).toContain("modelled from index and India VIX");
    expect(page).toContain(whole.tradesSha256);
    // Its strategy asks nobody: whoever would have spoken has no part in it.
    expect([whole.views, whole.spoken]).toEqual([null, []]);
    expect(page).not.toMatch(/<script|https?:/);
  });

  test("is given up where a later set sees other bars than the first", () => {
    const run = new BacktestRun(TERMS, DATES);
    run.play(run.next(3).map((date) => dayOf(date)));
    expect(run.hasHistoryChanged).toBe(false);
    run.play(run.next(3).map((date) => ({ ...dayOf(date), source: "other bars" })));
    expect(run.hasHistoryChanged).toBe(true);
  });
});

test("a bot's trades carry the confidence of the view they were entered on, and others carry none", () => {
  const bot = { ...TERMS, definition: required(libraryStrategy("bot-nifty50"), "the bot"), sets: [{}] };
  const { trades, views } = playedIn(1, bot);
  expect(views).not.toBeNull();
  expect(trades.every(({ confidenceBps }) => confidenceBps !== null && confidenceBps > 7_000)).toBe(true);
  expect(playedIn(1, { ...TERMS, sets: TERMS.sets.slice(1) }).trades.map(({ confidenceBps }) => confidenceBps)).toEqual(
    expect.arrayContaining([null]),
  );
  expect(trades.length).toBeGreaterThan(0);
});

describe("what strategies and models know of earlier days", () => {
  const plain = required(libraryStrategy("rsi-crossover"), "a strategy of the library");
  /** Trades as the plain one does, once it knows yesterday's close. */
  const asking = {
    ...plain,
    entries: plain.entries.map((entry) => ({
      ...entry,
      when: {
        kind: "ALL" as const,
        of: [
          entry.when,
          { kind: "COMPARE" as const, left: { feature: "previousHighDistance" }, is: "ABOVE" as const, right: -1_000 },
        ],
      },
    })),
  };
  const one = { ...TERMS, sets: TERMS.sets.slice(1) };
  const bars = seriesOfDays("NIFTY50", 180_000, [...EARLIER, ...DATES].map(wave));
  if (!bars.ok) throw new Error("sound bars");
  const historyOf = dayHistories({ bars: [bars.value], vixBars: null, outside: {} });
  const withHistory = (date: MarketDate): RunDay => {
    const day = dayOf(date);
    return "market" in day ? { ...day, market: { ...day.market, history: historyOf(date) } } : day;
  };
  const played = (definition: BacktestRunTerms["definition"], day: (date: MarketDate) => RunDay) => {
    const run = new BacktestRun({ ...one, definition }, DATES);
    run.play(DATES.map(day));
    return run.result();
  };

  test("is what the day was given, and without it a figure that needs it is missing, which is no value", () => {
    expect(played(asking, dayOf).metrics.trades).toBe(0);
    const { tradesSha256, metrics } = played(asking, withHistory);
    expect(metrics.trades).toBeGreaterThan(0);
    expect(tradesSha256).toBe(played(plain, withHistory).tradesSha256);
  });

  test("is of the strategy alone: what the account would do on the platform's views besides is another run", () => {
    const spoken = played(null, dayOf).trades;
    expect(spoken.length).toBeGreaterThan(0);
    expect(spoken.every(({ confidenceBps }) => confidenceBps !== null)).toBe(true);
    expect(played(plain, dayOf).trades.filter(({ confidenceBps }) => confidenceBps !== null)).toEqual([]);
  });

  test("rests on days before it only", () => {
    const future = seriesOfDays("NIFTY50", 180_000, [...EARLIER, ...DATES.slice(0, 1)].map(wave));
    if (!future.ok) throw new Error("sound bars");
    const [first, second] = DATES as [MarketDate, MarketDate];
    const cut = dayHistories({ bars: [future.value], vixBars: null, outside: {} });
    expect(cut(first)).toEqual(historyOf(first));
    expect(cut(second)).toEqual(historyOf(second));
    expect(historyOf(second).NIFTY50?.previousClosePaise).toBe(wave(first, EARLIER.length).bars.close.at(-1));
    expect(historyOf(first).BANKNIFTY?.previousClosePaise).toBeNull();
  });

  describe("of India VIX", () => {
    const [date] = DATES as [MarketDate];
    const indiaVixCenti = EARLIER.map((each, at) => ({ date: each, close: 13_00 + 10 * at }));
    const known = dayHistories({ bars: [bars.value], vixBars: null, outside: { indiaVixCenti } })(date);
    const vixDay = { date, bars: { ...wave(date, 0).bars, ...oneBar(15_00, 125) } };
    const vixBars = seriesOfDays("INDIAVIX", 180_000, [vixDay]);
    if (!vixBars.ok) throw new Error("sound bars");
    /** VIX features as a model is asked with them at each cycle, and as a strategy's condition reads them in the last window. */
    const asked = (given: Parameters<typeof dayOf>[1]) => {
      const rows: (readonly (number | undefined)[])[] = [];
      const source: SignalSource = {
        id: "model",
        takesFeatures: true,
        signalOf: (cycle) => {
          const row = cycle.asked?.features;
          rows.push(["vix", "vixChange", "vixDayChange"].map((name) => row?.[FEATURES.indexOf(name)]));
          return RULE_SOURCE.signalOf(cycle);
        },
      };
      const run = new BacktestRun({ ...one, definition: null, sets: [{}] }, [date], () => source);
      run.play([dayOf(date, { history: known, previousVixCenti: 13_60, ...given })]);
      return rows;
    };

    test("is missing as a change where only the close of the day before is known, as in what models learned from", () => {
      const rows = asked({});
      expect(rows.length).toBeGreaterThan(10);
      for (const [vix, change, before] of rows) {
        expect([vix, change]).toEqual([13.6, Number.NaN]);
        expect(before).toBeCloseTo(100 * Math.log(13.6 / 13.5), 9);
      }
      for (const [vix, change] of asked({ vixBars: vixBars.value }).slice(1)) {
        expect(vix).toBe(15);
        expect(change).toBeCloseTo(100 * Math.log(15 / 13.6), 9);
      }
    });

    test("is no leap from what it was to what an edge run sets", () => {
      for (const row of asked({ edgeVixCenti: 35_00 })) expect(row).toEqual([35, Number.NaN, 0]);
    });

    test("is no figure of a strategy's either where only the close of the day before is known", () => {
      const changing = {
        ...plain,
        entries: plain.entries.map((entry) => ({
          ...entry,
          when: { kind: "COMPARE" as const, left: { feature: "vixChange" }, is: "ABOVE" as const, right: -1_000 },
        })),
      };
      const trades = (given: Parameters<typeof dayOf>[1]) => {
        const run = new BacktestRun({ ...one, definition: changing }, [date]);
        run.play([dayOf(date, { history: known, previousVixCenti: 13_60, ...given })]);
        return run.result().metrics.trades;
      };
      expect(trades({ vixBars: vixBars.value })).toBeGreaterThan(0);
      expect(trades({})).toBe(0);
    });
  });

  test("goes to whoever speaks on the date, and the result says who that was", () => {
    const asked: (readonly [string, boolean])[] = [];
    const source = (id: string, takesFeatures: boolean): SignalSource => ({
      id,
      takesFeatures,
      signalOf: (cycle) => {
        asked.push([id, cycle.asked === undefined]);
        return RULE_SOURCE.signalOf(cycle);
      },
    });
    const [model, rules] = [source("model", true), source("rules", false)];
    const run = new BacktestRun({ ...one, definition: null, sets: [{}] }, DATES, (date) =>
      date > one.from ? model : rules,
    );
    run.play(DATES.map(withHistory));
    expect(run.result()).toMatchObject({
      views: "rules, model",
      spoken: [
        { predictor: "rules", from: DATES[0], to: DATES[0], days: 1 },
        { predictor: "model", from: DATES[1], to: DATES[2], days: 2 },
      ],
    });
    expect(new Set(asked.map(String))).toEqual(new Set(["rules,true", "model,false"]));
  });
});

describe("a rule on the index", () => {
  const rule = required(INDEX_RULES[0], "a rule");

  test("is kept in the form of all runs, and its curve ends at what its trades come to", () => {
    const series = seriesOfDays("NIFTY50", 180_000, DATES.map(wave));
    const setup = namedSetup(rule, { upper: 60, lower: 40 }, 10_00_000_00);
    if (!series.ok || !setup.ok) throw new Error("sound bars and values");
    const terms = { ...TERMS, rule, underlying: "NIFTY50", dataSha256: "" } as const;
    const result = indexResult(series.value, { ...terms, sets: [{ parameters: {}, setup: setup.value }] });
    expect(result.metrics.trades).toBeGreaterThan(0);
    expect(sumPaise(result.curve, ({ resultPaise }) => resultPaise)).toBe(result.metrics.resultPaise);
    expect(sumPaise(result.trades, ({ netPaise }) => netPaise)).toBe(result.metrics.netPaise);
    expect(sumPaise(result.trades, ({ soldPaise, boughtPaise }) => paise(soldPaise - boughtPaise))).toBe(
      result.metrics.realisedPaise,
    );
  });

  test.each([
    [{ upper: 20 }, "parameters.lower", 20],
    [{ period: 2.5 }, "parameters.period", null],
    [{ stop: 2_000 }, "parameters.stop", 1_000],
    [{ fast: 3 }, "parameters.fast", null],
    [{ polarity: "SIDEWAYS" }, "parameters.polarity", null],
  ])("refuses %j by naming %s", (given, field, limit) => {
    expect(namedSetup(rule, given, 1)).toMatchObject({ ok: false, error: [{ field, limit }] });
  });
});
