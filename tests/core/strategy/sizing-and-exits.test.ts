import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UNDERLYINGS } from "../../../src/core/instrument/contract.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { Signal } from "../../../src/core/prediction/signal.ts";
import { exitPlanMoveFor, stopMoveOf } from "../../../src/core/strategy/exit-plan.ts";
import { type EntrySizing, entryLots, type StructureSizing, structureSets } from "../../../src/core/strategy/sizing.ts";
import { aSignal } from "./signal-fixture.ts";

const sizing: EntrySizing = {
  underlying: "NIFTY50",
  buyingPowerPaise: paise(3_00_000_00),
  capitalPaise: paise(1_00_000_00),
  capacityBps: 10_000,
  vixCenti: 1_200,
  entryPricePaise: paise(100_00),
  lotSize: 75,
  freezeQuantity: 1_800,
  orderValueMaxPaise: paise(10_00_000_00),
  openTradesMax: 3,
};
const lots = (change: Partial<EntrySizing>): number => entryLots({ ...sizing, ...change });

describe("sets of a structure", () => {
  const structure: StructureSizing = {
    underlying: "NIFTY50",
    buyingPowerPaise: paise(15_00_000_00),
    capitalPaise: paise(5_00_000_00),
    capacityBps: 10_000,
    vixCenti: 1_200,
    openTradesMax: 3,
    stopBpsOfCapital: 100,
    needPaise: paise(80_000_00),
    valuePaise: paise(8_000_00),
    lossMaxPaise: paise(2_000_00),
    orderValueMaxPaise: paise(10_00_000_00),
    legUnits: 75,
    legUnitsMax: 1_800,
    lossLeftPaise: paise(12_500_00),
  };
  const sets = (change: Partial<StructureSizing>): number => structureSets({ ...structure, ...change });

  test("are what the share carries of premium and margin", () => {
    // 15,00,000 × 40 % = 6,00,000; 1 % of 5,00,000 is 5,000, two sets' loss beyond a wing.
    expect(sets({ lossMaxPaise: paise(500_00) })).toBe(7);
    expect(sets({})).toBe(2);
    expect(sets({ availablePaise: paise(1_59_999_99) })).toBe(1);
    expect(sets({ availablePaise: paise(79_999_99) })).toBe(0);
  });

  test("are capped by order value and freeze quantity", () => {
    expect(sets({ lossMaxPaise: paise(500_00), orderValueMaxPaise: paise(24_000_00) })).toBe(3);
    expect(sets({ lossMaxPaise: paise(500_00), legUnitsMax: 299 })).toBe(3);
  });

  test("are one where a set may lose more than the trade's share, and none where the day may not lose it", () => {
    expect(sets({ lossMaxPaise: paise(12_500_00) })).toBe(1);
    expect(sets({ lossMaxPaise: paise(12_500_01) })).toBe(0);
    expect(sets({ lossLeftPaise: paise(-1) })).toBe(0);
  });

  test("never need more than the share and never lose more beyond a wing than the day may, whatever the figures", () => {
    const money = (max: number) => fc.integer({ min: 1, max }).map((amount) => paise(amount));
    fc.assert(
      fc.property(
        fc.record({ needPaise: money(5_00_000_00), lossMaxPaise: money(50_000_00), lossLeftPaise: money(1_00_000_00) }),
        fc.option(money(10_00_000_00), { nil: null }),
        (drawn, availablePaise) => {
          const count = sets({ ...drawn, ...(availablePaise === null ? {} : { availablePaise }) });
          expect(count * drawn.needPaise).toBeLessThanOrEqual(Math.min(6_00_000_00, availablePaise ?? 6_00_000_00));
          expect(count * drawn.lossMaxPaise).toBeLessThanOrEqual(drawn.lossLeftPaise);
          expect(count <= 1 || count * drawn.lossMaxPaise <= 5_000_00).toBe(true);
        },
      ),
    );
  });
});

describe("lots of an entry", () => {
  test("are what the underlying's share of buying power buys, in whole lots", () => {
    // 3,00,000 × 40 % = 1,20,000; a lot costs 7,500.
    expect(lots({})).toBe(16);
    // × 1.5 for BANKNIFTY while it is calm: 1,80,000 ÷ 3,500; × 20 % × 0.95 for SENSEX: 57,000 ÷ 2,000.
    expect(lots({ underlying: "BANKNIFTY", lotSize: 35 })).toBe(51);
    expect(lots({ underlying: "SENSEX", lotSize: 20 })).toBe(28);
  });

  test("fall with the volatility that is expected, beyond what the capacity of the band takes already", () => {
    // 1,20,000 × 75 % × 15 ÷ 18 = 75,000; × 50 % × 20 ÷ 25 = 48,000; unknown as 30: × 50 % × 20 ÷ 30 = 39,996.
    expect(lots({ capacityBps: 7_500, vixCenti: 1_800 })).toBe(9);
    expect(lots({ capacityBps: 5_000, vixCenti: 2_500 })).toBe(6);
    expect(lots({ capacityBps: 5_000, vixCenti: null })).toBe(5);
  });

  test("leave room for the other trades of the underlying that may be open", () => {
    expect(lots({ openTradesMax: 5 })).toBe(8);
    expect(lots({ openTradesMax: 1 })).toBe(16);
  });

  test("are capped by order value, freeze quantity, 250 lots and what is left", () => {
    expect(lots({ orderValueMaxPaise: paise(15_000_00) })).toBe(2);
    expect(lots({ freezeQuantity: 299 })).toBe(3);
    expect(lots({ entryPricePaise: paise(5), freezeQuantity: 1_000_000 })).toBe(250);
    expect(lots({ availablePaise: paise(7_499_99) })).toBe(0);
  });

  test("are 0 when not even one lot fits", () => {
    expect(lots({ entryPricePaise: paise(2_000_00) })).toBe(0);
    expect(lots({ capacityBps: 0 })).toBe(0);
  });

  test("are no more than can be stopped out within the capital's share, but one for that reason", () => {
    // 1 % of 1,00,000 is 1,000; a lot loses 75 × 4 = 300 at its stop.
    expect(lots({ stopMovePaise: paise(4_00), stopBpsOfCapital: 100 })).toBe(3);
    expect(lots({ stopMovePaise: paise(50_00), stopBpsOfCapital: 100 })).toBe(1);
  });

  const anySizing = fc.record({
    underlying: fc.constantFrom(...UNDERLYINGS),
    buyingPower: fc.integer({ min: 0, max: 50_00_000_00 }),
    capacityBps: fc.constantFrom(5_000, 7_500, 10_000),
    vixCenti: fc.constantFrom(1_200, 1_500, 1_800, 2_500, 6_000, null),
    price: fc.integer({ min: 5, max: 400_00 }),
    lotSize: fc.constantFrom(20, 35, 65, 75),
    orderValueMax: fc.integer({ min: 0, max: 1_00_00_000_00 }),
    openTradesMax: fc.integer({ min: 1, max: 10 }),
  });
  const of = ({
    buyingPower,
    price,
    orderValueMax,
    ...rest
  }: typeof anySizing extends fc.Arbitrary<infer T> ? T : never) => ({
    ...sizing,
    ...rest,
    buyingPowerPaise: paise(buyingPower),
    entryPricePaise: paise(price),
    orderValueMaxPaise: paise(orderValueMax),
  });

  test("never cost more than any of the caps", () => {
    fc.assert(
      fc.property(anySizing, (drawn) => {
        const input = of(drawn);
        const count = entryLots(input);
        const cost = count * input.lotSize * input.entryPricePaise;
        expect(Number.isInteger(count) && count >= 0 && count <= 250).toBe(true);
        expect(cost).toBeLessThanOrEqual(input.orderValueMaxPaise);
        expect(cost).toBeLessThanOrEqual((input.buyingPowerPaise * input.capacityBps * 0.6) / 10_000);
        expect(count * input.lotSize).toBeLessThanOrEqual(1_800);
      }),
    );
  });

  test("rise with buying power and fall with price", () => {
    fc.assert(
      fc.property(anySizing, fc.integer({ min: 1, max: 1_000_000 }), (drawn, more) => {
        const input = of(drawn);
        const count = entryLots(input);
        expect(entryLots({ ...input, buyingPowerPaise: paise(input.buyingPowerPaise + more) })).toBeGreaterThanOrEqual(
          count,
        );
        expect(entryLots({ ...input, entryPricePaise: paise(input.entryPricePaise + more) })).toBeLessThanOrEqual(
          count,
        );
      }),
    );
  });
});

describe("an exit plan", () => {
  const plan = (change: Partial<Parameters<typeof exitPlanMoveFor>[0]> = {}) =>
    exitPlanMoveFor({
      signal: aSignal(),
      entryPricePaise: paise(80_00),
      units: 75,
      capitalPaise: paise(10_00_000_00),
      vixCenti: 12_00,
      ...change,
    });

  test("turns the index distances into premium by delta, on the tick, and trails from half the target", () => {
    // Delta 0.30: 15.00 points become 4.50, 45.00 become 13.50; half of 90 ticks is 45.
    expect(plan()).toEqual({
      stopPaise: 13_50,
      targetPaise: 4_50,
      trailFromPaise: 2_25,
      trailStepPaise: 1_10,
      timeExitMs: aSignal().expiresAtMs,
    });
    expect(stopMoveOf(aSignal(), paise(80_00))).toBe(13_50);
  });

  test("draws the stop nearer so that no more than the VIX band's share of capital is lost", () => {
    expect(plan({ capitalPaise: paise(10_000_00) }).stopPaise).toBe(1_30);
    expect(plan({ capitalPaise: paise(10_000_00), vixCenti: 20_00 }).stopPaise).toBe(2_00);
  });

  test("moves the target out until it pays the charges", () => {
    expect(plan({ roundTripChargesPaise: paise(75 * 6_01) }).targetPaise).toBe(6_05);
  });

  test("takes a delta of 0.30 where none is known, and 2 % of the premium where the view has no distance", () => {
    const choice = { ...required(aSignal().choice, "a choice"), deltaBps: null };
    expect(plan({ signal: aSignal({ choice }) }).targetPaise).toBe(4_50);
    const blind = plan({ signal: aSignal({ targetMovePaise: null, stopMovePaise: null }) });
    expect([blind.stopPaise, blind.targetPaise]).toEqual([1_60, 1_60]);
  });

  test("has whole ticks of at least one, and a stop that the capital bears, for any signal", () => {
    const any = fc.record({
      price: fc.integer({ min: 10, max: 40_000 }).map((ticks) => ticks * 5),
      lots: fc.integer({ min: 1, max: 24 }),
      capital: fc.integer({ min: 5_000_00, max: 15_00_000_00 }),
      delta: fc.integer({ min: -9_999, max: 9_999 }),
      target: fc.integer({ min: 0, max: 500_00 }),
      stop: fc.integer({ min: 0, max: 500_00 }),
      charges: fc.integer({ min: 0, max: 1_000_00 }),
      vixCenti: fc.option(fc.integer({ min: 0, max: 60_00 })),
    });
    fc.assert(
      fc.property(any, ({ price, lots: count, capital, delta, target, stop, charges, vixCenti }) => {
        const choice = { ...required(aSignal().choice, "a choice"), deltaBps: delta };
        const signal: Signal = aSignal({ choice, targetMovePaise: paise(target), stopMovePaise: paise(stop) });
        const units = 75 * count;
        const move = exitPlanMoveFor({
          signal,
          entryPricePaise: paise(price),
          units,
          capitalPaise: paise(capital),
          vixCenti,
          roundTripChargesPaise: paise(charges),
        });
        for (const distance of [move.stopPaise, move.targetPaise, move.trailFromPaise, move.trailStepPaise]) {
          expect(distance).toBeGreaterThanOrEqual(5);
          expect(distance % 5).toBe(0);
        }
        const share = vixCenti !== null && vixCenti >= 20_00 ? 0.015 : 0.01;
        // Where not even one tick is bearable, the stop is one tick.
        expect(move.stopPaise).toBeLessThanOrEqual(Math.max(5, (capital * share) / units));
        expect(move.targetPaise * units).toBeGreaterThanOrEqual(charges);
        expect(move.trailFromPaise).toBeLessThan(move.targetPaise);
        expect(move.trailStepPaise).toBeLessThanOrEqual(move.trailFromPaise);
      }),
    );
  });
});
