// Finds the least of a smooth convex function by L-BFGS: deterministic, no randomness, no step size to choose.

/** The value at `x`; its gradient is written into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

const MEMORY = 8;
/** Of the decrease that the slope promises, what a step must bring at least (Armijo). */
const DECREASE = 1e-4;
const HALVINGS_MAX = 40;

export function minimize(
  objective: Objective,
  start: Float64Array,
  { iterations = 200, tolerance = 1e-7 }: { readonly iterations?: number; readonly tolerance?: number } = {},
): Float64Array {
  let x = start.slice();
  let gradient = new Float64Array(x.length);
  let value = objective(x, gradient);
  const steps: { readonly moved: Float64Array; readonly turned: Float64Array; readonly inverse: number }[] = [];
  for (let iteration = 0; iteration < iterations && normOf(gradient) > tolerance; iteration += 1) {
    let direction = towards(gradient, steps);
    let slope = dot(direction, gradient);
    if (slope >= 0) {
      steps.length = 0;
      direction = gradient.map((entry) => -entry);
      slope = dot(direction, gradient);
    }
    const nextGradient = new Float64Array(x.length);
    let length = steps.length === 0 ? Math.min(1, 1 / normOf(gradient)) : 1;
    let [next, nextValue] = [x, Number.POSITIVE_INFINITY];
    for (let halving = 0; halving < HALVINGS_MAX; halving += 1) {
      next = x.map((entry, at) => entry + length * (direction[at] as number));
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + DECREASE * length * slope) break;
      length /= 2;
    }
    if (!(nextValue < value)) break;
    const moved = next.map((entry, at) => entry - (x[at] as number));
    const turned = nextGradient.map((entry, at) => entry - (gradient[at] as number));
    const curvature = dot(moved, turned);
    if (curvature > 1e-12) {
      steps.push({ moved, turned, inverse: 1 / curvature });
      if (steps.length > MEMORY) steps.shift();
    }
    [x, gradient, value] = [next, nextGradient, nextValue];
  }
  return x;
}

/** The two loops of L-BFGS: the gradient, bent by what the last steps have shown of the curvature. */
function towards(
  gradient: Float64Array,
  steps: readonly { readonly moved: Float64Array; readonly turned: Float64Array; readonly inverse: number }[],
): Float64Array {
  const bent = gradient.slice();
  const shares = new Float64Array(steps.length);
  for (let at = steps.length - 1; at >= 0; at -= 1) {
    const { moved, turned, inverse } = steps[at] as (typeof steps)[number];
    shares[at] = inverse * dot(moved, bent);
    addTo(bent, turned, -(shares[at] as number));
  }
  const last = steps.at(-1);
  const scale = last === undefined ? 1 : 1 / (last.inverse * dot(last.turned, last.turned));
  for (let at = 0; at < bent.length; at += 1) bent[at] = (bent[at] as number) * scale;
  for (const [at, { moved, turned, inverse }] of steps.entries())
    addTo(bent, moved, (shares[at] as number) - inverse * dot(turned, bent));
  return bent.map((entry) => -entry);
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at += 1) sum += (one[at] as number) * (other[at] as number);
  return sum;
}

function addTo(sum: Float64Array, other: Float64Array, times: number): void {
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] as number) + times * (other[at] as number);
}

const normOf = (vector: Float64Array): number => Math.sqrt(dot(vector, vector));
