// Measures how far the indices moved: each session of the last recorded ones, each quarter of an hour of the very last, and the
// sessions that were worst. Days that belong to a recorded session are left out, as for the rules.
import { UNDERLYINGS, type Underlying } from "../../src/core/instrument/contract.ts";
import { dateOfDayNumber, daysBetween, type MarketDate } from "../../src/core/kernel/time.ts";
import { mergeBars } from "../../src/core/market/bars.ts";
import type {
  CycleMoveRow,
  IndexMoveRow,
  IndexMoveTable,
  SessionMoveRow,
  StressDayRow,
} from "../../src/core/risk-analytics/index-moves.ts";
import { readDaily, replayDatesOf } from "../history-folder.ts";
import { type IndexDay, indexDaysOf } from "./index-days.ts";

const CYCLE_MS = 900_000;
const CYCLE_SESSIONS = 40;
const STRESS_FALLS = 8;
const STRESS_RISES = 4;
/** Further apart than a long weekend, and the gap is not one night's. */
const GAP_DAYS_MAX = 5;

type ByDate = ReadonlyMap<MarketDate, IndexMoveRow>;

export function measureIndexMoves(data: string, command: string): IndexMoveTable {
  const days = new Map(UNDERLYINGS.map((underlying) => [underlying, indexDaysOf(data, underlying)]));
  const moves = new Map(UNDERLYINGS.map((underlying) => [underlying, movesOf(days.get(underlying) ?? [], data)]));
  const vix = vixDays(data);
  const dates = datesWithAll(moves);
  return {
    command,
    source: `1-minute and 3-minute index bars and daily India VIX of the developer data; replay days are left out`,
    columns: "date, then for NIFTY50, BANKNIFTY, SENSEX: gap, open to close, open to low, open to high; then India VIX",
    unit: "percent",
    sessions: dates.map(
      (date): SessionMoveRow =>
        [
          date,
          ...UNDERLYINGS.map((underlying) => required(moves, underlying, date)),
          vix.get(date) ?? 0,
        ] as unknown as SessionMoveRow,
    ),
    cycles: cycleMoves(days, dates.slice(-CYCLE_SESSIONS)),
    stressDays: stressDays(moves, vix),
  };
}

function movesOf(days: readonly IndexDay[], data: string): ByDate {
  const excluded = [...replayDatesOf(data)];
  const rows = new Map<MarketDate, IndexMoveRow>();
  let before: IndexDay | null = null;
  for (const day of days) {
    const [first, last] = [day.path[0], day.path.at(-1)];
    if (first === undefined || last === undefined) continue;
    const open = first.openPaise;
    const isNextSession =
      before !== null &&
      daysBetween(before.date, day.date) <= GAP_DAYS_MAX &&
      !excluded.some((date) => before !== null && date > before.date && date < day.date);
    const closeBefore = before?.path.at(-1)?.closePaise;
    rows.set(day.date, [
      isNextSession && closeBefore !== undefined ? percent(open, closeBefore) : 0,
      percent(last.closePaise, open),
      percent(Math.min(...day.path.map(({ lowPaise }) => lowPaise)), open),
      percent(Math.max(...day.path.map(({ highPaise }) => highPaise)), open),
    ]);
    before = day;
  }
  return rows;
}

const percent = (to: number, from: number): number => Math.round((to / from - 1) * 100_000) / 1_000;

const datesWithAll = (moves: ReadonlyMap<Underlying, ByDate>): MarketDate[] =>
  [...(moves.get("SENSEX") ?? new Map<MarketDate, IndexMoveRow>()).keys()]
    .filter((date) => UNDERLYINGS.every((underlying) => moves.get(underlying)?.has(date)))
    .sort();

function required(moves: ReadonlyMap<Underlying, ByDate>, underlying: Underlying, date: MarketDate): IndexMoveRow {
  const row = moves.get(underlying)?.get(date);
  if (row === undefined) throw new Error(`no ${underlying} on ${date}`);
  return row;
}

/** Close against the close before, in percent of the latter. */
function vixDays(data: string): Map<MarketDate, number> {
  const daily = readDaily(data, "INDIAVIX");
  const changes = new Map<MarketDate, number>();
  for (const [index, day] of (daily?.day ?? []).entries()) {
    const [close, before] = [daily?.close[index] ?? 0, daily?.close[index - 1] ?? 0];
    if (before > 0) changes.set(dateOfDayNumber(day), percent(close, before));
  }
  return changes;
}

function cycleMoves(days: ReadonlyMap<Underlying, readonly IndexDay[]>, dates: readonly MarketDate[]): CycleMoveRow[] {
  const bars = new Map(
    [...days].map(([underlying, list]) => [
      underlying,
      new Map(
        list
          .filter(({ date }) => dates.includes(date))
          .flatMap(({ bars }) => mergeBars(bars, CYCLE_MS))
          .map((bar) => [bar.startMs, percent(bar.closePaise, bar.openPaise)]),
      ),
    ]),
  );
  const starts = [...(bars.get("NIFTY50")?.keys() ?? [])].sort((left, right) => left - right);
  return starts.flatMap((start): CycleMoveRow[] => {
    const [nifty, bank, sensex] = UNDERLYINGS.map((underlying) => bars.get(underlying)?.get(start));
    return nifty === undefined || bank === undefined || sensex === undefined ? [] : [[nifty, bank, sensex]];
  });
}

function stressDays(moves: ReadonlyMap<Underlying, ByDate>, vix: ReadonlyMap<MarketDate, number>): StressDayRow[] {
  const nifty = moves.get("NIFTY50") ?? new Map<MarketDate, IndexMoveRow>();
  const bank = moves.get("BANKNIFTY") ?? new Map<MarketDate, IndexMoveRow>();
  const sensex = moves.get("SENSEX") ?? new Map<MarketDate, IndexMoveRow>();
  const rows = [...nifty.keys()].flatMap((date): StressDayRow[] => {
    const [ofNifty, ofBank] = [nifty.get(date), bank.get(date)];
    if (ofNifty === undefined || ofBank === undefined) return [];
    return [[date, ofNifty, ofBank, sensex.get(date) ?? null, vix.get(date) ?? 0]];
  });
  // How far the day carried the index from the close before, at its worst.
  const fall = ([, [gap, , low]]: StressDayRow): number => gap + low;
  const rise = ([, [gap, , , high]]: StressDayRow): number => gap + high;
  const falls = rows.toSorted((left, right) => fall(left) - fall(right)).slice(0, STRESS_FALLS);
  const rises = rows
    .filter((row) => !falls.includes(row))
    .toSorted((left, right) => rise(right) - rise(left))
    .slice(0, STRESS_RISES);
  return [...falls, ...rises].sort(([left], [right]) => (left < right ? -1 : 1));
}
