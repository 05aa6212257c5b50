// A run's own rows: what was asked, how often it has failed, and the bytes from which it goes on.
import { assert } from "../../src/core/kernel/assert.ts";
import type { LabStart, LabState } from "../../src/ports/lab.ts";

export interface StoredRun {
  readonly run: LabStart;
  readonly state: LabState;
  readonly progressBps: number;
  readonly note: string;
  /** Steps that failed in a row. */
  readonly failures: number;
  /** JSON; kept until D1 has it. */
  readonly result: string | null;
  /** The work is done and its outcome is being kept: too late to cancel. */
  readonly isKeeping: boolean;
  readonly isReported: boolean;
}

/** SQLite holds at most 2 MB in one value. */
const PART_BYTES = 1_000_000;

export class LabStore {
  readonly #storage: DurableObjectStorage;
  #current: StoredRun | null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
    storage.sql.exec("CREATE TABLE IF NOT EXISTS run (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL)");
    storage.sql.exec("CREATE TABLE IF NOT EXISTS saved (part INTEGER PRIMARY KEY, body BLOB NOT NULL)");
    const row = storage.sql.exec<{ body: string }>("SELECT body FROM run").toArray()[0];
    this.#current = row === undefined ? null : (JSON.parse(row.body) as StoredRun);
  }

  get current(): StoredRun | null {
    return this.#current;
  }

  begin(run: LabStart): StoredRun {
    return this.#write({
      run,
      state: "QUEUED",
      progressBps: 0,
      note: "waiting",
      failures: 0,
      result: null,
      isKeeping: false,
      isReported: false,
    });
  }

  /** Writes the change and, where given, the bytes of the step it belongs to, together. */
  update(change: Partial<Omit<StoredRun, "run">>, saved?: Uint8Array | null): StoredRun {
    assert(this.#current !== null, "a run was started");
    const next = { ...this.#current, ...change };
    this.#storage.transactionSync(() => {
      if (saved !== undefined) this.#save(saved);
      this.#write(next);
    });
    return next;
  }

  saved(): Uint8Array | null {
    const parts = this.#storage.sql
      .exec<{ body: ArrayBuffer }>("SELECT body FROM saved ORDER BY part")
      .toArray()
      .map(({ body }) => new Uint8Array(body));
    if (parts.length === 0) return null;
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  #save(bytes: Uint8Array | null): void {
    this.#storage.sql.exec("DELETE FROM saved");
    for (let from = 0; bytes !== null && from < bytes.length; from += PART_BYTES) {
      this.#storage.sql.exec(
        "INSERT INTO saved (part, body) VALUES (?, ?)",
        from,
        bytes.slice(from, from + PART_BYTES),
      );
    }
  }

  #write(run: StoredRun): StoredRun {
    this.#storage.sql.exec("INSERT OR REPLACE INTO run (id, body) VALUES (1, ?)", JSON.stringify(run));
    this.#current = run;
    return run;
  }
}
