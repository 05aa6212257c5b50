// Attribution, performance, allocation and the clubbed view: each adds up to what it was made from.
import { describe, expect, it } from "vitest";
import { CATEGORIES } from "../../../src/core/account/profile.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { addDays, epochMs, marketDate } from "../../../src/core/kernel/time.ts";
import { ASSUMED_RATE, priceOption, yearsToExpiry } from "../../../src/core/market/option-pricing.ts";
import { ALLOCATION_METHODS, allocateLots } from "../../../src/core/portfolio/allocation.ts";
import { ATTRIBUTION_DIMENSIONS, attributionBy, attributionTotal } from "../../../src/core/portfolio/attribution.ts";
import { type AccountPortfolio, clubbed } from "../../../src/core/portfolio/clubbed.ts";
import { greekAttribution, type Mark } from "../../../src/core/portfolio/greek-attribution.ts";
import { linkedAccountsMax } from "../../../src/core/portfolio/holder.ts";
import {
  type DayResult,
  dailyReturns,
  equityCurve,
  resultsByPeriod,
  sharpeRatio,
  sortinoRatio,
  tradePerformance,
  worstDrawdown,
} from "../../../src/core/portfolio/performance.ts";
import { taxLots } from "../../../src/core/portfolio/tax-lots.ts";
import { NIFTY_CALL, NOON } from "../../support/builders.ts";
import { Seeded } from "../../support/seeded.ts";
import { deal } from "./portfolio-fixtures.ts";

describe("attribution", () => {
  const lots = taxLots([
    deal("BUY", 10, 100, { optionType: "CALL", chargesPaise: paise(100) }),
    deal("BUY", 10, 50, { instrumentId: "B", underlying: "SENSEX", optionType: "PUT", strategy: "API", legIndex: 1 }),
    deal("SELL", 5, 120, { exitReason: "TARGET" }),
    deal("SELL", 5, 90, { exitReason: "STOP" }),
    deal("SELL", 10, 50, { instrumentId: "B", underlying: "SENSEX" }),
  ]).closed;

  it("adds up to the same total along every dimension", () => {
    const total = attributionTotal(lots);
    expect(total).toMatchObject({ lots: 3, winners: 1, realisedPaise: 50_00, chargesPaise: 100, netPaise: 49_00 });
    for (const dimension of ATTRIBUTION_DIMENSIONS) {
      const parts = attributionBy(dimension, lots);
      expect(parts.reduce((sum, { netPaise }) => sum + netPaise, 0)).toBe(total.netPaise);
      expect(parts.reduce((sum, part) => sum + part.lots, 0)).toBe(total.lots);
    }
  });

  it("names the strategy that opened, the leg and the reason it was closed", () => {
    const names = (dimension: (typeof ATTRIBUTION_DIMENSIONS)[number]) =>
      attributionBy(dimension, lots)
        .map(({ name }) => name)
        .sort();
    expect(names("strategy")).toEqual(["API", "STRATEGY"]);
    expect(names("leg")).toEqual(["LONG CALL", "Leg 2 LONG PUT"]);
    expect(names("exitReason")).toEqual(["NONE", "STOP", "TARGET"]);
    expect(attributionBy("exitReason", lots)[0]?.name).toBe("TARGET");
  });
});

describe("attribution by greek", () => {
  const priceAt = (atMs: number, spot: number, volatility: number): Mark => {
    const { price } = priceOption({
      spot,
      strike: NIFTY_CALL.strikePaise,
      years: yearsToExpiry(epochMs(atMs), NIFTY_CALL.expiry, "15:30"),
      rate: ASSUMED_RATE,
      volatility,
      optionType: "CALL",
    });
    return { atMs: epochMs(atMs), pricePaise: paise(Math.round(price)), spotPaise: paise(spot) };
  };

  it("adds up to the change there was, and explains nearly all of a small one", () => {
    const from = priceAt(NOON, 24_450_00, 0.12);
    for (const to of [
      priceAt(NOON + 600_000, 24_470_00, 0.12),
      priceAt(NOON + 600_000, 24_450_00, 0.13),
      priceAt(NOON + 3_600_000, 24_440_00, 0.121),
    ]) {
      const parts = greekAttribution(NIFTY_CALL, -75, from, to);
      if (parts === null) throw new Error("both marks can be explained");
      const { actualRupees, residualRupees, ...greeks } = parts;
      expect(actualRupees).toBeCloseTo(((to.pricePaise - from.pricePaise) * -75) / 100, 9);
      const explained = Object.values(greeks).reduce((sum, part) => sum + part, 0);
      expect(explained + residualRupees).toBeCloseTo(actualRupees, 9);
      expect(Math.abs(residualRupees)).toBeLessThan(Math.max(5, Math.abs(actualRupees) * 0.03));
    }
  });

  it("gives a volatility move to vega and a spot move to delta, with the sign of the position", () => {
    const from = priceAt(NOON, 24_450_00, 0.12);
    const vol = greekAttribution(NIFTY_CALL, 75, from, priceAt(NOON, 24_450_00, 0.14));
    expect(vol?.deltaRupees).toBe(0);
    expect(vol?.vegaRupees).toBeGreaterThan(0);
    const spot = greekAttribution(NIFTY_CALL, -75, from, priceAt(NOON, 24_480_00, 0.12));
    expect(spot?.deltaRupees).toBeLessThan(0);
    expect(spot?.gammaRupees).toBeLessThan(0);
  });

  it("is not made up where no volatility explains a price", () => {
    const below: Mark = { atMs: NOON, pricePaise: paise(1), spotPaise: paise(25_000_00) };
    expect(greekAttribution(NIFTY_CALL, 75, below, priceAt(NOON, 24_450_00, 0.12))).toBeNull();
  });
});

describe("performance", () => {
  const date = marketDate("2025-08-29");
  const trade = (rupees: number, charges = 0, on = date) => ({
    date: on,
    realisedPaise: paise(rupees * 100),
    chargesPaise: paise(charges * 100),
  });

  it("counts a win above zero only, in percent of all trades (C-56)", () => {
    expect(tradePerformance([trade(10), trade(0), trade(-5)])).toMatchObject({
      trades: 3,
      winners: 1,
      losers: 1,
      winRatePercent: "33.33",
      profitFactor: "2.00",
    });
    expect(tradePerformance([])).toMatchObject({ winRatePercent: "0.00", profitFactor: null, expectancyPaise: 0 });
  });

  it("expects of a trade what is left after charges, rounded against the account", () => {
    const { expectancyPaise, averageWinPaise, averageLossPaise } = tradePerformance([
      trade(10, 1),
      trade(-5, 1),
      trade(-5.01, 1),
    ]);
    expect(expectancyPaise).toBe(-101);
    expect([averageWinPaise, averageLossPaise]).toEqual([10_00, -501]);
  });

  it("has a Sharpe ratio of 7.7686 on the golden returns (G-65), and none on fewer than two or equal ones", () => {
    expect(sharpeRatio([1, -0.5, 0.8, -0.2, 0.6].map((percent) => percent / 100))).toBe(7.7686);
    expect(sharpeRatio([0.01])).toBe(0);
    expect(sharpeRatio([0.01, 0.01])).toBe(0);
  });

  it("has a Sortino ratio by what fell short only", () => {
    expect(sortinoRatio([0.01, 0.02])).toBe(0);
    const returns = [0.01, -0.005, 0.008, -0.002, 0.006];
    const free = 0.05 / 252;
    const downside = Math.sqrt(((-0.005 - free) ** 2 + (-0.002 - free) ** 2) / 5);
    expect(sortinoRatio(returns)).toBeCloseTo(((0.0034 - free) / downside) * Math.sqrt(252), 4);
    expect(sortinoRatio([0.01])).toBe(0);
  });

  const day = (offset: number, rupees: number, capital = 1_000): DayResult => ({
    date: addDays(date, offset),
    resultPaise: paise(rupees * 100),
    capitalPaise: paise(capital * 100),
  });

  it("draws the worst fall from a peak and the longest time below one", () => {
    const days = [day(0, 100), day(1, -110), day(2, 20), day(3, 90), day(4, -1)];
    expect(worstDrawdown(days)).toEqual({ depth: 0.1, depthPaise: 110_00, days: 2 });
    expect(equityCurve(days).at(-1)).toMatchObject({ equityPaise: 1_099_00 });
    expect(worstDrawdown([])).toEqual({ depth: 0, depthPaise: 0, days: 0 });
    expect(worstDrawdown([day(0, -50)])).toEqual({ depth: 0.05, depthPaise: 50_00, days: 1 });
  });

  it("takes returns of days that had capital", () => {
    expect(dailyReturns([day(0, 10), day(1, 5, 0)])).toEqual([0.01]);
  });

  it("adds days up to ISO weeks and months, with the trades of each", () => {
    const days = [day(0, 10), day(3, -5), day(4, 1)];
    const weeks = resultsByPeriod("week", days, [trade(3), trade(-1, 0, addDays(date, 3))]);
    expect(weeks).toMatchObject([
      { period: "2025-W35", days: 1, trades: 1, winners: 1, resultPaise: 10_00, return: 0.01 },
      { period: "2025-W36", days: 2, trades: 1, winners: 0, resultPaise: -4_00 },
    ]);
    expect(resultsByPeriod("month", days, []).map(({ period, days: count }) => [period, count])).toEqual([
      ["2025-08", 1],
      ["2025-09", 2],
    ]);
    expect(resultsByPeriod("day", days, [])).toHaveLength(3);
    const newYear = { ...day(0, 1), date: marketDate("2027-01-01") };
    expect(resultsByPeriod("week", [newYear], [])[0]?.period).toBe("2026-W53");
  });
});

describe("a holder's accounts", () => {
  it("are as many as the category says, or as an operator set, never more than six (C-27)", () => {
    expect(CATEGORIES.map((category) => linkedAccountsMax(category, null))).toEqual([1, 2, 2, 2, 6]);
    expect(linkedAccountsMax("NGD", 6)).toBe(6);
    expect(linkedAccountsMax("REGULAR", 9)).toBe(6);
    expect(linkedAccountsMax("REGULAR", 0)).toBe(1);
  });

  const account = (accountId: string, rupees: number) => ({ accountId, capitalPaise: paise(rupees * 100) });

  it("share an order equally or by capital in whole lots, the largest remainders first", () => {
    const three = [account("A", 50_000), account("B", 30_000), account("C", 20_000)];
    expect(allocateLots("o", 10, three, "EQUAL").map(({ lots }) => lots)).toEqual([4, 3, 3]);
    expect(allocateLots("o", 7, three, "BY_CAPITAL")).toEqual([
      { accountId: "A", clientOrderId: "o-A1", lots: 4 },
      { accountId: "B", clientOrderId: "o-A2", lots: 2 },
      { accountId: "C", clientOrderId: "o-A3", lots: 1 },
    ]);
    expect(allocateLots("o", 4, [account("A", 0), account("B", 0)], "BY_CAPITAL").map(({ lots }) => lots)).toEqual([
      2, 2,
    ]);
  });

  it("get all lots of any order and no more, none further than one lot from its exact share", () => {
    const seeded = new Seeded(27);
    for (let round = 0; round < 500; round += 1) {
      const accounts = Array.from({ length: 1 + seeded.below(6) }, (_, index) =>
        account(`A${index}`, seeded.below(2_000_000)),
      );
      const lots = seeded.below(3_000);
      for (const method of ALLOCATION_METHODS) {
        const parts = allocateLots("o", lots, accounts, method);
        expect(parts.reduce((sum, part) => sum + part.lots, 0)).toBe(lots);
        expect(new Set(parts.map(({ clientOrderId }) => clientOrderId)).size).toBe(accounts.length);
        const capital = accounts.reduce((sum, { capitalPaise }) => sum + capitalPaise, 0);
        for (const [index, part] of parts.entries()) {
          const weight =
            method === "EQUAL" || capital === 0 ? 1 / accounts.length : (accounts[index]?.capitalPaise ?? 0) / capital;
          expect(Math.abs(part.lots - lots * weight)).toBeLessThan(1);
        }
      }
    }
  });

  it("are seen together without anything being moved between them", () => {
    const one = (accountId: string, netUnits: number, unrealised: number | null): AccountPortfolio => ({
      accountId,
      capitalPaise: paise(100),
      cashPaise: paise(50),
      realisedPaise: paise(7),
      chargesPaise: paise(2),
      unrealisedPaise: paise(unrealised ?? 0),
      positions: [
        {
          instrumentId: "N",
          underlying: "NIFTY50",
          netUnits,
          costPaise: paise(netUnits * 10),
          unrealisedPaise: unrealised === null ? null : paise(unrealised),
        },
      ],
    });
    const view = clubbed([one("A", 75, 5), one("B", -25, -2)]);
    expect(view).toMatchObject({
      capitalPaise: 200,
      cashPaise: 100,
      realisedPaise: 14,
      chargesPaise: 4,
      unrealisedPaise: 3,
    });
    expect(view.positions).toEqual([
      {
        instrumentId: "N",
        underlying: "NIFTY50",
        netUnits: 50,
        costPaise: 500,
        unrealisedPaise: 3,
        accounts: [
          { accountId: "A", netUnits: 75 },
          { accountId: "B", netUnits: -25 },
        ],
      },
    ]);
    expect(clubbed([one("A", 75, 5), one("B", 75, null)]).positions[0]?.unrealisedPaise).toBeNull();
    expect(clubbed([]).positions).toEqual([]);
  });
});
