// Every point at which an account waits, once each: an undisturbed script is run to count the calls, alarms and timers, then again
// for every one of them with the object dropped exactly there. Enumerated, not sampled.
import { CRASH_STAGES, type CrashStage, type RunRequest, type Script } from "./report.ts";

type Stages = (call: number) => readonly CrashStage[];
export const EVERY_STAGE: Stages = () => CRASH_STAGES;
/** Each point at one of its stages, the next point at the next one. */
export const IN_TURN: Stages = (call) => CRASH_STAGES.filter((_, stage) => stage === call % CRASH_STAGES.length);

/** `calls`: how many the undisturbed run of the seed has made. */
export const evictionRuns = (seed: number, plan: Script, calls: number, stages = EVERY_STAGE): readonly RunRequest[] =>
  Array.from({ length: calls }, (_, call) => call).flatMap((call) =>
    stages(call).map((stage): RunRequest => ({ seed, plan, crash: { call, stage } })),
  );
