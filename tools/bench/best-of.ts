// The shortest of several runs: whatever else a machine does can only add.

/** Seconds of the shortest run; a few before it let the compiler settle. */
export function bestSeconds(run: () => void, repetitions: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const started = performance.now();
    run();
    best = Math.min(best, (performance.now() - started) / 1_000);
  }
  return best;
}

export const millionsPerSecond = (count: number, seconds: number): number => Number((count / seconds / 1e6).toFixed(1));
export const ratioOf = (one: number, other: number): number => Number((one / other).toFixed(2));
