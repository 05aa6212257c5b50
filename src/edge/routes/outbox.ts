// What an account has tried in vain to tell the rest of the platform: looking at it, and having it sent once more.
import * as z from "zod";
import { accountExists } from "../../adapters/read-models/accounts.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { problem } from "../problem.ts";
import { AccountId } from "../schemas.ts";

const ParkedBody = z
  .object({
    outboxId: z.number().int(),
    topic: z.enum(["ledger", "notifications"]),
    attempts: z.number().int(),
    body: z.string().openapi({ description: "The message as JSON." }),
  })
  .openapi("ParkedMessage");
const OutboxQuery = z.object({
  accountId: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/, "an account id")
    .openapi({ example: "U001" }),
});
const Replay = z.strictObject({ accountId: AccountId }).openapi("ReplayOutbox");

export function openOutbox(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/operations/outbox",
      operationId: "listParkedMessages",
      tag: "Operations",
      summary: "An account's messages that were never confirmed, oldest first",
      description: "Parked after the last attempt. At most 500.",
      scopes: ["operations:read"],
      request: { query: OutboxQuery },
      responses: { 200: answers(z.object({ data: z.array(ParkedBody) }), "The parked messages.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const { accountId } = c.req.valid("query");
      if (!(await accountExists(c.env.DB, accountId))) return problem(c, "ACCOUNT_NOT_FOUND");
      return c.json({ data: [...(await c.env.ACCOUNT.getByName(accountId).parkedOutbox())] }, 200);
    },
  );
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/operations/outbox/replay",
      operationId: "replayParkedMessages",
      tag: "Operations",
      summary: "Send an account's parked messages again",
      description: "Each gets a new set of attempts. Consumers take a repetition in their stride.",
      scopes: ["operations:write"],
      request: { body: takes(Replay) },
      responses: {
        200: answers(z.object({ accountId: z.string(), messages: z.number().int() }), "How many are sent again."),
      },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const { accountId } = c.req.valid("json");
      if (!(await accountExists(c.env.DB, accountId))) return problem(c, "ACCOUNT_NOT_FOUND");
      return c.json({ accountId, messages: await c.env.ACCOUNT.getByName(accountId).replayParked() }, 200);
    },
  );
}
