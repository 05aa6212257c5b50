import { describe, expect, test } from "vitest";
import { contractOf } from "../../../src/core/instrument/contract-tables.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { HeldQuote } from "../../../src/core/market/market-event.ts";
import { ASSUMED_RATE, priceOption, yearsToExpiry } from "../../../src/core/market/option-pricing.ts";
import { type StructureInput, selectStructure } from "../../../src/core/strategy/structure-selection.ts";

const date = marketDate("2026-07-28");
const SPOT = paise(24_510_00);
const AT = istInstant(date, "13:01");

/** A chain of one expiry at one volatility, with a spread of ten paise. */
function chain(expiryText: string, volatility: number, change: Partial<HeldQuote> = {}): HeldQuote[] {
  const expiry = marketDate(expiryText);
  const years = yearsToExpiry(AT, expiry, "15:30");
  const quotes: HeldQuote[] = [];
  for (let strike = 23_900; strike <= 25_100; strike += 50) {
    for (const optionType of ["CALL", "PUT"] as const) {
      const terms = { spot: SPOT, strike: strike * 100, years, rate: ASSUMED_RATE, volatility, optionType };
      const middle = Math.max(20, Math.round(priceOption(terms).price / 5) * 5);
      const strikePaise = paise(strike * 100);
      const contract = contractOf({ underlying: "NIFTY50", expiry, strikePaise, optionType }, date);
      quotes.push({
        instrumentId: required(contract.ok ? contract.value.instrumentId : null, "the contract"),
        expiry,
        strikePaise,
        optionType,
        lastPaise: paise(middle),
        bidPaise: paise(middle - 5),
        bidUnits: 6_500,
        askPaise: paise(middle + 5),
        askUnits: 6_500,
        volumeUnits: 1_000_000,
        openInterestUnits: 1_000_000,
        ivBps: null,
        quotedAtMs: AT,
        source: "RECORDED",
        ...change,
      });
    }
  }
  return quotes;
}
const input = (quotes: readonly HeldQuote[], change: Partial<StructureInput> = {}): StructureInput => ({
  underlying: "NIFTY50",
  date,
  atMs: AT,
  spotPaise: SPOT,
  quotes,
  staleAfterMs: 75_000,
  boundPaise: paise(86_00),
  horizonMs: istInstant(date, "15:00"),
  ...change,
});
const TODAY = chain("2026-07-28", 0.16);

describe("the structure of a neutral view", () => {
  test("sells two options and buys the wings first, at least twice the bound away, all of one expiry", () => {
    const structure = required(selectStructure(input(TODAY)).structure, "a structure");
    expect(structure.legs.map(({ side }) => side)).toEqual(["BUY", "BUY", "SELL", "SELL"]);
    expect(structure.wingPaise).toBe(200_00);
    expect(new Set(structure.legs.map(({ contract }) => contract.expiry))).toEqual(new Set(["2026-07-28"]));
    for (const optionType of ["CALL", "PUT"] as const) {
      const [wing, sold] = structure.legs.filter(({ contract }) => contract.optionType === optionType);
      const outward = optionType === "CALL" ? 1 : -1;
      expect(outward * ((wing?.contract.strikePaise ?? 0) - (sold?.contract.strikePaise ?? 0))).toBe(200_00);
    }
  });

  test("says what one set takes in at the touch, earns, costs and loses at most, and earns at least its costs", () => {
    const structure = required(selectStructure(input(TODAY)).structure, "a structure");
    const lot = structure.legs[0]?.contract.lotSize ?? 0;
    const received = structure.legs.reduce(
      (sum, { side, bidPaise, askPaise }) => sum + (side === "SELL" ? (bidPaise ?? 0) : -(askPaise ?? 0)),
      0,
    );
    expect(structure.creditPaise).toBe(received * lot);
    expect(structure.lossMaxPaise).toBe(200_00 * lot - structure.creditPaise);
    // Four spreads of ten paise, and brokerage of eight orders with its tax at the least.
    expect(structure.costPaise).toBeGreaterThan(40 * lot + 8 * 20_00);
    expect(structure.gainPaise).toBeGreaterThanOrEqual(structure.costPaise);
    expect(structure.stopLossPaise).toBeGreaterThan(structure.costPaise);
    expect(structure.stopLossPaise).toBeLessThan(structure.lossMaxPaise);
  });

  test("does not depend on the order of the quotes", () => {
    expect(selectStructure(input([...TODAY].reverse()))).toEqual(selectStructure(input(TODAY)));
  });

  test("is none where decay until the horizon does not pay for eight orders, and says both figures", () => {
    const { structure, refusal } = selectStructure(input(chain("2026-08-04", 0.12)));
    expect(structure).toBeNull();
    expect(refusal).toMatch(
      /^no structure earns its round trip on average: one set of IRON_FLY gains ₹-?[\d.]+ and costs ₹/,
    );
    expect(refusal).toMatch(/IRON_CONDOR/);
  });

  test("is none of stale quotes, of what hardly trades, or of today's contracts from 15:00 on", () => {
    const stale = chain("2026-07-28", 0.16, { quotedAtMs: epochMs(AT - 75_001) });
    expect(selectStructure(input(stale)).refusal).toMatch(/no two strikes/);
    expect(selectStructure(input(chain("2026-07-28", 0.16, { volumeUnits: 999 }))).refusal).toMatch(/no two strikes/);
    expect(selectStructure(input(TODAY, { atMs: istInstant(date, "15:00") })).refusal).toMatch(/no option is quoted/);
    expect(selectStructure(input([])).structure).toBeNull();
  });

  test("takes the next strikes for wings where the nearest are not quoted, and none where none is", () => {
    const without = (distance: number) =>
      TODAY.filter(({ strikePaise }) => Math.abs(strikePaise - 24_500_00) < distance || strikePaise % 100_00 !== 0);
    const structure = required(selectStructure(input(without(200_00))).structure, "a structure");
    expect(structure.wingPaise).toBe(250_00);
    const near = TODAY.filter(({ strikePaise }) => Math.abs(strikePaise - 24_500_00) < 200_00);
    expect(selectStructure(input(near)).refusal).toMatch(/no structure fits \(IRON_FLY: no .* is quoted .*IRON_CONDOR/);
  });

  test("prices what has only a last price by the spread that the venue models", () => {
    const lastOnly = chain("2026-07-28", 0.16, { bidPaise: null, askPaise: null });
    const structure = required(selectStructure(input(lastOnly)).structure, "a structure");
    expect(structure.legs.every(({ bidPaise, askPaise }) => bidPaise === null && askPaise === null)).toBe(true);
    expect(structure.creditPaise).toBeGreaterThan(0);
  });
});
