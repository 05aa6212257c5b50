// The three indices move together, so two bets in the same direction are nearer to one than to two. Correlation is measured over
// the recorded sessions; what is at risk in the same direction in highly correlated indices counts together.
import { UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import { addPaise, type Paise, paise, ZERO_PAISE } from "../kernel/money.ts";
import { type MarketMove, SESSION_MOVES } from "./index-moves.ts";

export type CorrelationMatrix = Readonly<Record<Underlying, Readonly<Record<Underlying, number>>>>;

/** From here on two indices count as one. */
export const HIGHLY_CORRELATED = 0.7;

/** Pearson's coefficient; 0 where one of the two never moves. */
export function correlationOf(left: readonly number[], right: readonly number[]): number {
  const count = Math.min(left.length, right.length);
  if (count < 2) return 0;
  const meanOf = (figures: readonly number[]): number =>
    figures.slice(0, count).reduce((sum, one) => sum + one, 0) / count;
  const [meanLeft, meanRight] = [meanOf(left), meanOf(right)];
  let [both, squareLeft, squareRight] = [0, 0, 0];
  for (let at = 0; at < count; at += 1) {
    const [fromLeft, fromRight] = [(left[at] ?? 0) - meanLeft, (right[at] ?? 0) - meanRight];
    both += fromLeft * fromRight;
    squareLeft += fromLeft * fromLeft;
    squareRight += fromRight * fromRight;
  }
  const spread = Math.sqrt(squareLeft * squareRight);
  return spread > 0 ? Math.max(-1, Math.min(1, both / spread)) : 0;
}

export function correlationMatrix(moves: readonly MarketMove[]): CorrelationMatrix {
  const series = (underlying: Underlying): number[] => moves.map(({ spot }) => spot[underlying]);
  const row = (left: Underlying): Readonly<Record<Underlying, number>> => ({
    NIFTY50: left === "NIFTY50" ? 1 : correlationOf(series(left), series("NIFTY50")),
    BANKNIFTY: left === "BANKNIFTY" ? 1 : correlationOf(series(left), series("BANKNIFTY")),
    SENSEX: left === "SENSEX" ? 1 : correlationOf(series(left), series("SENSEX")),
  });
  return { NIFTY50: row("NIFTY50"), BANKNIFTY: row("BANKNIFTY"), SENSEX: row("SENSEX") };
}

/** Of the recorded sessions, open to close. */
export const INDEX_CORRELATION: CorrelationMatrix = correlationMatrix(SESSION_MOVES);

/** What is at risk in one index, and which way it is bet: +1 gains with the index, −1 against it, 0 neither. */
export interface DirectedRisk {
  readonly underlying: Underlying;
  readonly direction: -1 | 0 | 1;
  readonly atRiskPaise: Paise;
}

/** The largest sum at risk that one common move of correlated indices would hit. A bet without direction stands alone. */
export function correlatedRiskPaise(
  risks: readonly DirectedRisk[],
  matrix: CorrelationMatrix = INDEX_CORRELATION,
): Paise {
  let largest = ZERO_PAISE;
  for (const { underlying, direction } of risks) {
    const together = risks.filter(
      (other) =>
        other.underlying === underlying ||
        (direction !== 0 && other.direction === direction && matrix[underlying][other.underlying] >= HIGHLY_CORRELATED),
    );
    largest = paise(Math.max(largest, addPaise(...together.map(({ atRiskPaise }) => atRiskPaise))));
  }
  return largest;
}

/** One entry an index: the costs of its positions, and the side its delta stands on. */
export function directedRisks(
  held: readonly { readonly underlying: Underlying; readonly atRiskPaise: Paise; readonly deltaUnits: number }[],
): DirectedRisk[] {
  return UNDERLYINGS.flatMap((underlying) => {
    const own = held.filter((one) => one.underlying === underlying);
    if (own.length === 0) return [];
    const delta = own.reduce((sum, { deltaUnits }) => sum + deltaUnits, 0);
    return [
      {
        underlying,
        direction: Math.sign(delta) as -1 | 0 | 1,
        atRiskPaise: addPaise(...own.map(({ atRiskPaise }) => atRiskPaise)),
      },
    ];
  });
}
