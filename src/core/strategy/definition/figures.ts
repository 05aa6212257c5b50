// The figures that conditions compare, as of now and as of the last look: those of the bars, and the features that models learn
// from, by the same code that made the models' data. What is not known is null.
import { type EpochMs, epochMs, MS_PER_MINUTE } from "../../kernel/time.ts";
import { FEATURES } from "../../prediction/features/feature-list.ts";
import { type FeatureContext, featureRow } from "../../prediction/features/feature-row.ts";
import { BAR_FIGURES, type BarFigures, barFiguresAt } from "./bar-figures.ts";
import type { FigureRow } from "./context.ts";

/** Windows are five minutes apart, so a crossing is one since the window before. */
export const LOOK_MS = 5 * MS_PER_MINUTE;

export const STRATEGY_FEATURES: readonly string[] = [...BAR_FIGURES, ...FEATURES];

export const KNOWN_FEATURES: ReadonlySet<string> = new Set(STRATEGY_FEATURES);

export function figureRowOf(context: FeatureContext): FigureRow {
  const beforeMs = epochMs(context.atMs - LOOK_MS);
  const [before, now] = barFiguresAt(context.bars, context.openMs, [beforeMs, context.atMs]);
  return figureRowWith(context, { now: now ?? null, before: before ?? null }, true);
}

/** The same for one who has followed the bars himself; without features a row ends with the figures of the bars. */
export function figureRowWith(
  context: FeatureContext,
  bars: { readonly now: BarFigures | null; readonly before: BarFigures | null },
  withFeatures: boolean,
): FigureRow {
  const beforeMs = epochMs(context.atMs - LOOK_MS);
  const features = (atMs: EpochMs): readonly (number | null)[] =>
    !withFeatures || atMs < context.openMs
      ? UNKNOWN
      : Array.from(
          featureRow({ ...context, atMs, chain: context.chain.filter((reading) => reading.atMs <= atMs) }),
          (value) => (Number.isNaN(value) ? null : value),
        );
  const row = (figures: BarFigures | null, atMs: EpochMs): (number | null)[] => [
    ...BAR_FIGURES.map((name) => figures?.[name] ?? null),
    ...features(atMs),
  ];
  const now = row(bars.now, context.atMs);
  let before: FigureRow["before"] | null = null;
  return {
    names: STRATEGY_FEATURES,
    now,
    // Only crossings look back.
    get before() {
      before ??= row(bars.before, beforeMs);
      return before;
    },
  };
}

/** What a row does not have is not known. */
const UNKNOWN: readonly null[] = [];

/** Whether a definition's text names any figure that is not one of the day's bars. */
export function readsFeatures({ definitionText }: { readonly definitionText: string }): boolean {
  // Asked again every day of a run.
  if (latestRead.text !== definitionText) {
    latestRead = { text: definitionText, answer: FEATURES.some((name) => definitionText.includes(`"${name}"`)) };
  }
  return latestRead.answer;
}

let latestRead: { readonly text: string; readonly answer: boolean } = { text: "", answer: false };
