// Which sources make a model: everything that is imported, however far, from where rows come about, where training runs and what
// multiplies for the network. Their hash is the model's codeSha256, on the command line and on the platform alike; a Worker
// cannot read its own sources, so that it is written into a file of its own, which a test holds against the sources.
//
// npm run model-code: writes that file anew.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../build.ts";

const ROOTS = [
  "src/core/prediction/builder/build-dataset.ts",
  "src/core/prediction/training/training-run.ts",
  "src/adapters/compute/wasm-lstm-kernel.ts",
];
/** Not imported by the sources above: each runtime hands it to them in its own way. */
const COMPILED = ["src/adapters/compute/lstm.wasm"];
const GENERATED = "src/core/prediction/training/model-code.ts";
/** Types alone make no bytes. */
const IMPORT = /^(?:import|export)\s(?!type\b)[^;]*?from\s+"(\.[^"]+)"/gm;

/** The sources in the order of their paths, each relative to the project. */
export function modelSources(): readonly string[] {
  const found = new Set(COMPILED);
  const open = [...ROOTS];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    if (!file.endsWith(".ts")) continue;
    const folder = path.posix.dirname(file);
    for (const [, imported = ""] of read(file).toString("utf8").matchAll(IMPORT)) {
      open.push(path.posix.join(folder, imported));
    }
  }
  return [...found].sort();
}

export function modelCodeSha256(): string {
  const hash = createHash("sha256");
  for (const file of modelSources()) hash.update(`${file}\n`).update(read(file));
  return hash.digest("hex");
}

const read = (file: string): Buffer => readFileSync(path.join(projectRoot, file));

if (import.meta.main) {
  writeFileSync(
    path.join(projectRoot, GENERATED),
    `// Written by \`npm run model-code\` whenever a source that makes models changes; see tools/models/model-code.ts.\nexport const MODEL_CODE_SHA256 = "${modelCodeSha256()}";\n`,
  );
}
