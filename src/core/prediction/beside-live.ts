// A model held against whom it would replace: the live one, or the rules where they speak alone, over the cycles of which both have
// spoken and no others. What only one of them has been scored on counts for nobody.
import { rowLogLoss } from "./evaluation/class-scores.ts";
import type { PromotionCheck } from "./promotion.ts";
import type { ScoredView } from "./shadow-evidence.ts";

/** What a speaker's view of a cycle earned; null where it had none, or nothing is known. */
export interface EarnedView {
  readonly cycleKey: string;
  readonly netPaise: number | null;
}

export interface Incumbent {
  readonly nets: readonly EarnedView[];
  /** Null of the rules, which give no shares. */
  readonly views: readonly ScoredView[] | null;
}

/**
 * After all costs and one lot each it must have earned no less (0095), and on average its log-loss must have been no higher: each on
 * what it said, and not on its gain over base rates of its own, which is the larger the worse those are.
 */
export function checksBeside(shadow: readonly ScoredView[], { nets, views }: Incumbent): readonly PromotionCheck[] {
  const [ownNets, theirNets] = shared(shadow, nets, ({ netPaise }) => netPaise ?? 0);
  const [earned, toEarn] = [sum(ownNets), sum(theirNets)];
  const net = { rule: "NET_PAISE_BESIDE_LIVE", passed: earned >= toEarn, value: earned, limit: toEarn } as const;
  if (views === null) return [net];
  const [ownLosses, theirLosses] = shared(shadow, views, lossOf);
  const cycles = Math.max(1, ownLosses.length);
  const [loss, most] = [sum(ownLosses) / cycles, sum(theirLosses) / cycles];
  return [net, { rule: "LOSS_BESIDE_LIVE", passed: loss <= most, value: loss, limit: most }];
}

/** Which has the least log-loss over the cycles of which all of them have spoken; the first where none has less. */
export function leastLoss<Candidate extends { readonly views: readonly ScoredView[] }>(
  candidates: readonly Candidate[],
): Candidate | null {
  const spoken = candidates.map(({ views }) => new Set(views.map(({ cycleKey }) => cycleKey)));
  const losses = candidates.map(({ views }) =>
    sum(views.filter(({ cycleKey }) => spoken.every((own) => own.has(cycleKey))).map(lossOf)),
  );
  return candidates[losses.indexOf(Math.min(...losses))] ?? null;
}

const lossOf = ({ shares, outcome }: ScoredView): number => rowLogLoss(shares, outcome);

/** Figures of both of the cycles of which both have spoken, in the order of the first. */
function shared<View extends { readonly cycleKey: string }>(
  own: readonly (ScoredView & View)[],
  theirs: readonly View[],
  figureOf: (view: View) => number,
): readonly [own: readonly number[], theirs: readonly number[]] {
  const said = new Map(theirs.map((view) => [view.cycleKey, figureOf(view)]));
  const both = own.filter(({ cycleKey }) => said.has(cycleKey));
  return [both.map(figureOf), both.map(({ cycleKey }) => said.get(cycleKey) as number)];
}

const sum = (figures: readonly number[]): number => figures.reduce((all, figure) => all + figure, 0);
