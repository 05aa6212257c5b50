import { describe, expect, it } from "vitest";
import {
  CLASSES,
  type Dataset,
  featuresOfRow,
  rowsOfDays,
  UNKNOWN_LABEL,
} from "../../../../src/core/prediction/dataset.ts";
import { classScores } from "../../../../src/core/prediction/evaluation/class-scores.ts";
import { withLeakedFeature, withShuffledLabels } from "../../../../src/core/prediction/evaluation/leak-checks.ts";
import { baseRatesOf } from "../../../../src/core/prediction/models/calibration.ts";
import { ensembleModel, leanOf } from "../../../../src/core/prediction/models/ensemble.ts";
import { ensembleFromBytes, ensembleToBytes } from "../../../../src/core/prediction/models/ensemble-bytes.ts";
import { previousRows, sequenceOfRow } from "../../../../src/core/prediction/models/sequences.ts";
import type { TrainingResult } from "../../../../src/core/prediction/training/finish-training.ts";
import { TrainingRun } from "../../../../src/core/prediction/training/training-run.ts";
import { wasmKernel as make } from "../lstm/lstm-fixtures.ts";
import { madeDataset } from "../made-dataset.ts";

const OPTIONS = { seed: 7, trees: 12, units: 8, epochs: 3 };

function trained(dataset: Dataset, options = OPTIONS): TrainingResult {
  const run = TrainingRun.start({ dataset, make, options });
  if (!run.ok) throw new Error(run.error.code);
  while (run.value.step().stage !== "DONE");
  return run.value.result();
}

/** Log-loss on rows it never saw, less that of the training window's base rates. */
function excessLoss({ ensemble }: TrainingResult, learned: Dataset, fresh: Dataset): number {
  const model = ensembleModel(ensemble, make);
  const previous = previousRows(fresh);
  const rows = [...fresh.direction.keys()].filter((row) => fresh.direction[row] !== UNKNOWN_LABEL);
  const labels = Uint8Array.from(rows, (row) => fresh.direction[row] as number);
  const base = baseRatesOf(learned.direction, 3);
  const shares = new Float64Array(rows.length * 3);
  for (const [at, row] of rows.entries())
    shares.set(model.answer(featuresOfRow(fresh, row), sequenceOfRow(fresh, previous, row)).direction, at * 3);
  const constant = Float64Array.from(shares, (_, at) => base[at % 3] as number);
  return classScores(shares, labels, 3).logLoss - classScores(constant, labels, 3).logLoss;
}

const all = madeDataset({ days: 60, seed: 11, skill: 0.55 });
const split = (dataset: Dataset): [Dataset, Dataset] => {
  const middle = all.day[30 * 30] as number;
  return [rowsOfDays(dataset, 0, middle - 1), rowsOfDays(dataset, middle, 99_999_999)];
};
const [learned, fresh] = split(all);

describe("the training of a hybrid", () => {
  const whole = trained(learned);

  it("gives the same bytes wherever it is cut and however often", () => {
    for (const units of [900, 3_777, 20_000]) {
      let run: ReturnType<typeof TrainingRun.resume> = TrainingRun.start({ dataset: learned, make, options: OPTIONS });
      let steps = 0;
      for (;;) {
        if (!run.ok) throw new Error(run.error.code);
        const { stage } = run.value.step(units);
        steps += 1;
        if (stage === "DONE") break;
        run = TrainingRun.resume({ dataset: learned, make, options: OPTIONS }, run.value.save());
      }
      expect(steps).toBeGreaterThan(2);
      expect(Buffer.from(run.value.result().bytes).equals(Buffer.from(whole.bytes))).toBe(true);
    }
  });

  it("tells how far it is, without ever going back", () => {
    const run = TrainingRun.start({ dataset: learned, make, options: OPTIONS });
    if (!run.ok) throw new Error(run.error.code);
    let last = 0;
    for (let progress = run.value.progress(); progress.stage !== "DONE"; progress = run.value.step(2_000)) {
      expect(progress.done).toBeGreaterThanOrEqual(last);
      expect(progress.done).toBeLessThanOrEqual(progress.total);
      last = progress.done;
    }
    expect(run.value.progress().done).toBe(run.value.progress().total);
  });

  it("goes on with nothing but its own state", () => {
    const run = TrainingRun.start({ dataset: learned, make, options: OPTIONS });
    if (!run.ok) throw new Error(run.error.code);
    run.value.step(5_000);
    const saved = run.value.save();
    const other = {
      ...learned,
      direction: learned.direction.map((label, row) => (row === 5 ? (label + 1) % 3 : label)),
    };
    const code = (result: ReturnType<typeof TrainingRun.resume>) => (result.ok ? "" : result.error.code);
    expect(code(TrainingRun.resume({ dataset: other, make, options: OPTIONS }, saved))).toBe(
      "TRAINING_STATE_OF_ANOTHER",
    );
    expect(code(TrainingRun.resume({ dataset: learned, make, options: { ...OPTIONS, seed: 8 } }, saved))).toBe(
      "TRAINING_STATE_OF_ANOTHER",
    );
    expect(code(TrainingRun.resume({ dataset: learned, make, options: OPTIONS }, saved.slice(0, -1)))).toBe(
      "TRAINING_STATE_MALFORMED",
    );
    const few = TrainingRun.start({
      dataset: rowsOfDays(learned, 0, learned.day[30 * 8] as number),
      make,
      options: OPTIONS,
    });
    expect(few.ok ? "" : few.error.code).toBe("TOO_FEW_DAYS");
  });

  it("learns what there is to learn, and weighs features by it", () => {
    expect(whole.figures.importances[0]?.feature).toBe("signal");
    expect(excessLoss(whole, learned, fresh)).toBeLessThan(-0.05);
  });

  it("scores as chance on labels dealt out anew", () => {
    const [shuffled, later] = split(withShuffledLabels(all, 3));
    expect(excessLoss(trained(shuffled), shuffled, later)).toBeGreaterThan(-0.005);
    expect(excessLoss(trained(shuffled), shuffled, later)).toBeLessThan(0.03);
  });

  it("finds a planted leak, and scores as chance where it is taken out again", () => {
    const [blind, later] = split(madeDataset({ days: 60, seed: 12, skill: 0 }));
    const [leaky, laterLeaky] = split(withLeakedFeature(madeDataset({ days: 60, seed: 12, skill: 0 }), 0.5, 1));
    const canary = trained(leaky);
    expect(canary.figures.importances[0]?.feature).toBe("leak");
    expect(excessLoss(canary, leaky, laterLeaky)).toBeLessThan(-0.1);
    expect(excessLoss(trained(blind), blind, later)).toBeGreaterThan(-0.005);
  });

  it("never learns from the slice that says how far to believe it", () => {
    // Turned labels in the later slice alone change trusts and shifts, but not one tree or weight.
    const days = [...new Set(learned.day)];
    const from = days[24] as number;
    const direction = learned.direction.map((label, row) => ((learned.day[row] as number) >= from ? 2 - label : label));
    const turned = trained({ ...learned, direction });
    expect(turned.ensemble.forest).toEqual(whole.ensemble.forest);
    expect(turned.ensemble.network).toEqual(whole.ensemble.network);
    expect(turned.ensemble.direction.trust[0]).toBeLessThan(whole.ensemble.direction.trust[0] as number);
  });

  it("reads its own bytes, and refuses damaged ones", () => {
    const read = ensembleFromBytes(whole.bytes);
    if (!read.ok) throw new Error(read.error.detail);
    expect(Buffer.from(ensembleToBytes(read.value)).equals(Buffer.from(whole.bytes))).toBe(true);
    for (const damaged of [whole.bytes.slice(0, -1), whole.bytes.slice(4), new Uint8Array(), whole.bytes.slice(0, 40)])
      expect(ensembleFromBytes(damaged).ok).toBe(false);
    const spaced = whole.bytes.slice();
    spaced[13] = 0x20;
    expect(ensembleFromBytes(spaced).ok).toBe(false);
  });

  it("leans only to a view that is given more than its base rate", () => {
    const model = ensembleModel(whole.ensemble, make);
    const base = whole.ensemble.direction.base;
    const answer = (direction: readonly number[], outcome: readonly number[]) => ({
      direction: Float64Array.from(direction),
      outcome: Float64Array.from(outcome),
      forest: base,
      network: null,
    });
    const [bearish, neutral, bullish] = base as unknown as [number, number, number];
    expect(leanOf(model, answer([bearish + 0.1, neutral, bullish - 0.1], [0.6, 0.9, 0.9]))?.view).toBe(0);
    expect(leanOf(model, answer([bearish + 0.05, neutral + 0.05, bullish - 0.1], [0.6, 0.9, 0.9]))?.view).toBe(1);
    expect(leanOf(model, answer([...base], [0.9, 0.9, 0.9]))).toBeNull();
    expect(CLASSES).toHaveLength(3);
  });
});
