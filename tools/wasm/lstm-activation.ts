// The logistic function and tanh, four at a time, within 10⁻⁶ (a test measures it).
import * as w from "./assembler.ts";
import type { MultiplyAdd } from "./lstm-places.ts";

/** Beyond this the logistic function is 0 or 1 as far as a float can tell. */
const EXPONENT_MAX = 43;
/** Added and taken away again, it leaves the nearest whole number, whose bits are then the lowest of the sum. */
const ROUNDER = 1.5 * 2 ** 23;
/** 2^f for f from −½ to ½, least greatest relative error (2 × 10⁻⁹ before rounding); exact at 0. */
const POWER_OF_TWO = [
  1, 0.6931471824645996, 0.24022646248340607, 0.05550328642129898, 0.009618489071726799, 0.0013399930903688073,
  0.0001534581242594868,
];

interface Activation {
  /** Comes first in the function. */
  readonly prepare: w.Code;
  readonly sigmoid: (into: number, value: w.Code) => w.Code;
  readonly tanh: (into: number, value: w.Code) => w.Code;
}

/**
 * 1 / (1 + 2^y): y is split into a whole number, which goes into the exponent, and a fraction. Constants are variables set
 * once, because a compiler that meets one in a loop makes it anew each time.
 */
export function activation(locals: w.Locals, multiplyAdd: MultiplyAdd): Activation {
  const [exponent, whole] = locals.make(2, "v128");
  const constants = new Map(
    [1, -Math.LOG2E, -2 * Math.LOG2E, EXPONENT_MAX, -EXPONENT_MAX, ROUNDER, ...POWER_OF_TWO].map(
      (value) => [value, locals.make(1, "v128")[0]] as const,
    ),
  );
  const constant = (value: number): w.Code => w.get(constants.get(value) as number);
  const logistic = (value: w.Code, scale: number): w.Code => {
    const [first, ...others] = POWER_OF_TWO.toReversed() as [number, ...number[]];
    const power = others.reduce((sum, factor) => multiplyAdd(sum, w.get(exponent), constant(factor)), constant(first));
    const scaled = w.mul(value, constant(-Math.LOG2E * scale));
    return w.seq(
      w.set(exponent, w.greatest(w.least(scaled, constant(EXPONENT_MAX)), constant(-EXPONENT_MAX))),
      w.set(whole, w.add(w.get(exponent), constant(ROUNDER))),
      w.set(exponent, w.sub(w.get(exponent), w.sub(w.get(whole), constant(ROUNDER)))),
      w.div(constant(1), w.add(constant(1), w.addBits(power, w.shiftLeft(w.get(whole), w.int(23))))),
    );
  };
  return {
    prepare: w.seq(...[...constants].map(([value, local]) => w.set(local, w.floats(value)))),
    sigmoid: (into, value) => w.set(into, logistic(value, 1)),
    tanh: (into, value) =>
      w.seq(w.set(into, logistic(value, 2)), w.set(into, w.sub(w.add(w.get(into), w.get(into)), constant(1)))),
  };
}
