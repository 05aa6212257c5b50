import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { walkedEvidence } from "../../../tools/models/walked-evidence.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "aurumharmony-evidence-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const MADE_BY = { windowDays: 250, options: { seed: 1 }, codeSha256: "c0de" };
const EVIDENCE = {
  days: 60,
  rows: 4_000,
  gain: 0.01,
  gainInterval: { low: 0.002, high: 0.02 },
  ece: 0.02,
  above70: { n: 200, hitRate: 0.71, stated: 0.74, days: 50 },
};
const taken = (walked: object) => {
  const file = path.join(folder, "walked.json");
  writeFileSync(file, JSON.stringify(walked));
  return walkedEvidence(file, MADE_BY);
};

describe("the evidence that a model ships with", () => {
  it("is taken of models that were made by the same window, options and code", () => {
    expect(taken({ ...MADE_BY, testDays: 60, evidence: EVIDENCE })).toEqual(EVIDENCE);
  });

  it.each([
    [{ windowDays: 30 }, "windowDays is 30, needs 250"],
    [{ options: { seed: 7 } }, 'options is {"seed":7}, needs {"seed":1}'],
    [{ codeSha256: "0ther" }, 'codeSha256 is "0ther", needs "c0de"'],
    [{ codeSha256: undefined }, 'codeSha256 is not told, needs "c0de"'],
  ])("is refused of models made otherwise: %j", (other, words) => {
    expect(() => taken({ ...MADE_BY, evidence: EVIDENCE, ...other })).toThrow(words);
  });

  it("is refused where it does not pass the rule of promotion, with each check that fails", () => {
    const evidence = { ...EVIDENCE, ece: 0.06, days: 19 };
    expect(() => taken({ ...MADE_BY, evidence })).toThrow(
      "DAYS is 19, needs 20; CALIBRATION_ERROR is 0.06, needs 0.05",
    );
    expect(() => taken(MADE_BY)).toThrow("holds no evidence");
  });
});
