// npm run backtest -- --strategy <name> --underlying <index> --from <date> --to <date> [--data <folder>] [--json] …
//
// Plays a strategy over recorded bars. The same command over the same data prints the same JSON, byte for byte. All options are
// in docs/backtest.md.
import { readArguments, WrongArgument, wordOf } from "./backtest/arguments.ts";
import { printIndexLevel, runIndexLevel } from "./backtest/index-level.ts";
import { DataUnusable } from "./history-folder.ts";

try {
  const values = readArguments(process.argv.slice(2));
  wordOf("level", values.level ?? "index", ["index"]);
  const result = runIndexLevel(values);
  process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : printIndexLevel(result));
} catch (error) {
  if (!(error instanceof WrongArgument || error instanceof DataUnusable)) throw error;
  process.stderr.write(`backtest: ${error.message}\n`);
  process.exitCode = 2;
}
