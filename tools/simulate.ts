// npm run simulate -- [--seeds N] [--from S] [--seed S] [--threads N] [--thorough] [--json]
// npm run simulate -- --evictions N [--json]
//
// Whole accounts against an adversarial world, one seed after the other. Exit 0 only when nothing was lost, doubled, left
// unresolved or let past a limit, and all books agree. --seed runs one seed alone and tells everything that happened.
// --evictions drops the account's object at every point at which it waits, one run per point, for N base seeds.
import { availableParallelism } from "node:os";
import { evictionRuns } from "../tests/simulation/world/evictions.ts";
import { runFleet } from "../tests/simulation/world/fleet.ts";
import { type RunRequest, SCRIPTS, type SeedResult, summaryOf } from "../tests/simulation/world/report.ts";
import { readOptions, tellFaults } from "./command-line.ts";

const PROBLEMS_SHOWN = 12;
const FAILURES_SHOWN = 20;

tellFaults("simulate");
const values = readOptions({
  seeds: { type: "string", default: "100" },
  from: { type: "string", default: "1" },
  seed: { type: "string" },
  threads: { type: "string", default: String(availableParallelism()) },
  thorough: { type: "boolean", default: false },
  evictions: { type: "string" },
  json: { type: "boolean", default: false },
});

const isAlone = values.seed !== undefined;
const first = Number(values.seed ?? values.from);
const count = isAlone ? 1 : Number(values.evictions ?? values.seeds);
const threads = Number(values.threads);
if (![first, count, threads].every((value) => Number.isSafeInteger(value) && value >= 0) || threads === 0) {
  console.error("usage: npm run simulate -- [--seeds N | --seed S | --evictions N] [--from S] [--threads N] [--json]");
  process.exit(2);
}

const started = performance.now();
let [done, shown] = [0, 0];
const tell = (result: SeedResult): void => {
  done += 1;
  if (result.problems.length > 0 && shown < FAILURES_SHOWN) {
    shown += 1;
    const at = result.crash === null ? "" : ` with an eviction at call ${result.crash.call}, ${result.crash.stage}`;
    console.error(`seed ${result.seed}${at} fails; alone: npm run simulate -- --seed ${result.seed}`);
    for (const problem of result.problems.slice(0, PROBLEMS_SHOWN)) console.error(`  ${problem}`);
  }
  if (!values.json && !isAlone && done % 500 === 0) console.error(`${done} runs`);
};
const seeds = Array.from({ length: count }, (_, index) => first + index);
const run = (runs: readonly RunRequest[]): Promise<readonly SeedResult[]> =>
  runFleet({
    runs,
    threads,
    task: { isThorough: values.thorough },
    onResult: tell,
    onLines: (lines) => {
      if (!values.json) for (const line of lines) console.log(line);
    },
  });

async function evictions(): Promise<readonly SeedResult[]> {
  const all: SeedResult[] = [];
  for (const plan of SCRIPTS) {
    const undisturbed = await run(seeds.map((seed) => ({ seed, plan })));
    all.push(...undisturbed, ...(await run(undisturbed.flatMap(({ seed, calls }) => evictionRuns(seed, plan, calls)))));
  }
  return all;
}

const results =
  values.evictions === undefined ? await run(seeds.map((seed) => ({ seed, isVerbose: isAlone }))) : await evictions();
const summary = summaryOf(results, performance.now() - started);
const only = isAlone ? { hash: results[0]?.hash, problems: results[0]?.problems } : {};
console.log(values.json ? JSON.stringify({ ...summary, ...only }) : JSON.stringify({ ...summary, ...only }, null, 2));
process.exitCode = summary.failures.length === 0 ? 0 : 1;
