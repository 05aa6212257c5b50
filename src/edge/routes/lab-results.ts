// What came of backtests: a page to read, and runs side by side.
import * as z from "zod";
import type { LabRunRecord } from "../../adapters/read-models/lab.ts";
import { findModel } from "../../adapters/read-models/models.ts";
import type { Importances } from "../../core/backtest/report/html-report.ts";
import { reportOf } from "../../core/backtest/report/run-report.ts";
import { type RunResult, speakingModel } from "../../core/backtest/run-result.ts";
import { compareVariants } from "../../core/backtest/sweep.ts";
import { BACKTEST_LEVELS } from "../../ports/lab.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { problem } from "../problem.ts";
import { MarketDateOut, Rupees, rupees, rupeesOrNull, UnderlyingName } from "../schemas.ts";
import { RunParams, reachable } from "./lab.ts";

const COMPARED_MAX = 10;
const Compare = z
  .strictObject({
    runIds: z
      .array(z.string().min(1).max(64))
      .min(2)
      .max(COMPARED_MAX)
      .refine((ids) => new Set(ids).size === ids.length, "each once"),
  })
  .openapi("CompareRuns");
const Ratio = z.number().nullable();
const ComparedRun = z
  .object({
    runId: z.string(),
    level: z.enum(BACKTEST_LEVELS),
    strategy: z.string(),
    title: z.string(),
    parameters: z.record(z.string(), z.union([z.number(), z.string()])),
    underlyings: z.array(UnderlyingName).readonly(),
    from: MarketDateOut,
    to: MarketDateOut,
    days: z.number().int(),
    trades: z.number().int(),
    winners: z.number().int(),
    losers: z.number().int(),
    initial: Rupees,
    final: Rupees,
    result: Rupees,
    charges: Rupees,
    expectancy: Rupees.nullable(),
    returnShare: z.number().openapi({ description: "Result over the capital it began with." }),
    winRate: Ratio,
    profitFactor: Ratio,
    sharpe: Ratio,
    sharpeInterval: z.array(z.number()).readonly().nullable(),
    drawdownShare: z.number(),
  })
  .openapi("ComparedRun");
const Comparison = z
  .object({
    runs: z.array(ComparedRun).readonly(),
    bestReturn: z.string().nullable().openapi({ description: "Id of the run; null where none has the figure." }),
    bestSharpe: z.string().nullable(),
    bestWinRate: z.string().nullable(),
    averages: z.object({ returnShare: Ratio, sharpe: Ratio, winRate: Ratio }),
    deflatedSharpe: Ratio.openapi({
      description: "Probability that the best by Sharpe has any skill, given how many it was picked from.",
    }),
    warnings: z.array(z.string()).readonly(),
  })
  .openapi("RunComparison");

export function openLabResults(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/lab/runs/{runId}/report",
      operationId: "getLabReport",
      tag: "Lab",
      summary: "A backtest as one HTML page",
      description: "It needs nothing else: no script, no font, no request.",
      scopes: ["lab:read"],
      request: { params: RunParams },
      responses: { 200: { description: "The page.", content: { "text/html": { schema: z.string() } } } },
      errors: ["LAB_RUN_NOT_FOUND", "LAB_RUN_NOT_DONE"],
    },
    async (c) => {
      const run = await reachable(c, c.req.valid("param").runId);
      if (run === null) return problem(c, "LAB_RUN_NOT_FOUND");
      const result = resultOf(run);
      if (result === null) return problem(c, "LAB_RUN_NOT_DONE", { detail: notDone(run) });
      const importances = await importancesOf(c.env.DB, result);
      const shown = { days: result.curve, trades: result.trades, ...(importances === null ? {} : { importances }) };
      return c.body(reportOf(result, shown), 200, PAGE);
    },
  );
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/lab/compare",
      operationId: "compareLabRuns",
      tag: "Lab",
      summary: "Backtests side by side",
      description: "Nothing is written.",
      scopes: ["lab:read"],
      request: { body: takes(Compare) },
      responses: { 200: answers(Comparison, "In the order asked for.") },
      errors: ["LAB_RUN_NOT_FOUND", "LAB_RUN_NOT_DONE"],
    },
    async (c) => {
      const results: { runId: string; result: RunResult }[] = [];
      for (const runId of c.req.valid("json").runIds) {
        const run = await reachable(c, runId);
        if (run === null) return problem(c, "LAB_RUN_NOT_FOUND", { detail: `no run ${runId} is within reach` });
        const result = resultOf(run);
        if (result === null) return problem(c, "LAB_RUN_NOT_DONE", { detail: notDone(run) });
        results.push({ runId, result });
      }
      return c.json(comparisonOf(results), 200);
    },
  );
}

/** The page brings its style with it; everything else stays forbidden. */
/** Of the model whose views the run had; null where it had none, or the registry no longer has it. */
async function importancesOf(d1: D1Database, { spoken = [] }: RunResult): Promise<Importances | null> {
  const id = speakingModel(spoken);
  const found = id === null ? null : await findModel(d1, id);
  if (found === null) return null;
  const { importances } = JSON.parse(found.model.figures) as { readonly importances?: Importances["shares"] };
  return importances === undefined ? null : { model: found.model.modelId, shares: importances };
}

const PAGE = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
};

/** Null where it is no backtest, or not done. */
const resultOf = ({ kind, state, result }: LabRunRecord): RunResult | null =>
  kind === "TRAINING" || state !== "DONE" || result === null ? null : (JSON.parse(result) as RunResult);

const notDone = ({ runId, kind, state, note }: LabRunRecord): string => `${runId} is a ${kind}, ${state}: ${note}`;

type Entry = { readonly runId: string; readonly result: RunResult };

function comparisonOf(entries: readonly Entry[]): z.infer<typeof Comparison> {
  const runs = entries.map(comparedBody);
  const { ranking, deflatedSharpe, warning } = compareVariants(
    entries.map(({ runId, result: { curve, metrics, failure } }) => {
      return { name: runId, days: curve, metrics, hasFailed: failure !== null };
    }),
  );
  const periods = new Set(entries.map(({ result: { from, to } }) => `${from} to ${to}`));
  const levels = new Set(entries.map(({ result: { level } }) => level));
  const bestSharpe = runs.some(({ sharpe }) => sharpe !== null) ? (ranking[0] ?? null) : null;
  return {
    runs,
    bestReturn: topBy(runs, ({ returnShare }) => returnShare),
    bestSharpe,
    bestWinRate: topBy(runs, ({ winRate }) => winRate),
    averages: {
      returnShare: meanOf(runs.map(({ returnShare }) => returnShare)),
      sharpe: meanOf(runs.map(({ sharpe }) => sharpe)),
      winRate: meanOf(runs.map(({ winRate }) => winRate)),
    },
    deflatedSharpe,
    warnings: [
      ...(warning === null ? [] : [warning]),
      ...(periods.size > 1 ? ["The runs are of different days: their figures are not of the same market."] : []),
      ...(levels.size > 1 ? ["Money made on the index is not money made with options."] : []),
    ],
  };
}

function topBy(
  runs: readonly z.infer<typeof ComparedRun>[],
  figure: (run: z.infer<typeof ComparedRun>) => number | null,
): string | null {
  let top: { readonly runId: string; readonly value: number } | null = null;
  for (const run of runs) {
    const value = figure(run);
    if (value !== null && (top === null || value > top.value)) top = { runId: run.runId, value };
  }
  return top?.runId ?? null;
}

/** Of those that have the figure. */
function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

function comparedBody({ runId, result }: Entry): z.infer<typeof ComparedRun> {
  const { level, strategy, title, parameters, underlyings, from, to, account, metrics } = result;
  const { capitalPaise } = account;
  const { days, trades, winners, resultPaise, winRate, profitFactor, sharpe, sharpeInterval, drawdown } = metrics;
  return {
    runId,
    level,
    strategy,
    title,
    parameters: { ...parameters },
    underlyings,
    from,
    to,
    days,
    trades,
    winners,
    losers: trades - winners,
    initial: rupees(capitalPaise),
    final: rupees(capitalPaise + resultPaise),
    result: rupees(resultPaise),
    charges: rupees(metrics.chargesPaise),
    expectancy: rupeesOrNull(metrics.expectancyPaise === null ? null : Math.round(metrics.expectancyPaise)),
    returnShare: resultPaise / capitalPaise,
    winRate,
    profitFactor,
    sharpe,
    sharpeInterval,
    drawdownShare: drawdown.depthShare,
  };
}
