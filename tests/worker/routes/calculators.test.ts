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

describe("POST /v1/calculators/margin", () => {
  const leg = { expiry: "2026-11-23", strike: "24300", optionType: "CALL", side: "SELL", lots: 1, price: "60.00" };
  const wing = { ...leg, strike: "24500", side: "BUY", price: "25.00" };
  const question = { underlying: "NIFTY50", date: "2026-11-16", spot: "24000.00", legs: [leg] };
  const margin = (body: object) => call("POST", "/v1/calculators/margin", { body });

  it("answers every part of it, both totals, and says that it is an approximation", async () => {
    const { status, body } = await margin(question);
    expect(status).toBe(200);
    expect(body.label).toContain("ask the broker");
    const { premium, span, exposure, expiryDay, total, cushion, totalWithCushion, netOptionValue } = body.requirement;
    expect([premium, exposure, expiryDay, netOptionValue]).toEqual(["0.00", "31200.00", "0.00", "-3900.00"]);
    expect(Number(span)).toBeGreaterThan(100_000);
    expect(Number(total)).toBeCloseTo(Number(span) + Number(exposure), 2);
    expect(Number(totalWithCushion)).toBeCloseTo(Number(total) + Number(cushion), 2);
    expect(Number(cushion) / Number(total)).toBeCloseTo(0.05, 4);
    expect(body.legs).toMatchObject([
      { instrumentId: "NIFTY26NOV24300CE.NFO", units: 65, alone: total, volatilitySource: "IMPLIED" },
    ]);
    expect(body.parameters).toMatchObject({ priceScanBps: 930, cushionBps: 500, isStandIn: false });
  });

  it("counts what is held: the wing bought later gives back more than it costs", async () => {
    const { body } = await margin({ ...question, legs: [wing], held: [leg] });
    expect(body.before.total).toBe((await margin(question)).body.requirement.total);
    expect(body.requirement).toMatchObject({ premium: "1625.00", span: "13000.00", exposure: "31200.00" });
    expect(Number(body.increase)).toBeLessThan(-80_000);
  });

  it("adds 2 % on the day of expiry", async () => {
    const { body } = await margin({ ...question, date: "2026-11-23" });
    expect(body.requirement).toMatchObject({ exposure: "31200.00", expiryDay: "31200.00" });
  });

  it.each([
    ["no legs", { ...question, legs: [] }, "BODY_INVALID"],
    ["half lots", { ...question, legs: [{ ...leg, lots: 0.5 }] }, "BODY_INVALID"],
    ["an index of nothing", { ...question, spot: "0.00" }, "BODY_INVALID"],
    ["a time that is none", { ...question, time: "25:00" }, "BODY_INVALID"],
    ["an unknown field", { ...question, leverage: 3 }, "BODY_INVALID"],
    ["a negative premium", { ...question, legs: [{ ...leg, price: "-1.00" }] }, "BODY_INVALID"],
    ["a day that is no expiry", { ...question, legs: [{ ...leg, expiry: "2026-11-20" }] }, "CONTRACT_TERMS_UNKNOWN"],
    ["a strike off the grid", { ...question, legs: [leg, { ...leg, strike: "24310" }] }, "CONTRACT_TERMS_UNKNOWN"],
  ] as const)("refuses %s", async (_, body, code) => {
    expectProblem(await margin(body), code);
  });

  it("names the leg that no table knows", async () => {
    const { body } = await margin({ ...question, held: [leg, { ...leg, strike: "24310" }] });
    expect(body.errors).toMatchObject([{ field: "held.1", message: expect.stringContaining("strike grid") }]);
  });
});

describe("POST /v1/calculators/payoff", () => {
  const leg = { expiry: "2026-11-23", strike: "24000", optionType: "CALL", side: "BUY", lots: 1, price: "200.00" };
  const question = { underlying: "NIFTY50", date: "2026-11-16", time: "11:00", spot: "24000.00", legs: [leg] };
  const payoff = (body: object) => call("POST", "/v1/calculators/payoff", { body });

  it("draws a long call: bounded loss, unbounded profit, one breakeven", async () => {
    const { status, body } = await payoff({ ...question, range: { low: "23000", high: "25000", points: 3 } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ basis: "EXACT", maxProfit: null, netPremium: "13000.00" });
    expect(Number(body.maxLoss)).toBeCloseTo(-13_000 - Number(body.entryCharges), 2);
    expect(Number(body.breakevens[0])).toBeGreaterThan(24_200);
    expect(body.points.map((point: { spot: string }) => point.spot)).toEqual(["23000.00", "24000.00", "25000.00"]);
    expect(body.points[1].closed).toBe(`-${body.roundTripCharges}`);
    expect(body.greeks.delta).toBeGreaterThan(30);
  });

  it("follows the what-if", async () => {
    const closedAt = async (whatIf: object | undefined): Promise<number> => {
      const { body } = await payoff({ ...question, ...(whatIf === undefined ? {} : { whatIf }) });
      return Number(body.points.find((point: { spot: string }) => point.spot === "24000.00").closed);
    };
    const now = await closedAt(undefined);
    expect(await closedAt({ date: "2026-11-20" })).toBeLessThan(now);
    expect(await closedAt({ volatilityShiftBps: 300 })).toBeGreaterThan(now);
  });

  it.each([
    ["a date before the charges", { ...question, date: "2016-01-04" }, "CHARGES_DATE_UNKNOWN"],
    ["a range upside down", { ...question, range: { low: "25000", high: "23000", points: 3 } }, "BODY_INVALID"],
    ["an expired leg", { ...question, legs: [{ ...leg, expiry: "2026-11-10" }] }, "CONTRACT_TERMS_UNKNOWN"],
  ] as const)("refuses %s", async (_, body, code) => {
    expectProblem(await payoff(body), code);
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
