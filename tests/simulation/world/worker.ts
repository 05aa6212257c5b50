// A worker thread: runs the seeds it is given, one after the other, and says what came of each.
import { parentPort, workerData } from "node:worker_threads";
import { installHooks } from "./hooks.ts";
import type { WorkerTask } from "./report.ts";

const task = workerData as WorkerTask;
(globalThis as { WebSocketRequestResponsePair?: unknown }).WebSocketRequestResponsePair = class {};
installHooks(task);
const [{ AccountObject }, { simulate }] = await Promise.all([
  import("../../../durable-objects/account/account-object.ts"),
  import("./simulation.ts"),
]);

parentPort?.on("message", async ({ seed, isVerbose }: { readonly seed: number; readonly isVerbose?: boolean }) => {
  const lines: string[] = [];
  try {
    const result = await simulate({
      seed,
      objectClass: AccountObject,
      trace: isVerbose === true ? (line) => lines.push(line) : null,
      isThorough: task.isThorough === true || isVerbose === true,
    });
    parentPort?.postMessage({ result, lines });
  } catch (error) {
    parentPort?.postMessage({
      seed,
      failure: error instanceof Error ? (error.stack ?? String(error)) : String(error),
      lines,
    });
  }
});
