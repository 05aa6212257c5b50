// npm run check: everything that can be said about the code without running it. One command, the same in CI.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "./build.ts";

/** A cruise that finds fewer modules than this has not seen the project (it once passed with none). */
const MODULES_MIN = 120;

const bin = (name: string): string => path.join(projectRoot, "node_modules/.bin", name);
let failed = 0;

function step(
  name: string,
  command: string,
  args: readonly string[],
  accept?: (output: string) => string | null,
): void {
  const started = performance.now();
  const result = spawnSync(command, args, { cwd: projectRoot, encoding: "utf8" });
  const output = `${result.stdout}${result.stderr}`;
  const complaint = result.status === 0 ? (accept?.(output) ?? null) : `exit ${result.status}`;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${complaint === null ? "ok  " : "FAIL"} ${name} (${seconds} s)${complaint === null ? "" : ` ${complaint}`}`,
  );
  if (complaint !== null) {
    failed += 1;
    console.log(output);
  }
}

for (const project of [
  "tsconfig.json",
  "tsconfig.core.json",
  "tsconfig.tools.json",
  "tsconfig.tests.json",
  "dashboard/tsconfig.json",
])
  if (existsSync(path.join(projectRoot, project))) step(`types ${project}`, bin("tsc"), ["-p", project]);
step("format and lint", bin("biome"), ["ci", "--error-on-warnings", "."]);
step("promises", bin("oxlint"), ["--type-aware", "--tsconfig", "tsconfig.json", "src", "durable-objects"]);
step(
  "import rules",
  bin("depcruise"),
  ["--config", ".dependency-cruiser.cjs", "src", "durable-objects", "dashboard/src"],
  (output) => {
    const modules = Number(/\((\d+) modules/.exec(output)?.[1] ?? 0);
    return modules >= MODULES_MIN ? null : `only ${modules} modules cruised, at least ${MODULES_MIN} expected`;
  },
);
step("dead code", bin("knip"), []);
const lockfile = readFileSync(path.join(projectRoot, "package-lock.json"), "utf8");
if (lockfile.includes('"resolved"')) {
  failed += 1;
  console.log("FAIL lockfile names registry addresses");
}
process.exitCode = failed === 0 ? 0 : 1;
