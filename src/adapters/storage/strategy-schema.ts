// The D1 tables of strategies: definitions that accounts have made, and where any strategy is deployed. What an instance does and
// has done is the account's own.
import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** A definition of one account; the library comes with the code and has no rows. */
export const strategies = sqliteTable(
  "strategies",
  {
    strategyId: text("strategy_id").primaryKey(),
    accountId: text("account_id").notNull(),
    name: text("name").notNull(),
    version: integer("version").notNull(),
    title: text("title").notNull(),
    /** StrategyDefinition as JSON; a row is never changed but for its state. */
    definition: text("definition").notNull(),
    /** Hex SHA-256 of the definition's text. */
    hash: text("hash").notNull(),
    createdAtMs: integer("created_at_ms").notNull(),
    /** From then on it is not deployed anew. */
    retiredAtMs: integer("retired_at_ms"),
  },
  (table) => [index("strategies_account").on(table.accountId, table.name, table.version)],
);

/** Instances in accounts: by them a window knows which indices any strategy wants to see. */
export const strategyDeployments = sqliteTable(
  "strategy_deployments",
  {
    accountId: text("account_id").notNull(),
    instanceId: text("instance_id").notNull(),
    strategyId: text("strategy_id").notNull(),
    underlying: text("underlying").notNull(),
    atMs: integer("at_ms").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.instanceId] }),
    index("strategy_deployments_underlying").on(table.underlying),
  ],
);
