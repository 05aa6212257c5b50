// The operator's switches: all trading, or one underlying for everybody. The answer means that the switch is stored, that no new
// order passes a feed any more, and that every account is being told; how far that has come is there to read.
import * as z from "zod";
import {
  type HaltProgress,
  haltProgress,
  listSwitches,
  type SwitchRecord,
} from "../../adapters/read-models/platform.ts";
import { UNDERLYINGS } from "../../core/instrument/contract.ts";
import type { BreakerEvidence } from "../../core/risk/circuit-breaker.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { jobsOf } from "../jobs-entrypoint.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem } from "../problem.ts";
import { Instant, instant, instantOrNull, Paging, pageOf } from "../schemas.ts";

const Scope = z.enum(["PLATFORM", ...UNDERLYINGS]).openapi({
  description: "PLATFORM: everything. An underlying: that one, for every account.",
});
const HaltPlatform = z
  .strictObject({ reason: z.string().trim().min(1).max(200), scope: Scope.default("PLATFORM") })
  .openapi("HaltPlatform");
const ResumePlatform = z
  .strictObject({
    reason: z.string().trim().min(1).max(200),
    scope: Scope.default("PLATFORM"),
    confirm: z.string().max(32).optional().openapi({ example: "RESUME" }),
  })
  .openapi("ResumePlatform");

const SwitchBody = z
  .object({
    changeNo: z.number().int(),
    haltId: z.string(),
    action: z.string().openapi({ example: "HALT" }),
    scope: z.string(),
    reason: z.string(),
    byKey: z
      .string()
      .openapi({ description: 'Id of the key that asked for it; "breaker" where the platform\'s own did.' }),
    cause: z.string().nullable().openapi({
      description: "What the platform's own breaker tripped for; null where a person threw the switch.",
      example: "DAILY_LOSS",
    }),
    detail: z.string().nullable().openapi({ description: "The figures it tripped by; no account is told them." }),
    at: Instant,
    gatedAt: Instant.nullable().openapi({
      description: "When every feed was known to let no entry pass any more (or to let them pass again).",
    }),
  })
  .openapi("PlatformSwitch");

const ProgressBody = z
  .object({
    halt: SwitchBody,
    resume: SwitchBody.nullable(),
    accounts: z.number().int(),
    acknowledged: z.number().int(),
    provenFlat: z.number().int(),
    p50Ms: z.number().int().nullable().openapi({ description: "From an account's trip to its proof of flat." }),
    p99Ms: z.number().int().nullable(),
    maxMs: z.number().int().nullable(),
    open: z.array(z.object({ accountId: z.string(), finding: z.string().nullable() })).readonly(),
  })
  .openapi("HaltProgress");

export function openPlatform(app: EdgeApp): void {
  openSwitches(app);
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/platform/halts",
      operationId: "listPlatformSwitches",
      tag: "Operations",
      summary: "Halts and resumes of the platform, newest first",
      scopes: ["operations:read"],
      request: { query: Paging },
      responses: { 200: answers(pageOf(SwitchBody), "A page of switches.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const page = pageRequest(c.req.valid("query"), ["number"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      return c.json(pageBody(c, await listSwitches(c.env.DB, page), switchBody), 200);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/platform/halts/{haltId}",
      operationId: "getPlatformHalt",
      tag: "Operations",
      summary: "How far a halt has come: who has heard, who is proven flat, how long it took",
      scopes: ["operations:read"],
      request: { params: z.object({ haltId: z.string().regex(/^H\d{1,12}$/) }) },
      responses: { 200: answers(ProgressBody, "The halt.") },
      errors: ["HALT_NOT_FOUND"],
    },
    async (c) => {
      const progress = await haltProgress(c.env.DB, c.req.valid("param").haltId);
      return progress === null ? problem(c, "HALT_NOT_FOUND") : c.json(progressBody(progress), 200);
    },
  );
}

function openSwitches(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/platform/halt",
      operationId: "haltPlatform",
      tag: "Operations",
      summary: "Stop all trading, or one underlying for everybody",
      description:
        "Stored first. When the answer comes no entry passes any feed, whatever account it is of and whenever it was decided; every account is being told to cancel, to close and to prove that it is flat. Repeating it takes up what an earlier attempt has left undone.",
      scopes: ["operations:write"],
      request: { body: takes(HaltPlatform) },
      responses: { 200: answers(SwitchBody, "Stopped. `GET /v1/platform/halts/{haltId}` tells the progress.") },
      errors: ["HALT_NOT_FOUND"],
    },
    async (c) => {
      const { reason, scope } = c.req.valid("json");
      const { keyId } = c.var.principal;
      const done = await jobsOf(c).switchPlatform({ action: "HALT", scope, reason, byKey: keyId });
      // Null only when another operator has ended it in the same moment.
      return done === null ? problem(c, "HALT_NOT_FOUND") : c.json(switchBody(done), 200);
    },
  );
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/platform/resume",
      operationId: "resumePlatform",
      tag: "Operations",
      summary: "Let the platform, or an underlying, trade again",
      description:
        'Has to say {"confirm": "RESUME"}. What an account has stopped for reasons of its own stays stopped: a loss limit, a drawdown, its own kill switch.',
      scopes: ["operations:write"],
      request: { body: takes(ResumePlatform) },
      responses: { 200: answers(SwitchBody, "Resumed.") },
      errors: ["HALT_NOT_FOUND", "CONFIRMATION_REQUIRED"],
    },
    async (c) => {
      const { reason, scope, confirm } = c.req.valid("json");
      if (confirm !== "RESUME") return problem(c, "CONFIRMATION_REQUIRED");
      const { keyId } = c.var.principal;
      const done = await jobsOf(c).switchPlatform({ action: "RESUME", scope, reason, byKey: keyId });
      return done === null ? problem(c, "HALT_NOT_FOUND") : c.json(switchBody(done), 200);
    },
  );
}

const switchBody = ({ atMs, gatedMs, evidence, ...row }: SwitchRecord): z.infer<typeof SwitchBody> => ({
  ...row,
  detail: evidence === null ? null : (JSON.parse(evidence) as BreakerEvidence).detail,
  at: instant(atMs),
  gatedAt: instantOrNull(gatedMs),
});

const progressBody = ({ halt, resume, ...progress }: HaltProgress): z.infer<typeof ProgressBody> => ({
  ...progress,
  halt: switchBody(halt),
  resume: resume === null ? null : switchBody(resume),
});
