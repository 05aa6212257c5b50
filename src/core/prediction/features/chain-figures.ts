// What an option chain says as a whole: how much has been traded and is open in calls and in puts of its nearest expiry.
import type { MarketDate } from "../../kernel/time.ts";
import type { HeldQuote } from "../../market/market-event.ts";

/** One reading of the chain; null where the source does not have the figure. */
export interface ChainFigures {
  readonly atMs: number;
  /** Units traded since the open. */
  readonly callVolumeUnits: number | null;
  readonly putVolumeUnits: number | null;
  readonly callOpenInterestUnits: number | null;
  readonly putOpenInterestUnits: number | null;
}

/** A quote as far as it is counted here. */
export type CountedQuote = Pick<HeldQuote, "expiry" | "optionType" | "volumeUnits" | "openInterestUnits">;

/** The figures of the nearest expiry that has not passed; null without a quote, or where no quote has any figure. */
export function chainFigures(quotes: readonly CountedQuote[], date: MarketDate, atMs: number): ChainFigures | null {
  let nearest: MarketDate | null = null;
  for (const { expiry } of quotes) {
    if (expiry >= date && (nearest === null || expiry < nearest)) nearest = expiry;
  }
  let [callVolumeUnits, putVolumeUnits]: (number | null)[] = [null, null];
  let [callOpenInterestUnits, putOpenInterestUnits]: (number | null)[] = [null, null];
  for (const { expiry, optionType, volumeUnits, openInterestUnits } of quotes) {
    if (expiry !== nearest) continue;
    if (optionType === "CALL") {
      callVolumeUnits = plus(callVolumeUnits ?? null, volumeUnits);
      callOpenInterestUnits = plus(callOpenInterestUnits ?? null, openInterestUnits);
    } else {
      putVolumeUnits = plus(putVolumeUnits ?? null, volumeUnits);
      putOpenInterestUnits = plus(putOpenInterestUnits ?? null, openInterestUnits);
    }
  }
  const figures = { callVolumeUnits, putVolumeUnits, callOpenInterestUnits, putOpenInterestUnits };
  if (Object.values(figures).every((figure) => figure === null)) return null;
  return { atMs, ...(figures as Omit<ChainFigures, "atMs">) };
}

/** The sum of what is known; null only while nothing is. */
const plus = (sum: number | null, more: number | null): number | null => (more === null ? sum : (sum ?? 0) + more);

/** The sum of both sides, null unless both are known. */
export const bothSides = (call: number | null, put: number | null): number | null =>
  call === null || put === null ? null : call + put;
