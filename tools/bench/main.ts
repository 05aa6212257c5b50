// npm run bench -- [orders|day|ticks|models|checks|lists|backtest|indicators|option-days] [--json]: ratios taken in one run. Results are
// printed and written as JSON.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { projectRoot } from "../build.ts";
import { benchBacktest } from "./backtest.ts";
import { benchOptionDays } from "./backtest-days.ts";
import { benchChecks } from "./checks.ts";
import { benchDay } from "./day.ts";
import { benchIndicators } from "./indicators.ts";
import { benchLists } from "./lists.ts";
import { benchModels } from "./models.ts";
import { benchOrders } from "./orders.ts";
import { benchTicks } from "./ticks.ts";

const benches = {
  orders: benchOrders,
  day: benchDay,
  ticks: benchTicks,
  models: benchModels,
  checks: benchChecks,
  lists: benchLists,
  backtest: benchBacktest,
  indicators: benchIndicators,
  "option-days": benchOptionDays,
} as const;
type BenchName = keyof typeof benches;

const { values, positionals } = parseArgs({
  options: { json: { type: "boolean", default: false } },
  allowPositionals: true,
});
const names = positionals.length === 0 ? Object.keys(benches) : positionals;
const results: unknown[] = [];
for (const name of names) {
  if (!(name in benches)) {
    process.stderr.write(`bench: no bench "${name}"; there are ${Object.keys(benches).join(", ")}\n`);
    process.exit(2);
  }
  results.push(await benches[name as BenchName]((line) => process.stderr.write(`${name}: ${line}\n`)));
}
const directory = path.join(projectRoot, "bench-results");
mkdirSync(directory, { recursive: true });
const json = JSON.stringify(results, null, 2);
writeFileSync(path.join(directory, "latest.json"), `${json}\n`);
process.stdout.write(values.json ? `${JSON.stringify(results)}\n` : `${json}\n`);
