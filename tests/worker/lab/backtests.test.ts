import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { LabObject } from "../../../durable-objects/lab/lab-object.ts";
import { readRunDays } from "../../../src/adapters/storage/backtest-history.ts";
import { keepBarDays } from "../../../src/adapters/storage/bar-days.ts";
import { recordRun } from "../../../src/adapters/storage/lab-runs.ts";
import { addDays, daysBetween, istInstant, type MarketDate } from "../../../src/core/kernel/time.ts";
import type { PackedBars } from "../../../src/core/market/packed-bars.ts";
import { libraryStrategy } from "../../../src/core/strategy/library/library.ts";
import { registeredModels } from "../../../src/jobs/predict.ts";
import type { TrainingRequest } from "../../../src/ports/lab.ts";
import { call, enlist, expectProblem, keyFor, raw } from "../routes/api-fixtures.ts";
import { finished, giveHistory, tradingDays, walk } from "./lab-fixtures.ts";

const lab = (runId: string) => env.LAB.getByName(runId) as unknown as DurableObjectStub<LabObject>;
const DAYS = tradingDays(8, "2025-07-01" as MarketDate);
const [FROM, TO] = [DAYS[0] as MarketDate, DAYS[7] as MarketDate];
const ASKED = { strategy: "rsi-crossover", underlyings: ["NIFTY50"], from: FROM, to: TO } as const;
const ON_INDEX = { ...ASKED, level: "INDEX" } as const;

let key = "";
beforeEach(async () => {
  await enlist("U001");
  key = await keyFor("U001", ["lab:read", "lab:write", "orders:read", "orders:write"]);
  await giveHistory(DAYS, 60_00);
});

const ask = (body: object, headers?: Record<string, string>) =>
  call("POST", "/v1/backtests", { key, body, ...(headers === undefined ? {} : { headers }) });

describe("a backtest on the platform", () => {
  it("gives the same result twice, evicted on its way or not, and goes on from what it was asked for", async () => {
    const own = { ...libraryStrategy("rsi-crossover"), name: "mine", version: 1 };
    const made = await call("POST", "/v1/strategies", { key, body: { definition: own } });
    const body = { ...ASKED, strategy: made.body.strategyId };
    const first = await ask(body, { "idempotency-key": "once" });
    expect(first).toMatchObject({ status: 202, body: { kind: "BACKTEST", accountId: "U001" } });
    expect((await ask(body, { "idempotency-key": "once" })).body.runId).toBe(first.body.runId);
    const done = await finished(first.body.runId);
    expect(done).toMatchObject({ state: "DONE", progressBps: 10_000, request: { definition: own } });
    const { result } = done;
    const edge = await ask({ ...ASKED, vix: 35 });
    expect(result).toMatchObject({
      firstDay: FROM,
      lastDay: TO,
      // RSI asks nobody.
      views: null,
      spoken: [],
      prices: { modelledDays: 8, recordedDays: 0 },
    });
    expect(result.metrics.trades).toBeGreaterThan(0);
    expect(result.curve).toHaveLength(8);

    const second = await ask({ ...ASKED, strategy: own });
    for (let times = 0; times < 3; times += 1) {
      // Between two turns it may not be in memory at all.
      await evictDurableObject(lab(second.body.runId)).catch(() => undefined);
      await scheduler.wait(60);
    }
    expect((await finished(second.body.runId)).result).toEqual(result);
    const stressed = (await finished(edge.body.runId)).result;
    expect(stressed.edgeVixCenti).toBe(3_500);
    expect(Object.keys(stressed.metrics.byVix)).toEqual(["VIX 30 and above"]);
    const listed = await call("GET", "/v1/lab/runs?kind=BACKTEST", { key });
    expect(listed.body.data.map(({ runId }: { runId: string }) => runId)).toEqual([
      second.body.runId,
      edge.body.runId,
      first.body.runId,
    ]);
  });

  it("prices no day with an India VIX that closed more than a week before, also within a run", async () => {
    const later = tradingDays(12, TO).slice(1);
    const body = { index: "NIFTY50", intervalMs: 180_000, source: "test", days: walk(later, 1, 25_000_00, 20_00) };
    expect(await call("POST", "/v1/operations/history", { body })).toMatchObject({ status: 200 });
    const known = async (dates: readonly MarketDate[]) =>
      (await readRunDays(env.DB, { underlyings: ["NIFTY50"], withHistory: false }, dates)).map((day) =>
        "leftOut" in day ? null : day.market.session.previousVixCenti,
      );
    const whole = await known([TO, ...later]);
    const standing = later.filter((date) => daysBetween(TO, date) <= 7).length;
    expect(whole.slice(0, standing + 1)).not.toContain(null);
    expect(new Set(whole.slice(standing + 1))).toEqual(new Set([null]));
    // A stretch knows what the whole run knows.
    expect(await known(later)).toEqual(whole.slice(1));
  });

  it("knows India VIX of a day that the platform kept once the cycle is over at whose beginning it was read", async () => {
    const [date] = tradingDays(1, addDays(TO, 1)) as [MarketDate];
    const [index] = walk([date], 1, 25_000_00, 20_00);
    const figures = [13_00, 14_00, 15_00];
    const bars = {
      minute: figures.map((_, at) => 555 + 15 * at),
      open: figures,
      high: figures,
      low: figures,
      close: figures,
    };
    const of = { date, source: "LIVE" } as const;
    await keepBarDays(
      env.DB,
      [
        { ...of, index: "NIFTY50", intervalMs: 180_000, bars: index?.bars as unknown as PackedBars },
        { ...of, index: "INDIAVIX", intervalMs: 900_000, bars },
      ],
      { atMs: 0 },
    );
    const [day] = await readRunDays(env.DB, { underlyings: ["NIFTY50"], withHistory: false }, [date]);
    if (day === undefined || "leftOut" in day) throw new Error("the day was left out");
    const source = day.market.sources.NIFTY50;
    const knownAt = (time: string) => {
      source.take(istInstant(date, time), () => []);
      return source.board.vixCenti;
    };
    // The first cycle's is not taken, as the opening print is wild; the second is over at 09:45, the third at 10:00.
    expect(["09:31", "09:45", "09:46", "10:01"].map(knownAt)).toEqual([null, 14_00, 14_00, 15_00]);
  });

  it("has on each date the views the platform would have had, and says whose they were", async () => {
    const days = tradingDays(4, "2025-08-28" as MarketDate);
    await giveHistory(days, 60_00);
    const [first, second, , last] = days as [MarketDate, MarketDate, MarketDate, MarketDate];
    const body = { ...ASKED, strategy: "signals", from: first, to: last };
    const [guided, rules] = [await ask(body), await ask({ ...body, predictor: "rules" })];
    const { result, request } = await finished(guided.body.runId);
    const { id } = (await registeredModels(env.DB)).find(({ state }) => state === "PROMOTED") ?? { id: "none" };
    // Frozen in full, as the deployment has it where nothing else is asked for.
    const terms = { switchesPerHour: 4, cooldownMinutes: 5, preventiveExits: true, atSwitch: "ALL" };
    expect(request).toMatchObject({ predictor: "guided", switching: terms });
    // The model has learned from the first of the days.
    expect(result.spoken).toEqual([
      { predictor: "rules-1", from: first, to: first, days: 1 },
      { predictor: `${id}+rules-1`, from: second, to: last, days: 3 },
    ]);
    expect(result.views).toBe(`rules-1, ${id}+rules-1`);
    expect((await finished(rules.body.runId)).result.spoken).toHaveLength(1);
    const page = await raw("GET", `/v1/lab/runs/${guided.body.runId}/report`, { key });
    expect(await page.text()).toContain(`What ${id} looks at`);
    const named = await ask({ ...body, predictor: id, switching: { cooldownMinutes: 5 } });
    expect((await finished(named.body.runId)).result.tradesSha256).toBe(result.tradesSha256);
  });

  it("sweeps sets of parameters with a warning, and puts runs side by side", async () => {
    const sweep = await ask({ ...ON_INDEX, sets: [{ upper: 60, lower: 40 }, { upper: 75 }] });
    const plain = await ask({ ...ON_INDEX, parameters: { upper: 60, lower: 40 } });
    const [swept, alone] = [await finished(sweep.body.runId), await finished(plain.body.runId)];
    expect(swept).toMatchObject({ kind: "SWEEP", state: "DONE", result: { sweep: { variants: 2 } } });
    expect(swept.result.sweep.warning).toContain("picked from 2");
    expect(swept.result.sweep.results[0]).toMatchObject({ resultPaise: alone.result.metrics.resultPaise });

    const runIds = [alone.runId, swept.runId];
    const compared = await call("POST", "/v1/lab/compare", { key, body: { runIds } });
    expect(compared.body.runs.map(({ runId }: { runId: string }) => runId)).toEqual(runIds);
    expect(runIds).toContain(compared.body.bestSharpe);
    const page = await raw("GET", `/v1/lab/runs/${alone.runId}/report`, { key });
    expect(page.headers.get("content-type")).toContain("text/html");
    expect(page.headers.get("content-security-policy")).toContain("sandbox");
    expect(await page.text()).toContain("does not carry over to options");
  });
});

describe("what the lab refuses of backtests", () => {
  it.each([
    [{ strategy: "nobody" }, "STRATEGY_NOT_FOUND", "nobody"],
    [{ strategy: { name: "half" } }, "STRATEGY_INVALID", "does not fit"],
    [{ parameters: { upper: 99, lower: 1 } }, "STRATEGY_PARAMETERS_INVALID", "parameters.upper, parameters.lower"],
    [{ from: "2021-01-01" }, "BACKTEST_RANGE", "at most 1096"],
    [{ from: TO, to: FROM }, "BACKTEST_RANGE", "lies after"],
    [{ from: "2016-01-01", to: "2016-12-31" }, "CHARGES_DATE_UNKNOWN", "2017-07-01"],
    [{ from: "2025-01-01", to: "2025-01-31" }, "HISTORY_LACKING", `8 days from ${FROM} to ${TO}`],
    [{ level: "INDEX", underlyings: ["NIFTY50", "SENSEX"] }, "BACKTEST_UNDERLYINGS", "one index"],
    [{ level: "INDEX", strategy: "signals" }, "STRATEGY_NOT_FOUND", "opening-range"],
    [{ capital: "1500000.01" }, "BODY_INVALID", "capital"],
    [{ predictor: "oracle" }, "MODEL_UNKNOWN", "no model is called oracle"],
    [{ level: "INDEX", predictor: "rules" }, "BODY_INVALID", "has no views"],
    [{ level: "INDEX", vix: 35 }, "BODY_INVALID", "knows no India VIX"],
    [{ switching: { cooldownMinutes: 0 } }, "BODY_INVALID", "only views turn"],
    [{ strategy: "signals", switching: { cooldownMinutes: -1 } }, "BODY_INVALID", "cooldownMinutes"],
  ] as const)("%j with %s", async (asked, code, said) => {
    const refused = await ask({ ...ASKED, ...asked });
    expectProblem(refused, code);
    expect(refused.body.detail).toContain(said);
  });

  it("shows nothing of an account's runs to another, and lets the operator play for a named one", async () => {
    const made = await call("POST", "/v1/accounts/U001/backtests", { body: ON_INDEX });
    expect(made).toMatchObject({ status: 202, body: { accountId: "U001", startedBy: "operator" } });
    const { runId } = await finished(made.body.runId);
    await enlist("U002");
    const other = await keyFor("U002", ["lab:read"]);
    for (const path of [`/v1/lab/runs/${runId}`, `/v1/lab/runs/${runId}/report`]) {
      expect((await call("GET", path, { key })).status).toBe(200);
      expectProblem(await call("GET", path, { key: other }), "LAB_RUN_NOT_FOUND");
    }
    const body = { runIds: [runId, "0"] };
    expectProblem(await call("POST", "/v1/lab/compare", { key: other, body }), "LAB_RUN_NOT_FOUND");
    expectProblem(await call("POST", "/v1/backtests", { key: other, body: ON_INDEX }), "SCOPE_MISSING");
    expectProblem(await call("POST", "/v1/accounts/U002/backtests", { key, body: ON_INDEX }), "ACCOUNT_NOT_FOUND");
  });

  it("begins no fifth run at a time, and cancels even one whose object never heard of it", async () => {
    const request: TrainingRequest = { kind: "TRAINING", to: null, windowDays: 30, seed: 1 };
    for (const runId of ["a", "b", "c", "d"]) {
      const run = { runId, accountId: "U001", startedBy: "test", request };
      expect(await recordRun(env.DB, run, 0)).toEqual(run);
    }
    const refused = await ask(ON_INDEX);
    expectProblem(refused, "LAB_RUN_LIMIT");
    expect(refused.body.errors).toMatchObject([{ limit: 4, value: 4, unit: "runs" }]);
    expectProblem(await call("GET", "/v1/lab/runs/a/report", { key }), "LAB_RUN_NOT_DONE");
    expect((await call("POST", "/v1/lab/runs/a/cancel", { key })).body.state).toBe("CANCELED");
    const run = await ask(ASKED);
    expect(run.status).toBe(202);
    const canceled = await call("POST", `/v1/lab/runs/${run.body.runId}/cancel`, { key });
    expect(canceled.body).toMatchObject({ state: "CANCELED", note: expect.stringContaining("canceled by") });
    expect((await finished(run.body.runId)).result).toBeNull();
  });

  it("keeps the seeds' formulas apart from results", async () => {
    const realistic = await call("GET", "/v1/yardsticks/realistic?tradesPerDay=27&days=1", { key });
    expect(realistic.body).toMatchObject({ kind: "YARDSTICK", amount: "4860.00" });
    const edge = await call("GET", "/v1/yardsticks/edge?capital=150000&vix=18", { key });
    expect(edge.body).toMatchObject({ kind: "YARDSTICK", amount: "108750.00" });
    const terms = "capital=10000&leverage=3&winRatePercent=60&gainPercent=5";
    const leverage = await call("GET", `/v1/yardsticks/leverage?${terms}`, { key });
    expect(leverage.body).toMatchObject({ kind: "YARDSTICK", amount: "540.00" });
  });
});
