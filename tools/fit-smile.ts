// npm run fit-smile -- [--data <folder>] [--json]
//
// Fits the smile of modelled premiums on the recorded chains that developers may fit on (never on a session whose class is
// replay), and measures what modelled premiums are off by on days that were not fitted on: each day by the fit of the others.
// Beside it stands the error of the constants in force (src/core/market/model-chain.ts).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { type EpochMs, epochMs, type MarketDate, marketDate } from "../src/core/kernel/time.ts";
import { firstBarFrom } from "../src/core/market/bar-series.ts";
import { smileTerms, standardised } from "../src/core/market/fitted-smile.ts";
import { impliedVolatility } from "../src/core/market/implied-volatility.ts";
import { smileVolatility } from "../src/core/market/model-chain.ts";
import { ASSUMED_RATE, priceOption, yearsToExpiry } from "../src/core/market/option-pricing.ts";
import { DATA_FOLDER, DataUnusable, readCommonBars } from "./history-folder.ts";

interface Sample {
  readonly day: string;
  readonly optionType: "CALL" | "PUT";
  readonly spot: number;
  readonly strike: number;
  readonly years: number;
  readonly vix: number;
  readonly price: number;
  /** Implied volatility over India VIX. */
  readonly ratio: number;
  /** Standardised distance from the forward. */
  readonly x: number;
  readonly vega: number;
}

type Coefficients = readonly number[];

const PREMIUM_MIN = 2;
const REACH = 0.03;
const CADENCE = 3;

const termsOf = ({ x, years }: Pick<Sample, "x" | "years">): readonly number[] => smileTerms(x, years);

function samplesOf(folder: string): readonly Sample[] {
  const vix = readCommonBars(folder, { index: "INDIAVIX", replayDays: "INCLUDED" }).bars;
  const vixAt = (atMs: EpochMs): number | null => {
    const at = firstBarFrom(vix, atMs - 3 * 60_000) - 1;
    const start = vix.startMs[at];
    return start === undefined || atMs - start > 3_600_000 ? null : (vix.closePaise[at] as number) / 10_000;
  };
  return filesOf(folder).flatMap((file) => samplesIn(file, vixAt));
}

function filesOf(folder: string): readonly string[] {
  const chains = path.join(folder, "options", "kite-chain-5m");
  const own = existsSync(chains) ? readdirSync(chains).map((name) => path.join(chains, name)) : [];
  const replays = path.join(folder, "replay");
  const fit = (existsSync(replays) ? readdirSync(replays) : []).filter((date) =>
    isForFitting(path.join(replays, date)),
  );
  const recorded = fit.flatMap((date) =>
    ["NIFTY-chain.csv.gz", "BANKNIFTY-chain.csv.gz"].map((name) => path.join(replays, date, name)),
  );
  const files = [...own, ...recorded].filter((file) => existsSync(file) && file.endsWith(".csv.gz")).sort();
  if (files.length === 0) throw new DataUnusable(`${folder} has no chains that may be fitted on`);
  return files;
}

function isForFitting(folder: string): boolean {
  const meta = path.join(folder, "meta.json");
  return existsSync(meta) && (JSON.parse(readFileSync(meta, "utf8")) as { class?: string }).class === "dev";
}

function samplesIn(file: string, vixAt: (atMs: EpochMs) => number | null): readonly Sample[] {
  const [header = "", ...lines] = gunzipSync(readFileSync(file)).toString("utf8").trimEnd().split("\n");
  const columns = header.split(",");
  const at = (name: string): number => columns.indexOf(name);
  const [timeAt, expiryAt, strikeAt, typeAt, lastAt, volumeAt, spotAt] = [
    "timestamp",
    "expiry",
    "strike",
    "option_type",
    "ltp",
    "volume",
    "underlying_price",
  ].map(at) as [number, number, number, number, number, number, number];
  const times = new Map<string, number>();
  return lines.flatMap((line): Sample[] => {
    const cells = line.split(",");
    const time = cells[timeAt] ?? "";
    if (!times.has(time)) times.set(time, times.size);
    // Snapshots five minutes apart say nearly the same: every third is enough.
    if ((times.get(time) as number) % CADENCE !== 0) return [];
    const [strike, price, spot] = [Number(cells[strikeAt]), Number(cells[lastAt]), Number(cells[spotAt])];
    if (!(price >= PREMIUM_MIN && spot > 0 && Number(cells[volumeAt]) > 0)) return [];
    if (Math.abs(strike / spot - 1) > REACH) return [];
    const atMs = epochMs(Date.parse(time));
    const years = yearsToExpiry(atMs, marketDate(cells[expiryAt] ?? "") as MarketDate, "15:30");
    const vix = vixAt(atMs);
    const optionType = cells[typeAt] === "CE" ? "CALL" : "PUT";
    const isOut = optionType === "CALL" ? strike >= spot : strike <= spot;
    if (vix === null || years <= 0 || !isOut) return [];
    const terms = { spot, strike, years, rate: ASSUMED_RATE, optionType } as const;
    const implied = impliedVolatility({ ...terms, price });
    if (!implied.ok) return [];
    const x = standardised(vix, spot, strike, years);
    const { vega } = priceOption({ ...terms, volatility: implied.value });
    return [
      { day: time.slice(0, 10), optionType, spot, strike, years, vix, price, ratio: implied.value / vix, x, vega },
    ];
  });
}

/** Least squares weighted by what a volatility is worth in premium, relative to the index. */
function fitted(samples: readonly Sample[]): Coefficients {
  const size = 4;
  const matrix = Array.from({ length: size }, () => new Float64Array(size + 1));
  for (const sample of samples) {
    const terms = termsOf(sample);
    const weight = (sample.vega * sample.vix) / sample.spot;
    for (let row = 0; row < size; row += 1) {
      const target = matrix[row] as Float64Array;
      const scaled = weight * (terms[row] as number);
      for (let column = 0; column < size; column += 1) {
        target[column] = (target[column] as number) + scaled * (terms[column] as number);
      }
      target[size] = (target[size] as number) + scaled * sample.ratio;
    }
  }
  return solved(matrix);
}

function solved(matrix: Float64Array[]): Coefficients {
  const size = matrix.length;
  for (let pivot = 0; pivot < size; pivot += 1) {
    const row = matrix[pivot] as Float64Array;
    for (let other = 0; other < size; other += 1) {
      const target = matrix[other] as Float64Array;
      if (other === pivot) continue;
      const factor = (target[pivot] as number) / (row[pivot] as number);
      for (let at = pivot; at <= size; at += 1) target[at] = (target[at] as number) - factor * (row[at] as number);
    }
  }
  return matrix.map((row, at) => (row[size] as number) / (row[at] as number));
}

const volatilityBy =
  (coefficients: Coefficients) =>
  (sample: Sample): number =>
    sample.vix * termsOf(sample).reduce((sum, term, at) => sum + term * (coefficients[at] as number), 0);

interface ErrorRow {
  readonly bucket: string;
  readonly samples: number;
  readonly medianPremium: number;
  /** Of the premium, median of the size and of the sign. */
  readonly medianErrorPercent: number;
  readonly medianBiasPercent: number;
}

function errorsOf(samples: readonly Sample[], volatilityOf: (sample: Sample) => number): readonly ErrorRow[] {
  const errors = samples.map((sample) => {
    const { spot, strike, years, optionType, price } = sample;
    const modelled = priceOption({
      spot,
      strike,
      years,
      rate: ASSUMED_RATE,
      optionType,
      volatility: volatilityOf(sample),
    }).price;
    return { bucket: bucketOf(sample), price, percent: (100 * (modelled - price)) / price };
  });
  const groups = [["all", errors] as const, ...[...Map.groupBy(errors, ({ bucket }) => bucket)].sort()];
  return groups.map(([bucket, group]) => ({
    bucket,
    samples: group.length,
    medianPremium: median(group.map(({ price }) => price)),
    medianErrorPercent: median(group.map(({ percent }) => Math.abs(percent))),
    medianBiasPercent: median(group.map(({ percent }) => percent)),
  }));
}

function bucketOf({ spot, strike, years }: Sample): string {
  const away = 100 * Math.abs(strike / spot - 1);
  const distance = away < 0.5 ? "0.0-0.5 %" : away < 1 ? "0.5-1.0 %" : away < 2 ? "1.0-2.0 %" : "2.0-3.0 %";
  const days = years * 365;
  const term = days < 1 ? "last day" : days < 8 ? "up to a week" : "over a week";
  return `${term}, ${distance} out`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return Math.round(middle * 100) / 100;
}

const { values } = parseArgs({
  options: { data: { type: "string", default: DATA_FOLDER }, json: { type: "boolean", default: false } },
});
try {
  const samples = samplesOf(values.data);
  const days = [...Map.groupBy(samples, ({ day }) => day)].sort();
  // Each day is priced by what the other days say.
  const outOfSample = new Map(
    days.map(([day]) => [day, volatilityBy(fitted(samples.filter((sample) => sample.day !== day)))]),
  );
  const result = {
    samples: samples.length,
    days: days.map(([day]) => day),
    coefficients: fitted(samples).map((value) => Math.round(value * 10_000) / 10_000),
    errors: errorsOf(samples, (sample) => outOfSample.get(sample.day)?.(sample) ?? Number.NaN),
    inForce: errorsOf(samples, ({ vix, spot, strike, years }) => smileVolatility(vix, spot, strike, years)),
  };
  if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else {
    process.stdout.write(
      `${result.samples} quotes on ${result.days.length} days; level, term, slope, curvature: ${result.coefficients.join(", ")}\n`,
    );
    for (const [name, rows] of [
      ["fitted, on days left out of the fit", result.errors],
      ["in force", result.inForce],
    ] as const) {
      process.stdout.write(`\n${name}\n`);
      for (const row of rows) {
        const { bucket, samples: count, medianPremium, medianErrorPercent, medianBiasPercent } = row;
        process.stdout.write(
          `${bucket.padEnd(28)} ${String(count).padStart(6)} quotes, premium ${medianPremium.toFixed(2)}, off by ${medianErrorPercent.toFixed(1)} %, bias ${medianBiasPercent.toFixed(1)} %\n`,
        );
      }
    }
  }
} catch (error) {
  if (!(error instanceof DataUnusable)) throw error;
  process.stderr.write(`fit-smile: ${error.message}\n`);
  process.exitCode = 2;
}
