// How the shipped model is trained: chosen by walking forward over earlier years, never by a day that is shown or replayed
// (decision 0075). The commands go by the same. Trainings on the platform have their own window, TRAINING_WINDOW_DAYS, and all
// else from here.
import type { TrainingOptions } from "./training-options.ts";

export interface ModelTerms {
  /** Trading days to learn from. */
  readonly windowDays: number;
  readonly options: TrainingOptions;
}

export const MODEL_TERMS: ModelTerms = { windowDays: 250, options: { seed: 1 } };
