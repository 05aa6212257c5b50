// Times of something done many times, each time with what it needs made ready outside the measured part.

export interface Figures {
  readonly p50Us: number;
  readonly p99Us: number;
}

const WARM = 1_000;

/** `ready(n)` prepares the n-th time and returns what is measured. */
export function timed(times: number, ready: (n: number) => () => void): Figures {
  for (let n = 0; n < WARM; n += 1) ready(n)();
  const all: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const run = ready(WARM + n);
    const before = performance.now();
    run();
    all.push((performance.now() - before) * 1_000);
  }
  all.sort((a, b) => a - b);
  const at = (share: number): number => rounded(all[Math.floor(all.length * share)] ?? 0);
  return { p50Us: at(0.5), p99Us: at(0.99) };
}

const rounded = (value: number): number => Math.round(value * 10) / 10;
