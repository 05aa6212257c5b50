// For whoever runs the platform: jobs, and messages that nobody could take.
import * as z from "zod";
import {
  type DeadLetterRecord,
  type JobRunRecord,
  listDeadLetters,
  listJobRuns,
} from "../../adapters/read-models/operations.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { jobsOf } from "../jobs-entrypoint.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem, refusal } from "../problem.ts";
import { Instant, instant, instantOrNull, MarketDateIn, MarketDateOut, Paging, pageOf } from "../schemas.ts";
import { openDeliveries } from "./deliveries.ts";
import { openOutbox } from "./outbox.ts";
import { openRebuild } from "./rebuild.ts";

const DeadLetterBody = z
  .object({
    id: z.string(),
    queue: z.string(),
    body: z.string().openapi({ description: "The message as JSON." }),
    attempts: z.number().int(),
    firstSeenAt: Instant,
    error: z.string(),
    state: z.string(),
  })
  .openapi("DeadLetter");

const JobRunBody = z
  .object({
    jobKey: z.string(),
    date: MarketDateOut,
    name: z.string(),
    cycle: z.number().int().nullable(),
    phase: z.number().int().nullable(),
    state: z.string(),
    at: Instant.openapi({ description: "The market instant it was run for." }),
    startedAt: Instant,
    finishedAt: Instant.nullable(),
    failure: z.string().nullable(),
  })
  .openapi("JobRun");

const JobState = z.enum(["RUNNING", "SENT", "DONE", "FAILED"]);
const LetterQuery = Paging.extend({ state: z.enum(["PENDING", "REPLAYED", "DISCARDED"]).default("PENDING") });
const JobQuery = Paging.extend({
  date: MarketDateIn.optional(),
  state: JobState.optional(),
});

const RerunJob = z.strictObject({ jobKey: z.string().min(1).max(80) }).openapi("RerunJob");
const RerunBody = z.object({
  jobKey: z.string(),
  state: JobState.openapi({ description: "RUNNING in replay: the session runs it when it is started again." }),
});

export function openOperations(app: EdgeApp): void {
  openOutbox(app);
  openDeliveries(app);
  openRebuild(app);
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/operations/dead-letters",
      operationId: "listDeadLetters",
      tag: "Operations",
      summary: "Messages nobody could take, oldest first",
      scopes: ["operations:read"],
      request: { query: LetterQuery },
      responses: { 200: answers(pageOf(DeadLetterBody), "A page of dead letters.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const query = c.req.valid("query");
      const page = pageRequest(query, ["number", "string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      return c.json(pageBody(c, await listDeadLetters(c.env.DB, query.state, page), deadLetterBody), 200);
    },
  );
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/operations/dead-letters/{id}/replay",
      operationId: "replayDeadLetter",
      tag: "Operations",
      summary: "Send a dead letter to its queue again",
      scopes: ["operations:write"],
      request: { params: z.object({ id: z.string().min(1).max(128) }) },
      responses: { 200: answers(z.object({ id: z.string(), state: z.literal("REPLAYED") }), "Sent.") },
      errors: ["DEAD_LETTER_NOT_FOUND"],
    },
    async (c) => {
      const { id } = c.req.valid("param");
      const isSent = await jobsOf(c).replayDeadLetter(id);
      return isSent ? c.json({ id, state: "REPLAYED" as const }, 200) : problem(c, "DEAD_LETTER_NOT_FOUND");
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/operations/jobs",
      operationId: "listJobs",
      tag: "Operations",
      summary: "Jobs that were run, newest first",
      scopes: ["operations:read"],
      request: { query: JobQuery },
      responses: { 200: answers(pageOf(JobRunBody), "A page of jobs.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const query = c.req.valid("query");
      const page = pageRequest(query, ["string", "number", "string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      return c.json(pageBody(c, await listJobRuns(c.env.DB, query, page), jobRunBody), 200);
    },
  );
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/operations/jobs/rerun",
      operationId: "rerunJob",
      tag: "Operations",
      summary: "Run a failed job again",
      description:
        "The whole job, as of now, also one that an outage let pass in paper trading; accounts that have done their step do nothing again. In replay the failed session runs it after POST /v1/sessions/current/start. A job that is done or on its way is left as it is, so the request may be repeated.",
      scopes: ["operations:write"],
      request: { body: takes(RerunJob) },
      responses: { 200: answers(RerunBody, "Where the job stands now.") },
      errors: ["JOB_NOT_FOUND", "JOB_NOT_RERUNNABLE"],
    },
    async (c) => {
      const rerun = await jobsOf(c).rerun(c.req.valid("json").jobKey);
      return rerun.ok ? c.json(rerun.value, 200) : refusal(c, rerun.error);
    },
  );
}

const deadLetterBody = ({ firstSeenMs, ...row }: DeadLetterRecord): z.infer<typeof DeadLetterBody> => ({
  ...row,
  firstSeenAt: instant(firstSeenMs),
});

const jobRunBody = ({ atMs, startedMs, finishedMs, ...row }: JobRunRecord): z.infer<typeof JobRunBody> => ({
  ...row,
  at: instant(atMs),
  startedAt: instant(startedMs),
  finishedAt: instantOrNull(finishedMs),
});
