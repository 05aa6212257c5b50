// Measures the recorded bid-ask spread by premium: what the modelled spread is calibrated on.
import path from "node:path";
import { readGzipCsv } from "./gzip-csv.ts";

export interface SpreadBucket {
  readonly fromPaise: number;
  readonly quotes: number;
  readonly medianPaise: number;
}

/** The only day of the developer data with a recorded book for both NSE underlyings. */
export const SPREAD_DAY = "2025-08-29";
const BUCKETS_FROM_RUPEES = [0, 2, 5, 10, 20, 50, 100, 200, 300, 500, 800];
/** Options deeper in the money than this are left out: nobody here trades them, and their books are empty. */
const IN_THE_MONEY_MAX = 0.03;
const CHAINS = [
  { underlying: "NIFTY50", chain: "NIFTY-chain.csv.gz", index: "NIFTY50-3m.csv.gz" },
  { underlying: "BANKNIFTY", chain: "BANKNIFTY-chain.csv.gz", index: "BANKNIFTY-3m.csv.gz" },
] as const;

/** Median spread by premium bucket and underlying, over every snapshot of the nearest expiry. */
export function measureSpreads(dataFolder: string): Readonly<Record<string, readonly SpreadBucket[]>> {
  const folder = path.join(dataFolder, "replay", SPREAD_DAY);
  return Object.fromEntries(
    CHAINS.map(({ underlying, chain, index }) => [
      underlying,
      bucketsOf(path.join(folder, chain), path.join(folder, index)),
    ]),
  );
}

function bucketsOf(chainFile: string, indexFile: string): SpreadBucket[] {
  const closes = readGzipCsv(indexFile, ["timestamp", "close"]);
  const rows = readGzipCsv(chainFile, ["timestamp", "expiry", "strike", "option_type", "bid", "ask"]);
  const expiry = rows.reduce((nearest, row) => ((row[1] ?? "") < nearest ? (row[1] ?? "") : nearest), "9999");
  const spreads = BUCKETS_FROM_RUPEES.map((): number[] => []);
  let bar = 0;
  for (const [timestamp = "", expiryOfRow, strike, optionType, bidText, askText] of rows) {
    const [bid, ask] = [Number(bidText), Number(askText)];
    if (expiryOfRow !== expiry || !(bid > 0) || !(ask > bid)) continue;
    while (bar + 1 < closes.length && (closes[bar + 1]?.[0] ?? "") <= timestamp) bar += 1;
    const depth = Number(closes[bar]?.[1]) / Number(strike) - 1;
    if ((optionType === "CE" ? depth : -depth) > IN_THE_MONEY_MAX) continue;
    const bucket = BUCKETS_FROM_RUPEES.findLastIndex((from) => from <= (bid + ask) / 2);
    spreads[bucket]?.push(Math.round((ask - bid) * 100));
  }
  return BUCKETS_FROM_RUPEES.map((from, at) => ({
    fromPaise: from * 100,
    quotes: spreads[at]?.length ?? 0,
    medianPaise: median(spreads[at] ?? []),
  })).filter(({ quotes }) => quotes > 0);
}

function median(values: number[]): number {
  values.sort((left, right) => left - right);
  return values[Math.floor((values.length - 1) / 2)] ?? 0;
}
