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

interface Kept {
  readonly cycle: number;
  readonly underlying: Underlying;
  readonly vixCenti: number | null;
  readonly chain: string | null;
  readonly community: number | null;
}

export async function keepReadings(
  db: D1Database,
  date: MarketDate,
  readings: readonly ReadingOf[],
  atMs: number,
): Promise<void> {
  if (readings.length === 0) return;
  const rows = readings.map(({ cycle, underlying, vixCenti, chain, community }) => ({
    date,
    cycle,
    underlying,
    vixCenti,
    chain: chain === null ? null : JSON.stringify(chain),
    community,
    atMs,
  }));
  await db.batch(insertOnce(db, cycleReadings, rows));
}

/** Of the cycles up to and with `cycle`, in order, for all underlyings. */
export async function readingsOf(db: D1Database, date: MarketDate, cycle: number): Promise<readonly ReadingOf[]> {
  const { results } = await db
    .prepare(
      `SELECT cycle, underlying, vix_centi AS vixCenti, chain, community FROM cycle_readings WHERE date = ?1 AND cycle <= ?2
       ORDER BY cycle, underlying`,
    )
    .bind(date, cycle)
    .all<Kept>();
  return results.map(({ chain, ...reading }) => ({
    ...reading,
    chain: chain === null ? null : (JSON.parse(chain) as ChainFigures),
  }));
}

/** What models may learn from besides bars, by `${underlying}/${date}`, with the rows it was read from. */
export interface LearnedReadings {
  readonly chains: ReadonlyMap<string, readonly ChainFigures[]>;
  readonly community: ReadonlyMap<string, ReadonlyMap<number, number>>;
  readonly rows: readonly object[];
}

/** Of the dates from one to another, in order. */
export async function readingsBetween(db: D1Database, from: MarketDate, to: MarketDate): Promise<LearnedReadings> {
  const { results: rows } = await db
    .prepare(
      `SELECT date, cycle, underlying, chain, community FROM cycle_readings
       WHERE date BETWEEN ?1 AND ?2 AND (chain IS NOT NULL OR community IS NOT NULL) ORDER BY date, cycle, underlying`,
    )
    .bind(from, to)
    .all<Omit<Kept, "vixCenti"> & { readonly date: MarketDate }>();
  const chains = new Map<string, ChainFigures[]>();
  const community = new Map<string, Map<number, number>>();
  for (const { date, cycle, underlying, chain, community: said } of rows) {
    const key = `${underlying}/${date}`;
    if (chain !== null) chains.set(key, [...(chains.get(key) ?? []), JSON.parse(chain) as ChainFigures]);
    if (said !== null) community.set(key, (community.get(key) ?? new Map<number, number>()).set(cycle, said));
  }
  return { chains, community, rows };
}
