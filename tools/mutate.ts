// npm run mutate [-- <area or area/file>...]: changes the code of risk, margin and ledger in thousands of small ways and counts
// how many of them the area's own tests notice. `risk/rules-` is the files of risk whose names begin so. Exit 1 below 90 % of
// anything named.
import { spawnSync } from "node:child_process";
import { globSync, readFileSync, renameSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "./build.ts";
import { AREAS } from "./mutation/areas.ts";

const KILLED_MIN = 0.9;
const REPORT = path.join(projectRoot, "bench-results/mutation.json");

type Mutants = readonly { readonly status: string }[];

const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
for (const name of asked.length > 0 ? asked : Object.keys(AREAS)) {
  if (!mutate(name)) process.exitCode = 1;
}

function mutate(name: string): boolean {
  const [area = "", file = ""] = name.split("/");
  const files = (AREAS[area]?.sources ?? []).flatMap((folder) =>
    globSync(`src/core/${folder}/${file}*.ts`, { cwd: projectRoot }),
  );
  if (files.length === 0) {
    console.error(`nothing to mutate in "${name}"; areas are ${Object.keys(AREAS).join(", ")}`);
    return false;
  }
  const { status } = spawnSync(
    path.join(projectRoot, "node_modules/.bin/stryker"),
    ["run", "tools/mutation/stryker.config.json", "--mutate", files.join(",")],
    { cwd: projectRoot, stdio: "inherit", env: { ...process.env, MUTATED_AREA: area } },
  );
  return status === 0 && report(name);
}

/** A mutant that makes the tests hang has been noticed; one that does not compile is no mutant. */
function report(name: string): boolean {
  const kept = REPORT.replace(".json", `-${name.replaceAll("/", "-")}.json`);
  renameSync(REPORT, kept);
  const { files } = JSON.parse(readFileSync(kept, "utf8")) as {
    readonly files: Readonly<Record<string, { readonly mutants: Mutants }>>;
  };
  const mutants = Object.values(files).flatMap((file) => file.mutants);
  const count = (...statuses: readonly string[]) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const [killed, survived, timeout, uncovered] = [
    count("Killed"),
    count("Survived"),
    count("Timeout"),
    count("NoCoverage"),
  ];
  const noticed = killed + timeout;
  const share = noticed / Math.max(1, noticed + survived + uncovered);
  console.log(
    `${name}: ${noticed + survived + uncovered} mutants, ${killed} killed, ${timeout} timed out, ${survived} survived, ${uncovered} without coverage: ${(share * 100).toFixed(1)} %`,
  );
  return share >= KILLED_MIN;
}
