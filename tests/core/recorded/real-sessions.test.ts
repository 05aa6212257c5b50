// The recorded sessions themselves: the demo that ships with the project, and the others where their folder is at hand.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import {
  type RecordedTapes,
  readRecordedSession,
} from "../../../src/adapters/market-data/recorded/read-recorded-session.ts";
import type { Underlying } from "../../../src/core/instrument/contract.ts";
import { parseRupees } from "../../../src/core/kernel/money.ts";
import { formatIstTime } from "../../../src/core/kernel/time.ts";
import { modelChain } from "../../../src/core/market/model-chain.ts";
import { openSessionFolder } from "../../../tools/session-folder.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const replayFolder = path.resolve(root, "../shared/data/replay");
const demoFolder = path.join(root, "tools/sessions/2025-08-29");
const isReplayHere = existsSync(replayFolder);
if (!isReplayHere) console.log(`skipped: the recorded sessions are not at ${path.relative(root, replayFolder)}`);

const alreadyRead = new Map<string, RecordedTapes>();

async function read(folder: string): Promise<RecordedTapes> {
  const known = alreadyRead.get(folder);
  if (known !== undefined) return known;
  const result = await readRecordedSession(openSessionFolder(folder), { modelChain });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  alreadyRead.set(folder, result.value);
  return result.value;
}

/** "NIFTY50 RECORDED 1292 events, 292 chains" and so on. */
const summaryOf = ({ session, tapes }: RecordedTapes): string[] =>
  session.underlyings.map(({ underlying, chain, events, quoteCadenceMs }) => {
    const chains = tapes[underlying].filter((event) => event.kind === "CHAIN_SNAPSHOT").length;
    return `${underlying} ${chain} ${events} ${chains} ${quoteCadenceMs / 1000}s`;
  });

function checkTapes({ session, tapes }: RecordedTapes): void {
  for (const { underlying, events } of session.underlyings) {
    const tape = tapes[underlying];
    expect(tape).toHaveLength(events);
    let previousMs = session.openMs;
    for (const event of tape) {
      if (event.atMs < previousMs || event.atMs > session.closeMs)
        expect.fail(`out of order: ${JSON.stringify(event)}`);
      previousMs = event.atMs;
    }
  }
}

/** Every recorded last price above zero of a contract, read from the file by other means, in paise. */
function lastPricesInFile(folder: string, file: string, contract: string): string[] {
  const rows = gunzipSync(readFileSync(path.join(folder, file)))
    .toString()
    .trimEnd()
    .split("\n")
    .slice(1);
  return rows
    .map((row) => row.split(","))
    .filter(([, , expiry, strike, type, last]) => `${expiry} ${strike} ${type}` === contract && Number(last) > 0)
    .map(([timestamp = "", , , , , last = ""]) => {
      const price = parseRupees(last);
      return `${timestamp.slice(11, 19)} ${price.ok ? price.value : "?"}`;
    });
}

function lastPricesOnTape({ tapes }: RecordedTapes, underlying: Underlying, instrumentId: string): string[] {
  return tapes[underlying].flatMap((event) =>
    event.kind === "CHAIN_SNAPSHOT"
      ? event.quotes
          .filter((quote) => quote.instrumentId === instrumentId && quote.lastPaise !== null)
          .map((quote) => `${formatIstTime(event.atMs)} ${quote.lastPaise}`)
      : [],
  );
}

describe("the demo session", () => {
  it("is read, stays small, names its source and quotes two expiries with bid and ask", {
    timeout: 30_000,
  }, async () => {
    const demo = await read(demoFolder);
    checkTapes(demo);
    expect(summaryOf(demo)).toEqual([
      "NIFTY50 RECORDED 1292 292 60s",
      "BANKNIFTY RECORDED 1286 286 60s",
      "SENSEX MODELLED 1376 376 60s",
    ]);
    const bytes = readdirSync(demoFolder).reduce(
      (sum, file) => sum + readFileSync(path.join(demoFolder, file)).length,
      0,
    );
    expect(bytes).toBeLessThan(2_000_000);
    expect(demo.session.source).toContain("SanjotRaibagkar/ai-hedgefund at 474f7d8b");
    const quotes = demo.tapes.NIFTY50.flatMap((event) => (event.kind === "CHAIN_SNAPSHOT" ? event.quotes : []));
    expect([...new Set(quotes.map((quote) => quote.expiry))]).toEqual(["2025-09-02", "2025-09-09"]);
    expect(quotes.filter((quote) => quote.bidPaise !== null && quote.askPaise !== null).length).toBeGreaterThan(
      quotes.length * 0.98,
    );
    const sensex = demo.tapes.SENSEX.flatMap((event) => (event.kind === "CHAIN_SNAPSHOT" ? [event] : []));
    expect(sensex.every((snapshot) => snapshot.source === "MODELLED" && snapshot.quotes.length > 50)).toBe(true);
    const contract = "2025-09-02 24500 CE";
    const onTape = lastPricesOnTape(demo, "NIFTY50", "NIFTY2590224500CE.NFO");
    expect(onTape).toHaveLength(292);
    expect(onTape).toEqual(lastPricesInFile(demoFolder, "NIFTY-chain.csv.gz", contract));
  });
});

describe.skipIf(!isReplayHere)("the recorded sessions", () => {
  it.each([
    ["2019-05-23", ["NIFTY50 RECORDED 1739 239 60s", "BANKNIFTY NONE 1500 0 0s", "SENSEX NONE 0 0 0s"]],
    ["2022-11-18", ["NIFTY50 RECORDED 1875 375 60s", "BANKNIFTY RECORDED 1875 375 60s", "SENSEX NONE 0 0 0s"]],
    [
      "2025-08-29",
      ["NIFTY50 RECORDED 1292 292 60s", "BANKNIFTY RECORDED 1286 286 60s", "SENSEX MODELLED 1376 376 60s"],
    ],
    [
      "2026-01-30",
      ["NIFTY50 RECORDED 1071 71 301s", "BANKNIFTY RECORDED 1071 71 301s", "SENSEX MODELLED 1376 376 60s"],
    ],
    [
      "2026-02-01",
      ["NIFTY50 RECORDED 1065 65 300s", "BANKNIFTY RECORDED 1065 65 300s", "SENSEX MODELLED 1376 376 60s"],
    ],
    [
      "2026-07-15",
      ["NIFTY50 RECORDED 1027 27 899s", "BANKNIFTY RECORDED 1027 27 899s", "SENSEX RECORDED 1027 27 899s"],
    ],
    [
      "2026-07-28",
      ["NIFTY50 RECORDED 2130 146 120s", "BANKNIFTY MODELLED 1376 376 60s", "SENSEX MODELLED 1376 376 60s"],
    ],
    [
      "2026-07-29",
      ["NIFTY50 RECORDED 2166 166 120s", "BANKNIFTY MODELLED 1376 376 60s", "SENSEX MODELLED 1376 376 60s"],
    ],
    [
      "2026-07-31",
      ["NIFTY50 RECORDED 2167 167 120s", "BANKNIFTY MODELLED 1376 376 60s", "SENSEX MODELLED 1376 376 60s"],
    ],
    [
      "2026-08-03",
      ["NIFTY50 RECORDED 2160 160 120s", "BANKNIFTY MODELLED 1374 386 60s", "SENSEX MODELLED 1374 386 60s"],
    ],
    [
      "2026-08-04",
      ["NIFTY50 RECORDED 2340 340 60s", "BANKNIFTY MODELLED 1370 386 60s", "SENSEX MODELLED 1370 386 60s"],
    ],
  ])("%s is read whole", { timeout: 60_000 }, async (date, expected) => {
    const recorded = await read(path.join(replayFolder, date));
    checkTapes(recorded);
    expect(summaryOf(recorded)).toEqual(expected);
  });

  it.each([
    ["2019-05-23", "contracts", "units"],
    ["2025-08-29", "contracts", "contracts"],
    ["2026-01-30", "units", "units"],
    ["2026-02-01", "units", "units"],
  ])("%s: volume is in %s, open interest in %s", { timeout: 60_000 }, async (date, volume, openInterest) => {
    const { session } = await read(path.join(replayFolder, date));
    const expected = `NIFTY-chain.csv.gz: volume is recorded in ${volume}, open interest in ${openInterest}.`;
    expect(session.remarks).toContain(expected);
  });

  it.each([
    ["2026-08-04", "NIFTY50", "NIFTY-chain.csv.gz", "2026-08-04 24500 CE", "NIFTY2680424500CE.NFO"],
    ["2026-07-15", "SENSEX", "SENSEX-chain15.csv.gz", "2026-07-16 77000 PE", "SENSEX2671677000PE.BFO"],
    ["2026-01-30", "BANKNIFTY", "BANKNIFTY-chain.csv.gz", "2026-02-24 60000 CE", "BANKNIFTY26FEB60000CE.NFO"],
  ] as const)(
    "%s: every last price of one %s contract arrives to the paisa",
    { timeout: 60_000 },
    async (date, underlying, file, contract, id) => {
      const folder = path.join(replayFolder, date);
      const inSession = lastPricesInFile(folder, file, contract).filter((line) => line.slice(0, 8) <= "15:30:00");
      expect(inSession.length).toBeGreaterThan(20);
      expect(lastPricesOnTape(await read(folder), underlying, id)).toEqual(inSession);
    },
  );
});
