// A recorded day through the engine. That it is the platform's own day is shown where the platform plays it: the worker's session
// test compares journals, the e2e test the ledger's root.
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Backtest } from "../../../src/core/backtest/backtest.ts";
import { TapeSource } from "../../../src/core/backtest/market-source.ts";
import { SeriesSource } from "../../../src/core/backtest/series-source.ts";
import type { CycleView, SignalSource } from "../../../src/core/backtest/signal-source.ts";
import type { Underlying } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, MS_PER_DAY, MS_PER_MINUTE } from "../../../src/core/kernel/time.ts";
import { type BarSeries, seriesOfBars } from "../../../src/core/market/bar-series.ts";
import { BAR_INTERVAL_MS } from "../../../src/core/market/bars.ts";
import type { IndexName, MarketEvent } from "../../../src/core/market/market-event.ts";
import { QuoteBoard } from "../../../src/core/market-feed/quote-board.ts";
import { type SwitchingTerms, switchingTermsOf } from "../../../src/core/prediction/direction-switching.ts";
import type { Predictor } from "../../../src/core/prediction/predictor.ts";
import { makeSignal } from "../../../src/core/strategy/make-signal.ts";
import { openRecordedSession } from "../../../tools/session-folder.ts";
import { playRecorded, replayProfile } from "../../support/backtest-run.ts";

const recorded = await openRecordedSession(path.join(import.meta.dirname, "../../../tools/sessions/2025-08-29"));
const trader = replayProfile("U001", "Demo trader", "ADMIN", paise(5_00_000_00), paise(50_00_000_00));

/** Leans with the last quarter of an hour, always: a day with many trades in all three underlyings. */
const RESTLESS: Predictor = {
  id: "restless",
  predict: ({ atMs, spotPaise, vixCenti, bars }) => {
    const before = bars.at(-5)?.closePaise ?? spotPaise;
    return {
      direction: spotPaise > before ? "BULLISH" : "BEARISH",
      confidenceBps: 7_500,
      reason: "restless",
      inputs: { spotPaise, rsi: null, atrPaise: null, macdHistogramPaise: null, vixCenti, barCount: bars.length },
      targetMovePaise: paise(Math.round(spotPaise / 500)),
      stopMovePaise: paise(Math.round(spotPaise / 800)),
      expiresAtMs: epochMs(atMs + 25 * MS_PER_MINUTE),
    };
  },
};
const restless: SignalSource = {
  id: RESTLESS.id,
  signalOf: (cycle: CycleView) => makeSignal({ ...cycle, predictor: RESTLESS }),
};

/** The bars whose prints the tape has: four prints each, one after another. */
function barsOnTape(events: readonly MarketEvent[], index: IndexName): BarSeries {
  const prints = events.flatMap((event) => (event.kind === "INDEX_PRINT" && event.index === index ? [event] : []));
  const bars = [];
  for (let at = 0; at < prints.length; at += 4) {
    const four = prints.slice(at, at + 4).map(({ pricePaise }) => pricePaise);
    const [open, , , close] = four;
    const start = prints[at]?.atMs;
    if (open === undefined || close === undefined || start === undefined) throw new Error("not four prints to a bar");
    const [high, low] = [Math.max(...four), Math.min(...four)];
    bars.push({ startMs: start, openPaise: open, highPaise: paise(high), lowPaise: paise(low), closePaise: close });
  }
  return seriesOfBars(index, BAR_INTERVAL_MS, bars);
}

const { session, tapes } = recorded;
const seriesOf = (underlying: Underlying): SeriesSource =>
  new SeriesSource({
    underlying,
    date: session.date,
    openMs: session.openMs,
    closeMs: session.closeMs,
    bars: barsOnTape(tapes[underlying], underlying),
    vixBars: barsOnTape(tapes[underlying], "INDIAVIX"),
    previousVixCenti: session.previousVixCenti,
  });

// Whole days of an account, played several times over: seconds alone, many of them where other work has the cores.
const TIMEOUT = { timeout: 60_000 };

describe("a recorded day", TIMEOUT, () => {
  it("is traded to settled books, and each time with the same journal", () => {
    const first = playRecorded(recorded, trader, { signals: restless });
    expect(first.failure).toBeNull();
    expect(first.state.day).toMatchObject({ date: "2025-08-29", status: "CLOSED" });
    expect(Object.keys(first.state.openTrades)).toEqual([]);
    expect(first.events.filter(({ type }) => type === "ORDER_FILLED").length).toBeGreaterThan(20);
    const sum = first.entries.flatMap(({ lines }) => lines).reduce((total, { amountPaise }) => total + amountPaise, 0);
    expect(sum).toBe(0);
    expect(playRecorded(recorded, trader, { signals: restless }).hash).toBe(first.hash);
  });

  it("has the same journal whether modelled premiums are made beforehand or only where somebody looks", () => {
    const eager = playRecorded(recorded, trader, { signals: restless });
    const lazy = playRecorded(recorded, trader, { signals: restless, sources: { SENSEX: seriesOf("SENSEX") } });
    const dealtOn = (exchange: string): number =>
      eager.events.filter((event) => event.type === "ORDER_SUBMITTED" && event.terms.contract.exchange === exchange)
        .length;
    expect(dealtOn("BSE")).toBeGreaterThan(1);
    expect(lazy.events).toEqual(eager.events);
    expect(lazy.hash).toBe(eager.hash);
  });
});

describe("a run of several days", TIMEOUT, () => {
  /** The same market so many days later. */
  function shifted(days: number) {
    const by = days * MS_PER_DAY;
    const date = new Date(Date.parse(`${session.date}T00:00:00Z`) + by)
      .toISOString()
      .slice(0, 10) as typeof session.date;
    const openMs = epochMs(session.openMs + by);
    const closeMs = epochMs(session.closeMs + by);
    const source = (underlying: Underlying): SeriesSource => {
      const moved = (bars: BarSeries): BarSeries => ({ ...bars, startMs: bars.startMs.map((start) => start + by) });
      return new SeriesSource({
        underlying,
        date,
        openMs,
        closeMs,
        bars: moved(barsOnTape(tapes[underlying], underlying)),
        vixBars: moved(barsOnTape(tapes[underlying], "INDIAVIX")),
        previousVixCenti: session.previousVixCenti,
      });
    };
    const underlyings = session.underlyings.map(
      (about) => ({ ...about, chain: "MODELLED", quoteCadenceMs: 60_000 }) as const,
    );
    return {
      session: { ...session, date, openMs, closeMs, underlyings },
      sources: { NIFTY50: source("NIFTY50"), BANKNIFTY: source("BANKNIFTY"), SENSEX: source("SENSEX") },
    };
  }
  const days = [3, 4];

  it("comes to the same when it is stopped after a day and gone on with from plain data", () => {
    const whole = new Backtest({ profile: trader, signals: restless });
    for (const day of days) whole.play(shifted(day));
    expect(whole.saved.days.map(({ failure }) => failure)).toEqual([null, null]);
    expect(whole.saved.trades.length).toBeGreaterThan(10);
    let progress = new Backtest({ profile: trader, signals: restless }).saved;
    for (const day of days) {
      const part = new Backtest({ profile: trader, signals: restless }, JSON.parse(JSON.stringify(progress)));
      part.play(shifted(day));
      progress = part.saved;
    }
    expect(JSON.parse(JSON.stringify(progress))).toEqual(JSON.parse(JSON.stringify(whole.saved)));
  });

  it("turns by the terms it is asked for: never, and by the rules' own where it is asked for nothing", () => {
    const sidesOf = (switching?: SwitchingTerms): readonly (readonly [string, Set<string>])[] => {
      const run = new Backtest({
        profile: trader,
        signals: restless,
        ...(switching === undefined ? {} : { switching }),
      });
      run.play(shifted(3));
      const byIndex = Map.groupBy(run.saved.trades, ({ underlying }) => underlying);
      return [...byIndex].map(([underlying, trades]) => [
        underlying,
        new Set(trades.map(({ name }) => name.replace(/^.*(CE|PE).*$/, "$1"))),
      ]);
    };
    const never = sidesOf(switchingTermsOf({ switchesPerHour: 0 }));
    expect(never.length).toBeGreaterThan(1);
    for (const [underlying, sides] of never) expect(sides.size, underlying).toBe(1);
    const usual = sidesOf();
    expect(usual.some(([, sides]) => sides.size === 2)).toBe(true);
    expect(sidesOf(switchingTermsOf({}))).toEqual(usual);
  });

  it("accounts for every rupee: equity moves by the day's result less fees, and trades sum to what was realised", () => {
    const run = new Backtest({ profile: trader, signals: restless });
    for (const day of days) run.play(shifted(day));
    const { days: played, trades } = run.saved;
    let equityPaise: number = trader.savingsPaise;
    for (const { date, equityPaise: after, resultPaise, feesPaise, realisedPaise } of played) {
      equityPaise += resultPaise - feesPaise;
      expect(after).toBe(equityPaise);
      const ofDay = trades.filter((trade) => trade.date === date);
      expect(ofDay.reduce((sum, trade) => sum + trade.realisedPaise, 0)).toBe(realisedPaise);
    }
  });

  it("leaves out a day that does not come later, and one before charges are known, with the reason", () => {
    const run = new Backtest({ profile: trader, signals: restless });
    run.play(shifted(3));
    expect(run.play(shifted(3))).toBeNull();
    expect(run.saved.leftOut).toEqual([{ date: "2025-09-01", reason: "it does not come after 2025-09-01" }]);
  });
});

it("a recorded board and a tape of the same facts are what the platform's feed holds", () => {
  const board = new QuoteBoard("NIFTY50", session.date);
  const source = new TapeSource(board, tapes.NIFTY50);
  const taken = source.take(session.closeMs);
  expect(taken.facts).toBe(tapes.NIFTY50.length);
  expect(source.nextFactMs()).toBeNull();
  expect(board.bars.length).toBe(125);
});
