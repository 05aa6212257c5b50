// Index bars as they lie in a recording, checked, and the prints they become.
import type { TradingSession } from "../../../core/instrument/trading-calendar.ts";
import { epochMs, formatIstTime, MS_PER_MINUTE } from "../../../core/kernel/time.ts";
import { PRINTS_PER_BAR, printedPaise, printOffsetMs } from "../../../core/market/index-prints.ts";
import type { Bar, IndexName, IndexPrint } from "../../../core/market/market-event.ts";
import { refuse } from "./refusal.ts";
import { readTable, type SessionRow, type SessionText } from "./session-table.ts";

export interface IndexSeries {
  readonly bars: readonly Bar[];
  readonly prints: readonly IndexPrint[];
  readonly droppedOutsideSession: number;
}

/** A hole longer than this in the index's continuous hours makes the recording useless for trading. */
const HOLE_MAX_MS = 15 * MS_PER_MINUTE;
const COLUMNS = ["timestamp", "open", "high", "low", "close", "volume", "open_interest"] as const;

interface BarAtLine extends Bar {
  readonly line: number;
}

/** Reads the bars of one index; `intervalMs` is their length. */
export function readIndexBars(
  table: SessionText,
  index: IndexName,
  intervalMs: number,
  session: TradingSession,
): IndexSeries {
  const bars: BarAtLine[] = [];
  let rows = 0;
  let previous: BarAtLine | null = null;
  readTable(table, COLUMNS, (row) => {
    const bar = barOf(row);
    if (previous !== null) checkOrder(row, bar, previous, intervalMs);
    previous = bar;
    rows += 1;
    const isInside = session.windows.some(({ openMs, closeMs }) => openMs <= bar.startMs && bar.startMs < closeMs);
    if (isInside) bars.push(bar);
  });
  checkHoles(table, bars, intervalMs, session);
  return {
    bars: bars.map(({ line: _line, ...bar }) => bar),
    prints: bars.flatMap((bar) => printsOf(bar, index, intervalMs)),
    droppedOutsideSession: rows - bars.length,
  };
}

function barOf(row: SessionRow<(typeof COLUMNS)[number]>): BarAtLine {
  const bar = {
    line: row.line,
    startMs: row.timestamp(),
    openPaise: row.price("open"),
    highPaise: row.price("high"),
    lowPaise: row.price("low"),
    closePaise: row.price("close"),
  };
  const { openPaise, highPaise, lowPaise, closePaise } = bar;
  if (
    lowPaise > Math.min(openPaise, closePaise) ||
    highPaise < Math.max(openPaise, closePaise) ||
    highPaise < lowPaise
  ) {
    const shown = `open ${row.text("open")}, high ${row.text("high")}, low ${row.text("low")}, close ${row.text("close")}`;
    refuse("BAR_INCONSISTENT", row.file, row.line, `not a bar: ${shown}`);
  }
  return bar;
}

function checkOrder(row: SessionRow<string>, bar: Bar, previous: Bar, intervalMs: number): void {
  const [now, before] = [formatIstTime(bar.startMs), formatIstTime(previous.startMs)];
  if (bar.startMs < previous.startMs) refuse("TIME_BACKWARDS", row.file, row.line, `${now} comes after ${before}`);
  if (bar.startMs < previous.startMs + intervalMs) {
    refuse("BAR_OVERLAP", row.file, row.line, `the bar of ${now} overlaps the one of ${before}`);
  }
}

function checkHoles(table: SessionText, bars: readonly BarAtLine[], intervalMs: number, session: TradingSession): void {
  for (const { openMs, closeMs } of session.windows) {
    const endMs = Math.min(closeMs, session.indexFrozenFromMs ?? closeMs);
    let coveredToMs: number = openMs;
    let line: number | null = null;
    for (const bar of bars.filter(({ startMs }) => openMs <= startMs && startMs < endMs)) {
      checkHole(table, bar.line, coveredToMs, bar.startMs);
      coveredToMs = bar.startMs + intervalMs;
      line = bar.line;
    }
    checkHole(table, line, coveredToMs, endMs);
  }
}

function checkHole(table: SessionText, line: number | null, fromMs: number, toMs: number): void {
  if (toMs - fromMs <= HOLE_MAX_MS) return;
  const [from, to] = [formatIstTime(epochMs(fromMs)), formatIstTime(epochMs(toMs))];
  refuse("INDEX_GAP", table.file, line, `no bars from ${from} to ${to}, more than 15 minutes of continuous trading`);
}

const printsOf = ({ startMs, openPaise, highPaise, lowPaise, closePaise }: Bar, index: IndexName, intervalMs: number) =>
  Array.from(
    { length: PRINTS_PER_BAR },
    (_, print): IndexPrint => ({
      kind: "INDEX_PRINT",
      atMs: epochMs(startMs + printOffsetMs(intervalMs, print)),
      index,
      pricePaise: printedPaise(print, openPaise, highPaise, lowPaise, closePaise),
    }),
  );
