// npm run measure-moves -- --data <folder> [--write]
//
// Measures out of the developer data how far the indices have moved, for value at risk, correlation and stress days. With --write
// it replaces the table that the risk analytics read.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { measureIndexMoves } from "./rules/measure-index-moves.ts";

const root = path.resolve(import.meta.dirname, "..");
const TABLE = path.join(root, "src", "core", "risk-analytics", "index-moves.json");

const { values } = parseArgs({ options: { data: { type: "string" }, write: { type: "boolean", default: false } } });
const data = path.resolve(values.data ?? path.join(root, "..", "shared", "data"));
const table = measureIndexMoves(data, "npm run measure-moves -- --data <developer data> --write");

console.log(`${table.sessions.length} sessions, ${table.cycles.length} quarters of an hour; the worst sessions:`);
for (const [date, nifty, bank, , vix] of table.stressDays) {
  console.log(`${date}  NIFTY50 ${nifty.join(" ")}  BANKNIFTY ${bank.join(" ")}  India VIX ${vix}`);
}
if (values.write) {
  const list = (rows: readonly unknown[]): string =>
    `[\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n")}\n  ]`;
  const { sessions, cycles, stressDays, ...rest } = table;
  const head = JSON.stringify(rest, null, 2).slice(0, -2);
  writeFileSync(
    TABLE,
    `${head},\n  "sessions": ${list(sessions)},\n  "cycles": ${list(cycles)},\n  "stressDays": ${list(stressDays)}\n}\n`,
  );
}
