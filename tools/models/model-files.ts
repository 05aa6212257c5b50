// Models on disk: the one that ships with the project, and others that were trained beside it.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { wasmLstmKernel } from "../../src/adapters/compute/wasm-lstm-kernel.ts";
import { type ModelManifest, type OpenedModel, openModel } from "../../src/adapters/models/model-manifest.ts";
import type { Dataset } from "../../src/core/prediction/dataset.ts";
import type { MakeLstmKernel } from "../../src/core/prediction/lstm/lstm-kernel.ts";
import { projectRoot } from "../build.ts";
import { DataUnusable } from "../history-folder.ts";
import { compileWasm } from "../wasm/compile.ts";

export const SHIPPED_FOLDER: string = path.join(projectRoot, "src/adapters/models");
const BYTES = "promoted.bin";
const MANIFEST = "promoted.json";

export const nodeKernel = (): MakeLstmKernel =>
  wasmLstmKernel(compileWasm(readFileSync(path.join(projectRoot, "src/adapters/compute/lstm.wasm"))));

/** Null where the folder holds none; one sentence where it is damaged. */
export function readModel(folder: string = SHIPPED_FOLDER): OpenedModel | null {
  const file = path.join(folder, MANIFEST);
  if (!existsSync(file)) return null;
  const [manifest, bytes] = read(folder);
  const opened = openModel(manifest, bytes, nodeKernel());
  if (!opened.ok) throw new DataUnusable(`${folder}: ${opened.error.code}: ${opened.error.detail}`);
  return opened.value;
}

function read(folder: string): readonly [ModelManifest, Uint8Array] {
  try {
    const manifest = JSON.parse(readFileSync(path.join(folder, MANIFEST), "utf8")) as ModelManifest;
    return [manifest, readFileSync(path.join(folder, BYTES))];
  } catch (error) {
    throw new DataUnusable(`${folder}: its model cannot be read (${error instanceof Error ? error.message : error})`);
  }
}

export function writeModel(folder: string, manifest: ModelManifest, bytes: Uint8Array): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, BYTES), bytes);
  writeFileSync(path.join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** The rows, with every figure and label. */
export function dataSha256(dataset: Dataset): string {
  const hash = createHash("sha256");
  hash.update(dataset.features.join(","));
  const { underlying, day, cycle, direction, outcome, atMs, labelEndMs, outcomeEndMs } = dataset;
  for (const array of [
    ...dataset.columns,
    underlying,
    day,
    cycle,
    direction,
    ...outcome,
    atMs,
    labelEndMs,
    outcomeEndMs,
  ])
    hash.update(new Uint8Array(array.slice().buffer));
  return hash.digest("hex");
}
