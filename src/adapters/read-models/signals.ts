// Cycles and signals: the market's side of a day, the same for every account.
import { and, eq } from "drizzle-orm";
import { cycles, sessions, signals } from "../storage/market-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type SignalRecord = typeof signals.$inferSelect;
export type CycleRecord = typeof cycles.$inferSelect;

export interface SignalFilter {
  readonly date?: string | undefined;
  readonly underlying?: string | undefined;
  readonly cycleId?: string | undefined;
}

/** Newest first. */
export async function listSignals(
  d1: D1Database,
  filter: SignalFilter,
  { limit, after }: PageRequest,
): Promise<Page<SignalRecord>> {
  const key = [signals.date, signals.atMs, signals.signalId];
  const rows = await database(d1)
    .select()
    .from(signals)
    .where(
      and(
        filter.date === undefined ? undefined : eq(signals.date, filter.date),
        filter.underlying === undefined ? undefined : eq(signals.underlying, filter.underlying),
        filter.cycleId === undefined ? undefined : eq(signals.cycleId, filter.cycleId),
        afterKey(key, after),
      ),
    )
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.date, row.atMs, row.signalId]);
}

/** Newest first. */
export async function listCycles(
  d1: D1Database,
  date: string | undefined,
  { limit, after }: PageRequest,
): Promise<Page<CycleRecord>> {
  const key = [cycles.date, cycles.cycle];
  const rows = await database(d1)
    .select()
    .from(cycles)
    .where(and(date === undefined ? undefined : eq(cycles.date, date), afterKey(key, after)))
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.date, row.cycle]);
}

export async function hasSession(d1: D1Database, date: string): Promise<boolean> {
  const rows = await database(d1)
    .select({ date: sessions.date })
    .from(sessions)
    .where(eq(sessions.date, date))
    .limit(1);
  return rows.length > 0;
}
