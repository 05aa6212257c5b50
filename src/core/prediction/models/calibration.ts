// Blending and calibration in one: every model says how far the shares depart from the base rates, and a later slice says how
// much of that departure to believe. A model without skill there is believed not at all, and the base rates remain; one that is
// too sure of itself is believed in part, which is what a temperature does.
//
//   ln share(class) = ln base(class) + Σ trust(model) × (ln share of the model − ln base) + shift(class), normalized
//
// Trusts are never negative. Trusts and shifts are drawn towards 0 (ridge), by as much as a few rows of evidence would.
import { assert } from "../../kernel/assert.ts";
import { portableLog } from "../../kernel/portable-math.ts";
import { minimize } from "./minimize.ts";
import { softmaxOf } from "./softmax.ts";

export interface Calibration {
  /** Shares of the classes in what was learned from. */
  readonly base: Float64Array;
  /** By model. */
  readonly trust: Float64Array;
  /** By class; sums to 0. */
  readonly shift: Float64Array;
}

export interface CalibrationOptions {
  /** The greater, the less a trust departs from 0. */
  readonly trustRidge: number;
  readonly shiftRidge: number;
}

/** A model is never taken at its word that something cannot be: so much of the base rates is mixed into its shares. */
const MIXED_IN = 0.02;

export const CALIBRATION: CalibrationOptions = { trustRidge: 4, shiftRidge: 40 };

/** Frequencies of the classes among the labels, each class counted once more than it occurs, so that none is impossible. */
export function baseRatesOf(labels: Iterable<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes).fill(1);
  for (const label of labels) if (label < classes) counts[label] = (counts[label] as number) + 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

/** `shares[model]`: `[row][class]` on the later slice, whose classes came as `labels` say. */
export function fitCalibration(
  base: Float64Array,
  shares: readonly Float64Array[],
  labels: Uint8Array,
  options: CalibrationOptions = CALIBRATION,
): Calibration {
  let believed = shares.map((_, model) => model);
  for (;;) {
    const { trust, shift } = fitTrusts(
      base,
      believed.map((model) => shares[model] as Float64Array),
      labels,
      options,
    );
    const worst = trust.reduce((least, value, at) => (value < (trust[least] as number) ? at : least), 0);
    if (trust.length === 0 || (trust[worst] as number) >= 0) {
      const all = new Float64Array(shares.length);
      for (const [at, model] of believed.entries()) all[model] = trust[at] as number;
      return { base, trust: all, shift };
    }
    // What speaks against a model is no skill of its opposite: it is left out, and the others are fitted anew.
    believed = believed.filter((_, at) => at !== worst);
  }
}

/** The calibrated shares for one row; `shares[model]`: `[class]`. */
export function calibrated({ base, trust, shift }: Calibration, shares: readonly ArrayLike<number>[]): Float64Array {
  const scores = base.map((rate, index) => portableLog(rate) + (shift[index] as number));
  for (const [model, own] of shares.entries()) {
    const weight = trust[model] as number;
    if (weight === 0) continue;
    for (let index = 0; index < scores.length; index += 1)
      scores[index] = (scores[index] as number) + weight * departure(own[index] as number, base[index] as number);
  }
  return softmaxOf(scores);
}

const departure = (share: number, base: number): number =>
  portableLog((1 - MIXED_IN) * share + MIXED_IN * base) - portableLog(base);

function fitTrusts(
  base: Float64Array,
  shares: readonly Float64Array[],
  labels: Uint8Array,
  { trustRidge, shiftRidge }: CalibrationOptions,
): { readonly trust: Float64Array; readonly shift: Float64Array } {
  const [models, classes] = [shares.length, base.length];
  const departures = shares.map((own) => {
    assert(own.length === labels.length * classes, `${own.length} shares of ${labels.length} rows`);
    return own.map((share, at) => departure(share, base[at % classes] as number));
  });
  const scores = new Float64Array(classes);
  const found = minimize(
    (x, gradient) => {
      let value = 0;
      for (let at = 0; at < x.length; at += 1) {
        const ridge = at < models ? trustRidge : shiftRidge;
        value += (ridge / 2) * (x[at] as number) * (x[at] as number);
        gradient[at] = ridge * (x[at] as number);
      }
      for (let row = 0; row < labels.length; row += 1) {
        const label = labels[row] as number;
        for (let index = 0; index < classes; index += 1) {
          let score = portableLog(base[index] as number) + (x[models + index] as number);
          for (let model = 0; model < models; model += 1)
            score += (x[model] as number) * ((departures[model] as Float64Array)[row * classes + index] as number);
          scores[index] = score;
        }
        softmaxOf(scores);
        value -= portableLog(Math.max(1e-12, scores[label] as number));
        for (let index = 0; index < classes; index += 1) {
          const off = (scores[index] as number) - (index === label ? 1 : 0);
          gradient[models + index] = (gradient[models + index] as number) + off;
          for (let model = 0; model < models; model += 1)
            gradient[model] =
              (gradient[model] as number) +
              off * ((departures[model] as Float64Array)[row * classes + index] as number);
        }
      }
      return value;
    },
    new Float64Array(models + classes),
  );
  return { trust: found.slice(0, models), shift: found.slice(models) };
}
