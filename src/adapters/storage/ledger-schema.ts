// The D1 tables of double entry: what an entry says is written once and never changed.
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** Written once; the seal is added once. */
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
    /** What a Merkle log holds for this entry. */
    leaf: text("leaf").notNull(),
    /** The date of the checkpoint that it is a leaf of, never before its own; null until there is one. */
    sealedOn: text("sealed_on"),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.sequence, table.part] }),
    index("ledger_entries_page").on(table.accountId, table.date, table.sequence, table.part),
    index("ledger_entries_seal").on(table.sealedOn, table.accountId, table.sequence, table.part),
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

/** The Merkle root over the ledger entries sealed on a date, in the order (account, sequence, part). */
export const checkpoints = sqliteTable("checkpoints", {
  date: text("date").primaryKey(),
  size: integer("size").notNull(),
  root: text("root").notNull(),
  atMs: integer("at_ms").notNull(),
});
