// Whole days with faults. A failure names its seed: `SIMULATION_SEED=<seed>` runs that day alone.
import { describe, expect, it } from "vitest";
import type { ExitReason } from "../../src/core/order/order.ts";
import { expectSoundHistory } from "../support/sound-history.ts";
import { SimulatedDay } from "./simulated-day.ts";

const only = process.env["SIMULATION_SEED"];
const SEEDS = only === undefined ? Array.from({ length: 80 }, (_, index) => 20_250_829 + index) : [Number(only)];

describe("a simulated day with faults", () => {
  const seenReasons = new Set<ExitReason>();

  for (const seed of SEEDS) {
    it(`ends flat, settled and reconciled with the venue (seed ${seed})`, () => {
      const day = new SimulatedDay(seed);
      day.run();
      const { state, events } = day.account;
      expect(state.day?.status, `seed ${seed}`).toBe("CLOSED");
      expect(state.openTrades).toEqual({});
      const statement = day.statement();
      expect(state.day?.realisedPaise).toBe(statement.realisedPaise);
      expect(state.day?.final?.charges).toEqual(statement.charges);
      expect(state.day?.final?.payoutPaise).toBe(state.day?.provisional?.payoutPaise);
      expect(events.filter(({ type }) => type === "ORDER_FILLED")).toHaveLength(statement.fills);
      expectSoundHistory(events, state);
      for (const event of events) {
        if (event.type === "ORDER_SUBMITTED" && event.terms.exitReason !== null)
          seenReasons.add(event.terms.exitReason);
      }
    });
  }

  it("comes to the same journal from the same seed", () => {
    const [one, other] = [new SimulatedDay(7), new SimulatedDay(7)];
    one.run();
    other.run();
    expect(JSON.stringify(one.account.events)).toBe(JSON.stringify(other.account.events));
    expect(one.account.events.length).toBeGreaterThan(100);
  });

  it.skipIf(only !== undefined)("has left trades for every reason there is but a person's request", () => {
    expect([...seenReasons].sort()).toEqual([
      "DAILY_LOSS",
      "DIRECTION_SWITCH",
      "DRAWDOWN",
      "KILL_SWITCH",
      "SQUARE_OFF",
      "STOP",
      "TARGET",
      "TIME",
      "TRAILING_STOP",
    ]);
  });
});
