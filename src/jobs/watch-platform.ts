// Looks at the platform as a whole once a minute, and throws the operator's own switch when the sums say so. It reads, and decides
// by core/risk/platform-breaker.ts; whatever does not answer in time is no reason to stop anybody, and is logged.

import { lastSwitchOf } from "../adapters/storage/platform-switches.ts";
import {
  accountsTrading,
  keepWatch,
  venueErrorsSince,
  type WatchedDay,
  watchedDay,
} from "../adapters/storage/platform-watch.ts";
import { UNDERLYINGS } from "../core/instrument/contract.ts";
import { inLanes } from "../core/kernel/in-lanes.ts";
import { type EpochMs, epochMs, istDateOf, MS_PER_SECOND } from "../core/kernel/time.ts";
import type { AccountStanding } from "../core/risk/account-standing.ts";
import {
  MARKS_OF_A_NEW_DAY,
  marksAfter,
  PLATFORM_ERRORS_WINDOW_MS,
  type PlatformLook,
  type PlatformMarks,
  type PlatformTotals,
  platformLimitsOf,
  platformTrip,
  silenceOfAll,
  totalsOf,
} from "../core/risk/platform-breaker.ts";
import type { AppEnv } from "../env.ts";
import type { PlatformSwitch } from "../ports/jobs.ts";
import { pricesOf } from "./feeds.ts";
import { logFailure } from "./log.ts";
import { switchPlatform } from "./platform-switch.ts";
import { jobsDueBy } from "./schedule.ts";

const LANES_MAX = 16;
const ANSWER_MAX_MS = 3 * MS_PER_SECOND;
/** A look that took longer is about a market that has moved on. */
const LOOK_MAX_MS = 30 * MS_PER_SECOND;

export async function watchPlatform(env: AppEnv, nowMs: EpochMs): Promise<void> {
  const openMs = openSince(nowMs);
  if (openMs === null) return;
  const startedMs = Date.now();
  const last = await lastSwitchOf(env.DB, "PLATFORM");
  if (last?.action === "HALT") return;
  const date = istDateOf(nowMs);
  const sinceMs = epochMs(Math.max(openMs, last?.atMs ?? 0));
  const errorsSinceMs = epochMs(Math.max(sinceMs, nowMs - PLATFORM_ERRORS_WINDOW_MS));
  const [totals, silencesMs, errors, known] = await Promise.all([
    readTotals(env, nowMs),
    Promise.all(UNDERLYINGS.map((underlying) => silenceOf(env, underlying))),
    venueErrorsSince(env.DB, date, errorsSinceMs),
    watchedDay(env.DB, date),
  ]);
  const marks = marksAfter(marksBefore(known, last, openMs), totals);
  const reading = { ...totals, ...errors, silentMs: silenceOfAll(silencesMs, nowMs, sinceMs) };
  const limits = platformLimits(env);
  const trip = platformTrip(reading, marks, limits);
  const tookMs = Date.now() - startedMs;
  if (tookMs > LOOK_MAX_MS) throw new Error(`the look at ${date} took ${tookMs} ms and counts for nothing`);
  const afterChangeNo = last?.changeNo ?? 0;
  if (trip !== null) {
    const { cause, evidence } = trip;
    const thrown = { action: "HALT", scope: "PLATFORM", reason: evidence.detail, byKey: "breaker" } as const;
    const held = await switchPlatform(env, { ...thrown, cause, evidence, afterChangeNo });
    if (held !== null) logFailure("platform-breaker", { haltId: held.haltId, cause, ...evidence }, "stopped everybody");
  }
  if (marks === null) return;
  const look: PlatformLook = { ...reading, limits };
  await keepWatch(env.DB, { date, afterChangeNo, ...marks, look: JSON.stringify(look), atMs: nowMs });
}

const platformLimits = (env: AppEnv): ReturnType<typeof platformLimitsOf> =>
  platformLimitsOf({
    lossShareBps: env.PLATFORM_LOSS_SHARE_BPS,
    drawdownBps: env.PLATFORM_DRAWDOWN_BPS,
    silentMs: env.PLATFORM_SILENT_MS,
    errorAccountsMin: env.PLATFORM_ERROR_ACCOUNTS_MIN,
  });

/** When the market opened; null before that, once the day is being settled, and on a day without trading. */
function openSince(nowMs: EpochMs): EpochMs | null {
  const due = jobsDueBy(nowMs);
  const pull = due.find(({ job }) => job.name === "PULL");
  return pull === undefined || due.some(({ job }) => job.name === "SETTLE_PROVISIONAL") ? null : pull.atMs;
}

/** From the day's beginning, until somebody has resumed the platform in the course of it: then anew from the first look after. */
function marksBefore(known: WatchedDay | null, last: PlatformSwitch | null, openMs: EpochMs): PlatformMarks | null {
  if (known !== null) return known.afterChangeNo === (last?.changeNo ?? 0) ? known : null;
  return last === null || last.atMs < openMs ? MARKS_OF_A_NEW_DAY : null;
}

async function readTotals(env: AppEnv, nowMs: EpochMs): Promise<PlatformTotals> {
  const accountIds = await accountsTrading(env.DB, istDateOf(nowMs));
  const standings = await inLanes(accountIds, LANES_MAX, (accountId) =>
    answerOf("standing", accountId, env.ACCOUNT.getByName(accountId).standing()),
  );
  const contracts = new Map(
    standings.flatMap((standing: AccountStanding | null | undefined) =>
      (standing?.open ?? []).map(({ contract }) => [contract.instrumentId, contract] as const),
    ),
  );
  const prices = await answerOf("prices", "feeds", pricesOf(env, [...contracts.values()]));
  return totalsOf(standings, prices ?? []);
}

/** Null also where a feed does not answer: an object that cannot be reached says nothing about its market. */
async function silenceOf(env: AppEnv, underlying: (typeof UNDERLYINGS)[number]): Promise<number | null> {
  const view = await answerOf("silence", underlying, env.MARKET_FEED.getByName(underlying).view({ quotes: "NONE" }));
  return view?.liveSilentMs ?? null;
}

/** Undefined when it fails or takes too long. */
async function answerOf<T>(what: string, whose: string, asked: Promise<T>): Promise<T | undefined> {
  const late = scheduler.wait(ANSWER_MAX_MS).then(() => {
    throw new Error(`no answer within ${ANSWER_MAX_MS} ms`);
  });
  return Promise.race([asked, late]).catch((failure: unknown) => {
    logFailure("platform-breaker", { what, whose }, failure);
    return undefined;
  });
}
