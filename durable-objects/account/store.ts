// An account's SQLite rows as the core's values. `commit` writes everything one decision entails in one synchronous turn,
// which the platform makes one transaction and one commit.
import type { AccountEvent, JournalEntry } from "../../src/core/account/event.ts";
import { EMPTY_ACCOUNT, evolve } from "../../src/core/account/evolve.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { required } from "../../src/core/kernel/assert.ts";
import type { MarketDate } from "../../src/core/kernel/time.ts";
import { GENESIS_HASH } from "../../src/core/ledger/hash-chain.ts";
import type { SessionClock } from "../../src/core/session/session-clock.ts";
import type { ParkedMessage } from "../../src/ports/objects.ts";
import { migrate } from "./migrations.ts";
import type { OutboxDraft, OutboxRow, OutboxTopic } from "./outbox.ts";

export interface LoadedAccount {
  readonly state: AccountState;
  readonly headHash: string;
}

export interface StoredClock {
  readonly sessionDate: MarketDate;
  readonly clock: SessionClock;
}

/** SQLite holds at most 2 MB in one value. */
const SNAPSHOT_PART_CHARACTERS = 500_000;
const SNAPSHOT_EVENTS_MIN = 200;

export class AccountStore {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  #eventsSinceSnapshot = 0;
  #snapshotCharacters = 0;
  /** Messages that have been confirmed and whose rows are still there. */
  #confirmed: number[] = [];

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    this.#sql = storage.sql;
    migrate(storage);
  }

  /** The newest snapshot with the journal's tail folded onto it. */
  load(): LoadedAccount {
    const parts = this.#sql
      .exec<{ sequence: number; body: string }>(
        "SELECT sequence, body FROM snapshot WHERE sequence = (SELECT MAX(sequence) FROM snapshot) ORDER BY part",
      )
      .toArray();
    const text = parts.map((part) => part.body).join("");
    let state: AccountState = text === "" ? EMPTY_ACCOUNT : (JSON.parse(text) as AccountState);
    let headHash = text === "" ? GENESIS_HASH : this.#hashAt(state.sequence);
    this.#snapshotCharacters = text.length;
    this.#eventsSinceSnapshot = 0;
    for (const { event, hash } of this.entries(state.sequence)) {
      state = evolve(state, event);
      headHash = hash;
      this.#eventsSinceSnapshot += 1;
    }
    return { state, headHash };
  }

  /** All or nothing: the events of one decision and what has to be told about them. */
  commit(entries: readonly JournalEntry[], outbox: readonly OutboxDraft[], dueAtMs: number): void {
    this.#storage.transactionSync(() => {
      for (const { sequence, event, hash } of entries) {
        this.#sql.exec(
          "INSERT INTO journal (sequence, at_ms, type, event, hash) VALUES (?, ?, ?, ?, ?)",
          sequence,
          event.atMs,
          event.type,
          JSON.stringify(event),
          hash,
        );
      }
      for (const { topic, body } of outbox) {
        this.#sql.exec("INSERT INTO outbox (topic, body, due_at_ms) VALUES (?, ?, ?)", topic, body, dueAtMs);
      }
    });
    // In the same turn, and so written with it.
    this.#dropConfirmed();
    this.#eventsSinceSnapshot += entries.length;
  }

  /** True when folding the tail would cost more than reading a snapshot; the interval grows with the state's size. */
  isSnapshotDue(): boolean {
    return this.#eventsSinceSnapshot >= Math.max(SNAPSHOT_EVENTS_MIN, this.#snapshotCharacters / 1_000);
  }

  saveSnapshot(state: AccountState): void {
    const text = JSON.stringify(state);
    this.#storage.transactionSync(() => {
      this.#sql.exec("DELETE FROM snapshot");
      for (let part = 0; part * SNAPSHOT_PART_CHARACTERS < text.length; part += 1) {
        const start = part * SNAPSHOT_PART_CHARACTERS;
        this.#sql.exec(
          "INSERT INTO snapshot (sequence, part, body) VALUES (?, ?, ?)",
          state.sequence,
          part,
          text.slice(start, start + SNAPSHOT_PART_CHARACTERS),
        );
      }
    });
    this.#snapshotCharacters = text.length;
    this.#eventsSinceSnapshot = 0;
  }

  /** Journal entries after `sequence`, oldest first, read as they are asked for. */
  *entries(afterSequence: number, limit = Number.MAX_SAFE_INTEGER): Generator<JournalEntry> {
    const rows = this.#sql.exec<{ sequence: number; at_ms: number; type: string; event: string; hash: string }>(
      "SELECT sequence, at_ms, type, event, hash FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?",
      afterSequence,
      limit,
    );
    for (const { sequence, at_ms, type, event: text, hash } of rows) {
      const event = JSON.parse(text) as AccountEvent;
      // The chain covers the event; what is repeated beside it must not say anything else.
      if (event.atMs !== at_ms || event.type !== type) throw new Error(`journal row ${sequence} contradicts its event`);
      yield { sequence, event, hash };
    }
  }

  /** Messages that are due and not parked, oldest first; with `dueByMs` null, whatever their time. */
  outboxPending(dueByMs: number | null, limit: number, afterId: number): OutboxRow[] {
    this.#dropConfirmed();
    return this.#sql
      .exec<OutboxRow>(
        `SELECT id, topic, body, attempts, due_at_ms FROM outbox
         WHERE parked = 0 AND due_at_ms <= ? AND id > ? ORDER BY id LIMIT ?`,
        dueByMs ?? Number.MAX_SAFE_INTEGER,
        afterId,
        limit,
      )
      .toArray();
  }

  /** When the next unparked message is due, or null. */
  outboxNextDueMs(): number | null {
    this.#dropConfirmed();
    return this.#sql.exec<{ due: number | null }>("SELECT MIN(due_at_ms) AS due FROM outbox WHERE parked = 0").one()
      .due;
  }

  outboxSent(id: number, attempts: number, dueAtMs: number): void {
    this.#sql.exec("UPDATE outbox SET attempts = ?, due_at_ms = ? WHERE id = ?", attempts, dueAtMs, id);
  }

  outboxPark(id: number): void {
    this.#sql.exec("UPDATE outbox SET parked = 1 WHERE id = ?", id);
  }

  /**
   * Not worth a commit of its own: the rows go with the next decision, or when the outbox is next looked at. Should the instance
   * end before that, the messages are told once more.
   */
  outboxConfirmed(ids: readonly number[]): void {
    this.#confirmed.push(...ids);
  }

  outboxCounts(): { readonly pending: number; readonly parked: number } {
    this.#dropConfirmed();
    const row = this.#sql
      .exec<{ pending: number; parked: number }>(
        "SELECT COUNT(*) - COALESCE(SUM(parked), 0) AS pending, COALESCE(SUM(parked), 0) AS parked FROM outbox",
      )
      .one();
    return { pending: row.pending, parked: row.parked };
  }

  outboxParked(limit: number): ParkedMessage[] {
    this.#dropConfirmed();
    return this.#sql
      .exec<{ outboxId: number; topic: OutboxTopic; attempts: number; body: string }>(
        "SELECT id AS outboxId, topic, attempts, body FROM outbox WHERE parked = 1 ORDER BY id LIMIT ?",
        limit,
      )
      .toArray();
  }

  /** Gives all parked messages a new set of attempts; returns how many there were. */
  outboxUnpark(dueAtMs: number): number {
    this.#dropConfirmed();
    return this.#sql.exec("UPDATE outbox SET parked = 0, attempts = 0, due_at_ms = ? WHERE parked = 1", dueAtMs)
      .rowsWritten;
  }

  alarms(): Map<string, number> {
    const rows = this.#sql.exec<{ name: string; due_at_ms: number }>("SELECT name, due_at_ms FROM alarm");
    return new Map([...rows].map((row) => [row.name, row.due_at_ms]));
  }

  saveAlarm(name: string, dueAtMs: number | null): void {
    if (dueAtMs === null) this.#sql.exec("DELETE FROM alarm WHERE name = ?", name);
    else this.#sql.exec("INSERT OR REPLACE INTO alarm (name, due_at_ms) VALUES (?, ?)", name, dueAtMs);
  }

  clock(): StoredClock | null {
    const [row] = this.#sql.exec<{ value: string }>("SELECT value FROM setting WHERE name = 'clock'").toArray();
    return row === undefined ? null : (JSON.parse(row.value) as StoredClock);
  }

  saveClock(clock: StoredClock): void {
    this.#sql.exec("INSERT OR REPLACE INTO setting (name, value) VALUES ('clock', ?)", JSON.stringify(clock));
  }

  #dropConfirmed(): void {
    if (this.#confirmed.length === 0) return;
    const ids = JSON.stringify(this.#confirmed);
    this.#sql.exec("DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))", ids);
    this.#confirmed = [];
  }

  #hashAt(sequence: number): string {
    const [row] = this.#sql.exec<{ hash: string }>("SELECT hash FROM journal WHERE sequence = ?", sequence).toArray();
    return required(row, `journal entry ${sequence} that the snapshot rests on`).hash;
  }
}
