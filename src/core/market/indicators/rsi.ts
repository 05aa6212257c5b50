// Wilder's relative strength index, whole series at once and close by close; both give the same bits, and TA-Lib's figures but
// for a price that stood still all along, of which TA-Lib says 0 and this says 50: neither side has shown any strength.
import { SmoothedAverage } from "./smoothed-average.ts";

/** Into `out`; NaN while fewer than `period + 1` closes have come. */
export function rsiInto(closes: Float64Array, period: number, out: Float64Array): void {
  const length = closes.length;
  const ready = Math.min(period, length);
  const weight = 1 / period;
  out.fill(Number.NaN, 0, ready);
  let [gain, loss, previous] = [0, 0, closes[0] ?? 0];
  for (let at = 1; at <= period && at < length; at += 1) {
    const close = closes[at] as number;
    gain += gainOf(close - previous) / period;
    loss += lossOf(close - previous) / period;
    previous = close;
  }
  if (ready === length) return;
  out[ready] = rsiOf(gain, loss);
  for (let at = ready + 1; at < length; at += 1) {
    const close = closes[at] as number;
    const change = close - previous;
    previous = close;
    gain += (gainOf(change) - gain) * weight;
    loss += (lossOf(change) - loss) * weight;
    out[at] = rsiOf(gain, loss);
  }
}

export class Rsi {
  readonly #gains: SmoothedAverage;
  readonly #losses: SmoothedAverage;
  #previous: number | null = null;

  constructor(period: number) {
    this.#gains = new SmoothedAverage(period, 1 / period);
    this.#losses = new SmoothedAverage(period, 1 / period);
  }

  next(close: number): number {
    const previous = this.#previous;
    this.#previous = close;
    if (previous === null) return Number.NaN;
    const change = close - previous;
    return rsiOf(this.#gains.next(gainOf(change)), this.#losses.next(lossOf(change)));
  }
}

// Exact, and without a branch: on random signs a processor guesses half of the branches wrong.
const gainOf = (change: number): number => (Math.abs(change) + change) * 0.5;
const lossOf = (change: number): number => (Math.abs(change) - change) * 0.5;

/** 100 without any loss, 0 without any gain, 50 where nothing moved at all. */
function rsiOf(averageGain: number, averageLoss: number): number {
  const total = averageGain + averageLoss;
  return total === 0 ? 50 : (100 * averageGain) / total;
}
