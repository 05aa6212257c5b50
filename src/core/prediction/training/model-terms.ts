// How the live model is trained: chosen by walking forward over earlier years, never by a day that is shown or replayed
// (decision 0075). The weekly training and the commands go by the same.
import type { TrainingOptions } from "./training-options.ts";

export interface ModelTerms {
  /** Trading days to learn from (ML-01, C-18: thirty unless configured otherwise). */
  readonly windowDays: number;
  readonly options: TrainingOptions;
}

export const MODEL_TERMS: ModelTerms = { windowDays: 250, options: { seed: 1 } };
