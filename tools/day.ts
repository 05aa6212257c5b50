// npm run day -- --session <date|folder> [--users N] [--category C] [--capital R] [--seed S] [--json]
//
// Trades one recorded session from the open to the settled books on the whole stack, as fast as it goes. Progress goes to
// stderr; with --json one object goes to stdout. Exit 0 only if every invariant holds.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { demoAccounts, parseCategory } from "./demo-accounts.ts";
import { playToTheEnd, prepareReplay, verifyDay } from "./replay-run.ts";
import { historyFolderOf, openRecordedSession } from "./session-folder.ts";
import { startStack } from "./stack.ts";

export interface DayOptions {
  readonly session: string;
  readonly users: number;
  readonly category: string;
  /** Of the first trader, in rupees; ₹1,00,000 unless given. */
  readonly capital?: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
  readonly stateDirectory?: string;
  readonly bundle?: string;
}

export async function runDay(options: DayOptions): Promise<Record<string, unknown> & { readonly ok: boolean }> {
  const progress = options.onProgress ?? (() => {});
  const started = performance.now();
  const recorded = await openRecordedSession(options.session);
  for (const remark of recorded.session.remarks) progress(`  ${remark}`);
  const accounts = demoAccounts(options.users, parseCategory(options.category), options.seed, options.capital ?? null);
  const stateDirectory = options.stateDirectory ?? mkdtempSync(path.join(tmpdir(), "aurumharmony-day-"));
  const stack = await startStack({
    stateDirectory,
    operatorKey: "ah_operator_day_run",
    ...(options.bundle === undefined ? {} : { bundle: options.bundle }),
  });
  try {
    const api = await prepareReplay(stack, recorded, accounts, historyFolderOf(options.session));
    progress(`${recorded.session.date}: loaded after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    const played = performance.now();
    let shown = "";
    await playToTheEnd(api, (view) => {
      const line = `${view.phase}${view.cycle === null ? "" : ` cycle ${view.cycle}`}`;
      if (line !== shown) progress(line);
      shown = line;
    });
    const playedMs = Math.round(performance.now() - played);
    const report = await verifyDay(api, recorded.session.date);
    return {
      session: recorded.session.date,
      users: accounts.length,
      minutes: Math.round((recorded.session.closeMs - recorded.session.openMs) / 60_000),
      ...report.totals,
      invariants: report.invariants.map(({ name, ok, detail }) => (ok ? { name, ok } : { name, ok, detail })),
      wallMs: playedMs,
      ok: report.invariants.length > 0 && report.invariants.every((invariant) => invariant.ok),
    };
  } finally {
    await stack.stop();
    if (options.stateDirectory === undefined) rmSync(stateDirectory, { recursive: true, force: true });
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      session: { type: "string", default: "2025-08-29" },
      users: { type: "string", default: "1" },
      category: { type: "string", default: "RESTRICTED" },
      capital: { type: "string" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
    },
  });
  const users = Number(values.users);
  const seed = Number(values.seed);
  if (!Number.isInteger(users) || users < 1 || users > 1000) throw new Error("--users takes a number from 1 to 1000");
  if (!Number.isInteger(seed)) throw new Error("--seed takes a whole number");
  const capital = values.capital === undefined ? undefined : Number(values.capital);
  if (capital !== undefined && !(Number.isSafeInteger(capital) && capital > 0)) {
    throw new Error("--capital takes whole rupees");
  }
  const { ok, ...report } = await runDay({
    session: values.session,
    users,
    category: values.category,
    ...(capital === undefined ? {} : { capital }),
    seed,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  return ok ? 0 : 1;
}

if (import.meta.main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`day: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
