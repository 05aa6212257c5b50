// Where a training stands, and its bytes: enough to go on elsewhere and end with the same network, bit by bit. The numbers
// that are random need no state: the order of every epoch follows from the seed and the number of the epoch.
import { err, ok, type Result } from "../../kernel/result.ts";
import { putShape, SHAPE_BYTES, takeFloats, takeShape } from "./lstm-bytes.ts";
import { type LstmShape, parameterCount, sameShape } from "./lstm-shape.ts";

export interface EpochLoss {
  /** Mean over the epoch's batches, each before its step. */
  readonly train: number;
  /** Over the later slice, after the epoch. Null without one. */
  readonly later: number | null;
}

export interface LstmTrainingState {
  readonly parameters: Float32Array;
  readonly means: Float32Array;
  readonly squares: Float32Array;
  /** Parameters after the best epoch; null before there was one. */
  readonly best: Float32Array | null;
  readonly bestEpoch: number;
  /** The epoch that is under way, and its batches that are done. */
  readonly epoch: number;
  readonly batch: number;
  /** Sum of the losses of the windows of this epoch so far. */
  readonly lossSum: number;
  readonly losses: readonly EpochLoss[];
  readonly hasDiverged: boolean;
}

/** What a state belongs to. It is of no use to another training. */
export interface LstmTrainingKey {
  readonly shape: LstmShape;
  readonly options: readonly number[];
  /** Of the windows of both slices. */
  readonly fingerprints: readonly number[];
}

export interface LstmStateRefusal {
  readonly code: "TRAINING_STATE_MALFORMED" | "TRAINING_STATE_OF_ANOTHER";
  readonly detail: string;
}

/** "AHT1" */
const MAGIC = 0x31544841;
/** Magic, shape, numbers of key entries and of epochs, whether there is a best and whether it diverged. */
const HEADER_BYTES = 4 + SHAPE_BYTES + 4 * 4;
/** Best epoch, epoch, batch, sum of losses. */
const PLACE_NUMBERS = 4;

export function stateToBytes(key: LstmTrainingKey, state: LstmTrainingState): Uint8Array<ArrayBuffer> {
  const numbers = [
    ...key.options,
    ...key.fingerprints,
    ...[state.bestEpoch, state.epoch, state.batch, state.lossSum],
    ...state.losses.flatMap(({ train, later }) => [train, later ?? Number.NaN]),
  ];
  const floats = [state.parameters, state.means, state.squares, ...(state.best === null ? [] : [state.best])];
  const count = parameterCount(key.shape);
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + numbers.length * 8 + floats.length * count * 4));
  view.setUint32(0, MAGIC, true);
  putShape(view, 4, key.shape);
  const head = [
    key.options.length + key.fingerprints.length,
    state.losses.length,
    state.best === null ? 0 : 1,
    state.hasDiverged ? 1 : 0,
  ];
  head.forEach((value, index) => {
    view.setUint32(4 + SHAPE_BYTES + index * 4, value, true);
  });
  numbers.forEach((value, index) => {
    view.setFloat64(HEADER_BYTES + index * 8, value, true);
  });
  let at = HEADER_BYTES + numbers.length * 8;
  for (const values of floats) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return new Uint8Array(view.buffer);
}

export function stateFromBytes(key: LstmTrainingKey, bytes: Uint8Array): Result<LstmTrainingState, LstmStateRefusal> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < HEADER_BYTES || view.getUint32(0, true) !== MAGIC)
    return malformed("no training begins like this");
  const shape = takeShape(view, 4);
  if (shape === null) return malformed("no network has this shape");
  const [keys, epochs, hasBest, hasDiverged] = [0, 1, 2, 3].map((index) =>
    view.getUint32(4 + SHAPE_BYTES + index * 4, true),
  ) as [number, number, number, number];
  const numbers = keys + PLACE_NUMBERS + 2 * epochs;
  const count = parameterCount(shape);
  if (hasBest > 1 || hasDiverged > 1) return malformed("a flag is neither set nor not");
  if (bytes.byteLength !== HEADER_BYTES + numbers * 8 + (3 + hasBest) * count * 4)
    return malformed(`${bytes.byteLength} bytes do not fit their own header`);
  const number = (index: number): number => view.getFloat64(HEADER_BYTES + index * 8, true);
  const expected = [...key.options, ...key.fingerprints];
  if (
    !sameShape(shape, key.shape) ||
    keys !== expected.length ||
    expected.some((value, index) => value !== number(index))
  )
    return err({ code: "TRAINING_STATE_OF_ANOTHER", detail: "shape, options or windows are not those it began with" });
  const array = (index: number): Float32Array =>
    takeFloats(view, HEADER_BYTES + numbers * 8 + index * count * 4, count);
  const [bestEpoch, epoch, batch, lossSum] = [0, 1, 2, 3].map((index) => number(keys + index)) as [
    number,
    number,
    number,
    number,
  ];
  if (![bestEpoch, epoch, batch].every((value) => Number.isInteger(value) && value >= 0) || epoch !== epochs)
    return malformed("it stands nowhere");
  return ok({
    parameters: array(0),
    means: array(1),
    squares: array(2),
    best: hasBest === 1 ? array(3) : null,
    bestEpoch,
    epoch,
    batch,
    lossSum,
    losses: Array.from({ length: epochs }, (_, index) => {
      const [train, later] = [number(keys + PLACE_NUMBERS + 2 * index), number(keys + PLACE_NUMBERS + 2 * index + 1)];
      return { train, later: Number.isNaN(later) ? null : later };
    }),
    hasDiverged: hasDiverged === 1,
  });
}

const malformed = (detail: string): Result<never, LstmStateRefusal> =>
  err({ code: "TRAINING_STATE_MALFORMED", detail });
