import { describe, expect, test } from "vitest";
import { exactCharges } from "../../../../src/core/charges/contract-note.ts";
import { UNDERLYINGS } from "../../../../src/core/instrument/contract.ts";
import { paise } from "../../../../src/core/kernel/money.ts";
import { epochMs, istInstant, type MarketDate, marketDate } from "../../../../src/core/kernel/time.ts";
import type { HeldQuote } from "../../../../src/core/market/market-event.ts";
import { modelChain } from "../../../../src/core/market/model-chain.ts";
import { ironFlyOutcome, ironFlyTrade } from "../../../../src/core/prediction/labels/iron-fly-outcome.ts";
import { chooseLongOption } from "../../../../src/core/prediction/labels/long-option-choice.ts";
import { longOptionOutcome, longOptionTrade } from "../../../../src/core/prediction/labels/long-option-outcome.ts";
import { selectContract } from "../../../../src/core/strategy/contract-selection.ts";
import { Seeded } from "../../../support/seeded.ts";
import { seededBars } from "../features/seeded-days.ts";
import { drawnBars, momentOf } from "./label-paths.ts";

const date = marketDate("2025-08-26");
const SIDES = ["BULLISH", "BEARISH"] as const;

describe("the contract of a directional label", () => {
  test("is the one the product takes out of the whole modelled chain, or none where it takes none", () => {
    const random = new Seeded(11);
    let chosen = 0;
    for (let round = 0; round < 60; round += 1) {
      const underlying = random.pick(UNDERLYINGS);
      const on = marketDate(random.pick(["2019-05-22", "2024-01-10", "2025-08-26", "2025-08-28", "2026-04-28"]));
      const minute = random.below(370);
      const spot = underlying === "NIFTY50" ? 11_000 + random.below(14_000) : 30_000 + random.below(50_000);
      const vixCenti = 900 + random.below(2_500);
      const atMs = epochMs(istInstant(on, "09:16") + minute * 60_000);
      const spotPaise = paise(spot * 100 + random.below(100));
      const targetMovePaise = paise(100 + random.below(6_000));
      const question = { underlying, date: on, atMs, spotPaise, targetMovePaise };
      const chain = modelChain({ underlying, date: on, atMs, spotPaise, vixCenti });
      const quotes = (chain?.quotes ?? []).map(
        (quote): HeldQuote => ({ ...quote, quotedAtMs: atMs, source: "MODELLED" }),
      );
      for (const direction of SIDES) {
        const { choice } = selectContract({ ...question, direction, quotes, staleAfterMs: 1 });
        const lean = chooseLongOption({ ...question, direction, vixCenti });
        chosen += Number(choice !== null);
        expect(lean === null).toBe(choice === null);
        if (lean === null || choice === null) continue;
        const { instrumentId: _name, ...terms } = choice.contract;
        expect(lean).toEqual({ contract: { ...lean.contract, ...terms }, deltaBps: choice.deltaBps });
      }
    }
    expect(chosen).toBeGreaterThan(40);
  });
});

/** The same trade once more, by its definition, with every price out of a whole chain. */
function slowTrade(
  bars: ReturnType<typeof seededBars>,
  on: MarketDate,
  cycle: number,
  direction: (typeof SIDES)[number],
) {
  const moment = momentOf({ date: on, bars, cycle });
  const trade = longOptionTrade(moment, direction);
  if (trade === null) return null;
  const { contract, deltaBps } = trade.choice;
  const quoteAt = (endMs: number, spot: number) =>
    modelChain({
      underlying: "NIFTY50",
      date: on,
      atMs: epochMs(endMs),
      spotPaise: paise(spot),
      vixCenti: 1_300,
    })?.quotes.find(
      (quote) =>
        quote.expiry === contract.expiry &&
        quote.strikePaise === contract.strikePaise &&
        quote.optionType === contract.optionType,
    );
  const entryBar = bars.find((bar) => bar.startMs === moment.atMs);
  const tick = contract.tickSizePaise;
  const entry = (quoteAt(moment.atMs + 180_000, entryBar?.closePaise ?? 0)?.askPaise ?? 0) + tick;
  const value = entry * contract.lotSize;
  const costs = (["BUY", "SELL"] as const).map((side) =>
    Math.ceil(
      exactCharges({
        date: on,
        exchange: "NSE",
        buyValuePaise: paise(side === "BUY" ? value : 0),
        sellValuePaise: paise(side === "SELL" ? value : 0),
        executedOrders: 1,
      }).total.toNumber(),
    ),
  );
  const delta = Math.abs(deltaBps ?? 0) / 10_000;
  const [target, stop] = [Math.ceil(1_000 * delta), Math.ceil(3_000 * delta)];
  // Rounding of single heads may add a few paise, far less than a tick a unit.
  const wanted = Math.ceil(Math.max(target, ((costs[0] ?? 0) + (costs[1] ?? 0)) / contract.lotSize) / tick) * tick;
  return {
    moment,
    trade,
    entry,
    targetAt: entry + wanted,
    stopAt: entry - Math.floor(stop / tick) * tick,
    quoteAt,
    tick,
  };
}

describe("the outcome of a directional view", () => {
  test("is that of the product's plan along the bars, at prices out of the whole chain", () => {
    const exits = { target: 0, stop: 0, time: 0, trail: 0 };
    for (let seed = 1; seed <= 14; seed += 1) {
      const bars = seededBars(new Seeded(seed), date, { from: 24_500_00, holes: 0 });
      for (const direction of SIDES) {
        const slow = slowTrade(bars, date, 6 + seed, direction);
        if (slow === null) continue;
        const { moment, trade, entry, targetAt, stopAt, quoteAt, tick } = slow;
        expect(trade.entryPaise).toBe(entry);
        const endMs = moment.atMs + 75 * 60_000;
        expect(trade.exitMs).toBeLessThanOrEqual(endMs);
        const bar = bars.find(({ startMs }) => startMs + 180_000 === trade.exitMs);
        const bids = [bar?.openPaise, bar?.highPaise, bar?.lowPaise, bar?.closePaise].map(
          (spot) => quoteAt(trade.exitMs, spot ?? 0)?.bidPaise ?? 0,
        );
        const at = trade.exitPaise + tick;
        if (at === targetAt) exits.target += 1;
        else if (trade.exitMs === endMs && at === bids[3]) exits.time += 1;
        else if (at <= stopAt) exits.stop += 1;
        else exits.trail += 1;
        // Whatever the exit, its price was there in its bar, and neither stop nor target was passed over before.
        expect(at).toBeGreaterThanOrEqual(Math.min(...bids));
        expect(at).toBeLessThanOrEqual(Math.max(...bids));
        for (const earlier of bars) {
          if (earlier.startMs < moment.atMs + 180_000 || earlier.startMs + 180_000 >= trade.exitMs) continue;
          for (const spot of [earlier.highPaise, earlier.lowPaise]) {
            const bid = quoteAt(earlier.startMs + 180_000, spot)?.bidPaise ?? 0;
            expect(bid).toBeGreaterThan(stopAt);
            expect(bid).toBeLessThan(targetAt);
          }
        }
        expect(longOptionOutcome(moment, direction)).toBe(trade.netPaise > 0 ? 1 : 0);
      }
    }
    for (const count of Object.values(exits)) expect(count).toBeGreaterThan(0);
  });

  test("is made for a view that comes true, lost for its opposite, and lost for both when nothing moves", () => {
    const outcomes = (priceAt: (bar: number) => number) =>
      SIDES.map((side) => longOptionOutcome(momentOf({ date, bars: drawnBars(date, priceAt), cycle: 8 }), side));
    expect(outcomes((at) => 24_500_00 + 400 * Math.max(0, at - 34))).toEqual([1, 0]);
    expect(outcomes((at) => 24_500_00 - 400 * Math.max(0, at - 34))).toEqual([0, 1]);
    expect(outcomes(() => 24_500_00)).toEqual([0, 0]);
  });

  test("is counted after spread, slippage and charges: what they take is gone when nothing moves", () => {
    const bars = drawnBars(date, () => 24_500_00, 0);
    const trade = longOptionTrade(momentOf({ date, bars, cycle: 8 }), "BULLISH");
    const lot = trade?.choice.contract.lotSize ?? 0;
    // Two ticks of slippage and the flat brokerage of two orders with its tax at least.
    expect(trade?.netPaise).toBeLessThan(-2 * 5 * lot - 2 * 20_00 * 1.18);
  });

  test("is unknown where ATR, VIX or a bar before the exit is missing, and nothing behind the view's end matters", () => {
    const bars = seededBars(new Seeded(5), date, { from: 24_500_00, holes: 0 });
    for (const cycle of [4, 10, 20]) {
      for (const direction of SIDES) {
        const label = longOptionOutcome(momentOf({ date, bars, cycle }), direction);
        expect(label).not.toBe(255);
        expect(longOptionOutcome(momentOf({ date, bars, cycle, atrPaise: null }), direction)).toBe(255);
        expect(longOptionOutcome(momentOf({ date, bars, cycle, vixCenti: Number.NaN }), direction)).toBe(255);
        const endBar = (cycle - 1) * 5 + 25;
        const cut = bars.slice(0, endBar);
        expect(longOptionOutcome(momentOf({ date, bars: cut, cycle }), direction)).toBe(label);
        const withoutEntry = bars.filter((_, at) => at !== (cycle - 1) * 5);
        expect(longOptionOutcome(momentOf({ date, bars: withoutEntry, cycle }), direction)).toBe(255);
      }
    }
  });

  test("is unknown where its horizon would last beyond what views may: nobody would voice it", () => {
    const bars = drawnBars(date, () => 24_500_00);
    expect(longOptionOutcome(momentOf({ date, bars, cycle: 20 }), "BULLISH")).toBe(0);
    expect(longOptionOutcome(momentOf({ date, bars, cycle: 21 }), "BULLISH")).toBe(255);
    expect(ironFlyOutcome(momentOf({ date, bars, cycle: 17 }))).not.toBe(255);
    expect(ironFlyOutcome(momentOf({ date, bars, cycle: 18 }))).toBe(255);
  });

  test("before the oldest known rates is counted with those", () => {
    const old = marketDate("2014-03-05");
    const bars = drawnBars(old, (at) => 6_300_00 + 150 * Math.max(0, at - 34));
    expect(longOptionOutcome(momentOf({ date: old, bars, cycle: 8, atrPaise: 400 }), "BULLISH")).toBe(1);
  });
});

describe("the outcome of a NEUTRAL view", () => {
  const outcome = (priceAt: (bar: number) => number, vixCenti = 1_300) =>
    ironFlyTrade(momentOf({ date, bars: drawnBars(date, priceAt), cycle: 8, vixCenti }));

  test("is what an iron fly earns: two days before the expiry a still index is held to the end, a running one is stopped", () => {
    const still = outcome(() => 24_500_00);
    expect(still).toMatchObject({ reason: "TIME", strikePaise: 24_500_00, exitMs: istInstant(date, "13:00") });
    const running = outcome((at) => 24_500_00 + 1_000 * Math.max(0, at - 34));
    expect(running?.reason).toBe("STOP");
    expect(running?.netPaise).toBeLessThan(0);
    expect(still?.netPaise).toBeGreaterThan(running?.netPaise ?? 0);
  });

  test("never loses more than a wing and the costs, however far the index runs", () => {
    for (const step of [500, 5_000, 50_000]) {
      const trade = outcome((at) => 24_500_00 + (at > 36 ? step : 0) * 20);
      const lot = 75;
      expect(trade?.netPaise).toBeGreaterThan(-(trade?.wingPaise ?? 0) * lot - 1_000_00);
    }
  });

  test("has wings two bounds away on the strike grid, wider with a higher VIX", () => {
    const [calm, wild] = [outcome(() => 24_500_00, 1_000), outcome(() => 24_500_00, 3_000)];
    expect((calm?.wingPaise ?? 1) % 50_00).toBe(0);
    expect(wild?.wingPaise).toBeGreaterThan(2 * (calm?.wingPaise ?? 0));
  });

  test("is unknown where VIX, ATR or a bar is missing, and nothing behind the horizon matters", () => {
    const bars = seededBars(new Seeded(9), date, { from: 24_500_00, holes: 0 });
    for (const cycle of [4, 10, 17]) {
      const label = ironFlyOutcome(momentOf({ date, bars, cycle }));
      expect(label).not.toBe(255);
      expect(ironFlyOutcome(momentOf({ date, bars, cycle, vixCenti: Number.NaN }))).toBe(255);
      expect(ironFlyOutcome(momentOf({ date, bars, cycle, atrPaise: null }))).toBe(255);
      const end = (cycle - 1) * 5 + 40;
      expect(ironFlyOutcome(momentOf({ date, bars: bars.slice(0, end), cycle }))).toBe(label);
      expect(ironFlyOutcome(momentOf({ date, bars: bars.filter((_, at) => at !== (cycle - 1) * 5 + 1), cycle }))).toBe(
        255,
      );
    }
  });
});
