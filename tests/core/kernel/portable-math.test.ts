import { describe, expect, it } from "vitest";
import { portableExp, portableLog } from "../../../src/core/kernel/portable-math.ts";
import { SeededRandom } from "../../../src/core/kernel/seeded-random.ts";

describe("portable exponential and logarithm", () => {
  it("are those of the platform but for the last bits", () => {
    const random = new SeededRandom(1);
    for (let trial = 0; trial < 5_000; trial += 1) {
      const x = 1_400 * (random.next() - 0.5);
      expect(Math.abs(portableExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-13);
      const y = Math.exp(600 * (random.next() - 0.5));
      expect(Math.abs(portableLog(y) - Math.log(y))).toBeLessThan(1e-15 * Math.max(1, Math.abs(Math.log(y))) * 2);
    }
  });

  it("know the ends", () => {
    expect([portableExp(0), portableExp(-800), portableExp(800), portableLog(1)]).toEqual([
      1,
      0,
      Number.POSITIVE_INFINITY,
      0,
    ]);
    expect(portableExp(Number.NaN)).toBeNaN();
    expect(portableLog(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(portableLog(-1)).toBeNaN();
  });
});
