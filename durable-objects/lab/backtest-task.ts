// Backtests and sweeps as the platform runs them: a few days of the history a step, so that no step holds up the others. The same
// request over the same history gives the same result, wherever the work was cut.
import { backtestDates, indexSeries, readRunDays } from "../../src/adapters/storage/backtest-history.ts";
import { BacktestRun, type SavedBacktestRun } from "../../src/core/backtest/backtest-run.ts";
import { indexResult } from "../../src/core/backtest/index-engine/index-result.ts";
import { INDEX_RULES } from "../../src/core/backtest/index-engine/index-rules.ts";
import { namedSetup } from "../../src/core/backtest/index-engine/named-setup.ts";
import { UNDERLYINGS } from "../../src/core/instrument/contract.ts";
import { required } from "../../src/core/kernel/assert.ts";
import type { LabOutcome, LabTask } from "../../src/core/lab/lab-task.ts";
import { sha256Hex } from "../../src/core/ledger/hash-chain.ts";
import type { BacktestRequest, LabStart } from "../../src/ports/lab.ts";

/** A day with options on three indices is up to a fifth of a second of one core. */
const DAYS_PER_STEP = 2;

export async function openBacktest(
  db: D1Database,
  { request }: LabStart<BacktestRequest>,
  saved: Uint8Array | null,
): Promise<LabTask> {
  if (request.level === "INDEX") return { step: () => onIndex(db, request), save: () => null };
  const run = new BacktestRun(request, saved === null ? await backtestDates(db, request) : read(saved));
  return {
    step: async () => {
      if (run.days === 0) return { ok: false, reason: "there is no history of these days" };
      const dates = run.next(DAYS_PER_STEP);
      run.play(await readRunDays(db, request.underlyings, dates));
      if (run.hasHistoryChanged) return { ok: false, reason: CHANGED };
      if (run.isOver) return { ok: true, result: run.result() };
      return { doneBps: run.doneBps, note: run.note };
    },
    save: () => new TextEncoder().encode(JSON.stringify(run.saved)),
  };
}

const CHANGED = "days of the history were replaced while the run was under way; ask for it again";

const read = (saved: Uint8Array): SavedBacktestRun => JSON.parse(new TextDecoder().decode(saved)) as SavedBacktestRun;

/** Years of index bars take less than a step. */
async function onIndex(db: D1Database, { strategy, underlyings, ...request }: BacktestRequest): Promise<LabOutcome> {
  const rule = required(
    INDEX_RULES.find(({ name }) => name === strategy),
    "a rule that was known when the run was asked for",
  );
  const underlying = underlyings[0] ?? UNDERLYINGS[0];
  const { from, to, capitalPaise } = request;
  const { series, source } = await indexSeries(db, { underlying, from, to });
  if (series.length === 0) return { ok: false, reason: "there is no history of these days" };
  const sets = request.sets.flatMap((parameters) => {
    const setup = namedSetup(rule, parameters, capitalPaise);
    return setup.ok ? [{ parameters, setup: setup.value }] : [];
  });
  const dataSha256 = sha256Hex(source);
  return { ok: true, result: indexResult(series, { rule, underlying, from, to, capitalPaise, sets, dataSha256 }) };
}
