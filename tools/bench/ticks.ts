// Tick fan-out with 10,000 registered triggers: what one quote costs the trigger book, against looking at every trigger, in
// the same run. The levels lie around the price, so that some ticks fire some of them.
import { TriggerBook } from "../../durable-objects/market-feed/trigger-book.ts";
import type { PriceTrigger } from "../../src/core/account/state.ts";
import type { InstrumentId } from "../../src/core/instrument/contract.ts";
import { type Paise, paise } from "../../src/core/kernel/money.ts";
import { mulberry32 } from "../seeded.ts";

const TRIGGERS = 10_000;
const INSTRUMENTS = 40;
const TICKS = 20_000;
const MIDDLE_PAISE = 10_000;

export interface TicksBench {
  readonly name: "ticks";
  readonly triggers: number;
  readonly ticks: number;
  readonly fired: number;
  readonly ours: { readonly ticksPerSecond: number; readonly p50Us: number; readonly p99Us: number };
  readonly scan: { readonly ticksPerSecond: number; readonly p50Us: number; readonly p99Us: number };
  readonly throughputRatio: number;
}

export async function benchTicks(progress: (line: string) => void): Promise<TicksBench> {
  const ours = run(bookOf(triggers()));
  const scan = run(scanOf(triggers()));
  if (ours.fired !== scan.fired) throw new Error(`the book fired ${ours.fired} triggers, the scan ${scan.fired}`);
  progress(
    `${ours.fired} of ${TRIGGERS} fired; ${ours.ticksPerSecond} ticks/s against ${scan.ticksPerSecond} by scanning`,
  );
  const { fired, ...figures } = ours;
  return {
    name: "ticks",
    triggers: TRIGGERS,
    ticks: TICKS,
    fired,
    ours: figures,
    scan: { ticksPerSecond: scan.ticksPerSecond, p50Us: scan.p50Us, p99Us: scan.p99Us },
    throughputRatio: Math.round((ours.ticksPerSecond / scan.ticksPerSecond) * 10) / 10,
  };
}

const instrumentOf = (n: number): InstrumentId => `I${n % INSTRUMENTS}` as InstrumentId;

function triggers(): PriceTrigger[] {
  const random = mulberry32(1);
  return Array.from({ length: TRIGGERS }, (_, n) => {
    const below = n % 2 === 0;
    const distance = 200 + Math.floor(random() * 4_000);
    return {
      triggerId: `T${n}`,
      instrumentId: instrumentOf(n),
      kind: below ? "STOP" : "TARGET",
      fires: below ? "AT_OR_BELOW" : "AT_OR_ABOVE",
      levelPaise: paise(MIDDLE_PAISE + (below ? -distance : distance)),
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
  return (instrumentId, bidPaise) => book.cross(new Set([instrumentId]), () => ({ bidPaise, askPaise: null })).length;
}

function scanOf(all: readonly PriceTrigger[]): Tick {
  let waiting = [...all];
  return (instrumentId, bidPaise) => {
    const before = waiting.length;
    waiting = waiting.filter(
      (trigger) =>
        trigger.instrumentId !== instrumentId ||
        (trigger.fires === "AT_OR_BELOW" ? bidPaise > trigger.levelPaise : bidPaise < trigger.levelPaise),
    );
    return before - waiting.length;
  };
}

function run(tick: Tick): { fired: number; ticksPerSecond: number; p50Us: number; p99Us: number } {
  const random = mulberry32(2);
  const prices = Array.from({ length: INSTRUMENTS }, () => MIDDLE_PAISE);
  const timesUs: number[] = [];
  let fired = 0;
  // Levels registered just now are looked at once; that belongs to registering, not to the ticks.
  for (let n = 0; n < INSTRUMENTS; n += 1) fired += tick(instrumentOf(n), paise(MIDDLE_PAISE));
  const started = performance.now();
  for (let n = 0; n < TICKS; n += 1) {
    const at = n % INSTRUMENTS;
    prices[at] = Math.max(5, (prices[at] ?? MIDDLE_PAISE) + Math.round((random() - 0.5) * 20) * 5);
    const before = performance.now();
    fired += tick(instrumentOf(at), paise(prices[at] ?? MIDDLE_PAISE));
    timesUs.push((performance.now() - before) * 1_000);
  }
  const seconds = (performance.now() - started) / 1_000;
  timesUs.sort((a, b) => a - b);
  const at = (share: number): number => Math.round((timesUs[Math.floor(timesUs.length * share)] ?? 0) * 10) / 10;
  return { fired, ticksPerSecond: Math.round(TICKS / seconds), p50Us: at(0.5), p99Us: at(0.99) };
}
