// What each day of a range knows of the days before it, for everybody who plays days: by the same code as live and the dataset.
import { UNDERLYINGS } from "../instrument/contract.ts";
import type { MarketDate } from "../kernel/time.ts";
import { type DatasetSources, outsideCloses } from "../prediction/builder/build-dataset.ts";
import { historyTeller } from "../prediction/builder/history-days.ts";
import type { DayMarket } from "./run-day.ts";

export type DayHistory = NonNullable<DayMarket["history"]>;

/** `sources`: 3-minute bars and closes, which may reach beyond the days that are asked about. */
export function dayHistories(
  sources: Pick<DatasetSources, "bars" | "outside" | "vixBars">,
): (date: MarketDate) => DayHistory {
  const outside = outsideCloses(sources);
  const tellers = UNDERLYINGS.map((underlying) => {
    const bars = sources.bars.find(({ index }) => index === underlying);
    return [underlying, historyTeller(underlying, bars, outside)] as const;
  });
  return (date) => Object.fromEntries(tellers.map(([underlying, tell]) => [underlying, tell(date)]));
}
