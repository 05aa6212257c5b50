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

/** `bars`: 3-minute bars of the underlying. What it answers for a date rests on days before it only. */
export function historyTeller(
  underlying: Underlying,
  bars: BarSeries | undefined,
  outside: Partial<OutsideCloses>,
): (date: MarketDate) => HistoryFigures {
  const summaries = bars === undefined ? [] : daySummaries(underlying, bars);
  return (date) => historyFigures(date, summaries, outside);
}

function daySummaries(underlying: Underlying, bars: BarSeries): DaySummary[] {
  const summaries: DaySummary[] = [];
  for (const { date, from, to } of dayRanges(bars)) {
    const hours = sessionHours(date);
    if ("reason" in hours) continue;
    const day = new DayFeatures({ underlying, date, openMs: hours.openMs, barsEndMs: hours.barsEndMs, history: null });
    for (let at = from; at < to; at += 1) day.addBar(barAt(bars, at));
    const summary = day.summary();
    if (summary !== null) summaries.push(summary);
  }
  return summaries;
}
