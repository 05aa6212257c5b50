// An account's tables as plain values: every statement the account's store makes, done without SQL. Most seeds run on it, because
// the database is most of what a seed would cost. A statement that is not known here fails the run, thorough runs use SQLite, and
// both have to come to the same events from the same seed.

export type Value = string | number | bigint | null | Uint8Array;
type Row = Readonly<Record<string, unknown>>;

export interface Rows {
  /** What a statement returns, and how many rows it has written. */
  exec(sql: string, parameters: readonly Value[]): { readonly rows: readonly unknown[]; readonly written: number };
  transaction<T>(run: () => T): T;
  close(): void;
}

interface OutboxRow {
  readonly id: number;
  readonly topic: string;
  readonly body: string;
  readonly attempts: number;
  readonly due_at_ms: number;
  readonly parked: number;
}

interface JournalRow {
  readonly sequence: number;
  readonly at_ms: number;
  readonly type: string;
  readonly event: string;
  readonly hash: string;
}

/** The store's own types say what its parameters are; here they are whatever a column takes. */
type Bound = readonly [never, never, never, never, never];
type Statement = (tables: Tables, bound: Bound) => readonly unknown[] | number;

/** Keys in the order in which SQLite would go through them: outbox ids only grow, so the map's order is theirs. */
class Tables {
  readonly migrations: Row[] = [];
  /** Row n has sequence n + 1. */
  readonly journal: JournalRow[] = [];
  snapshot: readonly { readonly sequence: number; readonly part: number; readonly body: string }[] = [];
  readonly outbox = new Map<number, OutboxRow>();
  readonly alarms = new Map<string, number>();
  readonly settings = new Map<string, string>();
  lastOutboxId = 0;
  /** What takes back the transaction under way, newest last. */
  undo: (() => void)[] | null = null;

  did(undo: () => void): void {
    this.undo?.push(undo);
  }

  set<Key, Item>(map: Map<Key, Item>, key: Key, item: Item): void {
    if (this.undo !== null) {
      const before = map.get(key);
      // Taken back by the end of the run at the latest; order matters only for what was there before.
      this.undo.push(before === undefined ? () => map.delete(key) : () => map.set(key, before));
    }
    map.set(key, item);
  }

  /** Outside transactions only: the store removes nothing from these within one. */
  remove<Key, Item>(map: Map<Key, Item>, key: Key): number {
    if (this.undo !== null) throw new Error("no removal within a transaction is known here");
    return map.delete(key) ? 1 : 0;
  }
}

const pendingRow = ({ id, topic, body, attempts, due_at_ms }: OutboxRow): Row => ({
  id,
  topic,
  body,
  attempts,
  due_at_ms,
});

const STATEMENTS: Readonly<Record<string, Statement>> = {
  "CREATE TABLE IF NOT EXISTS migration (id INTEGER PRIMARY KEY, sql TEXT NOT NULL)": () => 0,
  "SELECT id, sql FROM migration ORDER BY id": ({ migrations }) => migrations,
  "INSERT INTO migration (id, sql) VALUES (?, ?)": (tables, [id, sql]) => {
    tables.migrations.push({ id, sql });
    tables.did(() => tables.migrations.pop());
    return 1;
  },
  "INSERT INTO journal (sequence, at_ms, type, event, hash) VALUES (?, ?, ?, ?, ?)": (
    { journal, undo },
    [sequence, at_ms, type, event, hash],
  ) => {
    if (sequence !== journal.length + 1) throw new Error(`UNIQUE constraint failed: journal.sequence ${sequence}`);
    journal.push({ sequence, at_ms, type, event, hash });
    undo?.push(() => journal.pop());
    return 1;
  },
  "SELECT sequence, at_ms, type, event, hash FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?": (
    { journal },
    [after, limit],
  ) => journal.slice(after, after + limit),
  "SELECT hash FROM journal WHERE sequence = ?": ({ journal }, [sequence]) => journal.slice(sequence - 1, sequence),
  "SELECT * FROM journal ORDER BY sequence": ({ journal }) => [...journal],
  "SELECT sequence, body FROM snapshot WHERE sequence = (SELECT MAX(sequence) FROM snapshot) ORDER BY part": ({
    snapshot,
  }) => {
    const newest = Math.max(...snapshot.map(({ sequence }) => sequence));
    return snapshot.filter(({ sequence }) => sequence === newest).sort((one, other) => one.part - other.part);
  },
  "DELETE FROM snapshot": (tables) => {
    const { snapshot } = tables;
    tables.snapshot = [];
    tables.did(() => {
      tables.snapshot = snapshot;
    });
    return snapshot.length;
  },
  "INSERT INTO snapshot (sequence, part, body) VALUES (?, ?, ?)": (tables, [sequence, part, body]) => {
    const { snapshot } = tables;
    tables.snapshot = [...snapshot, { sequence, part, body }];
    tables.did(() => {
      tables.snapshot = snapshot;
    });
    return 1;
  },
  "INSERT INTO outbox (topic, body, due_at_ms) VALUES (?, ?, ?)": (tables, [topic, body, due_at_ms]) => {
    tables.lastOutboxId += 1;
    const id = tables.lastOutboxId;
    tables.set(tables.outbox, id, { id, topic, body, attempts: 0, due_at_ms, parked: 0 });
    return 1;
  },
  "SELECT id, topic, body, attempts, due_at_ms FROM outbox WHERE parked = 0 AND due_at_ms <= ? AND id > ? ORDER BY id LIMIT ?":
    ({ outbox }, [dueByMs, afterId, limit]) => {
      const found: Row[] = [];
      for (const row of outbox.values()) {
        if (found.length >= limit) break;
        if (row.parked === 0 && row.due_at_ms <= dueByMs && row.id > afterId) found.push(pendingRow(row));
      }
      return found;
    },
  "SELECT MIN(due_at_ms) AS due FROM outbox WHERE parked = 0": ({ outbox }) => {
    let due: number | null = null;
    for (const row of outbox.values()) {
      if (row.parked === 0 && (due === null || row.due_at_ms < due)) due = row.due_at_ms;
    }
    return [{ due }];
  },
  "UPDATE outbox SET attempts = ?, due_at_ms = ? WHERE id = ?": (tables, [attempts, due_at_ms, id]) => {
    const row = tables.outbox.get(id);
    if (row !== undefined) tables.set(tables.outbox, id, { ...row, attempts, due_at_ms });
    return row === undefined ? 0 : 1;
  },
  "UPDATE outbox SET parked = 1 WHERE id = ?": (tables, [id]) => {
    const row = tables.outbox.get(id);
    if (row !== undefined) tables.set(tables.outbox, id, { ...row, parked: 1 });
    return row === undefined ? 0 : 1;
  },
  "UPDATE outbox SET parked = 0, attempts = 0, due_at_ms = ? WHERE parked = 1": (tables, [due_at_ms]) => {
    const parked = [...tables.outbox.values()].filter((row) => row.parked === 1);
    for (const row of parked) tables.set(tables.outbox, row.id, { ...row, parked: 0, attempts: 0, due_at_ms });
    return parked.length;
  },
  "DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))": (tables, [ids]) =>
    (JSON.parse(ids) as number[]).reduce((sum, id) => sum + tables.remove(tables.outbox, id), 0),
  "SELECT COUNT(*) - COALESCE(SUM(parked), 0) AS pending, COALESCE(SUM(parked), 0) AS parked FROM outbox": ({
    outbox,
  }) => {
    let parked = 0;
    for (const row of outbox.values()) parked += row.parked;
    return [{ pending: outbox.size - parked, parked }];
  },
  "SELECT name, due_at_ms FROM alarm": ({ alarms }) => [...alarms].map(([name, due_at_ms]) => ({ name, due_at_ms })),
  "DELETE FROM alarm WHERE name = ?": (tables, [name]) => tables.remove(tables.alarms, name),
  "INSERT OR REPLACE INTO alarm (name, due_at_ms) VALUES (?, ?)": (tables, [name, due_at_ms]) => {
    tables.set(tables.alarms, name, due_at_ms);
    return 1;
  },
  "SELECT value FROM setting WHERE name = 'clock'": ({ settings }) => {
    const value = settings.get("clock");
    return value === undefined ? [] : [{ value }];
  },
};

/** By their text as the store writes it; white space is not part of what a statement means. */
const known = new Map<string, Statement>();

function statementOf(sql: string): Statement {
  const found = known.get(sql);
  if (found !== undefined) return found;
  const text = sql.replace(/\s+/g, " ").trim();
  // A step that only makes tables: they are here already.
  const isTables = /^CREATE TABLE/.test(text) && text.split(";").every((part) => /^\s*(CREATE TABLE.*)?$/.test(part));
  const statement = STATEMENTS[text] ?? (isTables ? () => 0 : undefined);
  if (statement === undefined) throw new Error(`the simulation's tables do not know: ${text}`);
  known.set(sql, statement);
  return statement;
}

export function memoryRows(): Rows {
  const tables = new Tables();
  return {
    exec: (sql, parameters) => {
      const done = statementOf(sql)(tables, parameters as unknown as Bound);
      return typeof done === "number" ? { rows: [], written: done } : { rows: done, written: 0 };
    },
    transaction: (run) => {
      if (tables.undo !== null) return run();
      const undo: (() => void)[] = [];
      tables.undo = undo;
      try {
        return run();
      } catch (error) {
        while (undo.length > 0) undo.pop()?.();
        throw error;
      } finally {
        tables.undo = null;
      }
    },
    close: () => {},
  };
}
