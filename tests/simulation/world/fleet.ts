// Many seeds over a few worker threads. A seed's result depends on the seed alone, never on which thread runs it or when.
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { RunRequest, SeedResult, WorkerAnswer, WorkerTask } from "./report.ts";

export interface FleetOptions {
  readonly runs: readonly RunRequest[];
  readonly threads: number;
  readonly task?: WorkerTask;
  readonly onResult?: (result: SeedResult) => void;
  readonly onLines?: (lines: readonly string[]) => void;
}

/** Results in the order of the runs. One that cannot be run at all counts as one that has failed. */
export async function runFleet(options: FleetOptions): Promise<readonly SeedResult[]> {
  const { runs, task = {} } = options;
  const results: SeedResult[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    let thread = startedThread(task);
    try {
      while (next < runs.length) {
        const index = next;
        const request = runs[index] as RunRequest;
        next += 1;
        const answer = await thread.run(request);
        options.onLines?.(answer.lines);
        const result = "result" in answer ? answer.result : failed(request, answer.failure);
        results[index] = result;
        options.onResult?.(result);
        if (thread.isBroken()) thread = startedThread(task);
      }
    } finally {
      await thread.end();
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.threads, runs.length) }, lane));
  return results;
}

/** A thread that dies over a run fails that run, and no other. */
function startedThread(task: WorkerTask) {
  const worker = new Worker(path.join(import.meta.dirname, "worker.ts"), {
    workerData: task,
    execArgv: ["--disable-warning=ExperimentalWarning"],
    // A seed makes many values that live for a moment: with room enough they are gone before anybody has to look at them.
    resourceLimits: { maxYoungGenerationSizeMb: 128 },
  });
  let isBroken = false;
  const broken = new Promise<WorkerAnswer>((resolve) => {
    const end = (cause: unknown): void => {
      isBroken = true;
      resolve({ failure: `the thread ended: ${cause instanceof Error ? cause.stack : cause}`, lines: [] });
    };
    worker.once("error", end);
    worker.once("exit", end);
  });
  return {
    isBroken: () => isBroken,
    end: () => worker.terminate(),
    run: (request: RunRequest): Promise<WorkerAnswer> => {
      worker.postMessage(request);
      return Promise.race([new Promise<WorkerAnswer>((resolve) => worker.once("message", resolve)), broken]);
    },
  };
}

const failed = ({ seed, crash }: RunRequest, failure: string): SeedResult => ({
  seed,
  crash: crash ?? null,
  calls: 0,
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
  proven: [],
  liftedMs: [],
  injected: {},
  insaneEntries: {},
  listEnds: {},
  happenings: 0,
  hash: "",
  wallMs: 0,
});
