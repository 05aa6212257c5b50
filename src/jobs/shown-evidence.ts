// What a model has shown on the platform: by itself, and one in shadow beside whom it would replace. The rule of promotion, an
// operator who asks for a promotion and everybody who looks at a model go by the same.
import { scoredNets, scoredViews } from "../adapters/storage/model-views.ts";
import { checksBeside } from "../core/prediction/beside-live.ts";
import { driftOf, type PromotionCheck } from "../core/prediction/promotion.ts";
import { type ModelRecord, promotedOf } from "../core/prediction/registry.ts";
import { RULE_PREDICTOR } from "../core/prediction/rule-predictor.ts";
import { type ScoredView, shadowEvidence, shadowReliability } from "../core/prediction/shadow-evidence.ts";
import type { AppEnv } from "../env.ts";
import type { ShownEvidence } from "../ports/lab.ts";
import { openModelIfSound } from "./predict.ts";

/** The latest views, by which a model is watched for drift: about two weeks. */
const DRIFT_VIEWS = 720;

/** Null while nothing of it is scored, and where its bytes are not those that were trained. */
export async function shownEvidence(
  env: AppEnv,
  records: readonly ModelRecord[],
  record: ModelRecord,
): Promise<{ readonly evidence: ShownEvidence; readonly views: readonly ScoredView[] } | null> {
  const views = await scoredViews(env.DB, record.id);
  const opened = views.length === 0 ? null : await openModelIfSound(env, record);
  if (opened === null) return null;
  const { base } = opened.model.ensemble.direction;
  const all = shadowEvidence(views, base);
  const latest = shadowEvidence(views.slice(-DRIFT_VIEWS), base);
  if (all === null || latest === null) return null;
  const beside = record.state === "SHADOW" ? await besideLive(env, views, promotedOf(records)) : [];
  return { evidence: { ...all, beside, drift: driftOf(latest), reliability: shadowReliability(views) }, views };
}

async function besideLive(
  env: AppEnv,
  views: readonly ScoredView[],
  live: ModelRecord | null,
): Promise<readonly PromotionCheck[]> {
  const nets = await scoredNets(env.DB, live?.id ?? RULE_PREDICTOR.id);
  return checksBeside(views, { nets, views: live === null ? null : await scoredViews(env.DB, live.id) });
}
