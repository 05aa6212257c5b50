// Multinomial logistic regression with a ridge: what straight lines through the scaled features can tell. A baseline that the
// larger models have to beat; the same data always gives the same weights.
import { minimize } from "./minimize.ts";
import { softmaxOf } from "./softmax.ts";

export interface Logistic {
  readonly classes: number;
  readonly inputs: number;
  /** `[class][inputs, bias]` */
  readonly weights: Float64Array;
}

/** Rows' worth of pull towards 0 on every weight but the biases. */
const RIDGE = 10;

/** `inputs`: `[row][input]`, scaled. */
export function fitLogistic(inputs: Float64Array, labels: Uint8Array, classes: number, ridge = RIDGE): Logistic {
  const count = inputs.length / labels.length;
  const stride = count + 1;
  const scores = new Float64Array(classes);
  const weights = minimize(
    (x, gradient) => {
      let value = 0;
      for (let at = 0; at < x.length; at += 1) {
        const own = at % stride === count ? 1e-6 : ridge;
        value += (own / 2) * (x[at] as number) * (x[at] as number);
        gradient[at] = own * (x[at] as number);
      }
      for (let row = 0; row < labels.length; row += 1) {
        const label = labels[row] as number;
        putScores(x, stride, inputs, row * count, scores);
        softmaxOf(scores);
        value -= Math.log(Math.max(1e-12, scores[label] as number));
        for (let index = 0; index < classes; index += 1) {
          const off = (scores[index] as number) - (index === label ? 1 : 0);
          const from = index * stride;
          for (let input = 0; input < count; input += 1)
            gradient[from + input] = (gradient[from + input] as number) + off * (inputs[row * count + input] as number);
          gradient[from + count] = (gradient[from + count] as number) + off;
        }
      }
      return value;
    },
    new Float64Array(classes * stride),
    { iterations: 60, tolerance: 1e-3 },
  );
  return { classes, inputs: count, weights };
}

export function logisticShares(
  { classes, inputs: count, weights }: Logistic,
  inputs: Float64Array,
  at = 0,
): Float64Array {
  const scores = new Float64Array(classes);
  putScores(weights, count + 1, inputs, at, scores);
  return softmaxOf(scores);
}

function putScores(
  weights: Float64Array,
  stride: number,
  inputs: Float64Array,
  at: number,
  scores: Float64Array,
): void {
  const count = stride - 1;
  for (let index = 0; index < scores.length; index += 1) {
    const from = index * stride;
    let sum = weights[from + count] as number;
    for (let input = 0; input < count; input += 1)
      sum += (weights[from + input] as number) * (inputs[at + input] as number);
    scores[index] = sum;
  }
}
