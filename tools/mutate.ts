// npm run mutate [-- <folder of src/core>...]: changes the code of risk, margin and ledger in thousands of small ways and counts
// how many of them the core tests notice. Exit 1 below 90 % in any of the folders named.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "./build.ts";

const DEFAULT_FOLDERS = ["risk", "margin", "ledger"];
const KILLED_MIN = 0.9;

interface MutationReport {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const folders = (asked.length > 0 ? asked : DEFAULT_FOLDERS).filter((folder) =>
  existsSync(path.join(projectRoot, "src/core", folder)),
);
const run = spawnSync(
  path.join(projectRoot, "node_modules/.bin/stryker"),
  [
    "run",
    "tools/mutation/stryker.config.json",
    "--mutate",
    folders.map((folder) => `src/core/${folder}/**/*.ts`).join(","),
  ],
  { cwd: projectRoot, stdio: "inherit" },
);
if (run.status !== 0) process.exitCode = 1;
else report();

/** A mutant that makes the tests hang has been noticed; one that does not compile or that nothing can reach is no mutant. */
function report(): void {
  const { files } = JSON.parse(
    readFileSync(path.join(projectRoot, "bench-results/mutation.json"), "utf8"),
  ) as MutationReport;
  for (const folder of folders) {
    const statuses = Object.entries(files)
      .filter(([file]) => file.startsWith(`src/core/${folder}/`))
      .flatMap(([, { mutants }]) => mutants.map(({ status }) => status));
    const killed = statuses.filter((status) => status === "Killed" || status === "Timeout").length;
    const alive = statuses.filter((status) => status === "Survived" || status === "NoCoverage").length;
    const share = killed / Math.max(1, killed + alive);
    console.log(`${folder}: ${killed} of ${killed + alive} killed, ${(share * 100).toFixed(1)} %`);
    if (share < KILLED_MIN) process.exitCode = 1;
  }
}
