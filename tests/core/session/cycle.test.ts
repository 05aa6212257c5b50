// The grid of the day: cycles and phases.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochMs, istInstant, MS_PER_MINUTE, marketDate } from "../../../src/core/kernel/time.ts";
import {
  CYCLE_MS,
  cycleAt,
  cycleEndMs,
  cyclePhaseAt,
  cycleStartMs,
  cyclesOf,
  type MarketHours,
  planEndMs,
  windowPhaseAt,
} from "../../../src/core/session/cycle.ts";
import { dayEndMs } from "../../../src/core/session/day-plan.ts";

const DATE = marketDate("2025-08-29");
const at = (time: string) => istInstant(DATE, time);
const regular: MarketHours = { openMs: at("09:15"), closeMs: at("15:30") };
const phaseAt = (time: string) => cyclePhaseAt(regular, at(time), dayEndMs(regular));

describe("cycles", () => {
  it.each([
    ["10:30:00", "SIGNAL_GENERATION"],
    ["10:31:59", "SIGNAL_GENERATION"],
    ["10:32:00", "WINDOW_1"],
    ["10:36:59", "WINDOW_1"],
    ["10:37:00", "WINDOW_2"],
    ["10:42:00", "WINDOW_3"],
    ["10:44:59", "WINDOW_3"],
  ])("G-47: minute %s of a cycle is %s", (time, phase) => {
    expect(phaseAt(time)).toBe(phase);
    expect(windowPhaseAt(regular, at(time))).toBe(phase);
  });

  it("TIM-03: a regular day has 25 cycles, the first from 09:15 and the last from 15:15", () => {
    expect(cyclesOf(regular)).toBe(25);
    expect(cycleAt(regular, at("09:15"))).toBe(1);
    expect(cycleStartMs(regular, 25)).toBe(at("15:15"));
    expect(cycleEndMs(regular, 25)).toBe(at("15:30"));
    expect(cycleAt(regular, epochMs(at("15:30") - 1))).toBe(25);
  });

  it("has no cycle before the open and none from the close on", () => {
    expect(cycleAt(regular, epochMs(at("09:15") - 1))).toBeNull();
    expect(cycleAt(regular, at("15:30"))).toBeNull();
  });

  it.each([
    ["09:00", "PRE_OPEN"],
    ["09:14:59", "PRE_OPEN"],
    ["09:15", "SIGNAL_GENERATION"],
    ["15:14:59", "WINDOW_3"],
    ["15:15", "EXIT_ONLY"],
    ["15:19:59", "EXIT_ONLY"],
    ["15:20", "SETTLEMENT"],
    ["15:36:59", "SETTLEMENT"],
    ["15:37", "CLOSED"],
  ])("at %s the day is in %s", (time, phase) => {
    expect(phaseAt(time)).toBe(phase);
  });

  it("lays the plan out to 15:30 on a day on which options trade to 15:40", () => {
    expect(planEndMs({ ...regular, closeMs: at("15:40") })).toBe(at("15:30"));
  });

  it("puts every instant of any trading day into exactly the cycle that spans it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 400 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (minutes, share) => {
          const hours = { openMs: at("09:15"), closeMs: epochMs(at("09:15") + minutes * MS_PER_MINUTE) };
          const instant = epochMs(Math.floor(hours.openMs + share * (planEndMs(hours) - hours.openMs)));
          const cycle = cycleAt(hours, instant);
          if (cycle === null) return false;
          const within = cycleStartMs(hours, cycle) <= instant && instant < cycleEndMs(hours, cycle);
          return (
            within && cycle <= cyclesOf(hours) && cycleEndMs(hours, cycle) - cycleStartMs(hours, cycle) <= CYCLE_MS
          );
        },
      ),
    );
  });
});
