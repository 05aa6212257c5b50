// A dataset to be filled row by row, and brought into order at the end.
import type { Underlying } from "../../instrument/contract.ts";
import { UNDERLYINGS } from "../../instrument/contract.ts";
import { dayNumberOf, type EpochMs, type MarketDate } from "../../kernel/time.ts";
import { type Dataset, takeRows, UNKNOWN_LABEL } from "../dataset.ts";
import { FEATURES } from "../features/feature-list.ts";

export interface NewRow {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly cycle: number;
  readonly atMs: EpochMs;
  readonly features: Float64Array;
  readonly labelEndMs: number;
  readonly direction: number;
  /** What the structure of each view earned after all costs; NaN where that is not known. */
  readonly netPaise: readonly [bearish: number, neutral: number, bullish: number];
  readonly outcomeEndMs: number;
  readonly vixCenti: number | null;
}

export class BlankDataset {
  readonly #room: Dataset;
  #rows = 0;

  constructor(rowsMax: number) {
    const floats = () => new Float64Array(rowsMax);
    const labels = () => new Uint8Array(rowsMax).fill(UNKNOWN_LABEL);
    this.#room = {
      features: FEATURES,
      columns: FEATURES.map(floats),
      rows: rowsMax,
      underlying: new Uint8Array(rowsMax),
      day: new Int32Array(rowsMax),
      cycle: new Uint8Array(rowsMax),
      atMs: floats(),
      labelEndMs: floats(),
      direction: labels(),
      outcome: [labels(), labels(), labels()],
      netPaise: [floats(), floats(), floats()],
      outcomeEndMs: floats(),
      vixCenti: floats(),
    };
  }

  get rows(): number {
    return this.#rows;
  }

  add(row: NewRow): void {
    const room = this.#room;
    const at = this.#rows;
    for (const [feature, column] of room.columns.entries()) column[at] = row.features[feature] as number;
    room.underlying[at] = UNDERLYINGS.indexOf(row.underlying);
    room.day[at] = dayNumberOf(row.date);
    room.cycle[at] = row.cycle;
    room.atMs[at] = row.atMs;
    room.labelEndMs[at] = row.labelEndMs;
    room.direction[at] = row.direction;
    for (const [view, netPaise] of row.netPaise.entries()) {
      (room.netPaise?.[view] as Float64Array)[at] = netPaise;
      (room.outcome[view] as Uint8Array)[at] = outcomeOf(netPaise);
    }
    room.outcomeEndMs[at] = row.outcomeEndMs;
    room.vixCenti[at] = row.vixCenti ?? Number.NaN;
    this.#rows += 1;
  }

  /** The rows by instant, then by underlying. */
  finished(): Dataset {
    const { atMs, underlying } = this.#room;
    const order = Uint32Array.from({ length: this.#rows }, (_, row) => row).sort(
      (one, other) =>
        (atMs[one] as number) - (atMs[other] as number) || (underlying[one] as number) - (underlying[other] as number),
    );
    return takeRows(this.#room, order);
  }
}

const outcomeOf = (netPaise: number): number => {
  if (Number.isNaN(netPaise)) return UNKNOWN_LABEL;
  return netPaise > 0 ? 1 : 0;
};
