// Every point at which an account waits, once each: the undisturbed script is run to count the calls, then again for every call
// and every stage of it with the object dropped exactly there. Enumerated, not sampled.
import { CRASH_STAGES, type RunRequest } from "./report.ts";

/** `calls`: how many the undisturbed run of the seed has made. */
export const evictionRuns = (seed: number, calls: number): readonly RunRequest[] =>
  Array.from({ length: calls }, (_, call) => call).flatMap((call) =>
    CRASH_STAGES.map((stage): RunRequest => ({ seed, plan: "SCRIPT", crash: { call, stage } })),
  );
