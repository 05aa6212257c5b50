// For whoever runs the platform: jobs, and messages that nobody could take.
import * as z from "zod";
import {
  type DeadLetterRecord,
  type JobRunRecord,
  listDeadLetters,
  listJobRuns,
} from "../../adapters/read-models/operations.ts";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import { jobsOf } from "../jobs-entrypoint.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem } from "../problem.ts";
import { Instant, instant, instantOrNull, MarketDateIn, MarketDateOut, Paging, pageOf } from "../schemas.ts";

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

const LetterQuery = Paging.extend({ state: z.enum(["PENDING", "REPLAYED", "DISCARDED"]).default("PENDING") });
const JobQuery = Paging.extend({
  date: MarketDateIn.optional(),
  state: z.enum(["RUNNING", "SENT", "DONE", "FAILED"]).optional(),
});

export function openOperations(app: EdgeApp): void {
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
