// Chain snapshots of one underlying: one row per contract and time becomes one event per time. Volume and open interest are
// in units; a last price of 0 means never traded and becomes null, and so does a side without price or quantity.
import type { Underlying } from "../../../core/instrument/contract.ts";
import { OPTION_SYMBOL_OF } from "../../../core/instrument/contract-tables.ts";
import type { TradingSession } from "../../../core/instrument/trading-calendar.ts";
import type { Paise } from "../../../core/kernel/money.ts";
import { type EpochMs, formatIstTime } from "../../../core/kernel/time.ts";
import type { ChainSnapshot, Quote } from "../../../core/market/market-event.ts";
import { ContractBook, idOf } from "./contract-book.ts";
import { inUnits, UnitEvidence } from "./figure-units.ts";
import { type ContractKey, OptionSieve, type StrikeReach } from "./option-rows.ts";
import { refuse } from "./refusal.ts";
import { readTable, type SessionRow, type SessionText } from "./session-table.ts";

export interface RecordedChain {
  readonly snapshots: readonly ChainSnapshot[];
  readonly remarks: readonly string[];
}

const COLUMNS = [
  "timestamp",
  "underlying",
  "expiry",
  "strike",
  "option_type",
  "ltp",
  "bid",
  "bid_qty",
  "ask",
  "ask_qty",
  "volume",
  "open_interest",
  "iv",
  "underlying_price",
] as const;
type Row = SessionRow<(typeof COLUMNS)[number]>;

/** A row's figures, volume and open interest still in the source's unit. */
interface RawQuote extends ContractKey {
  readonly atMs: EpochMs;
  readonly line: number;
  readonly lastPaise: Paise | null;
  readonly bidPaise: Paise | null;
  readonly bidUnits: number | null;
  readonly askPaise: Paise | null;
  readonly askUnits: number | null;
  readonly volume: number | null;
  readonly openInterest: number | null;
  readonly ivBps: number | null;
}

export function readOptionChain(
  table: SessionText,
  underlying: Underlying,
  session: TradingSession,
  reach: StrikeReach,
): RecordedChain {
  const sieve = new OptionSieve(underlying, session, reach);
  const kept: RawQuote[] = [];
  let previousMs: EpochMs | null = null;
  let seen = new Set<string>();
  readTable(table, COLUMNS, (row) => {
    const quote = rawQuoteOf(row, underlying, sieve);
    if (previousMs !== null && quote.atMs < previousMs) {
      const [now, before] = [formatIstTime(quote.atMs), formatIstTime(previousMs)];
      refuse("TIME_BACKWARDS", row.file, row.line, `${now} comes after ${before}`);
    }
    if (quote.atMs !== previousMs) seen = new Set();
    previousMs = quote.atMs;
    const id = idOf(quote);
    if (seen.has(id)) {
      const contract = `${row.text("expiry")} ${row.text("strike")} ${row.text("option_type")}`;
      refuse(
        "CONTRACT_DUPLICATED",
        row.file,
        row.line,
        `${contract} stands twice in the snapshot of ${formatIstTime(quote.atMs)}`,
      );
    }
    seen.add(id);
    if (sieve.keeps(quote.atMs, quote)) kept.push(quote);
  });
  const quotes = kept.filter((quote) => sieve.expiries.includes(quote.expiry));
  const book = new ContractBook(underlying, session.date, table.file);
  for (const quote of quotes) book.contractOf(quote, quote.line);
  return assemble(
    quotes,
    underlying,
    book,
    [...sieveRemarks(sieve, table.file), ...cachedPageRemarks(quotes, table.file)],
    table.file,
  );
}

/** What the sieve left out, for people. */
export function sieveRemarks(sieve: OptionSieve, file: string): string[] {
  const remarks: string[] = [];
  if (sieve.droppedOutsideSession > 0) {
    remarks.push(`${file}: ${sieve.droppedOutsideSession} rows outside the session's hours are left out.`);
  }
  if (sieve.droppedOffGrid > 0) remarks.push(`${file}: ${sieve.droppedOffGrid} rows off the strike grid are left out.`);
  return remarks;
}

function rawQuoteOf(row: Row, underlying: Underlying, sieve: OptionSieve): RawQuote {
  const atMs = row.timestamp();
  if (row.text("underlying") !== OPTION_SYMBOL_OF[underlying]) {
    refuse("UNDERLYING_FOREIGN", row.file, row.line, `"${row.text("underlying")}" in a file of ${underlying}`);
  }
  const contract = sieve.contractKeyOf(row);
  const [bidPaise, bidUnits] = sideOf(row, "bid", "bid_qty");
  const [askPaise, askUnits] = sideOf(row, "ask", "ask_qty");
  return {
    ...contract,
    atMs,
    line: row.line,
    lastPaise: row.optionalPrice("ltp") || null,
    bidPaise,
    bidUnits,
    askPaise,
    askUnits,
    volume: row.optionalQuantity("volume"),
    openInterest: row.optionalQuantity("open_interest"),
    // NSE writes 0 where it has no implied volatility.
    ivBps: row.optionalHundredths("iv") || null,
  };
}

/** Price and size of one side of the book, both null when there is no order. */
function sideOf(row: Row, price: "bid" | "ask", size: "bid_qty" | "ask_qty"): readonly [Paise | null, number | null] {
  const [pricePaise, units] = [row.optionalPrice(price), row.optionalQuantity(size)];
  return pricePaise === null || pricePaise === 0 || units === 0
    ? [null, null]
    : [pricePaise, units === null ? null : Math.floor(units)];
}

function assemble(
  rows: readonly RawQuote[],
  underlying: Underlying,
  book: ContractBook,
  remarks: readonly string[],
  file: string,
): RecordedChain {
  const [volume, openInterest] = [new UnitEvidence(), new UnitEvidence()];
  for (const row of rows) {
    const { lotSize } = book.contractOf(row, row.line);
    volume.add(row.volume, lotSize);
    openInterest.add(row.openInterest, lotSize);
  }
  const snapshots: { readonly atMs: EpochMs; readonly quotes: Quote[] }[] = [];
  for (const row of rows) {
    if (row.lastPaise === null && row.bidPaise === null && row.askPaise === null) continue;
    let snapshot = snapshots.at(-1);
    if (snapshot?.atMs !== row.atMs) {
      snapshot = { atMs: row.atMs, quotes: [] };
      snapshots.push(snapshot);
    }
    const contract = book.contractOf(row, row.line);
    snapshot.quotes.push({
      instrumentId: contract.instrumentId,
      expiry: row.expiry,
      strikePaise: row.strikePaise,
      optionType: row.optionType,
      lastPaise: row.lastPaise,
      bidPaise: row.bidPaise,
      bidUnits: row.bidUnits,
      askPaise: row.askPaise,
      askUnits: row.askUnits,
      volumeUnits: inUnits(row.volume, volume.unit, contract.lotSize),
      openInterestUnits: inUnits(row.openInterest, openInterest.unit, contract.lotSize),
      ivBps: row.ivBps,
    });
  }
  return {
    snapshots: snapshots.map(({ atMs, quotes }) => ({
      kind: "CHAIN_SNAPSHOT",
      atMs,
      underlying,
      source: "RECORDED",
      quotes,
    })),
    remarks: [...remarks, ...unitRemarks(volume, openInterest, file)],
  };
}

function unitRemarks(volume: UnitEvidence, openInterest: UnitEvidence, file: string): string[] {
  if (volume.isEmpty && openInterest.isEmpty) return [];
  const shown = (evidence: UnitEvidence): string => (evidence.isEmpty ? "absent" : evidence.unit.toLowerCase());
  return [`${file}: volume is recorded in ${shown(volume)}, open interest in ${shown(openInterest)}.`];
}

/** A running total that falls means that the source served an older page again. */
function cachedPageRemarks(rows: readonly RawQuote[], file: string): string[] {
  const volumes = new Map<string, number>();
  const falling = new Set<EpochMs>();
  for (const row of rows) {
    if (row.volume === null) continue;
    const id = idOf(row);
    if (row.volume < (volumes.get(id) ?? 0)) falling.add(row.atMs);
    volumes.set(id, row.volume);
  }
  return falling.size === 0 ? [] : [`${file}: ${falling.size} snapshots repeat an older page (a day's volume falls).`];
}
