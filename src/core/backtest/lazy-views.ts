// What a backtest shows of a board: the same as the platform's views, but made when somebody reads it. Most cycles and windows
// end before anybody looks at a chain or a figure.
import type { Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { Bar, HeldQuote } from "../market/market-event.ts";
import type { FigureRow } from "../strategy/definition/context.ts";
import { chainOf, chainQuotes, type MarketView } from "../strategy/definition/market-view.ts";
import type { MarketBoard } from "./market-source.ts";

/** What a view of a cycle is made from. */
export class SignalView {
  readonly underlying: Underlying;
  readonly spotPaise: Paise;
  readonly vixCenti: number | null;
  readonly bars: readonly Bar[];
  readonly #board: MarketBoard;

  constructor(underlying: Underlying, spotPaise: Paise, board: MarketBoard) {
    this.underlying = underlying;
    this.spotPaise = spotPaise;
    this.vixCenti = board.vixCenti;
    this.bars = board.bars;
    this.#board = board;
  }

  get quotes(): readonly HeldQuote[] {
    return this.#board.quotes;
  }
}

interface WindowMarketTerms {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly closeMs: EpochMs;
  readonly spotPaise: Paise;
  readonly atrPaise: Paise | null;
  readonly staleAfterMs: number;
  readonly figures: () => FigureRow;
}

/** What a window's strategies decide by. Read before the board goes on: a window is over within its instant. */
export class WindowMarket implements MarketView {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly closeMs: EpochMs;
  readonly spotPaise: Paise;
  readonly vixCenti: number | null;
  readonly atrPaise: Paise | null;
  readonly staleAfterMs: number;
  readonly #board: MarketBoard;
  readonly #figuresOf: () => FigureRow;
  #figures: FigureRow | null = null;
  #chain: MarketView["chain"] | null = null;

  constructor(board: MarketBoard, terms: WindowMarketTerms) {
    this.underlying = terms.underlying;
    this.date = terms.date;
    this.atMs = terms.atMs;
    this.closeMs = terms.closeMs;
    this.spotPaise = terms.spotPaise;
    this.vixCenti = board.vixCenti;
    this.atrPaise = terms.atrPaise;
    this.staleAfterMs = terms.staleAfterMs;
    this.#board = board;
    this.#figuresOf = terms.figures;
  }

  get figures(): FigureRow {
    this.#figures ??= this.#figuresOf();
    return this.#figures;
  }

  get expiries(): readonly MarketDate[] | undefined {
    return this.#board.expiries;
  }

  get source(): MarketView["source"] {
    return this.#board.quotes[0]?.source ?? "MODELLED";
  }

  get chain(): MarketView["chain"] {
    this.#chain ??= chainOf(this.#quoted);
    return this.#chain;
  }

  /** Modelled quotes have no more than travels in a chain: no sizes, no volume, and all of them are of contracts with known terms. */
  get held(): readonly HeldQuote[] | undefined {
    return this.#board.isUntraded === true ? chainQuotes(this.#quoted) : undefined;
  }

  get #quoted() {
    return { quotes: this.#board.quotes, date: this.date, spotPaise: this.spotPaise, atMs: this.atMs };
  }
}
