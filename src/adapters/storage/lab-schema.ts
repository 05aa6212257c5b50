// The D1 tables of the lab: the market's history that models are trained and strategies tried on, the models themselves, and
// the runs. Times are UTC epoch milliseconds, prices whole paise (India VIX: hundredths), dates are IST.
import { blob, index, integer, primaryKey, real, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** One day of one index. `bars` as `PackedBars`: columns of numbers in JSON. */
export const barDays = sqliteTable(
  "bar_days",
  {
    indexName: text("index_name").notNull(),
    intervalMs: integer("interval_ms").notNull(),
    date: text("date").notNull(),
    /** LIVE: kept by the feeds. REPLAY: of a session played for show, never learned from. Otherwise whoever gave it. */
    source: text("source").notNull(),
    count: integer("count").notNull(),
    bars: text("bars").notNull(),
    storedAtMs: integer("stored_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.indexName, table.intervalMs, table.date] })],
);

/** A trained model and its state (TRAINED, SHADOW, PROMOTED, RETIRED); the bytes are in `model_parts`. */
export const models = sqliteTable(
  "models",
  {
    modelId: text("model_id").primaryKey(),
    state: text("state").notNull(),
    /** The days it learned from; it answers only for later ones. */
    fromDate: text("from_date").notNull(),
    toDate: text("to_date").notNull(),
    bytesSha256: text("bytes_sha256").notNull(),
    dataSha256: text("data_sha256").notNull(),
    /** Other code may make other bytes of the same data. */
    codeSha256: text("code_sha256").notNull(),
    /** JSON: how it was trained, and what the training says of itself. */
    options: text("options").notNull(),
    figures: text("figures").notNull(),
    /** The run that made it; null for one that came with the code. */
    runId: text("run_id"),
    trainedAtMs: integer("trained_at_ms").notNull(),
    promotedAtMs: integer("promoted_at_ms"),
  },
  (table) => [index("models_state").on(table.state, table.toDate)],
);

/** @public Written and read as bytes, with statements of their own; the migrations are made from this. */
export const modelParts = sqliteTable(
  "model_parts",
  {
    modelId: text("model_id").notNull(),
    part: integer("part").notNull(),
    body: blob("body", { mode: "buffer" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.part] })],
);

/** Every change of a model's state: by a rule or a hand, with the evidence. Rows are added and never changed. */
export const modelChanges = sqliteTable(
  "model_changes",
  {
    changeNo: integer("change_no").primaryKey({ autoIncrement: true }),
    modelId: text("model_id").notNull(),
    fromState: text("from_state"),
    toState: text("to_state").notNull(),
    changedBy: text("changed_by").notNull(),
    reason: text("reason").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [index("model_changes_model").on(table.modelId, table.changeNo)],
);

/** What was read off the market when a cycle's signals were made; the first reading stays. */
export const cycleReadings = sqliteTable(
  "cycle_readings",
  {
    date: text("date").notNull(),
    cycle: integer("cycle").notNull(),
    underlying: text("underlying").notNull(),
    /** India VIX × 100; null where it was not known. */
    vixCenti: integer("vix_centi"),
    /** JSON of ChainFigures; null where the source had none. */
    chain: text("chain"),
    /** What users thought of the cycle before it began, −1 to 1; null where nobody with a record said anything. */
    community: real("community"),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.date, table.cycle, table.underlying] })],
);

/** What every model said of a cycle, the live one and those in shadow; scored when the day is over. */
export const modelViews = sqliteTable(
  "model_views",
  {
    modelId: text("model_id").notNull(),
    cycleId: text("cycle_id").notNull(),
    underlying: text("underlying").notNull(),
    direction: text("direction").notNull(),
    confidenceBps: integer("confidence_bps").notNull(),
    /** 1 if the view is the model's own, 0 if a rule's that it let speak; null without a view, and of old rows. */
    own: integer("own"),
    /** JSON array: likelihood of BEARISH, NEUTRAL, BULLISH; null where it gave none. */
    shares: text("shares"),
    /** Class that came to pass; null until it is known, and where it cannot be. */
    outcome: integer("outcome"),
    /** 1 if the structure of the direction made money, 0 if not; null as above, and where there was no view. */
    paid: integer("paid"),
    /** What one lot or set of it would have earned after all costs; null as above. */
    netPaise: integer("net_paise"),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.modelId, table.cycleId, table.underlying] })],
);

/** @public What users think of the next cycle, until it is known whether they were right; written with statements of its own. */
export const communityViews = sqliteTable(
  "community_views",
  {
    accountId: text("account_id").notNull(),
    /** The cycle that it is about: the one after the latest whose signals had been made. */
    cycleId: text("cycle_id").notNull(),
    underlying: text("underlying").notNull(),
    direction: text("direction").notNull(),
    confidenceBps: integer("confidence_bps").notNull(),
    /** The market's time from which it counts: the start of its cycle. */
    fromMs: integer("from_ms").notNull(),
    /** When it came; the latest stands. */
    storedAtMs: integer("stored_at_ms").notNull(),
    /** Class that came to pass, as models are scored; null until it is known, and where it cannot be. */
    outcome: integer("outcome"),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.cycleId, table.underlying] }),
    index("community_views_cycle").on(table.cycleId, table.underlying),
  ],
);

/** A training or a backtest: what was asked, how far it is, and what came of it. The work is done by one object per run. */
export const labRuns = sqliteTable(
  "lab_runs",
  {
    runId: text("run_id").primaryKey(),
    kind: text("kind").notNull(),
    /** Null: a run of the platform. */
    accountId: text("account_id"),
    startedBy: text("started_by").notNull(),
    /** JSON. */
    request: text("request").notNull(),
    /** QUEUED, RUNNING, DONE, FAILED or CANCELED. */
    state: text("state").notNull(),
    progressBps: integer("progress_bps").notNull(),
    /** What it is at, or why it failed. */
    note: text("note").notNull(),
    /** JSON, once it is done. */
    result: text("result"),
    createdAtMs: integer("created_at_ms").notNull(),
    changedAtMs: integer("changed_at_ms").notNull(),
  },
  (table) => [
    index("lab_runs_page").on(table.createdAtMs, table.runId),
    index("lab_runs_account").on(table.accountId, table.createdAtMs),
  ],
);
