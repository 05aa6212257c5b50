// A trading day of the simulated world: the jobs at their minutes, repeated until they are done; in between short episodes in
// which prices move and users act, each with faults of its own; then everything works again and the day must come to its end.
import { UNDERLYINGS } from "../../../src/core/instrument/contract.ts";
import { type EpochMs, epochMs, istInstant, type MarketDate, MS_PER_MINUTE } from "../../../src/core/kernel/time.ts";
import type { Signal } from "../../../src/core/prediction/signal.ts";
import { cycleIdOf } from "../../../src/core/session/job.ts";
import type { JobCommand } from "../../../src/ports/objects.ts";
import { aSignal } from "../../support/builders.ts";
import type { AccountHost } from "./account-host.ts";
import type { Client } from "./clients.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Outside } from "./feed.ts";
import { CONTRACTS } from "./market.ts";
import type { VenueOracle } from "./venue-oracle.ts";
import type { World } from "./world.ts";

const TICK_MS = 1_000;
const SCRIPT_STEP_MS = 1_500;
const JOB_RETRY_MS = 1_000;
const JOB_TRIES_MAX = 400;
const STUCK_MOST_MS = 12 * MS_PER_MINUTE;

export interface DayParts {
  readonly world: World;
  readonly outside: Outside;
  readonly oracle: VenueOracle;
  readonly deliveries: Deliveries;
  readonly accounts: readonly { readonly host: AccountHost; readonly client: Client }[];
}

export interface DayPlan {
  readonly date: MarketDate;
  readonly episodes: number;
  readonly actionsPerEpisode: number;
  /** Instead of whatever users may think of: these, one after the other, once. */
  readonly script?: readonly ((client: Client) => void)[];
}

/** A job for every account; `done` once an account has answered it. */
type PlanJob = (atMs: number, make: (atMs: EpochMs) => JobCommand, done?: (accountId: string) => void) => void;

/** Minutes after the open at which the jobs of the end of the day begin. */
const EXIT_ONLY = 360;
const HEALED = 362;
const SQUARE_OFF = 363;
const CLOSE = 375;

export async function runDay(parts: DayParts, plan: DayPlan): Promise<void> {
  const { world, outside } = parts;
  const { date } = plan;
  const openMs = istInstant(date, "09:15");
  const closeMs = istInstant(date, "15:30");
  const minute = (minutes: number): EpochMs => epochMs(openMs + minutes * MS_PER_MINUTE);
  outside.venue.openFor(date, openMs, closeMs);
  world.heal(true);
  world.nowMs = istInstant(date, "09:00");
  const vixCenti = world.random.pick([1_100, 1_700, 2_400, 3_500]);
  const pending = new Set<Promise<void>>();
  const job: PlanJob = (atMs, make, done) =>
    world.at(atMs, "job", () => {
      for (const { host } of parts.accounts) {
        const running: Promise<void> = runJob(parts, host, make)
          .then(() => done?.(host.accountId))
          .finally(() => pending.delete(running));
        pending.add(running);
      }
    });
  job(world.nowMs, (atMs) => ({
    type: "OPEN_DAY",
    atMs,
    jobKey: `OPEN_DAY/${date}/-/-`,
    date,
    openMs,
    closeMs,
    vixCenti,
  }));
  job(minute(0), (atMs) => ({ type: "REQUEST_PULL", atMs, jobKey: `PULL/${date}/-/-` }));
  for (let poll = 1; poll <= 4; poll += 1)
    job(minute(poll), (atMs) => ({ type: "POLL_TRANSFERS", atMs, jobKey: `POLL_TRANSFERS/${date}/-/${poll}` }));
  world.at(minute(5), "faults begin", () => world.heal(false));
  planEpisodes(parts, plan, job, minute);
  job(minute(EXIT_ONLY), (atMs) => ({ type: "ENTER_EXIT_ONLY", atMs, jobKey: `EXIT_ONLY/${date}/-/-` }));
  world.at(minute(HEALED), "faults end", () => {
    world.heal(true);
    outside.venue.downUntilMs = 0;
    outside.venue.gateway.letGo();
    outside.consumers.downUntilMs = 0;
    outside.market.disturb(0);
    // Somebody looks whether everything has been heard, as the operations manual says after a disturbance.
    for (const { client } of parts.accounts) client.reconcile();
  });
  for (let phase = 1; phase <= 11; phase += 1) {
    job(minute(SQUARE_OFF + phase - 1), (atMs) => ({
      type: "SQUARE_OFF",
      atMs,
      jobKey: `SQUARE_OFF/${date}/-/${phase}`,
      prices: CONTRACTS.flatMap(({ instrumentId }) => outside.market.view(instrumentId) ?? []),
    }));
  }
  for (let atMs: number = minute(EXIT_ONLY); atMs < closeMs; atMs += 5_000) world.at(atMs, "tick", () => tick(parts));
  world.at(closeMs, "close", () => outside.venue.close());
  await world.run(minute(CLOSE + 1), () => false);
  await settle(parts, date, minute(CLOSE + 2), pending);
}

async function settle(parts: DayParts, date: MarketDate, fromMs: number, pending: Set<Promise<void>>): Promise<void> {
  const { world } = parts;
  world.nowMs = Math.max(world.nowMs, fromMs);
  let left = parts.accounts.length;
  for (const { host } of parts.accounts) {
    const steps: ((atMs: EpochMs) => JobCommand)[] = [
      (atMs) => ({ type: "SETTLE_PROVISIONAL", atMs, jobKey: `SETTLE_PROVISIONAL/${date}/-/-` }),
      (atMs) => ({ type: "REQUEST_PUSH", atMs, jobKey: `PUSH/${date}/-/-` }),
      (atMs) => ({ type: "POLL_TRANSFERS", atMs, jobKey: `POLL_TRANSFERS/${date}/-/8` }),
    ];
    const last: ((atMs: EpochMs) => JobCommand)[] = [
      (atMs) => ({ type: "POLL_TRANSFERS", atMs, jobKey: `POLL_TRANSFERS/${date}/-/9` }),
      // The statement is the account's to ask for.
      (atMs) =>
        ({ type: "SETTLE_FINAL", atMs, jobKey: `SETTLE_FINAL/${date}/-/-`, statement: NO_STATEMENT }) as JobCommand,
      (atMs) => ({ type: "CLOSE_DAY", atMs, jobKey: `CLOSE_DAY/${date}/-/-` }),
    ];
    const run = async (): Promise<void> => {
      for (const make of steps) await runJob(parts, host, make);
      await world.wait(60_000, "bank");
      for (const make of last) await runJob(parts, host, make);
      left -= 1;
    };
    const running: Promise<void> = run().finally(() => pending.delete(running));
    pending.add(running);
  }
  const untilMs = world.nowMs + 20 * MS_PER_MINUTE;
  await world.run(untilMs, () => left === 0);
  // What is on its way to the consumers arrives, however often it was tried before; what was tried too often to be tried again
  // by itself is replayed by a person, who sees it.
  for (let round = 0; round < 3; round += 1) {
    let flushing = parts.accounts.length;
    for (const { host } of parts.accounts) {
      host
        .incoming("flush", async (account) => {
          const replayed = await account.replayParked();
          if (replayed > 0) world.injected.parkedReplayed = (world.injected.parkedReplayed ?? 0) + replayed;
          return account.flushOutbox();
        })
        .then(
          () => (flushing -= 1),
          () => (flushing -= 1),
        );
    }
    await world.run(world.nowMs + 5_000, () => false);
    if (flushing > 0) await world.run(world.nowMs + 60_000, () => flushing === 0);
  }
}

const NO_STATEMENT = { date: "2000-01-01", fills: 0, realisedPaise: 0, charges: {} };

/** Until the account says that it is done, as the queue and the next minute of the clock would. */
async function runJob(
  { world, outside }: DayParts,
  host: AccountHost,
  make: (atMs: EpochMs) => JobCommand,
): Promise<void> {
  for (let time = 0; time < JOB_TRIES_MAX; time += 1) {
    const command = make(epochMs(world.nowMs));
    try {
      const result = await host.incoming(command.type, (account) => {
        if (ASKS_TO_LEAVE.has(command.type)) outside.venue.gateway.asked(host.accountId);
        return account.runJob(command);
      });
      if (result.ok) return;
      world.trace(`${host.accountId} ${command.type}: ${result.error.code} ${result.error.detail}`);
      // Only a settlement is asked for again; whatever else was refused is refused.
      if (result.error.code !== "NOT_FLAT") return;
    } catch (failure) {
      world.trace(`${host.accountId} ${command.type}: ${String(failure)}`);
    }
    await world.wait(JOB_RETRY_MS, "job waits");
  }
}

/** What somebody asks for, or the end of the day: one exit more of everything is given for it. */
const ASKS_TO_LEAVE: ReadonlySet<JobCommand["type"]> = new Set(["FOLLOW_SWITCH", "SQUARE_OFF"]);

function tick({ outside, deliveries, oracle }: DayParts): void {
  outside.market.tick();
  outside.venue.match();
  deliveries.fire();
  oracle.look();
}

function planEpisodes(
  parts: DayParts,
  { date, episodes, actionsPerEpisode, script }: DayPlan,
  job: PlanJob,
  minute: (minutes: number) => EpochMs,
): void {
  const { world, outside, oracle } = parts;
  const { random } = world;
  const between = (EXIT_ONLY - 12) / episodes;
  for (const { client } of script === undefined ? [] : parts.accounts) {
    for (const [index, step] of script?.entries() ?? [])
      world.at(minute(8) + 2_000 + index * SCRIPT_STEP_MS, "step", () => step(client));
  }
  for (let episode = 0; episode < episodes; episode += 1) {
    const startMs = minute(8 + Math.floor(episode * between)) + random.below(30_000);
    const lengthMs = 15_000 + random.below(30_000);
    const endMs = startMs + lengthMs;
    world.at(startMs, "episode", () => {
      if (world.strikes("venueDown")) outside.venue.goDown(startMs + random.below(lengthMs));
      if (world.strikes("consumersDown")) outside.consumers.downUntilMs = endMs + random.below(120_000);
      if (world.strikes("gatewayStuck")) outside.venue.getStuck(startMs + random.below(STUCK_MOST_MS));
      outside.market.disturb(endMs);
      oracle.disturbedAtMs = world.nowMs;
      world.skewMs = world.strikes("clockSkew") ? (random.below(601) - 300) * 1_000 : 0;
    });
    world.at(endMs + 60_000, "episode over", () => {
      world.skewMs = 0;
    });
    for (let atMs = startMs; atMs < endMs + 20_000; atMs += TICK_MS) world.at(atMs, "tick", () => tick(parts));
    for (const { client } of parts.accounts) {
      // The operator lifts what tripped in an earlier episode, so that there is something to trade and to trip again.
      if (episode > 0) world.at(startMs - 1_000, "operator", () => void client.resume());
      for (let action = 0; action < actionsPerEpisode; action += 1)
        world.at(startMs + random.below(lengthMs), "action", () => client.act());
      if (script === undefined && random.chance(0.08)) planHalt(world, client, startMs + random.below(lengthMs));
    }
    if (script === undefined && random.chance(0.06))
      planSwitch(parts, job, startMs + random.below(lengthMs), `${date}/${episode}`);
    const cycle = Math.floor((startMs - minute(0)) / (15 * MS_PER_MINUTE)) + 1;
    for (const window of [1, 2, 3] as const) {
      if (random.chance(0.4)) continue;
      const cycleId = cycleIdOf(date, cycle);
      job(startMs + 1_000 + window * 4_000, (atMs) => ({
        type: "RUN_WINDOW",
        atMs,
        jobKey: `RUN_WINDOW/${date}/${cycle}/${window}`,
        cycleId,
        window,
        vixCenti: 1_400,
        signals: signalsFor(world, cycleId, atMs),
        prices: CONTRACTS.flatMap(({ instrumentId }) => outside.market.view(instrumentId) ?? []),
      }));
    }
  }
}

function planHalt(world: World, client: Client, atMs: number): void {
  world.at(atMs, "halt", () => {
    const run = async (): Promise<void> => {
      await client.halt();
      await world.wait(30_000 + world.random.below(30_000), "halted");
      await client.resume();
    };
    void run();
  });
}

/** The operator stops the platform, or one underlying of it, for every account, and starts it again; switches are told as jobs. */
function planSwitch(parts: DayParts, job: PlanJob, atMs: number, haltId: string): void {
  const { world, oracle, accounts } = parts;
  const scope = world.random.chance(0.6) ? "PLATFORM" : (`PLATFORM/${world.random.pick(UNDERLYINGS)}` as const);
  const resumeMs = atMs + 20_000 + world.random.below(30_000);
  // Numbers grow with time, whatever the scope.
  const told = (action: "HALT" | "RESUME", changeNo: number) => (now: EpochMs) =>
    ({
      type: "FOLLOW_SWITCH",
      atMs: now,
      jobKey: `FOLLOW_SWITCH/${haltId}/${action}`,
      action,
      scope,
      haltId,
      changeNo,
      reason: "the operator",
      prices: [],
    }) as const;
  job(atMs, told("HALT", atMs), (accountId) => oracle.stopped(accountId, scope));
  world.at(resumeMs, "switch back", () => {
    for (const { host } of accounts) oracle.starting(host.accountId, scope);
  });
  job(resumeMs, told("RESUME", resumeMs));
}

function signalsFor(world: World, cycleId: string, atMs: EpochMs): readonly Signal[] {
  const { random } = world;
  return (["NIFTY50", "BANKNIFTY", "SENSEX"] as const).map((underlying) => {
    const direction = random.pick(["BULLISH", "BEARISH", "NEUTRAL", "NO_TRADE"] as const);
    const base = aSignal();
    const contract = CONTRACTS.find(
      (one) => one.underlying === underlying && one.optionType === (direction === "BEARISH" ? "PUT" : "CALL"),
    );
    return aSignal({
      signalId: `${cycleId}/${underlying}`,
      cycleId,
      underlying,
      atMs,
      direction,
      confidenceBps: 4_000 + random.below(5_000),
      choice: base.choice === null || contract === undefined ? null : { ...base.choice, contract },
      expiresAtMs: epochMs(atMs + (1 + random.below(60)) * MS_PER_MINUTE),
    });
  });
}
