// The Worker's entry: HTTP, the clock and the queues come in here; the objects and the jobs entrypoint are exported for the
// runtime. Nothing else.

import { app } from "./edge/app.ts";
import type { AppEnv } from "./env.ts";
import { consumeQueue } from "./jobs/consume-queue.ts";
import { runScheduled } from "./jobs/scheduled.ts";
import type { QueueMessage } from "./ports/messages.ts";

export { AccountObject } from "../durable-objects/account/account-object.ts";
export { LabObject } from "../durable-objects/lab/lab-object.ts";
export { MarketFeedObject } from "../durable-objects/market-feed/market-feed-object.ts";
export { SessionObject } from "../durable-objects/session/session-object.ts";
export { Jobs } from "./jobs/entrypoint.ts";

export default {
  fetch: app.fetch,
  async scheduled(controller, env) {
    await runScheduled(env, controller.scheduledTime);
  },
  async queue(batch, env) {
    await consumeQueue(batch, env);
  },
} satisfies ExportedHandler<AppEnv, QueueMessage>;
