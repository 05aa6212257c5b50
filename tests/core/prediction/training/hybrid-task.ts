// One small training of a hybrid whose bytes Node and workerd must agree on, and every later version of either with them.
import { type Dataset, rowsOfDays } from "../../../../src/core/prediction/dataset.ts";
import type { MakeLstmKernel } from "../../../../src/core/prediction/lstm/lstm-kernel.ts";
import { TrainingRun } from "../../../../src/core/prediction/training/training-run.ts";
import { madeDataset } from "../made-dataset.ts";

export const HYBRID_OPTIONS = { seed: 7, trees: 12, units: 8, epochs: 3 };
export const HYBRID_DIGEST = "bc9bd71e1764393aea197635162c4e35db0f03994a3c44a08a79599b6589ab18";

export const hybridRows = (): Dataset => rowsOfDays(madeDataset({ days: 30, seed: 11, skill: 0.55 }), 0, 99_999_999);

/** In steps, each going on from what the one before has saved. */
export async function digestOfHybrid(make: MakeLstmKernel): Promise<string> {
  const input = { dataset: hybridRows(), make, options: HYBRID_OPTIONS };
  let run: ReturnType<typeof TrainingRun.resume> = TrainingRun.start(input);
  for (;;) {
    if (!run.ok) throw new Error(run.error.code);
    if (run.value.step(20_000).stage === "DONE") break;
    run = TrainingRun.resume(input, run.value.save());
  }
  const digest = await crypto.subtle.digest("SHA-256", run.value.result().bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
