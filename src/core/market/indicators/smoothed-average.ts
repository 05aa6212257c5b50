// The average that Wilder's indicators and the exponential one share: it starts as the plain mean of its first `period` values
// and then goes towards each new value by a share of the distance. Floats: an indicator is not money.

/** Answers NaN until it has `period` values. */
export class SmoothedAverage {
  readonly #period: number;
  readonly #weight: number;
  #count = 0;
  #average = 0;

  constructor(period: number, weight: number) {
    this.#period = period;
    this.#weight = weight;
  }

  next(value: number): number {
    if (this.#count < this.#period) {
      this.#count += 1;
      this.#average += value / this.#period;
      return this.#count < this.#period ? Number.NaN : this.#average;
    }
    this.#average += (value - this.#average) * this.#weight;
    return this.#average;
  }
}
