// The history of trades (TRH-01): one row per execution, filtered and paged, or read through for an export.
import { and, eq, gte, lte, type SQL } from "drizzle-orm";
import { trades } from "../storage/read-model-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type TradeRecord = typeof trades.$inferSelect;

export interface TradeFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly underlying?: string | undefined;
  readonly side?: string | undefined;
  readonly strategy?: string | undefined;
  readonly signalId?: string | undefined;
}

const KEY = [trades.date, trades.sequence, trades.executionId];
const keyOf = (row: TradeRecord) => [row.date, row.sequence, row.executionId];

/** Newest first. */
export async function listTrades(
  d1: D1Database,
  accountId: string,
  filter: TradeFilter,
  { limit, after }: PageRequest,
): Promise<Page<TradeRecord>> {
  const rows = await database(d1)
    .select()
    .from(trades)
    .where(and(matching(accountId, filter), afterKey(KEY, after)))
    .orderBy(...inOrder(KEY))
    .limit(limit + 1);
  return pageOf(rows, limit, keyOf);
}

const EXPORT_PAGE = 1_000;

/** Everything that matches, oldest first, a page at a time. */
export async function* readTrades(
  d1: D1Database,
  accountId: string,
  filter: TradeFilter,
): AsyncGenerator<readonly TradeRecord[]> {
  let after: readonly (string | number)[] | null = null;
  do {
    const rows: TradeRecord[] = await database(d1)
      .select()
      .from(trades)
      .where(and(matching(accountId, filter), afterKey(KEY, after, "OLDEST_FIRST")))
      .orderBy(...inOrder(KEY, "OLDEST_FIRST"))
      .limit(EXPORT_PAGE);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    after = rows.length === EXPORT_PAGE && last !== undefined ? keyOf(last) : null;
  } while (after !== null);
}

const matching = (accountId: string, filter: TradeFilter): SQL | undefined =>
  and(
    eq(trades.accountId, accountId),
    filter.from === undefined ? undefined : gte(trades.date, filter.from),
    filter.to === undefined ? undefined : lte(trades.date, filter.to),
    filter.underlying === undefined ? undefined : eq(trades.underlying, filter.underlying),
    filter.side === undefined ? undefined : eq(trades.side, filter.side),
    filter.strategy === undefined ? undefined : eq(trades.strategy, filter.strategy),
    filter.signalId === undefined ? undefined : eq(trades.signalId, filter.signalId),
  );
