// The D1 tables by which the platform is run: what operators and regulators have said, what users have been told, jobs and their
// batches, and what nobody could take.
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What a regulator, an exchange or an operator has said about a symbol. Lifted, never deleted: the table is its own audit. */
export const restrictions = sqliteTable(
  "restrictions",
  {
    restrictionId: text("restriction_id").primaryKey(),
    source: text("source").notNull(),
    type: text("type").notNull(),
    /** An underlying, an instrument id, or "*". */
    symbol: text("symbol").notNull(),
    fromDate: text("from_date").notNull(),
    toDate: text("to_date"),
    message: text("message").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    createdBy: text("created_by").notNull(),
    liftedAtMs: integer("lifted_at_ms"),
    liftedBy: text("lifted_by"),
  },
  (table) => [index("restrictions_page").on(table.createdAtMs, table.restrictionId)],
);

/** The operator's switches of the platform and of underlyings, one row each and never changed: their numbers are their order. */
export const platformSwitches = sqliteTable("platform_switches", {
  changeNo: integer("change_no").primaryKey({ autoIncrement: true }),
  haltId: text("halt_id").notNull(),
  /** HALT or RESUME. */
  action: text("action").notNull(),
  /** PLATFORM, or an underlying for all accounts. */
  scope: text("scope").notNull(),
  reason: text("reason").notNull(),
  /** Id of the key that asked for it; "breaker" where nobody did. */
  byKey: text("by_key").notNull(),
  atMs: integer("at_ms").notNull(),
  /** When every feed's gate was known to be set. */
  gatedMs: integer("gated_ms"),
  /** What the platform's own breaker saw, the figures as JSON; both null where a person threw it. */
  cause: text("cause"),
  evidence: text("evidence"),
});

/** What the platform's own breaker has seen of a day: from where it counts, and its last look. One row per day. */
export const platformWatch = sqliteTable("platform_watch", {
  date: text("date").primaryKey(),
  /** The last switch of the platform that the figures are counted from; 0: there has been none. */
  afterChangeNo: integer("after_change_no").notNull(),
  originResultPaise: integer("origin_result_paise").notNull(),
  peakResultPaise: integer("peak_result_paise").notNull(),
  /** The last look as JSON of PlatformLook. */
  look: text("look").notNull(),
  atMs: integer("at_ms").notNull(),
});

/** The in-app channel: what a user has been told, and when they have read it. */
export const notifications = sqliteTable(
  "notifications",
  {
    accountId: text("account_id").notNull(),
    sequence: integer("sequence").notNull(),
    kind: text("kind").notNull(),
    title: text("title").notNull(),
    priority: text("priority").notNull(),
    body: text("body").notNull(),
    date: text("date").notNull(),
    atMs: integer("at_ms").notNull(),
    readAtMs: integer("read_at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.sequence, table.kind, table.title] }),
    index("notifications_unread").on(table.accountId, table.sequence).where(sql`read_at_ms IS NULL`),
    index("notifications_day").on(table.date),
  ],
);

/** A message that no consumer could take; it waits for a person. */
export const deadLetters = sqliteTable(
  "dead_letters",
  {
    /** The queue's own message id. */
    id: text("id").primaryKey(),
    queue: text("queue").notNull(),
    body: text("body").notNull(),
    attempts: integer("attempts").notNull(),
    firstSeenMs: integer("first_seen_ms").notNull(),
    /** Why it was given up, as far as the message itself tells. */
    error: text("error").notNull(),
    /** PENDING, REPLAYED or DISCARDED. */
    state: text("state").notNull(),
  },
  (table) => [index("dead_letters_state").on(table.state, table.firstSeenMs, table.id)],
);

/** One row per (job, date, cycle, phase): what makes a job's second run find nothing to do. */
export const jobRuns = sqliteTable(
  "job_runs",
  {
    jobKey: text("job_key").primaryKey(),
    date: text("date").notNull(),
    name: text("name").notNull(),
    cycle: integer("cycle"),
    phase: integer("phase"),
    /** RUNNING, SENT (its batches are out), DONE or FAILED. */
    state: text("state").notNull(),
    atMs: integer("at_ms").notNull(),
    startedMs: integer("started_ms").notNull(),
    finishedMs: integer("finished_ms"),
    failure: text("failure"),
  },
  (table) => [index("job_runs_day").on(table.date, table.atMs)],
);

/** How far an account's read models have been made again from its journal, in the latest run that it was in. */
export const rebuilds = sqliteTable(
  "rebuilds",
  {
    accountId: text("account_id").primaryKey(),
    /** PENDING, DONE or FAILED. */
    state: text("state").notNull(),
    throughSequence: integer("through_sequence").notNull(),
    /** Rows, ledger entries and notices that it came to so far. */
    written: integer("written").notNull(),
    startedMs: integer("started_ms").notNull(),
    movedMs: integer("moved_ms").notNull(),
    failure: text("failure"),
  },
  (table) => [index("rebuilds_state").on(table.state, table.accountId)],
);

/** A job's message to some of the accounts, kept until it has been carried out: what a lost queue is made good from. */
export const jobBatches = sqliteTable(
  "job_batches",
  {
    batchId: text("batch_id").primaryKey(),
    jobKey: text("job_key").notNull(),
    date: text("date").notNull(),
    /** The AccountWorkMessage as JSON. */
    message: text("message").notNull(),
    /** PENDING, DONE or FAILED. */
    state: text("state").notNull(),
    sentMs: integer("sent_ms").notNull(),
    finishedMs: integer("finished_ms"),
    failure: text("failure"),
  },
  (table) => [
    index("job_batches_job").on(table.jobKey, table.state),
    index("job_batches_pending").on(table.sentMs).where(sql`state = 'PENDING'`),
  ],
);
