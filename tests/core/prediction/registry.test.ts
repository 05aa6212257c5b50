import { describe, expect, it } from "vitest";
import { epochMs, marketDate } from "../../../src/core/kernel/time.ts";
import { driftOf, type ModelEvidence, promotionChecks } from "../../../src/core/prediction/promotion.ts";
import {
  answeringOn,
  chosenModels,
  GUIDED,
  type ModelRecord,
  modelForDate,
  promote,
  promotedOf,
  RULES,
  retire,
  rollBack,
  toShadow,
} from "../../../src/core/prediction/registry.ts";

const record = (id: string, toDate: string, more: Partial<ModelRecord> = {}): ModelRecord => ({
  id,
  state: "TRAINED",
  fromDate: marketDate("2024-01-01"),
  toDate: marketDate(toDate),
  bytesSha256: "",
  dataSha256: "",
  codeSha256: "",
  trainedAtMs: epochMs(1),
  promotedAtMs: null,
  ...more,
});

const good = {
  days: 60,
  rows: 4_000,
  gain: 0.01,
  gainInterval: { low: 0.002, high: 0.02 },
  ece: 0.02,
  above70: { n: 200, hitRate: 0.71, stated: 0.74, days: 50 },
  beside: [],
} as const;
const failedBy = (evidence: ModelEvidence): string[] =>
  promotionChecks(evidence).flatMap(({ rule, passed }) => (passed ? [] : [rule]));

const value = <T>(result: { ok: true; value: T } | { ok: false; error: { code: string } }): T => {
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
};
const code = (result: { ok: boolean; error?: { code: string } }): string => result.error?.code ?? "";

describe("the promotion of a model", () => {
  it("takes evidence out of sample: better than the base rates beyond chance, calibrated, and no more sure than right", () => {
    expect(failedBy(good)).toEqual([]);
    expect(failedBy({ ...good, days: 19 })).toEqual(["DAYS"]);
    expect(failedBy({ ...good, gainInterval: { low: 0, high: 0.02 } })).toEqual(["GAIN_OVER_BASE_RATES"]);
    expect(failedBy({ ...good, ece: 0.051 })).toEqual(["CALIBRATION_ERROR"]);
    expect(failedBy({ ...good, above70: { n: 200, hitRate: 0.55, stated: 0.74, days: 50 } })).toEqual(["ABOVE_70"]);
    const beside = [{ rule: "LOSS_BESIDE_LIVE", passed: false, value: 1.1, limit: 1.0 }] as const;
    expect(failedBy({ ...good, beside })).toEqual(["LOSS_BESIDE_LIVE"]);
    // Too few spoken views say nothing against it.
    expect(failedBy({ ...good, above70: { n: 29, hitRate: 0.5, stated: 0.74, days: 20 } })).toEqual([]);
  });

  it("leads only through shadow, retires the model before it, and goes back in one step", () => {
    const begun = [record("m1", "2025-01-31"), record("m2", "2025-02-28")];
    expect(code(promote(begun, "m1", good, epochMs(10)))).toBe("MODEL_STATE_FORBIDS");
    const one = value(promote(value(toShadow(begun, "m1")), "m1", good, epochMs(10)));
    expect(code(promote(value(toShadow(one, "m2")), "m2", { ...good, ece: 1 }, epochMs(20)))).toBe(
      "MODEL_EVIDENCE_LACKING",
    );
    const two = value(promote(value(toShadow(one, "m2")), "m2", good, epochMs(20)));
    expect(two.map(({ state }) => state)).toEqual(["RETIRED", "PROMOTED"]);
    const back = value(rollBack(two, "m2"));
    expect(back.map(({ state }) => state)).toEqual(["PROMOTED", "RETIRED"]);
    const rules = value(rollBack(back, "m1"));
    expect(promotedOf(rules)).toBeNull();
    expect(code(rollBack(rules, "m1"))).toBe("MODEL_NO_PREDECESSOR");
    expect(code(retire(two, "m9"))).toBe("MODEL_UNKNOWN");
  });

  it("goes back once, however often it is asked to take the same model back", () => {
    const one = record("m1", "2025-01-31", { state: "RETIRED", promotedAtMs: epochMs(10) });
    const two = record("m2", "2025-02-28", { state: "PROMOTED", promotedAtMs: epochMs(20) });
    const back = value(rollBack([one, two], "m2"));
    expect(code(rollBack(back, "m2"))).toBe("MODEL_STATE_FORBIDS");
    expect(code(rollBack(back, "m9"))).toBe("MODEL_UNKNOWN");
    expect(promotedOf(back)?.id).toBe("m1");
  });
});

describe("who answers for a date", () => {
  const one = record("m1", "2025-01-31", { state: "RETIRED", promotedAtMs: epochMs(10) });
  const two = record("m2", "2025-02-28", { state: "PROMOTED", promotedAtMs: epochMs(20) });
  const never = record("m3", "2024-12-31", { state: "RETIRED" });

  it("is never a model that has seen the date; its predecessor does, and at last the rules", () => {
    const answer = (date: string) => modelForDate([one, two, never], marketDate(date))?.id ?? "rules";
    expect(answer("2025-03-01")).toBe("m2");
    expect(answer("2025-02-28")).toBe("m1");
    expect(answer("2025-02-01")).toBe("m1");
    expect(answer("2025-01-31")).toBe("rules");
  });

  it("is nobody who was put away by hand, and while nobody is promoted the rules", () => {
    const away = value(retire([one, two, never], "m2"));
    expect(modelForDate(away, marketDate("2025-03-01"))).toBeNull();
    const three = record("m4", "2025-03-31", { state: "PROMOTED", promotedAtMs: epochMs(30) });
    expect(modelForDate([...away, three], marketDate("2025-03-20"))?.id).toBe("m1");
    expect(promotedOf(value(rollBack([...away, three], "m4")))?.id).toBe("m1");
  });
});

describe("drift", () => {
  it("is told from the latest rows, once there are enough", () => {
    expect(driftOf({ ...good, rows: 299 })).toBe("TOO_LITTLE");
    expect(driftOf(good)).toBe("STEADY");
    expect(driftOf({ ...good, gain: -0.03, gainInterval: { low: -0.08, high: 0.02 } })).toBe("DRIFTING");
    expect(driftOf({ ...good, gain: -0.01, gainInterval: { low: -0.02, high: -0.001 } })).toBe("DRIFTING");
    expect(driftOf({ ...good, ece: 0.11 })).toBe("DRIFTING");
  });
});

describe("whose views a backtest has", () => {
  const live = record("live", "2025-06-30", { state: "PROMOTED", promotedAtMs: epochMs(30) });
  const before = record("before", "2025-01-31", { state: "RETIRED", promotedAtMs: epochMs(10) });
  const beside = record("beside", "2025-09-30", { state: "SHADOW" });
  const records = [before, beside, live, record("away", "2024-01-31", { state: "RETIRED" })];
  const speaker = (choice: string, date: string): string =>
    answeringOn(chosenModels(records, choice) ?? [], marketDate(date))?.id ?? RULES;

  it("is whom the platform would have asked on each date, the rules, or a named model after its data and those before it", () => {
    const dates = ["2025-01-31", "2025-02-01", "2025-06-30", "2025-07-01", "2025-10-01"];
    expect(dates.map((date) => speaker(GUIDED, date))).toEqual(["rules", "before", "before", "live", "live"]);
    expect(dates.map((date) => modelForDate(records, marketDate(date))?.id ?? RULES)).toEqual(
      dates.map((date) => speaker(GUIDED, date)),
    );
    expect(dates.map((date) => speaker(RULES, date))).toEqual(dates.map(() => "rules"));
    expect(dates.map((date) => speaker("beside", date))).toEqual(["rules", "before", "before", "live", "beside"]);
    expect(chosenModels(records, "nobody")).toBeNull();
  });
});
