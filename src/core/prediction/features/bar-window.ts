// The completed bars of a day as plain columns that grow, with the day's extremes and the sum of its squared returns kept up to
// date. All figures are floats: an indicator is not money.
import type { Bar } from "../../market/market-event.ts";

export class BarWindow {
  readonly opens: number[] = [];
  readonly highs: number[] = [];
  readonly lows: number[] = [];
  readonly closes: number[] = [];
  /** ln(close ÷ close before), from the second bar on. */
  readonly returns: number[] = [];
  high = Number.NEGATIVE_INFINITY;
  low = Number.POSITIVE_INFINITY;
  squaredReturns = 0;

  get count(): number {
    return this.closes.length;
  }

  get close(): number {
    return this.closes.at(-1) ?? Number.NaN;
  }

  add({ openPaise, highPaise, lowPaise, closePaise }: Bar): void {
    if (this.count > 0) {
      const change = Math.log(closePaise / this.close);
      this.returns.push(change);
      this.squaredReturns += change * change;
    }
    this.opens.push(openPaise);
    this.highs.push(highPaise);
    this.lows.push(lowPaise);
    this.closes.push(closePaise);
    this.high = Math.max(this.high, highPaise);
    this.low = Math.min(this.low, lowPaise);
  }

  /** The close `bars` bars before the last one; NaN where the day is not that old. */
  closeBefore(bars: number): number {
    return this.closes[this.count - 1 - bars] ?? Number.NaN;
  }

  /** Root mean square of the last `count` returns; NaN unless there are as many. */
  rootMeanSquare(count: number): number {
    if (count < 1 || this.returns.length < count) return Number.NaN;
    let sum = 0;
    for (let at = this.returns.length - count; at < this.returns.length; at += 1)
      sum += (this.returns[at] as number) ** 2;
    return Math.sqrt(sum / count);
  }

  /** Where the last close lies in the range of bars `from` up to `to`: 0 at the low, 1 at the high; NaN without a range. */
  positionIn(from: number, to: number): number {
    if (from < 0 || to > this.count || from >= to) return Number.NaN;
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let at = from; at < to; at += 1) {
      low = Math.min(low, this.lows[at] as number);
      high = Math.max(high, this.highs[at] as number);
    }
    return share(this.close - low, high - low);
  }

  /** (last close − mean) ÷ (2 × deviation) of the last `count` closes. */
  bandPosition(count: number): number {
    if (this.count < count) return Number.NaN;
    let sum = 0;
    for (let at = this.count - count; at < this.count; at += 1) sum += this.closes[at] as number;
    const mean = sum / count;
    let squares = 0;
    for (let at = this.count - count; at < this.count; at += 1) squares += ((this.closes[at] as number) - mean) ** 2;
    return share(this.close - mean, 2 * Math.sqrt(squares / count));
  }

  /** How straight the last `steps` steps went: the distance between their ends over the way they took. */
  efficiency(steps: number): number {
    if (this.count <= steps) return Number.NaN;
    let way = 0;
    for (let at = this.count - steps; at < this.count; at += 1) {
      way += Math.abs((this.closes[at] as number) - (this.closes[at - 1] as number));
    }
    return share(Math.abs(this.close - this.closeBefore(steps)), way);
  }
}

/** A quotient of which the divisor must be more than nothing; NaN otherwise, and for whatever is missing. */
export const share = (part: number, whole: number): number => (whole > 0 ? part / whole : Number.NaN);
