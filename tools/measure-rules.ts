// npm run measure-rules -- --data <folder> [--write]
//
// Measures what the rules rest on, out of the developer data: how often their views have paid, and how wide the recorded spreads
// are. Prints both; with --write it also replaces the table that the predictor reads.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { lowerBoundBps, rateBps } from "../src/core/prediction/hit-rate.ts";
import { GATE_BPS } from "../src/core/prediction/rule-direction.ts";
import { DRIFTLESS_BPS, RULE_EVENT } from "../src/core/prediction/rule-event.ts";
import type { HitRateTable, Vintage } from "../src/core/prediction/rule-hit-rates.ts";
import { measureHitRates } from "./rules/measure-hit-rates.ts";
import { measureSpreads, SPREAD_DAY } from "./rules/measure-spreads.ts";

/** Of the formatter. */
const LINE_MAX = 120;

const root = path.resolve(import.meta.dirname, "..");
const TABLE = path.join(root, "src", "core", "prediction", "rule-hit-rates.json");

const { values } = parseArgs({ options: { data: { type: "string" }, write: { type: "boolean", default: false } } });
const data = path.resolve(values.data ?? path.join(root, "..", "shared", "data"));
const { table, overall, walkForward, viewsPerDay, trends, calms, calmEndShares, calmWalkForward } = measureHitRates(
  data,
  "npm run measure-rules -- --data <developer data> --write",
);

printSpreads();
printRates(table);
printTrends();
printCalms();
for (const { polarity, rule, side, cases, hits } of overall) {
  if (cases === 0) continue;
  console.log(
    `${polarity.padEnd(10)} ${rule.padEnd(5)} ${side.padEnd(8)} ${percent(rateBps({ cases, hits }))} of ${cases}, all dates`,
  );
}
for (const { rule, underlying, side, tally } of walkForward) {
  console.log(
    `Voiced on dates the rates had not seen: ${rule.padEnd(5)} ${underlying.padEnd(9)} ${side.padEnd(8)} ` +
      `${percent(rateBps(tally))} of ${tally.cases} on ${tally.days} days, at least ${percent(lowerBoundBps(tally))}`,
  );
}
for (const { rules, days, views, median, daysWithout } of viewsPerDay) {
  console.log(
    `Voiced a day by ${rules.join(" and ").padEnd(13)}: ${(views / days).toFixed(1)}, median ${median}, ` +
      `none on ${percent(rateBps({ cases: days, hits: daysWithout }))} of ${days} days with all underlyings`,
  );
}
if (values.write) {
  writeFileSync(TABLE, asText(table));
  console.log(`Written: ${path.relative(root, TABLE)}`);
}

function printSpreads(): void {
  console.log(`Median bid-ask spread in paise by premium, nearest expiry, ${SPREAD_DAY}:`);
  for (const [underlying, buckets] of Object.entries(measureSpreads(data))) {
    for (const { fromPaise, medianPaise, quotes } of buckets) {
      console.log(
        `  ${underlying.padEnd(9)} from ${String(fromPaise / 100).padStart(4)}: ${medianPaise} (${quotes} quotes)`,
      );
    }
  }
}

function printCalms(): void {
  console.log("Definitions of a calm market, likewise; the last two lines are the chosen one:");
  for (const { atrShareMax, rsiWithin50, isAtrFalling, isLater, tally, expectedBps } of calms) {
    console.log(
      `  ${isLater ? "later" : "     "} ATR at most ${atrShareMax} of what VIX expects${isAtrFalling ? " and falling" : ""}, ` +
        `RSI within ${rsiWithin50}: ${percent(rateBps(tally))} of ${tally.cases} on ${tally.days} days, ` +
        `at least ${percent(lowerBoundBps(tally))}; such moments ${percent(expectedBps)}`,
    );
  }
  console.log(
    `  Where the index stood at the horizon, in shares of the bound, median of each fifth: ${calmEndShares
      .map((share) => share.toFixed(2))
      .join(", ")}`,
  );
  for (const { underlying, tally } of calmWalkForward) {
    console.log(
      `Voiced on dates the rates had not seen: CALM  ${underlying.padEnd(9)} NEUTRAL  ` +
        `${percent(rateBps(tally))} of ${tally.cases} on ${tally.days} days, at least ${percent(lowerBoundBps(tally))}`,
    );
  }
}

function printTrends(): void {
  console.log(
    "Definitions of a trend on the dates one was chosen on, then the chosen one on later dates, against moments of",
  );
  console.log("the same underlying and hour with MACD:");
  for (const { rsiBeyond50, bars, moveAtrMin, side, isLater, tally, expectedBps } of trends) {
    console.log(
      `  ${isLater ? "later" : "     "} RSI beyond 50 by ${rsiBeyond50}, ${String(bars).padStart(2)} bars, ${moveAtrMin} ATR, ` +
        `${side.padEnd(8)} ${percent(rateBps(tally))} of ${tally.cases}, at least ${percent(lowerBoundBps(tally))}; ` +
        `such moments ${percent(expectedBps)}`,
    );
  }
}

function printRates({ vintages, sources, excludedDates }: HitRateTable): void {
  const { targetAtr, stopAtr, horizonMinutes } = RULE_EVENT;
  console.log(
    `Event: ${targetAtr} ATR with the view before ${stopAtr} ATR against it, within ${horizonMinutes} minutes;`,
  );
  console.log(`a walk without drift or time limit: ${percent(DRIFTLESS_BPS)}. Left out: ${excludedDates.join(", ")}.`);
  for (const [underlying, { days, first, last }] of Object.entries(sources)) {
    console.log(`  ${underlying.padEnd(9)} ${days} days from ${first} to ${last}`);
  }
  for (const vintage of vintages.filter((_, at) => at === vintages.length - 1)) printVintage(vintage);
  for (const { before, lastDate, rates } of vintages) {
    const passing = rates.filter((row) => boundOf(row) > GATE_BPS).length;
    console.log(`  before ${before} (last day ${lastDate}): ${passing} of ${rates.length} cases pass the gate`);
  }
}

function printVintage({ before, rates, anyMoment, calm, calmAnyMoment }: Vintage): void {
  console.log(`Measured before ${before}; "*" passes the gate of ${percent(GATE_BPS)}:`);
  for (const [on, side, when, cases, hits] of anyMoment) {
    console.log(
      `    ${on.padEnd(9)} any   ${side.padEnd(8)} ${when.padEnd(18)} ${percent(rateBps({ cases, hits }))} of ${cases}`,
    );
  }
  for (const [on, cases, hits] of calmAnyMoment) {
    console.log(`    ${on.padEnd(9)} any   NEUTRAL  ${"".padEnd(18)} ${percent(rateBps({ cases, hits }))} of ${cases}`);
  }
  for (const [on, band, cases, hits, days, effectiveCases] of calm) {
    const bound = lowerBoundBps({ cases, hits, days, effectiveCases });
    console.log(
      `  ${bound > GATE_BPS ? "*" : " "} ${on.padEnd(9)} CALM  NEUTRAL  ${band.padEnd(18)} ` +
        `${percent(rateBps({ cases, hits }))} of ${cases} (${days} days, worth ${effectiveCases}), at least ${percent(bound)}`,
    );
  }
  for (const row of rates) {
    const [on, rule, side, band, macd, cases, hits, days, effectiveCases] = row;
    const bound = boundOf(row);
    console.log(
      `  ${bound > GATE_BPS ? "*" : " "} ${on.padEnd(9)} ${rule.padEnd(5)} ${side.padEnd(8)} ${band.padEnd(8)} ${macd.padEnd(9)} ` +
        `${percent(rateBps({ cases, hits }))} of ${cases} (${days} days, worth ${effectiveCases}), at least ${percent(bound)}`,
    );
  }
}

function boundOf([, , , , , cases, hits, days, effectiveCases]: Vintage["rates"][number]): number {
  return lowerBoundBps({ cases, hits, days, effectiveCases });
}

/** JSON with one measured row per line, so that a new measurement can be read as a difference, in the formatter's own layout. */
function asText({ vintages, ...head }: HitRateTable): string {
  const rowText = (row: readonly unknown[]): string => `[${row.map((cell) => JSON.stringify(cell)).join(", ")}]`;
  const partText = ([name, rows]: readonly [string, readonly (readonly unknown[])[]]): string => {
    const line = `      "${name}": [${rows.map(rowText).join(", ")}],`;
    if (line.length <= LINE_MAX) return line.slice(0, -1);
    return `      "${name}": [\n${rows.map((row) => `        ${rowText(row)}`).join(",\n")}\n      ]`;
  };
  const text = vintages.map(({ anyMoment, rates, calmAnyMoment, calm, ...window }) => {
    const start = JSON.stringify(window, null, 2).slice(2, -2).replaceAll(/^ {2}/gm, "      ");
    const parts = Object.entries({ anyMoment, rates, calmAnyMoment, calm }).map(partText);
    return `    {\n${start},\n${parts.join(",\n")}\n    }`;
  });
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "vintages": [\n${text.join(",\n")}\n  ]\n}\n`;
}

function percent(bps: number): string {
  return `${(bps / 100).toFixed(1)} %`;
}
