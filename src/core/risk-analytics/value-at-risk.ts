// Value at risk and the loss beyond it, as RSK-05 defines them: the 5th percentile of returns by linear interpolation, and the
// mean of the returns at or below it. Returns are fractions of the capital; losses are negative.
import type { Paise } from "../kernel/money.ts";
import { CYCLE_MOVES, type MarketMove, SESSION_MOVES } from "./index-moves.ts";
import { type ModelledBook, revaluer, unitValue } from "./modelled-book.ts";

export interface TailRisk {
  /** Five decimals. Zero without any returns. */
  readonly var: number;
  readonly cvar: number;
  readonly returns: number;
}

/** Inclusive: a loss of exactly the limit is within it. */
export const VAR_MAX = 0.02;
export const CVAR_MAX = 0.025;

const TAIL = 0.05;
const DECIMALS = 100_000;

export function tailRisk(returns: readonly number[]): TailRisk {
  if (returns.length === 0) return { var: 0, cvar: 0, returns: 0 };
  const sorted = returns.toSorted((left, right) => left - right);
  const percentile = interpolated(sorted, TAIL);
  const beyond = sorted.filter((one) => one <= percentile);
  return { var: rounded(percentile), cvar: rounded(mean(beyond)), returns: returns.length };
}

/** The value `share` of the way from the first to the last of sorted figures, between two of them in proportion. */
export function interpolated(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  const low = sorted[below] ?? 0;
  const high = sorted[below + 1] ?? low;
  return low + (high - low) * (at - below);
}

const mean = (figures: readonly number[]): number => figures.reduce((sum, one) => sum + one, 0) / figures.length;

/** No minus zero: it would be written as "-0". */
const rounded = (figure: number): number => Math.round(figure * DECIMALS) / DECIMALS || 0;

export const isVarWithin = ({ var: figure }: TailRisk, max: number = VAR_MAX): boolean => -figure <= max;
export const isCvarWithin = ({ cvar }: TailRisk, max: number = CVAR_MAX): boolean => -cvar <= max;

/** The book under recorded moves of the indices, in three readings. */
export interface BookTailRisk {
  /** Every position valued anew under each recorded session, spot and volatility together. This one is held to the limits. */
  readonly session: TailRisk;
  /** The same under each recorded quarter of an hour. */
  readonly cycle: TailRisk;
  /** Delta, gamma and vega times the sessions' moves: what the greeks alone would say. */
  readonly sessionByGreeks: TailRisk;
}

export function bookTailRisk(book: ModelledBook, capitalPaise: Paise): BookTailRisk {
  return {
    session: tailRisk(revaluedReturns(book, capitalPaise, SESSION_MOVES)),
    cycle: tailRisk(revaluedReturns(book, capitalPaise, CYCLE_MOVES)),
    sessionByGreeks: tailRisk(greekReturns(book, capitalPaise, SESSION_MOVES)),
  };
}

/** Without capital or positions there is nothing to lose a share of. */
export function revaluedReturns(book: ModelledBook, capitalPaise: Paise, moves: readonly MarketMove[]): number[] {
  if (capitalPaise <= 0 || book.holdings.length === 0) return [];
  const resultOf = revaluer(book);
  return moves.map(
    ({ spot, volatility }) =>
      resultOf((underlying) => ({ spot: spot[underlying], volatility, forwardMs: 0 })) / (capitalPaise / 100),
  );
}

function greekReturns(book: ModelledBook, capitalPaise: Paise, moves: readonly MarketMove[]): number[] {
  if (capitalPaise <= 0 || book.holdings.length === 0) return [];
  const held = book.holdings.map((holding) => ({ ...holding, unit: unitValue(holding, book.atMs) }));
  return moves.map((move) => {
    let rupees = 0;
    for (const { contract, netUnits, spot, volatility, unit } of held) {
      const points = spot * move.spot[contract.underlying];
      const perUnit =
        unit.delta * points + (unit.gamma * points * points) / 2 + unit.vega * volatility * move.volatility;
      rupees += perUnit * netUnits;
    }
    return rupees / (capitalPaise / 100);
  });
}
