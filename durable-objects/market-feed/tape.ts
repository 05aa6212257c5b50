// The day's facts in the order they are taken in, recorded or live. What has been played is exactly the part up to a
// watermark, so the board can be rebuilt from it at any time.
import { assert } from "../../src/core/kernel/assert.ts";
import { err, ok, type Result } from "../../src/core/kernel/result.ts";
import { type EpochMs, formatInstant } from "../../src/core/kernel/time.ts";
import type { MarketEvent, Quote } from "../../src/core/market/market-event.ts";
import type { TapeRefusal } from "../../src/ports/objects.ts";

export interface TapeEvent {
  readonly position: number;
  readonly atMs: EpochMs;
  readonly event: MarketEvent;
}

const EVENTS_PER_CHUNK_MAX = 100_000;
/** A row is at most 2 MB; a quote takes at most some 200 bytes. A longer snapshot becomes several of the same moment. */
const QUOTES_PER_ROW_MAX = 4_000;
const LOOKAHEAD_EVENTS = 16;

export class Tape {
  readonly #sql: SqlStorage;
  /** The next events to be played, oldest first. Empty = not read yet or nothing left. */
  #ahead: TapeEvent[] = [];

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /**
   * Adds a chunk, and returns how many events it has. Chunks come in order; one that is there already is left alone. Time never
   * goes back on a recorded tape. What is refused has changed nothing.
   */
  append(chunk: number, events: readonly MarketEvent[]): Result<number, TapeRefusal> {
    assert(Number.isSafeInteger(chunk) && chunk >= 0, `not a chunk number: ${chunk}`);
    const [taken] = this.#sql
      .exec<{ events: number }>("SELECT events FROM tape_chunk WHERE chunk = ?", chunk)
      .toArray();
    if (taken !== undefined) return ok(taken.events);
    const rows = events.flatMap(splitSnapshot);
    assert(rows.length <= EVENTS_PER_CHUNK_MAX, `chunk ${chunk} has ${rows.length} events`);
    const last = this.#last();
    let position = chunk * EVENTS_PER_CHUNK_MAX;
    if ((last?.position ?? -1) >= position) {
      return err({ code: "TAPE_CHUNK_OUT_OF_ORDER", detail: `chunk ${chunk} comes after a later one` });
    }
    const backwards = firstBackwards(rows, last?.atMs ?? 0);
    if (backwards !== null) {
      const detail = `chunk ${chunk} goes back in time at ${formatInstant(backwards.atMs)}`;
      return err({ code: "TAPE_TIME_GOES_BACK", detail });
    }
    for (const event of rows) {
      this.#sql.exec("INSERT INTO tape (position, at_ms, body) VALUES (?, ?, ?)", position, event.atMs, encode(event));
      position += 1;
    }
    this.#sql.exec("INSERT INTO tape_chunk (chunk, events) VALUES (?, ?)", chunk, events.length);
    this.#ahead = [];
    return ok(events.length);
  }

  /** Adds live facts behind everything else. One that comes late is taken in now; it keeps its own instant inside. */
  appendLive(events: readonly MarketEvent[]): void {
    const { chunk } = this.#sql.exec<{ chunk: number | null }>("SELECT MAX(chunk) AS chunk FROM tape_chunk").one();
    const next = (chunk ?? -1) + 1;
    let takenAtMs: number = this.#last()?.atMs ?? 0;
    let position = next * EVENTS_PER_CHUNK_MAX;
    for (const event of events.flatMap(splitSnapshot)) {
      takenAtMs = Math.max(takenAtMs, event.atMs);
      this.#sql.exec("INSERT INTO tape (position, at_ms, body) VALUES (?, ?, ?)", position, takenAtMs, encode(event));
      position += 1;
    }
    this.#sql.exec("INSERT INTO tape_chunk (chunk, events) VALUES (?, ?)", next, events.length);
    this.#ahead = [];
  }

  /** Forgets what was read ahead: the tape was replaced, or a step that moved on was undone. */
  rewind(): void {
    this.#ahead = [];
  }

  /** The next event after a position, or null at the end of the tape. */
  next(afterPosition: number): TapeEvent | null {
    this.#readAhead(afterPosition);
    return this.#ahead[0] ?? null;
  }

  /** The events after a position that are due at an instant. */
  due(afterPosition: number, now: EpochMs): TapeEvent[] {
    const events: TapeEvent[] = [];
    let position = afterPosition;
    for (let next = this.next(position); next !== null && next.atMs <= now; next = this.next(position)) {
      events.push(next);
      position = next.position;
    }
    return events;
  }

  /** Everything up to and including a position, oldest first. */
  *played(toPosition: number): Generator<MarketEvent> {
    const rows = this.#sql.exec<{ body: string }>(
      "SELECT body FROM tape WHERE position <= ? ORDER BY position",
      toPosition,
    );
    for (const row of rows) yield decode(row.body);
  }

  /** The last event is also the latest. By its key: the tape is as long as the day, and live facts come many times a second. */
  #last(): { readonly position: number; readonly atMs: number } | null {
    const [last] = this.#sql
      .exec<{ position: number; atMs: number }>(
        "SELECT position, at_ms AS atMs FROM tape ORDER BY position DESC LIMIT 1",
      )
      .toArray();
    return last ?? null;
  }

  #readAhead(afterPosition: number): void {
    while (this.#ahead[0] !== undefined && this.#ahead[0].position <= afterPosition) this.#ahead.shift();
    if (this.#ahead.length > 0) return;
    this.#ahead = this.#sql
      .exec<{ position: number; atMs: number; body: string }>(
        "SELECT position, at_ms AS atMs, body FROM tape WHERE position > ? ORDER BY position LIMIT ?",
        afterPosition,
        LOOKAHEAD_EVENTS,
      )
      .toArray()
      .map((row) => ({ position: row.position, atMs: row.atMs as EpochMs, event: decode(row.body) }));
  }
}

/** The first event that is earlier than one before it, or null. */
function firstBackwards(events: readonly MarketEvent[], fromMs: number): MarketEvent | null {
  let latestMs = fromMs;
  for (const event of events) {
    if (event.atMs < latestMs) return event;
    latestMs = event.atMs;
  }
  return null;
}

function splitSnapshot(event: MarketEvent): MarketEvent[] {
  if (event.kind !== "CHAIN_SNAPSHOT" || event.quotes.length <= QUOTES_PER_ROW_MAX) return [event];
  const parts: MarketEvent[] = [];
  for (let from = 0; from < event.quotes.length; from += QUOTES_PER_ROW_MAX) {
    parts.push({ ...event, quotes: event.quotes.slice(from, from + QUOTES_PER_ROW_MAX) });
  }
  return parts;
}

// A day holds hundreds of thousands of quotes, so they are stored as bare lists in this order of fields.
const QUOTE_FIELDS = [
  "instrumentId",
  "expiry",
  "strikePaise",
  "optionType",
  "lastPaise",
  "bidPaise",
  "bidUnits",
  "askPaise",
  "askUnits",
  "volumeUnits",
  "openInterestUnits",
  "ivBps",
] as const satisfies readonly (keyof Quote)[];

function encode(event: MarketEvent): string {
  if (event.kind === "INDEX_PRINT") return JSON.stringify(event);
  return JSON.stringify({ ...event, quotes: event.quotes.map((quote) => QUOTE_FIELDS.map((field) => quote[field])) });
}

function decode(body: string): MarketEvent {
  const event = JSON.parse(body) as MarketEvent;
  if (event.kind === "INDEX_PRINT") return event;
  const rows = event.quotes as unknown as readonly (readonly unknown[])[];
  return { ...event, quotes: rows.map(quoteFrom) };
}

const quoteFrom = (row: readonly unknown[]): Quote =>
  ({
    instrumentId: row[0],
    expiry: row[1],
    strikePaise: row[2],
    optionType: row[3],
    lastPaise: row[4],
    bidPaise: row[5],
    bidUnits: row[6],
    askPaise: row[7],
    askUnits: row[8],
    volumeUnits: row[9],
    openInterestUnits: row[10],
    ivBps: row[11],
  }) as Quote;
