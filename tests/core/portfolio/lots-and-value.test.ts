// Lots, average price and value of a portfolio: the golden examples, and that both ways of accounting agree once it is flat.
import { describe, expect, it } from "vitest";
import { addPaise, paise } from "../../../src/core/kernel/money.ts";
import type { Execution } from "../../../src/core/portfolio/execution.ts";
import {
  cashAfter,
  equityOf,
  type PortfolioPosition,
  portfolioValue,
} from "../../../src/core/portfolio/portfolio-value.ts";
import { averagesOf, positionHistory } from "../../../src/core/portfolio/position-history.ts";
import { lotCostPaise, lotUnrealisedPaise, realisedByLots, taxLots } from "../../../src/core/portfolio/tax-lots.ts";
import { applyFill, averagePricePaise, openedNowhere, type Position } from "../../../src/core/position/position.ts";
import { NIFTY_CALL, NOON } from "../../support/builders.ts";
import { Seeded } from "../../support/seeded.ts";
import { deal } from "./portfolio-fixtures.ts";

/** The position by average price, and what it realised. */
function byAverage(executions: readonly Execution[]): Position {
  let position = openedNowhere(NIFTY_CALL, NOON);
  for (const { side, units, pricePaise, atMs } of executions) {
    position = applyFill(position, side, units, pricePaise, atMs).position;
  }
  return position;
}
const asPosition = ({ netUnits, costPaise }: Position): PortfolioPosition => ({
  instrumentId: "AAPL",
  netUnits,
  costPaise,
});
const at = (rupees: number) => (instrumentId: string) => (instrumentId === "AAPL" ? paise(rupees * 100) : null);

describe("a portfolio", () => {
  it("is worth 15,500 with 500 unrealised, whatever costs what nobody holds (G-39)", () => {
    const prices: Readonly<Record<string, number>> = { AAPL: 155_00, MSFT: 310_00 };
    const value = portfolioValue([asPosition(byAverage([deal("BUY", 100, 150)]))], (id) => paise(prices[id] ?? 0));
    expect(value).toEqual({ marketValuePaise: 15_500_00, unrealisedPaise: 500_00, unpriced: [] });
  });

  it("adds the proceeds of a sale to cash once (G-41)", () => {
    const deals = [deal("BUY", 1, 100), deal("SELL", 1, 110)];
    expect(cashAfter(paise(1_000_00), deals)).toBe(1_010_00);
    expect(byAverage(deals).realisedPaise).toBe(10_00);
    expect(realisedByLots(taxLots(deals))).toBe(10_00);
  });

  it("has neither gained nor lost right after a purchase (G-42)", () => {
    const deals = [deal("BUY", 1, 100)];
    const value = portfolioValue([asPosition(byAverage(deals))], at(100));
    expect(addPaise(value.unrealisedPaise, byAverage(deals).realisedPaise)).toBe(0);
    expect(equityOf(cashAfter(paise(1_000_00), deals), value)).toBe(1_000_00);
  });

  it("gains on a short whose price has fallen, and owes what it would cost to cover (G-43)", () => {
    const deals = [deal("SELL", 10, 100)];
    const value = portfolioValue([asPosition(byAverage(deals))], at(90));
    expect(value).toMatchObject({ unrealisedPaise: 100_00, marketValuePaise: -900_00 });
    expect(equityOf(cashAfter(paise(5_000_00), deals), value)).toBe(5_100_00);
    const [lot] = taxLots(deals).open;
    expect(lot && lotUnrealisedPaise(lot, paise(90_00))).toBe(100_00);
  });

  it("is flat with 100 realised after the short is covered (G-44)", () => {
    const deals = [deal("SELL", 10, 100), deal("BUY", 10, 90)];
    expect(byAverage(deals)).toMatchObject({ netUnits: 0, costPaise: 0, realisedPaise: 100_00 });
    const book = taxLots(deals);
    expect(book.open).toEqual([]);
    expect(book.closed).toMatchObject([{ direction: "SHORT", units: 10, realisedPaise: 100_00 }]);
    expect(cashAfter(paise(1_000_00), deals)).toBe(1_100_00);
  });

  it("averages two purchases to 105 and keeps two lots (G-45)", () => {
    const deals = [deal("BUY", 10, 100), deal("BUY", 10, 110)];
    const position = byAverage(deals);
    expect([position.netUnits, averagePricePaise(position)]).toEqual([20, 105_00]);
    expect(taxLots(deals).open.map(({ units, opened }) => [units, opened.pricePaise])).toEqual([
      [10, 100_00],
      [10, 110_00],
    ]);
  });

  it("names what has no price and counts it at cost", () => {
    const value = portfolioValue([{ instrumentId: "X", netUnits: 5, costPaise: paise(50_00) }], at(1));
    expect(value).toEqual({ marketValuePaise: 50_00, unrealisedPaise: 0, unpriced: ["X"] });
    const [lot] = taxLots([deal("BUY", 1, 1)]).open;
    expect(lot && lotUnrealisedPaise(lot, null)).toBeNull();
  });
});

describe("tax lots", () => {
  it("are used up oldest first, across several of them, and a sale beyond them opens a short", () => {
    const deals = [deal("BUY", 10, 100), deal("BUY", 10, 110), deal("SELL", 15, 120), deal("SELL", 10, 130)];
    const book = taxLots(deals);
    expect(book.closed.map(({ units, realisedPaise }) => [units, realisedPaise])).toEqual([
      [10, 200_00],
      [5, 50_00],
      [5, 100_00],
    ]);
    expect(book.open.map(({ units }) => units)).toEqual([-5]);
  });

  it("share out every paisa of the charges and no more", () => {
    const deals = [
      deal("BUY", 7, 100, { chargesPaise: paise(100) }),
      deal("SELL", 3, 100, { chargesPaise: paise(50) }),
      deal("SELL", 3, 100, { chargesPaise: paise(51) }),
    ];
    const book = taxLots(deals);
    const closed = book.closed.reduce((sum, { chargesPaise }) => sum + chargesPaise, 0);
    expect(closed + (book.open[0]?.chargesPaise ?? 0)).toBe(201);
    expect(book.closed.map(({ chargesPaise }) => chargesPaise)).toEqual([42 + 50, 43 + 51]);
  });

  it("keep instruments apart", () => {
    const book = taxLots([deal("BUY", 1, 100), deal("SELL", 1, 90, { instrumentId: "MSFT" })]);
    expect(book.closed).toEqual([]);
    expect(book.open.map(({ units }) => units)).toEqual([1, -1]);
  });

  it("realise in total what the average price does once flat, and differ from it by the open part only before", () => {
    const seeded = new Seeded(41);
    for (let round = 0; round < 400; round += 1) {
      const deals: Execution[] = [];
      let net = 0;
      for (let step = 0; step < 2 + seeded.below(25); step += 1) {
        const units = 1 + seeded.below(40);
        const buys = seeded.chance(0.5);
        net += buys ? units : -units;
        deals.push(
          deal(buys ? "BUY" : "SELL", units, 1 + seeded.below(30_000) / 100, {
            chargesPaise: paise(seeded.below(500)),
          }),
        );
      }
      const before = taxLots(deals);
      const average = byAverage(deals);
      const openCost = before.open.reduce((sum, lot) => sum + lotCostPaise(lot), 0);
      expect(before.open.reduce((sum, { units }) => sum + units, 0)).toBe(average.netUnits);
      expect(realisedByLots(before) - openCost).toBe(average.realisedPaise - average.costPaise);
      if (net !== 0) deals.push(deal(net > 0 ? "SELL" : "BUY", Math.abs(net), 77.77));
      const flat = taxLots(deals);
      expect(flat.open).toEqual([]);
      expect(realisedByLots(flat)).toBe(byAverage(deals).realisedPaise);
      expect(realisedByLots(flat)).toBe(cashAfter(paise(0), deals));
      const charges = deals.reduce((sum, { chargesPaise }) => sum + chargesPaise, 0);
      expect(flat.closed.reduce((sum, { chargesPaise }) => sum + chargesPaise, 0)).toBe(charges);
    }
  });
});

describe("the history of positions", () => {
  it("has one entry from open to flat, with why it was left and the most that was open", () => {
    const deals = [
      deal("BUY", 10, 100, { chargesPaise: paise(5) }),
      deal("BUY", 5, 110),
      deal("SELL", 15, 120, { exitReason: "TARGET", chargesPaise: paise(7) }),
      deal("SELL", 2, 90),
    ];
    const [first, second] = positionHistory(deals);
    expect(first).toMatchObject({
      direction: "LONG",
      unitsMax: 15,
      unitsOpen: 0,
      realisedPaise: 250_00,
      exitReason: "TARGET",
      chargesPaise: 12,
      executions: 3,
    });
    expect(second).toMatchObject({ direction: "SHORT", unitsOpen: 2, closedAtMs: null, realisedPaise: null });
  });

  it("says what a unit was opened and left at, over everything that was opened, also of a short", () => {
    const [long, short] = positionHistory([
      deal("BUY", 10, 100),
      deal("SELL", 5, 130),
      // Taken again: 15 were opened, and never more than 10 at once.
      deal("BUY", 5, 110),
      deal("SELL", 10, 121),
      deal("SELL", 4, 90),
      deal("BUY", 1, 60),
    ]);
    expect(long).toMatchObject({ unitsMax: 10, unitsIn: 15 });
    // 1,550 over 15 and 1,860 over 15.
    expect(long && averagesOf(long)).toEqual({ inPaise: 103_33, outPaise: 124_00 });
    expect(short && averagesOf(short)).toEqual({ inPaise: 90_00, outPaise: 60_00 });
    const [open] = positionHistory([deal("BUY", 2, 50)]);
    expect(open && averagesOf(open)).toEqual({ inPaise: 50_00, outPaise: null });
  });

  it("ends one position and begins the next when an execution turns it, without losing a paisa", () => {
    const history = positionHistory([
      deal("BUY", 10, 100, { chargesPaise: paise(10) }),
      deal("SELL", 15, 110, { chargesPaise: paise(10), exitReason: "STOP" }),
    ]);
    expect(history.map(({ direction, unitsOpen, realisedPaise }) => [direction, unitsOpen, realisedPaise])).toEqual([
      ["LONG", 0, 100_00],
      ["SHORT", 5, null],
    ]);
    expect(history.map(({ chargesPaise }) => chargesPaise)).toEqual([16, 4]);
    expect(history[1]?.exitReason).toBeNull();
  });

  it("realises over all positions what the lots do", () => {
    const seeded = new Seeded(7);
    for (let round = 0; round < 200; round += 1) {
      const deals = Array.from({ length: 30 }, () =>
        deal(seeded.chance(0.5) ? "BUY" : "SELL", 1 + seeded.below(20), 1 + seeded.below(20_000) / 100),
      );
      const net = deals.reduce((sum, { side, units }) => sum + (side === "BUY" ? units : -units), 0);
      if (net !== 0) deals.push(deal(net > 0 ? "SELL" : "BUY", Math.abs(net), 50));
      const history = positionHistory(deals);
      expect(history.every(({ closedAtMs }) => closedAtMs !== null)).toBe(true);
      expect(history.reduce((sum, { realisedPaise }) => sum + (realisedPaise ?? 0), 0)).toBe(
        realisedByLots(taxLots(deals)),
      );
    }
  });
});
