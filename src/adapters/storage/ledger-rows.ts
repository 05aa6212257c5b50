// Consequences of journal events as D1 statements. Everything here may be given twice or out of order.
import { assert } from "../../core/kernel/assert.ts";
import { istDateOf } from "../../core/kernel/time.ts";
import type { LedgerEntry } from "../../core/ledger/entry.ts";
import { ledgerLeaf } from "../../core/ledger/posting-rules.ts";
import type { Notification } from "../../core/reporting/notification.ts";
import type { ReadModelRow } from "../../core/reporting/projection.ts";
import { ledgerEntries, ledgerLines } from "./ledger-schema.ts";
import { notifications } from "./operations-schema.ts";
import {
  haltProofs,
  orderChecks,
  orderLists,
  orders,
  positions,
  reconciliations,
  reports,
  settlements,
  trades,
  transfers,
} from "./read-model-schema.ts";
import { insertOnce, type Replacing, upsertNewer } from "./write-rows.ts";

/** The table that holds a kind of read-model row. */
export const READ_MODELS = {
  orders,
  trades,
  positions,
  settlements,
  transfers,
  reports,
  reconciliations,
  haltProofs,
  order_checks: orderChecks,
  order_lists: orderLists,
} as const;
type ReadModelTable = keyof typeof READ_MODELS;

export function readModelStatements(
  db: D1Database,
  rows: readonly ReadModelRow[],
  replacing: Replacing = "NEWER",
): D1PreparedStatement[] {
  const byTable = Map.groupBy(rows, (row) => row.table);
  return [...byTable].flatMap(([name, group]) => {
    assert(Object.hasOwn(READ_MODELS, name), `no read model is called "${name}"`);
    return upsertNewer(db, READ_MODELS[name as ReadModelTable], group as never, replacing);
  });
}

export function ledgerStatements(db: D1Database, entries: readonly LedgerEntry[]): D1PreparedStatement[] {
  return [
    ...insertOnce(
      db,
      ledgerEntries,
      entries.map((entry) => ({ ...entry, lines: JSON.stringify(entry.lines), leaf: ledgerLeaf(entry) })),
    ),
    ...insertOnce(
      db,
      ledgerLines,
      entries.flatMap(({ accountId, sequence, part, date, lines }) =>
        lines.map(({ account, amountPaise }, line) => ({
          accountId,
          sequence,
          part,
          line,
          date,
          ledgerAccount: account,
          amountPaise,
        })),
      ),
    ),
  ];
}

export const notificationStatements = (db: D1Database, told: readonly Notification[]): D1PreparedStatement[] =>
  insertOnce(
    db,
    notifications,
    told.map((notification) => ({ ...notification, date: istDateOf(notification.atMs), readAtMs: null })),
  );
