// What a day knows of the days before it, out of their bars: for a live caller the same figures as in the dataset.
import type { Underlying } from "../../instrument/contract.ts";
import type { MarketDate } from "../../kernel/time.ts";
import { type BarSeries, barAt, dayRanges } from "../../market/bar-series.ts";
import { DayFeatures } from "../features/day-features.ts";
import {
  type DaySummary,
  type HistoryFigures,
  historyFigures,
  type OutsideCloses,
} from "../features/history-figures.ts";
import { sessionHours } from "./session-hours.ts";

/** `bars`: 3-minute bars of the underlying; only days before `date` are looked at. */
export function historyOfDays(
  underlying: Underlying,
  date: MarketDate,
  bars: BarSeries | undefined,
  outside: Partial<OutsideCloses>,
): HistoryFigures {
  return historyFigures(date, bars === undefined ? [] : daySummaries(underlying, date, bars), outside);
}

function daySummaries(underlying: Underlying, before: MarketDate, bars: BarSeries): DaySummary[] {
  const summaries: DaySummary[] = [];
  for (const { date, from, to } of dayRanges(bars)) {
    const hours = sessionHours(date);
    if (date >= before || "reason" in hours) continue;
    const day = new DayFeatures({ underlying, date, openMs: hours.openMs, barsEndMs: hours.barsEndMs, history: null });
    for (let at = from; at < to; at += 1) day.addBar(barAt(bars, at));
    const summary = day.summary();
    if (summary !== null) summaries.push(summary);
  }
  return summaries;
}
