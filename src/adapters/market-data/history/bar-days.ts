// Looks at bars day by day: leaves out what is of another instrument or no session, and reports holes. The exchanges halt an
// index's market for the day once it has moved by 20 %, so more than that within a day, or 30 % overnight, is not the index.
import { epochMs, formatIstTime, type MarketDate, MS_PER_DAY } from "../../../core/kernel/time.ts";
import { type BarSeries, type DayRange, dayRanges } from "../../../core/market/bar-series.ts";
import type { IndexName } from "../../../core/market/market-event.ts";
import { CLOSE_MS, type HistoryHours, OPEN_MS } from "./bar-rows.ts";
import type { RepairCode, RepairLog } from "./repair.ts";

export interface BarPlaces {
  readonly files: readonly string[];
  readonly file: Uint16Array;
  readonly line: Uint32Array;
  /** Which of the bars as read each bar of the series is. */
  readonly order: Uint32Array;
}

interface Bounds {
  /** Factor from the day's median within which every price lies. */
  readonly withinDay: number;
  /** Factor between the medians of one day and the next. */
  readonly overnight: number;
}

const INDEX_BOUNDS: Bounds = { withinDay: 1.2, overnight: 1.3 };
/** India VIX has doubled within days; its prints at the open are wild. */
const VIX_BOUNDS: Bounds = { withinDay: 3, overnight: 3 };
/** After a longer pause than this nothing is said about how far the index may have come. */
const OVERNIGHT_MS_MAX = 10 * MS_PER_DAY;
const SESSION_SHARE_MIN = 0.5;

/** Marks of the bars to keep, 1 each. */
export function soundDays(series: BarSeries, places: BarPlaces, hours: HistoryHours, log: RepairLog): Uint8Array {
  const kept = new Uint8Array(series.length).fill(1);
  const bounds = boundsOf(series.index);
  const sessionBars = (CLOSE_MS - OPEN_MS) / series.intervalMs;
  let before: { readonly median: number; readonly startMs: number } | null = null;
  for (const day of dayRanges(series)) {
    const leaveOut = (code: RepairCode, detail: string): void => {
      kept.fill(0, day.from, day.to);
      report(log, places, day.from, { code, detail, bars: day.to - day.from });
    };
    const median = medianClose(series, day);
    const startMs = series.startMs[day.from] as number;
    if (
      before !== null &&
      startMs - before.startMs <= OVERNIGHT_MS_MAX &&
      isApart(median, before.median, bounds.overnight)
    ) {
      leaveOut(
        "DAY_FOREIGN",
        `${day.date} trades about ${rupees(median)}, the day before about ${rupees(before.median)}`,
      );
      continue;
    }
    const sound = withoutForeignBars(series, day, { median, bounds, kept, log, places });
    if (hours === "REGULAR" && sound < sessionBars * SESSION_SHARE_MIN) {
      leaveOut("DAY_THIN", `${day.date} has ${sound} of the ${sessionBars} bars of a session`);
      continue;
    }
    before = { median, startMs };
    if (hours === "REGULAR") reportHoles(series, day, { kept, log, places });
  }
  return kept;
}

const boundsOf = (index: IndexName): Bounds => (index === "INDIAVIX" ? VIX_BOUNDS : INDEX_BOUNDS);
const isApart = (one: number, other: number, factor: number): boolean => one > other * factor || other > one * factor;
const rupees = (paise: number): string => (paise / 100).toFixed(2);

function medianClose({ closePaise }: BarSeries, { from, to }: DayRange): number {
  const closes = closePaise.slice(from, to).sort();
  return closes[(closes.length - 1) >> 1] as number;
}

interface Marking {
  readonly kept: Uint8Array;
  readonly log: RepairLog;
  readonly places: BarPlaces;
}

/** Bars of the day that are left. */
function withoutForeignBars(
  { highPaise, lowPaise }: BarSeries,
  { from, to }: DayRange,
  { median, bounds, kept, log, places }: Marking & { readonly median: number; readonly bounds: Bounds },
): number {
  const [lowest, highest] = [median / bounds.withinDay, median * bounds.withinDay];
  let sound = 0;
  for (let at = from; at < to; at += 1) {
    const [high, low] = [highPaise[at] as number, lowPaise[at] as number];
    if (low >= lowest && high <= highest) sound += 1;
    else {
      kept[at] = 0;
      const detail = `${rupees(low)} to ${rupees(high)} on a day that trades about ${rupees(median)}`;
      report(log, places, at, { code: "PRICE_FOREIGN", detail });
    }
  }
  return sound;
}

function reportHoles(
  { startMs, intervalMs }: BarSeries,
  { date, from, to }: DayRange,
  { kept, log, places }: Marking,
): void {
  const midnightMs = Date.parse(`${date}T00:00:00+05:30`);
  let coveredMs = midnightMs + OPEN_MS;
  let last = from;
  for (let at = from; at < to; at += 1) {
    if (kept[at] === 0) continue;
    const start = startMs[at] as number;
    if (start > coveredMs) reportHole(date, coveredMs, start, { at, intervalMs, log, places });
    coveredMs = start + intervalMs;
    last = at;
  }
  const closeMs = midnightMs + CLOSE_MS;
  if (closeMs > coveredMs) reportHole(date, coveredMs, closeMs, { at: last, intervalMs, log, places });
}

function reportHole(
  date: MarketDate,
  fromMs: number,
  toMs: number,
  {
    at,
    intervalMs,
    log,
    places,
  }: Pick<Marking, "log" | "places"> & { readonly at: number; readonly intervalMs: number },
): void {
  const detail = `${date} has no bars from ${formatIstTime(epochMs(fromMs))} to ${formatIstTime(epochMs(toMs))}`;
  report(log, places, at, { code: "GAP", detail, bars: Math.ceil((toMs - fromMs) / intervalMs) });
}

function report(
  log: RepairLog,
  { files, file, line, order }: BarPlaces,
  at: number,
  what: { readonly code: RepairCode; readonly detail: string; readonly bars?: number },
): void {
  const asRead = order[at] as number;
  log.add({ ...what, file: files[file[asRead] as number] as string, line: line[asRead] as number });
}
