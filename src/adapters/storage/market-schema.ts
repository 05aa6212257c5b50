// The D1 tables of the market's side of a day, the same for every account: what was loaded, what was said in which cycle.
import { index, integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const sessions = sqliteTable("sessions", {
  date: text("date").primaryKey(),
  mode: text("mode").notNull(),
  /** RecordedSession as JSON. */
  meta: text("meta").notNull(),
  /** JSON array of the accounts that take part, in order. */
  accountIds: text("account_ids").notNull(),
  loadedAtMs: integer("loaded_at_ms").notNull(),
});

/** A 15-minute cycle whose signals have been made. */
export const cycles = sqliteTable(
  "cycles",
  {
    cycleId: text("cycle_id").primaryKey(),
    date: text("date").notNull(),
    cycle: integer("cycle").notNull(),
    startMs: integer("start_ms").notNull(),
    endMs: integer("end_ms").notNull(),
    vixCenti: integer("vix_centi"),
    generatedAtMs: integer("generated_at_ms").notNull(),
  },
  (table) => [index("cycles_page").on(table.date, table.cycle)],
);

/** One signal per cycle and underlying: the first that was made stays. */
export const signals = sqliteTable(
  "signals",
  {
    signalId: text("signal_id").primaryKey(),
    cycleId: text("cycle_id").notNull(),
    date: text("date").notNull(),
    underlying: text("underlying").notNull(),
    direction: text("direction").notNull(),
    confidenceBps: integer("confidence_bps").notNull(),
    reason: text("reason").notNull(),
    /** Instrument chosen to trade the view with; null when there is none. */
    instrumentId: text("instrument_id"),
    /** The whole Signal as JSON. */
    signal: text("signal").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    index("signals_page").on(table.date, table.atMs, table.signalId),
    index("signals_cycle").on(table.cycleId),
  ],
);
