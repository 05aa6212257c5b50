// The features of one underlying on one day as a stream: bars and chain readings go in as they are completed, a row comes out
// for any moment. A row rests on what went in before, on what the day knew of earlier days, and on nothing else. The dataset
// builder and the live caller both come through here, so that a model is asked in the words it was taught.
import type { Underlying } from "../../instrument/contract.ts";
import { nextExpiriesOf } from "../../instrument/expiry-calendar.ts";
import { assert } from "../../kernel/assert.ts";
import { addDays, type EpochMs, istInstant, type MarketDate, MS_PER_DAY, MS_PER_MINUTE } from "../../kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../market/bars.ts";
import type { Bar } from "../../market/market-event.ts";
import { featureStream, NO_FEATURES, type RuleFeatures } from "../rule-features.ts";
import { BarWindow, share } from "./bar-window.ts";
import { bothSides, type ChainFigures } from "./chain-figures.ts";
import { FEATURES } from "./feature-list.ts";
import { type DaySummary, type HistoryFigures, NO_HISTORY } from "./history-figures.ts";

export interface FeatureDay {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly openMs: EpochMs;
  /** Bars that start from here on are not looked at: the market is closed, or the index stands still. */
  readonly barsEndMs: EpochMs;
  readonly history: HistoryFigures | null;
}

/** What is known at the moment of a row besides bars and chain. */
export interface MomentFigures {
  /** India VIX × 100 of today; null while it has not printed. */
  readonly vixCenti: number | null;
  /** −1 all bearish to 1 all bullish. */
  readonly community: number | null;
}

const NEAR_EXPIRY_DAYS = 36;
const EXPIRY_CLOSE = "15:30";
const BARS_A_YEAR = 125 * 252;
const DAYS_A_YEAR = 252;
const OPENING_BARS = 5;
/** Returns that a volatility of the day rests on at least. */
const RETURNS_MIN = 5;
const RECENT_RETURNS = 10;
const SILENCE_MAX_MS = 2 * BAR_INTERVAL_MS;

export class DayFeatures {
  readonly day: FeatureDay;
  readonly #history: HistoryFigures;
  readonly #expiryMs: number;
  readonly #isExpiryDay: number;
  readonly #window = new BarWindow();
  readonly #nextRule = featureStream();
  #rule: RuleFeatures = NO_FEATURES;
  #lastEndMs = Number.NEGATIVE_INFINITY;
  #finalClosePaise = Number.NaN;
  readonly #chain: ChainFigures[] = [];

  constructor(day: FeatureDay) {
    this.day = day;
    this.#history = day.history ?? NO_HISTORY;
    const [expiry] = nextExpiriesOf(day.underlying, day.date, 1);
    const isNear = expiry !== undefined && expiry <= addDays(day.date, NEAR_EXPIRY_DAYS);
    this.#expiryMs = isNear ? istInstant(expiry, EXPIRY_CLOSE) : Number.NaN;
    this.#isExpiryDay = isNear ? Number(expiry === day.date) : Number.NaN;
  }

  /** The next completed 3-minute bar, in order of time. Of one behind the last that is looked at only its close counts, tomorrow. */
  addBar(bar: Bar): void {
    const { openMs, barsEndMs } = this.day;
    if (bar.startMs < openMs) return;
    this.#finalClosePaise = bar.closePaise;
    if (bar.startMs >= barsEndMs) return;
    assert(bar.startMs >= this.#lastEndMs, "bars come in order of time");
    this.#lastEndMs = bar.startMs + BAR_INTERVAL_MS;
    this.#window.add(bar);
    this.#rule = this.#nextRule(bar);
  }

  /** The next reading of the option chain, in order of time. */
  addChain(figures: ChainFigures): void {
    assert(figures.atMs >= (this.#chain.at(-1)?.atMs ?? 0), "readings come in order of time");
    this.#chain.push(figures);
  }

  /** Whether the index has said nothing for more than two bars, or, past the open, nothing at all: such a cycle has no row. */
  isSilent(atMs: EpochMs): boolean {
    return atMs > this.day.openMs && atMs - this.#lastEndMs > SILENCE_MAX_MS;
  }

  /** End of the last bar that went in; −∞ before the first. */
  get lastEndMs(): number {
    return this.#lastEndMs;
  }

  /** ATR(14) in paise; null while there are too few bars. */
  get atrPaise(): number | null {
    return this.#rule.atrPaise;
  }

  /** The last close in paise; NaN before the first bar. */
  get closePaise(): number {
    return this.#window.close;
  }

  /** The row of the cycle that starts at an instant, at or after the end of the last bar that went in. NaN = missing. */
  row(atMs: EpochMs, moment: MomentFigures, into = new Float64Array(FEATURES.length)): Float64Array {
    assert(atMs >= this.#lastEndMs, "a row does not lie before the bars it rests on");
    const writer = new RowWriter(into);
    this.#clock(writer, atMs);
    this.#moves(writer);
    this.#indicators(writer);
    this.#ranges(writer);
    this.#volatilityIndices(writer, moment);
    this.#chainFigures(writer);
    writer.put(moment.community ?? Number.NaN);
    assert(writer.count === FEATURES.length, `${writer.count} of ${FEATURES.length} features written`);
    return into;
  }

  /** What later days will know of this one; null without a bar. */
  summary(): DaySummary | null {
    const { count, high, low, squaredReturns } = this.#window;
    if (count === 0) return null;
    const closePaise = this.#finalClosePaise;
    return { date: this.day.date, highPaise: high, lowPaise: low, closePaise, squaredReturns, returns: count - 1 };
  }

  #clock(writer: RowWriter, atMs: EpochMs): void {
    writer.put((atMs - this.day.openMs) / MS_PER_MINUTE);
    writer.put(Math.max(0, this.#expiryMs - atMs) / MS_PER_DAY);
    writer.put(this.#isExpiryDay);
  }

  #moves(writer: RowWriter): void {
    const window = this.#window;
    const { count, close, opens } = window;
    const { previousClosePaise, closeBeforePaise, closeFiveBeforePaise } = this.#history;
    const unit = this.#history.barVolatility ?? Number.NaN;
    const daily = this.#history.dailyVolatility ?? Number.NaN;
    const open = opens[0] ?? Number.NaN;
    const previous = previousClosePaise ?? Number.NaN;
    for (const bars of [1, 5, 10, 20])
      writer.put(Math.log(close / window.closeBefore(bars)) / (unit * Math.sqrt(bars)));
    writer.put(Math.log(close / open) / (unit * Math.sqrt(count)));
    writer.put(Math.log(close / previous) / daily);
    writer.put(Math.log(open / previous) / daily);
    writer.put(Math.log(previous / (closeBeforePaise ?? Number.NaN)) / daily);
    writer.put(Math.log(previous / (closeFiveBeforePaise ?? Number.NaN)) / (daily * Math.sqrt(5)));
    writer.put(share(this.#rule.trendMovePaise ?? Number.NaN, this.#rule.atrPaise ?? Number.NaN));
  }

  #indicators(writer: RowWriter): void {
    const { rsi, atrPaise, macdPaise, macdHistogramPaise } = this.#rule;
    const { close } = this.#window;
    const atr = atrPaise ?? Number.NaN;
    writer.put(rsi ?? Number.NaN);
    writer.put((10_000 * atr) / close);
    writer.put(atr / (close * (this.#history.barVolatility ?? Number.NaN)));
    writer.put(share(macdPaise ?? Number.NaN, atr));
    writer.put(share(macdHistogramPaise ?? Number.NaN, atr));
    writer.put(this.#window.bandPosition(20));
  }

  #ranges(writer: RowWriter): void {
    const window = this.#window;
    const { count, close, high, low } = window;
    const { barVolatility, dailyVolatility, previousHighPaise, previousLowPaise } = this.#history;
    const daily = dailyVolatility ?? Number.NaN;
    const returns = window.returns.length;
    const today = returns < RETURNS_MIN ? Number.NaN : Math.sqrt(window.squaredReturns / returns);
    writer.put(100 * today * Math.sqrt(BARS_A_YEAR));
    writer.put(today / (barVolatility ?? Number.NaN));
    writer.put(share(window.rootMeanSquare(RECENT_RETURNS), today));
    writer.put(count === 0 ? Number.NaN : Math.log(high / low) / daily);
    writer.put(window.positionIn(0, count));
    writer.put(window.positionIn(count - 5, count));
    writer.put(count > OPENING_BARS ? 2 * window.positionIn(0, OPENING_BARS) - 1 : Number.NaN);
    writer.put(window.efficiency(20));
    writer.put(Math.log((previousHighPaise ?? Number.NaN) / close) / daily);
    writer.put(Math.log(close / (previousLowPaise ?? Number.NaN)) / daily);
  }

  #volatilityIndices(writer: RowWriter, { vixCenti }: MomentFigures): void {
    const { previousVixCenti, vixBeforeCenti, spVix, spVixBefore, giftMove, dailyVolatility } = this.#history;
    const daily = dailyVolatility ?? Number.NaN;
    const vix = (vixCenti ?? previousVixCenti ?? Number.NaN) / 100;
    writer.put(vix);
    writer.put(percentChange(previousVixCenti, vixCenti));
    writer.put(percentChange(vixBeforeCenti, previousVixCenti));
    writer.put(vix / 100 / (daily * Math.sqrt(DAYS_A_YEAR)));
    writer.put(spVix ?? Number.NaN);
    writer.put(percentChange(spVixBefore, spVix));
    writer.put((giftMove ?? Number.NaN) / daily);
  }

  #chainFigures(writer: RowWriter): void {
    const last = this.#chain.at(-1);
    const before = this.#chain.at(-2);
    const first = this.#chain[0];
    const [volume, volumeBefore] = [volumeOf(last), volumeOf(before)];
    const [open, openFirst] = [openInterestOf(last), this.#chain.length > 1 ? openInterestOf(first) : Number.NaN];
    writer.put(Math.log10(volume > 0 ? volume : Number.NaN));
    const pace = share(volume, (last?.atMs ?? Number.NaN) - this.day.openMs);
    const recent = share(volume - volumeBefore, (last?.atMs ?? Number.NaN) - (before?.atMs ?? Number.NaN));
    writer.put(share(recent, pace));
    writer.put(Math.log10(open > 0 ? open : Number.NaN));
    writer.put(100 * (share(open, openFirst) - 1));
    writer.put(share(last?.putOpenInterestUnits ?? Number.NaN, last?.callOpenInterestUnits ?? Number.NaN));
    writer.put(share(last?.putVolumeUnits ?? Number.NaN, last?.callVolumeUnits ?? Number.NaN));
  }
}

/** Puts figures one after the other. Whatever is not finite is missing: an infinite figure is never taken for a number. */
class RowWriter {
  count = 0;
  readonly #into: Float64Array;

  constructor(into: Float64Array) {
    this.#into = into;
  }

  put(value: number): void {
    this.#into[this.count] = Number.isFinite(value) ? value : Number.NaN;
    this.count += 1;
  }
}

const percentChange = (from: number | null, to: number | null): number =>
  from === null || to === null ? Number.NaN : 100 * Math.log(to / from);

const volumeOf = (chain: ChainFigures | undefined): number =>
  (chain && bothSides(chain.callVolumeUnits, chain.putVolumeUnits)) ?? Number.NaN;

const openInterestOf = (chain: ChainFigures | undefined): number =>
  (chain && bothSides(chain.callOpenInterestUnits, chain.putOpenInterestUnits)) ?? Number.NaN;
