// One process that does nothing but load the bars and play the rule: how much memory that takes at most.
import { runIndexRule } from "../../src/core/backtest/index-engine/index-run.ts";
import { IndexHistory } from "../../src/core/backtest/index-engine/stances.ts";
import { fullSetup, taskSeries } from "./backtest-task.ts";

// What the operating system calls the most counts the parent process too; memory is hardly ever given back.
const idle = process.memoryUsage.rss();
const series = taskSeries();
const { log } = runIndexRule(new IndexHistory(series), fullSetup());
log.trades(series.startMs);
const most = process.memoryUsage.rss();
process.stdout.write(
  JSON.stringify({ trades: log.length, idleMb: Math.round(idle / 1e6), mostMb: Math.round(most / 1e6) }),
);
