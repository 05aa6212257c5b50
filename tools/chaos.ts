// npm run chaos -- [--session D] [--users N] [--points P] [--seed S] [--json]
//
// Kills the whole runtime (SIGKILL, no goodbye) at seeded market instants of a replay, starts it again on the same state,
// and lets it go on. The books at the end must be those of a run that was never disturbed: the same ledger root, every
// invariant true. A third of the points lie in the square-off and the settlement.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { istInstant, marketDate } from "../src/core/kernel/time.ts";
import { buildWorker } from "./build.ts";
import { demoAccounts } from "./demo-accounts.ts";
import { type DayReport, playToTheEnd, prepareReplay, verifyDay } from "./replay-run.ts";
import { mulberry32 } from "./seeded.ts";
import { historyFolderOf, openRecordedSession } from "./session-folder.ts";
import { startStack } from "./stack.ts";

/** Kills in one replay before the next one starts from nothing. */
const KILLS_PER_REPLAY = 10;
const POLL_MS = 15;

interface ChaosOptions {
  readonly session: string;
  readonly users: number;
  readonly points: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

export interface ChaosReport {
  readonly points: number;
  /** Kills that really happened; a point that the session passed between two looks is made up for at the next look. */
  readonly kills: number;
  readonly replays: number;
  readonly undisturbedRoot: string;
  readonly roots: readonly string[];
  readonly failures: readonly string[];
  readonly ok: boolean;
}

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const progress = options.onProgress ?? (() => {});
  const bundle = buildWorker();
  const random = mulberry32(options.seed);
  const date = (await openRecordedSession(options.session)).session.date;
  const replay = (kills: readonly number[]) => replayWithKills({ ...options, bundle, kills, progress });
  const { report: undisturbed } = await replay([]);
  let killedInAll = 0;
  const undisturbedRoot = rootOf(undisturbed);
  const roots: string[] = [];
  const failures: string[] = brokenOf(undisturbed).map((name) => `undisturbed: ${name}`);
  for (let left = options.points; left > 0; left -= KILLS_PER_REPLAY) {
    const kills = Array.from({ length: Math.min(left, KILLS_PER_REPLAY) }, () => {
      const [from, to] = random() < 1 / 3 ? (["15:14", "15:37"] as const) : (["09:00", "15:14"] as const);
      const [fromMs, toMs] = [istInstant(marketDate(date), from), istInstant(marketDate(date), to)];
      return Math.floor(fromMs + random() * (toMs - fromMs));
    }).sort((a, b) => a - b);
    const { report, killed } = await replay(kills);
    killedInAll += killed;
    roots.push(rootOf(report));
    for (const name of brokenOf(report)) failures.push(`replay ${roots.length}: ${name}`);
    if (rootOf(report) !== undisturbedRoot) failures.push(`replay ${roots.length}: another ledger root`);
    progress(`replay ${roots.length}: ${killed} kills, root ${rootOf(report).slice(0, 16)}`);
  }
  return {
    points: options.points,
    kills: killedInAll,
    replays: roots.length,
    undisturbedRoot,
    roots,
    failures,
    ok: failures.length === 0 && killedInAll === options.points,
  };
}

const rootOf = (report: DayReport): string => report.totals.ledger.checkpoint?.root ?? "none";
const brokenOf = (report: DayReport): string[] =>
  report.invariants.filter((invariant) => !invariant.ok).map((invariant) => `${invariant.name}: ${invariant.detail}`);

async function replayWithKills(
  options: ChaosOptions & { bundle: string; kills: readonly number[]; progress: (line: string) => void },
): Promise<{ report: DayReport; killed: number }> {
  const stateDirectory = mkdtempSync(path.join(tmpdir(), "aurumharmony-chaos-"));
  let killed = 0;
  try {
    for (const killAtMs of [...options.kills, null]) {
      const report = await runChild({ ...options, stateDirectory }, killAtMs);
      if (report !== null) return { report, killed };
      killed += 1;
      options.progress(`killed at ${new Date((killAtMs ?? 0) + 19_800_000).toISOString().slice(11, 19)} IST`);
    }
    throw new Error("the last run was killed although nobody asked for it");
  } finally {
    rmSync(stateDirectory, { recursive: true, force: true });
  }
}

/** Runs the stack in a process group of its own until the end, or until the market reaches `killAtMs`. */
async function runChild(
  options: ChaosOptions & { stateDirectory: string; bundle: string },
  killAtMs: number | null,
): Promise<DayReport | null> {
  const child = spawn(
    process.execPath,
    [
      import.meta.filename,
      "--child",
      "--state",
      options.stateDirectory,
      "--bundle",
      options.bundle,
      "--session",
      options.session,
      "--users",
      String(options.users),
      "--seed",
      String(options.seed),
    ],
    { detached: true, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let report: DayReport | null = null;
  if (child.stdout === null) throw new Error("the child has no output");
  for await (const line of createInterface({ input: child.stdout })) {
    // What the runtime says about its own configuration is not for us.
    if (!line.startsWith("{")) continue;
    const message = JSON.parse(line) as { nowMs?: number; report?: DayReport };
    if (message.report) report = message.report;
    else if (killAtMs !== null && (message.nowMs ?? 0) >= killAtMs) {
      killGroup(child);
      break;
    }
  }
  await ended;
  if (report === null && killAtMs === null) throw new Error("the run ended without a report");
  return report;
}

function killGroup(child: ChildProcess): void {
  // Node, workerd and all: nothing gets to write a last word.
  if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
}

async function childMain(values: {
  state: string;
  bundle: string;
  session: string;
  users: string;
  seed: string;
}): Promise<void> {
  const recorded = await openRecordedSession(values.session);
  const stack = await startStack({
    stateDirectory: values.state,
    operatorKey: "ah_operator_chaos_run",
    bundle: values.bundle,
  });
  const api = await prepareReplay(
    stack,
    recorded,
    demoAccounts(Number(values.users), "RESTRICTED", Number(values.seed)),
    historyFolderOf(values.session),
  );
  await playToTheEnd(
    api,
    (view) => process.stdout.write(`${JSON.stringify({ nowMs: view.now === null ? 0 : Date.parse(view.now) })}\n`),
    POLL_MS,
  );
  process.stdout.write(`${JSON.stringify({ report: await verifyDay(api, recorded.session.date) })}\n`);
  await stack.stop();
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      session: { type: "string", default: "2025-08-29" },
      users: { type: "string", default: "2" },
      points: { type: "string", default: "50" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      child: { type: "boolean", default: false },
      state: { type: "string", default: "" },
      bundle: { type: "string", default: "" },
    },
  });
  if (values.child) return childMain(values);
  const report = await runChaos({
    session: values.session,
    users: Number(values.users),
    points: Number(values.points),
    seed: Number(values.seed),
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${values.json ? JSON.stringify(report) : JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.ok ? 0 : 1;
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`chaos: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
