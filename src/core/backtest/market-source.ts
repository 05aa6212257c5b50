// One underlying's market of one day as a backtest takes it in. Facts come in order of time, and what stands on the board at an
// instant rests on nothing later. A source may leave out facts that nobody would notice: while no price is watched and no order
// rests, a day costs what it is looked at.
import type { InstrumentId, OptionContract } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { Bar, HeldQuote, MarketEvent } from "../market/market-event.ts";
import type { QuoteBoard } from "../market-feed/quote-board.ts";
import type { QuoteHistory } from "../market-feed/quote-history.ts";
import type { Touch } from "../matching/touch.ts";

/** What the market looks like now: the board of the platform's feeds, or one that prices only what it is asked for. */
export interface MarketBoard {
  readonly spotPaise: Paise | null;
  readonly vixCenti: number | null;
  /** 3-minute bars of the day, oldest first, the last one still running. */
  readonly bars: readonly Bar[];
  readonly quotes: readonly HeldQuote[];
  /** The expiries quoted, earliest first, for a board that knows them without pricing anything. */
  readonly expiries?: readonly MarketDate[];
  /** True where no quote can have a volume or open interest, because nobody traded it. */
  readonly isUntraded?: true;
  quote(instrumentId: InstrumentId): HeldQuote | null;
  contract(instrumentId: InstrumentId): OptionContract | null;
  touch(instrumentId: InstrumentId): Touch | null;
  ivBps(instrumentId: InstrumentId): number | null;
  history(instrumentId: InstrumentId): QuoteHistory | undefined;
}

export interface Taken {
  readonly facts: number;
  readonly quoted: ReadonlySet<InstrumentId>;
}

export interface MarketSource {
  readonly board: MarketBoard;
  /** When the next fact comes that somebody may notice; null when none does. */
  nextFactMs(isWatched: boolean): EpochMs | null;
  /** Takes in everything up to an instant. `watched`: contracts that somebody waits for, listed only where one may be quoted. */
  take(now: EpochMs, watched: () => readonly InstrumentId[]): Taken;
  /** Names a contract that an order is about, so that it can be priced. */
  learn?(contract: OptionContract): void;
}

const NOTHING: ReadonlySet<InstrumentId> = new Set();

/** A recorded tape, played event by event as the platform's feed plays it. */
export class TapeSource implements MarketSource {
  readonly board: QuoteBoard;
  readonly #events: readonly MarketEvent[];
  #next = 0;

  constructor(board: QuoteBoard, events: readonly MarketEvent[]) {
    this.board = board;
    this.#events = events;
  }

  nextFactMs(): EpochMs | null {
    return this.#events[this.#next]?.atMs ?? null;
  }

  take(now: EpochMs): Taken {
    const from = this.#next;
    let quoted: Set<InstrumentId> | null = null;
    for (let event = this.#events[from]; event !== undefined && event.atMs <= now; event = this.#events[this.#next]) {
      const ids = this.board.take(event);
      if (ids.length > 0) {
        quoted ??= new Set();
        for (const id of ids) quoted.add(id);
      }
      this.#next += 1;
    }
    return { facts: this.#next - from, quoted: quoted ?? NOTHING };
  }
}
