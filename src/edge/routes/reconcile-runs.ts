// Comparing every account with the venue, for the operator: begin a run, see how far it has come and what was found of whom.
import * as z from "zod";
import {
  type AccountComparison,
  comparisonsOf,
  findReconcileRun,
  listReconcileRuns,
  type ReconcileRun,
} from "../../adapters/read-models/reconciliations.ts";
import { required } from "../../core/kernel/assert.ts";
import type { Difference } from "../../core/reconciliation/difference.ts";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import { jobsOf } from "../jobs-entrypoint.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem } from "../problem.ts";
import { Instant, instant, instantOrNull, Paging, pageOf } from "../schemas.ts";
import { DifferenceBody } from "./reconciliations.ts";

const RunBody = z
  .object({
    runId: z.string().openapi({ example: "2026-11-20-1" }),
    jobKey: z.string().openapi({ description: "For POST /v1/operations/jobs/rerun, should it have failed." }),
    state: z.enum(["RUNNING", "SENT", "DONE", "FAILED"]),
    startedAt: Instant,
    finishedAt: Instant.nullable(),
    failure: z.string().nullable(),
    accounts: z.number().int(),
    waiting: z.number().int().openapi({ description: "Accounts that have not been asked, or have not answered." }),
    compared: z.number().int(),
    withDifferences: z.number().int(),
    raised: z.number().int().openapi({ description: "Differences a person has to look at, over all accounts." }),
  })
  .openapi("ReconcileRun");

const ComparisonBody = z
  .object({
    accountId: z.string(),
    outcome: z.enum(["WAITING", "COMPARED", "NO_RESULT"]).openapi({
      description:
        "NO_RESULT: it has no day to compare, or was refused (`failure`), or its result is not in the read model yet.",
    }),
    failure: z.string().nullable().openapi({ description: "What accounts of its batch were refused with." }),
    sequence: z.number().int().nullable().openapi({ description: "Of the journal entry that records it." }),
    readAt: Instant.nullable(),
    found: z.number().int().nullable(),
    raised: z.number().int().nullable(),
    differences: z.array(DifferenceBody).openapi({ description: "At most fifty, what is raised among them." }),
  })
  .openapi("AccountComparison");

const Params = z.object({ runId: z.string().regex(/^\d{4}-\d{2}-\d{2}-\d{1,6}$/) });
const Query = Paging.extend({ only: z.enum(["DIFFERENT"]).optional() });

export function openReconcileRuns(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/operations/reconciliations",
      operationId: "reconcileAccounts",
      tag: "Operations",
      summary: "Compare every active account with the venue",
      description:
        "Over the queue, with the batches on record first. Asked again while a run is under way, that one is taken up. What each account finds is booked or raised as with POST /v1/reconciliations.",
      scopes: ["operations:write"],
      responses: { 200: answers(RunBody, "Begun, or taken up.") },
      errors: [],
    },
    async (c) => {
      const [, date, , phase] = (await jobsOf(c).reconcileAccounts()).split("/");
      const run = await findReconcileRun(c.env.DB, date ?? "", Number(phase));
      return c.json(runBody(required(run, "the run just begun")), 200);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/operations/reconciliations",
      operationId: "listReconcileRuns",
      tag: "Operations",
      summary: "Comparisons of all accounts with the venue, newest first",
      scopes: ["operations:read"],
      request: { query: Paging },
      responses: { 200: answers(pageOf(RunBody), "A page of runs.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const page = pageRequest(c.req.valid("query"), ["string", "number"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      return c.json(pageBody(c, await listReconcileRuns(c.env.DB, page), runBody), 200);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/operations/reconciliations/{runId}",
      operationId: "getReconcileRun",
      tag: "Operations",
      summary: "How far a run has come, and what was found account by account",
      scopes: ["operations:read"],
      request: { params: Params, query: Query },
      responses: { 200: answers(pageOf(ComparisonBody).extend({ run: RunBody }), "The run and a page of accounts.") },
      errors: ["JOB_NOT_FOUND", "CURSOR_INVALID"],
    },
    async (c) => {
      const { runId } = c.req.valid("param");
      const { only, ...paging } = c.req.valid("query");
      const page = pageRequest(paging, ["string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      const run = await findReconcileRun(c.env.DB, runId.slice(0, 10), Number(runId.slice(11)));
      if (run === null) return problem(c, "JOB_NOT_FOUND");
      const found = await comparisonsOf(c.env.DB, run.jobKey, only === "DIFFERENT", page);
      return c.json({ ...pageBody(c, found, comparisonBody), run: runBody(run) }, 200);
    },
  );
}

const runBody = ({ date, phase, startedMs, finishedMs, state, ...run }: ReconcileRun): z.infer<typeof RunBody> => ({
  ...run,
  state: state as z.infer<typeof RunBody>["state"],
  runId: `${date}-${phase}`,
  startedAt: instant(startedMs),
  finishedAt: instantOrNull(finishedMs),
});

const comparisonBody = ({
  batchState,
  readAtMs,
  differences,
  ...row
}: AccountComparison): z.infer<typeof ComparisonBody> => ({
  ...row,
  outcome: row.sequence !== null ? "COMPARED" : batchState === "PENDING" ? "WAITING" : "NO_RESULT",
  readAt: instantOrNull(readAtMs),
  differences: differences === null ? [] : (JSON.parse(differences) as Difference[]),
});
