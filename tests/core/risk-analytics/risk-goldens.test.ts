// Value at risk by its golden example, and the recorded moves they are fed with.
import { describe, expect, it } from "vitest";
import { isMarketDate } from "../../../src/core/kernel/time.ts";
import { correlationOf, INDEX_CORRELATION } from "../../../src/core/risk-analytics/correlation.ts";
import { CYCLE_MOVES, INDEX_MOVES, SESSION_MOVES } from "../../../src/core/risk-analytics/index-moves.ts";
import { interpolated, isCvarWithin, isVarWithin, tailRisk } from "../../../src/core/risk-analytics/value-at-risk.ts";
import { Seeded } from "../../support/seeded.ts";

describe("value at risk (RSK-05)", () => {
  it("is −2.55 % and −3 % on the golden returns, both over their limits (G-63)", () => {
    const risk = tailRisk([-3, -2, -1, -0.5, 0, 1, 1, 1.5, 2, 3].map((percent) => percent / 100));
    expect(risk).toEqual({ var: -0.0255, cvar: -0.03, returns: 10 });
    expect([isVarWithin(risk), isCvarWithin(risk)]).toEqual([false, false]);
  });

  it("lets exactly the limit pass, and a hundred-thousandth more not", () => {
    expect(isVarWithin({ var: -0.02, cvar: 0, returns: 1 })).toBe(true);
    expect(isVarWithin({ var: -0.02001, cvar: 0, returns: 1 })).toBe(false);
    expect(isCvarWithin({ var: 0, cvar: -0.025, returns: 1 })).toBe(true);
    expect(isCvarWithin({ var: 0, cvar: -0.02501, returns: 1 })).toBe(false);
  });

  it("is nothing without returns and the return itself with one", () => {
    expect(tailRisk([])).toEqual({ var: 0, cvar: 0, returns: 0 });
    expect(tailRisk([-0.0123456])).toEqual({ var: -0.01235, cvar: -0.01235, returns: 1 });
  });

  it("never finds the mean beyond to be milder than the percentile, whatever the returns", () => {
    const seeded = new Seeded(63);
    for (let round = 0; round < 500; round += 1) {
      const returns = Array.from({ length: 1 + seeded.below(60) }, () => (seeded.next() - 0.5) / 5);
      const risk = tailRisk(returns);
      expect(risk.cvar).toBeLessThanOrEqual(risk.var);
      expect(risk.var).toBeGreaterThanOrEqual(Math.min(...returns) - 1e-5);
      expect(tailRisk(seeded.shuffle(returns))).toEqual(risk);
    }
  });

  it("interpolates between two neighbours in proportion", () => {
    expect(interpolated([1, 2, 4], 0.75)).toBe(3);
    expect(interpolated([1, 2, 4], 1)).toBe(4);
  });
});

describe("the recorded moves", () => {
  it("are complete rows in order of date, none of a session that is replayed", () => {
    const dates = INDEX_MOVES.sessions.map(([date]) => date);
    expect(dates.length).toBeGreaterThan(150);
    expect(dates.every(isMarketDate)).toBe(true);
    expect(dates).toEqual([...new Set(dates)].sort());
    expect(dates).not.toContain("2025-08-29");
    for (const [, ...rest] of INDEX_MOVES.sessions) {
      const vix = rest.pop();
      expect(vix).toBeTypeOf("number");
      for (const [, close, low, high] of rest as unknown as (readonly number[])[]) {
        expect(low).toBeLessThanOrEqual(Math.min(0, close as number));
        expect(high).toBeGreaterThanOrEqual(Math.max(0, close as number));
      }
    }
  });

  it("hold the crash of March 2020 and the count of votes of June 2024 among the stress days", () => {
    const dates = INDEX_MOVES.stressDays.map(([date]) => date);
    expect(dates).toEqual(expect.arrayContaining(["2020-03-23", "2024-06-04"]));
    const crash = INDEX_MOVES.stressDays.find(([date]) => date === "2020-03-23");
    expect(crash?.[1][0]).toBeLessThan(-8);
    expect(crash?.[3]).toBeNull();
  });

  it("are fractions where a market is moved by them", () => {
    expect(SESSION_MOVES).toHaveLength(INDEX_MOVES.sessions.length);
    expect(SESSION_MOVES[0]?.spot.NIFTY50).toBeCloseTo((INDEX_MOVES.sessions[0]?.[1][1] ?? 0) / 100, 12);
    expect(CYCLE_MOVES.every(({ spot }) => Math.abs(spot.NIFTY50) < 0.05)).toBe(true);
  });
});

describe("correlation", () => {
  it("is 1 with itself, −1 with the opposite, 0 with what never moves", () => {
    const moves = [0.01, -0.02, 0.015, 0];
    expect(correlationOf(moves, moves)).toBeCloseTo(1, 12);
    expect(
      correlationOf(
        moves,
        moves.map((move) => -move),
      ),
    ).toBeCloseTo(-1, 12);
    expect(correlationOf(moves, [1, 1, 1, 1])).toBe(0);
    expect(correlationOf([1], [1])).toBe(0);
  });

  it("between the three indices is symmetric and high", () => {
    expect(INDEX_CORRELATION.NIFTY50.SENSEX).toBeGreaterThan(0.9);
    expect(INDEX_CORRELATION.NIFTY50.BANKNIFTY).toBeGreaterThan(0.7);
    expect(INDEX_CORRELATION.SENSEX.BANKNIFTY).toBeCloseTo(INDEX_CORRELATION.BANKNIFTY.SENSEX, 12);
  });
});
