// The registry of models: what each has learned from, what it has shown, and who speaks. Promotion is by evidence only.
import * as z from "zod";
import { findModel, listModels, type ModelChangeRow, type ModelRow } from "../../adapters/read-models/models.ts";
import { type ModelEvidence, promotionChecks } from "../../core/prediction/promotion.ts";
import { MODEL_STATES, type ModelState } from "../../core/prediction/registry.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import { jobsOf } from "../jobs-entrypoint.ts";
import { pageBody, pageRequest } from "../paging.ts";
import { problem } from "../problem.ts";
import { Instant, instant, instantOrNull, MarketDateOut, Paging, pageOf } from "../schemas.ts";

const ModelBody = z
  .object({
    modelId: z.string(),
    state: z.enum(MODEL_STATES),
    from: MarketDateOut,
    to: MarketDateOut.openapi({ description: "It answers only for later dates." }),
    bytesSha256: z.string(),
    dataSha256: z.string(),
    codeSha256: z.string(),
    runId: z.string().nullable(),
    trainedAt: Instant,
    promotedAt: Instant.nullable(),
  })
  .openapi("Model");
const ChangeBody = z.object({
  from: z.enum(MODEL_STATES).nullable(),
  to: z.enum(MODEL_STATES),
  by: z.string(),
  reason: z.string(),
  at: Instant,
});
const CheckBody = z.object({ rule: z.string(), passed: z.boolean(), value: z.number(), limit: z.number() });
const Evidence = z.object({
  days: z.number().int(),
  rows: z.number().int(),
  gain: z.number().openapi({ description: "Log-loss of the base rates less its own, per row; above 0 is better." }),
  gainInterval: z.object({ low: z.number(), high: z.number() }),
  ece: z.number(),
  eceOf: z.enum(["OUTCOMES", "DIRECTION"]).optional().openapi({
    description:
      "Whose calibration error: that of probabilities that a structure makes money (also where it is left out), or that of shares of direction, as views scored on the platform have it.",
  }),
  above70: z.object({
    n: z.number().int(),
    hitRate: z.number().nullable(),
    stated: z.number().nullable(),
    days: z.number().int(),
    interval: z
      .object({ low: z.number(), high: z.number() })
      .nullable()
      .optional()
      .openapi({ description: "Of the hit rate, 95 %, drawn by day; left out where it was not drawn." }),
  }),
  checks: z.array(CheckBody).readonly(),
  outcomeReliability: z
    .array(z.object({ rows: z.number().int(), stated: z.number(), observed: z.number() }))
    .readonly()
    .optional()
    .openapi({ description: "Probabilities that a structure makes money, in bins, and how often it did." }),
});
const ModelDetail = ModelBody.extend({
  options: z.unknown(),
  figures: z.unknown().openapi({ description: "Of its training; no score out of sample." }),
  changes: z.array(ChangeBody).readonly(),
  cameWith: Evidence.nullable().openapi({
    description:
      "Of a model that came with the code: what models made the same way have shown when they were walked forward over years, before it was shipped. Null for a model that was trained here.",
  }),
  evidence: Evidence.extend({
    drift: z
      .enum(["STEADY", "DRIFTING", "TOO_LITTLE"])
      .openapi({ description: "Whether its latest views are still true to what it states." }),
    reliability: z
      .array(
        z.object({
          from: z.number(),
          to: z.number(),
          rows: z.number().int(),
          stated: z.number(),
          observed: z.number(),
        }),
      )
      .readonly()
      .openapi({ description: "Shares it gave the likeliest class, in bins, and how often that class came." }),
  })
    .nullable()
    .openapi({ description: "From days after its window; null while nothing is scored." }),
}).openapi("ModelDetail");
const ModelParams = z.object({ modelId: z.string().min(1).max(64) });
const Reason = z.strictObject({ reason: z.string().trim().min(1).max(200) }).openapi("ModelReason");
const Registry = z.object({ data: z.array(z.object({ modelId: z.string(), state: z.enum(MODEL_STATES) })).readonly() });

export function openModels(app: EdgeApp): void {
  openReading(app);
  for (const [action, path, operationId, summary] of [
    [
      "PROMOTE",
      "/v1/operations/models/{modelId}/promote",
      "promoteModel",
      "Make a model in shadow the live one, by its evidence",
    ],
    ["RETIRE", "/v1/operations/models/{modelId}/retire", "retireModel", "Put a model away"],
    [
      "ROLL_BACK",
      "/v1/operations/models/{modelId}/roll-back",
      "rollBackModel",
      "Take the live model back; the one before it speaks again",
    ],
  ] as const) {
    openRoute(
      app,
      {
        method: "post",
        path,
        operationId,
        tag: "Lab",
        summary,
        scopes: ["operations:write"],
        request: { params: ModelParams, body: takes(Reason) },
        responses: { 200: answers(Registry, "The registry as it is now.") },
        errors: ["MODEL_UNKNOWN", "MODEL_STATE_FORBIDS", "MODEL_EVIDENCE_LACKING", "MODEL_NO_PREDECESSOR"],
      },
      async (c) => {
        const { modelId } = c.req.valid("param");
        const by = c.var.principal.keyId;
        const done = await jobsOf(c).actOnModel({ action, modelId, by, reason: c.req.valid("json").reason });
        if (!done.ok) return problem(c, done.error.code, { detail: done.error.detail });
        return c.json({ data: done.value.map(({ id, state }) => ({ modelId: id, state })) }, 200);
      },
    );
  }
}

function openReading(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/models",
      operationId: "listModels",
      tag: "Lab",
      summary: "Models, newest data first",
      scopes: ["lab:read"],
      request: { query: Paging },
      responses: { 200: answers(pageOf(ModelBody), "A page of models.") },
      errors: ["CURSOR_INVALID"],
    },
    async (c) => {
      const page = pageRequest(c.req.valid("query"), ["string", "number", "string"]);
      if (page === null) return problem(c, "CURSOR_INVALID");
      return c.json(pageBody(c, await listModels(c.env.DB, page), modelBody), 200);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/models/{modelId}",
      operationId: "getModel",
      tag: "Lab",
      summary: "One model, with what it has shown and what was done to it",
      scopes: ["lab:read"],
      request: { params: ModelParams },
      responses: { 200: answers(ModelDetail, "The model.") },
      errors: ["MODEL_UNKNOWN"],
    },
    async (c) => {
      const { modelId } = c.req.valid("param");
      const found = await findModel(c.env.DB, modelId);
      if (found === null) return problem(c, "MODEL_UNKNOWN");
      const { model, changes } = found;
      const evidence = await jobsOf(c).modelEvidence(modelId);
      const figures = JSON.parse(model.figures) as { readonly evidence?: ModelEvidence };
      const cameWith = model.runId === null ? (figures.evidence ?? null) : null;
      return c.json(
        {
          ...modelBody(model),
          options: JSON.parse(model.options) as unknown,
          figures,
          changes: changes.map(changeBody),
          cameWith: cameWith === null ? null : withChecks(cameWith),
          evidence: evidence === null ? null : withChecks(evidence),
        },
        200,
      );
    },
  );
}

/** Those beside the live one are among the checks. */
function withChecks<Shown extends ModelEvidence>(evidence: Shown) {
  const { beside: _, ...rest } = evidence;
  return { ...rest, checks: promotionChecks(evidence) };
}

const modelBody = (row: ModelRow): z.infer<typeof ModelBody> => ({
  modelId: row.modelId,
  state: row.state as ModelState,
  from: row.fromDate,
  to: row.toDate,
  bytesSha256: row.bytesSha256,
  dataSha256: row.dataSha256,
  codeSha256: row.codeSha256,
  runId: row.runId,
  trainedAt: instant(row.trainedAtMs),
  promotedAt: instantOrNull(row.promotedAtMs),
});

const changeBody = (row: ModelChangeRow): z.infer<typeof ChangeBody> => ({
  from: row.fromState as ModelState | null,
  to: row.toState as ModelState,
  by: row.changedBy,
  reason: row.reason,
  at: instant(row.atMs),
});
