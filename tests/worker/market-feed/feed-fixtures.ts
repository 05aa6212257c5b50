// A small session in the form of a tape, and an account that only remembers what it was told.
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { MarketFeedObject } from "../../../durable-objects/market-feed/market-feed-object.ts";
import type { PriceView, VenueReport } from "../../../src/core/account/command.ts";
import type { PriceTrigger } from "../../../src/core/account/state.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import { contractOf } from "../../../src/core/instrument/contract-tables.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { ChainSnapshot, IndexPrint, MarketEvent, Quote } from "../../../src/core/market/market-event.ts";
import type { RecordedSession } from "../../../src/core/market/recorded-session.ts";
import type { ClientOrderId, Fill, OrderTerms } from "../../../src/core/order/order.ts";
import type { VenueOrder } from "../../../src/ports/objects.ts";

export const DATE = marketDate("2025-08-29");
export const OPEN = istInstant(DATE, "09:15");
export const CLOSE = istInstant(DATE, "15:30");
export const afterOpen = (seconds: number): EpochMs => epochMs(OPEN + Math.round(seconds * 1_000));

export const SESSION: RecordedSession = {
  date: DATE,
  source: "made for this test",
  openMs: OPEN,
  closeMs: CLOSE,
  hasVix: true,
  previousVixCenti: 1_215,
  underlyings: [
    {
      underlying: "NIFTY50",
      chain: "RECORDED",
      quoteCadenceMs: 60_000,
      previousClosePaise: paise(2_450_000),
      events: 0,
    },
  ],
  remarks: [],
};

export const contractAt = (strike: number, optionType: "CALL" | "PUT" = "CALL"): OptionContract => {
  const contract = contractOf(
    { underlying: "NIFTY50", expiry: marketDate("2025-09-02"), strikePaise: paise(strike * 100), optionType },
    DATE,
  );
  if (!contract.ok) throw new Error(contract.error.reason);
  return contract.value;
};
export const CALL = contractAt(24_500);

export const quote = (contract: OptionContract, bid: number, change: Partial<Quote> = {}): Quote => ({
  instrumentId: contract.instrumentId,
  expiry: contract.expiry,
  strikePaise: contract.strikePaise,
  optionType: contract.optionType,
  lastPaise: paise(bid),
  bidPaise: paise(bid),
  bidUnits: 750,
  askPaise: paise(bid + 10),
  askUnits: 750,
  volumeUnits: 1_000,
  openInterestUnits: 5_000,
  ivBps: 1_250,
  ...change,
});

export const chain = (atMs: EpochMs, ...quotes: Quote[]): ChainSnapshot => ({
  kind: "CHAIN_SNAPSHOT",
  atMs,
  underlying: "NIFTY50",
  source: "RECORDED",
  quotes,
});
export const spot = (atMs: EpochMs, pricePaise: number): IndexPrint => ({
  kind: "INDEX_PRINT",
  atMs,
  index: "NIFTY50",
  pricePaise: paise(pricePaise),
});
export const vix = (atMs: EpochMs, centi: number): IndexPrint => ({
  kind: "INDEX_PRINT",
  atMs,
  index: "INDIAVIX",
  pricePaise: paise(centi),
});

/** Ten minutes: spot every 20 s, VIX every minute, a chain of three contracts every minute; the bid of CALL walks about. */
export function tenMinutes(): MarketEvent[] {
  const events: MarketEvent[] = [];
  for (let second = 0; second <= 600; second += 20) {
    events.push(spot(afterOpen(second), 2_450_000 + ((second * 37) % 5_000)));
    if (second % 60 !== 0) continue;
    const bid = 10_000 + ((second * 7) % 900) - 300;
    events.push(vix(afterOpen(second), 1_200 + second / 60));
    events.push(
      chain(
        afterOpen(second),
        quote(CALL, bid),
        quote(contractAt(24_600), bid - 4_000),
        quote(contractAt(24_500, "PUT"), 9_000),
      ),
    );
  }
  return events;
}

export const order = (accountId: string, id: string, atMs: EpochMs, change: Partial<OrderTerms> = {}): VenueOrder => ({
  accountId,
  submittedAtMs: atMs,
  terms: {
    clientOrderId: id as ClientOrderId,
    contract: CALL,
    side: "BUY",
    type: "MARKET",
    timeInForce: "IOC",
    quantityUnits: CALL.lotSize,
    limitPricePaise: paise(15_000),
    purpose: "ENTRY",
    exitReason: null,
    origin: "STRATEGY",
    cycleId: null,
    signalId: null,
    ...change,
  },
});

export const trigger = (
  triggerId: string,
  fires: PriceTrigger["fires"],
  levelPaise: number,
  contract = CALL,
): PriceTrigger => ({
  triggerId,
  instrumentId: contract.instrumentId,
  kind: fires === "AT_OR_BELOW" ? "STOP" : "TARGET",
  fires,
  levelPaise: paise(levelPaise),
});

export interface Told {
  readonly accountId: string;
  readonly atMs: EpochMs;
  readonly reports?: readonly VenueReport[];
  readonly fired?: readonly { readonly triggerId: string; readonly price: PriceView }[];
}

type Feed = ReturnType<typeof env.MARKET_FEED.getByName>;

/** Stands in for the accounts: notes what they are told; `react` may answer back or fail. */
export class Listener {
  readonly told: Told[] = [];
  react: (told: Told) => Promise<void> = async () => {};

  getByName(accountId: string) {
    return {
      applyReports: (reports: readonly VenueReport[], atMs: EpochMs) => this.#hear({ accountId, atMs, reports }),
      fireTriggers: (fired: NonNullable<Told["fired"]>, atMs: EpochMs) => this.#hear({ accountId, atMs, fired }),
      noteFeedSilence: async () => {},
    };
  }

  async #hear(told: Told): Promise<void> {
    this.told.push(structuredClone(told));
    await this.react(told);
  }

  /** Makes a feed speak to this instead of the account objects, until it is evicted. */
  async attach(feed: Feed): Promise<void> {
    await runInDurableObject(asStub(feed), (instance: MarketFeedObject) => {
      const open = instance as unknown as { env: typeof env };
      open.env = new Proxy(open.env, {
        get: (target, name) => (name === "ACCOUNT" ? this : Reflect.get(target, name)),
      });
    });
  }

  /** Executions by id: what an account that ignores repetitions would have booked. */
  get executions(): ReadonlyMap<string, { readonly units: number; readonly pricePaise: number }> {
    const fills = this.told.flatMap((told) => told.reports ?? []).filter((report) => report.kind === "FILLED");
    return new Map(fills.map(({ fill }) => [fill.executionId, { units: fill.units, pricePaise: fill.pricePaise }]));
  }

  get firedIds(): string[] {
    return this.told.flatMap((told) => told.fired ?? []).map((fired) => fired.triggerId);
  }
}

export const asStub = (feed: Feed): DurableObjectStub<MarketFeedObject> =>
  feed as unknown as DurableObjectStub<MarketFeedObject>;

export async function evict(feed: Feed): Promise<void> {
  await evictDurableObject(asStub(feed));
}

/** A feed with a loaded session and, unless told otherwise, ten minutes of tape. */
export async function loadedFeed(
  name: string,
  listener: Listener,
  tape: readonly MarketEvent[] = tenMinutes(),
): Promise<Feed> {
  const feed = env.MARKET_FEED.getByName(name);
  await feed.loadSession(SESSION, "NIFTY50");
  if (tape.length > 0 && !(await feed.appendTape(DATE, 0, tape)).ok) throw new Error("the tape was not taken");
  await listener.attach(feed);
  return feed;
}

/** An object's tables, and how many rows were read of them so. */
export function countedRows(sql: SqlStorage): { readonly sql: SqlStorage; readonly read: () => number } {
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  const exec: SqlStorage["exec"] = (...statement) => {
    const cursor = sql.exec(...statement);
    cursors.push(cursor);
    return cursor as never;
  };
  return { sql: { exec } as SqlStorage, read: () => cursors.reduce((sum, cursor) => sum + cursor.rowsRead, 0) };
}

/** The executions in the day's book of the venue, by its port. */
export const fillsAt = async (
  feed: ReturnType<typeof env.MARKET_FEED.getByName>,
  accountId: string,
): Promise<readonly Fill[]> => (await feed.venueBook(accountId, DATE))?.fills ?? [];
