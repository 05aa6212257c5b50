// A whole trading day in small: one underlying, a print every half minute and a chain every minute, and an account or two.
import { env } from "cloudflare:workers";
import type { SessionObject } from "../../../durable-objects/session/session-object.ts";
import type { RecordedTapes } from "../../../src/adapters/market-data/recorded/read-recorded-session.ts";
import { signals } from "../../../src/adapters/storage/market-schema.ts";
import { signalsOfCycle } from "../../../src/adapters/storage/signal-rows.ts";
import { insertOnce } from "../../../src/adapters/storage/write-rows.ts";
import { modelSource, type SignalSource } from "../../../src/core/backtest/signal-source.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import {
  type EpochMs,
  epochMs,
  istDateOf,
  istInstant,
  MS_PER_DAY,
  MS_PER_MINUTE,
} from "../../../src/core/kernel/time.ts";
import type { MarketEvent } from "../../../src/core/market/market-event.ts";
import type { RecordedSession } from "../../../src/core/market/recorded-session.ts";
import type { Signal } from "../../../src/core/prediction/signal.ts";
import { cycleEndMs } from "../../../src/core/session/cycle.ts";
import { cycleIdOf } from "../../../src/core/session/job.ts";
import { SESSION_NAME } from "../../../src/env.ts";
import { speakersOf } from "../../../src/jobs/predict.ts";
import type { SessionStatus, SessionView } from "../../../src/ports/objects.ts";
import { must, profile } from "../account/account-fixtures.ts";
import { eventually } from "../jobs/message-fixtures.ts";
import {
  afterOpen,
  CALL,
  chain,
  contractAt,
  DATE,
  OPEN,
  quote,
  SESSION,
  spot,
  vix,
} from "../market-feed/feed-fixtures.ts";

export const at = (time: string): EpochMs => istInstant(DATE, time);
export const session = () => env.SESSION.getByName(SESSION_NAME);

/** The premium goes up and down by a tenth in an hour, so that stops, targets and the square-off all have their turn. */
const bidAt = (minute: number): number => 10_000 + 5 * Math.round(200 * Math.sin(minute / 9.5));

export function wholeDay(): MarketEvent[] {
  const events: MarketEvent[] = [];
  for (let minute = 0; minute <= 375; minute += 1) {
    const second = minute * 60;
    const level = 2_450_000 + 2_000 * Math.round(10 * Math.sin(minute / 9.5));
    events.push(spot(afterOpen(second), level));
    if (minute % 5 === 0) events.push(vix(afterOpen(second), 1_200 + (minute % 7)));
    events.push(
      chain(afterOpen(second), quote(CALL, bidAt(minute)), quote(contractAt(24_500, "PUT"), 20_000 - bidAt(minute))),
    );
    events.push(spot(afterOpen(second + 30), level + 500));
  }
  return events;
}

/** The same day, but nobody quotes any contract from one instant until another. */
export function withoutQuotes(fromMs: EpochMs, untilMs: EpochMs): MarketEvent[] {
  const nothing = { lastPaise: null, bidPaise: null, bidUnits: null, askPaise: null, askUnits: null } as const;
  const silent = wholeDay().map((event) =>
    event.kind === "CHAIN_SNAPSHOT" && event.atMs >= fromMs && event.atMs < untilMs
      ? { ...event, quotes: event.quotes.map((one) => ({ ...one, ...nothing })) }
      : event,
  );
  const back = chain(untilMs, quote(CALL, 10_000), quote(contractAt(24_500, "PUT"), 10_000));
  return [...silent, back].sort((a, b) => a.atMs - b.atMs);
}

const FORESEEN: readonly (readonly [number, OptionContract, Signal["direction"]])[] = [
  [4, CALL, "BULLISH"],
  [12, contractAt(24_500, "PUT"), "BEARISH"],
  [23, CALL, "BULLISH"],
];

/** The same day as a recording that a backtest plays, and the views that are written ahead of time there. */
export const recordedDay = (): RecordedTapes => ({
  session: SESSION,
  tapes: { NIFTY50: wholeDay(), BANKNIFTY: [], SENSEX: [] },
});

/** What the platform said on the day, cycle by cycle. */
export async function saidOnTheDay(): Promise<readonly Signal[]> {
  const cycles = Array.from({ length: 25 }, (_, at) => cycleIdOf(DATE, at + 1));
  return (await Promise.all(cycles.map((cycleId) => signalsOfCycle(env.DB, cycleId)))).flat();
}

/** Whom the platform asks on the day, for the engine of backtests to ask as well; but for the views written ahead of time. */
export async function askedOnTheDay(): Promise<SignalSource> {
  const { live } = await speakersOf(env, DATE);
  if (live === null) throw new Error("the model that comes with the code answers on the day");
  const model = modelSource({ id: live.record.id, model: live.model });
  const foreseen = (await saidOnTheDay()).filter(({ predictor }) => predictor === "foreseen");
  const known = new Map(foreseen.map((signal) => [signal.signalId, signal]));
  return {
    ...model,
    signalOf: (cycle) => known.get(`${cycle.cycleId}/${cycle.view.underlying}`) ?? model.signalOf(cycle),
  };
}

export async function openAccounts(...accountIds: readonly string[]): Promise<void> {
  for (const accountId of accountIds) {
    must(await env.ACCOUNT.getByName(accountId).open(profile(accountId), at("08:00")));
  }
}

/** `shiftDays` makes it the day so many days later. */
export async function loadDay(
  accountIds: readonly string[],
  tape: readonly MarketEvent[] = wholeDay(),
  shiftDays = 0,
): Promise<void> {
  const day = dayLater(shiftDays);
  const events = tape.map((event) => ({ ...event, atMs: epochMs(event.atMs + day.openMs - OPEN) }));
  // Files share a runtime, and another one may have left a session under way.
  await session().stop();
  must(await session().load(day, accountIds));
  must(await env.MARKET_FEED.getByName("NIFTY50").appendTape(day.date, 0, events));
  for (const [cycle, contract, direction] of FORESEEN) await foresee(day, cycle, contract, direction);
  must(await session().ready());
}

export function dayLater(days: number): RecordedSession {
  const openMs = epochMs(OPEN + days * MS_PER_DAY);
  return { ...SESSION, date: istDateOf(openMs), openMs, closeMs: epochMs(SESSION.closeMs + days * MS_PER_DAY) };
}

function signalOf(
  day: RecordedSession,
  cycle: number,
  contract: OptionContract,
  direction: Signal["direction"],
): Signal {
  const cycleId = cycleIdOf(day.date, cycle);
  const atMs = epochMs(day.openMs + (cycle - 1) * 15 * MS_PER_MINUTE + MS_PER_MINUTE);
  return {
    signalId: `${cycleId}/NIFTY50`,
    cycleId,
    underlying: "NIFTY50",
    atMs,
    predictor: "foreseen",
    direction,
    confidenceBps: 8_000,
    reason: "written for this test",
    inputs: {
      spotPaise: paise(2_450_000),
      rsi: 75,
      atrPaise: 1_500,
      macdHistogramPaise: 10,
      vixCenti: 1_205,
      barCount: 30,
    },
    choice: {
      contract,
      bidPaise: paise(10_000),
      askPaise: paise(10_010),
      lastPaise: paise(10_000),
      quotedAtMs: atMs,
      source: "RECORDED",
      deltaBps: direction === "BULLISH" ? 5_000 : -5_000,
      score: 0,
    },
    alternatives: [],
    targetMovePaise: paise(3_000),
    stopMovePaise: paise(1_500),
    expiresAtMs: cycleEndMs(day, cycle),
  };
}

/** Writes a cycle's signal ahead of time: what is written first stays, so the day does not depend on the predictor. */
async function foresee(
  day: RecordedSession,
  cycle: number,
  contract: OptionContract,
  direction: Signal["direction"],
): Promise<void> {
  const signal = signalOf(day, cycle, contract, direction);
  await env.DB.batch(
    insertOnce(env.DB, signals, [
      {
        signalId: signal.signalId,
        cycleId: signal.cycleId,
        date: day.date,
        underlying: "NIFTY50",
        direction,
        confidenceBps: signal.confidenceBps,
        reason: signal.reason,
        instrumentId: contract.instrumentId,
        signal: JSON.stringify(signal),
        atMs: signal.atMs,
      },
    ]),
  );
}

/** What a day may take that is played as fast as it goes, on a machine that has other things to do. */
export const WHOLE_DAY_MS = 100_000;

export const until = (status: SessionStatus): Promise<SessionView> =>
  eventually(
    async () => {
      const view = await session().view();
      if (view.status === "FAILED" && status !== "FAILED") throw new Error(`the session failed: ${view.failure}`);
      return view;
    },
    (view) => view.status === status,
    WHOLE_DAY_MS,
  );

export const sessionStub = (): DurableObjectStub<SessionObject> =>
  session() as unknown as DurableObjectStub<SessionObject>;
