// The figures that conditions compare, as of now and as of the last look: those of the bars, and the features that models learn
// from, by the same code that made the models' data. What is not known is null.
import { type EpochMs, epochMs, MS_PER_MINUTE } from "../../kernel/time.ts";
import { FEATURES } from "../../prediction/features/feature-list.ts";
import { type FeatureContext, featureRow } from "../../prediction/features/feature-row.ts";
import { BAR_FIGURES, barFiguresAt } from "./bar-figures.ts";
import type { FigureRow } from "./context.ts";

/** Windows are five minutes apart, so a crossing is one since the window before. */
export const LOOK_MS = 5 * MS_PER_MINUTE;

export const STRATEGY_FEATURES: readonly string[] = [...BAR_FIGURES, ...FEATURES];

export const KNOWN_FEATURES: ReadonlySet<string> = new Set(STRATEGY_FEATURES);

export function figureRowOf(context: FeatureContext): FigureRow {
  const beforeMs = epochMs(context.atMs - LOOK_MS);
  const [barsBefore, barsNow] = barFiguresAt(context.bars, context.openMs, [beforeMs, context.atMs]);
  const features = (atMs: EpochMs): (number | null)[] =>
    Array.from(
      featureRow({ ...context, atMs, chain: context.chain.filter((reading) => reading.atMs <= atMs) }),
      (value) => (Number.isNaN(value) ? null : value),
    );
  const row = (bars: typeof barsNow, atMs: EpochMs): (number | null)[] => [
    ...BAR_FIGURES.map((name) => bars?.[name] ?? null),
    ...(atMs < context.openMs ? FEATURES.map(() => null) : features(atMs)),
  ];
  return { names: STRATEGY_FEATURES, now: row(barsNow, context.atMs), before: row(barsBefore, beforeMs) };
}
