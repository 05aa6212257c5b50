// The part of the platform under a Durable Object that an account uses: storage that survives the object, one alarm, and nothing
// else. An evicted object keeps running until its turn ends, as on the platform, but what it writes then is refused.
import type { Rows, Value } from "./memory-rows.ts";

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

export class SimulatedStorage {
  readonly #rows: Rows;
  readonly #nowMs: () => number;
  /** When each journal entry was written, by its sequence and the exchange's clock. */
  readonly writtenAtMs: number[] = [];
  /** When the alarm is to ring, by the platform's clock. */
  alarmAtMs: number | null = null;
  onAlarmSet: (atMs: number) => void = () => {};

  constructor(rows: Rows, nowMs: () => number = () => 0) {
    this.#rows = rows;
    this.#nowMs = nowMs;
  }

  /** What one incarnation of the object sees of the storage. */
  handleFor(isAlive: () => boolean): unknown {
    const guard = (): void => {
      if (!isAlive()) throw new Evicted("this object has been evicted");
    };
    const exec = (sql: string, ...parameters: Value[]): Cursor<unknown> => {
      guard();
      return this.exec(sql, ...parameters);
    };
    return {
      sql: { exec },
      transactionSync: <T>(run: () => T): T => {
        guard();
        return this.#rows.transaction(run);
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

  exec(sql: string, ...parameters: Value[]): Cursor<unknown> {
    if (sql.startsWith("INSERT INTO journal")) this.writtenAtMs[Number(parameters[0])] = this.#nowMs();
    const { rows, written } = this.#rows.exec(sql, parameters);
    return {
      toArray: () => [...rows],
      one: () => {
        if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}`);
        return rows[0];
      },
      rowsWritten: written,
      [Symbol.iterator]: () => rows[Symbol.iterator](),
    };
  }

  close(): void {
    this.#rows.close();
  }
}
