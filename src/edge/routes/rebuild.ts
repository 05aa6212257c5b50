// Making again what D1 shows of an account, after it was lost or when rows of an older version lack a column.
import * as z from "zod";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { jobsOf } from "../jobs-entrypoint.ts";
import { problem } from "../problem.ts";
import { AccountId } from "../schemas.ts";

const Rebuild = z
  .strictObject({
    accountId: AccountId,
    afterSequence: z
      .number()
      .int()
      .min(0)
      .default(0)
      .openapi({ description: "`throughSequence` of the answer before; 0 begins with the first event." }),
  })
  .openapi("RebuildReadModels");
const RebuiltBody = z
  .object({
    accountId: z.string(),
    throughSequence: z.number().int().openapi({ description: "The last event of the journal that was told again." }),
    isComplete: z.boolean().openapi({ description: "False: ask again with `throughSequence` as `afterSequence`." }),
    rows: z.number().int().openapi({ description: "Read-model rows this stretch of the journal comes to." }),
    ledgerEntries: z.number().int(),
    notifications: z.number().int(),
  })
  .openapi("RebuiltReadModels");

export function openRebuild(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/operations/read-models/rebuild",
      operationId: "rebuildReadModels",
      tag: "Operations",
      summary: "Make what is shown of an account again from its journal",
      description:
        "Five hundred events a request. Read models, ledger entries, notices, the account's own row and where its strategies are deployed; newer rows stay, so it may be repeated and may run beside the day. The account need not be listed: its journal is asked. Each request is in the list of jobs as REBUILD.",
      scopes: ["operations:write"],
      request: { body: takes(Rebuild) },
      responses: { 200: answers(RebuiltBody, "How far it has come.") },
      errors: ["ACCOUNT_NOT_FOUND"],
    },
    async (c) => {
      const { accountId, afterSequence } = c.req.valid("json");
      const page = await jobsOf(c).rebuild(accountId, afterSequence);
      return page === null ? problem(c, "ACCOUNT_NOT_FOUND") : c.json({ accountId, ...page }, 200);
    },
  );
}
