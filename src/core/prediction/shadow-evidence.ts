// What a model has shown beside the live one: its scored views of days it had learned nothing from, as the evidence that the rule
// of promotion and the watch for drift ask for.
import type { MarketDate } from "../kernel/time.ts";
import { CLASSES } from "./dataset.ts";
import { meanInterval } from "./evaluation/block-bootstrap.ts";
import { classScores, rowLogLoss } from "./evaluation/class-scores.ts";
import { type ReliabilityBin, reliabilityBins } from "./evaluation/reliability.ts";
import type { ModelEvidence } from "./promotion.ts";

export interface ScoredView {
  /** Cycle and underlying: two models that spoke of the same have the same. */
  readonly cycleKey: string;
  readonly date: MarketDate;
  /** Shares of the classes as the model gave them. */
  readonly shares: readonly number[];
  /** The class that came to pass. */
  readonly outcome: number;
  /** Confidence × 10,000 of the view that the model voiced; null where it had none, and where it let a rule speak. */
  readonly voicedBps: number | null;
  /** Whether its structure made money; null where that is not known. */
  readonly paid: boolean | null;
  /** What one lot of what was said, be it a rule's view that it let speak, would have earned after all costs; else null. */
  readonly netPaise: number | null;
}

const BOOTSTRAP = { seed: 1 } as const;

/** Null without a view. `base`: shares of the classes in what the model learned from. Views in order of date. */
export function shadowEvidence(views: readonly ScoredView[], base: ArrayLike<number>): ModelEvidence | null {
  if (views.length === 0) return null;
  const days = [...Map.groupBy(views, ({ date }) => date).values()];
  const gainOf = ({ shares, outcome }: ScoredView): number => rowLogLoss(base, outcome) - rowLogLoss(shares, outcome);
  const sums = Float64Array.from(days, (own) => own.reduce((sum, view) => sum + gainOf(view), 0));
  const counts = Float64Array.from(days, ({ length }) => length);
  const shares = Float64Array.from(views.flatMap((view) => [...view.shares]));
  const outcomes = Uint8Array.from(views, ({ outcome }) => outcome);
  const voiced = views.filter(({ voicedBps, paid }) => voicedBps !== null && paid !== null);
  const mean = (values: readonly number[]): number | null =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  const statedBps = mean(voiced.map(({ voicedBps }) => voicedBps as number));
  return {
    days: days.length,
    rows: views.length,
    gain: sums.reduce((sum, day) => sum + day, 0) / views.length,
    gainInterval: meanInterval(sums, counts, BOOTSTRAP),
    // Of the shares of direction: of what was not voiced no probability of an outcome is kept. Voiced ones answer to ABOVE_70.
    ece: classScores(shares, outcomes, CLASSES.length).ece,
    eceOf: "DIRECTION",
    above70: {
      n: voiced.length,
      hitRate: mean(voiced.map(({ paid }) => Number(paid))),
      stated: statedBps === null ? null : statedBps / 10_000,
      days: new Set(voiced.map(({ date }) => date)).size,
    },
  };
}

/** The share of the class that each view found most likely, in ten bins, beside how often that class came. */
export function shadowReliability(views: readonly ScoredView[]): readonly ReliabilityBin[] {
  const top = views.map(({ shares }) => Math.max(...shares));
  const came = views.map(({ shares, outcome }, at) => Number(shares.indexOf(top[at] as number) === outcome));
  return reliabilityBins(Float64Array.from(top), Uint8Array.from(came));
}
