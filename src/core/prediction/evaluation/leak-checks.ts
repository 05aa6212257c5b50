// Whether the future has found its way into the features. Two trials: with labels dealt out anew nothing can be learned, so a
// score above chance means that the measuring itself leaks; and no single feature can know much of what comes, so one that does
// is a leak until the contrary is shown.
import { SeededRandom } from "../../kernel/seeded-random.ts";
import { CLASSES, type Dataset, UNKNOWN_LABEL } from "../dataset.ts";
import { rowLogLoss } from "./class-scores.ts";
import { firstRowsOf } from "./walk-forward.ts";

/** The same dataset with its labels of direction dealt out anew among the rows that have one. */
export function withShuffledLabels(dataset: Dataset, seed: number): Dataset {
  const direction = dataset.direction.slice();
  const known = [...direction.keys()].filter((row) => direction[row] !== UNKNOWN_LABEL);
  const random = new SeededRandom(seed);
  for (let at = known.length - 1; at > 0; at -= 1) {
    const [one, other] = [known[at] as number, known[random.below(at + 1)] as number];
    const label = direction[one] as number;
    direction[one] = direction[other] as number;
    direction[other] = label;
  }
  return { ...dataset, direction };
}

/** A canary: the same dataset with one more feature that knows the label of a share of the rows, and is noise elsewhere. */
export function withLeakedFeature(dataset: Dataset, share: number, seed: number): Dataset {
  const random = new SeededRandom(seed);
  const leak = Float64Array.from(dataset.direction, (label) => {
    const knows = label !== UNKNOWN_LABEL && random.next() < share;
    return (knows ? label : random.below(CLASSES.length)) + 0.1 * random.normal();
  });
  return { ...dataset, features: [...dataset.features, "leak"], columns: [...dataset.columns, leak] };
}

export interface FeatureSkill {
  readonly feature: string;
  /** Share of the log-loss of the base rates that this feature alone takes away on days it was not fitted on. */
  readonly gain: number;
}

/** What no honest feature takes away of the uncertainty about the next quarter of an hour. */
export const SUSPECT_GAIN = 0.08;
const BINS = 20;
/** Rows of the base rates that every bin begins with. */
const PRIOR_ROWS = 20;

/** Features, most telling first, by class frequencies in twenty bins: fitted on the first half of the days, judged on the rest. */
export function featureSkills(dataset: Dataset): readonly FeatureSkill[] {
  const firsts = firstRowsOf(dataset);
  const middle = firsts[(firsts.length - 1) >> 1] as number;
  const base = new Float64Array(CLASSES.length);
  for (let row = 0; row < middle; row += 1) {
    const label = dataset.direction[row] as number;
    if (label !== UNKNOWN_LABEL) base[label] = (base[label] as number) + 1;
  }
  const total = base.reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  const shares = base.map((count) => (count + 1) / (total + CLASSES.length));
  return dataset.features
    .map((feature, at) => ({ feature, gain: gainOf(dataset, dataset.columns[at] as Float64Array, middle, shares) }))
    .sort((one, other) => other.gain - one.gain);
}

export const suspectsOf = (skills: readonly FeatureSkill[]): readonly FeatureSkill[] =>
  skills.filter(({ gain }) => gain > SUSPECT_GAIN);

function gainOf({ direction, rows }: Dataset, column: Float64Array, middle: number, base: Float64Array): number {
  const sorted = column
    .subarray(0, middle)
    .filter((value) => !Number.isNaN(value))
    .sort();
  if (sorted.length === 0) return 0;
  const edges = Array.from(
    { length: BINS - 1 },
    (_, bin) => sorted[Math.floor(((bin + 1) * sorted.length) / BINS)] as number,
  );
  const binOf = (value: number): number => (Number.isNaN(value) ? BINS : edges.filter((edge) => value >= edge).length);
  const counts = Array.from({ length: BINS + 1 }, () => base.map((share) => share * PRIOR_ROWS));
  for (let row = 0; row < middle; row += 1) {
    const label = direction[row] as number;
    if (label === UNKNOWN_LABEL) continue;
    const own = counts[binOf(column[row] as number)] as Float64Array;
    own[label] = (own[label] as number) + 1;
  }
  const shares = counts.map((own) => {
    const total = own.reduce((sum, count) => sum + count, 0);
    return own.map((count) => count / total);
  });
  let [loss, baseLoss] = [0, 0];
  for (let row = middle; row < rows; row += 1) {
    const label = direction[row] as number;
    if (label === UNKNOWN_LABEL) continue;
    loss += rowLogLoss(shares[binOf(column[row] as number)] as Float64Array, label);
    baseLoss += rowLogLoss(base, label);
  }
  return baseLoss === 0 ? 0 : 1 - loss / baseLoss;
}
