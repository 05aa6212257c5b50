// The indices' bars of past days, played ones too: what an account has traded on is what explains its results.
import { and, eq, inArray, sql } from "drizzle-orm";
import { UNDERLYINGS } from "../../core/instrument/contract.ts";
import { paise } from "../../core/kernel/money.ts";
import { epochMs, istInstant, type MarketDate, MS_PER_MINUTE, marketDate } from "../../core/kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../core/market/bars.ts";
import type { Bar } from "../../core/market/market-event.ts";
import type { PackedBars } from "../../core/market/packed-bars.ts";
import { barDays } from "../storage/lab-schema.ts";
import { database } from "./database.ts";

/** By index and date, e.g. "NIFTY50 2025-08-29". */
export type IndexDays = ReadonlyMap<string, readonly Bar[]>;

export const indexDayKey = (underlying: string, date: string): string => `${underlying} ${date}`;

/** The 3-minute bars of every index on those of the dates that have any. The dates travel as one JSON parameter. */
export async function indexDaysOf(d1: D1Database, dates: readonly string[]): Promise<IndexDays> {
  const rows = await database(d1)
    .select({ indexName: barDays.indexName, date: barDays.date, bars: barDays.bars })
    .from(barDays)
    .where(
      and(
        inArray(barDays.indexName, [...UNDERLYINGS]),
        eq(barDays.intervalMs, BAR_INTERVAL_MS),
        sql`${barDays.date} IN (SELECT value FROM json_each(${JSON.stringify(dates)}))`,
      ),
    );
  return new Map(
    rows.map(({ indexName, date, bars }) => [
      indexDayKey(indexName, date),
      unpackBars(marketDate(date), JSON.parse(bars) as PackedBars),
    ]),
  );
}

function unpackBars(date: MarketDate, { minute, open, high, low, close }: PackedBars): readonly Bar[] {
  const midnightMs = istInstant(date, "00:00");
  return minute.map((startMinute, bar) => ({
    startMs: epochMs(midnightMs + startMinute * MS_PER_MINUTE),
    openPaise: paise(open[bar] as number),
    highPaise: paise(high[bar] as number),
    lowPaise: paise(low[bar] as number),
    closePaise: paise(close[bar] as number),
  }));
}
