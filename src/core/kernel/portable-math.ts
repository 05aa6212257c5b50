// Exponential and logarithm out of additions, multiplications and divisions, which every platform rounds alike. Those of the
// platforms themselves differ by their last bit, Node's from workerd's among them, and a model's bytes would differ with them.

const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const SQRT2 = Math.SQRT2;
/** Beyond these the result is 0, or no longer finite. */
const LEAST = -708;
const MOST = 709;
const EXP_TERMS = 14;
const LOG_TERMS = 23;
const MANTISSA_BITS = 52;
const BIAS = 1_023;

const view = new DataView(new ArrayBuffer(8));

/** eˣ, within 2 × 10⁻¹⁶ of its value, as a share of it; 0 below −708. */
export function portableExp(x: number): number {
  if (!(x > LEAST)) return Number.isNaN(x) ? x : 0;
  if (x > MOST) return Number.POSITIVE_INFINITY;
  const twos = Math.round(x / (LN2_HIGH + LN2_LOW));
  const rest = x - twos * LN2_HIGH - twos * LN2_LOW;
  let sum = 1;
  for (let term = EXP_TERMS; term >= 1; term -= 1) sum = 1 + (rest / term) * sum;
  view.setUint32(0, (twos + BIAS) << (MANTISSA_BITS - 32));
  view.setUint32(4, 0);
  return sum * view.getFloat64(0);
}

/** ln x of a plain positive number, within 2 × 10⁻¹⁶ of 1 or of its value. */
export function portableLog(x: number): number {
  if (!(x > 0)) return x === 0 ? Number.NEGATIVE_INFINITY : Number.NaN;
  view.setFloat64(0, x);
  const high = view.getUint32(0);
  let twos = (high >>> (MANTISSA_BITS - 32)) - BIAS;
  view.setUint32(0, (high & 0x000fffff) | (BIAS << (MANTISSA_BITS - 32)));
  let mantissa = view.getFloat64(0);
  if (mantissa > SQRT2) {
    mantissa /= 2;
    twos += 1;
  }
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  let sum = 1 / LOG_TERMS;
  for (let odd = LOG_TERMS - 2; odd >= 1; odd -= 2) sum = 1 / odd + square * sum;
  return twos * LN2_HIGH + (2 * s * sum + twos * LN2_LOW);
}
