import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InstrumentId, OptionType } from "../../../src/core/instrument/contract.ts";
import { contractOf } from "../../../src/core/instrument/contract-tables.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant, type MarketDate, marketDate } from "../../../src/core/kernel/time.ts";
import type { HeldQuote } from "../../../src/core/market/market-event.ts";
import { ASSUMED_RATE, priceOption, yearsToExpiry } from "../../../src/core/market/option-pricing.ts";
import type { Predictor } from "../../../src/core/prediction/predictor.ts";
import { RULE_PREDICTOR } from "../../../src/core/prediction/rule-predictor.ts";
import { type SelectionInput, scoreOf, selectContract } from "../../../src/core/strategy/contract-selection.ts";
import { makeSignal, type SignalRequest } from "../../../src/core/strategy/make-signal.ts";

const date = marketDate("2025-08-29");
const NOON = istInstant(date, "12:00");
const SPOT = paise(24_500_00);
const EXPIRY = marketDate("2025-09-02");

function quote(strike: number, premiumRupees: number, change: Partial<HeldQuote> = {}): HeldQuote {
  const premiumPaise = Math.round(premiumRupees * 100);
  const optionType: OptionType = change.optionType ?? "CALL";
  const strikePaise = paise(strike * 100);
  const expiry: MarketDate = change.expiry ?? EXPIRY;
  const contract = contractOf({ underlying: "NIFTY50", expiry, strikePaise, optionType }, date);
  return {
    instrumentId: contract.ok ? contract.value.instrumentId : ("UNKNOWN" as InstrumentId),
    expiry,
    strikePaise,
    optionType,
    lastPaise: paise(premiumPaise),
    bidPaise: paise(premiumPaise - 5),
    bidUnits: 750,
    askPaise: paise(premiumPaise),
    askUnits: 750,
    volumeUnits: 1_00_000,
    openInterestUnits: null,
    ivBps: null,
    quotedAtMs: NOON,
    source: "RECORDED",
    ...change,
  };
}
const input = (quotes: readonly HeldQuote[], change: Partial<SelectionInput> = {}): SelectionInput => ({
  underlying: "NIFTY50",
  date,
  atMs: NOON,
  direction: "BULLISH",
  spotPaise: SPOT,
  quotes,
  staleAfterMs: 120_000,
  targetMovePaise: null,
  ...change,
});
const chosen = (quotes: readonly HeldQuote[], change: Partial<SelectionInput> = {}): string | null =>
  selectContract(input(quotes, change)).choice?.contract.instrumentId ?? null;

describe("AI-10: the score of a contract", () => {
  test("is 0.4 premium + 0.3 moneyness + 0.2 lack of volume + 0.1 distance beyond 2 %", () => {
    // At the money, ₹100 of ₹200, volume more than enough.
    expect(scoreOf(quote(24_500, 100), SPOT)).toBeCloseTo(20, 10);
    // 1 % out of the money counts half, in the money double; 50,000 of 1,00,000 units traded leave 50.
    expect(scoreOf(quote(24_745, 100), SPOT)).toBeCloseTo(20 + 0.3 * 0.5, 10);
    expect(scoreOf(quote(24_255, 100), SPOT)).toBeCloseTo(20 + 0.3 * 2, 10);
    expect(scoreOf(quote(24_500, 100, { volumeUnits: 50_000 }), SPOT)).toBeCloseTo(20 + 10, 10);
    expect(scoreOf(quote(24_500, 100, { volumeUnits: null }), SPOT)).toBeCloseTo(20 + 10, 10);
    // 2.5 % out: half of 2.5, and half a per cent beyond the wanted range.
    expect(scoreOf(quote(25_112.5, 100), SPOT)).toBeCloseTo(20 + 0.3 * 1.25 + 0.1 * 0.5, 10);
    // 0.5 % away is still at the money.
    expect(scoreOf(quote(24_622.5, 100), SPOT)).toBeCloseTo(20, 10);
  });

  test("takes premiums of ₹10 to ₹200, strikes within 3 %, and a volume of 1,000 or an unknown one", () => {
    expect([9.95, 10, 200, 200.05].map((premium) => scoreOf(quote(24_500, premium), SPOT) !== null)).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect([25_235, 25_236].map((strike) => scoreOf(quote(strike, 50), SPOT) !== null)).toEqual([true, false]);
    expect([999, 1_000, null].map((volumeUnits) => scoreOf(quote(24_500, 50, { volumeUnits }), SPOT) !== null)).toEqual(
      [false, true, true],
    );
  });

  test("goes by the ask, and by the last price only where there is no ask", () => {
    expect(scoreOf(quote(24_500, 100, { lastPaise: paise(150_00) }), SPOT)).toBeCloseTo(20, 10);
    expect(scoreOf(quote(24_500, 100, { askPaise: null, lastPaise: paise(150_00) }), SPOT)).toBeCloseTo(30, 10);
    expect(scoreOf(quote(24_500, 100, { askPaise: null, lastPaise: null }), SPOT)).toBeNull();
  });
});

describe("the choice", () => {
  const calls = [quote(24_500, 150), quote(24_600, 100), quote(24_700, 60), quote(24_800, 35), quote(24_900, 20)];
  const puts = calls.map((call) =>
    quote(49_000 - call.strikePaise / 100, (call.lastPaise ?? 0) / 100, { optionType: "PUT" }),
  );

  test("is the lowest score, with three alternatives in order: calls for a rise, puts for a fall", () => {
    const up = selectContract(input([...calls, ...puts]));
    expect(up.choice?.contract.instrumentId).toBe("NIFTY2590224900CE.NFO");
    expect(up.alternatives).toEqual(["NIFTY2590224800CE.NFO", "NIFTY2590224700CE.NFO", "NIFTY2590224600CE.NFO"]);
    expect(chosen([...calls, ...puts], { direction: "BEARISH" })).toBe("NIFTY2590224100PE.NFO");
  });

  test("does not depend on the order of the quotes", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...calls, ...puts], { minLength: 10, maxLength: 10 }), (shuffled) => {
        expect(selectContract(input(shuffled))).toEqual(selectContract(input([...calls, ...puts])));
      }),
    );
  });

  test("leaves stale quotes out, and says when there is nothing else", () => {
    const old = calls.map((call) => ({ ...call, quotedAtMs: epochMs(NOON - 120_001) }));
    expect(selectContract(input(old))).toMatchObject({
      choice: null,
      refusal: expect.stringMatching(/No fresh quote/),
    });
    expect(chosen([...old, quote(24_500, 150)])).toBe("NIFTY2590224500CE.NFO");
  });

  test("is of the nearest expiry, which on its last day counts until 15:00 only", () => {
    const later = quote(24_900, 20, { expiry: marketDate("2025-09-09") });
    expect(chosen([later, ...calls])).toBe("NIFTY2590224900CE.NFO");
    const onExpiry = (time: string): string | null => {
      const atMs = istInstant(EXPIRY, time);
      const fresh = [later, ...calls].map((call) => ({ ...call, quotedAtMs: atMs }));
      return chosen(fresh, { date: EXPIRY, atMs });
    };
    expect(onExpiry("14:59")).toBe("NIFTY2590224900CE.NFO");
    expect(onExpiry("15:00")).toBe("NIFTY2590924900CE.NFO");
  });

  test("is none without quotes, and none when no premium is in range", () => {
    expect(selectContract(input([]))).toMatchObject({ choice: null, alternatives: [] });
    expect(selectContract(input([quote(24_500, 300)])).refusal).toMatch(/None of 1 calls/);
  });

  test("carries the delta that the quote's own price implies", () => {
    const years = yearsToExpiry(NOON, EXPIRY, "15:30");
    const terms = { spot: SPOT, strike: 24_600_00, years, rate: ASSUMED_RATE, optionType: "CALL" as const };
    const value = priceOption({ ...terms, volatility: 0.11 });
    const price = Math.round(value.price / 5) * 5;
    const fair = quote(24_600, 1, { bidPaise: paise(price - 5), askPaise: paise(price + 5), lastPaise: paise(price) });
    const { choice } = selectContract(input([fair]));
    expect(Math.abs((choice?.deltaBps ?? 0) - value.delta * 10_000)).toBeLessThan(10);
  });

  test("has no delta where neither price nor source tells a volatility", () => {
    const impossible = quote(24_000, 100);
    expect(selectContract(input([impossible])).choice?.deltaBps).toBeNull();
    expect(selectContract(input([{ ...impossible, ivBps: 1_200 }])).choice?.deltaBps).toBeGreaterThan(9_000);
  });
});

describe("a signal", () => {
  const open = istInstant(date, "09:15");
  const bars = Array.from({ length: 40 }, (_, at) => {
    const [before, close] = [24_500_00 + Math.max(0, at - 1) ** 2 * 40, 24_500_00 + at * at * 40];
    return {
      startMs: epochMs(open + at * 180_000),
      openPaise: paise(before),
      highPaise: paise(close + 500),
      lowPaise: paise(before - 500),
      closePaise: paise(close),
    };
  });
  const atMs = epochMs(open + 40 * 180_000 + 60_000);
  const make = (quotes: readonly HeldQuote[], barsShown = bars, asked: Partial<SignalRequest> = {}) =>
    makeSignal({
      ...asked,
      cycleId: "2025-08-29-C09",
      date,
      atMs,
      cycleEndMs: istInstant(date, "11:30"),
      view: { underlying: "NIFTY50", spotPaise: SPOT, vixCenti: 12_00, bars: barsShown, quotes },
      staleAfterMs: 3_600_000,
    });

  test("joins the view with the contract, under an id made of cycle and underlying", () => {
    const signal = make([quote(24_700, 60)]);
    expect(signal).toMatchObject({ signalId: "2025-08-29-C09/NIFTY50", predictor: "rules-1", direction: "BULLISH" });
    expect(signal.choice?.contract.instrumentId).toBe("NIFTY2590224700CE.NFO");
  });

  test("asks the predictor with what the community thinks, and not where nobody was asked", () => {
    const heard: unknown[] = [];
    const predictor: Predictor = {
      id: "listener",
      predict: (input) => {
        heard.push(input.community);
        return RULE_PREDICTOR.predict(input);
      },
    };
    const voice = { contributors: 6, confidenceBps: { BEARISH: 1_000, NEUTRAL: 1_000, BULLISH: 8_000 } };
    make([quote(24_700, 60)], bars, { predictor, community: voice });
    make([quote(24_700, 60)], bars, { predictor });
    expect(heard).toEqual([voice, undefined]);
  });

  test("is NO_TRADE where no contract fits, and says why, leaning to the side all the same", () => {
    const signal = make([]);
    expect(signal).toMatchObject({ direction: "NO_TRADE", choice: null, targetMovePaise: null });
    expect(signal.lean).toEqual({ direction: "BULLISH", confidenceBps: signal.confidenceBps });
    expect(signal.reason).toMatch(/No trade all the same: No contract is quoted/);
  });

  test("has no contract while warming up", () => {
    expect(make([quote(24_700, 60)], bars.slice(0, 5))).toMatchObject({ direction: "NO_TRADE", choice: null });
  });

  test("is the same again from the same input", () => {
    expect(make([quote(24_700, 60)])).toEqual(make([quote(24_700, 60)]));
  });
});
