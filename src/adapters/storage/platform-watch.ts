// What the platform's own breaker reads from D1, and what it keeps there: the accounts that trade, venue errors of many, and of
// each day from where it counts.
import { VENUE_FACTS } from "../../core/account/venue-errors.ts";
import type { EpochMs, MarketDate } from "../../core/kernel/time.ts";
import { ERRORS_PER_ACCOUNT_MIN, type PlatformReading } from "../../core/risk/platform-breaker.ts";

/** Active accounts of which an order was sent on the date; one that was denied is none. A look into an index for each. */
export async function accountsTrading(db: D1Database, date: MarketDate): Promise<readonly string[]> {
  const { results } = await db
    .prepare(
      `SELECT account_id AS accountId FROM accounts a WHERE status = 'ACTIVE'
         AND EXISTS (SELECT 1 FROM orders o WHERE o.account_id = a.account_id AND o.date = ?1 AND o.status <> 'DENIED')
       ORDER BY account_id`,
    )
    .bind(date)
    .all<{ accountId: string }>();
  return results.map((row) => row.accountId);
}

/** Accounts with several orders that were rejected or not answered since an instant, and how many orders those are. */
export async function venueErrorsSince(
  db: D1Database,
  date: MarketDate,
  sinceMs: EpochMs,
): Promise<Pick<PlatformReading, "errorAccounts" | "errorOrders">> {
  const row = await db
    .prepare(
      `SELECT COUNT(*) AS errorAccounts, COALESCE(SUM(n), 0) AS errorOrders FROM (
         SELECT COUNT(*) AS n FROM orders
         WHERE date = ?1 AND status IN ('REJECTED', 'UNKNOWN') AND updated_at_ms >= ?2
           AND COALESCE(reject_reason, '') NOT IN (${VENUE_FACTS.map((_reason, index) => `?${index + 4}`).join(", ")})
         GROUP BY account_id HAVING COUNT(*) >= ?3)`,
    )
    .bind(date, sinceMs, ERRORS_PER_ACCOUNT_MIN, ...VENUE_FACTS)
    .first<Pick<PlatformReading, "errorAccounts" | "errorOrders">>();
  return row ?? { errorAccounts: 0, errorOrders: 0 };
}

export interface WatchedDay {
  readonly date: MarketDate;
  readonly afterChangeNo: number;
  /** The sum of results where counting began, and at the best moment since. */
  readonly originResultPaise: number;
  readonly peakResultPaise: number;
  /** The last look as JSON of `PlatformLook`. */
  readonly look: string;
  readonly atMs: EpochMs;
}

const COLUMNS = `date, after_change_no AS afterChangeNo, origin_result_paise AS originResultPaise,
  peak_result_paise AS peakResultPaise, look, at_ms AS atMs`;

export const watchedDay = (db: D1Database, date: MarketDate): Promise<WatchedDay | null> =>
  db.prepare(`SELECT ${COLUMNS} FROM platform_watch WHERE date = ?1`).bind(date).first<WatchedDay>();

/** A look that comes late never takes back what a later one has written. */
export async function keepWatch(db: D1Database, day: WatchedDay): Promise<void> {
  const { date, afterChangeNo, originResultPaise, peakResultPaise, look, atMs } = day;
  await db
    .prepare(
      `INSERT INTO platform_watch (date, after_change_no, origin_result_paise, peak_result_paise, look, at_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6)
       ON CONFLICT (date) DO UPDATE SET after_change_no = ?2, origin_result_paise = ?3, peak_result_paise = ?4,
         look = ?5, at_ms = ?6 WHERE at_ms <= ?6`,
    )
    .bind(date, afterChangeNo, originResultPaise, peakResultPaise, look, atMs)
    .run();
}
