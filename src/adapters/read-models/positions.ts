// Positions by day, as their last execution left them.
import { and, eq } from "drizzle-orm";
import { positions } from "../storage/read-model-schema.ts";
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

export interface HeldOverAccounts {
  readonly instrumentId: string;
  readonly longUnits: number;
  readonly shortUnits: number;
  readonly accounts: number;
}

/** What all accounts hold of each contract, longs and shorts apart: they are different people's and do not cancel out. */
export const heldOverAccounts = async (d1: D1Database, date: string): Promise<readonly HeldOverAccounts[]> =>
  (
    await d1
      .prepare(
        `SELECT instrument_id AS instrumentId, SUM(MAX(net_units, 0)) AS longUnits, SUM(MAX(-net_units, 0)) AS shortUnits,
                COUNT(*) AS accounts
         FROM positions WHERE date = ? AND net_units <> 0 GROUP BY instrument_id ORDER BY instrument_id`,
      )
      .bind(date)
      .all<HeldOverAccounts>()
  ).results;
