import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { LabObject } from "../../../durable-objects/lab/lab-object.ts";
import { LabStore } from "../../../durable-objects/lab/lab-store.ts";
import { fromSaved, toSaved } from "../../../durable-objects/lab/saved-training.ts";
import { openTraining } from "../../../durable-objects/lab/training-task.ts";
import { keepBarDays } from "../../../src/adapters/storage/bar-days.ts";
import { recordRun } from "../../../src/adapters/storage/lab-runs.ts";
import { cycleReadings, modelViews } from "../../../src/adapters/storage/lab-schema.ts";
import { readHistorySources } from "../../../src/adapters/storage/lab-sources.ts";
import { changeModels, keepModel, modelRecords } from "../../../src/adapters/storage/models.ts";
import { registeredModels as registerShipped } from "../../../src/adapters/storage/registered-models.ts";
import { insertOnce } from "../../../src/adapters/storage/write-rows.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { SeededRandom } from "../../../src/core/kernel/seeded-random.ts";
import { addDays, epochMs, istInstant, type MarketDate } from "../../../src/core/kernel/time.ts";
import type { LabTask } from "../../../src/core/lab/lab-task.ts";
import { dayRanges } from "../../../src/core/market/bar-series.ts";
import type { ModelRecord } from "../../../src/core/prediction/registry.ts";
import { MODEL_CODE_SHA256 } from "../../../src/core/prediction/training/model-code.ts";
import { cycleIdOf } from "../../../src/core/session/job.ts";
import { runIdFor } from "../../../src/edge/run-id.ts";
import { openModel, registeredModels, speakersOf } from "../../../src/jobs/predict.ts";
import { promoteByRule } from "../../../src/jobs/promote-models.ts";
import { trainWhenDue } from "../../../src/jobs/weekly-training.ts";
import type { TrainingRequest } from "../../../src/ports/lab.ts";
import { lstmKernel, shippedModel } from "../../../src/wiring-models.ts";
import { call, enlist, expectProblem, keyFor } from "../routes/api-fixtures.ts";
import { finished, giveHistory, tradingDays, walk } from "./lab-fixtures.ts";

const lab = (runId: string) => env.LAB.getByName(runId) as unknown as DurableObjectStub<LabObject>;

const DAYS = tradingDays(16, "2025-07-01" as MarketDate);

const shipped = shippedModel().manifest.id;
const NOW = epochMs(Date.parse("2025-10-01T10:00:00Z"));
const states = async (): Promise<Record<string, string>> =>
  Object.fromEntries((await registeredModels(env.DB)).map(({ id, state }) => [id, state]));

const train = (body: object, headers?: Record<string, string>) =>
  call("POST", "/v1/operations/trainings", { body, ...(headers === undefined ? {} : { headers }) });

describe("a training on the platform", () => {
  beforeEach(() => giveHistory(DAYS));

  it("makes the same model of the same history, evicted in the middle or not, and puts it on probation", async () => {
    const first = await train({ windowDays: 16 }, { "idempotency-key": "weekly-1" });
    expect(first).toMatchObject({ status: 202, body: { kind: "TRAINING", accountId: null } });
    const again = await train({ windowDays: 16 }, { "idempotency-key": "weekly-1" });
    expect(again.body.runId).toBe(first.body.runId);
    expectProblem(await train({ windowDays: 15 }, { "idempotency-key": "weekly-1" }), "LAB_RUN_REUSED");
    const done = await finished(first.body.runId);
    expect(done).toMatchObject({ state: "DONE", progressBps: 10_000, result: { from: DAYS[0], to: DAYS[15] } });

    const second = await train({ windowDays: 16 });
    await evictDurableObject(lab(second.body.runId));
    const evicted = await finished(second.body.runId);
    expect(evicted.result.bytesSha256).toBe(done.result.bytesSha256);

    const records = await modelRecords(env.DB);
    expect(records.map(({ id, state }) => [id, state])).toEqual([[done.result.modelId, "SHADOW"]]);
    const { body } = await call("GET", `/v1/models/${done.result.modelId}`);
    expect(body.changes.map((change: { to: string }) => change.to)).toEqual(["TRAINED", "SHADOW"]);
    expect(body.evidence).toBeNull();
  });

  it("by itself on a day without a session learns as one by hand that names no terms: from the latest 30 days, with the seed of the shipped model", async () => {
    const saturday = epochMs(Date.parse("2025-10-04T02:30:00Z"));
    await trainWhenDue(env, epochMs(saturday - 1));
    expect(await env.LAB.getByName("weekly-2025-10-04").view()).toBeNull();
    await trainWhenDue(env, saturday);
    const request = { kind: "TRAINING", to: null, windowDays: 30, seed: 1 };
    expect(await finished("weekly-2025-10-04")).toMatchObject({ request, startedBy: "schedule" });
    expect(await finished((await train({})).body.runId)).toMatchObject({ request });
  });

  it("goes on from what the same code has saved, and begins anew where other code has, or an older deployment that said of none", async () => {
    const request = { kind: "TRAINING", to: null, windowDays: 16, seed: 1 } as const;
    const open = (saved: Uint8Array | null) =>
      openTraining(
        { db: env.DB, kernel: lstmKernel() },
        { runId: "r", accountId: null, startedBy: "t", request },
        saved,
      );
    const next = async (task: LabTask) => JSON.stringify(await task.step());
    const begun = await open(null);
    const first = await next(begun);
    const saved = begun.save() as Uint8Array;
    const run = fromSaved(saved) as Uint8Array;
    const second = await next(begun);
    expect(second).not.toBe(first);
    expect(await next(await open(saved))).toBe(second);
    expect(await next(await open(run))).toBe(first);
    expect(await next(await open(toSaved(run, "0".repeat(64))))).toBe(first);
  });

  it("learns from all that the platform has read: chain and community of each cycle, and India VIX of days that it kept itself", async () => {
    const random = new SeededRandom(5);
    const [given, kept] = [DAYS.slice(0, 8), DAYS.slice(8)];
    await env.DB.prepare("DELETE FROM bar_days WHERE index_name = 'INDIAVIX' AND date >= ?1")
      .bind(kept[0] as string)
      .run();
    const minute = Array.from({ length: 25 }, (_, at) => 555 + 15 * at);
    const prices = minute.map((_, at) => 1_300 + at);
    const bars = { minute, open: prices, high: prices, low: prices, close: prices };
    const own = kept.map((date) => ({ index: "INDIAVIX", intervalMs: 900_000, source: "LIVE", date, bars }) as const);
    await keepBarDays(env.DB, own, { atMs: 0 });
    const units = () => 1_000 + random.below(100_000);
    const readings = DAYS.flatMap((date) =>
      minute.slice(0, 24).map((at, cycle) => {
        const atMs = istInstant(date, "00:00") + (at + 1) * 60_000;
        const open = { callOpenInterestUnits: units(), putOpenInterestUnits: units() };
        const chain = JSON.stringify({ atMs, callVolumeUnits: units(), putVolumeUnits: units(), ...open });
        return { date, cycle: cycle + 1, underlying: "NIFTY50", vixCenti: null, chain, community: random.next(), atMs };
      }),
    );
    await env.DB.batch(insertOnce(env.DB, cycleReadings, readings));
    const { vixBars } = await readHistorySources(env.DB, DAYS[0] as MarketDate, DAYS[15] as MarketDate);
    const vixDates = new Set(dayRanges(required(vixBars, "India VIX")).map(({ date }) => date));
    expect([...vixDates]).toEqual([...given, ...kept]);
    const { result } = await finished((await train({ windowDays: 16 })).body.runId);
    const told = result.figures.importances.filter(({ share }: { share: number }) => share > 0);
    const names = told.map(({ feature }: { feature: string }) => feature);
    expect(names).toEqual(
      expect.arrayContaining(["volume", "openInterest", "putCallOpenInterest", "community", "vixChange"]),
    );
  });

  it("is not promoted without evidence, and says what is lacking", async () => {
    const { modelId } = (await finished((await train({ windowDays: 16 })).body.runId)).result;
    const body = { reason: "it looks nice" };
    const refused = await call("POST", `/v1/operations/models/${modelId}/promote`, { body });
    expectProblem(refused, "MODEL_EVIDENCE_LACKING");
    expect(refused.body.detail).toContain("DAYS is 0, needs 20");
    expect(await states()).toEqual({ [shipped]: "PROMOTED", [modelId]: "SHADOW" });
    // A model trained here comes with nothing; the shipped one with what it had shown, and the checks it passed.
    const trained = (await call("GET", `/v1/models/${modelId}`)).body;
    expect(trained).toMatchObject({ cameWith: null, codeSha256: MODEL_CODE_SHA256 });
    const { cameWith } = (await call("GET", `/v1/models/${shipped}`)).body;
    expect(cameWith).toMatchObject(JSON.parse(JSON.stringify(shippedModel().manifest.evidence)));
    expect(cameWith.checks.map(({ passed }: { passed: boolean }) => passed)).toEqual([true, true, true, true]);
    expectProblem(await call("POST", "/v1/operations/models/nobody/retire", { body }), "MODEL_UNKNOWN");
    await call("POST", `/v1/operations/models/${modelId}/retire`, { body });
    await call("POST", `/v1/operations/models/${shipped}/retire`, { body });
    expect(await states()).toEqual({ [shipped]: "RETIRED", [modelId]: "RETIRED" });
    expectProblem(await call("POST", "/v1/operations/models/any/roll-back", { body }), "MODEL_NO_PREDECESSOR");
  });

  it("is promoted by the rule once its scored views are evidence enough, and taken back in one call", async () => {
    const { modelId } = (await finished((await train({ windowDays: 16 })).body.runId)).result;
    const said = (class_: number) => JSON.stringify([0.1, 0.1, 0.1].map((share, at) => (at === class_ ? 0.8 : share)));
    const rows = tradingDays(40, "2025-08-01" as MarketDate).flatMap((date) =>
      Array.from({ length: 20 }, (_, at) => ({
        modelId,
        cycleId: cycleIdOf(date, at + 1),
        underlying: "NIFTY50",
        // Views of rules that it let speak, ever wrong: they are no evidence about what the model states.
        direction: "BULLISH",
        confidenceBps: 7_600,
        own: 0,
        shares: said(at % 3),
        // Four in five come as stated.
        outcome: at % 5 === 0 ? (at + 1) % 3 : at % 3,
        paid: 0,
        netPaise: null,
        atMs: 0,
      })),
    );
    await env.DB.batch(insertOnce(env.DB, modelViews, rows.slice(0, 19 * 20)));
    await promoteByRule(env, NOW);
    expect(await states()).toEqual({ [shipped]: "PROMOTED", [modelId]: "SHADOW" });
    await env.DB.batch(insertOnce(env.DB, modelViews, rows.slice(0, 39 * 20)));
    // Enough days, but not at a look of the rule.
    await promoteByRule(env, NOW);
    expect(await states()).toEqual({ [shipped]: "PROMOTED", [modelId]: "SHADOW" });
    await env.DB.batch(insertOnce(env.DB, modelViews, rows));
    // Whoever speaks now has earned more over the same cycles: being right is not enough.
    await env.DB.batch(
      insertOnce(
        env.DB,
        modelViews,
        rows.map((row) => ({ ...row, modelId: shipped, netPaise: 1 })),
      ),
    );
    await promoteByRule(env, NOW);
    expect(await states()).toEqual({ [shipped]: "PROMOTED", [modelId]: "SHADOW" });
    // Nor is it for an operator, who is told so.
    const asked = await call("POST", `/v1/operations/models/${modelId}/promote`, { body: { reason: "it is true" } });
    expectProblem(asked, "MODEL_EVIDENCE_LACKING");
    expect(asked.body.detail).toBe("NET_PAISE_BESIDE_LIVE is 0, needs 800");
    const { checks } = (await call("GET", `/v1/models/${modelId}`)).body.evidence;
    expect(checks.slice(-2)).toMatchObject([
      { rule: "NET_PAISE_BESIDE_LIVE", passed: false, value: 0, limit: 800 },
      { rule: "LOSS_BESIDE_LIVE", passed: true },
    ]);
    await env.DB.prepare("DELETE FROM model_views WHERE model_id = ?1").bind(shipped).run();
    await promoteByRule(env, NOW);
    expect(await states()).toEqual({ [shipped]: "RETIRED", [modelId]: "PROMOTED" });
    const { body } = await call("GET", `/v1/models/${modelId}`);
    expect(body.evidence).toMatchObject({ days: 40, rows: 800, drift: "STEADY", above70: { n: 0 } });
    // It stated 80 % every time, and four in five came.
    expect(body.evidence.reliability).toMatchObject([{ rows: 800, observed: 0.8 }]);
    expect(body.evidence.reliability[0].stated).toBeCloseTo(0.8, 9);
    expect(body.changes.at(-1)).toMatchObject({ from: "SHADOW", to: "PROMOTED", by: "rule" });
    const back = await call("POST", `/v1/operations/models/${modelId}/roll-back`, { body: { reason: "a drill" } });
    expect(back.status).toBe(200);
    expect(await states()).toEqual({ [shipped]: "PROMOTED", [modelId]: "RETIRED" });
  });

  it("says nothing on probation, and stops nobody, where its bytes are not those that were trained", async () => {
    const { modelId } = (await finished((await train({ windowDays: 16 })).body.runId)).result;
    await env.DB.prepare("UPDATE models SET bytes_sha256 = ?2 WHERE model_id = ?1").bind(modelId, "0".repeat(64)).run();
    const record = (await modelRecords(env.DB)).find(({ id }) => id === modelId);
    await expect(openModel(env, record as ModelRecord)).rejects.toThrow("damaged");
    expect(await speakersOf(env, addDays(DAYS[15] as MarketDate, 1))).toEqual({ live: null, shadows: [] });
    await promoteByRule(env, NOW);
    expect((await states())[modelId]).toBe("SHADOW");
  });

  it("lets one of two callers make a model the live one where there was none", async () => {
    const twin = (id: string, state: ModelRecord["state"]): ModelRecord => ({
      id,
      state,
      fromDate: DAYS[0] as MarketDate,
      toDate: DAYS[15] as MarketDate,
      bytesSha256: id,
      dataSha256: "",
      codeSha256: "",
      trainedAtMs: epochMs(1),
      promotedAtMs: null,
    });
    const before = [twin("one", "SHADOW"), twin("two", "SHADOW")];
    const kept = { bytes: new Uint8Array(1), options: {}, figures: {}, runId: null, by: "test", reason: "test" };
    for (const record of before) await keepModel(env.DB, { record, ...kept });
    const change = { by: "test", reason: "a race", atMs: 2 };
    const promoted = (id: string) => before.map((each) => (each.id === id ? twin(id, "PROMOTED") : each));
    expect(await changeModels(env.DB, before, promoted("one"), change)).toBe(true);
    expect(await changeModels(env.DB, before, promoted("two"), change)).toBe(false);
    expect((await modelRecords(env.DB)).map(({ id, state }) => `${id} ${state}`).sort()).toEqual([
      "one PROMOTED",
      "two SHADOW",
    ]);
  });

  it("can be canceled, and stays canceled", async () => {
    // So much to learn from that it is not done before the cancel gets in.
    await giveHistory(tradingDays(80, "2025-03-03" as MarketDate));
    const { runId } = (await train({ windowDays: 90 })).body;
    const canceled = await call("POST", `/v1/lab/runs/${runId}/cancel`);
    expect(canceled.body.state).toBe("CANCELED");
    expect((await finished(runId)).state).toBe("CANCELED");
    expect(await modelRecords(env.DB)).toEqual([]);
  });

  it("that comes with the code without evidence that passes begins in shadow, though nobody speaks", async () => {
    const { manifest, bytes } = shippedModel();
    const evidence = { ...manifest.evidence, days: 0 };
    const unproven = { manifest: { ...manifest, id: "unproven", evidence }, bytes };
    const [record] = await registerShipped(env.DB, unproven);
    expect(record).toMatchObject({ id: "unproven", state: "SHADOW", promotedAtMs: null });
  });

  it("leaves every date the shipped model may know to the rules, and later ones to the model", async () => {
    const { toDate } = shippedModel().manifest;
    expect((await speakersOf(env, toDate)).live).toBeNull();
    expect((await speakersOf(env, addDays(toDate, 1))).live?.record.id).toBe(shipped);
  });
});

describe("what the lab refuses", () => {
  it("begins what was written down under a key first, never what the key was used for later", async () => {
    const runId = await runIdFor("operator", "lost");
    const request: TrainingRequest = { kind: "TRAINING", to: null, windowDays: 16, seed: 1 };
    // As after an asking whose object was not reached.
    await recordRun(env.DB, { runId, accountId: null, startedBy: "operator", request }, 0);
    const later = { windowDays: 20, seed: 2 };
    expectProblem(await train(later, { "idempotency-key": "lost" }), "LAB_RUN_REUSED");
    const begun = await runInDurableObject(lab(runId), (_, ctx) => new LabStore(ctx.storage).current?.run);
    expect(begun).toEqual({ runId, accountId: null, startedBy: "operator", request });
    await finished(runId);
  });

  it("fails a training without history with a reason a person can act on", async () => {
    const run = await finished((await train({})).body.runId);
    expect(run).toMatchObject({ state: "FAILED", note: "there is no history to learn from" });
  });

  it("stores nothing of a history with a bar that cannot be", async () => {
    const [day] = walk(DAYS.slice(0, 1), 1, 25_000_00, 20_00);
    const bars = { ...day?.bars, high: day?.bars["high"]?.map((high, at) => (at === 7 ? 1 : high)) };
    const body = { index: "NIFTY50", intervalMs: 180_000, source: "test", days: [{ date: DAYS[0], bars }] };
    const refused = await call("POST", "/v1/operations/history", { body });
    expectProblem(refused, "BARS_MALFORMED");
    expect(refused.body.errors[0].field).toBe("days[0].bars[7]");
    expect((await call("GET", "/v1/history")).body.data).toEqual([]);
  });

  it("shows a key of the platform the platform's runs and nobody's own, which only the operator sees all of", async () => {
    await enlist("U001");
    const made = await call("POST", "/v1/api-keys", { body: { name: "platform", scopes: ["lab:read", "lab:write"] } });
    const { key } = made.body;
    const request: TrainingRequest = { kind: "TRAINING", to: null, windowDays: 16, seed: 1 };
    await recordRun(env.DB, { runId: "own", accountId: "U001", startedBy: "test", request }, 0);
    await recordRun(env.DB, { runId: "platform", accountId: null, startedBy: "test", request }, 1);
    const ids = (page: { readonly body: { readonly data: readonly { readonly runId: string }[] } }) =>
      page.body.data.map(({ runId }) => runId);
    expect(ids(await call("GET", "/v1/lab/runs", { key }))).toEqual(["platform"]);
    expect(ids(await call("GET", "/v1/lab/runs"))).toEqual(["platform", "own"]);
    expect((await call("GET", "/v1/lab/runs/platform", { key })).status).toBe(200);
    expectProblem(await call("GET", "/v1/lab/runs/own", { key }), "LAB_RUN_NOT_FOUND");
    expectProblem(await call("POST", "/v1/lab/runs/own/cancel", { key }), "LAB_RUN_NOT_FOUND");
    expect((await call("POST", "/v1/lab/runs/own/cancel")).body.state).toBe("CANCELED");
  });

  it("shows an account nothing of the platform's runs, and lets it train nothing", async () => {
    await enlist("U001");
    const key = await keyFor("U001", ["lab:read", "lab:write"]);
    const { runId } = (await train({})).body;
    expectProblem(await call("GET", `/v1/lab/runs/${runId}`, { key }), "LAB_RUN_NOT_FOUND");
    expectProblem(await call("POST", `/v1/lab/runs/${runId}/cancel`, { key }), "LAB_RUN_NOT_FOUND");
    expect((await call("GET", "/v1/lab/runs", { key })).body.data).toEqual([]);
    expectProblem(await call("POST", "/v1/operations/trainings", { key, body: {} }), "SCOPE_MISSING");
    expectProblem(await call("POST", "/v1/operations/trainings", { body: { windowDays: 5 } }), "BODY_INVALID");
    await finished(runId);
  });
});
