// node tools/run.mjs node tools/trim-session.ts --from <date|folder> --to <folder> --what <sentence> --source <sentence>
//
// Cuts a recorded session down to what a demo needs: index bars whole; of the option chains the two nearest expiries and the
// strikes within four percent of the day's index range. Format and file names stay, so that the same reader reads it.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { readRecordedSession } from "../src/adapters/market-data/recorded/read-recorded-session.ts";
import { UNDERLYINGS } from "../src/core/instrument/contract.ts";
import { OPTION_SYMBOL_OF } from "../src/core/instrument/contract-tables.ts";
import { required } from "../src/core/kernel/assert.ts";
import type { MarketEvent, Quote } from "../src/core/market/market-event.ts";
import { openSessionFolder, resolveSessionFolder } from "./session-folder.ts";

const REACH_BPS = 400;
const PAISE_PER_RUPEE = 100;
const INDEX_BARS = /^(NIFTY50|BANKNIFTY|SENSEX|INDIAVIX)-[13]m\.csv\.gz$/;

const { values } = parseArgs({
  options: {
    from: { type: "string" },
    to: { type: "string" },
    what: { type: "string" },
    source: { type: "string" },
  },
});
const from = resolveSessionFolder(required(values.from, "--from"));
if (from === null) throw new Error(`there is no session ${values.from}`);
const folder = openSessionFolder(from);
const target = path.resolve(required(values.to, "--to"));

const read = await readRecordedSession(folder, { reachBps: REACH_BPS, modelChain: () => null });
if (!read.ok) throw new Error(JSON.stringify(read.error));

mkdirSync(target, { recursive: true });
let bytes = 0;
const write = (file: string, text: string): void => {
  const content = file.endsWith(".gz") ? gzipSync(text, { level: 9 }) : text;
  writeFileSync(path.join(target, file), content);
  bytes += content.length;
};

for (const file of folder.files.filter((name) => INDEX_BARS.test(name))) write(file, await textOf(file));
for (const underlying of UNDERLYINGS) {
  const file = folder.files.find((name) => name === `${OPTION_SYMBOL_OF[underlying]}-chain.csv.gz`);
  if (file !== undefined) write(file, rowsOf(await textOf(file), keptQuotes(read.value.tapes[underlying])));
}
const meta = JSON.parse(await textOf("meta.json")) as { date: string; prev_close: unknown };
const described = { date: meta.date, what: values.what, source: values.source, prev_close: meta.prev_close };
write("meta.json", `${JSON.stringify(described, null, 2)}\n`);
console.log(`${target}: ${(bytes / 1e6).toFixed(2)} MB`);

async function textOf(file: string): Promise<string> {
  return required(await folder.readText(file), file);
}

function keptQuotes(events: readonly MarketEvent[]): readonly Quote[] {
  return events.flatMap((event) => (event.kind === "CHAIN_SNAPSHOT" ? event.quotes : []));
}

/** The header and the rows of the contracts that the reader kept. The reader has checked the table: cells are not quoted. */
function rowsOf(text: string, quotes: readonly Quote[]): string {
  const kept = new Set(quotes.map((quote) => `${quote.expiry},${quote.strikePaise / PAISE_PER_RUPEE}`));
  const [header, ...rows] = text.trimEnd().split("\n");
  const inReach = rows.filter((row) => {
    const [, , expiry, strike] = row.split(",");
    return kept.has(`${expiry},${Number(strike)}`);
  });
  return `${[header, ...inReach].join("\n")}\n`;
}
