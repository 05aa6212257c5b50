// Variants of one strategy side by side, and how much the best of them owes to having been picked: the more that were tried, the
// better the best looks by chance alone.
import { deflatedSharpe, sharpeOf } from "../prediction/evaluation/deflated-sharpe.ts";
import type { BacktestDay } from "./backtest.ts";
import type { BacktestMetrics } from "./metrics.ts";

export interface Variant {
  readonly name: string;
  readonly days: readonly Pick<BacktestDay, "resultPaise" | "capitalPaise">[];
  readonly metrics: BacktestMetrics;
  /** Its run ended on a day that could not be finished: its figures are of fewer days than those of the others. */
  readonly hasFailed?: boolean;
}

export interface Comparison {
  readonly variants: number;
  /** By Sharpe ratio, best first; those without one last, by name; after all of them those that ended early. */
  readonly ranking: readonly string[];
  readonly bestResult: string | null;
  readonly bestWinRate: string | null;
  /** Probability that the best has any skill, given that it was picked from so many; null where it cannot be told. */
  readonly deflatedSharpe: number | null;
  /** What has to be said beside the best; null where nothing was picked. */
  readonly warning: string | null;
}

/** Below this the best of a sweep is told to be no finding. */
const BELIEVED_FROM = 0.95;

export function compareVariants(variants: readonly Variant[]): Comparison {
  const ranked = [...variants].sort((one, other) => byWorth(one, other) || (one.name < other.name ? -1 : 1));
  const whole = variants.filter(({ hasFailed }) => hasFailed !== true);
  const best = ranked[0];
  const deflated = best === undefined ? null : deflatedOf(best, variants);
  return {
    variants: variants.length,
    ranking: ranked.map(({ name }) => name),
    bestResult: topBy(whole, ({ metrics }) => metrics.resultPaise),
    bestWinRate: topBy(whole, ({ metrics }) => metrics.winRate),
    deflatedSharpe: deflated,
    warning: best === undefined || variants.length < 2 ? null : warningOf(best.name, variants, deflated),
  };
}

/** Better first. A run that ended early got round whatever came after, so its ratio is none to be picked by. */
export function byWorth(one: Omit<Variant, "name" | "days">, other: Omit<Variant, "name" | "days">): number {
  const failed = Number(one.hasFailed === true) - Number(other.hasFailed === true);
  const [own, its] = [one, other].map(({ metrics }) => metrics.sharpe ?? Number.NEGATIVE_INFINITY) as [number, number];
  return failed || (own === its ? 0 : its - own);
}

const returnsOf = ({ days }: Variant): Float64Array =>
  Float64Array.from(days, ({ resultPaise, capitalPaise }) => (capitalPaise === 0 ? 0 : resultPaise / capitalPaise));

function deflatedOf(best: Variant, variants: readonly Variant[]): number | null {
  const ratios = variants.map((variant) => sharpeOf(returnsOf(variant)));
  const mean = ratios.reduce((sum, each) => sum + each, 0) / ratios.length;
  const spread = ratios.reduce((sum, each) => sum + (each - mean) ** 2, 0) / Math.max(1, ratios.length - 1);
  const probability = deflatedSharpe(returnsOf(best), variants.length, variants.length > 1 ? spread : undefined);
  return Number.isNaN(probability) ? null : probability;
}

function topBy(variants: readonly Variant[], of: (variant: Variant) => number | null): string | null {
  let top: { readonly name: string; readonly value: number } | null = null;
  for (const variant of variants) {
    const value = of(variant);
    if (value !== null && (top === null || value > top.value)) top = { name: variant.name, value };
  }
  return top?.name ?? null;
}

const FAILED_NAMED = 5;

function warningOf(name: string, variants: readonly Variant[], deflated: number | null): string {
  const failed = variants.filter(({ hasFailed }) => hasFailed === true).map((variant) => variant.name);
  const others = failed.length > FAILED_NAMED ? ` and ${failed.length - FAILED_NAMED} others` : "";
  const early = ` Ended early by a failure and ranked last: ${failed.slice(0, FAILED_NAMED).join(", ")}${others}.`;
  return `${worthOf(name, variants.length, deflated)}${failed.length === 0 ? "" : early}`;
}

function worthOf(name: string, count: number, deflated: number | null): string {
  const picked = `${name} was picked from ${count} variants`;
  if (deflated === null) return `${picked}, on too few days to tell skill from chance: it is no finding.`;
  const percent = (deflated * 100).toFixed(0);
  return deflated >= BELIEVED_FROM
    ? `${picked}: the probability that it has any skill is ${percent} % after that is counted. Other days still have to confirm it.`
    : `${picked}: the probability that it has any skill is only ${percent} % after that is counted, so it is no finding.`;
}
