// The D1 tables: what is asked across accounts and what outlives a day. Orders, trades, positions, transfers, settlements,
// reports, the ledger and its notifications can be rebuilt from the accounts' journals, and checkpoints from the ledger. Only
// here are accounts, holders, keys, loaded sessions, cycles and signals, what has been read, and the records of jobs and dead letters.
// Times are UTC epoch milliseconds, money is whole paise, dates are IST.
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

export const accounts = sqliteTable(
  "accounts",
  {
    accountId: text("account_id").primaryKey(),
    displayName: text("display_name").notNull(),
    category: text("category").notNull(),
    /** ACTIVE takes part in the day; anything else does not. */
    status: text("status").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    /** Whose account it is, where that has been said. */
    holderId: text("holder_id"),
  },
  (table) => [index("accounts_holder").on(table.holderId)],
);

/** A person with linked accounts (C-27). `accountsMax` null: as many as the category says. */
export const holders = sqliteTable("holders", {
  holderId: text("holder_id").primaryKey(),
  displayName: text("display_name").notNull(),
  category: text("category").notNull(),
  accountsMax: integer("accounts_max"),
  createdAtMs: integer("created_at_ms").notNull(),
});

/** What was done to a holder, by whom and why. Rows are added and never changed. */
export const holderChanges = sqliteTable(
  "holder_changes",
  {
    changeId: integer("change_id").primaryKey({ autoIncrement: true }),
    holderId: text("holder_id").notNull(),
    atMs: integer("at_ms").notNull(),
    /** Key id of whoever did it. */
    changedBy: text("changed_by").notNull(),
    /** OPENED, CHANGED, LINKED or UNLINKED. */
    action: text("action").notNull(),
    /** What it was afterwards. */
    detail: text("detail").notNull(),
    reason: text("reason").notNull(),
  },
  (table) => [index("holder_changes_page").on(table.holderId, table.changeId)],
);

/** How one order was shared out over a holder's accounts: the first answer stays, so that asking again shares nothing anew. */
export const allocations = sqliteTable(
  "allocations",
  {
    holderId: text("holder_id").notNull(),
    date: text("date").notNull(),
    clientOrderId: text("client_order_id").notNull(),
    /** The request as canonical JSON. */
    request: text("request").notNull(),
    /** JSON array of AllocatedPart. */
    parts: text("parts").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
  },
  (table) => [primaryKey({ columns: [table.holderId, table.date, table.clientOrderId] })],
);

/** A key is shown once; only the hash of its secret is kept. `accountId` null: a key of the platform, not of one account. */
export const apiKeys = sqliteTable(
  "api_keys",
  {
    keyId: text("key_id").primaryKey(),
    secretHash: text("secret_hash").notNull(),
    accountId: text("account_id"),
    /** JSON array of scope names. */
    scopes: text("scopes").notNull(),
    name: text("name").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    expiresAtMs: integer("expires_at_ms"),
    revokedAtMs: integer("revoked_at_ms"),
  },
  (table) => [index("api_keys_account").on(table.accountId)],
);

// ── Read models: one row type of core/reporting/projection.ts each. `sequence` is that of the event that last changed the
// row; an older one never overwrites a newer one.

/** A client order id names an order of its day: the same id may come again on another. */
export const orders = sqliteTable(
  "orders",
  {
    accountId: text("account_id").notNull(),
    clientOrderId: text("client_order_id").notNull(),
    sequence: integer("sequence").notNull(),
    date: text("date").notNull(),
    instrumentId: text("instrument_id").notNull(),
    underlying: text("underlying").notNull(),
    side: text("side").notNull(),
    type: text("type").notNull(),
    timeInForce: text("time_in_force").notNull(),
    quantityUnits: integer("quantity_units").notNull(),
    limitPricePaise: integer("limit_price_paise").notNull(),
    purpose: text("purpose").notNull(),
    exitReason: text("exit_reason"),
    origin: text("origin").notNull(),
    cycleId: text("cycle_id"),
    signalId: text("signal_id"),
    status: text("status").notNull(),
    filledUnits: integer("filled_units").notNull(),
    filledValuePaise: integer("filled_value_paise").notNull(),
    venueOrderId: text("venue_order_id"),
    denialCode: text("denial_code"),
    rejectReason: text("reject_reason"),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
    triggerPricePaise: integer("trigger_price_paise"),
    /** Null in rows that are older than the column: INTRADAY. */
    product: text("product"),
    /** The list it is a child of and its leg there, from 0. */
    listId: text("list_id"),
    legIndex: integer("leg_index"),
    /** Not to be sent before this instant, for the order rate. */
    releaseAtMs: integer("release_at_ms"),
    algoId: text("algo_id"),
    /** Of the parent of slices: how many there are. Null for everything that was itself sent. */
    slices: integer("slices"),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.date, table.clientOrderId] }),
    index("orders_page").on(table.accountId, table.date, table.sequence),
    index("orders_day").on(table.date, table.status),
    index("orders_list").on(table.accountId, table.date, table.listId).where(sql`list_id IS NOT NULL`),
  ],
);

/** Several orders as one intent; like an order's, its id names it for its day. */
export const orderLists = sqliteTable(
  "order_lists",
  {
    accountId: text("account_id").notNull(),
    listId: text("list_id").notNull(),
    sequence: integer("sequence").notNull(),
    date: text("date").notNull(),
    kind: text("kind").notNull(),
    structure: text("structure"),
    stage: text("stage").notNull(),
    reason: text("reason"),
    sets: integer("sets").notNull(),
    keptSets: integer("kept_sets"),
    purpose: text("purpose").notNull(),
    exitReason: text("exit_reason"),
    onIncomplete: text("on_incomplete").notNull(),
    completeByMs: integer("complete_by_ms"),
    timeExitMs: integer("time_exit_ms"),
    origin: text("origin").notNull(),
    strategyId: text("strategy_id"),
    cycleId: text("cycle_id"),
    signalId: text("signal_id"),
    denialCode: text("denial_code"),
    /** JSON array of ListLegSummary. */
    legs: text("legs").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.date, table.listId] }),
    index("order_lists_page").on(table.accountId, table.date, table.createdAtMs, table.listId),
  ],
);

/** One execution each (TRH-01). The venue's ids follow the orders', so they are a day's as well. */
export const trades = sqliteTable(
  "trades",
  {
    accountId: text("account_id").notNull(),
    executionId: text("execution_id").notNull(),
    sequence: integer("sequence").notNull(),
    date: text("date").notNull(),
    clientOrderId: text("client_order_id").notNull(),
    instrumentId: text("instrument_id").notNull(),
    underlying: text("underlying").notNull(),
    side: text("side").notNull(),
    purpose: text("purpose").notNull(),
    units: integer("units").notNull(),
    pricePaise: integer("price_paise").notNull(),
    realisedPaise: integer("realised_paise").notNull(),
    accruedChargesPaise: integer("accrued_charges_paise").notNull(),
    modelled: integer("modelled", { mode: "boolean" }).notNull(),
    strategy: text("strategy").notNull(),
    signalId: text("signal_id"),
    exitReason: text("exit_reason"),
    atMs: integer("at_ms").notNull(),
    optionType: text("option_type"),
    /** The list of orders it belongs to and its leg there, from 0. */
    listId: text("list_id"),
    legIndex: integer("leg_index"),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.date, table.executionId] }),
    index("trades_page").on(table.accountId, table.date, table.sequence),
    index("trades_day").on(table.date),
  ],
);

/** The state of one instrument's position after its last execution of the day. */
export const positions = sqliteTable(
  "positions",
  {
    accountId: text("account_id").notNull(),
    date: text("date").notNull(),
    instrumentId: text("instrument_id").notNull(),
    sequence: integer("sequence").notNull(),
    underlying: text("underlying").notNull(),
    netUnits: integer("net_units").notNull(),
    costPaise: integer("cost_paise").notNull(),
    realisedPaise: integer("realised_paise").notNull(),
    openedAtMs: integer("opened_at_ms").notNull(),
    updatedAtMs: integer("updated_at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.date, table.instrumentId] }),
    index("positions_page").on(table.accountId, table.date, table.sequence),
    index("positions_day").on(table.date),
  ],
);

/** A provisional and a final settlement per account and day. */
export const settlements = sqliteTable(
  "settlements",
  {
    accountId: text("account_id").notNull(),
    date: text("date").notNull(),
    stage: text("stage").notNull(),
    sequence: integer("sequence").notNull(),
    realisedPaise: integer("realised_paise").notNull(),
    chargesPaise: integer("charges_paise").notNull(),
    grossProfitPaise: integer("gross_profit_paise").notNull(),
    feePaise: integer("fee_paise").notNull(),
    gstOnFeePaise: integer("gst_on_fee_paise").notNull(),
    taxLockPaise: integer("tax_lock_paise").notNull(),
    netToSavingsPaise: integer("net_to_savings_paise").notNull(),
    roundingBufferPaise: integer("rounding_buffer_paise").notNull(),
    payoutPaise: integer("payout_paise").notNull(),
    /** The whole worksheet as JSON. */
    worksheet: text("worksheet").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.date, table.stage] }),
    index("settlements_page").on(table.accountId, table.date, table.sequence),
    index("settlements_day").on(table.date),
  ],
);

export const transfers = sqliteTable(
  "transfers",
  {
    accountId: text("account_id").notNull(),
    transferId: text("transfer_id").notNull(),
    sequence: integer("sequence").notNull(),
    date: text("date").notNull(),
    kind: text("kind").notNull(),
    amountPaise: integer("amount_paise").notNull(),
    taxLockPaise: integer("tax_lock_paise").notNull(),
    status: text("status").notNull(),
    rail: text("rail").notNull(),
    railReference: text("rail_reference"),
    failure: text("failure"),
    requestedAtMs: integer("requested_at_ms").notNull(),
    completedAtMs: integer("completed_at_ms"),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.transferId] }),
    index("transfers_page").on(table.accountId, table.date, table.sequence),
    index("transfers_day").on(table.date),
  ],
);

/** The daily report (REP-01) as JSON. */
export const reports = sqliteTable(
  "reports",
  {
    accountId: text("account_id").notNull(),
    date: text("date").notNull(),
    sequence: integer("sequence").notNull(),
    report: text("report").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.date] }),
    index("reports_page").on(table.accountId, table.date, table.sequence),
  ],
);

/** One decision about one order: every rule that was asked, passed or not. */
export const orderChecks = sqliteTable(
  "order_checks",
  {
    accountId: text("account_id").notNull(),
    sequence: integer("sequence").notNull(),
    date: text("date").notNull(),
    clientOrderId: text("client_order_id").notNull(),
    purpose: text("purpose").notNull(),
    /** APPROVED, REJECTED, WARNING or PENDING. */
    status: text("status").notNull(),
    /** The rule that refused; null when none did. */
    ruleId: text("rule_id"),
    algoId: text("algo_id"),
    /** JSON array of the rules that passed, as numbers (check-record.ts). */
    checks: text("checks").notNull(),
    /** The denial as JSON; null when there was none. */
    denial: text("denial"),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.sequence] }),
    index("order_checks_page").on(table.accountId, table.date, table.sequence),
    index("order_checks_day").on(table.date, table.status),
  ],
);

/** One comparison of an account with the venue. */
export const reconciliations = sqliteTable(
  "reconciliations",
  {
    accountId: text("account_id").notNull(),
    sequence: integer("sequence").notNull(),
    date: text("date").notNull(),
    /** Of the run it is part of. */
    jobKey: text("job_key"),
    cause: text("cause").notNull(),
    atMs: integer("at_ms").notNull(),
    readAtMs: integer("read_at_ms").notNull(),
    ordersCompared: integer("orders_compared").notNull(),
    fillsCompared: integer("fills_compared").notNull(),
    positionsCompared: integer("positions_compared").notNull(),
    found: integer("found").notNull(),
    raised: integer("raised").notNull(),
    /** JSON array of Difference. */
    differences: text("differences").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.sequence] }),
    index("reconciliations_job").on(table.jobKey, table.accountId).where(sql`job_key IS NOT NULL`),
  ],
);

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

// ── The market's side of a day, the same for every account.

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

// ── Double entry.

/** Written once, never changed. */
export const ledgerEntries = sqliteTable(
  "ledger_entries",
  {
    accountId: text("account_id").notNull(),
    sequence: integer("sequence").notNull(),
    part: integer("part").notNull(),
    kind: text("kind").notNull(),
    date: text("date").notNull(),
    atMs: integer("at_ms").notNull(),
    reference: text("reference").notNull(),
    /** JSON array of {account, amountPaise}; the amounts sum to zero. */
    lines: text("lines").notNull(),
    /** What the day's Merkle log holds for this entry. */
    leaf: text("leaf").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.sequence, table.part] }),
    index("ledger_entries_page").on(table.accountId, table.date, table.sequence, table.part),
    index("ledger_entries_log").on(table.date, table.accountId, table.sequence, table.part),
  ],
);

/** The same entries line by line, for sums over ledger accounts. */
export const ledgerLines = sqliteTable(
  "ledger_lines",
  {
    accountId: text("account_id").notNull(),
    sequence: integer("sequence").notNull(),
    part: integer("part").notNull(),
    /** Which of the entry's lines it is, 0-based. */
    line: integer("line").notNull(),
    date: text("date").notNull(),
    ledgerAccount: text("ledger_account").notNull(),
    amountPaise: integer("amount_paise").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.sequence, table.part, table.line] }),
    index("ledger_lines_account").on(table.ledgerAccount, table.date),
  ],
);

/** The Merkle root over a day's ledger entries in the order (account, sequence, part). */
export const checkpoints = sqliteTable("checkpoints", {
  date: text("date").primaryKey(),
  size: integer("size").notNull(),
  root: text("root").notNull(),
  atMs: integer("at_ms").notNull(),
});

// ── Telling people.

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

/** How far each account has come with a halt of the platform: acknowledged with its row, proven flat with `provenAtMs`. */
export const haltProofs = sqliteTable(
  "halt_proofs",
  {
    accountId: text("account_id").notNull(),
    haltId: text("halt_id").notNull(),
    sequence: integer("sequence").notNull(),
    date: text("date").notNull(),
    scope: text("scope").notNull(),
    /** TRIPPED, LOCKED or ARMED. */
    status: text("status").notNull(),
    trippedAtMs: integer("tripped_at_ms").notNull(),
    provenAtMs: integer("proven_at_ms"),
    /** From the account's own trip to its proof. */
    durationMs: integer("duration_ms"),
    /** What the last look found; null when it was proven. */
    finding: text("finding"),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.haltId] }), index("halt_proofs_halt").on(table.haltId)],
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
  /** Id of the key that asked for it. */
  byKey: text("by_key").notNull(),
  atMs: integer("at_ms").notNull(),
  /** When every feed's gate was known to be set. */
  gatedMs: integer("gated_ms"),
});

// ── Keeping the work itself in order.

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
