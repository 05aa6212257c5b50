// A day's bar figures, followed bar by bar: at each instant those of `barFiguresAt`, without going through the day again.
import { type EpochMs, epochMs } from "../../kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../market/bars.ts";
import type { Bar } from "../../market/market-event.ts";
import { type BarFigures, barFigureStream } from "./bar-figures.ts";
import { LOOK_MS } from "./figures.ts";

export class FigureWalk {
  readonly #next: (bar: Bar) => BarFigures;
  readonly #known: { readonly fromMs: number; readonly figures: BarFigures }[] = [];

  /** `openMs` is where the opening ranges begin. */
  constructor(openMs: EpochMs) {
    this.#next = barFigureStream(openMs);
  }

  /** As of an instant, which never goes back, and of a look before it; `bars` are the day's, oldest first. */
  at(bars: readonly Bar[], atMs: EpochMs): { readonly now: BarFigures | null; readonly before: BarFigures | null } {
    for (let bar = bars[this.#known.length]; bar !== undefined; bar = bars[this.#known.length]) {
      const fromMs = bar.startMs + BAR_INTERVAL_MS;
      if (fromMs > atMs) break;
      this.#known.push({ fromMs, figures: this.#next(bar) });
    }
    return { now: this.#asOf(atMs), before: this.#asOf(epochMs(atMs - LOOK_MS)) };
  }

  #asOf(atMs: EpochMs): BarFigures | null {
    return this.#known.findLast(({ fromMs }) => fromMs <= atMs)?.figures ?? null;
  }
}
