// The journal of a run: one row per trade from flat to flat, in columns, so that a grid of thousands of runs stays small.

export const EXIT_REASONS = ["SIGNAL", "STOP", "TARGET", "FLAT_TIME", "DAY_END", "DAILY_LOSS", "SERIES_END"] as const;
export type IndexExitReason = (typeof EXIT_REASONS)[number];

export interface IndexTrade {
  /** Positions of the bars in the series. */
  readonly entryBar: number;
  readonly exitBar: number;
  readonly entryMs: number;
  readonly exitMs: number;
  readonly side: "LONG" | "SHORT";
  readonly units: number;
  readonly entryPaise: number;
  readonly exitPaise: number;
  /** Before charges; spread and slippage are in the prices. */
  readonly grossPaise: number;
  readonly chargesPaise: number;
  readonly netPaise: number;
  readonly reason: IndexExitReason;
}

const COLUMNS = ["entryBar", "exitBar", "side", "units", "entryPaise", "exitPaise", "chargesPaise", "reason"] as const;
export type TradeRow = Readonly<Record<(typeof COLUMNS)[number], number>>;
const FIRST_ROOM = 256;

export class TradeLog {
  #room = new Float64Array(FIRST_ROOM * COLUMNS.length);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(row: TradeRow): void {
    const at = this.#length * COLUMNS.length;
    if (at === this.#room.length) {
      const larger = new Float64Array(at * 2);
      larger.set(this.#room);
      this.#room = larger;
    }
    const room = this.#room;
    room[at] = row.entryBar;
    room[at + 1] = row.exitBar;
    room[at + 2] = row.side;
    room[at + 3] = row.units;
    room[at + 4] = row.entryPaise;
    room[at + 5] = row.exitPaise;
    room[at + 6] = row.chargesPaise;
    room[at + 7] = row.reason;
    this.#length += 1;
  }

  trades(startMs: Float64Array): IndexTrade[] {
    return Array.from({ length: this.#length }, (_, at) => this.#trade(at * COLUMNS.length, startMs));
  }

  #trade(at: number, startMs: Float64Array): IndexTrade {
    const figure = (offset: number): number => this.#room[at + offset] as number;
    const [entryBar, exitBar, side, units] = [figure(0), figure(1), figure(2), figure(3)];
    const [entryPaise, exitPaise, chargesPaise] = [figure(4), figure(5), figure(6)];
    const grossPaise = side * units * (exitPaise - entryPaise);
    return {
      entryBar,
      exitBar,
      entryMs: startMs[entryBar] as number,
      exitMs: startMs[exitBar] as number,
      side: side > 0 ? "LONG" : "SHORT",
      units,
      entryPaise,
      exitPaise,
      grossPaise,
      chargesPaise,
      netPaise: grossPaise - chargesPaise,
      reason: EXIT_REASONS[figure(7)] as IndexExitReason,
    };
  }
}
