// A worker thread: carries out the runs it is given, one after the other, and says what came of each.
import { parentPort, workerData } from "node:worker_threads";
import { installHooks } from "./hooks.ts";
import type { RunRequest, WorkerTask } from "./report.ts";

const task = workerData as WorkerTask;
// The account's live stream asks for it on starting; there are no sockets here.
(globalThis as { WebSocketRequestResponsePair?: unknown }).WebSocketRequestResponsePair = class {};
installHooks(task);
const [{ AccountObject }, { simulate }] = await Promise.all([
  import("../../../durable-objects/account/account-object.ts"),
  import("./simulation.ts"),
]);

parentPort?.on("message", async (request: RunRequest) => {
  const lines: string[] = [];
  const isVerbose = request.isVerbose === true;
  try {
    const result = await simulate({
      request,
      objectClass: AccountObject,
      trace: isVerbose ? (line) => lines.push(line) : null,
      isThorough: task.isThorough === true || isVerbose,
    });
    parentPort?.postMessage({ result, lines });
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    parentPort?.postMessage({ failure, lines });
  }
});
