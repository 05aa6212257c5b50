import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openModel, predictorForDate, sha256Hex } from "../../../src/adapters/models/model-manifest.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import { FEATURES } from "../../../src/core/prediction/features/feature-list.ts";
import { promotionChecks } from "../../../src/core/prediction/promotion.ts";
import { RULE_PREDICTOR } from "../../../src/core/prediction/rule-predictor.ts";
import { readModel, SHIPPED_FOLDER } from "../../../tools/models/model-files.ts";
import { wasmKernel } from "../prediction/lstm/lstm-fixtures.ts";

/** The session that ships with the project: nothing may have been learned on it or after it. */
const DEMO = marketDate("2025-08-29");

describe("the shipped model", () => {
  const shipped = readModel();
  if (shipped === null) throw new Error("no model ships with the project");
  const { manifest, model } = shipped;

  it("is small, knows today's features, and has seen nothing of the demo", () => {
    expect(existsSync(path.join(SHIPPED_FOLDER, "promoted.bin"))).toBe(true);
    expect(manifest.toDate < DEMO).toBe(true);
    expect(Math.max(...manifest.days)).toBeLessThan(20_250_829);
    expect(model.ensemble.features).toEqual(FEATURES);
  });

  it("answers for dates after its window; before, its predecessor does", () => {
    expect(predictorForDate(shipped, RULE_PREDICTOR, DEMO).id).toBe(manifest.id);
    expect(predictorForDate(shipped, RULE_PREDICTOR, manifest.toDate).id).toBe("rules-1");
  });

  it("was promoted on evidence that passes the rule", () => {
    expect(promotionChecks(manifest.evidence).filter(({ passed }) => !passed)).toEqual([]);
  });

  it("is not taken from bytes that are not its own", () => {
    const code = (bytes: Uint8Array): string => {
      const opened = openModel({ ...manifest, bytesSha256: sha256Hex(bytes) }, bytes, wasmKernel);
      return opened.ok ? "" : opened.error.code;
    };
    expect(openModel(manifest, new Uint8Array(4), wasmKernel)).toMatchObject({
      error: { code: "MODEL_BYTES_OF_ANOTHER" },
    });
    expect(code(new Uint8Array(4))).toBe("MODEL_BYTES_MALFORMED");
  });
});
