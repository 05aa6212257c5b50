// The index engine with everything on, and a grid of 100 sets of parameters, beside a hand loop of the same run that only keeps
// the rule's own account, and what others were measured at with the same rule on this kind of machine.
import { runIndexRule } from "../../src/core/backtest/index-engine/index-run.ts";
import { IndexHistory } from "../../src/core/backtest/index-engine/stances.ts";
import type { BarSeries } from "../../src/core/market/bar-series.ts";
import { rsiInto } from "../../src/core/market/indicators/rsi.ts";
import { fullSetup, taskSeries } from "./backtest-task.ts";
import { bestSeconds, millionsPerSecond, ratioOf } from "./best-of.ts";
import { withBundled } from "./bundled.ts";

const REPETITIONS = 40;
const GRID_REPETITIONS = 3;
const GRID = Array.from({ length: 100 }, (_, n) => [61 + (n % 10) * 2, 21 + Math.floor(n / 10) * 2] as const);

const PEERS = {
  "backtrader 1.9.78": "8,600-10,900 bars/s, 119 MB",
  "backtesting.py (2026-07)": "172,000-229,000 bars/s, 116 MB",
  "grademark 0.3, indicators precomputed": "1.03-1.23 M bars/s",
  "vectorbt 1.1.0, warm": "4.8-4.9 M bars/s, 391-457 MB",
  "vectorbt, 100 sets": "5.8-6.0 M bar-evaluations/s, 1.1-1.3 GB",
};

export interface BacktestBench {
  readonly name: "backtest";
  readonly bars: number;
  readonly trades: number;
  readonly handLoopMillionBarsPerSecond: number;
  /** Indicators, costs, risk, journal and books. */
  readonly engine: { readonly millionBarsPerSecond: number; readonly toHandLoop: number };
  readonly grid: {
    readonly sets: number;
    readonly millionBarEvaluationsPerSecond: number;
    readonly toHandLoop: number;
  };
  /** Of a process that does nothing else, before and at most. */
  readonly memory: { readonly idleMb: number; readonly mostMb: number };
  readonly peers: Readonly<Record<string, string>>;
}

export async function benchBacktest(progress: (line: string) => void): Promise<BacktestBench> {
  const series = taskSeries();
  const out = new Float64Array(series.length);
  const hand = bestSeconds(() => handLoop(series, out), REPETITIONS);
  let trades = 0;
  const engine = bestSeconds(() => {
    trades = runIndexRule(new IndexHistory(series), fullSetup()).log.length;
  }, REPETITIONS);
  const history = new IndexHistory(series);
  const grid = GRID.reduce(
    (sum, [upper, lower]) => sum + bestSeconds(() => runIndexRule(history, fullSetup(upper, lower)), GRID_REPETITIONS),
    0,
  );
  const evaluations = series.length * GRID.length;
  const memory = await memoryAlone();
  const bench: BacktestBench = {
    name: "backtest",
    bars: series.length,
    trades,
    handLoopMillionBarsPerSecond: millionsPerSecond(series.length, hand),
    engine: { millionBarsPerSecond: millionsPerSecond(series.length, engine), toHandLoop: ratioOf(hand, engine) },
    grid: {
      sets: GRID.length,
      millionBarEvaluationsPerSecond: millionsPerSecond(evaluations, grid),
      toHandLoop: ratioOf(hand * GRID.length, grid),
    },
    memory,
    peers: PEERS,
  };
  progress(
    `${bench.engine.millionBarsPerSecond} M bars/s with everything on (${bench.engine.toHandLoop} of a hand loop), ${trades} trades`,
  );
  progress(
    `${bench.grid.millionBarEvaluationsPerSecond} M bar-evaluations/s over ${GRID.length} sets; at most ${memory.mostMb} MB`,
  );
  return bench;
}

const memoryAlone = (): Promise<BacktestBench["memory"]> =>
  withBundled("backtest-alone.ts", ({ run }) => {
    const { idleMb, mostMb } = JSON.parse(run()) as BacktestBench["memory"];
    return { idleMb, mostMb };
  });

/** The rule alone, in floats, without costs, days or a journal. */
function handLoop({ openPaise, closePaise, length }: BarSeries, rsi: Float64Array): number {
  rsiInto(closePaise, 14, rsi);
  let [cash, units] = [0, 0];
  for (let at = 1; at < length; at += 1) {
    const before = rsi[at - 1] as number;
    if (units === 0 && before < 30) [cash, units] = [cash - (openPaise[at] as number), 1];
    else if (units === 1 && before > 70) [cash, units] = [cash + (openPaise[at] as number), 0];
  }
  return cash;
}
