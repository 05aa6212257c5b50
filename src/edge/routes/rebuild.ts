// Making again what D1 shows of an account, after it was lost or when rows of an older version lack a column.
import * as z from "zod";
import { countRebuilds, unfinishedRebuilds } from "../../adapters/read-models/rebuilds.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { jobsOf } from "../jobs-entrypoint.ts";
import { problem } from "../problem.ts";
import { AccountId, Instant, instant } from "../schemas.ts";

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

const RebuildAll = z
  .strictObject({
    accountIds: z.array(AccountId).min(1).max(1_000).optional().openapi({
      description:
        "Begin anew with these, listed or not. Left out: those under way go on; where none is, all listed begin.",
    }),
  })
  .openapi("RebuildAllReadModels");
const UNFINISHED_SHOWN = 50;
const Counts = {
  pending: z.number().int().openapi({ description: "Accounts that are under way." }),
  done: z.number().int(),
  failed: z.number().int(),
  written: z.number().int().openapi({ description: "Rows, ledger entries and notices it came to so far." }),
};
const CountsBody = z.object(Counts).openapi("RebuildCounts");
const ProgressBody = z
  .object({
    ...Counts,
    unfinished: z
      .array(
        z.object({
          accountId: z.string(),
          state: z.enum(["PENDING", "FAILED"]),
          throughSequence: z.number().int(),
          written: z.number().int(),
          startedAt: Instant,
          movedAt: Instant,
          failure: z.string().nullable(),
        }),
      )
      .openapi({ description: `Up to ${UNFINISHED_SHOWN}: failed ones first, then who has not moved for longest.` }),
  })
  .openapi("RebuildProgress");

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
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/operations/read-models/rebuild-all",
      operationId: "rebuildAllReadModels",
      tag: "Operations",
      summary: "Make what is shown of many accounts again from their journals",
      description:
        "Over the queue of the accounts' work, a stretch of five hundred events at a time. Asked again while accounts are under way it sends what may have been lost, and puts nobody back.",
      scopes: ["operations:write"],
      request: { body: takes(RebuildAll) },
      responses: { 200: answers(CountsBody, "What is under way now.") },
      errors: [],
    },
    async (c) => c.json(await jobsOf(c).rebuildAll(c.req.valid("json").accountIds ?? null), 200),
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/operations/read-models/rebuilds",
      operationId: "getReadModelRebuilds",
      tag: "Operations",
      summary: "How far the making again has come",
      scopes: ["operations:read"],
      responses: { 200: answers(ProgressBody, "Counts, and what is not done.") },
      errors: [],
    },
    async (c) => {
      const [counts, rows] = await Promise.all([
        countRebuilds(c.env.DB),
        unfinishedRebuilds(c.env.DB, UNFINISHED_SHOWN),
      ]);
      const unfinished = rows.map(({ startedMs, movedMs, state, ...row }) => ({
        ...row,
        state: state === "FAILED" ? ("FAILED" as const) : ("PENDING" as const),
        startedAt: instant(startedMs),
        movedAt: instant(movedMs),
      }));
      return c.json({ ...counts, unfinished }, 200);
    },
  );
}
