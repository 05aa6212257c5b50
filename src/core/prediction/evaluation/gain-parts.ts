// What a gain over base rates is made of: knowing whether the index will move beyond its band at all, and knowing which way. The
// first is volatility, which comes in spells and is no direction; only the second could be traded with bought calls and puts.
import { CLASSES, NEUTRAL } from "../dataset.ts";
import { type BootstrapOptions, type Interval, meanInterval } from "./block-bootstrap.ts";
import { rowLogLoss } from "./class-scores.ts";
import type { JudgedModel, JudgedRows } from "./judged-rows.ts";

export interface GainPart {
  /** Log-loss per row, of all rows, that is taken away. */
  readonly gain: number;
  readonly interval: Interval;
}

/** The two parts sum to the gain of the whole. `base` stands in where no base rates were judged beside. */
export function gainParts(
  judged: JudgedRows,
  model: JudgedModel,
  positions: Int32Array,
  options: BootstrapOptions,
  base: Float64Array | null = null,
): { readonly move: GainPart; readonly sign: GainPart } | null {
  const count = CLASSES.length;
  const beside = judged.shares.majority ?? null;
  if (beside === null && base === null) return null;
  const days = new Map<number, { move: number; sign: number; rows: number }>();
  for (const position of positions) {
    const row = judged.rows[position] as number;
    const of = (all: Float64Array): Float64Array => all.subarray(position * count, (position + 1) * count);
    const own = of(judged.shares[model] as Float64Array);
    const rates = beside === null ? (base as Float64Array) : of(beside);
    const label = judged.dataset.direction[row] as number;
    const day = judged.dataset.day[row] as number;
    const sums = days.get(day) ?? { move: 0, sign: 0, rows: 0 };
    days.set(day, sums);
    sums.rows += 1;
    const whole = rowLogLoss(rates, label) - rowLogLoss(own, label);
    const move = moveLoss(rates, label) - moveLoss(own, label);
    sums.move += move;
    sums.sign += whole - move;
  }
  const all = [...days.values()];
  const rows = Float64Array.from(all, (own) => own.rows);
  const part = (of: "move" | "sign"): GainPart => {
    const sums = Float64Array.from(all, (own) => own[of]);
    return {
      gain: sums.reduce((sum, own) => sum + own, 0) / positions.length,
      interval: meanInterval(sums, rows, options),
    };
  };
  return { move: part("move"), sign: part("sign") };
}

/** Of the answer to "beyond the band or not" alone. */
function moveLoss(shares: ArrayLike<number>, label: number): number {
  const neutral = shares[NEUTRAL] as number;
  return label === NEUTRAL ? rowLogLoss([neutral], 0) : rowLogLoss([1 - neutral], 0);
}
