// Features on one scale, for models that multiply them: each less its mean and by its deviation, both of the training slice
// alone, cut off at five deviations. What is missing becomes 0 there, and says so in a number of its own: features that are
// missing in the same rows share one. A feature that hardly ever was there, or never varied, is left out.
export interface FeatureScale {
  /** Features that are used, by number. */
  readonly used: Int32Array;
  readonly means: Float64Array;
  readonly deviations: Float64Array;
  /** Features whose absence is told, by number. */
  readonly told: Int32Array;
}

const WITHIN = 5;
/** Share of the rows in which a feature has to be there. */
const PRESENT_MIN = 0.5;

export function fitScale(columns: readonly Float64Array[], rows: Int32Array): FeatureScale {
  const used: number[] = [];
  const means: number[] = [];
  const deviations: number[] = [];
  const told = new Map<string, number>();
  for (const [feature, column] of columns.entries()) {
    const { mean, deviation, present, pattern } = figuresOf(column, rows);
    if (present < PRESENT_MIN * rows.length || !(deviation > 0)) continue;
    used.push(feature);
    means.push(mean);
    deviations.push(deviation);
    if (present < rows.length && !told.has(pattern)) told.set(pattern, feature);
  }
  return {
    used: Int32Array.from(used),
    means: Float64Array.from(means),
    deviations: Float64Array.from(deviations),
    told: Int32Array.from(told.values()),
  };
}

export const scaledCount = ({ used, told }: FeatureScale): number => used.length + told.length;

/** Writes the scaled numbers of one row, from `at` on. `featureAt` gives a feature by its number. */
export function putScaled(
  { used, means, deviations, told }: FeatureScale,
  featureAt: (feature: number) => number,
  into: Float32Array | Float64Array,
  at: number,
): void {
  for (let index = 0; index < used.length; index += 1) {
    const value = featureAt(used[index] as number);
    const scaled = (value - (means[index] as number)) / (deviations[index] as number);
    into[at + index] = Number.isNaN(value) ? 0 : Math.max(-WITHIN, Math.min(WITHIN, scaled));
  }
  for (let index = 0; index < told.length; index += 1)
    into[at + used.length + index] = Number.isNaN(featureAt(told[index] as number)) ? 1 : 0;
}

function figuresOf(column: Float64Array, rows: Int32Array) {
  let [present, sum, squares, pattern] = [0, 0, 0, 0x811c9dc5];
  for (const row of rows) {
    const value = column[row] as number;
    const isThere = !Number.isNaN(value);
    pattern = Math.imul(pattern ^ (isThere ? 1 : 2), 0x01000193);
    if (!isThere) continue;
    present += 1;
    sum += value;
  }
  const mean = sum / Math.max(1, present);
  for (const row of rows) {
    const value = column[row] as number;
    if (!Number.isNaN(value)) squares += (value - mean) * (value - mean);
  }
  return { mean, deviation: Math.sqrt(squares / Math.max(1, present)), present, pattern: `${present}/${pattern}` };
}
