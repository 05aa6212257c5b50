// Positions by day, as their last execution left them.
import { and, eq } from "drizzle-orm";
import { positions } from "../storage/schema.ts";
import { database } from "./database.ts";

/** No account trades more contracts than this on a day. */
const POSITIONS_MAX = 5_000;

export const positionsOn = (
  d1: D1Database,
  accountId: string,
  date: string,
): Promise<readonly (typeof positions.$inferSelect)[]> =>
  database(d1)
    .select()
    .from(positions)
    .where(and(eq(positions.accountId, accountId), eq(positions.date, date)))
    .orderBy(positions.instrumentId)
    .limit(POSITIONS_MAX);
