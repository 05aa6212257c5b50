// When a new model is to be trained: never trained is due, and so is a newest one that is old enough (ML-03).
import { type EpochMs, MS_PER_DAY } from "../../kernel/time.ts";

export const isTrainingDue = (trainedAtMs: readonly EpochMs[], nowMs: EpochMs, everyDays: number): boolean =>
  trainedAtMs.every((each) => nowMs - each >= everyDays * MS_PER_DAY);
