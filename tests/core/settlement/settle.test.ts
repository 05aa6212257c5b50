import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CATEGORIES } from "../../../src/core/account/profile.ts";
import { FEE_SCHEDULES } from "../../../src/core/fees/fee-schedule.ts";
import { addPaise, formatRupees, paise, sumPaise } from "../../../src/core/kernel/money.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import { roundDownToUnit } from "../../../src/core/settlement/rounding.ts";
import { tradeStatement } from "../../../src/core/settlement/settle.ts";
import { chargeHeads, flatWithoutGst, rupees, settleDay, withoutGst } from "./settlement-samples.ts";

const BETA = withoutGst(FEE_SCHEDULES["beta-2025"]);

describe("rounding down to the unit", () => {
  it.each([
    ["999", "0.00", "999.00"],
    ["1000", "1000.00", "0.00"],
    ["99999", "99000.00", "999.00"],
    ["100000", "100000.00", "0.00"],
    ["157500", "150000.00", "7500.00"],
    ["999999", "990000.00", "9999.00"],
    ["1000000", "1000000.00", "0.00"],
    ["1234567", "1200000.00", "34567.00"],
    ["9999999", "9900000.00", "99999.00"],
    ["10000000", "10000000.00", "0.00"],
    ["12345678", "12000000.00", "345678.00"],
    ["0", "0.00", "0.00"],
    ["-500", "0.00", "-500.00"],
  ])("G-36: %s saves %s and leaves %s", (net, saved, buffer) => {
    const rounded = roundDownToUnit(rupees(net));
    expect(formatRupees(rounded.savedPaise)).toBe(saved);
    expect(formatRupees(rounded.bufferPaise)).toBe(buffer);
  });

  it("never saves more than the net, and loses nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (net) => {
        const { savedPaise, bufferPaise } = roundDownToUnit(paise(net));
        expect(savedPaise).toBeGreaterThanOrEqual(0);
        expect(addPaise(savedPaise, bufferPaise)).toBe(net);
        if (net >= 0) expect(bufferPaise).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe("settling a day (golden examples: no GST line)", () => {
  it("G-35: 5,000 of a restricted account at 30 %", () => {
    const sheet = settleDay({ feeSchedule: BETA });
    expect(sheet.feePaise).toBe(rupees("1500"));
    expect(sheet.taxLockPaise).toBe(rupees("1950"));
    expect(sheet.netPaise).toBe(rupees("1550"));
    expect(sheet.netToSavingsPaise).toBe(rupees("1000"));
    expect(sheet.roundingBufferPaise).toBe(rupees("550"));
    expect(sheet.feeShares).toEqual([
      { party: "saffronbolt", amountPaise: rupees("1050") },
      { party: "zenithpulse", amountPaise: rupees("450") },
    ]);
    expect(sheet.payoutPaise).toBe(rupees("2950"));
  });

  it.each([
    ["NGD at 15 %", 1_500, "2300", "2000", "300"],
    ["10 %", 1_000, "2550", "2000", "550"],
    ["semi at 12.5 %", 1_250, "2425", "2000", "425"],
    ["subscribed at 15 %", 1_500, "2300", "2000", "300"],
  ])("G-35b: 5,000, %s", (_name, rateBps, net, saved, buffer) => {
    const sheet = settleDay({ feeSchedule: flatWithoutGst(rateBps) });
    expect(sheet.netPaise).toBe(rupees(net));
    expect(sheet.netToSavingsPaise).toBe(rupees(saved));
    expect(sheet.roundingBufferPaise).toBe(rupees(buffer));
  });

  it("G-35c: 25,000 of a restricted account", () => {
    const sheet = settleDay({ feeSchedule: BETA, realisedPaise: rupees("25000") });
    expect(sheet.feePaise).toBe(rupees("7500"));
    expect(sheet.taxLockPaise).toBe(rupees("9750"));
    expect(sheet.netPaise).toBe(rupees("7750"));
    expect(sheet.netToSavingsPaise).toBe(rupees("7000"));
    expect(sheet.roundingBufferPaise).toBe(rupees("750"));
  });

  it("G-35d: 5,000 with losses and a loss buffer of 1 %", () => {
    const sheet = settleDay({ feeSchedule: BETA, lossBufferBps: 100 });
    expect(sheet.lossBufferPaise).toBe(rupees("50"));
    expect(sheet.feePaise).toBe(rupees("1485"));
    expect(sheet.taxLockPaise).toBe(rupees("1930.50"));
    expect(sheet.netPaise).toBe(rupees("1534.50"));
    expect(sheet.netToSavingsPaise).toBe(rupees("1000"));
    expect(sheet.roundingBufferPaise).toBe(rupees("534.50"));
  });

  it.each([
    ["250", "250", "0"],
    ["-100", "0", "100"],
    ["0", "0", "0"],
  ])("G-33: a trade of %s is stated as profit %s, loss %s", (result, profit, loss) => {
    expect(tradeStatement("TRADE2025062310", rupees(result))).toEqual({
      tradeId: "TRADE2025062310",
      profitPaise: rupees(profit),
      lossPaise: rupees(loss),
    });
  });
});

describe("settling a day", () => {
  it("charges GST on the fee as a line of its own, out of the net", () => {
    const sheet = settleDay({});
    expect(sheet.feePaise).toBe(rupees("1500"));
    expect(sheet.gstOnFeePaise).toBe(rupees("270"));
    expect(sheet.netPaise).toBe(rupees("1280"));
    expect(sheet.payoutPaise).toBe(rupees("2950"));
    expect(sheet.roundingBufferPaise).toBe(rupees("280"));
  });

  it("computes fee and lock on what charges leave of the realised profit", () => {
    const sheet = settleDay({ charges: chargeHeads([40_00, 12_00, 3_55, 1, 1, 30, 7_85]) });
    expect(sheet.grossProfitPaise).toBe(rupees("4936.28"));
    expect(sheet.feePaise).toBe(rupees("1480.88"));
    expect(sheet.gstOnFeePaise).toBe(rupees("266.56"));
    expect(sheet.taxLockPaise).toBe(rupees("1925.15"));
  });

  it("asks nothing of a loss and pays nothing out; the buffer carries it", () => {
    const sheet = settleDay({ realisedPaise: rupees("10"), charges: chargeHeads([20_00]), lossBufferBps: 100 });
    expect(sheet).toMatchObject({
      grossProfitPaise: -1000,
      lossBufferPaise: 0,
      feePaise: 0,
      gstOnFeePaise: 0,
      taxLockPaise: 0,
      netPaise: -1000,
      netToSavingsPaise: 0,
      roundingBufferPaise: -1000,
      payoutPaise: 0,
    });
    expect(sumPaise(sheet.feeShares, ({ amountPaise }) => amountPaise)).toBe(0);
  });

  it("conserves money: gross = fee + GST + tax lock + saved + buffers, and nobody pays on a loss", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e11, max: 1e11 }),
        fc.array(fc.integer({ min: 0, max: 1e7 }), { minLength: 7, maxLength: 7 }),
        fc.constantFrom(...CATEGORIES),
        fc.constantFrom("v9" as const, "beta-2025" as const),
        fc.constantFrom("2024-01-01", "2025-08-28", "2025-08-29"),
        fc.integer({ min: 0, max: 500 }),
        (realised, heads, category, feeSchedule, activatedOn, lossBufferBps) => {
          const sheet = settleDay({
            realisedPaise: paise(realised),
            charges: chargeHeads(heads),
            category,
            feeSchedule,
            activatedOn: marketDate(activatedOn),
            lossBufferBps,
          });
          expect(sheet.grossProfitPaise).toBe(realised - sheet.charges.totalPaise);
          expect(
            addPaise(
              sheet.feePaise,
              sheet.gstOnFeePaise,
              sheet.taxLockPaise,
              sheet.netToSavingsPaise,
              sheet.roundingBufferPaise,
              sheet.lossBufferPaise,
            ),
          ).toBe(sheet.grossProfitPaise);
          expect(sumPaise(sheet.feeShares, ({ amountPaise }) => amountPaise)).toBe(sheet.feePaise);
          expect(sheet.payoutPaise).toBe(sheet.netToSavingsPaise + sheet.taxLockPaise);
          expect(Math.min(sheet.feePaise, sheet.gstOnFeePaise, sheet.taxLockPaise)).toBeGreaterThanOrEqual(0);
          if (sheet.grossProfitPaise <= 0) expect(sheet.payoutPaise + sheet.feePaise + sheet.taxLockPaise).toBe(0);
          else expect(sheet.netPaise).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
