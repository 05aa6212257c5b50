// The session's own rows: where it stands, and which jobs of the day it has seen through. Everything it plays or causes is
// kept by the feeds, the accounts and D1; this is only what it needs to go on after a restart.
import { assert } from "../../src/core/kernel/assert.ts";
import type { EpochMs } from "../../src/core/kernel/time.ts";
import type { RecordedSession } from "../../src/core/market/recorded-session.ts";
import type { SessionClock } from "../../src/core/session/session-clock.ts";
import type { SessionStatus } from "../../src/ports/objects.ts";

export interface StoredSession {
  readonly status: SessionStatus;
  readonly session: RecordedSession;
  readonly accountIds: readonly string[];
  /** The market instant up to which everything has been carried out. */
  readonly nowMs: EpochMs;
  /** As the accounts were last told. */
  readonly clock: SessionClock;
  readonly failure: string | null;
  /** No job is run before this instant; absent unless the session went on after a failure. */
  readonly jobsFromMs?: EpochMs;
}

const MIGRATIONS: readonly string[] = [
  `CREATE TABLE session (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL);
   CREATE TABLE job_done (job_key TEXT PRIMARY KEY) WITHOUT ROWID;`,
];

export class SessionStore {
  readonly #sql: SqlStorage;
  readonly #jobsDone: Set<string>;
  #current: StoredSession | null;

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql;
    storage.transactionSync(() => this.#migrate());
    const row = this.#sql.exec<{ body: string }>("SELECT body FROM session").toArray()[0];
    this.#current = row === undefined ? null : (JSON.parse(row.body) as StoredSession);
    this.#jobsDone = new Set(
      this.#sql
        .exec<{ job_key: string }>("SELECT job_key FROM job_done")
        .toArray()
        .map((done) => done.job_key),
    );
  }

  get current(): StoredSession | null {
    return this.#current;
  }

  /** Replaces whatever session was there. */
  begin(session: StoredSession): void {
    this.#sql.exec("DELETE FROM job_done");
    this.#jobsDone.clear();
    this.#save(session);
  }

  update(change: Partial<StoredSession>): StoredSession {
    assert(this.#current !== null, "a session is loaded");
    const next = { ...this.#current, ...change };
    this.#save(next);
    return next;
  }

  isJobDone(jobKey: string): boolean {
    return this.#jobsDone.has(jobKey);
  }

  jobDone(jobKey: string): void {
    this.#sql.exec("INSERT OR IGNORE INTO job_done (job_key) VALUES (?)", jobKey);
    this.#jobsDone.add(jobKey);
  }

  #save(session: StoredSession): void {
    this.#sql.exec("INSERT OR REPLACE INTO session (id, body) VALUES (1, ?)", JSON.stringify(session));
    this.#current = session;
  }

  #migrate(): void {
    this.#sql.exec("CREATE TABLE IF NOT EXISTS applied_migration (id INTEGER PRIMARY KEY, statements TEXT NOT NULL)");
    const applied = this.#sql
      .exec<{ statements: string }>("SELECT statements FROM applied_migration ORDER BY id")
      .toArray();
    for (const [index, statements] of MIGRATIONS.entries()) {
      const earlier = applied[index];
      if (earlier !== undefined) {
        assert(earlier.statements === statements, `migration ${index} of the session was changed after it ran`);
        continue;
      }
      this.#sql.exec(statements);
      this.#sql.exec("INSERT INTO applied_migration (id, statements) VALUES (?, ?)", index, statements);
    }
  }
}
