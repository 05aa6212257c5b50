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

/** What was rejected with nobody waiting for it: on the platform it is logged and costs nothing else. */
let rejected: unknown[] = [];
process.on("unhandledRejection", (reason) => rejected.push(reason));
/** An object that has been evicted is refused everything, and a line that broke is nobody's bug. */
const isPlatforms = (reason: unknown): boolean =>
  reason instanceof Error && (reason.name === "Evicted" || reason.name === "NetworkFailure");

parentPort?.on("message", async (request: RunRequest) => {
  const lines: string[] = [];
  const isVerbose = request.isVerbose === true;
  rejected = [];
  // Broken lines are everyday business here: where in the program they were noticed is written down only for a reader.
  Error.stackTraceLimit = isVerbose || task.isThorough === true ? 20 : 0;
  try {
    const result = await simulate({
      request,
      objectClass: AccountObject,
      trace: isVerbose ? (line) => lines.push(line) : null,
      isThorough: task.isThorough === true || isVerbose,
      // A change to the product may be one to a statement.
      isSql: task.isThorough === true || isVerbose || (task.mutations ?? []).length > 0,
    });
    const unheard = rejected.filter((reason) => !isPlatforms(reason)).map((reason) => `rejected unheard: ${reason}`);
    parentPort?.postMessage({ result: { ...result, problems: [...result.problems, ...unheard] }, lines });
  } catch (error) {
    const failure = error instanceof Error ? (error.stack ?? String(error)) : String(error);
    parentPort?.postMessage({ failure, lines });
  }
});
