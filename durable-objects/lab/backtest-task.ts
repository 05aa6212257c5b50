// Backtests and sweeps as the platform runs them: a few days of the history a step, so that no step holds up the others. The same
// request over the same history gives the same result, wherever the work was cut.
import { backtestDates, indexSeries, readRunDays } from "../../src/adapters/storage/backtest-history.ts";
import {
  type ModelWiring,
  openModel,
  registeredModels,
  type SpeakingModel,
} from "../../src/adapters/storage/registered-models.ts";
import { BacktestRun, type SavedBacktestRun } from "../../src/core/backtest/backtest-run.ts";
import { indexResult } from "../../src/core/backtest/index-engine/index-result.ts";
import { INDEX_RULES } from "../../src/core/backtest/index-engine/index-rules.ts";
import { namedSetup } from "../../src/core/backtest/index-engine/named-setup.ts";
import { speakersOf } from "../../src/core/backtest/signal-source.ts";
import { UNDERLYINGS } from "../../src/core/instrument/contract.ts";
import { required } from "../../src/core/kernel/assert.ts";
import type { LabOutcome, LabTask } from "../../src/core/lab/lab-task.ts";
import { sha256Hex } from "../../src/core/ledger/hash-chain.ts";
import { chosenModels, RULES } from "../../src/core/prediction/registry.ts";
import { readsFeatures } from "../../src/core/strategy/definition/figures.ts";
import { textOf } from "../../src/core/strategy/definition/text.ts";
import type { BacktestRequest, LabStart } from "../../src/ports/lab.ts";

/** A day with options on three indices is up to a fifth of a second of one core. */
const DAYS_PER_STEP = 2;

export interface BacktestEnv extends ModelWiring {
  readonly db: D1Database;
}

/** Who was there to answer when the run began stays so until it is over, whatever becomes of the registry. */
interface Saved extends SavedBacktestRun {
  readonly models?: readonly string[];
}

export async function openBacktest(
  env: BacktestEnv,
  { request }: LabStart<BacktestRequest>,
  saved: Uint8Array | null,
): Promise<LabTask> {
  const { db } = env;
  if (request.level === "INDEX") return { step: () => onIndex(db, request), save: () => null };
  const given = saved === null ? null : read(saved);
  const models = await modelsOf(env, request, given);
  if (models === null) {
    const reason = `no model is called ${request.predictor} any more`;
    return { step: async () => ({ ok: false, reason }), save: () => null };
  }
  const speakers = speakersOf(models.map(({ record: { id, toDate }, model }) => ({ id, toDate, model })));
  const run = new BacktestRun(request, given ?? (await backtestDates(db, request)), speakers);
  const { definition, edgeVixCenti } = request;
  const isRead = definition !== null && readsFeatures({ definitionText: textOf(definition) });
  const asked = { underlyings: request.underlyings, withHistory: models.length > 0 || isRead, edgeVixCenti };
  return {
    step: async () => {
      if (run.days === 0) return { ok: false, reason: "there is no history of these days" };
      const dates = run.next(DAYS_PER_STEP);
      run.play(await readRunDays(db, asked, dates));
      if (run.hasHistoryChanged) return { ok: false, reason: CHANGED };
      if (run.isOver) return { ok: true, result: run.result() };
      return { doneBps: run.doneBps, note: run.note };
    },
    save: () => {
      const kept: Saved = { ...run.saved, models: models.map(({ record }) => record.id) };
      return new TextEncoder().encode(JSON.stringify(kept));
    },
  };
}

/** Foremost first, those that may answer on any of the days; null where the named one is not there. */
async function modelsOf(
  { db, kernel, shipped }: BacktestEnv,
  { predictor = RULES, to }: BacktestRequest,
  saved: Saved | null,
): Promise<readonly SpeakingModel[] | null> {
  if (predictor === RULES) return [];
  const records = await registeredModels(db, shipped);
  const kept = saved?.models
    ?.map((id) => records.find((record) => record.id === id))
    .filter((one) => one !== undefined);
  const chosen = kept ?? chosenModels(records, predictor)?.filter(({ toDate }) => toDate < to);
  return chosen === undefined ? null : Promise.all(chosen.map((record) => openModel(db, kernel, record)));
}

const CHANGED = "days of the history were replaced while the run was under way; ask for it again";

const read = (saved: Uint8Array): Saved => JSON.parse(new TextDecoder().decode(saved)) as Saved;

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
