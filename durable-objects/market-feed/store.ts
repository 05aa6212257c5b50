// The tables of a market feed. Migrations are an append-only list: what has run is never changed, only added to.
import { assert } from "../../src/core/kernel/assert.ts";

const MIGRATIONS: readonly string[] = [
  `CREATE TABLE feed (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     underlying TEXT NOT NULL,
     session TEXT NOT NULL,
     played_position INTEGER NOT NULL,
     played_ms INTEGER NOT NULL
   );
   CREATE TABLE tape_chunk (chunk INTEGER PRIMARY KEY, events INTEGER NOT NULL);
   CREATE TABLE tape (position INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, body TEXT NOT NULL);
   CREATE TABLE price_trigger (
     account_id TEXT NOT NULL,
     instrument_id TEXT NOT NULL,
     trigger_id TEXT NOT NULL,
     body TEXT NOT NULL,
     PRIMARY KEY (account_id, instrument_id, trigger_id)
   ) WITHOUT ROWID;
   CREATE TABLE venue_order (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     account_id TEXT NOT NULL,
     client_order_id TEXT NOT NULL,
     instrument_id TEXT NOT NULL,
     status TEXT NOT NULL,
     due_ms INTEGER,
     body TEXT,
     UNIQUE (account_id, client_order_id)
   );
   CREATE INDEX venue_order_due ON venue_order (due_ms) WHERE due_ms IS NOT NULL;
   CREATE INDEX venue_order_resting ON venue_order (instrument_id) WHERE status = 'RESTING';
   CREATE TABLE venue_report (
     sequence INTEGER PRIMARY KEY AUTOINCREMENT,
     account_id TEXT NOT NULL,
     client_order_id TEXT NOT NULL,
     kind TEXT NOT NULL,
     body TEXT NOT NULL
   );
   CREATE INDEX venue_report_order ON venue_report (account_id, client_order_id);
   CREATE TABLE delivery (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at_ms INTEGER NOT NULL,
     account_id TEXT NOT NULL,
     body TEXT NOT NULL
   );`,
  // What the market's clock showed when the last live fact came in, and the wall's; none in a replay.
  `ALTER TABLE feed ADD COLUMN anchor_market_ms INTEGER;
   ALTER TABLE feed ADD COLUMN anchor_wall_ms INTEGER;`,
  // Gates the operator has closed. They outlast every session: clearSession leaves them alone.
  `CREATE TABLE gate (scope TEXT PRIMARY KEY, change_no INTEGER NOT NULL, reason TEXT) WITHOUT ROWID;`,
  // While a live feed is silent and accounts have been told so: since which tick, and whether for long enough to trip.
  `CREATE TABLE silence (id INTEGER PRIMARY KEY CHECK (id = 1), last_tick_ms INTEGER NOT NULL, told INTEGER NOT NULL);`,
  // Accounts that could not be told, by the wall's clock, and what they have not heard.
  `CREATE TABLE late_lane (
     account_id TEXT PRIMARY KEY,
     since_ms INTEGER NOT NULL,
     failures INTEGER NOT NULL,
     retry_ms INTEGER NOT NULL,
     error TEXT NOT NULL
   ) WITHOUT ROWID;
   CREATE TABLE late_delivery (
     id INTEGER PRIMARY KEY AUTOINCREMENT,
     at_ms INTEGER NOT NULL,
     account_id TEXT NOT NULL,
     body TEXT NOT NULL
   );
   CREATE INDEX late_delivery_account ON late_delivery (account_id, id);`,
];

/** Brings the tables up to date. Throws when a migration that has already run reads differently now. */
export function migrate(sql: SqlStorage): void {
  sql.exec("CREATE TABLE IF NOT EXISTS applied_migration (id INTEGER PRIMARY KEY, statements TEXT NOT NULL)");
  const applied = sql.exec<{ statements: string }>("SELECT statements FROM applied_migration ORDER BY id").toArray();
  for (const [index, statements] of MIGRATIONS.entries()) {
    const earlier = applied[index];
    if (earlier) {
      assert(earlier.statements === statements, `migration ${index} of the market feed was changed after it ran`);
      continue;
    }
    sql.exec(statements);
    sql.exec("INSERT INTO applied_migration (id, statements) VALUES (?, ?)", index, statements);
  }
}

/** Forgets everything of the session before. */
export function clearSession(sql: SqlStorage): void {
  for (const table of [
    "feed",
    "tape_chunk",
    "tape",
    "price_trigger",
    "venue_order",
    "venue_report",
    "delivery",
    "silence",
    "late_lane",
    "late_delivery",
  ]) {
    sql.exec(`DELETE FROM ${table}`);
  }
}
