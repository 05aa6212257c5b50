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
import type { PriceView } from "../core/account/command.ts";
import { UNDERLYINGS } from "../core/instrument/contract.ts";
import { inLanes } from "../core/kernel/in-lanes.ts";
import { type EpochMs, epochMs, istDateOf, MS_PER_MINUTE, MS_PER_SECOND } from "../core/kernel/time.ts";
import {
  PLATFORM_ERRORS_WINDOW_MS,
  PLATFORM_WORDS,
  type PlatformLook,
  type PlatformReading,
  platformLimitsOf,
  platformTrip,
  silenceOfAll,
} from "../core/risk/platform-breaker.ts";
import { type Answer, dayAfter, NOTHING_KNOWN, type PlatformDay, totalsOf } from "../core/risk/platform-sums.ts";
import type { AppEnv } from "../env.ts";
import { logFailure } from "./log.ts";
import { switchPlatform } from "./platform-switch.ts";
import { jobsDueBy } from "./schedule.ts";

const LANES_MAX = 16;
/** A run of cron may make only so many calls: more accounts than this take turns, minute by minute. */
const ACCOUNTS_PER_LOOK_MAX = 400;
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
  const afterChangeNo = last?.changeNo ?? 0;
  const sinceMs = epochMs(Math.max(openMs, last?.atMs ?? 0));
  const errorsSinceMs = epochMs(Math.max(sinceMs, nowMs - PLATFORM_ERRORS_WINDOW_MS));
  const [accountIds, silencesMs, errors, watched] = await Promise.all([
    accountsTrading(env.DB, date),
    Promise.all(UNDERLYINGS.map((underlying) => silenceOf(env, underlying))),
    venueErrorsSince(env.DB, date, errorsSinceMs),
    watchedDay(env.DB, date),
  ]);
  const answers = await answersOf(env, inTurn(accountIds, nowMs));
  const prices = await pricesOf(env, answers);
  const { day, unanswered, unpriced } = dayAfter(dayBefore(watched, afterChangeNo), answers, prices, sinceMs > openMs);
  const totals = totalsOf(day.known);
  const silentMs = silenceOfAll(silencesMs, nowMs, sinceMs);
  const { peakGainPaise } = day;
  const counts = { trading: accountIds.length, unanswered, unpriced };
  const reading: PlatformReading = { ...totals, ...counts, peakGainPaise, silentMs, ...errors };
  const limits = platformLimits(env);
  const trip = platformTrip(reading, limits);
  const tookMs = Date.now() - startedMs;
  if (tookMs > LOOK_MAX_MS) throw new Error(`the look at ${date} took ${tookMs} ms and counts for nothing`);
  if (trip !== null) {
    const { cause, evidence } = trip;
    const thrown = { action: "HALT", scope: "PLATFORM", reason: PLATFORM_WORDS[cause], byKey: "breaker" } as const;
    const held = await switchPlatform(env, { ...thrown, cause, evidence, afterChangeNo });
    if (held !== null) logFailure("platform-breaker", { haltId: held.haltId, cause, ...evidence }, "stopped everybody");
  }
  const look: PlatformLook = { ...reading, limits, known: day.known };
  await keepWatch(env.DB, {
    date,
    afterChangeNo,
    originResultPaise: totals.originPaise,
    peakResultPaise: totals.originPaise + peakGainPaise,
    look: JSON.stringify(look),
    atMs: nowMs,
  });
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

/** What an earlier look of the same count knew; nothing after a switch, from where counting begins anew. */
function dayBefore(watched: WatchedDay | null, afterChangeNo: number): PlatformDay {
  if (watched === null || watched.afterChangeNo !== afterChangeNo) return NOTHING_KNOWN;
  const { known, peakGainPaise } = JSON.parse(watched.look) as PlatformLook;
  return { known, peakGainPaise };
}

function inTurn(accountIds: readonly string[], nowMs: EpochMs): readonly string[] {
  if (accountIds.length <= ACCOUNTS_PER_LOOK_MAX) return accountIds;
  const from = (Math.floor(nowMs / MS_PER_MINUTE) * ACCOUNTS_PER_LOOK_MAX) % accountIds.length;
  return [...accountIds.slice(from), ...accountIds.slice(0, from)].slice(0, ACCOUNTS_PER_LOOK_MAX);
}

const answersOf = (env: AppEnv, accountIds: readonly string[]): Promise<readonly Answer[]> =>
  inLanes(accountIds, LANES_MAX, async (accountId) => ({
    accountId,
    standing: await answerOf("standing", accountId, env.ACCOUNT.getByName(accountId).standing()),
  }));

/** Each feed by itself: one that does not answer leaves only its own contracts without a price. */
async function pricesOf(env: AppEnv, answers: readonly Answer[]): Promise<readonly PriceView[]> {
  const contracts = new Map(
    answers.flatMap(({ standing }) =>
      (standing?.open ?? []).map(({ contract }) => [contract.instrumentId, contract] as const),
    ),
  );
  const asked = [...Map.groupBy(contracts.values(), ({ underlying }) => underlying)];
  const prices = await Promise.all(
    asked.map(([underlying, group]) =>
      answerOf(
        "prices",
        underlying,
        env.MARKET_FEED.getByName(underlying).prices(group.map(({ instrumentId }) => instrumentId)),
      ),
    ),
  );
  return prices.flatMap((known) => known ?? []);
}

/** Null: nothing live there. Undefined: it does not answer, and says nothing about its market. */
const silenceOf = (env: AppEnv, underlying: (typeof UNDERLYINGS)[number]): Promise<number | null | undefined> =>
  answerOf("silence", underlying, env.MARKET_FEED.getByName(underlying).liveSilentMs());

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
