// How far the making again of what D1 shows has come.
import { asc, ne } from "drizzle-orm";
import { rebuilds } from "../storage/operations-schema.ts";
import { database } from "./database.ts";

type RebuildRow = typeof rebuilds.$inferSelect;

interface Counts {
  readonly pending: number;
  readonly done: number;
  readonly failed: number;
  readonly written: number;
}

export async function countRebuilds(d1: D1Database): Promise<Counts> {
  const { results } = await d1
    .prepare("SELECT state, COUNT(*) AS accounts, SUM(written) AS written FROM rebuilds GROUP BY state")
    .all<{ state: string; accounts: number; written: number }>();
  const of = (state: string): number => results.find((row) => row.state === state)?.accounts ?? 0;
  const written = results.reduce((sum, row) => sum + row.written, 0);
  return { pending: of("PENDING"), done: of("DONE"), failed: of("FAILED"), written };
}

/** What is not done: the failed first, then those that have not moved for longest. */
export const unfinishedRebuilds = (d1: D1Database, limit: number): Promise<RebuildRow[]> =>
  database(d1)
    .select()
    .from(rebuilds)
    .where(ne(rebuilds.state, "DONE"))
    .orderBy(asc(rebuilds.state), asc(rebuilds.movedMs), asc(rebuilds.accountId))
    .limit(limit);
