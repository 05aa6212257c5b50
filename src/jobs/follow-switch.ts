// A switch of the operator, carried out: the feeds' gates first, so that nothing new passes anywhere from then on, and then every
// account over the queue, so that each closes what it has. Numbered, so that every part may be repeated and come in any order.
import { markGated, switchOf } from "../adapters/storage/platform-switches.ts";
import { isUnderlying, UNDERLYINGS } from "../core/instrument/contract.ts";
import { required } from "../core/kernel/assert.ts";
import { jobKeyOf } from "../core/session/job.ts";
import type { AppEnv } from "../env.ts";
import type { PlatformSwitch } from "../ports/jobs.ts";
import { logFailure } from "./log.ts";
import type { JobStep } from "./run-job.ts";

const ATTEMPTS_MAX = 3;
const RETRY_AFTER_MS = 100;

export const followSwitch: JobStep = async (env, job, atMs) => {
  const changeNo = required(job.phase, "the number of the switch");
  const found = required(await switchOf(env.DB, changeNo), `switch ${changeNo}`);
  await setGates(env, found);
  return {
    type: "FOLLOW_SWITCH",
    atMs,
    jobKey: jobKeyOf(job),
    action: found.action,
    scope: found.scope === "PLATFORM" ? "PLATFORM" : `PLATFORM/${found.scope}`,
    haltId: found.haltId,
    changeNo,
    reason: found.reason,
    // The figures of a trip are those of many accounts, and none of one account's business.
    ...(found.cause === null
      ? {}
      : { seen: { cause: found.cause, evidence: { limit: null, value: null, unit: null, detail: found.reason } } }),
    prices: [],
  };
};

/** A feed that does not answer keeps no account from closing; the switch is not marked as gated, and is tried again. */
export async function setGates(env: AppEnv, { changeNo, action, scope, reason }: PlatformSwitch): Promise<boolean> {
  const feeds = isUnderlying(scope) ? [scope] : UNDERLYINGS;
  const gate = {
    scope: isUnderlying(scope) ? "UNDERLYING" : "PLATFORM",
    changeNo,
    reason: action === "HALT" ? reason : null,
  } as const;
  const set = await Promise.all(
    feeds.map(async (underlying) => {
      for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
        try {
          await env.MARKET_FEED.getByName(underlying).setGate(gate);
          return true;
        } catch (failure) {
          logFailure("gate", { underlying, changeNo, attempt }, failure);
          await scheduler.wait(RETRY_AFTER_MS * attempt);
        }
      }
      return false;
    }),
  );
  const isGated = set.every((each) => each);
  if (isGated) await markGated(env.DB, changeNo);
  return isGated;
}
