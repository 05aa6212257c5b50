// Many seeds over a few worker threads. A seed's result depends on the seed alone, never on which thread runs it or when.
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { SeedResult, WorkerAnswer, WorkerTask } from "./report.ts";

export interface FleetOptions {
  readonly seeds: readonly number[];
  readonly threads: number;
  readonly task?: WorkerTask;
  readonly isVerbose?: boolean;
  readonly onResult?: (result: SeedResult) => void;
  readonly onLines?: (lines: readonly string[]) => void;
}

/** Results in the order of the seeds. A seed that cannot be run at all counts as one that has failed. */
export async function runFleet(options: FleetOptions): Promise<readonly SeedResult[]> {
  const { seeds, task = {}, isVerbose = false } = options;
  const results = new Map<number, SeedResult>();
  let next = 0;
  const lane = async (): Promise<void> => {
    const worker = new Worker(path.join(import.meta.dirname, "worker.ts"), {
      workerData: task,
      execArgv: ["--disable-warning=ExperimentalWarning"],
    });
    const broken = new Promise<never>((_, reject) => worker.once("error", reject));
    broken.catch(() => {});
    try {
      while (next < seeds.length) {
        const seed = seeds[next] as number;
        next += 1;
        worker.postMessage({ seed, isVerbose });
        const answer = await Promise.race([
          new Promise<WorkerAnswer>((resolve) => worker.once("message", resolve)),
          broken,
        ]);
        options.onLines?.(answer.lines);
        const result = "result" in answer ? answer.result : failed(seed, answer.failure);
        results.set(seed, result);
        options.onResult?.(result);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.threads, seeds.length) }, lane));
  return seeds.flatMap((seed) => results.get(seed) ?? []);
}

const failed = (seed: number, failure: string): SeedResult => ({
  seed,
  orders: 0,
  denied: 0,
  events: 0,
  fills: 0,
  lost: 0,
  doubled: 0,
  breaches: 0,
  unresolved: 1,
  problems: [failure],
  flatMs: [],
  provenMs: [],
  injected: {},
  insaneEntries: {},
  happenings: 0,
  hash: "",
  wallMs: 0,
});
