// Tells the rest of the platform what was written, at least once. A message stays until its consumer confirms it; it is
// sent again after a growing pause, and parked after the last attempt, so that one poisoned message blocks nothing.
import type { LedgerEntry } from "../../src/core/ledger/entry.ts";
import { finalRows } from "../../src/core/reporting/final-rows.ts";
import type { Notification } from "../../src/core/reporting/notification.ts";
import type { ReadModelRow } from "../../src/core/reporting/projection.ts";
import type { LedgerMessage, NotificationMessage } from "../../src/ports/messages.ts";

export type OutboxTopic = "ledger" | "notifications";

/** One row as it is written: `body` is JSON of a LedgerBody or of a Notification[]. */
export interface OutboxDraft {
  readonly topic: OutboxTopic;
  readonly body: string;
}

/** As SQLite returns it; a type alias, because rows are records. */
export type OutboxRow = {
  readonly id: number;
  readonly topic: OutboxTopic;
  readonly body: string;
  readonly attempts: number;
  readonly due_at_ms: number;
};

interface LedgerBody {
  readonly rows: readonly ReadModelRow[];
  readonly entries: readonly LedgerEntry[];
}

export interface OutboxDeps {
  accountId(): string;
  /** Unparked rows with a greater id than `afterId` that are due by then, oldest first; null = whatever their time. */
  pending(dueByMs: number | null, limit: number, afterId: number): readonly OutboxRow[];
  nextDueMs(): number | null;
  sent(id: number, attempts: number, dueAtMs: number): void;
  park(id: number): void;
  wakeAt(dueAtMs: number): void;
  sendLedger(messages: readonly LedgerMessage[]): Promise<void>;
  sendNotifications(messages: readonly NotificationMessage[]): Promise<void>;
}

export const OUTBOX_ATTEMPTS_MAX = 12;
const ROWS_PER_ROUND = 500;
const MESSAGE_BYTES_MAX = 96_000;
const BATCH_BYTES_MAX = 200_000;
/** What a row's id adds to a message, and what stands around all rows. */
const ROW_OVERHEAD_BYTES = 16;
const MESSAGE_OVERHEAD_BYTES = 256;
const DRAFT_CHARACTERS_MAX = 48_000;
/** How long a message waits for others to travel with, when nothing has been sent lately; and the pace under load. */
const DELAY_MS = 250;
const FLUSH_INTERVAL_MS = 2_000;
const BACKOFF_FLOOR_MS = 2_000;
const BACKOFF_BASE_MS = 4_000;
const BACKOFF_MAX_MS = 300_000;

/** The rows to write for what one decision came to, in pieces that fit into a message. */
export function outboxDrafts(parts: readonly (LedgerBody & { readonly notifications: readonly Notification[] })[]) {
  const ledger = parts
    .filter(({ rows, entries }) => rows.length + entries.length > 0)
    .map(({ rows, entries }) => ({ rows: members(rows), entries: members(entries) }));
  const notifications = parts.flatMap((part) => part.notifications.map((notification) => JSON.stringify(notification)));
  const drafts: OutboxDraft[] = pieces(ledger, ({ rows, entries }) => rows.length + entries.length).map((piece) => ({
    topic: "ledger",
    body: `{"rows":[${joined(piece.map((p) => p.rows))}],"entries":[${joined(piece.map((p) => p.entries))}]}`,
  }));
  for (const piece of pieces(notifications, (text) => text.length)) {
    drafts.push({ topic: "notifications", body: `[${joined(piece)}]` });
  }
  return drafts;
}

/** What stands between an array's brackets: written once, both to be measured and to be sent. */
const members = (items: readonly unknown[]): string => JSON.stringify(items).slice(1, -1);
const joined = (texts: readonly string[]): string => texts.filter((text) => text !== "").join(",");

export class Outbox {
  readonly #deps: OutboxDeps;
  /** Messages sent by this very instance and not confirmed: only these can still be on their way. */
  readonly #sentHere = new Set<number>();
  #flushing: Promise<void> | null = null;
  #lastFlushMs = 0;
  #plannedMs = 0;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  /**
   * Sends what is due; with EVERYTHING also what an earlier instance sent without a confirmation, because it may have been
   * lost with it. One flush at a time; a second caller waits for the first and then looks again.
   */
  async flush(which: "DUE" | "EVERYTHING", nowMs: number): Promise<void> {
    while (this.#flushing !== null) await this.#flushing.catch(() => {});
    this.#flushing = this.#flush(which, nowMs).finally(() => {
      this.#flushing = null;
    });
    await this.#flushing;
  }

  /** When a message written now is to be sent: soon after a quiet time, together with many others in a busy one. */
  sendTimeMs(nowMs: number): number {
    if (this.#plannedMs <= nowMs) this.#plannedMs = Math.max(nowMs + DELAY_MS, this.#lastFlushMs + FLUSH_INTERVAL_MS);
    return this.#plannedMs;
  }

  forget(ids: readonly number[]): void {
    for (const id of ids) this.#sentHere.delete(id);
  }

  async #flush(which: "DUE" | "EVERYTHING", nowMs: number): Promise<void> {
    this.#lastFlushMs = nowMs;
    for (let afterId = 0; ; ) {
      const rows = this.#deps.pending(which === "DUE" ? nowMs : null, ROWS_PER_ROUND, afterId);
      const sendable = this.#sendable(rows.filter((row) => row.due_at_ms <= nowMs || !this.#sentHere.has(row.id)));
      this.#note(sendable, nowMs);
      // In the same turn and so in the same commit as the attempts, before anything is waited for.
      this.#wakeForNext(nowMs, sendable.length > 0);
      await this.#send(sendable);
      const last = rows.at(-1);
      if (last === undefined || rows.length < ROWS_PER_ROUND) return;
      afterId = last.id;
    }
  }

  /** What has had its last attempt is parked. */
  #sendable(rows: readonly OutboxRow[]): readonly OutboxRow[] {
    for (const row of rows) if (row.attempts >= OUTBOX_ATTEMPTS_MAX) this.#deps.park(row.id);
    return rows.filter((row) => row.attempts < OUTBOX_ATTEMPTS_MAX);
  }

  /**
   * The attempt is written down first: a crash after that costs a pause, never a message. A queue that refuses counts as an
   * attempt like any other.
   */
  #note(rows: readonly OutboxRow[], nowMs: number): void {
    const accountId = this.#deps.accountId();
    for (const { id, attempts } of rows) {
      this.#sentHere.add(id);
      this.#deps.sent(id, attempts + 1, nowMs + backoffMs(`${accountId}/${id}`, attempts + 1));
    }
  }

  /**
   * After something was sent, at the pace under load at the latest: whatever is written until then is to be sent at that very
   * time (`sendTimeMs`), and an alarm that need not be moved costs nothing.
   */
  #wakeForNext(nowMs: number, isBusy: boolean): void {
    const nextDueMs = this.#deps.nextDueMs();
    if (nextDueMs === null) return;
    this.#deps.wakeAt(isBusy ? Math.min(nextDueMs, nowMs + FLUSH_INTERVAL_MS) : nextDueMs);
  }

  async #send(rows: readonly OutboxRow[]): Promise<void> {
    const accountId = this.#deps.accountId();
    const of = (topic: OutboxTopic): Packed[][] => batches(packed(rows.filter((row) => row.topic === topic)));
    for (const batch of of("ledger"))
      await this.#deps.sendLedger(batch.map((group) => ledgerMessage(accountId, group)));
    for (const batch of of("notifications")) {
      await this.#deps.sendNotifications(batch.map((group) => notificationMessage(accountId, group)));
    }
  }
}

/** Of a row that has changed several times since the last flush only the newest image travels: it is the one that stays. */
function ledgerMessage(accountId: string, { rows }: Packed): LedgerMessage {
  const bodies = rows.map((row) => JSON.parse(row.body) as LedgerBody);
  return {
    kind: "LEDGER",
    accountId,
    outboxIds: rows.map((row) => row.id),
    rows: finalRows(bodies.flatMap((body) => body.rows)),
    entries: bodies.flatMap((body) => body.entries),
  };
}

const notificationMessage = (accountId: string, { rows }: Packed): NotificationMessage => ({
  kind: "NOTIFICATION",
  accountId,
  outboxIds: rows.map((row) => row.id),
  notifications: rows.flatMap((row) => JSON.parse(row.body) as Notification[]),
});

/**
 * Pause after the n-th attempt (1-based): full jitter over a doubling window, above a floor that gives the consumer time to
 * confirm. The jitter is a function of the message, so that a run can be repeated.
 */
export function backoffMs(messageKey: string, attempt: number): number {
  const windowMs = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
  return BACKOFF_FLOOR_MS + Math.floor(fraction(`${messageKey}#${attempt}`) * windowMs);
}

/** FNV-1a with a final mix, as a fraction in [0, 1). Spreads retries; decides nothing that matters. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 0x1_0000_0000;
}

/** Groups by size of JSON; a single item above the limit stands alone. */
function grouped<T>(items: readonly T[], sizeMax: number, sizeOf: (item: T) => number): T[][] {
  const groups: T[][] = [];
  let size = 0;
  for (const item of items) {
    const itemSize = sizeOf(item);
    const last = groups.at(-1);
    if (last === undefined || size + itemSize > sizeMax) {
      groups.push([item]);
      size = itemSize;
    } else {
      last.push(item);
      size += itemSize;
    }
  }
  return groups;
}

const utf8 = new TextEncoder();
const bytesOf = (text: string): number => utf8.encode(text).byteLength;
const pieces = <T>(items: readonly T[], sizeOf: (item: T) => number): T[][] =>
  grouped(items, DRAFT_CHARACTERS_MAX, sizeOf);

/** The rows of one message, and no fewer bytes than it will have. */
interface Packed {
  readonly rows: readonly OutboxRow[];
  readonly bytes: number;
}

const packed = (rows: readonly OutboxRow[]): Packed[] =>
  grouped(
    rows.map((row) => ({ row, bytes: bytesOf(row.body) + ROW_OVERHEAD_BYTES })),
    MESSAGE_BYTES_MAX,
    ({ bytes }) => bytes,
  ).map((group) => ({
    rows: group.map(({ row }) => row),
    bytes: group.reduce((sum, { bytes }) => sum + bytes, MESSAGE_OVERHEAD_BYTES),
  }));
const batches = (messages: readonly Packed[]): Packed[][] => grouped(messages, BATCH_BYTES_MAX, ({ bytes }) => bytes);
