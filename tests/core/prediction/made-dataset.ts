// Datasets made for tests: days of three underlyings with features of known worth. "signal" says something about the direction,
// "noise" nothing; "patchy" is missing on every third row.
import { SeededRandom } from "../../../src/core/kernel/seeded-random.ts";
import type { Dataset } from "../../../src/core/prediction/dataset.ts";

export interface MadeOptions {
  readonly days: number;
  readonly cycles?: number;
  readonly underlyings?: number;
  readonly seed: number;
  /** 0: features say nothing. 1: the sign of the signal is the direction in most rows. */
  readonly skill: number;
}

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2024, 0, 1, 3, 45);
const CYCLE_MS = 900_000;

export function madeDataset({ days, cycles = 10, underlyings = 3, seed, skill }: MadeOptions): Dataset {
  const random = new SeededRandom(seed);
  const rows = days * cycles * underlyings;
  const of = (fill: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => fill(row));
  const dayOf = (row: number): number => Math.floor(row / (cycles * underlyings));
  const cycleOf = (row: number): number => Math.floor(row / underlyings) % cycles;
  const signal = of(() => bell(random));
  const atMs = of((row) => START_MS + dayOf(row) * DAY_MS + cycleOf(row) * CYCLE_MS);
  const direction = Uint8Array.from(signal, (value) => {
    const score = skill * value + (1 - skill) * bell(random);
    return score > 0.3 ? 2 : score < -0.3 ? 0 : 1;
  });
  const made = (view: number): Uint8Array =>
    Uint8Array.from(direction, (label) =>
      label === view ? (random.next() < 0.85 ? 1 : 0) : random.next() < 0.2 ? 1 : 0,
    );
  return {
    features: ["signal", "noise", "patchy", "rsi14", "atr", "volume", "vix"],
    columns: [
      signal,
      of(() => bell(random)),
      of((row) => (row % 3 === 0 ? Number.NaN : bell(random))),
      of(() => 50 + 10 * bell(random)),
      of(() => 1 + random.next()),
      of(() => Number.NaN),
      of(() => 15 + bell(random)),
    ],
    rows,
    underlying: Uint8Array.from({ length: rows }, (_, row) => row % underlyings),
    day: Int32Array.from({ length: rows }, (_, row) =>
      Number(new Date(START_MS + dayOf(row) * DAY_MS).toISOString().slice(0, 10).replaceAll("-", "")),
    ),
    cycle: Uint8Array.from({ length: rows }, (_, row) => cycleOf(row) + 1),
    atMs,
    labelEndMs: atMs.map((at) => at + CYCLE_MS),
    direction,
    outcome: [made(0), made(1), made(2)],
    outcomeEndMs: atMs.map((at) => at + 5 * CYCLE_MS),
    vixCenti: of(() => 1_500),
  };
}

/** Nearly normal, by additions alone: a cosine may differ by its last bit from one platform to the next. */
function bell(random: SeededRandom): number {
  let sum = -6;
  for (let draw = 0; draw < 12; draw += 1) sum += random.next();
  return sum;
}
