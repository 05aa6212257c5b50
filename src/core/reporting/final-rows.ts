// The read model that a list of row images leaves behind, and a hash of it: two stores hold the same rows exactly when their
// hashes agree, in whatever order the rows come.
import { unreachable } from "../kernel/assert.ts";
import { canonicalJson, sha256Hex } from "../ledger/hash-chain.ts";
import type { ReadModelRow } from "./projection.ts";

/** The last image of every row, by table and primary key, in the order of those keys. The higher sequence wins. */
export function finalRows(rows: Iterable<ReadModelRow>): ReadModelRow[] {
  const latest = new Map<string, ReadModelRow>();
  for (const row of rows) {
    const key = rowKey(row);
    const held = latest.get(key);
    if (held === undefined || row.sequence >= held.sequence) latest.set(key, row);
  }
  return [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Hex SHA-256 over the final rows. */
export const projectionHash = (rows: Iterable<ReadModelRow>): string =>
  sha256Hex(finalRows(rows).map(canonicalJson).join("\n"));

/** Table and primary key as one text. */
function rowKey(row: ReadModelRow): string {
  return JSON.stringify([row.table, row.accountId, ...keyOf(row)]);
}

function keyOf(row: ReadModelRow): readonly string[] {
  switch (row.table) {
    case "orders":
      return [row.date, row.clientOrderId];
    case "order_lists":
      return [row.date, row.listId];
    case "order_checks":
    case "reconciliations":
      return [String(row.sequence)];
    case "trades":
      return [row.date, row.executionId];
    case "positions":
      return [row.date, row.instrumentId];
    case "settlements":
      return [row.date, row.stage];
    case "transfers":
      return [row.transferId];
    case "haltProofs":
      return [row.haltId];
    case "reports":
      return [row.date];
    default:
      return unreachable(row);
  }
}
