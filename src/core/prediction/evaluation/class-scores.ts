// How good stated probabilities of classes were, once it is known what came. All scores are means over rows, so that scores of
// days or of indices can be put together and drawn anew.
import { assert } from "../../kernel/assert.ts";
import { mostLikely } from "../forest/random-forest.ts";
import { calibrationError, reliabilityBins } from "./reliability.ts";

/** Nobody is asked to pay for more certainty than this: a share of 0 for what came would make every mean infinite. */
const SHARE_MIN = 1e-6;

export interface ClassScores {
  readonly rows: number;
  /** Share of rows whose most likely class came. */
  readonly accuracy: number;
  /** What always naming the class that came most often would have scored, in hindsight. */
  readonly majority: number;
  /** Mean of −ln of the share given to what came. */
  readonly logLoss: number;
  /** The same for the classes' own frequencies among these rows: no constant answer can do better, even in hindsight. */
  readonly hindsightLogLoss: number;
  /** Mean over rows of the squared distances of all shares from 1 for what came and 0 for the rest: 0 to 2. */
  readonly brier: number;
  /** Of the share of the most likely class, in ten bins: how far stated and observed are apart on average. */
  readonly ece: number;
}

/** `shares`: `[row][class]`. */
export function classScores(shares: Float64Array, labels: Uint8Array, classes: number): ClassScores {
  const rows = labels.length;
  assert(rows > 0 && shares.length === rows * classes, `${shares.length} shares for ${rows} rows`);
  const counts = new Float64Array(classes);
  const [top, came] = [new Float64Array(rows), new Uint8Array(rows)];
  let [right, loss, squares] = [0, 0, 0];
  for (let row = 0; row < rows; row += 1) {
    const label = labels[row] as number;
    const own = shares.subarray(row * classes, (row + 1) * classes);
    counts[label] = (counts[label] as number) + 1;
    const best = mostLikely(own);
    if (best === label) right += 1;
    loss += rowLogLoss(own, label);
    squares += rowBrier(own, label);
    top[row] = own[best] as number;
    came[row] = best === label ? 1 : 0;
  }
  return {
    rows,
    accuracy: right / rows,
    majority: Math.max(...counts) / rows,
    logLoss: loss / rows,
    hindsightLogLoss: counts.reduce((sum, count) => sum - (count > 0 ? (count / rows) * Math.log(count / rows) : 0), 0),
    brier: squares / rows,
    ece: calibrationError(reliabilityBins(top, came)),
  };
}

export const rowLogLoss = (shares: ArrayLike<number>, label: number): number =>
  -Math.log(Math.max(SHARE_MIN, shares[label] as number));

function rowBrier(shares: ArrayLike<number>, label: number): number {
  let squares = 0;
  for (let index = 0; index < shares.length; index += 1)
    squares += ((shares[index] as number) - (index === label ? 1 : 0)) ** 2;
  return squares;
}
