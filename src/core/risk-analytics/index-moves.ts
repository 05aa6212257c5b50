// How far the three indices moved in recorded sessions, as `npm run measure-moves -- --write` leaves it: the sample that value at
// risk, correlation and stress days rest on. Percent throughout; model inputs, never money.
import type { Underlying } from "../instrument/contract.ts";
import type { MarketDate } from "../kernel/time.ts";
import table from "./index-moves.json" with { type: "json" };

/** Gap from the close before to the open, open to close, open to low, open to high. */
export type IndexMoveRow = readonly [gap: number, close: number, low: number, high: number];
/** The last figure is India VIX, close against the close before. */
export type SessionMoveRow = readonly [MarketDate, IndexMoveRow, IndexMoveRow, IndexMoveRow, number];
/** One quarter of an hour: NIFTY50, BANKNIFTY, SENSEX. */
export type CycleMoveRow = readonly [number, number, number];
/** SENSEX is null on days before it was recorded. */
export type StressDayRow = readonly [MarketDate, IndexMoveRow, IndexMoveRow, IndexMoveRow | null, number];

export interface IndexMoveTable {
  readonly command: string;
  readonly source: string;
  readonly columns: string;
  readonly unit: "percent";
  readonly sessions: readonly SessionMoveRow[];
  readonly cycles: readonly CycleMoveRow[];
  readonly stressDays: readonly StressDayRow[];
}

/** Relative moves as fractions: what a spot and a volatility are multiplied with is 1 + this. */
export interface MarketMove {
  readonly spot: Readonly<Record<Underlying, number>>;
  readonly volatility: number;
}

// The compiler infers plain arrays from JSON; the tests of this folder hold the file to the types above.
export const INDEX_MOVES = table as unknown as IndexMoveTable;

const fraction = (percent: number): number => percent / 100;

const spotMove = (nifty: number, bank: number, sensex: number): Readonly<Record<Underlying, number>> => ({
  NIFTY50: fraction(nifty),
  BANKNIFTY: fraction(bank),
  SENSEX: fraction(sensex),
});

/**
 * Open to close of every recorded session. Positions are closed on the day they are opened, so the gap before the open is no
 * part of it. The volatility moves as India VIX did from close to close, which has the night in it: more than a session's.
 */
export const SESSION_MOVES: readonly MarketMove[] = INDEX_MOVES.sessions.map(([, nifty, bank, sensex, vix]) => ({
  spot: spotMove(nifty[1], bank[1], sensex[1]),
  volatility: fraction(vix),
}));

/** Every quarter of an hour of the last recorded sessions, at an unchanged volatility. */
export const CYCLE_MOVES: readonly MarketMove[] = INDEX_MOVES.cycles.map(([nifty, bank, sensex]) => ({
  spot: spotMove(nifty, bank, sensex),
  volatility: 0,
}));
