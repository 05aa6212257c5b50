// The open positions on the worst sessions there are records of: the open after the gap, the low, the high and the close, each
// with the volatility of that day's close. Model figures in rupees, never money.
import type { Underlying } from "../instrument/contract.ts";
import type { MarketDate } from "../kernel/time.ts";
import { INDEX_MOVES, type IndexMoveRow, type StressDayRow } from "./index-moves.ts";
import { type ModelledBook, revaluer } from "./modelled-book.ts";

export const STRESS_POINTS = ["OPEN", "LOW", "HIGH", "CLOSE"] as const;
export type StressPoint = (typeof STRESS_POINTS)[number];

export interface StressResult {
  readonly date: MarketDate;
  /** Move from the close before to the day's close, as fractions. */
  readonly moves: Readonly<Record<Underlying, number>>;
  readonly volatility: number;
  /** SENSEX was not recorded on that day and moves as NIFTY50 did. */
  readonly isSensexAssumed: boolean;
  readonly results: readonly { readonly point: StressPoint; readonly resultRupees: number }[];
  readonly worstRupees: number;
}

/** In the order of the dates. */
export function stressResults(
  book: ModelledBook,
  days: readonly StressDayRow[] = INDEX_MOVES.stressDays,
): StressResult[] {
  const resultOf = revaluer(book);
  return days.map((day) => stressResult(resultOf, day));
}

function stressResult(
  resultOf: ReturnType<typeof revaluer>,
  [date, nifty, bank, sensex, vix]: StressDayRow,
): StressResult {
  const rows: Readonly<Record<Underlying, IndexMoveRow>> = { NIFTY50: nifty, BANKNIFTY: bank, SENSEX: sensex ?? nifty };
  const volatility = vix / 100;
  const results = STRESS_POINTS.map((point) => ({
    point,
    resultRupees: resultOf((underlying) => ({ spot: moveTo(rows[underlying], point), volatility, forwardMs: 0 })),
  }));
  return {
    date,
    moves: {
      NIFTY50: moveTo(rows.NIFTY50, "CLOSE"),
      BANKNIFTY: moveTo(rows.BANKNIFTY, "CLOSE"),
      SENSEX: moveTo(rows.SENSEX, "CLOSE"),
    },
    volatility,
    isSensexAssumed: sensex === null,
    results,
    worstRupees: Math.min(...results.map(({ resultRupees }) => resultRupees)),
  };
}

/** From the close before: the gap, then the way within the day. */
function moveTo([gap, close, low, high]: IndexMoveRow, point: StressPoint): number {
  const within = { OPEN: 0, LOW: low, HIGH: high, CLOSE: close }[point];
  return (1 + gap / 100) * (1 + within / 100) - 1;
}
