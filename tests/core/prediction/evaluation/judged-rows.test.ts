import { describe, expect, it } from "vitest";
import { directionFigures } from "../../../../src/core/prediction/evaluation/direction-figures.ts";
import { gainParts } from "../../../../src/core/prediction/evaluation/gain-parts.ts";
import {
  type JudgedRows,
  joinJudged,
  judgeSplit,
  positionsWith,
} from "../../../../src/core/prediction/evaluation/judged-rows.ts";
import { outcomeReliability, viewFigures } from "../../../../src/core/prediction/evaluation/view-figures.ts";
import { walkForwardSplits } from "../../../../src/core/prediction/evaluation/walk-forward.ts";
import { wasmKernel as make } from "../lstm/lstm-fixtures.ts";
import { madeDataset } from "../made-dataset.ts";

const OPTIONS = { seed: 7, trees: 12, units: 8, epochs: 2 };
const FIGURES = { seed: 1, repetitions: 200, trials: 1 };

function walked(skill: number): JudgedRows {
  const made = madeDataset({ days: 60, seed: 21, skill });
  const nets = made.outcome.map((labels) => Float64Array.from(labels, (label) => (label === 1 ? 10_000 : -30_000)));
  const dataset = { ...made, netPaise: nets as unknown as readonly [Float64Array, Float64Array, Float64Array] };
  return joinJudged(
    walkForwardSplits(dataset, { testDays: 15 }).flatMap(
      (split) => judgeSplit(dataset, split, { make, options: OPTIONS })?.judged ?? [],
    ),
  );
}

// Models are trained: seconds alone, many of them where other work has the cores.
describe("a walk forward", { timeout: 60_000 }, () => {
  const skilled = walked(0.6);

  it("sees skill where there is some: better than base rates and older models, calibrated, right as often as stated", () => {
    const positions = positionsWith(skilled);
    const figures = (model: "hybrid" | "majority" | "v9") => directionFigures(skilled, model, positions, FIGURES);
    expect(figures("hybrid").rows).toBe(skilled.rows.length);
    expect(figures("hybrid").gainInterval?.low).toBeGreaterThan(0.05);
    expect(figures("hybrid").logLoss).toBeLessThan(figures("v9").logLoss);
    expect(figures("majority").gain).toBe(0);
    const { above70, netPaise, sharpe: known, sharpeInterval } = viewFigures(skilled, positions, FIGURES);
    const sharpe = known ?? Number.NaN;
    expect(above70.n).toBeGreaterThan(50);
    expect(above70.hitRate).toBeGreaterThan(0.66);
    expect(Math.sign(sharpe)).toBe(Math.sign(netPaise));
    expect(sharpeInterval?.low).toBeLessThan(sharpe);
    expect(sharpeInterval?.high).toBeGreaterThan(sharpe);
    expect(outcomeReliability(skilled).ece).toBeLessThan(0.1);
  });

  it("tells knowing whether from knowing which way, and both make up the whole", () => {
    const positions = positionsWith(skilled);
    const parts = gainParts(skilled, "hybrid", positions, FIGURES);
    const whole = directionFigures(skilled, "hybrid", positions, FIGURES).gain as number;
    expect((parts?.move.gain ?? 0) + (parts?.sign.gain ?? 0)).toBeCloseTo(whole, 12);
    expect(parts?.sign.interval.low).toBeGreaterThan(0.05);
  });

  it("sees none where there is none, and voices nothing then", () => {
    const blind = walked(0);
    const positions = positionsWith(blind);
    const { gain, gainInterval } = directionFigures(blind, "hybrid", positions, FIGURES);
    expect(gain).toBeLessThan(0.005);
    expect(gainInterval?.low).toBeLessThan(0);
    expect(directionFigures(blind, "v9", positions, FIGURES).gain).toBeLessThan(0);
  });

  it("counts one lot for every view above 70 % and nothing else", () => {
    const positions = positionsWith(skilled, (row) => skilled.dataset.underlying[row] === 1);
    const { above70, trades, netPaise } = viewFigures(skilled, positions, FIGURES);
    let [count, hits] = [0, 0];
    for (const at of positions) {
      if (!((skilled.probability[at] as number) > 0.7)) continue;
      count += 1;
      hits += skilled.dataset.outcome[skilled.view[at] as 0 | 1 | 2][skilled.rows[at] as number] as number;
    }
    expect([trades, above70.n]).toEqual([count, count]);
    expect(netPaise).toBe(hits * 10_000 - (count - hits) * 30_000);
  });
});
