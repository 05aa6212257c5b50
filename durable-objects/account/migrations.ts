// The tables of an account object, as an append-only list of steps. A step that has been applied anywhere never changes.

export interface Migration {
  readonly id: number;
  readonly sql: string;
}

export const ACCOUNT_MIGRATIONS: readonly Migration[] = [
  {
    id: 1,
    sql: `
      CREATE TABLE journal (
        sequence INTEGER PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        type TEXT NOT NULL,
        event TEXT NOT NULL,
        hash TEXT NOT NULL
      );
      CREATE TABLE snapshot (
        sequence INTEGER NOT NULL,
        part INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (sequence, part)
      );
      CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        topic TEXT NOT NULL,
        body TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        due_at_ms INTEGER NOT NULL,
        parked INTEGER NOT NULL DEFAULT 0
      );
      CREATE TABLE alarm (
        name TEXT PRIMARY KEY,
        due_at_ms INTEGER NOT NULL
      );
      CREATE TABLE setting (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      );
    `,
  },
];

/**
 * Brings the tables up to date. Throws when a step that was applied here reads differently today: data written under one
 * meaning must not be read under another.
 */
export function migrate(storage: DurableObjectStorage, migrations: readonly Migration[] = ACCOUNT_MIGRATIONS): void {
  storage.transactionSync(() => {
    storage.sql.exec("CREATE TABLE IF NOT EXISTS migration (id INTEGER PRIMARY KEY, sql TEXT NOT NULL)");
    const applied = storage.sql
      .exec<{ id: number; sql: string }>("SELECT id, sql FROM migration ORDER BY id")
      .toArray();
    for (const [index, { id, sql }] of applied.entries()) {
      const known = migrations[index];
      if (known === undefined || known.id !== id || known.sql !== sql) {
        throw new Error(`migration ${id} was applied in another form: migrations are an append-only list`);
      }
    }
    for (const { id, sql } of migrations.slice(applied.length)) {
      storage.sql.exec(sql);
      storage.sql.exec("INSERT INTO migration (id, sql) VALUES (?, ?)", id, sql);
    }
  });
}
