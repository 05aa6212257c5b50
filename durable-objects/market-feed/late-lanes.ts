// Accounts that could not be told, and what they have not heard, in order: kept apart, so that nobody else waits for them, and
// tried again ever less often until they have taken all of it.
import { type EpochMs, epochMs } from "../../src/core/kernel/time.ts";
import type { UntoldAccount } from "../../src/ports/objects.ts";

interface Lane {
  readonly sinceMs: EpochMs;
  readonly failures: number;
  readonly retryMs: EpochMs;
  readonly error: string;
}

export interface DeliveryRow extends Record<string, SqlStorageValue> {
  readonly id: number;
  readonly at_ms: number;
  readonly account_id: string;
  readonly body: string;
}

const RETRY_FIRST_MS = 250;
const RETRY_MAX_MS = 10_000;
/** So many of an account's rows are told at a time: a long absence does not become one message that is too large. */
const ROWS_MAX = 200;
const ERROR_CHARS_MAX = 300;

export class LateLanes {
  readonly #sql: SqlStorage;
  /** Null until it is needed: nearly always there are none. */
  #lanes: Map<string, Lane> | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** What is in memory is read again. */
  forget(): void {
    this.#lanes = null;
  }

  get isEmpty(): boolean {
    return this.#known().size === 0;
  }

  has(accountId: string): boolean {
    return this.#known().has(accountId);
  }

  /** Behind all that this account has not heard. */
  add(accountId: string, atMs: EpochMs, body: string): void {
    this.#sql.exec("INSERT INTO late_delivery (at_ms, account_id, body) VALUES (?, ?, ?)", atMs, accountId, body);
  }

  /** The first instant of which somebody may be told now. */
  firstAtMs(nowMs: number): EpochMs | null {
    const firsts = this.#due(nowMs).map((accountId) => this.#rows(accountId, 1)[0]?.at_ms ?? 0);
    return firsts.length === 0 ? null : epochMs(Math.min(...firsts));
  }

  /** When the next of them is tried again. */
  retryMs(): number | null {
    const retries = [...this.#known().values()].map(({ retryMs }) => retryMs);
    return retries.length === 0 ? null : Math.min(...retries);
  }

  /** Of those whose time has come. */
  pending(nowMs: number): readonly DeliveryRow[] {
    return this.#due(nowMs).flatMap((accountId) => this.#rows(accountId, ROWS_MAX));
  }

  /** An account has failed to take what it is told. Returns how often in a row, and whether it has taken some before it did. */
  failed(accountId: string, error: unknown, nowMs: number, hasTakenSome: boolean): number {
    const before = this.#known().get(accountId);
    if (before === undefined) {
      this.#sql.exec(
        "INSERT INTO late_delivery (at_ms, account_id, body) SELECT at_ms, account_id, body FROM delivery WHERE account_id = ? ORDER BY id",
        accountId,
      );
      this.#sql.exec("DELETE FROM delivery WHERE account_id = ?", accountId);
    }
    const failures = before === undefined || hasTakenSome ? 1 : before.failures + 1;
    const pauseMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** (failures - 1));
    this.#put(accountId, {
      sinceMs: before?.sinceMs ?? epochMs(nowMs),
      failures,
      retryMs: epochMs(nowMs + pauseMs),
      error: String(error).slice(0, ERROR_CHARS_MAX),
    });
    return failures;
  }

  /** It has taken these; once nothing is left it is told with everybody else again. */
  took(accountId: string, ids: readonly number[]): void {
    this.#sql.exec("DELETE FROM late_delivery WHERE id IN (SELECT value FROM json_each(?))", JSON.stringify(ids));
    if (this.#rows(accountId, 1).length > 0) return;
    this.#sql.exec("DELETE FROM late_lane WHERE account_id = ?", accountId);
    this.#known().delete(accountId);
  }

  /** Everybody's time has come. */
  hasten(nowMs: number): void {
    for (const [accountId, lane] of this.#known()) this.#put(accountId, { ...lane, retryMs: epochMs(nowMs) });
  }

  list(): readonly UntoldAccount[] {
    return [...this.#known()].map(([accountId, lane]) => ({
      accountId,
      deliveries: this.#sql
        .exec<{ n: number }>("SELECT COUNT(*) AS n FROM late_delivery WHERE account_id = ?", accountId)
        .one().n,
      ...lane,
    }));
  }

  #due(nowMs: number): readonly string[] {
    if (this.isEmpty) return [];
    return [...this.#known()].filter(([, { retryMs }]) => retryMs <= nowMs).map(([accountId]) => accountId);
  }

  #rows(accountId: string, limit: number): readonly DeliveryRow[] {
    return this.#sql
      .exec<DeliveryRow>(
        "SELECT id, at_ms, account_id, body FROM late_delivery WHERE account_id = ? ORDER BY id LIMIT ?",
        accountId,
        limit,
      )
      .toArray();
  }

  #put(accountId: string, lane: Lane): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO late_lane (account_id, since_ms, failures, retry_ms, error) VALUES (?, ?, ?, ?, ?)",
      accountId,
      lane.sinceMs,
      lane.failures,
      lane.retryMs,
      lane.error,
    );
    this.#known().set(accountId, lane);
  }

  #known(): Map<string, Lane> {
    this.#lanes ??= new Map(
      this.#sql
        .exec<{ account_id: string; since_ms: number; failures: number; retry_ms: number; error: string }>(
          "SELECT account_id, since_ms, failures, retry_ms, error FROM late_lane ORDER BY account_id",
        )
        .toArray()
        .map(({ account_id, since_ms, failures, retry_ms, error }) => [
          account_id,
          { sinceMs: epochMs(since_ms), failures, retryMs: epochMs(retry_ms), error },
        ]),
    );
    return this.#lanes;
  }
}
