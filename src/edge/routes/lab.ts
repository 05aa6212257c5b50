// Runs of the lab: asked for, looked at, canceled. An account's key reaches the account's runs, a key without an account those of
// the platform, the operator all of them.
import * as z from "zod";
import { findLabRun, type LabRunRecord, type ListedLabRun, listLabRuns } from "../../adapters/read-models/lab.ts";
import { required } from "../../core/kernel/assert.ts";
import { MODEL_TERMS } from "../../core/prediction/training/model-terms.ts";
import { LAB_KINDS, LAB_STATES, type LabKind, type LabRequest, type LabState } from "../../ports/lab.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import type { EdgeContext } from "../edge-env.ts";
import { jobsOf } from "../jobs-entrypoint.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem } from "../problem.ts";
import { runIdFor } from "../run-id.ts";
import { Instant, instant, MarketDateIn, MarketDateOut, Paging, pageOf, UnderlyingName } from "../schemas.ts";
import { isOperator } from "./holders.ts";

const Subject = z
  .object({
    strategy: z.string(),
    underlyings: z.array(UnderlyingName).readonly(),
    from: MarketDateOut,
    to: MarketDateOut,
    sets: z.number().int().openapi({ description: "How many sets of parameters; 1 unless it is a sweep." }),
  })
  .openapi("LabRunSubject");
export const RunBody = z
  .object({
    runId: z.string(),
    kind: z.enum(LAB_KINDS),
    accountId: z.string().nullable().openapi({ description: "Null: a run of the platform." }),
    startedBy: z.string(),
    state: z.enum(LAB_STATES),
    progressBps: z.number().int().openapi({ description: "Share that is done × 10,000." }),
    note: z.string().openapi({ description: "What it is at, or why it failed." }),
    subject: Subject.nullable().openapi({ description: "What is played; null for a training." }),
    createdAt: Instant,
    changedAt: Instant,
  })
  .openapi("LabRun");
const RunDetail = RunBody.extend({
  request: z.unknown().openapi({ description: "What was asked for." }),
  result: z.unknown().openapi({ description: "Null until the run is done." }),
}).openapi("LabRunDetail");
const Train = z
  .strictObject({
    to: MarketDateIn.nullable()
      .default(null)
      .openapi({ description: "Last day to learn from; null: the last there is." }),
    windowDays: z
      .number()
      .int()
      .min(10)
      .max(500)
      .optional()
      .openapi({ description: "Trading days to learn from; left out: as many as the weekly training takes." }),
    seed: z.number().int().min(0).max(2_147_483_647).default(MODEL_TERMS.options.seed),
  })
  .openapi("StartTraining");
export const RunParams = z.object({ runId: z.string().min(1).max(64) });

export function openLab(app: EdgeApp): void {
  openTraining(app);
  openRuns(app);
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/lab/runs/{runId}/cancel",
      operationId: "cancelLabRun",
      tag: "Lab",
      summary: "Stop a run",
      description: "A run that is over stays as it is.",
      scopes: ["lab:write"],
      request: { params: RunParams },
      responses: { 200: answers(RunBody, "The run as it is now.") },
      errors: ["LAB_RUN_NOT_FOUND"],
    },
    async (c) => {
      const run = await reachable(c, c.req.valid("param").runId);
      if (run === null) return problem(c, "LAB_RUN_NOT_FOUND");
      await cancel(c, run);
      return c.json(runBody((await findLabRun(c.env.DB, run.runId)) ?? run), 200);
    },
  );
}

function openTraining(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/operations/trainings",
      operationId: "startTraining",
      tag: "Lab",
      summary: "Train a model on the history there is",
      description:
        "An Idempotency-Key begins at most one run. The model is on probation until the rule of promotion is met.",
      takesIdempotencyKey: true,
      scopes: ["operations:write"],
      request: { body: takes(Train) },
      responses: { 202: answers(RunBody, "The run; look at it until it is over.") },
      errors: ["LAB_RUN_REUSED"],
    },
    async (c) => {
      const { to, windowDays = Number(c.env.TRAINING_WINDOW_DAYS), seed } = c.req.valid("json");
      const request = { kind: "TRAINING", to, windowDays, seed } as const;
      const run = required(await start(c, null, request), "a run of the platform, of which there may be any number");
      return isOfAnother(run, request) ? reused(c, run) : c.json(runBody(run), 202);
    },
  );
}

function openRuns(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/lab/runs",
      operationId: "listLabRuns",
      tag: "Lab",
      summary: "Runs, newest first",
      scopes: ["lab:read"],
      request: { query: Paging.extend({ kind: z.enum(LAB_KINDS).optional() }) },
      responses: { 200: answers(pageOf(RunBody), "A page of runs.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const query = c.req.valid("query");
      const page = pageRequest(query, ["number", "string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      const filter = { accountId: isOperator(c) ? undefined : c.var.principal.accountId, kind: query.kind };
      return c.json(pageBody(c, await listLabRuns(c.env.DB, filter, page), runBody), 200);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/lab/runs/{runId}",
      operationId: "getLabRun",
      tag: "Lab",
      summary: "One run, with its result once it is done",
      scopes: ["lab:read"],
      request: { params: RunParams },
      responses: { 200: answers(RunDetail, "The run.") },
      errors: ["LAB_RUN_NOT_FOUND"],
    },
    async (c) => {
      const run = await reachable(c, c.req.valid("param").runId);
      if (run === null) return problem(c, "LAB_RUN_NOT_FOUND");
      const result: unknown = run.result === null ? null : JSON.parse(run.result);
      return c.json({ ...runBody(run), request: JSON.parse(run.request) as unknown, result }, 200);
    },
  );
}

/** Whether the record is of another request: its Idempotency-Key was used before. */
export const isOfAnother = (run: LabRunRecord, request: LabRequest): boolean => run.request !== JSON.stringify(request);

export const reused = (c: EdgeContext, { runId }: LabRunRecord) =>
  problem(c, "LAB_RUN_REUSED", { detail: `it began the run ${runId}, which was asked for in other words` });

/** Writes the run down and has it begin; null where the account has as many under way as it may. */
export async function start(
  c: EdgeContext,
  accountId: string | null,
  request: LabRequest,
): Promise<LabRunRecord | null> {
  const { keyId } = c.var.principal;
  const runId = await runIdFor(`${keyId}${accountId === null ? "" : `/${accountId}`}`, c.req.header("idempotency-key"));
  if (!(await jobsOf(c).startLabRun({ runId, accountId, startedBy: keyId, request }))) return null;
  return findLabRun(c.env.DB, runId);
}

/** A run whose object has never heard of it is begun first, so that the cancel is on record there too. */
async function cancel(c: EdgeContext, { runId, accountId, startedBy, request }: LabRunRecord): Promise<void> {
  const lab = c.env.LAB.getByName(runId);
  const by = c.var.principal.keyId;
  if ((await lab.cancel(by)) !== null) return;
  await lab.start({ runId, accountId, startedBy, request: JSON.parse(request) as LabRequest });
  await lab.cancel(by);
}

/** Somebody else's run is no different from none. */
export async function reachable(c: EdgeContext, runId: string): Promise<LabRunRecord | null> {
  const run = await findLabRun(c.env.DB, runId);
  return run !== null && (isOperator(c) || run.accountId === c.var.principal.accountId) ? run : null;
}

function subjectOf(request: LabRequest): z.infer<typeof Subject> | null {
  if (request.kind === "TRAINING") return null;
  const { strategy, underlyings, from, to, sets } = request;
  return { strategy, underlyings, from, to, sets: sets.length };
}

export const runBody = (row: ListedLabRun): z.infer<typeof RunBody> => ({
  runId: row.runId,
  kind: row.kind as LabKind,
  accountId: row.accountId,
  startedBy: row.startedBy,
  state: row.state as LabState,
  progressBps: row.progressBps,
  note: row.note,
  subject: subjectOf(JSON.parse(row.request) as LabRequest),
  createdAt: instant(row.createdAtMs),
  changedAt: instant(row.changedAtMs),
});
