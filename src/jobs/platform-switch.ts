// The way to stop everybody, or everybody in one underlying, for the operator and for the platform's own breaker: written down
// first, then carried out as a job, so that it is idempotent, resumable and visible. Whoever asks again, and cron every minute,
// takes up what was left.
import { addSwitch, unfinishedSwitches } from "../adapters/storage/platform-switches.ts";
import { epochMs, istDateOf } from "../core/kernel/time.ts";
import type { Job } from "../core/session/job.ts";
import type { AppEnv } from "../env.ts";
import type { BreakerSwitch, PlatformSwitch, SwitchRequest } from "../ports/jobs.ts";
import { setGates } from "./follow-switch.ts";
import { logFailure } from "./log.ts";
import { runJob } from "./run-job.ts";

/** Null: a resume of what was never stopped, or a trip that somebody's switch has overtaken. */
export async function switchPlatform(
  env: AppEnv,
  request: SwitchRequest | BreakerSwitch,
): Promise<PlatformSwitch | null> {
  const held = await addSwitch(env.DB, { ...request, atMs: epochMs(Date.now()) });
  if (held === null || held.action !== request.action) return null;
  await carryOut(env, held);
  return held;
}

/** What an earlier attempt has left undone. One that fails costs no other its turn. */
export async function finishSwitches(env: AppEnv): Promise<void> {
  for (const each of await unfinishedSwitches(env.DB)) {
    await carryOut(env, each).catch((failure: unknown) => logFailure("switch", { changeNo: each.changeNo }, failure));
  }
}

async function carryOut(env: AppEnv, held: PlatformSwitch): Promise<void> {
  const { action, changeNo, atMs, gatedMs } = held;
  const name = action === "HALT" ? "PLATFORM_HALT" : "PLATFORM_RESUME";
  const job: Job = { name, date: istDateOf(epochMs(atMs)), cycle: null, phase: changeNo };
  await runJob(env, job, epochMs(atMs));
  // The job sets the gates in its own step; after that only what a feed had not taken is left.
  if (gatedMs === null) await setGates(env, held);
}
