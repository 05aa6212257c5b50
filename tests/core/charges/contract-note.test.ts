import { Decimal } from "decimal.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_BROKER_SCHEDULE } from "../../../src/core/charges/broker-schedule.ts";
import { CHARGES_FROM, chargeRatesOn } from "../../../src/core/charges/charge-rates.ts";
import {
  accruedChargePaise,
  accruedInDecimals,
  accruedInIntegers,
  combineCharges,
  contractNote,
  type DayTrades,
  type ExactCharges,
  exactCharges,
} from "../../../src/core/charges/contract-note.ts";
import type { Exchange } from "../../../src/core/instrument/contract.ts";
import { formatRupees, paise, sumPaise } from "../../../src/core/kernel/money.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import type { ChargeHeads } from "../../../src/core/settlement/worksheet.ts";

const trades = (
  date: string,
  buyValuePaise: number,
  sellValuePaise: number,
  executedOrders: number,
  exchange: Exchange = "NSE",
): DayTrades => ({
  date: marketDate(date),
  exchange,
  buyValuePaise: paise(buyValuePaise),
  sellValuePaise: paise(sellValuePaise),
  executedOrders,
});

const inRupees = (exact: ExactCharges): Record<string, string> =>
  Object.fromEntries(Object.entries(exact).map(([head, amount]) => [head, (amount as Decimal).div(100).toFixed()]));

const asNote = (note: ChargeHeads): Record<string, string> => ({
  brokerage: formatRupees(note.brokeragePaise),
  stt: formatRupees(note.sttPaise),
  exchange: formatRupees(note.exchangePaise),
  ipft: formatRupees(note.ipftPaise),
  sebi: formatRupees(note.sebiPaise),
  stamp: formatRupees(note.stampPaise),
  gst: formatRupees(note.gstPaise),
  total: formatRupees(note.totalPaise),
});

describe("worked examples", () => {
  it("example A: 1,100 units of NIFTY, 90 to 100, October 2026", () => {
    const day = trades("2026-10-08", 9_900_000, 11_000_000, 2);
    expect(inRupees(exactCharges(day))).toEqual({
      brokerage: "40",
      stt: "165",
      exchange: "74.257491",
      ipft: "0.000209",
      sebi: "0.209",
      stamp: "2.97",
      gst: "20.604006",
      total: "303.040706",
    });
    expect(asNote(contractNote(day))).toEqual({
      brokerage: "40.00",
      stt: "165.00",
      exchange: "74.26",
      ipft: "0.00",
      sebi: "0.21",
      stamp: "2.97",
      gst: "20.60",
      total: "303.04",
    });
    expect(1_100_000 - contractNote(day).totalPaise).toBe(1_069_696);
  });

  it("example A with 1,000 units comes to 279.79", () => {
    expect(asNote(contractNote(trades("2026-10-08", 9_000_000, 10_000_000, 2)))["total"]).toBe("279.79");
  });

  it("example C: one NIFTY lot at 146 both ways, exact to the last digit and billed with STT of 14", () => {
    const day = trades("2026-04-01", 949_000, 949_000, 2);
    expect(inRupees(exactCharges(day))).toEqual({
      brokerage: "40",
      stt: "14.235",
      exchange: "6.74357502",
      ipft: "0.00001898",
      sebi: "0.01898",
      stamp: "0.2847",
      gst: "8.41726332",
      total: "69.69953732",
    });
    expect(asNote(contractNote(day))).toMatchObject({ stt: "14.00", gst: "8.42", total: "69.46" });
  });

  it("example D: the Kite note of July 2023, whose GST leaves the investor protection fee out", () => {
    const day = {
      ...trades("2023-07-10", 15_000, 0, 1),
      schedule: { ...DEFAULT_BROKER_SCHEDULE, gstOnIpft: false },
    };
    const exact = exactCharges(day);
    expect(inRupees(exact)).toMatchObject({
      brokerage: "20",
      stt: "0",
      exchange: "0.075",
      ipft: "0.00075",
      sebi: "0.00015",
      stamp: "0.0045",
      gst: "3.613527",
      total: "23.693927",
    });
    // Kite's note prints no stamp duty.
    expect(exact.total.minus(exact.stamp).div(100).toFixed()).toBe("23.689427");
    expect(asNote(contractNote(day))).toMatchObject({ exchange: "0.08", stamp: "0.00", gst: "3.61", total: "23.69" });
  });

  it("within a state central and state GST are rounded each, which can be a paisa more or less than integrated GST", () => {
    const schedule = { ...DEFAULT_BROKER_SCHEDULE, gstPlace: "WITHIN_STATE" as const };
    const notes = [trades("2023-07-10", 15_000, 0, 1), trades("2026-10-08", 9_000_000, 10_000_000, 2)];
    expect(notes.map((day) => formatRupees(contractNote(day).gstPaise))).toEqual(["3.61", "19.39"]);
    expect(notes.map((day) => formatRupees(contractNote({ ...day, schedule }).gstPaise))).toEqual(["3.62", "19.38"]);
  });

  it("example D: the basket margin's sale of 2,673.75", () => {
    const day = {
      ...trades("2023-07-10", 0, 267_375, 1),
      schedule: { ...DEFAULT_BROKER_SCHEDULE, gstOnIpft: false },
    };
    const exact = exactCharges(day);
    expect(inRupees(exact)).toMatchObject({ stt: "1.67109375", exchange: "1.336875", gst: "3.841118775" });
    expect(exact.total.minus(exact.ipft).div(100).toFixed()).toBe("26.851761275");
  });

  it("rounds STT half a rupee up and below half a rupee down", () => {
    // 0.1 % of 1,500.00 is 1.50; of 1,499.90 it is 1.4999.
    expect(contractNote(trades("2025-08-29", 0, 150_000, 1)).sttPaise).toBe(200);
    expect(contractNote(trades("2025-08-29", 0, 149_990, 1)).sttPaise).toBe(100);
  });
});

describe("dated rates", () => {
  const crore = 1_000_000_000;
  it.each([
    ["2023-03-31", "0.05"],
    ["2023-04-01", "0.0625"],
    ["2024-09-30", "0.0625"],
    ["2024-10-01", "0.1"],
    ["2026-03-31", "0.1"],
    ["2026-04-01", "0.15"],
    ["2026-11-20", "0.15"],
  ])("STT on a sale of %s, in percent of the premium, is %s", (date, percent) => {
    expect(chargeRatesOn(marketDate(date), "NSE").stt.times(100).toFixed()).toBe(percent);
  });

  it.each([
    ["2022-11-18", "NSE", "5300", "0"],
    ["2023-04-01", "NSE", "5000", "50"],
    ["2024-04-01", "NSE", "4950", "50"],
    ["2024-10-01", "NSE", "3503", "50"],
    ["2026-02-28", "NSE", "3503", "50"],
    ["2026-03-01", "NSE", "3552.99", "0.01"],
    ["2023-05-15", "BSE", "500", "0"],
    ["2023-11-01", "BSE", "3750", "0"],
    ["2024-05-12", "BSE", "3750", "0"],
    ["2024-05-13", "BSE", "4950", "0"],
    ["2024-10-01", "BSE", "3250", "0"],
    ["2026-10-08", "BSE", "3250", "0"],
  ] as const)("on %s %s takes %s a crore and %s for investor protection", (date, exchange, transaction, ipft) => {
    const exact = exactCharges(trades(date, crore, 0, 0, exchange));
    expect([exact.exchange.div(100).toFixed(), exact.ipft.div(100).toFixed()]).toEqual([transaction, ipft]);
  });

  it("charges ₹10 a crore for SEBI and 0.003 % stamp duty on the buyer only", () => {
    const buy = exactCharges(trades("2026-10-08", crore, 0, 0));
    expect([buy.sebi.toFixed(), buy.stamp.toFixed()]).toEqual(["1000", "30000"]);
    expect(exactCharges(trades("2026-10-08", 0, crore, 0)).stamp.toFixed()).toBe("0");
  });

  it("names the heads whose table starts later than the date, and uses the oldest rate for them", () => {
    expect(chargeRatesOn(marketDate("2019-05-23"), "NSE").standIns).toEqual(["exchange", "sebi", "stamp"]);
    expect(chargeRatesOn(marketDate("2022-11-18"), "NSE").standIns).toEqual(["sebi"]);
    expect(chargeRatesOn(marketDate("2025-08-29"), "BSE").standIns).toEqual([]);
  });

  it("refuses a date before the goods and services tax", () => {
    expect(() => chargeRatesOn(marketDate("2017-06-30"), "NSE")).toThrow("no charge rates before 2017-07-01");
    expect(CHARGES_FROM).toBe("2017-07-01");
  });
});

describe("brokerage", () => {
  it("is ₹20 for each executed order, whatever its size", () => {
    expect(contractNote(trades("2025-08-29", 100, 0, 3)).brokeragePaise).toBe(6_000);
  });

  it("can be capped at a percentage of each order's premium", () => {
    const schedule = { ...DEFAULT_BROKER_SCHEDULE, brokerageCapPercent: "2.5" };
    const day = trades("2025-08-29", 110_000, 0, 2);
    // 2.5 % of 100.00 is 2.50; 2.5 % of 1,000.00 is 25.00, more than the flat 20.00.
    const orderValuesPaise = [paise(10_000), paise(100_000)];
    expect(contractNote({ ...day, schedule, orderValuesPaise }).brokeragePaise).toBe(2_250);
    expect(() => contractNote({ ...day, schedule })).toThrow("brokerage cap needs the value");
  });
});

const amount = fc.integer({ min: 1, max: 5_000_000_000 }).map(paise);
const date = fc.constantFrom("2019-05-23", "2023-07-10", "2024-06-03", "2025-08-29", "2026-04-01").map(marketDate);
const exchange = fc.constantFrom<Exchange>("NSE", "BSE");

describe("laws", () => {
  it("the heads of a note always add up to its total, and GST within a state halves exactly", () => {
    fc.assert(
      fc.property(date, exchange, amount, amount, fc.integer({ min: 0, max: 500 }), (on, where, buy, sell, orders) => {
        const note = contractNote(trades(on, buy, sell, orders, where));
        const { totalPaise, ...heads } = note;
        expect(Object.values(heads).reduce<number>((sum, head) => sum + head, 0)).toBe(totalPaise);
        const schedule = { ...DEFAULT_BROKER_SCHEDULE, gstPlace: "WITHIN_STATE" as const };
        expect(contractNote({ ...trades(on, buy, sell, orders, where), schedule }).gstPaise % 2).toBe(0);
      }),
    );
  });

  it("a note is within 50 paise for STT and half a paisa for each other head of the exact charges", () => {
    fc.assert(
      fc.property(date, exchange, amount, amount, fc.integer({ min: 0, max: 500 }), (on, where, buy, sell, orders) => {
        const day = trades(on, buy, sell, orders, where);
        const difference = new Decimal(contractNote(day).totalPaise).minus(exactCharges(day).total).abs();
        expect(difference.lte(53)).toBe(true);
      }),
    );
  });

  it("what is accrued per execution never falls short of the day's note, STT rounding aside", () => {
    const fill = fc.record({
      side: fc.constantFrom("BUY" as const, "SELL" as const),
      valuePaise: fc.integer({ min: 1, max: 100_000_000 }).map(paise),
      firstFillOfOrder: fc.boolean(),
    });
    fc.assert(
      fc.property(date, exchange, fc.array(fill, { minLength: 1, maxLength: 30 }), (on, where, fills) => {
        const accrued = sumPaise(fills, (each) => accruedChargePaise({ date: on, exchange: where, ...each }));
        const sumOf = (side: string) => sumPaise(fills, (each) => (each.side === side ? each.valuePaise : paise(0)));
        const orders = fills.filter((each) => each.firstFillOfOrder).length;
        const day = trades(on, sumOf("BUY"), sumOf("SELL"), orders, where);
        const note = contractNote(day);
        const withoutSttRounding = exactCharges(day).stt.plus(note.totalPaise - note.sttPaise);
        expect(withoutSttRounding.lte(accrued)).toBe(true);
        expect(accrued).toBeGreaterThanOrEqual(note.totalPaise - 50);
      }),
    );
  });

  it("what an execution accrues in whole numbers is what it accrues in decimals, to the paisa", () => {
    const execution = fc.record({
      date: fc
        .constantFrom("2017-07-01", "2022-05-04", "2023-06-01", "2024-06-03", "2025-08-29", "2026-01-05")
        .map(marketDate),
      exchange: fc.constantFrom<Exchange>("NSE", "BSE"),
      side: fc.constantFrom<"BUY" | "SELL">("BUY", "SELL"),
      valuePaise: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 1_000_000_000 })).map(paise),
      firstFillOfOrder: fc.boolean(),
      schedule: fc.record({
        brokeragePerOrderPaise: fc.constantFrom(0, 15_05, 20_00).map(paise),
        brokerageCapPercent: fc.constant(null),
        gstOnIpft: fc.boolean(),
        gstPlace: fc.constantFrom<"WITHIN_STATE" | "ACROSS_STATES">("WITHIN_STATE", "ACROSS_STATES"),
      }),
    });
    fc.assert(
      fc.property(execution, (each) => {
        const whole = accruedInIntegers(each);
        if (each.valuePaise <= 10_000_000) expect(whole).not.toBe(null);
        if (whole !== null) expect(whole).toBe(accruedInDecimals(each));
      }),
      { numRuns: 1_000 },
    );
    // Beyond whole numbers, or with more decimals than they hold, decimals take over.
    const beyond = { date: marketDate("2025-08-29"), exchange: "NSE", side: "SELL", firstFillOfOrder: true } as const;
    expect(accruedInIntegers({ ...beyond, valuePaise: paise(5e12) })).toBe(null);
    expect(accruedChargePaise({ ...beyond, valuePaise: paise(5e12) })).toBe(
      accruedInDecimals({ ...beyond, valuePaise: paise(5e12) }),
    );
  });

  it("notes of two exchanges combine head by head", () => {
    const [nse, bse] = [
      contractNote(trades("2025-08-29", 100_000, 90_000, 2)),
      contractNote(trades("2025-08-29", 50_000, 70_000, 2, "BSE")),
    ];
    const both = combineCharges([nse, bse]);
    expect(both.totalPaise).toBe(nse.totalPaise + bse.totalPaise);
    expect(both.exchangePaise).toBe(nse.exchangePaise + bse.exchangePaise);
    expect(combineCharges([]).totalPaise).toBe(0);
  });
});
