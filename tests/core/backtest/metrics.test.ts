import { describe, expect, it } from "vitest";
import type { BacktestDay } from "../../../src/core/backtest/backtest.ts";
import { backtestMetrics } from "../../../src/core/backtest/metrics.ts";
import { priceShares } from "../../../src/core/backtest/price-shares.ts";
import { htmlReport } from "../../../src/core/backtest/report/html-report.ts";
import { compareVariants } from "../../../src/core/backtest/sweep.ts";
import type { BacktestTrade } from "../../../src/core/backtest/trades.ts";
import { edgeYardstick, leverageYardstick, realisticYardstick } from "../../../src/core/backtest/yardsticks.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { Leg, StrategyDefinition } from "../../../src/core/strategy/definition/definition.ts";
import { libraryStrategy } from "../../../src/core/strategy/library/library.ts";
import { Seeded } from "../../support/seeded.ts";

const dayOf = (index: number, resultPaise: number, more: Partial<BacktestDay> = {}): BacktestDay => ({
  date: marketDate(new Date(Date.UTC(2025, 7, 1 + index)).toISOString().slice(0, 10)),
  capitalPaise: paise(1_00_000_00),
  realisedPaise: paise(resultPaise + 100),
  chargesPaise: paise(100),
  resultPaise: paise(resultPaise),
  feesPaise: paise(0),
  equityPaise: paise(0),
  turnoverPaise: paise(5_000_00),
  trades: 1,
  denied: 0,
  vixCenti: 1_300,
  chains: { NIFTY50: "MODELLED", BANKNIFTY: "RECORDED", SENSEX: "NONE" },
  repairs: 0,
  failure: null,
  ...more,
});

const tradeOf = (netPaise: number, from: string, to: string, more: Partial<BacktestTrade> = {}): BacktestTrade => ({
  date: marketDate("2025-08-01"),
  underlying: "NIFTY50",
  name: "NIFTY2580724500CE.NFO",
  structure: null,
  direction: "LONG",
  units: 75,
  openedAtMs: istInstant(marketDate("2025-08-01"), from),
  closedAtMs: istInstant(marketDate("2025-08-01"), to),
  boughtPaise: paise(10_000_00),
  soldPaise: paise(10_000_00 + netPaise + 50),
  realisedPaise: paise(netPaise + 50),
  chargesPaise: paise(50),
  netPaise: paise(netPaise),
  exitReason: "TARGET",
  signalId: null,
  confidenceBps: 7_500,
  vixCenti: 1_300,
  fills: 4,
  modelledFills: 1,
  ...more,
});

describe("the figures of a run", () => {
  it("have a Sharpe ratio of 8.2501 for 1, −0.5, 0.8, −0.2, 0.6 % a day, without a riskless rate", () => {
    const days = [1, -0.5, 0.8, -0.2, 0.6].map((percent, at) => dayOf(at, Math.round(percent * 1_00_000)));
    expect(backtestMetrics(days, []).sharpe).toBeCloseTo(8.2501, 4);
  });

  it("count wins after charges, and set what winners won against what losers lost", () => {
    const trades = [
      tradeOf(300, "09:30", "10:00"),
      tradeOf(-100, "11:00", "11:30", { vixCenti: 1_600 }),
      tradeOf(-50, "14:00", "14:30", { underlying: "SENSEX", exitReason: "STOP" }),
      // Not a win: what it made went into charges.
      tradeOf(0, "14:10", "14:40"),
    ];
    const metrics = backtestMetrics([dayOf(0, 150)], trades);
    expect(metrics).toMatchObject({ trades: 4, winners: 1, winRate: 0.25, profitFactor: 2, expectancyPaise: 37.5 });
    expect(metrics.byVix).toMatchObject({ "VIX below 15": { trades: 3 }, "VIX 15 to 20": { trades: 1, winners: 0 } });
    expect(Object.keys(metrics.byTimeOfDay)).toEqual(["09:15-10:45", "10:45-12:15", "13:45-15:30"]);
    expect(metrics.byUnderlying.SENSEX?.netPaise).toBe(-50);
    expect(metrics.byExit["STOP"]?.trades).toBe(1);
    // 30 + 30 minutes, and 14:00 to 14:40 once although two trades overlap.
    expect(metrics.exposure).toBeCloseTo(100 / 375, 12);
  });

  it("measure the deepest fall from a peak and the longest time below one", () => {
    const days = [500, -200, -400, 100, 50, 600, -10].map((result, at) => dayOf(at, result));
    expect(backtestMetrics(days, []).drawdown).toEqual({
      depthPaise: 600,
      depthShare: 600 / 1_00_000_00,
      longestDays: 4,
    });
  });

  it("leave out what rests on nothing", () => {
    const metrics = backtestMetrics([], []);
    expect([metrics.winRate, metrics.sharpe, metrics.sortino, metrics.exposure, metrics.sharpeInterval]).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
    expect(backtestMetrics([dayOf(0, 5), dayOf(1, 7)], []).sortino).toBeNull();
  });

  it("say where premiums come from", () => {
    const shares = priceShares([dayOf(0, 1), dayOf(1, 1)], [tradeOf(1, "10:00", "10:10")]);
    expect(shares).toMatchObject({ recordedDays: 2, modelledDays: 2, fills: 4, modelledFills: 1, modelledShare: 0.25 });
    expect(shares.note).toContain("25.0 % of 4 fills");
    expect(shares.errors[0]).toContain("Modelled premiums were fitted on");
    // What the fitted smile was off by says nothing of premiums by the other.
    const platform = priceShares([dayOf(0, 1)], [], { smile: "platform" }).errors.join(" ");
    expect(platform).toContain("off by 35.5 %");
    expect(platform).not.toContain("fitted on 6914 quotes");
  });

  it("say for how many days, and until when, charges are those of the oldest rate known", () => {
    const on = (date: string) => dayOf(0, 1, { date: marketDate(date) });
    const noteOf = (...dates: string[]) => priceShares(dates.map(on), []).note;
    expect(noteOf("2017-07-03", "2017-07-04", "2025-08-01")).toMatch(
      /Charges of 2 days, the last of them 2017-07-04: no rate of [a-z, ]*exchange[a-z, ]* is known for the date/,
    );
    expect(noteOf("2025-08-01")).not.toContain("Charges of");
  });

  it("say that modelled chains have no next expiry, where legs of it were wanted and a day was modelled", () => {
    const nearest = required(libraryStrategy("vix-iron-fly"), "a strategy of the library");
    const [entry] = nearest.entries;
    const next = { ...nearest, entries: [{ ...required(entry, "an entry"), legs: [] as Leg[] }] };
    next.entries[0]?.legs.push({ ...required(entry?.legs[0], "a leg"), expiry: "NEXT" });
    const recorded = dayOf(0, 1, { chains: { NIFTY50: "RECORDED", BANKNIFTY: "NONE", SENSEX: "NONE" } });
    const noteOf = (definition: StrategyDefinition | null, day = dayOf(0, 1)) =>
      priceShares([day], [], { definition }).note.includes("no entry with a leg of expiry NEXT was made");
    expect([noteOf(next), noteOf(next, recorded), noteOf(nearest), noteOf(null)]).toEqual([true, false, false, false]);
  });
});

describe("picking the best of many", () => {
  const random = new Seeded(7);
  const noise = (name: string, drift: number) => {
    const days = Array.from({ length: 250 }, (_, at) =>
      dayOf(at, Math.round((random.below(20_001) - 10_000 + drift) * 10)),
    );
    return { name, days, metrics: backtestMetrics(days, []) };
  };

  it("is called no finding when all of them are noise, and believed when one is not", () => {
    const nothing = compareVariants(Array.from({ length: 12 }, (_, at) => noise(`v${at}`, 0)));
    expect(nothing.variants).toBe(12);
    expect(nothing.deflatedSharpe).toBeLessThan(0.95);
    expect(nothing.warning).toContain("picked from 12 variants");
    expect(nothing.warning).toContain("no finding");
    const something = compareVariants([noise("a", 0), noise("skilled", 3_000), noise("b", 0)]);
    expect(something.ranking[0]).toBe("skilled");
    expect(something.warning).toContain("Other days still have to confirm it");
  });

  it("never falls on one that ended early by a failure: it is ranked last and named, whatever it made until then", () => {
    const early = { ...noise("early", 3_000), hasFailed: true };
    const { ranking, bestResult, warning } = compareVariants([early, noise("a", 0), noise("b", -3_000)]);
    expect(ranking).toEqual(["a", "b", "early"]);
    expect(bestResult).not.toBe("early");
    expect(warning).toContain("a was picked from 3 variants");
    expect(warning).toContain("Ended early by a failure and ranked last: early.");
  });

  it("needs no warning for a single run", () => {
    expect(compareVariants([noise("only", 0)]).warning).toBeNull();
  });
});

describe("the seeds' yardsticks", () => {
  it("G-15: realistic, 45 trades a day for 30 days, is 2,43,000", () => {
    expect(realisticYardstick(45, 30)).toMatchObject({ kind: "YARDSTICK", amountPaise: 2_43_000_00 });
  });

  it.each([
    ["G-16", 3_500, 71_250_00],
    ["G-17", 1_000, 1_46_250_00],
    ["G-17", 1_800, 1_08_750_00],
    ["G-17", 2_500, 71_250_00],
  ])("%s: edge of 1,50,000 at VIX %d", (_id, vixCenti, amountPaise) => {
    expect(edgeYardstick(paise(1_50_000_00), vixCenti)).toMatchObject({ kind: "YARDSTICK", amountPaise });
  });

  it.each([
    ["G-18", 300, 500, 540_00],
    ["G-19", 100, 500, 180_00],
    ["G-20", 300, 200, 0],
    ["a loss", 300, 199, -1_80],
  ])(
    "%s: 10,000 at %d hundredths of leverage, six of ten gaining %d bps",
    (_id, leverageCenti, gainBps, amountPaise) => {
      const yardstick = leverageYardstick(paise(10_000_00), leverageCenti, 6_000, gainBps);
      expect(yardstick).toMatchObject({ kind: "YARDSTICK", amountPaise });
    },
  );
});

it("the report is one page that asks nobody for anything and escapes what it is given", () => {
  const days = [dayOf(0, 500), dayOf(1, -200), dayOf(40, 300, { turnoverPaise: paise(12_34_567_89) })];
  const trades = [tradeOf(300, "09:30", "10:00", { name: "<script>" })];
  const html = htmlReport({
    title: "A <b>run</b>",
    subtitle: "s",
    notes: ["modelled"],
    metrics: backtestMetrics(days, trades),
    days,
    trades,
    importances: { model: "m-1", shares: [{ feature: "rsi", share: 0.4 }] },
    details: { title: "behind", lines: ["4 % off"] },
    hashes: { tradesSha256: "abc" },
  });
  expect(html).not.toMatch(/<script|https?:|src=|@import|url\(/);
  expect(html).toContain("A &lt;b&gt;run&lt;/b&gt;");
  expect(html.match(/<svg /g)?.length).toBe(4);
  expect(html).toContain("2025");
  for (const said of ["What m-1 looks at", "4 % off", "tradesSha256 abc", "09:30–10:00", "₹12,44,567.89"]) {
    expect(html).toContain(said);
  }
  expect(html).toMatch(/color-scheme:light dark/);
  expect(html).toContain('name="viewport"');
});
