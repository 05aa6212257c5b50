// How a network is trained. Every option is part of what its bytes follow from.
import { assert } from "../../kernel/assert.ts";
import { BATCH_LANES } from "./lstm-layout.ts";

export interface LstmOptions {
  readonly seed: number;
  readonly epochs: number;
  /** Windows of a mini-batch, at most 32. */
  readonly batch?: number;
  readonly rate?: number;
  readonly meanDecay?: number;
  readonly squareDecay?: number;
  readonly epsilon?: number;
  /** A gradient longer than this is shortened to it. Null: never. */
  readonly clipNorm?: number | null;
  /** Ends after so many epochs in which the loss on the later slice has not become less. Null: never. */
  readonly patience?: number | null;
}

export type FullLstmOptions = Readonly<Required<LstmOptions>>;

/** Adam's own defaults, as everywhere. */
export function fullOptions(options: LstmOptions): FullLstmOptions {
  const full: FullLstmOptions = {
    batch: BATCH_LANES,
    rate: 1e-3,
    meanDecay: 0.9,
    squareDecay: 0.999,
    epsilon: 1e-8,
    clipNorm: 1,
    patience: 3,
    ...options,
  };
  assert(Number.isInteger(full.batch) && full.batch >= 1 && full.batch <= BATCH_LANES, `a batch of ${full.batch}`);
  assert(Number.isInteger(full.epochs) && full.epochs >= 1, `${full.epochs} epochs`);
  assert(full.rate > 0 && full.epsilon > 0, "a rate and an epsilon above 0");
  assert(full.clipNorm === null || full.clipNorm > 0, `clipping at ${full.clipNorm}`);
  assert(full.patience === null || full.patience >= 1, `a patience of ${full.patience}`);
  return full;
}

/** For bytes, in one order; null is 0, which none of them can be. */
export const optionNumbers = (full: FullLstmOptions): readonly number[] => [
  full.seed,
  full.epochs,
  full.batch,
  full.rate,
  full.meanDecay,
  full.squareDecay,
  full.epsilon,
  full.clipNorm ?? 0,
  full.patience ?? 0,
];
