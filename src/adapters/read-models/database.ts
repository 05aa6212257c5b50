// Drizzle over D1, and the paging all lists share: newest first, by a key that no later change moves.
import { and, asc, desc, eq, gt, lt, or, type SQL } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";

export const database = (d1: D1Database) => drizzle(d1);

export type CursorPart = string | number;

export interface PageRequest {
  readonly limit: number;
  /** Sort key of the last row that was seen; null for the first page. */
  readonly after: readonly CursorPart[] | null;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Sort key of the last row when there are more. */
  readonly next: readonly CursorPart[] | null;
}

export type PageOrder = "NEWEST_FIRST" | "OLDEST_FIRST";

/** Rows strictly after a sort key, in lexicographic order of the columns. */
export function afterKey(
  columns: readonly SQLiteColumn[],
  key: readonly CursorPart[] | null,
  order: PageOrder = "NEWEST_FIRST",
): SQL | undefined {
  if (key === null) return undefined;
  const beyond = order === "NEWEST_FIRST" ? lt : gt;
  return or(
    ...columns.map((column, at) =>
      and(...columns.slice(0, at).map((earlier, index) => eq(earlier, key[index])), beyond(column, key[at])),
    ),
  );
}

export const inOrder = (columns: readonly SQLiteColumn[], order: PageOrder = "NEWEST_FIRST"): SQL[] =>
  columns.map((column) => (order === "NEWEST_FIRST" ? desc(column) : asc(column)));

/** Cuts what was read with one row too many down to a page. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly CursorPart[],
): Page<Row> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: rows.length > limit && last !== undefined ? keyOf(last) : null };
}
