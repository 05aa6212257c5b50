// What models said about rows they had learned nothing from, side by side: the shares of direction by every model, and the view
// that the hybrid would have voiced with its probability.
import { CLASSES, type Dataset, featuresOfRow, takeRows, UNKNOWN_LABEL } from "../dataset.ts";
import { logisticModel, majorityModel, persistenceModel, rowsWithDirection, v9Model } from "../models/baselines.ts";
import { type EnsembleModel, ensembleModel, leanOf } from "../models/ensemble.ts";
import { previousRows, sequenceOfRow } from "../models/sequences.ts";
import type { DirectionModel } from "../predictor.ts";
import type { TrainingResult } from "../training/finish-training.ts";
import { type TrainingInput, TrainingRun } from "../training/training-run.ts";
import type { Split } from "./walk-forward.ts";

/** In the order of the report: what has to be beaten, the parts, the whole. */
export const JUDGED_MODELS = [
  "majority",
  "persistence",
  "logistic",
  "v9",
  "forest",
  "lstm",
  "blend",
  "hybrid",
] as const;
export type JudgedModel = (typeof JUDGED_MODELS)[number];

export const NO_VIEW = 255;

export interface JudgedRows {
  readonly dataset: Dataset;
  /** Rows of the dataset that were judged, in order. */
  readonly rows: Int32Array;
  /** By model: `[judged row][class]`. Only the hybrid's where a finished model is judged. */
  readonly shares: Readonly<Partial<Record<JudgedModel, Float64Array>>>;
  /** The view that would be voiced, before the gate, or `NO_VIEW`. */
  readonly view: Uint8Array;
  /** Calibrated probability that its structure makes money; NaN without a view. */
  readonly probability: Float64Array;
  /** By class: the same probability of every view; NaN where there is no head. */
  readonly outcome: Float64Array;
}

/** Judges a finished hybrid on rows. */
export function judgeRows(model: EnsembleModel, dataset: Dataset, rows: Int32Array): JudgedRows {
  const judged = blank(dataset, rows, ["forest", "lstm", "blend", "hybrid"]);
  const previous = previousRows(dataset);
  for (const [at, row] of rows.entries()) judgeRow(judged, model, previous, row, at);
  return judged;
}

/** Learns hybrid and baselines from the rows of a split and judges all of them on its later days. */
export function judgeSplit(
  dataset: Dataset,
  split: Split,
  { make, options }: Omit<TrainingInput, "dataset">,
): { readonly judged: JudgedRows; readonly result: TrainingResult } | null {
  const learned = takeRows(dataset, split.train);
  const run = TrainingRun.start({ dataset: learned, make, options });
  if (!run.ok) return null;
  while (run.value.step(Number.MAX_SAFE_INTEGER).stage !== "DONE");
  const result = run.value.result();
  const rows = Int32Array.from({ length: split.testTo - split.testFrom }, (_, at) => split.testFrom + at);
  const judged = blank(dataset, rows, JUDGED_MODELS);
  const model = ensembleModel(result.ensemble, make);
  const previous = previousRows(dataset);
  const own = { dataset, rows: rowsWithDirection(dataset, split.train) };
  const baselines = [majorityModel(own), persistenceModel(own), logisticModel(own), v9Model(own, options.seed)];
  for (const [at, row] of rows.entries()) {
    judgeRow(judged, model, previous, row, at);
    for (const baseline of baselines)
      put(judged, baseline.id as JudgedModel, at, baselineShares(baseline, dataset, row));
  }
  return { judged, result };
}

/** Judgements of several splits of one dataset as one. */
export function joinJudged(parts: readonly JudgedRows[]): JudgedRows {
  const [first] = parts;
  if (first === undefined) throw new RangeError("nothing was judged");
  const joined = (of: (part: JudgedRows) => Float64Array): Float64Array =>
    Float64Array.from(parts.flatMap((part) => [...of(part)]));
  const models = Object.keys(first.shares) as JudgedModel[];
  return {
    dataset: first.dataset,
    rows: Int32Array.from(parts.flatMap(({ rows }) => [...rows])),
    shares: Object.fromEntries(models.map((model) => [model, joined(({ shares }) => shares[model] as Float64Array)])),
    view: Uint8Array.from(parts.flatMap(({ view }) => [...view])),
    probability: joined(({ probability }) => probability),
    outcome: joined(({ outcome }) => outcome),
  };
}

/** Positions among the judged rows whose direction is known, and which pass a filter. */
export function positionsWith(
  { dataset, rows }: JudgedRows,
  isWanted: (row: number) => boolean = () => true,
): Int32Array {
  const positions: number[] = [];
  for (const [at, row] of rows.entries())
    if (dataset.direction[row] !== UNKNOWN_LABEL && isWanted(row)) positions.push(at);
  return Int32Array.from(positions);
}

function blank(dataset: Dataset, rows: Int32Array, models: readonly JudgedModel[]): JudgedRows {
  const shares = (): Float64Array => new Float64Array(rows.length * CLASSES.length);
  return {
    dataset,
    rows,
    shares: Object.fromEntries(models.map((model) => [model, shares()])),
    view: new Uint8Array(rows.length).fill(NO_VIEW),
    probability: new Float64Array(rows.length).fill(Number.NaN),
    outcome: shares(),
  };
}

function judgeRow(judged: JudgedRows, model: EnsembleModel, previous: Int32Array, row: number, at: number): void {
  const { dataset } = judged;
  const answer = model.answer(featuresOfRow(dataset, row), sequenceOfRow(dataset, previous, row));
  const network = answer.network ?? answer.forest;
  put(judged, "forest", at, answer.forest);
  put(judged, "lstm", at, network);
  put(
    judged,
    "blend",
    at,
    answer.forest.map((share, index) => (share + (network[index] as number)) / 2),
  );
  put(judged, "hybrid", at, answer.direction);
  judged.outcome.set(answer.outcome, at * CLASSES.length);
  const lean = leanOf(model, answer);
  if (lean === null) return;
  judged.view[at] = lean.view;
  judged.probability[at] = lean.probability;
}

function put({ shares }: JudgedRows, model: JudgedModel, at: number, own: Float64Array): void {
  shares[model]?.set(own, at * CLASSES.length);
}

/** Baselines read one row and no sequence. */
const baselineShares = (model: DirectionModel, dataset: Dataset, row: number): Float64Array => {
  const features = featuresOfRow(dataset, row);
  return model.shares(features, features);
};
