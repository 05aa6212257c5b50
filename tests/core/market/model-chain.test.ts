import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UNDERLYINGS } from "../../../src/core/instrument/contract.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { Quote } from "../../../src/core/market/market-event.ts";
import { type ModelChainInput, modelChain } from "../../../src/core/market/model-chain.ts";
import { modelledSpreadPaise } from "../../../src/core/market/spread-model.ts";

const date = marketDate("2025-08-29");
const input: ModelChainInput = {
  underlying: "SENSEX",
  date,
  atMs: istInstant(date, "10:00"),
  spotPaise: paise(80_123_45),
  vixCenti: 12_10,
};
const quotesOf = (changed: Partial<ModelChainInput> = {}): readonly Quote[] =>
  required(modelChain({ ...input, ...changed }), "a chain").quotes;

describe("a modelled chain", () => {
  test("quotes calls and puts within 3 % of the strike at the money, of the nearest expiry, under the exchange's names", () => {
    const chain = required(modelChain(input), "a chain");
    expect(chain).toMatchObject({ kind: "CHAIN_SNAPSHOT", underlying: "SENSEX", source: "MODELLED" });
    const strikes = [...new Set(chain.quotes.map(({ strikePaise }) => strikePaise))];
    expect([Math.min(...strikes), Math.max(...strikes)]).toEqual([77_700_00, 82_500_00]);
    expect(chain.quotes).toHaveLength(2 * strikes.length);
    expect(new Set(chain.quotes.map(({ expiry }) => expiry))).toEqual(new Set(["2025-09-04"]));
    expect(chain.quotes[0]?.instrumentId).toBe("SENSEX2590477700CE.BFO");
  });

  test("says nothing of sizes, volume or open interest, which nobody made", () => {
    for (const quote of quotesOf()) {
      expect([quote.bidUnits, quote.askUnits, quote.volumeUnits, quote.openInterestUnits]).toEqual(Array(4).fill(null));
    }
  });

  test("is not made without a volatility index", () => {
    expect(modelChain({ ...input, vixCenti: null })).toBeNull();
    expect(modelChain({ ...input, vixCenti: 0 })).toBeNull();
  });

  test("has the next expiry as well on the day on which the nearest one ends", () => {
    const expiryDay = marketDate("2025-09-04");
    const quotes = quotesOf({ date: expiryDay, atMs: istInstant(expiryDay, "15:30") });
    expect([...new Set(quotes.map(({ expiry }) => expiry))]).toEqual(["2025-09-04", "2025-09-11"]);
  });

  test("keeps bid below last below ask, on the tick, with calls falling and puts rising by strike", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...UNDERLYINGS),
        fc.integer({ min: 15_000_00, max: 90_000_00 }),
        fc.integer({ min: 8_00, max: 60_00 }),
        (underlying, spot, vixCenti) => {
          const chain = modelChain({ ...input, underlying, spotPaise: paise(spot), vixCenti });
          for (const { bidPaise, lastPaise, askPaise } of required(chain, "a chain").quotes) {
            for (const price of [bidPaise, lastPaise, askPaise]) expect((price ?? 0) % 5).toBe(0);
            expect(required(lastPaise, "last")).toBeGreaterThanOrEqual(5);
            expect(bidPaise ?? 0).toBeLessThan(required(askPaise, "ask"));
            expect(bidPaise ?? 0).toBeLessThanOrEqual(required(lastPaise, "last"));
            expect(required(askPaise, "ask")).toBeGreaterThanOrEqual(required(lastPaise, "last"));
          }
          for (const [optionType, sign] of [
            ["CALL", -1],
            ["PUT", 1],
          ] as const) {
            const prices = required(chain, "a chain")
              .quotes.filter((quote) => quote.optionType === optionType)
              .map(({ lastPaise }) => required(lastPaise, "last"));
            prices.slice(1).forEach((price, at) => {
              expect(sign * (price - required(prices[at], "a price"))).toBeGreaterThanOrEqual(0);
            });
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("the modelled spread", () => {
  test("is the recorded median of 2025-08-29 where the underlying was recorded", () => {
    expect([15, 60, 150, 250].map((rupees) => modelledSpreadPaise(paise(rupees * 100), "NIFTY50"))).toEqual([
      5, 15, 30, 50,
    ]);
    expect(modelledSpreadPaise(paise(350_00), "BANKNIFTY")).toBe(105);
  });

  test("is the wider of the two where the underlying was not recorded or is not named", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000_00 }), (price) => {
        const [nifty, bankNifty] = [
          modelledSpreadPaise(paise(price), "NIFTY50"),
          modelledSpreadPaise(paise(price), "BANKNIFTY"),
        ];
        expect(modelledSpreadPaise(paise(price), "SENSEX")).toBe(Math.max(nifty, bankNifty));
        expect(modelledSpreadPaise(paise(price))).toBe(Math.max(nifty, bankNifty));
      }),
    );
  });

  test("is at least a tick, on the tick, and never narrower for a dearer option", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...UNDERLYINGS),
        fc.integer({ min: 0, max: 2_000_00 }),
        fc.integer({ min: 0, max: 2_000_00 }),
        (underlying, left, right) => {
          const [cheap, dear] = [Math.min(left, right), Math.max(left, right)];
          const narrow = modelledSpreadPaise(paise(cheap), underlying);
          expect(narrow).toBeGreaterThanOrEqual(5);
          expect(narrow % 5).toBe(0);
          expect(modelledSpreadPaise(paise(dear), underlying)).toBeGreaterThanOrEqual(narrow);
        },
      ),
    );
  });
});
