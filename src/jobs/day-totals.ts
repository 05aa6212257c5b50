// A day in figures, over the accounts that took part, from the read models.
import type { MarketDate } from "../core/kernel/time.ts";
import type { DayTotals } from "../ports/jobs.ts";

type Figures = Readonly<Record<string, number>>;

/** All sums are over the given accounts only. Settlement figures are the final ones where there are any. */
export async function dayTotals(db: D1Database, date: MarketDate, accountIds: readonly string[]): Promise<DayTotals> {
  const ofAccounts = "date = ?1 AND account_id IN (SELECT value FROM json_each(?2))";
  const figures = async (columns: string, from: string): Promise<Figures> =>
    (await db
      .prepare(`SELECT ${columns} FROM ${from} WHERE ${ofAccounts}`)
      .bind(date, JSON.stringify(accountIds))
      .first<Figures>()) ?? {};
  const ofDay = async (table: string): Promise<number> =>
    (await db.prepare(`SELECT COUNT(*) AS n FROM ${table} WHERE date = ?1`).bind(date).first<number>("n")) ?? 0;
  const count = (status: string): string => `COALESCE(SUM(status = '${status}'), 0) AS ${status}`;
  const total = (column: string): string => `COALESCE(SUM(${column}), 0) AS ${column}`;
  const latest = `(SELECT s.* FROM settlements s WHERE s.stage = 'FINAL' OR NOT EXISTS (
    SELECT 1 FROM settlements f WHERE f.account_id = s.account_id AND f.date = s.date AND f.stage = 'FINAL'))`;
  const [orders, trades, settled, paidOut, open, lines, entries, told, cycles, signals, checkpoint] = await Promise.all(
    [
      figures(
        `COUNT(*) AS n, ${["DENIED", "FILLED", "REJECTED", "CANCELED", "EXPIRED"].map(count).join(", ")}`,
        // The parent of slices is in its slices already; one that was denied never had any.
        "(SELECT * FROM orders WHERE slices IS NULL OR (slices = 0 AND status = 'DENIED'))",
      ),
      figures(`COUNT(*) AS n, ${total("realised_paise")}`, "trades"),
      figures(["charges_paise", "fee_paise", "gst_on_fee_paise", "tax_lock_paise"].map(total).join(", "), latest),
      figures(total("amount_paise"), "(SELECT * FROM transfers WHERE kind = 'PUSH' AND status = 'COMPLETED')"),
      figures("COUNT(*) AS n", "(SELECT * FROM positions WHERE net_units <> 0)"),
      figures(total("amount_paise"), "ledger_lines"),
      figures("COUNT(*) AS n", "ledger_entries"),
      figures("COUNT(*) AS n", "notifications"),
      ofDay("cycles"),
      ofDay("signals"),
      db
        .prepare("SELECT size, root FROM checkpoints WHERE date = ?1")
        .bind(date)
        .first<{ size: number; root: string }>(),
    ],
  );
  const of = (row: Figures, key: string): number => row[key] ?? 0;
  return {
    cycles,
    signals,
    orders: {
      // A denied order never left.
      submitted: of(orders, "n") - of(orders, "DENIED"),
      filled: of(orders, "FILLED"),
      denied: of(orders, "DENIED"),
      rejected: of(orders, "REJECTED"),
      canceled: of(orders, "CANCELED") + of(orders, "EXPIRED"),
    },
    trades: of(trades, "n"),
    grossPaise: of(trades, "realised_paise"),
    chargesPaise: of(settled, "charges_paise"),
    feePaise: of(settled, "fee_paise"),
    gstPaise: of(settled, "gst_on_fee_paise"),
    taxLockPaise: of(settled, "tax_lock_paise"),
    payoutPaise: of(paidOut, "amount_paise"),
    openPositions: of(open, "n"),
    ledger: { entries: of(entries, "n"), sumPaise: of(lines, "amount_paise"), checkpoint },
    notifications: of(told, "n"),
  };
}
