// Honest accounting of positions (PAP-06): cash moves by price × units, and what a closing earns is booked once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import {
  applyFill,
  averagePricePaise,
  openedNowhere,
  type Position,
  unrealisedPaise,
} from "../../../src/core/position/position.ts";
import { accepted, anAccount, filled, id, NIFTY_CALL, NOON, submit } from "../../support/builders.ts";

type Step = readonly ["BUY" | "SELL", number, number];

/** Applies fills of [side, units, rupees per unit]; cash as PAP-06 moves it. */
function traded(...steps: readonly Step[]): { position: Position; cash: number; realised: number } {
  let position = openedNowhere(NIFTY_CALL, NOON);
  let [cash, realised] = [0, 0];
  for (const [side, units, rupees] of steps) {
    const change = applyFill(position, side, units, paise(rupees * 100), NOON);
    position = change.position;
    realised += change.realisedPaise;
    cash += (side === "SELL" ? 1 : -1) * rupees * 100 * units;
  }
  return { position, cash, realised };
}

describe("a position", () => {
  it("G-41: bought at 100 and sold at 110 leaves 10 more cash and 10 realised", () => {
    const { position, cash, realised } = traded(["BUY", 1, 100], ["SELL", 1, 110]);
    expect([position.netUnits, position.costPaise, cash, realised]).toEqual([0, 0, 10_00, 10_00]);
  });

  it("G-42: bought at 100 and worth 100, nothing is won or lost", () => {
    const { position, cash, realised } = traded(["BUY", 1, 100]);
    const unrealised = unrealisedPaise(position, paise(100_00));
    expect(realised + unrealised).toBe(0);
    expect(cash + position.costPaise).toBe(0);
  });

  it("G-43: short 10 at 100, the price at 90, gains 100 unrealised and as much equity", () => {
    const { position, cash } = traded(["SELL", 10, 100]);
    expect(unrealisedPaise(position, paise(90_00))).toBe(100_00);
    expect(cash + position.netUnits * 90_00).toBe(100_00);
  });

  it("G-44: short 10 at 100 and bought back at 90 is flat with 100 realised", () => {
    const { position, realised } = traded(["SELL", 10, 100], ["BUY", 10, 90]);
    expect([position.netUnits, position.costPaise, realised]).toEqual([0, 0, 100_00]);
  });

  it("G-45: bought 10 at 100 and 10 at 110 are 20 at 105", () => {
    const { position } = traded(["BUY", 10, 100], ["BUY", 10, 110]);
    expect([position.netUnits, averagePricePaise(position)]).toEqual([20, 105_00]);
  });

  it("closes before it opens the other way when more is sold than was held", () => {
    const { position, realised } = traded(["BUY", 10, 100], ["SELL", 15, 110]);
    expect([position.netUnits, position.costPaise, realised]).toEqual([-5, -550_00, 100_00]);
  });

  it("keeps every paisa: cash, cost of what is open and realised always add up, whatever is dealt", () => {
    const step = fc.tuple(
      fc.constantFrom<"BUY" | "SELL">("BUY", "SELL"),
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 99_999 }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let position = openedNowhere(NIFTY_CALL, NOON);
        let [cash, realised, net] = [0, 0, 0];
        for (const [side, units, pricePaise] of steps) {
          const before = position;
          const change = applyFill(before, side, units, paise(pricePaise), NOON);
          position = change.position;
          cash += (side === "SELL" ? 1 : -1) * pricePaise * units;
          net += side === "BUY" ? units : -units;
          realised += change.realisedPaise;
          expect(position.netUnits).toBe(net);
          expect(cash + position.costPaise).toBe(realised);
          expect(position.realisedPaise).toBe(realised);
          expect(Math.sign(position.costPaise)).toBe(Math.sign(net));
          expect(Math.abs(change.closedCostPaise)).toBeLessThanOrEqual(Math.abs(before.costPaise));
        }
      }),
    );
  });

  it("books through an account exactly what it books by itself, and cash moves by price × units alone", () => {
    const account = anAccount();
    const before = account.state.cashPaise;
    account.do(submit({ clientOrderId: id("in"), quantityUnits: 75, limitPricePaise: paise(61_00) }));
    account.report(NOON, accepted(id("in")), filled(id("in"), 75, 60_00));
    expect(account.state.cashPaise).toBe(before - 4_500_00);
    account.do(submit({ clientOrderId: id("out"), side: "SELL", quantityUnits: 75, limitPricePaise: paise(31_00) }));
    account.report(NOON, accepted(id("out")), filled(id("out"), 75, 70_00));
    expect(account.state.cashPaise).toBe(before + 750_00);
    expect(account.state.day?.realisedPaise).toBe(750_00);
    expect(account.state.openTrades).toEqual({});
  });
});
