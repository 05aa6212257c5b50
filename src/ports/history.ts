// A day of the market's history as it is given and kept.
import type { HistoryName, PackedDay } from "../core/market/packed-bars.ts";

export interface BarDay extends PackedDay {
  readonly index: HistoryName;
  readonly intervalMs: number;
  /** LIVE: kept by the feeds. REPLAY: of a session played for show. Otherwise who gave it. */
  readonly source: string;
}
