// Plays one rule over a history of index bars. What the rule says after a bar is done at the open of the next one. A stop or a
// target is looked for within every bar, the entry's own included; where a bar reaches both, the stop comes first, and where it
// opens beyond one, the open is the price. Every deal pays half the spread and the slippage in its price, and charges on top.
import { assert } from "../../kernel/assert.ts";
import { epochMs, type IstTime, istMsOfDay, MS_PER_MINUTE } from "../../kernel/time.ts";
import type { BarSeries, DayRange } from "../../market/bar-series.ts";
import { type IndexBalances, IndexBooks } from "./index-books.ts";
import type { IndexDistance, IndexSetup } from "./index-rule.ts";
import { type IndexHistory, LONG, NOTHING, stancesOf } from "./stances.ts";
import { EXIT_REASONS, type IndexExitReason, TradeLog } from "./trade-log.ts";

const PPM = 1_000_000;
const ATR_PERIOD = 14;

export interface IndexOutcome {
  readonly log: TradeLog;
  readonly balances: IndexBalances;
  /** Equity at the end of each day, in the order of the history's days. */
  readonly equityPaise: Float64Array;
  /** Bars during which something was held. */
  readonly barsHeld: number;
  /** Value of everything bought and sold. */
  readonly turnoverPaise: number;
  /** What half spreads and slippage took, against the bars' own prices. */
  readonly frictionPaise: number;
}

export function runIndexRule(history: IndexHistory, setup: IndexSetup): IndexOutcome {
  const run = new IndexRun(history, setup);
  for (const [number, day] of history.days.entries()) run.playDay(day, number);
  return run.outcome();
}

class IndexRun {
  readonly #series: BarSeries;
  readonly #setup: IndexSetup;
  readonly #stances: Int8Array;
  readonly #atr: Float64Array | null;
  readonly #books: IndexBooks;
  readonly #log = new TradeLog();
  readonly #equity: Float64Array;
  readonly #flatMs: number;
  readonly #noEntryMs: number;

  /** 0 when flat. */
  #units = 0;
  #side = NOTHING;
  #entryPaise = 0;
  #entryBar = 0;
  #entryCharges = 0;
  #stopPaise = 0;
  #targetPaise = 0;
  #barsHeld = 0;
  #turnover = 0;
  #friction = 0;

  constructor(history: IndexHistory, setup: IndexSetup) {
    const { stop, target, flatFrom, noEntryFrom } = setup.risk;
    this.#series = history.series;
    this.#setup = setup;
    this.#stances = stancesOf(history, setup.rule);
    this.#atr = stop?.unit === "ATR_CENTI" || target?.unit === "ATR_CENTI" ? history.atr(ATR_PERIOD) : null;
    this.#books = new IndexBooks(setup.capitalPaise);
    this.#equity = new Float64Array(history.days.length);
    this.#flatMs = ofDay(flatFrom);
    this.#noEntryMs = Math.min(this.#flatMs, ofDay(noEntryFrom));
  }

  playDay({ from, to }: DayRange, number: number): void {
    const { startMs, openPaise, highPaise, lowPaise, closePaise } = this.#series;
    const { flatFrom, dailyLossPaise, entriesPerDay } = this.#setup.risk;
    const stances = this.#stances;
    const first = startMs[from] as number;
    const midnightMs = first - istMsOfDay(epochMs(first));
    const [flatMs, noEntryMs] = [midnightMs + this.#flatMs, midnightMs + this.#noEntryMs];
    const equityFloor =
      dailyLossPaise === null ? Number.NEGATIVE_INFINITY : this.#equityAt(openPaise[from] as number) - dailyLossPaise;
    let entriesLeft = entriesPerDay ?? Number.POSITIVE_INFINITY;
    let isLossReached = false;
    // What was said after the last bar of the day before holds only where positions are carried.
    let word = from > 0 && flatFrom === null ? (stances[from - 1] as number) : NOTHING;
    for (let at = from; at < to; word = stances[at] as number, at += 1) {
      if (word === NOTHING && this.#units === 0) continue;
      const open = openPaise[at] as number;
      const start = startMs[at] as number;
      if (this.#units > 0) {
        if (isLossReached) this.#leave(at, open, "DAILY_LOSS");
        else if (start >= flatMs) this.#leave(at, open, "FLAT_TIME");
        else if (word === -this.#side) this.#leave(at, open, "SIGNAL");
      }
      const mayEnter = word !== NOTHING && this.#units === 0 && entriesLeft > 0 && start < noEntryMs && !isLossReached;
      if (mayEnter && this.#enter(at, open, word)) entriesLeft -= 1;
      if (this.#units > 0) {
        this.#barsHeld += 1;
        this.#watch(at, open, highPaise[at] as number, lowPaise[at] as number);
      }
      if (this.#equityAt(closePaise[at] as number) <= equityFloor) isLossReached = true;
    }
    const close = closePaise[to - 1] as number;
    if (this.#units > 0 && flatFrom !== null) this.#leave(to - 1, close, "DAY_END");
    else if (this.#units > 0 && to === this.#series.length) this.#leave(to - 1, close, "SERIES_END");
    this.#equity[number] = this.#equityAt(close);
  }

  outcome(): IndexOutcome {
    const { balances } = this.#books;
    assert(balances.holdingsPaise === 0, "nothing is held at the end");
    return {
      log: this.#log,
      balances,
      equityPaise: this.#equity,
      barsHeld: this.#barsHeld,
      turnoverPaise: this.#turnover,
      frictionPaise: this.#friction,
    };
  }

  #mayDeal(word: number): boolean {
    const { sides } = this.#setup.rule;
    return sides === "BOTH" || (word === LONG ? sides === "LONG_ONLY" : sides === "SHORT_ONLY");
  }

  #equityAt(pricePaise: number): number {
    return this.#books.equityPaise(this.#side * this.#units * pricePaise);
  }

  /** False where the rule does not trade that side, not even one unit is affordable, or the stop has no place yet. */
  #enter(at: number, open: number, side: number): boolean {
    const units = this.#mayDeal(side) ? this.#unitsAt(open) : 0;
    if (units <= 0) return false;
    const price = this.#dealt(open, side);
    const { stop, target } = this.#setup.risk;
    const stopDistance = stop === null ? Number.POSITIVE_INFINITY : this.#distance(stop, price, at);
    // A stop that cannot be placed yet is no reason to go without one.
    if (Number.isNaN(stopDistance)) return false;
    const targetDistance = target === null ? Number.POSITIVE_INFINITY : this.#distance(target, price, at);
    const value = price * units;
    const charges = this.#chargesOf(value);
    this.#units = units;
    this.#side = side;
    this.#entryPaise = price;
    this.#entryBar = at;
    this.#entryCharges = charges;
    this.#friction += units * Math.abs(price - open);
    this.#turnover += value;
    this.#books.open(side * value, charges);
    this.#stopPaise = price - side * stopDistance;
    this.#targetPaise = price + side * targetDistance;
    return true;
  }

  #leave(at: number, pricePaise: number, reason: IndexExitReason): void {
    const [units, side] = [this.#units, this.#side];
    const price = this.#dealt(pricePaise, -side);
    const value = price * units;
    const charges = this.#chargesOf(value);
    this.#friction += units * Math.abs(price - pricePaise);
    this.#turnover += value;
    this.#books.close(side * this.#entryPaise * units, side * value, charges);
    this.#log.add({
      entryBar: this.#entryBar,
      exitBar: at,
      side,
      units,
      entryPaise: this.#entryPaise,
      exitPaise: price,
      chargesPaise: this.#entryCharges + charges,
      reason: EXIT_REASONS.indexOf(reason),
    });
    this.#units = 0;
    this.#side = NOTHING;
  }

  #watch(at: number, open: number, high: number, low: number): void {
    const [stop, target] = [this.#stopPaise, this.#targetPaise];
    if (this.#side === LONG) {
      if (low <= stop) this.#leave(at, Math.min(open, stop), "STOP");
      else if (high >= target) this.#leave(at, Math.max(open, target), "TARGET");
    } else if (high >= stop) this.#leave(at, Math.max(open, stop), "STOP");
    else if (low <= target) this.#leave(at, Math.min(open, target), "TARGET");
  }

  #unitsAt(open: number): number {
    const { sizing, maxUnits } = this.#setup.risk;
    const wanted =
      sizing.by === "UNITS" ? sizing.units : Math.floor((this.#books.equityPaise(0) * sizing.percent) / 100 / open);
    return Math.min(wanted, maxUnits);
  }

  /** Against us by half the spread and the slippage. */
  #dealt(pricePaise: number, side: number): number {
    const { spreadPaise, slippagePpm } = this.#setup.costs;
    return pricePaise + side * (Math.ceil(spreadPaise / 2) + Math.ceil((pricePaise * slippagePpm) / PPM));
  }

  #chargesOf(valuePaise: number): number {
    return Math.ceil((valuePaise * this.#setup.costs.chargesPpm) / PPM);
  }

  /** As known at the entry: of the bars before it; NaN while there is no average range yet. */
  #distance({ unit, value }: IndexDistance, pricePaise: number, at: number): number {
    if (unit === "PAISE") return value;
    if (unit === "PPM") return Math.ceil((pricePaise * value) / PPM);
    return Math.ceil(((this.#atr?.[at - 1] ?? Number.NaN) * value) / 100);
  }
}

const ofDay = (time: IstTime | null): number => {
  if (time === null) return Number.POSITIVE_INFINITY;
  const [hours, minutes] = time.split(":").map(Number);
  return ((hours ?? 0) * 60 + (minutes ?? 0)) * MS_PER_MINUTE;
};
