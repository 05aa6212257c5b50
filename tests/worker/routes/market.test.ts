import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { Signal } from "../../../src/core/prediction/signal.ts";
import { nifty } from "../account/account-fixtures.ts";
import { afterOpen, CALL, DATE } from "../market-feed/feed-fixtures.ts";
import { call, enlist, expectProblem, keyFor } from "./api-fixtures.ts";

describe("GET /v1/market/{underlying}", () => {
  it("shows index, bars and the chain near the money, money as decimal strings", async () => {
    const feed = await nifty();
    await feed.playUntil(afterOpen(120));
    const { status, body } = await call("GET", "/v1/market/NIFTY50");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      underlying: "NIFTY50",
      vix: "12.02",
      coverage: { chain: "RECORDED", quoteCadenceMs: 60_000, previousClose: "24500.00" },
    });
    expect(body.spot).toMatch(/^\d+\.\d\d$/);
    expect(body.bars[0]).toMatchObject({ start: "2025-08-29T03:45:00.000Z" });
    const call24500 = body.chain.find((quote: { instrumentId: string }) => quote.instrumentId === CALL.instrumentId);
    expect(call24500).toMatchObject({ strike: "24500.00", optionType: "CALL", source: "RECORDED", ivBps: 1_250 });
    expect((await call("GET", "/v1/market/NIFTY50?quotes=NONE")).body.chain).toEqual([]);
  });

  it("says so when there is nothing to show, and knows three underlyings", async () => {
    expect((await call("GET", "/v1/market/SENSEX")).body).toMatchObject({ spot: null, chain: [], coverage: null });
    expectProblem(await call("GET", "/v1/market/DAX"), "REQUEST_INVALID");
    expectProblem(await call("GET", "/v1/market/NIFTY50?quotes=SOME"), "REQUEST_INVALID");
  });
});

describe("GET /v1/market/{underlying}/chain", () => {
  it("shows the nearest expiry strike by strike, with volatility and greeks", async () => {
    const feed = await nifty();
    await feed.playUntil(afterOpen(120));
    const { status, body } = await call("GET", "/v1/market/NIFTY50/chain");
    expect(status).toBe(200);
    expect(body).toMatchObject({ underlying: "NIFTY50", expiry: CALL.expiry });
    expect(body.expiries).toContain(CALL.expiry);
    const row = body.rows.find((each: { strike: string }) => each.strike === "24500.00");
    expect(row.call).toMatchObject({ instrumentId: CALL.instrumentId, ivBps: 1_250 });
    expect(row.call.greeks.delta).toBeGreaterThan(0);
    expect(row.call.greeks.thetaPerDay).toMatch(/^-\d+\.\d\d$/);
    expect(await call("GET", `/v1/market/NIFTY50/chain?expiry=${CALL.expiry}`)).toMatchObject({ body });
  });

  it("is empty without a session, and refuses an expiry that nobody quotes", async () => {
    expect((await call("GET", "/v1/market/SENSEX/chain")).body).toMatchObject({ expiries: [], expiry: null, rows: [] });
    expectProblem(await call("GET", "/v1/market/SENSEX/chain?expiry=2025-09-04"), "EXPIRY_NOT_QUOTED");
    expectProblem(await call("GET", "/v1/market/SENSEX/chain?expiry=soon"), "REQUEST_INVALID");
  });
});

const signal = (cycle: number, underlying: Signal["underlying"], choice: boolean): Signal => ({
  signalId: `2025-08-29-C0${cycle}/${underlying}`,
  cycleId: `2025-08-29-C0${cycle}`,
  underlying,
  atMs: afterOpen(cycle * 900),
  predictor: "rules",
  direction: choice ? "BULLISH" : "NO_TRADE",
  confidenceBps: 5_312,
  reason: "RSI above 60 and MACD rising",
  inputs: {
    spotPaise: paise(24_500_25),
    rsi: 61.5,
    atrPaise: 1_234.567,
    macdHistogramPaise: -12.3,
    vixCenti: 1_215,
    barCount: 40,
  },
  choice: choice
    ? {
        contract: CALL,
        bidPaise: paise(10_000),
        askPaise: paise(10_010),
        lastPaise: null,
        quotedAtMs: afterOpen(cycle * 900),
        source: "MODELLED",
        deltaBps: 4_200,
        score: 0.5,
      }
    : null,
  alternatives: [],
  targetMovePaise: paise(5_000),
  stopMovePaise: paise(2_500),
  expiresAtMs: afterOpen((cycle + 1) * 900),
});

async function storeSignals(signals: readonly Signal[]): Promise<void> {
  await env.DB.batch(
    signals.map((one) =>
      env.DB.prepare(
        `INSERT INTO signals (signal_id, cycle_id, date, underlying, direction, confidence_bps, reason, signal, at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
      ).bind(
        one.signalId,
        one.cycleId,
        DATE,
        one.underlying,
        one.direction,
        one.confidenceBps,
        one.reason,
        JSON.stringify(one),
        one.atMs,
      ),
    ),
  );
}

describe("GET /v1/signals", () => {
  it("tells direction, confidence, reason and the contract, newest first and filtered", async () => {
    await storeSignals([signal(2, "NIFTY50", true), signal(2, "SENSEX", false), signal(3, "NIFTY50", true)]);
    const { body } = await call("GET", "/v1/signals?underlying=NIFTY50");
    expect(body.data.map((one: { cycleId: string }) => one.cycleId)).toEqual(["2025-08-29-C03", "2025-08-29-C02"]);
    expect(body.data[0]).toMatchObject({
      direction: "BULLISH",
      confidence: 0.5312,
      inputs: { spot: "24500.25", rsi: 61.5, atr: "12.35", macdHistogram: "-0.12", vix: "12.15", barCount: 40 },
      choice: { instrumentId: CALL.instrumentId, bid: "100.00", ask: "100.10", last: null, source: "MODELLED" },
      targetMove: "50.00",
      expiresAt: "2025-08-29T04:45:00.000Z",
    });
    const cycle = await call("GET", "/v1/signals?cycle=2025-08-29-C02&date=2025-08-29");
    expect(cycle.body.data).toHaveLength(2);
    expect(cycle.body.data[0]).toMatchObject({ underlying: "SENSEX", direction: "NO_TRADE", choice: null });
    expect((await call("GET", "/v1/signals?date=2025-08-28")).body.data).toEqual([]);
    expectProblem(await call("GET", "/v1/signals?cursor=x"), "CURSOR_INVALID");
  });

  it("tells the structure of a neutral view with its legs, what protects first", async () => {
    const of = (side: "BUY" | "SELL") => ({
      ...required(signal(4, "NIFTY50", true).choice, "a choice"),
      side,
      ratio: 1,
    });
    await storeSignals([
      {
        ...signal(4, "NIFTY50", false),
        direction: "NEUTRAL",
        structure: {
          template: "IRON_FLY",
          legs: [of("BUY"), of("SELL")],
          wingPaise: paise(200_00),
          creditPaise: paise(3_246_75),
          gainPaise: paise(348_18),
          targetPaise: paise(900_00),
          costPaise: paise(223_58),
          stopLossPaise: paise(1_500_00),
          lossMaxPaise: paise(9_753_25),
        },
      },
    ]);
    const { body } = await call("GET", "/v1/signals?cycle=2025-08-29-C04");
    expect(body.data[0]).toMatchObject({
      direction: "NEUTRAL",
      choice: null,
      structure: {
        template: "IRON_FLY",
        legs: [
          { side: "BUY", ratio: 1, instrumentId: CALL.instrumentId, bid: "100.00" },
          { side: "SELL", ratio: 1, instrumentId: CALL.instrumentId },
        ],
        credit: "3246.75",
        gain: "348.18",
        cost: "223.58",
        lossMax: "9753.25",
      },
    });
  });

  it("is part of the market, which a key may or may not read", async () => {
    await enlist("U001");
    expectProblem(await call("GET", "/v1/signals", { key: await keyFor("U001", ["orders:read"]) }), "SCOPE_MISSING");
    expect((await call("GET", "/v1/signals", { key: await keyFor("U001", ["market:read"]) })).status).toBe(200);
  });
});

describe("GET /v1/cycles", () => {
  it("lists the cycles of a day, newest first", async () => {
    const insert = env.DB.prepare("INSERT INTO cycles VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
    await env.DB.batch(
      [1, 2].map((n) =>
        insert.bind(
          `2025-08-29-C0${n}`,
          DATE,
          n,
          afterOpen((n - 1) * 900),
          afterOpen(n * 900),
          null,
          afterOpen(n * 900),
        ),
      ),
    );
    const { body } = await call("GET", "/v1/cycles?date=2025-08-29&limit=1");
    expect(body.data).toMatchObject([{ cycle: 2, startAt: "2025-08-29T04:00:00.000Z", vix: null }]);
    expect((await call("GET", `/v1/cycles?date=2025-08-29&cursor=${body.next}`)).body).toMatchObject({
      data: [{ cycle: 1 }],
      next: null,
    });
  });
});
