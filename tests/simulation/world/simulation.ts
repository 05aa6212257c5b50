// One seed, from the opening of its accounts to the comparison of all books.
import type { AccountObject } from "../../../durable-objects/account/account-object.ts";
import { CATEGORIES, type Category } from "../../../src/core/account/profile.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { AppEnv } from "../../../src/env.ts";
import { aProfile } from "../../support/builders.ts";
import { AccountHost } from "./account-host.ts";
import { compareBooks } from "./books.ts";
import { Client } from "./clients.ts";
import { Consumers } from "./consumers.ts";
import { type DayParts, runDay } from "./day.ts";
import { Deliveries } from "./deliveries.ts";
import { faultsOf, NO_FAULTS } from "./faults.ts";
import { envFor, type Outside } from "./feed.ts";
import { JournalOracle } from "./journal-oracle.ts";
import { listsIn } from "./list-oracle.ts";
import { CONTRACTS, Market } from "./market.ts";
import { memoryRows } from "./memory-rows.ts";
import { PRODUCT } from "./product.ts";
import { type Proofs, proofsIn } from "./proofs.ts";
import { Rail, railBehindPort } from "./rail.ts";
import type { JournalRow, RunRequest, Script, SeedResult } from "./report.ts";
import { sqliteRows } from "./sqlite-rows.ts";
import { Venue } from "./venue.ts";
import { VenueOracle } from "./venue-oracle.ts";
import { World } from "./world.ts";

const DATES = ["2025-08-28", "2025-08-29"].map(marketDate);
const nothing = (): void => {};
/** One of each kind of request a user can make, with enough time in between for what it causes. */
const STEPS: Readonly<Record<Script, readonly ((client: Client) => void)[]>> = {
  ORDERS: [
    (client) => client.trade("BUY", "AT_ONCE"),
    (client) => client.trade("BUY", "RESTING"),
    (client) => client.cancel(),
    (client) => client.trade("SELL", "RESTING"),
    (client) => client.modify(),
    (client) => client.cancel(),
    (client) => client.trade("SELL", "AT_ONCE"),
    (client) => client.trade("BUY", "AT_ONCE"),
    (client) => client.changeLimits(),
    (client) => void client.halt(),
    nothing,
    nothing,
    (client) => void client.resume(),
  ],
  LISTS: [
    (client) => client.combine("VERTICAL"),
    (client) => client.combine("IRON_CONDOR"),
    // Of an index of its own: what the combinations hold would make an exit of it.
    (client) => client.slice(CONTRACTS.filter(({ underlying }) => underlying === "SENSEX")),
    (client) => client.cancelList(),
    (client) => client.exit(),
    (client) => client.trade("BUY", "AT_ONCE"),
    (client) => client.planExits(),
    nothing,
    (client) => client.reconcile(),
    (client) => client.combine("VERTICAL"),
    (client) => client.exitAll(),
    (client) => client.combine("IRON_CONDOR"),
    nothing,
    (client) => void client.halt(),
    nothing,
    nothing,
    (client) => void client.resume(),
  ],
};
/** Rich enough for what the script asks for. */
const PROFILES: Readonly<Record<Script, Parameters<typeof aProfile>[0]>> = {
  ORDERS: { capitalPaise: paise(5_00_000_00) },
  LISTS: {
    category: "ADMIN",
    capitalPaise: paise(15_00_000_00),
    savingsPaise: paise(50_00_000_00),
    limits: { tradesPerCycleMax: 10, dailyLossMaxPaise: paise(1_00_000_00), orderValueMaxPaise: paise(10_00_000_00) },
  },
};
// The venue shows every order within less than the settle time that the reconciliation waits between two readings.
const BOOK_LAG_MAX_MS = 1_500;

export interface SimulationOptions {
  readonly request: RunRequest;
  readonly objectClass: new (ctx: DurableObjectState, env: AppEnv) => AccountObject;
  readonly trace?: ((line: string) => void) | null;
  readonly isThorough?: boolean;
  /** The accounts' tables are in SQLite; else they are plain values. */
  readonly isSql?: boolean;
}

export async function simulate(options: SimulationOptions): Promise<SeedResult> {
  const { request, objectClass, trace = null, isThorough = false, isSql = isThorough } = options;
  const { seed, plan = "DAYS", crash = null } = request;
  const started = performance.now();
  const faults = plan === "DAYS" ? faultsOf(seed, PRODUCT.without) : NO_FAULTS;
  const world = new World({ seed, faults, crash, trace });
  const wallClock = Date.now;
  const logged = console.error;
  const { setTimeout: setWallTimer, clearTimeout: clearWallTimer } = globalThis;
  // The one clock of this world, for the code that reads the platform's.
  Date.now = () => Math.floor(world.nowMs + world.skewMs);
  globalThis.setTimeout = ((run: () => void, delayMs = 0) => world.timer(delayMs, run)) as never;
  globalThis.clearTimeout = ((cancel?: () => void) => cancel?.()) as never;
  console.error = (line: unknown) => world.trace(`log ${String(line)}`);
  try {
    return await run(world, objectClass, request, { isThorough, isSql }, started);
  } finally {
    Date.now = wallClock;
    globalThis.setTimeout = setWallTimer;
    globalThis.clearTimeout = clearWallTimer;
    console.error = logged;
  }
}

async function run(
  world: World,
  objectClass: SimulationOptions["objectClass"],
  request: RunRequest,
  { isThorough, isSql }: { readonly isThorough: boolean; readonly isSql: boolean },
  started: number,
): Promise<SeedResult> {
  const market = new Market(world);
  const oracle = new VenueOracle(world, market);
  const hosts = new Map<string, AccountHost>();
  const hostOf = (accountId: string): AccountHost => {
    const host = hosts.get(accountId);
    if (host === undefined) throw new Error(`no account ${accountId}`);
    return host;
  };
  const deliveries = new Deliveries(world, market, hostOf, (executionIds) => venue.told(executionIds));
  const venue = new Venue(
    world,
    market,
    {
      received: (order, cameAtMs) => oracle.received(order, cameAtMs),
      dealt: () => oracle.look(),
      told: (order, reports) => deliveries.report(order.accountId, reports, venue.downUntilMs),
      refusedForRate: (accountId, exchange) => {
        if (PRODUCT.governsRate) oracle.rateExceeded(accountId, exchange);
      },
    },
    { isIdempotent: request.takesRepeats ?? request.seed % 3 === 0, bookLagMaxMs: BOOK_LAG_MAX_MS },
  );
  oracle.venue = venue;
  const consumers = new Consumers(world, hostOf);
  const outside: Outside = { world, market, venue, deliveries, consumers };
  const rail = new Rail(world);
  railBehindPort.ask = ({ call, transfer }) => {
    const host = hostOf(transfer.transferId.split("/")[0] ?? "");
    const asked = host.outgoing(host.incarnation, `rail ${call}`, () => rail[call](transfer));
    return asked as Promise<never>;
  };
  const accounts: { readonly host: AccountHost; readonly client: Client }[] = [];
  world.nowMs = istInstant(DATES[0] ?? marketDate("2025-08-28"), "08:00");
  const { plan = "DAYS" } = request;
  const script = plan === "DAYS" ? null : STEPS[plan];
  const isScript = script !== null;
  const count = !isScript && world.random.chance(0.2) ? 2 : 1;
  for (let index = 0; index < count; index += 1) {
    const profile = isScript
      ? aProfile({ accountId: "S0", ...PROFILES[plan as Script] })
      : drawnProfile(world, `S${index}`);
    const rows = isSql ? sqliteRows() : memoryRows();
    const host = new AccountHost(world, profile.accountId, objectClass, rows, (of, incarnation) =>
      envFor(outside, of, incarnation),
    );
    hosts.set(profile.accountId, host);
    if (isScript) world.aroundTimer = (ring) => host.timer(ring);
    oracle.watch(profile.accountId, profile.category, profile.capitalPaise, profile.limits);
    const client = new Client(world, market, venue, host, oracle, profile.limits);
    accounts.push({ host, client });
    let isOpen = false;
    const open = async (): Promise<void> => {
      while (!isOpen) {
        const opened = host.incoming("open", (account) => account.open(profile, epochMs(world.nowMs)));
        isOpen = await opened.then(
          () => true,
          () => false,
        );
        if (!isOpen) await world.wait(500, "open again");
      }
    };
    void open();
    await world.run(world.nowMs + 60_000, () => isOpen);
  }
  const parts: DayParts = { world, outside, oracle, deliveries, accounts };
  for (const date of isScript ? DATES.slice(0, 1) : DATES) {
    await world.run(istInstant(date, "09:00"));
    for (const { host } of accounts) {
      const { profile } = await stateOf(host);
      if (profile !== null) oracle.newDay(host.accountId, profile.capitalPaise, profile.limits);
    }
    await runDay(
      parts,
      script === null
        ? { date, episodes: 7, actionsPerEpisode: 14 }
        : { date, episodes: 1, actionsPerEpisode: 0, script },
    );
  }
  return conclude(parts, venue, consumers, request, isThorough, started);
}

function drawnProfile(world: World, accountId: string) {
  const { random } = world;
  const category: Category = random.pick(CATEGORIES);
  const capitalPaise = paise(random.pick([10_000_00, 50_000_00, 1_00_000_00, 5_00_000_00, 10_00_000_00, 15_00_000_00]));
  return aProfile({
    accountId,
    category,
    capitalPaise,
    savingsPaise: paise(random.pick([50_000_00, 50_00_000_00, 50_00_000_00])),
    limits: {
      tradesPerDayMax: random.pick([18, 60, 180]),
      tradesPerCycleMax: random.pick([2, 4, 10]),
      openTradesMax: random.pick([2, 5, 6]),
      dailyLossMaxPaise: paise(Math.floor(capitalPaise / random.pick([2, 3, 10, 40]))),
      orderValueMaxPaise: paise(random.pick([20_000_00, 1_00_000_00])),
    },
  });
}

// The object answers at once; nothing happens in the world meanwhile.
const stateOf = (host: AccountHost) => host.incarnation.object.state();

async function conclude(
  { world, oracle, accounts, deliveries }: DayParts,
  venue: Venue,
  consumers: Consumers,
  { seed, crash, wantsJournals }: RunRequest,
  isThorough: boolean,
  started: number,
): Promise<SeedResult> {
  const problems: string[] = [];
  const journals: JournalRow[][] = [];
  let [lost, unresolved, events, denied] = [0, 0, 0, 0];
  const proofs: Proofs[] = [];
  const listEnds: Record<string, number> = {};
  const breaches = [...oracle.breaches.map(({ rule, accountId, detail }) => `${rule} ${accountId}: ${detail}`)];
  breaches.push(...venue.gateway.breaches);
  for (const { host, client } of accounts) {
    const { object } = host.incarnation;
    const journal = await object.journal(0, 5_000);
    const all = [...journal];
    for (let page = journal; page.length === 5_000; ) {
      page = await object.journal(all.at(-1)?.sequence ?? 0, 5_000);
      all.push(...page);
    }
    // Counted a second time by the object itself where time allows.
    const verification = isThorough ? await object.verify() : null;
    const state = await object.state();
    const { pending, parked } = await object.flushOutbox();
    const findings = compareBooks({
      accountId: host.accountId,
      journal: all,
      state,
      verification,
      outbox: { pending, parked },
      venue,
      consumers,
      acknowledged: client.acknowledged,
      isThorough,
    });
    events += all.length;
    proofs.push(proofsIn(all, host.storage.writtenAtMs, venue.outages));
    denied += all.filter(({ event }) => event.type === "ORDER_DENIED").length;
    lost += findings.lost.length;
    unresolved += findings.unresolved.length;
    const lists = listsIn(all);
    unresolved += lists.unresolved.length;
    problems.push(...lists.unresolved.map((text) => `${host.accountId} ${text}`));
    breaches.push(...lists.faults.map((fault) => `${host.accountId} journal ${fault}`));
    for (const [end, times] of Object.entries(lists.ends)) listEnds[end] = (listEnds[end] ?? 0) + times;
    breaches.push(...new JournalOracle(all).faults.map((fault) => `${host.accountId} ${fault}`));
    problems.push(
      ...[...findings.lost, ...findings.unresolved, ...findings.books].map((text) => `${host.accountId} ${text}`),
    );
    world.note(all.at(-1)?.hash ?? "");
    if (wantsJournals === true)
      journals.push(host.storage.exec("SELECT * FROM journal ORDER BY sequence").toArray() as JournalRow[]);
    host.storage.close();
  }
  if (deliveries.underWay > 0) {
    unresolved += deliveries.underWay;
    problems.push(`${deliveries.underWay} deliveries were never answered`);
  }
  return {
    seed,
    crash: crash ?? null,
    calls: world.calls,
    ...(wantsJournals === true ? { journals } : {}),
    orders: venue.orders.length,
    denied,
    events,
    fills: venue.orders.reduce((sum, order) => sum + order.fills.length, 0),
    lost,
    doubled: oracle.doubled.length,
    breaches: breaches.length,
    unresolved,
    problems: [...problems, ...breaches, ...oracle.doubled.map((text) => `doubled ${text}`)],
    flatMs: oracle.flatMs,
    proven: proofs.flatMap(({ proven }) => proven),
    liftedMs: proofs.flatMap(({ liftedMs }) => liftedMs),
    injected: world.injected,
    insaneEntries: oracle.insaneEntries,
    listEnds,
    happenings: world.happenings,
    hash: world.digest(),
    wallMs: performance.now() - started,
  };
}
