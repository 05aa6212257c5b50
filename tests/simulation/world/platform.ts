// The part of the platform under a Durable Object that an account uses: SQLite storage that survives the object, one alarm, and
// nothing else. An evicted object keeps running until its turn ends, as on the platform, but what it writes then is refused.
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

/** Thrown at an object that has been evicted. */
export class Evicted extends Error {
  override readonly name = "Evicted";
}

interface Cursor<Row> {
  toArray(): Row[];
  one(): Row;
  readonly rowsWritten: number;
  [Symbol.iterator](): Iterator<Row>;
}

const READS = /^\s*(SELECT|WITH|PRAGMA)|\bRETURNING\b/i;

export class SimulatedStorage {
  readonly #db = new DatabaseSync(":memory:");
  readonly #statements = new Map<string, { readonly statement: StatementSync; readonly isRead: boolean }>();
  /** When the alarm is to ring, by the platform's clock. */
  alarmAtMs: number | null = null;
  onAlarmSet: (atMs: number) => void = () => {};

  /** What one incarnation of the object sees of the storage. */
  handleFor(isAlive: () => boolean): unknown {
    const guard = (): void => {
      if (!isAlive()) throw new Evicted("this object has been evicted");
    };
    const exec = (sql: string, ...parameters: SQLInputValue[]): Cursor<unknown> => {
      guard();
      return this.exec(sql, ...parameters);
    };
    return {
      sql: { exec },
      transactionSync: <T>(run: () => T): T => {
        guard();
        return this.transaction(run);
      },
      setAlarm: async (atMs: number): Promise<void> => {
        // Nobody waits for this one, so a refusal would reach nobody either.
        if (!isAlive()) return;
        this.alarmAtMs = atMs;
        this.onAlarmSet(atMs);
      },
      deleteAlarm: async (): Promise<void> => {
        guard();
        this.alarmAtMs = null;
      },
      getAlarm: async (): Promise<number | null> => this.alarmAtMs,
    };
  }

  exec(sql: string, ...parameters: SQLInputValue[]): Cursor<unknown> {
    if (parameters.length === 0 && sql.trim().replace(/;$/, "").includes(";")) {
      this.#db.exec(sql);
      return cursorOf([], 0);
    }
    const { statement, isRead } = this.#prepared(sql);
    if (isRead) return cursorOf(statement.all(...parameters), 0);
    return cursorOf([], Number(statement.run(...parameters).changes));
  }

  transaction<T>(run: () => T): T {
    if (this.#db.isTransaction) return run();
    this.#db.exec("BEGIN");
    try {
      const result = run();
      this.#db.exec("COMMIT");
      return result;
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
  }

  #prepared(sql: string): { readonly statement: StatementSync; readonly isRead: boolean } {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = { statement: this.#db.prepare(sql), isRead: READS.test(sql) };
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

function cursorOf(rows: readonly unknown[], rowsWritten: number): Cursor<unknown> {
  return {
    toArray: () => [...rows],
    one: () => {
      if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`);
      return rows[0];
    },
    rowsWritten,
    [Symbol.iterator]: () => rows[Symbol.iterator](),
  };
}
