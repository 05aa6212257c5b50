// A Sharpe ratio seen by the number of attempts it was picked from (Bailey and López de Prado, "The Deflated Sharpe Ratio",
// 2014): the best of many attempts without any skill has a high ratio too, and short, skewed samples say less than they seem to.
import { assert } from "../../kernel/assert.ts";
import { normalCumulative } from "../../market/normal-distribution.ts";

const EULER = 0.5772156649015329;
export const TRADING_DAYS_PER_YEAR = 252;

export interface ReturnFigures {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly skew: number;
  /** 3 for a normal distribution. */
  readonly kurtosis: number;
}

export function returnFigures(returns: ArrayLike<number>): ReturnFigures {
  const count = returns.length;
  let mean = 0;
  for (let at = 0; at < count; at += 1) mean += (returns[at] as number) / count;
  let [second, third, fourth] = [0, 0, 0];
  for (let at = 0; at < count; at += 1) {
    const apart = (returns[at] as number) - mean;
    second += apart ** 2;
    third += apart ** 3;
    fourth += apart ** 4;
  }
  const variance = second / count;
  return {
    count,
    mean,
    deviation: Math.sqrt(second / Math.max(1, count - 1)),
    skew: variance > 0 ? third / count / variance ** 1.5 : 0,
    kurtosis: variance > 0 ? fourth / count / variance ** 2 : 3,
  };
}

/** Mean over deviation (of a sample) per observation; 0 where nothing varies. Times √252 for days to be read per year. */
export function sharpeOf(returns: ArrayLike<number>): number {
  const { mean, deviation } = returnFigures(returns);
  return deviation > 0 ? mean / deviation : 0;
}

/** Probability that the true ratio lies above `than`, both per observation. */
export function probabilisticSharpe({ count, mean, deviation, skew, kurtosis }: ReturnFigures, than: number): number {
  if (count < 2 || deviation === 0) return Number.NaN;
  const sharpe = mean / deviation;
  const spread = 1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2;
  return normalCumulative(((sharpe - than) * Math.sqrt(count - 1)) / Math.sqrt(Math.max(1e-12, spread)));
}

/** The ratio to be expected of the best of so many attempts without skill, whose ratios spread by `variance`. */
export function expectedBestSharpe(trials: number, variance: number): number {
  assert(trials >= 1 && variance >= 0, `${trials} trials`);
  if (trials === 1) return 0;
  const best = (1 - EULER) * normalQuantile(1 - 1 / trials) + EULER * normalQuantile(1 - 1 / (trials * Math.E));
  return Math.sqrt(variance) * best;
}

/**
 * Probability that there is skill at all, given the number of attempts. The spread of the attempts' ratios, where it was not
 * measured, is that of chance: 1 / (n − 1).
 */
export function deflatedSharpe(returns: ArrayLike<number>, trials: number, variance?: number): number {
  const figures = returnFigures(returns);
  if (figures.count < 2) return Number.NaN;
  return probabilisticSharpe(figures, expectedBestSharpe(trials, variance ?? 1 / (figures.count - 1)));
}

/** The x with P(Z ≤ x) = `probability`, by halving: 60 halvings of 20 are beyond double precision. */
export function normalQuantile(probability: number): number {
  assert(probability > 0 && probability < 1, `no quantile of ${probability}`);
  let [low, high] = [-10, 10];
  for (let halving = 0; halving < 60; halving += 1) {
    const middle = (low + high) / 2;
    if (normalCumulative(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
