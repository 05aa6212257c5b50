// What was read off the market at each cycle, kept so that a cycle's features follow from rows and not from what somebody
// remembers.
import type { Underlying } from "../../core/instrument/contract.ts";
import type { MarketDate } from "../../core/kernel/time.ts";
import type { ChainFigures } from "../../core/prediction/features/chain-figures.ts";
import type { CycleReading } from "../../core/prediction/features/cycle-rows.ts";
import { cycleReadings } from "./lab-schema.ts";
import { insertOnce } from "./write-rows.ts";

export interface ReadingOf extends CycleReading {
  readonly underlying: Underlying;
}

export async function keepReadings(
  db: D1Database,
  date: MarketDate,
  readings: readonly ReadingOf[],
  atMs: number,
): Promise<void> {
  if (readings.length === 0) return;
  const rows = readings.map(({ cycle, underlying, vixCenti, chain }) => ({
    date,
    cycle,
    underlying,
    vixCenti,
    chain: chain === null ? null : JSON.stringify(chain),
    atMs,
  }));
  await db.batch(insertOnce(db, cycleReadings, rows));
}

/** Of the cycles up to and with `cycle`, in order, for all underlyings. */
export async function readingsOf(db: D1Database, date: MarketDate, cycle: number): Promise<readonly ReadingOf[]> {
  const { results } = await db
    .prepare(
      `SELECT cycle, underlying, vix_centi AS vixCenti, chain FROM cycle_readings WHERE date = ?1 AND cycle <= ?2
       ORDER BY cycle, underlying`,
    )
    .bind(date, cycle)
    .all<{ cycle: number; underlying: Underlying; vixCenti: number | null; chain: string | null }>();
  return results.map(({ chain, ...reading }) => ({
    ...reading,
    chain: chain === null ? null : (JSON.parse(chain) as ChainFigures),
  }));
}
