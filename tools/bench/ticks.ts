// Tick fan-out with 100,000 registered triggers: what one quote costs the trigger book, against looking at every trigger and
// against looking at those of the quoted contract, in the same run on the same prices. The levels lie around the price on both
// sides of the book, so that some ticks fire some of them. Beside them: as many timers, registered and fired through the day.

import type { PriceTrigger } from "../../src/core/account/state.ts";
import type { InstrumentId } from "../../src/core/instrument/contract.ts";
import { type Paise, paise } from "../../src/core/kernel/money.ts";
import { epochMs, MS_PER_SECOND } from "../../src/core/kernel/time.ts";
import { TriggerBook } from "../../src/core/market-feed/trigger-book.ts";
import { mulberry32 } from "../seeded.ts";

const TRIGGERS = 100_000;
const INSTRUMENTS = 40;
const TICKS = 20_000;
/** Looking at everything is measured on the first of them only; it would take minutes otherwise. */
const SCANNED_TICKS = 2_000;
const MIDDLE_PAISE = 10_000;
const SPREAD_PAISE = 10;
const DAY_SECONDS = 22_500;

interface Figures {
  readonly ticksPerSecond: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

export interface TicksBench {
  readonly name: "ticks";
  readonly triggers: number;
  readonly ticks: number;
  readonly fired: number;
  readonly ours: Figures;
  readonly scanContract: Figures;
  readonly scan: Figures;
  /** Against looking at every trigger, and against looking at the contract's alone. */
  readonly throughputRatio: number;
  readonly throughputRatioOfContract: number;
  readonly timers: { readonly registered: number; readonly registerUs: number; readonly fireUs: number };
}

export async function benchTicks(progress: (line: string) => void): Promise<TicksBench> {
  const ours = run(bookOf(triggers()), TICKS);
  const contract = run(scanOf(triggers(), "CONTRACT"), SCANNED_TICKS);
  const all = run(scanOf(triggers(), "ALL"), SCANNED_TICKS);
  for (const scan of [contract, all]) {
    const early = ours.firedBy[SCANNED_TICKS - 1];
    const others = scan.firedBy[SCANNED_TICKS - 1];
    if (early !== others) throw new Error(`the book fired ${early} triggers, the scan ${others}`);
  }
  const timers = runTimers();
  progress(
    `${ours.fired} of ${TRIGGERS} fired; ${ours.figures.ticksPerSecond} ticks/s against ${contract.figures.ticksPerSecond} by scanning the contract's and ${all.figures.ticksPerSecond} by scanning all`,
  );
  return {
    name: "ticks",
    triggers: TRIGGERS,
    ticks: TICKS,
    fired: ours.fired,
    ours: ours.figures,
    scanContract: contract.figures,
    scan: all.figures,
    throughputRatio: ratio(ours.figures, all.figures),
    throughputRatioOfContract: ratio(ours.figures, contract.figures),
    timers,
  };
}

const ratio = (one: Figures, other: Figures): number =>
  Math.round((one.ticksPerSecond / other.ticksPerSecond) * 10) / 10;

const instrumentOf = (n: number): InstrumentId => `I${n % INSTRUMENTS}` as InstrumentId;

/** Half of them stops and half targets; half watch the bid for longs and half the ask for shorts. */
function triggers(): PriceTrigger[] {
  const random = mulberry32(1);
  return Array.from({ length: TRIGGERS }, (_, n) => {
    const below = n % 2 === 0;
    const isShort = Math.floor(n / INSTRUMENTS) % 2 === 1;
    const distance = 200 + Math.floor(random() * 4_000);
    return {
      triggerId: `T${n}`,
      instrumentId: instrumentOf(n),
      kind: below === isShort ? "TARGET" : "STOP",
      fires: below ? "AT_OR_BELOW" : "AT_OR_ABOVE",
      levelPaise: paise(MIDDLE_PAISE + (below ? -distance : distance)),
      ...(isShort ? { watches: "ASK" as const } : {}),
    };
  });
}

/** Takes one quote and says how many triggers it fired. */
type Tick = (instrumentId: InstrumentId, bidPaise: Paise) => number;

function bookOf(all: readonly PriceTrigger[]): Tick {
  const book = new TriggerBook();
  all.forEach((trigger, n) => {
    book.replace(`A${n}`, trigger.instrumentId, [trigger]);
  });
  return (instrumentId, bidPaise) =>
    book.cross(new Set([instrumentId]), () => ({ bidPaise, askPaise: paise(bidPaise + SPREAD_PAISE) })).length;
}

function scanOf(all: readonly PriceTrigger[], which: "ALL" | "CONTRACT"): Tick {
  const lists = Map.groupBy(all, (trigger) => (which === "ALL" ? "" : trigger.instrumentId));
  return (instrumentId, bidPaise) => {
    const key = which === "ALL" ? "" : instrumentId;
    const before = lists.get(key) ?? [];
    const left = before.filter((trigger) => {
      if (trigger.instrumentId !== instrumentId) return true;
      const pricePaise = trigger.watches === "ASK" ? bidPaise + SPREAD_PAISE : bidPaise;
      return trigger.fires === "AT_OR_BELOW" ? pricePaise > trigger.levelPaise : pricePaise < trigger.levelPaise;
    });
    lists.set(key, left);
    return before.length - left.length;
  };
}

interface Run {
  readonly fired: number;
  /** After each tick. */
  readonly firedBy: readonly number[];
  readonly figures: Figures;
}

function run(tick: Tick, ticks: number): Run {
  const random = mulberry32(2);
  const prices = Array.from({ length: INSTRUMENTS }, () => MIDDLE_PAISE);
  const timesUs: number[] = [];
  const firedBy: number[] = [];
  let fired = 0;
  // Levels registered just now are looked at once; that belongs to registering, not to the ticks.
  for (let n = 0; n < INSTRUMENTS; n += 1) fired += tick(instrumentOf(n), paise(MIDDLE_PAISE));
  const started = performance.now();
  for (let n = 0; n < ticks; n += 1) {
    const at = n % INSTRUMENTS;
    prices[at] = Math.max(5, (prices[at] ?? MIDDLE_PAISE) + Math.round((random() - 0.5) * 20) * 5);
    const before = performance.now();
    fired += tick(instrumentOf(at), paise(prices[at] ?? MIDDLE_PAISE));
    timesUs.push((performance.now() - before) * 1_000);
    firedBy.push(fired);
  }
  const seconds = (performance.now() - started) / 1_000;
  timesUs.sort((a, b) => a - b);
  const at = (share: number): number => Math.round((timesUs[Math.floor(timesUs.length * share)] ?? 0) * 10) / 10;
  return { fired, firedBy, figures: { ticksPerSecond: Math.round(ticks / seconds), p50Us: at(0.5), p99Us: at(0.99) } };
}

/** Timers all over the day, fired second by second; microseconds for each. */
function runTimers(): TicksBench["timers"] {
  const random = mulberry32(3);
  const book = new TriggerBook();
  const started = performance.now();
  for (let n = 0; n < TRIGGERS; n += 1) {
    const dueMs = epochMs(Math.floor(random() * DAY_SECONDS) * MS_PER_SECOND);
    const instrumentId = instrumentOf(n);
    book.replace(`A${n}`, instrumentId, [
      { triggerId: `T${n}`, instrumentId, kind: "TIMER", fires: "AT_OR_ABOVE", levelPaise: paise(0), dueMs },
    ]);
  }
  const registeredMs = performance.now() - started;
  let fired = 0;
  for (let second = 0; second <= DAY_SECONDS; second += 1) fired += book.due(epochMs(second * MS_PER_SECOND)).length;
  if (fired !== TRIGGERS) throw new Error(`${fired} of ${TRIGGERS} timers fired`);
  const firedMs = performance.now() - started - registeredMs;
  const each = (ms: number): number => Math.round((ms * 100_000) / TRIGGERS) / 100;
  return { registered: TRIGGERS, registerUs: each(registeredMs), fireUs: each(firedMs) };
}
