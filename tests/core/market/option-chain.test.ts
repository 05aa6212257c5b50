import { describe, expect, it } from "vitest";
import type { InstrumentId, OptionType } from "../../../src/core/instrument/contract.ts";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import { istInstant, type MarketDate, marketDate } from "../../../src/core/kernel/time.ts";
import type { HeldQuote } from "../../../src/core/market/market-event.ts";
import { type ChainMarket, optionChain, quotedExpiries } from "../../../src/core/market/option-chain.ts";
import { ASSUMED_RATE, priceOption, yearsToExpiry } from "../../../src/core/market/option-pricing.ts";

const DATE = marketDate("2026-11-16");
const AT = istInstant(DATE, "11:00");
const NEAR = marketDate("2026-11-23");
const FAR = marketDate("2026-12-29");
const SPOT = 24_013;
const MARKET: ChainMarket = { underlying: "NIFTY50", spotPaise: paise(SPOT * 100), atMs: AT };

/** A quote at the model's price around a forward that the spot does not show. */
function quote(
  optionType: OptionType,
  strike: number,
  change: Partial<HeldQuote> & { readonly carried?: number; readonly volatility?: number } = {},
): HeldQuote {
  const { carried = SPOT, volatility = 0.13, expiry = NEAR, ...rest } = change;
  const years = yearsToExpiry(AT, expiry, "15:30");
  const value = priceOption({ spot: carried, strike, years, rate: ASSUMED_RATE, volatility, optionType }).price * 100;
  return {
    instrumentId: `NIFTY${expiry}${strike}${optionType}` as InstrumentId,
    expiry,
    strikePaise: paise(strike * 100),
    optionType,
    lastPaise: null,
    bidPaise: paise(Math.round(value) - 5),
    bidUnits: 65,
    askPaise: paise(Math.round(value) + 5),
    askUnits: 65,
    volumeUnits: null,
    openInterestUnits: null,
    ivBps: null,
    quotedAtMs: AT,
    source: "RECORDED",
    ...rest,
  };
}

const STRIKES = [23_900, 23_950, 24_000, 24_050, 24_100];
const both = (change: Parameters<typeof quote>[2] = {}): readonly HeldQuote[] =>
  STRIKES.flatMap((strike) => [quote("CALL", strike, change), quote("PUT", strike, change)]);

describe("the option chain", () => {
  it("finds the forward the premiums agree on, not the one the index shows", () => {
    const years = yearsToExpiry(AT, NEAR, "15:30");
    for (const carried of [SPOT - 60, SPOT, SPOT + 80]) {
      const { forwardPaise } = optionChain(both({ carried }), NEAR, MARKET);
      expect(Math.abs((forwardPaise ?? 0) - carried * 100 * Math.exp(ASSUMED_RATE * years))).toBeLessThan(5);
    }
  });

  it("gives both options of a strike the volatility they trade at, and greeks that obey parity", () => {
    const { rows, atTheMoneyPaise, atTheMoneyIvBps } = optionChain(both({ carried: SPOT + 40 }), NEAR, MARKET);
    expect(rows.map((row) => row.strikePaise / 100)).toEqual(STRIKES);
    expect(atTheMoneyPaise).toBe(24_100_00);
    expect(Math.abs((atTheMoneyIvBps ?? 0) - 1_300)).toBeLessThanOrEqual(2);
    for (const { call, put } of rows) {
      expect(Math.abs((call?.ivBps ?? 0) - 1_300)).toBeLessThanOrEqual(3);
      expect((call?.greeks?.delta ?? 0) - (put?.greeks?.delta ?? 0)).toBeCloseTo(1, 2);
      expect(call?.greeks?.vegaPaise).toBeGreaterThan(0);
      expect(call?.greeks?.thetaPaise).toBeLessThan(0);
    }
  });

  it("prefers the volatility of the source, and has no greeks where nothing explains the quotes", () => {
    const given = optionChain([quote("CALL", 24_000, { ivBps: 1_777 })], NEAR, MARKET).rows[0]?.call;
    expect(given).toMatchObject({ ivBps: 1_777 });
    const silent = quote("CALL", 24_000, { bidPaise: null, askPaise: null });
    expect(optionChain([silent], NEAR, MARKET).rows[0]).toMatchObject({
      call: { ivBps: null, greeks: null },
      put: null,
    });
  });

  it("has max pain where the open options are worth least, by hand on three strikes", () => {
    const open = (optionType: OptionType, strike: number, openInterestUnits: number): HeldQuote =>
      quote(optionType, strike, { openInterestUnits, volumeUnits: 10 * openInterestUnits });
    const quotes = [
      open("CALL", 23_900, 100),
      open("CALL", 24_000, 300),
      open("CALL", 24_100, 500),
      open("PUT", 23_900, 600),
      open("PUT", 24_000, 200),
      open("PUT", 24_100, 100),
    ];
    // Owed at 23,900: puts 100×200 + 200×100; at 24,000: call 100×100, put 100×100; at 24,100: calls 200×100 + 100×300.
    const chain = optionChain(quotes, NEAR, MARKET);
    expect(chain).toMatchObject({
      maxPainPaise: 24_000_00,
      openInterestRatio: 1,
      volumeRatio: 1,
      callOpenInterestUnits: 900,
      putOpenInterestUnits: 900,
    });
  });

  it("says null, not 0, of what the source does not have", () => {
    expect(optionChain(both(), NEAR, MARKET)).toMatchObject({
      maxPainPaise: null,
      openInterestRatio: null,
      volumeRatio: null,
      callOpenInterestUnits: null,
    });
    const noSpot = optionChain(both(), NEAR, { ...MARKET, spotPaise: null });
    expect(noSpot).toMatchObject({ forwardPaise: null, atTheMoneyPaise: null, atTheMoneyIvBps: null });
    expect(noSpot.rows).toHaveLength(STRIKES.length);
  });

  it("keeps expiries apart", () => {
    const quotes = [...both(), ...both({ expiry: FAR, volatility: 0.16 })];
    expect(quotedExpiries(quotes)).toEqual([NEAR, FAR] satisfies MarketDate[]);
    const far = optionChain(quotes, FAR, MARKET);
    expect(far.rows).toHaveLength(STRIKES.length);
    expect(Math.abs((far.atTheMoneyIvBps ?? 0) - 1_600)).toBeLessThanOrEqual(2);
    expect((far.forwardPaise ?? (0 as Paise)) > (optionChain(quotes, NEAR, MARKET).forwardPaise ?? 0)).toBe(true);
  });
});
