import { describe, expect, it } from "vitest";
import { contractNote } from "../../../src/core/charges/contract-note.ts";
import { formatRupees, paise } from "../../../src/core/kernel/money.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import { call, enlist, expectProblem, keyFor } from "./api-fixtures.ts";

describe("POST /v1/charges", () => {
  const short = { date: "2025-08-29", exchange: "NSE", units: 75, buy: "100.00", sell: "110.00", orders: 2 };

  it("gives every head of the contract note, whichever way the trades are told", async () => {
    const note = contractNote({
      date: marketDate("2025-08-29"),
      exchange: "NSE",
      buyValuePaise: paise(7_500_00),
      sellValuePaise: paise(8_250_00),
      executedOrders: 2,
    });
    const { status, body } = await call("POST", "/v1/charges", { body: short });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      brokerage: formatRupees(note.brokeragePaise),
      stt: formatRupees(note.sttPaise),
      stamp: formatRupees(note.stampPaise),
      total: formatRupees(note.totalPaise),
      turnover: "15750.00",
      net: formatRupees(paise(750_00 - note.totalPaise)),
      standIns: [],
    });
    const fills = [
      { underlying: "NIFTY50", side: "BUY", units: 50, price: "100.00", orderId: "a" },
      { underlying: "NIFTY50", side: "BUY", units: 25, price: "100.00", orderId: "a" },
      { exchange: "NSE", side: "SELL", units: 75, price: "110.00" },
    ];
    const told = await call("POST", "/v1/charges", { body: { date: "2025-08-29", fills } });
    expect(told.body).toEqual(body);
  });

  it("makes one note per exchange and adds them up", async () => {
    const fills = [
      { underlying: "SENSEX", side: "BUY", units: 20, price: "100.00" },
      { underlying: "BANKNIFTY", side: "SELL", units: 35, price: "200.00" },
    ];
    const { body } = await call("POST", "/v1/charges", { body: { date: "2025-08-29", fills } });
    expect(body.notes.map((note: { exchange: string }) => note.exchange)).toEqual(["BSE", "NSE"]);
    const sum = body.notes.reduce(
      (total: number, note: { charges: { total: string } }) => total + Number(note.charges.total),
      0,
    );
    expect(Number(body.total)).toBeCloseTo(sum, 2);
    expect(body.notes[0].exact.total).toMatch(/^\d+\.\d+$/);
  });

  it.each([
    ["a date before the tables", { ...short, date: "2016-01-01" }, "CHARGES_DATE_UNKNOWN"],
    ["no trades at all", { date: "2025-08-29" }, "BODY_INVALID"],
    [
      "both forms at once",
      { ...short, fills: [{ exchange: "NSE", side: "BUY", units: 1, price: "1" }] },
      "BODY_INVALID",
    ],
    ["half units", { ...short, units: 0.5 }, "BODY_INVALID"],
    ["a price beyond exactness", { ...short, buy: "99999999.00" }, "BODY_INVALID"],
    ["a negative price", { ...short, sell: "-1.00" }, "BODY_INVALID"],
    ["an unknown exchange", { ...short, exchange: "MCX" }, "BODY_INVALID"],
  ] as const)("refuses %s", async (_, body, code) => {
    expectProblem(await call("POST", "/v1/charges", { body }), code);
  });
});

describe("POST /trade", () => {
  it("G-53: estimates 540 on 10,000 at leverage 3, 180 without, and refuses capital of 15,00,001", async () => {
    const estimate = async (body: object) => (await call("POST", "/trade", { body })).body;
    expect(await estimate({ capital: 10_000, leverage: 3 })).toMatchObject({
      status: "success",
      profit: "540.00",
      expected_profit: "540.00",
      estimate: true,
    });
    expect(await estimate({ capital: "10000.00" })).toMatchObject({ status: "success", profit: "180.00" });
    expect(await estimate({ capital: 1_500_000 })).toMatchObject({ status: "success" });
    const refused = await call("POST", "/trade", { body: { capital: 1_500_001 } });
    expect(refused).toMatchObject({ status: 422, body: { status: "error" } });
    expect(refused.body.message).toContain("1500000.00");
  });

  it("refuses what is no capital and no leverage", async () => {
    for (const body of [{}, { capital: -1 }, { capital: 0.001 }, { capital: "ten" }, { capital: 1_000, leverage: 9 }]) {
      expectProblem(await call("POST", "/trade", { body }), "BODY_INVALID");
    }
  });
});

describe("POST /v1/settlements/preview", () => {
  it.each(["/v1/settlements/preview", "/settle"])("%s shows the worksheet and writes nothing", async (path) => {
    await enlist("U001");
    const key = await keyFor("U001");
    const body = { user_id: "U001", category: "RESTRICTED", gross_profit: "25000.00", date: "2025-08-29" };
    const answer = await call("POST", path, { key, body });
    expect(answer).toMatchObject({
      status: 200,
      body: { grossProfit: "25000.00", fee: "7500.00", gstOnFee: "1350.00", taxLock: "9750.00" },
    });
    const { netToSavings, roundingBuffer, fee, gstOnFee, taxLock } = answer.body;
    const parts = [netToSavings, roundingBuffer, fee, gstOnFee, taxLock].map(Number);
    expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(25_000, 2);
    expect((await call("GET", "/v1/settlements", { key })).body.data).toEqual([]);
  });

  it("refuses an unknown category", async () => {
    const body = { category: "VIP", gross_profit: "1.00" };
    expectProblem(await call("POST", "/v1/settlements/preview", { body }), "BODY_INVALID");
  });
});
