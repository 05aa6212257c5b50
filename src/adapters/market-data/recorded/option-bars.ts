// One-minute option bars become one snapshot a minute, at the bar's end, of the contracts that traded in it. Only the close
// is used, as last price: a bar of trades says nothing of bid, ask or the state of the book.
import type { OptionContract, Underlying } from "../../../core/instrument/contract.ts";
import { OPTION_SYMBOL_OF } from "../../../core/instrument/contract-tables.ts";
import type { TradingSession } from "../../../core/instrument/trading-calendar.ts";
import type { Paise } from "../../../core/kernel/money.ts";
import { type EpochMs, epochMs, formatIstTime, MS_PER_MINUTE } from "../../../core/kernel/time.ts";
import type { ChainSnapshot, Quote } from "../../../core/market/market-event.ts";
import { ContractBook, idOf } from "./contract-book.ts";
import { type RecordedChain, sieveRemarks } from "./option-chain.ts";
import { type ContractKey, OptionSieve, type StrikeReach } from "./option-rows.ts";
import { refuse } from "./refusal.ts";
import { readTable, type SessionText } from "./session-table.ts";

const COLUMNS = [
  "timestamp",
  "contract",
  "underlying",
  "expiry",
  "strike",
  "option_type",
  "open",
  "high",
  "low",
  "close",
  "volume",
  "open_interest",
  "trades",
] as const;

interface ClosingPrice extends ContractKey {
  readonly atMs: EpochMs;
  readonly line: number;
  readonly lastPaise: Paise;
}

/** Reads the rows of one underlying from a file that holds several, ordered by contract and then by time. */
export function readOptionBars(
  table: SessionText,
  underlying: Underlying,
  session: TradingSession,
  reach: StrikeReach,
): RecordedChain {
  const sieve = new OptionSieve(underlying, session, reach);
  const kept: ClosingPrice[] = [];
  const latest = new Map<string, EpochMs>();
  readTable(table, COLUMNS, (row) => {
    const startMs = row.timestamp();
    if (row.text("underlying") !== OPTION_SYMBOL_OF[underlying]) return;
    const contract = sieve.contractKeyOf(row);
    const id = idOf(contract);
    const before = latest.get(id);
    latest.set(id, startMs);
    if (before !== undefined && startMs <= before) {
      const shown = `${row.text("contract")} at ${formatIstTime(startMs)} comes after ${formatIstTime(before)}`;
      refuse(startMs === before ? "CONTRACT_DUPLICATED" : "TIME_BACKWARDS", row.file, row.line, shown);
    }
    const [high, low, lastPaise] = [row.price("high"), row.price("low"), row.price("close")];
    if (high < low)
      refuse("BAR_INCONSISTENT", row.file, row.line, `high ${row.text("high")} is below low ${row.text("low")}`);
    const atMs = epochMs(startMs + MS_PER_MINUTE);
    if (sieve.keeps(atMs, contract)) kept.push({ ...contract, atMs, line: row.line, lastPaise });
  });
  const book = new ContractBook(underlying, session.date, table.file);
  const byTime = new Map<EpochMs, Quote[]>();
  for (const close of kept) {
    if (!sieve.expiries.includes(close.expiry)) continue;
    const quotes = byTime.get(close.atMs) ?? [];
    byTime.set(close.atMs, quotes);
    quotes.push(quoteOf(close, book.contractOf(close, close.line)));
  }
  const snapshots = [...byTime].map(
    ([atMs, quotes]): ChainSnapshot => ({ kind: "CHAIN_SNAPSHOT", atMs, underlying, source: "RECORDED", quotes }),
  );
  snapshots.sort((a, b) => a.atMs - b.atMs);
  return { snapshots, remarks: sieveRemarks(sieve, table.file) };
}

const quoteOf = (close: ClosingPrice, contract: OptionContract): Quote => ({
  instrumentId: contract.instrumentId,
  expiry: close.expiry,
  strikePaise: close.strikePaise,
  optionType: close.optionType,
  lastPaise: close.lastPaise,
  bidPaise: null,
  bidUnits: null,
  askPaise: null,
  askUnits: null,
  volumeUnits: null,
  openInterestUnits: null,
  ivBps: null,
});
