// The D1 tables made from the accounts' journals: one row type of core/reporting/projection.ts each. `sequence` is that of the
// event that last changed the row; an older one never overwrites a newer one. All of them can be made again.
// Times are UTC epoch milliseconds, money is whole paise, dates are IST.
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

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
    /** The whole denial as JSON; null when there was none, and in rows that are older than the column. */
    denial: text("denial"),
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
    /** As of an order. */
    denial: text("denial"),
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
    /** Of the contract; strike and expiry are null in rows that are older than the columns. */
    optionType: text("option_type"),
    strikePaise: integer("strike_paise"),
    expiry: text("expiry"),
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
