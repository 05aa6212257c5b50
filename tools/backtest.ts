// npm run backtest -- --strategy <name> --underlying <index> --from <date> --to <date> [--data <folder>] [--json] …
//
// Plays a strategy over recorded bars. The same command over the same data prints the same JSON, byte for byte. All options are
// in docs/backtest.md.
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { INDEX_RULES } from "../src/core/backtest/index-engine/index-rules.ts";
import { readArguments, wordOf } from "./backtest/arguments.ts";
import { playIndexLevel } from "./backtest/index-level.ts";
import { printIndexLevel } from "./backtest/index-words.ts";
import { runOptionLevel } from "./backtest/option-level.ts";
import { printOptionLevel } from "./backtest/option-words.ts";
import { tellFaults, WrongArgument } from "./command-line.ts";

tellFaults("backtest");
const values = readArguments(process.argv.slice(2));
const level = wordOf("level", values.level ?? levelOf(values.strategy), ["INDEX", "OPTIONS"]);
// Asked first: a run may take minutes, and its page is to have a place then.
const folder = values.html === undefined ? null : path.dirname(path.resolve(values.html));
if (folder !== null && !existsSync(folder)) throw new WrongArgument(`--html: the folder ${folder} is not there`);
if (level === "INDEX") {
  const { result, page } = playIndexLevel(values);
  if (values.html !== undefined) writeFileSync(values.html, page());
  process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : printIndexLevel(result));
} else {
  const { result, page } = await runOptionLevel(values, (line) => process.stderr.write(`backtest: ${line}\n`));
  if (values.html !== undefined) writeFileSync(values.html, page());
  process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : printOptionLevel(result));
}

/** Rules of the index engine are played on the index unless options are asked for; everything else needs options. */
function levelOf(strategy: string | undefined): "INDEX" | "OPTIONS" {
  return INDEX_RULES.some(({ name }) => name === strategy) ? "INDEX" : "OPTIONS";
}
