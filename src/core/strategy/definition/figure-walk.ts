// A day's figures for strategies, bar by bar: what conditions compare at an instant rests on the bars that were complete then.
import { type Paise, paise } from "../../kernel/money.ts";
import type { EpochMs } from "../../kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../market/bars.ts";
import type { Bar } from "../../market/market-event.ts";
import { BAR_FIGURES, type BarFigures, barFigureStream } from "./bar-figures.ts";
import type { FigureRow } from "./context.ts";

const PAISE_PER_POINT = 100;
const NOTHING: readonly null[] = BAR_FIGURES.map(() => null);

export class FigureWalk {
  readonly #next: (bar: Bar) => BarFigures;
  #taken = 0;
  #now: readonly (number | null)[] = NOTHING;
  #before: readonly (number | null)[] = NOTHING;
  #atrPaise: Paise | null = null;

  /** `openMs` is where the opening ranges begin. */
  constructor(openMs: EpochMs) {
    this.#next = barFigureStream(openMs);
  }

  /** As of an instant, which never goes back; `bars` are the day's, oldest first. */
  at(bars: readonly Bar[], atMs: EpochMs): { readonly figures: FigureRow; readonly atrPaise: Paise | null } {
    for (let bar = bars[this.#taken]; bar !== undefined; bar = bars[this.#taken]) {
      if (bar.startMs + BAR_INTERVAL_MS > atMs) break;
      const figures = this.#next(bar);
      this.#before = this.#now;
      this.#now = BAR_FIGURES.map((name) => figures[name]);
      const atr = figures["bar.atr14"];
      this.#atrPaise = atr === null ? null : paise(Math.round(atr * PAISE_PER_POINT));
      this.#taken += 1;
    }
    return { figures: { names: BAR_FIGURES, now: this.#now, before: this.#before }, atrPaise: this.#atrPaise };
  }
}
