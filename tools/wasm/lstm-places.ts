// What all LSTM kernels share: how far apart numbers lie, and the two ways to round a product that is added.
import { BATCH_LANES } from "../../src/core/prediction/lstm/lstm-layout.ts";
import * as w from "./assembler.ts";

/** a × b + c. */
export type MultiplyAdd = (a: w.Code, b: w.Code, c: w.Code) => w.Code;

/** Rounds the product too, so that every machine gives the same bits. */
export const roundedTwice: MultiplyAdd = (a, b, c) => w.add(c, w.mul(a, b));
export const roundedOnce: MultiplyAdd = w.fused;

export const FLOAT = 4;
export const VECTOR = 16;
/** One row of the batch. */
export const ROW = BATCH_LANES * FLOAT;
/** The four gates of a unit, one row each: input, forget, candidate, output. */
export const GATES = 4 * ROW;
export const PAIR = 2 * VECTOR;

/** Advances two addresses or more, each by its own number of bytes. */
export const advance = (...steps: readonly (readonly [number, w.Code])[]): w.Code =>
  w.seq(...steps.map(([local, bytes]) => w.set(local, w.addInt(w.get(local), bytes))));
