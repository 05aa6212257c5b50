// What users think of the next cycle. A thought is a prediction that is scored like a model's; it trades nothing by itself, and
// weighs in a signal only by how often its user has been right before. Only a key of an account has a voice, and one voice.
import * as z from "zod";
import {
  communityViewsOf,
  keepCommunityView,
  latestCycle,
  type OwnView,
  trackRecordOf,
} from "../../adapters/read-models/community.ts";
import type { EpochMs } from "../../core/kernel/time.ts";
import { COMMUNITY_TERMS, confidenceMaxBps, isCounted, VIEWS_TO_CYCLE } from "../../core/prediction/community.ts";
import { CLASSES } from "../../core/prediction/dataset.ts";
import { cycleIdOf } from "../../core/session/job.ts";
import { answers, type EdgeApp, openRoute, takes } from "../define-route.ts";
import type { EdgeContext } from "../edge-env.ts";
import { exchangeTimeOf } from "../exchange-time.ts";
import { problem } from "../problem.ts";
import { Instant, instant, UnderlyingName } from "../schemas.ts";

const GiveView = z
  .strictObject({
    underlying: UnderlyingName,
    direction: z.enum(CLASSES),
    confidence: z.number().min(0.34).max(1).openapi({
      description: "Probability as a fraction that this class comes; below a third it would be another one.",
    }),
  })
  .openapi("GiveCommunityView");
const ViewBody = z
  .object({
    cycleId: z.string().openapi({ description: "The cycle that it is about: the next one." }),
    underlying: UnderlyingName,
    direction: z.enum(CLASSES),
    confidence: z.number(),
    from: Instant.openapi({ description: "The market's time from which it counts." }),
    cameTrue: z
      .boolean()
      .nullable()
      .openapi({ description: "Null until the day is scored, and where it cannot be told." }),
  })
  .openapi("CommunityView");
const VoiceBody = z
  .object({
    blended: z.boolean().openapi({ description: "Whether this deployment lets the community into its signals." }),
    modelShare: z.number(),
    contributorsMin: z.number().int(),
    casesMin: z.number().int(),
    record: z.object({
      cases: z.number().int(),
      hits: z.number().int(),
      confidenceMax: z
        .number()
        .openapi({ description: "Up to which the voice is believed, whatever it says: how often it was right." }),
      counted: z.boolean().openapi({ description: "Whether this voice weighs anything by now." }),
    }),
    views: z.array(ViewBody).readonly().openapi({ description: "One's own, newest first." }),
  })
  .openapi("CommunityVoice");

export function openCommunity(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "post",
      path: "/v1/community/views",
      operationId: "giveCommunityView",
      tag: "Lab",
      summary: "Say where an index will go in the next cycle",
      description:
        "One for each index and cycle; the latest stands, until the cycle begins. Every one is scored when the day is over. It trades nothing by itself.",
      scopes: ["lab:write"],
      request: { body: takes(GiveView) },
      responses: { 201: answers(ViewBody, "Kept.") },
      errors: ["ACCOUNT_REQUIRED", "COMMUNITY_CLOSED", "COMMUNITY_CYCLE_BEGUN"],
    },
    async (c) => {
      const { accountId } = c.var.principal;
      if (accountId === null) return problem(c, "ACCOUNT_REQUIRED");
      const next = await nextCycle(c);
      if (next === null) {
        const detail = `views are taken from a day's first signals on, for cycles up to the ${VIEWS_TO_CYCLE}th`;
        return problem(c, "COMMUNITY_CLOSED", { detail });
      }
      const { cycleId, fromMs, nowMs } = next;
      if (nowMs >= fromMs) {
        const detail = `${cycleId} began at ${instant(fromMs)}, and it is ${instant(nowMs)} at the exchange`;
        return problem(c, "COMMUNITY_CYCLE_BEGUN", { detail });
      }
      const { underlying, direction, confidence } = c.req.valid("json");
      const confidenceBps = Math.round(confidence * 10_000);
      const view = { accountId, cycleId, fromMs, underlying, direction, confidenceBps, storedAtMs: Date.now() };
      await keepCommunityView(c.env.DB, view);
      return c.json(viewBody({ ...view, outcome: null }), 201);
    },
  );
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/community/views",
      operationId: "readCommunityVoice",
      tag: "Lab",
      summary: "One's own views, how they came out, and whether they count",
      scopes: ["lab:read"],
      responses: { 200: answers(VoiceBody, "The account's voice.") },
      errors: ["ACCOUNT_REQUIRED"],
    },
    async (c) => {
      const { accountId } = c.var.principal;
      if (accountId === null) return problem(c, "ACCOUNT_REQUIRED");
      const [views, record] = await Promise.all([
        communityViewsOf(c.env.DB, accountId),
        trackRecordOf(c.env.DB, accountId),
      ]);
      const { modelShare, contributorsMin, casesMin } = COMMUNITY_TERMS;
      const blended = c.env.COMMUNITY === "ON";
      const measured = { ...record, confidenceMax: confidenceMaxBps(record) / 10_000, counted: isCounted(record) };
      return c.json(
        { blended, modelShare, contributorsMin, casesMin, record: measured, views: views.map(viewBody) },
        200,
      );
    },
  );
}

interface NextCycle {
  readonly cycleId: string;
  readonly fromMs: number;
  /** The exchange's time. */
  readonly nowMs: EpochMs;
}

/** The one after the latest whose signals have been made; null where the day has not begun, at its end, and on any other. */
async function nextCycle(c: EdgeContext): Promise<NextCycle | null> {
  const latest = await latestCycle(c.env.DB);
  if (latest === null || latest.cycle >= VIEWS_TO_CYCLE) return null;
  const nowMs = await exchangeTimeOf(c.env, latest.date);
  return nowMs === null ? null : { cycleId: cycleIdOf(latest.date, latest.cycle + 1), fromMs: latest.endMs, nowMs };
}

const viewBody = ({ cycleId, underlying, direction, confidenceBps, fromMs, outcome }: OwnView) => ({
  cycleId,
  underlying,
  direction,
  confidence: confidenceBps / 10_000,
  from: instant(fromMs),
  cameTrue: outcome === null ? null : CLASSES[outcome] === direction,
});
