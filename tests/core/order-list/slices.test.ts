// SPL-01, SPL-02, SPL-05, G-32.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attemptId, slicedUnitsMax, sliceId, sliceUnits, sliceUnitsMax } from "../../../src/core/order-list/slices.ts";

const WIDE = { lotSize: 75, freezeQuantity: 1_000_000 };
const lotsOf = (lots: number, contract = WIDE): readonly number[] =>
  sliceUnits(lots * contract.lotSize, contract).map((units) => units / contract.lotSize);

describe("slicing", () => {
  it("takes 250, 251, 500, 600 and 1,250 lots apart as the golden table says (G-32)", () => {
    expect(lotsOf(250)).toEqual([250]);
    expect(lotsOf(251)).toEqual([250, 1]);
    expect(lotsOf(500)).toEqual([250, 250]);
    expect(lotsOf(600)).toEqual([250, 250, 100]);
    expect(lotsOf(1_250)).toEqual([250, 250, 250, 250, 250]);
  });

  it("goes by the freeze quantity where that is smaller, in whole lots", () => {
    const banknifty = { lotSize: 35, freezeQuantity: 600 };
    expect(sliceUnitsMax(banknifty)).toBe(595);
    expect(sliceUnits(700, banknifty)).toEqual([595, 105]);
  });

  it("takes ten slices and not eleven", () => {
    const nifty = { lotSize: 75, freezeQuantity: 1_800 };
    expect(slicedUnitsMax(nifty)).toBe(18_000);
    expect(sliceUnits(18_000, nifty)).toHaveLength(10);
    expect(sliceUnits(18_075, nifty)).toEqual([]);
  });

  it("has nothing to slice where the exchange takes less than one lot", () => {
    expect(sliceUnits(75, { lotSize: 75, freezeQuantity: 74 })).toEqual([]);
  });

  it("sums to the quantity in whole lots, no slice above either ceiling, all but the last alike", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 200_000 }),
        fc.integer({ min: 1, max: 4_000 }),
        (lotSize, freezeQuantity, lots) => {
          const contract = { lotSize, freezeQuantity };
          const units = lots * lotSize;
          const slices = sliceUnits(units, contract);
          const unitsMax = sliceUnitsMax(contract);
          if (unitsMax === 0 || Math.ceil(units / unitsMax) > 10) {
            expect(slices).toEqual([]);
            return;
          }
          expect(slices.reduce((sum, slice) => sum + slice, 0)).toBe(units);
          expect(slices.length).toBe(Math.ceil(units / unitsMax));
          for (const [index, slice] of slices.entries()) {
            expect(slice % lotSize).toBe(0);
            expect(slice).toBeGreaterThan(0);
            expect(slice).toBeLessThanOrEqual(Math.min(freezeQuantity, 250 * lotSize));
            if (index < slices.length - 1) expect(slice).toBe(unitsMax);
          }
        },
      ),
    );
  });

  it("names slices from 1 and attempts after the first", () => {
    expect(sliceId("big", 1)).toBe("big_split_1");
    expect(attemptId(sliceId("big", 2), 0)).toBe("big_split_2");
    expect(attemptId(sliceId("big", 2), 1)).toBe("big_split_2_r1");
  });
});
