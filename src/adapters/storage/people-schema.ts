// The D1 tables of whoever uses the platform: accounts, the persons who hold them, their keys, and orders shared out over linked
// accounts. This is the truth about all of them but an account's terms, which are in its journal.
// Times are UTC epoch milliseconds, dates are IST.
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
