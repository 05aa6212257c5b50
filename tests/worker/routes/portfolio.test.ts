// The portfolio through the API: lots, attribution, performance and history of what was really dealt.
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { buy, must, sell } from "../account/account-fixtures.ts";
import { afterOpen, CALL } from "../market-feed/feed-fixtures.ts";
import { call, enlist, expectProblem, tradingAccount } from "./api-fixtures.ts";

/** Bought two lots, sold one: one is closed, one is open. */
async function dealt(accountId: string) {
  const made = await tradingAccount(accountId);
  must(await made.account.submitOrder(buy("in", { quantityUnits: 2 * CALL.lotSize })));
  await made.feed.playUntil(afterOpen(180));
  must(await made.account.submitOrder(sell("out", { quantityUnits: CALL.lotSize })));
  await made.feed.playUntil(afterOpen(240));
  await made.account.flushOutbox();
  await vi.waitFor(
    async () => {
      const row = await env.DB.prepare("SELECT sum(units) AS units FROM trades WHERE account_id = ?")
        .bind(accountId)
        .first<{ units: number }>();
      expect(row?.units).toBe(3 * CALL.lotSize);
    },
    { timeout: 10_000, interval: 50 },
  );
  return made;
}

const paiseOf = (text: string): number => Math.round(Number(text) * 100);

describe("GET /v1/portfolio", () => {
  it("shows what is held with its lots, and what was realised lot by lot", async () => {
    const { key } = await dealt("P001");
    const { status, body } = await call("GET", "/v1/portfolio", { key });
    expect(status).toBe(200);
    expect(body.lotsComplete).toBe(true);
    const [holding] = body.positions;
    expect(holding).toMatchObject({ instrumentId: CALL.instrumentId, netUnits: CALL.lotSize });
    expect(holding.lots.map(({ units }: { units: number }) => units)).toEqual([CALL.lotSize]);
    expect(holding.lots[0].cost).toBe(holding.cost);
    expect(body.closedLots).toMatchObject([{ direction: "LONG", units: CALL.lotSize, strategy: "API" }]);
    expect(body.realisedByLots).toBe(body.realised);
    expect(body.closedLots[0].realised).toBe(body.realised);
    expect(paiseOf(body.net)).toBe(paiseOf(body.realised) + paiseOf(body.unrealised) - paiseOf(body.charges));
    expect(paiseOf(holding.marketValue)).toBe(paiseOf(holding.exitPrice) * CALL.lotSize);
    expect(body.unpriced).toEqual([]);
  });

  it("says so while the executions have not caught up", async () => {
    const { key } = await dealt("P002");
    await env.DB.exec("DELETE FROM trades");
    const { body } = await call("GET", "/v1/portfolio", { key });
    expect(body).toMatchObject({ lotsComplete: false, closedLots: [] });
    expect(body.positions).toHaveLength(1);
  });

  it("is empty for an account that has dealt nothing, and not there for one never opened", async () => {
    const { key } = await tradingAccount("P003");
    expect((await call("GET", "/v1/portfolio", { key })).body).toMatchObject({
      positions: [],
      closedLots: [],
      realised: "0.00",
      net: "0.00",
      lotsComplete: true,
    });
    await enlist("P004");
    for (const path of ["", "/attribution", "/performance", "/history"]) {
      expectProblem(await call("GET", `/v1/accounts/P004/portfolio${path}`), "ACCOUNT_NOT_FOUND");
    }
  });
});

describe("GET /v1/portfolio/attribution", () => {
  it("adds up to the total in every dimension and names the leg", async () => {
    const { key } = await dealt("P005");
    const { body } = await call("GET", "/v1/portfolio/attribution", { key });
    expect(body.leg).toMatchObject([{ name: "LONG CALL", lots: 1 }]);
    for (const dimension of ["strategy", "underlying", "leg", "exitReason"]) {
      const net = body[dimension].reduce((sum: number, part: { net: string }) => sum + paiseOf(part.net), 0);
      expect(net).toBe(paiseOf(body.total.net));
    }
    const { greeks } = body;
    expect(greeks).toMatchObject({ lots: 2, unexplained: 0 });
    const explained = greeks.delta + greeks.gamma + greeks.theta + greeks.vega + greeks.residual;
    expect(explained).toBeCloseTo(greeks.actual, 1);
  });

  it("explains the lots of earlier days by the bars that were kept of them, whatever session is at hand", async () => {
    const { key } = await dealt("P010");
    const today = (await call("GET", "/v1/portfolio/attribution", { key })).body;
    const earlier = "2025-08-11";
    const moveMs = (Date.parse(today.to) - Date.parse(earlier)) as number;
    const path = await env.DB.prepare("SELECT at_ms AS atMs FROM trades WHERE account_id = 'P010'").all<{
      atMs: number;
    }>();
    expect(path.results).not.toEqual([]);
    await env.DB.prepare("UPDATE trades SET date = ?1, at_ms = at_ms - ?2 WHERE account_id = 'P010'")
      .bind(earlier, moveMs)
      .run();
    const range = `?from=${earlier}&to=${earlier}`;
    const without = (await call("GET", `/v1/portfolio/attribution${range}`, { key })).body;
    expect(without.total).toEqual(today.total);
    expect(without.greeks).toMatchObject({ lots: 0, unexplained: 1 });
    const spot = 24_500_00;
    const bars = { minute: [555, 558], open: [spot, spot], high: [spot, spot], low: [spot, spot], close: [spot, spot] };
    await env.DB.prepare(
      "INSERT INTO bar_days (index_name, interval_ms, date, source, count, bars, stored_at_ms) VALUES ('NIFTY50', 180000, ?1, 'REPLAY', 2, ?2, 0)",
    )
      .bind(earlier, JSON.stringify(bars))
      .run();
    const { greeks } = (await call("GET", `/v1/portfolio/attribution${range}`, { key })).body;
    // The index stood still: nothing of the result is its doing.
    expect(greeks).toMatchObject({ lots: 1, unexplained: 0, delta: 0, gamma: 0 });
    expect(greeks.theta + greeks.vega + greeks.residual).toBeCloseTo(greeks.actual, 1);
    expect(greeks.actual).toBeCloseTo(Number(today.total.realised), 2);
  });

  it("has nothing of days outside the range", async () => {
    const { key } = await dealt("P006");
    const { body } = await call("GET", "/v1/portfolio/attribution?from=2020-01-01&to=2020-01-31", { key });
    expect(body).toMatchObject({ from: "2020-01-01", to: "2020-01-31", total: { lots: 0, net: "0.00" }, leg: [] });
    expect(body.greeks).toMatchObject({ lots: 0, unexplained: 0, actual: 0 });
    expectProblem(await call("GET", "/v1/portfolio/attribution?from=yesterday", { key }), "REQUEST_INVALID");
  });
});

describe("GET /v1/portfolio/performance and /history", () => {
  it("shows every position from open to flat, open ones too", async () => {
    const { key } = await dealt("P007");
    const { body } = await call("GET", "/v1/portfolio/history", { key });
    expect(body.complete).toBe(true);
    expect(body.data).toMatchObject([
      {
        direction: "LONG",
        unitsMax: 2 * CALL.lotSize,
        unitsOpen: CALL.lotSize,
        realised: null,
        closedAt: null,
        executions: 2,
      },
    ]);
  });

  it("measures closed positions and settled days, and promises nothing of an account without any", async () => {
    const { key } = await tradingAccount("P008");
    const { body } = await call("GET", "/v1/portfolio/performance", { key });
    expect(body.trades).toMatchObject({ total: 0, winRatePercent: "0.00", profitFactor: null });
    expect(body.days).toMatchObject({ total: 0, sharpe: 0, drawdownPercent: 0 });
    const day = (date: string, grossProfit: string, fee: string, capital: string) =>
      env.DB.prepare(
        "INSERT INTO reports (account_id, date, sequence, report, at_ms) VALUES ('P008', ?1, 1, ?2, 0)",
      ).bind(date, JSON.stringify({ settlement: { grossProfit, fee, gstOnFee: "0.00" }, capital: { today: capital } }));
    await env.DB.batch([
      day("2025-08-27", "1100.00", "100.00", "10000.00"),
      day("2025-08-28", "-550.00", "0.00", "10000.00"),
    ]);
    const measured = (await call("GET", "/v1/portfolio/performance", { key })).body;
    expect(measured.days).toMatchObject({
      total: 2,
      result: "450.00",
      drawdownPercent: 5,
      drawdown: "550.00",
      drawdownDays: 1,
    });
    expect(measured.curve).toMatchObject([{ equity: "11000.00" }, { equity: "10450.00" }]);
    expect(measured.periods.week).toMatchObject([
      { period: "2025-W35", days: 2, result: "450.00", returnPercent: 4.5 },
    ]);
  });

  it("says so when there are more settled days than are measured at once", async () => {
    const { key } = await tradingAccount("P009");
    const settlement = { grossProfit: "1.00", fee: "0.00", gstOnFee: "0.00" };
    const report = JSON.stringify({ settlement, capital: { today: "10000.00" } });
    const days = (from: number, to: number) =>
      env.DB.prepare(
        `WITH RECURSIVE n(n) AS (SELECT ?1 UNION ALL SELECT n + 1 FROM n WHERE n < ?2)
         INSERT INTO reports (account_id, date, sequence, report, at_ms)
         SELECT 'P009', date('2020-01-01', n || ' days'), n, ?3, 0 FROM n`,
      )
        .bind(from, to, report)
        .run();
    const measured = async () =>
      (await call("GET", "/v1/portfolio/performance?from=2020-01-01&to=2025-08-29", { key })).body;
    await days(1, 1_000);
    expect(await measured()).toMatchObject({ complete: true, days: { total: 1_000 } });
    await days(1_001, 1_001);
    expect(await measured()).toMatchObject({ complete: false, days: { total: 1_000 } });
  });
});
