// What users think, as one voice beside the model's: 30 % of the decision where enough of them speak (AI-12, COM-01). Who has
// been right more often than chance weighs more; who has not weighs nothing; and nobody is believed to be surer than their record
// is. A thought lapses after one cycle, and everybody has one: the latest.
import type { Underlying } from "../instrument/contract.ts";
import type { EpochMs } from "../kernel/time.ts";
import { MS_PER_MINUTE } from "../kernel/time.ts";
import type { ViewClass } from "./dataset.ts";

export interface CommunityView {
  readonly userId: string;
  readonly underlying: Underlying;
  readonly direction: ViewClass;
  /** Probability × 10,000. */
  readonly confidenceBps: number;
  readonly atMs: EpochMs;
}

/** How a user's earlier thoughts came out. */
export interface TrackRecord {
  readonly cases: number;
  readonly hits: number;
}

/** Where thoughts and records come from; whoever asks a predictor asks it first. */
export interface CommunitySource {
  views(underlying: Underlying, atMs: EpochMs): readonly CommunityView[];
  record(userId: string): TrackRecord;
}

export interface CommunityTerms {
  readonly contributorsMin: number;
  /** Thoughts of a user that must have been scored before any of them counts: a crowd nobody knows moves no money. */
  readonly casesMin: number;
  readonly lifeMs: number;
  /** The model's part; the rest is the community's. */
  readonly modelShare: number;
}

export const COMMUNITY_TERMS: CommunityTerms = {
  contributorsMin: 5,
  casesMin: 20,
  lifeMs: 15 * MS_PER_MINUTE,
  modelShare: 0.7,
};

/** The last cycle of a day that a thought can be scored for. */
export const VIEWS_TO_CYCLE = 24;

/** Nobody speaks. */
export const SILENT_COMMUNITY: CommunitySource = { views: () => [], record: () => ({ cases: 0, hits: 0 }) };

export interface CommunityVoice {
  readonly contributors: number;
  /** Probability × 10,000 that the community gives each direction. */
  readonly confidenceBps: Readonly<Record<ViewClass, number>>;
}

/** A user nobody knows yet is taken to have been as right as chance in this many cases, and then a little more. */
const PRIOR = { cases: 20, hits: 8 } as const;
const CHANCE = 1 / 3;

/** Null where too few users that weigh anything have spoken within the last cycle. */
export function communityVoice(
  source: CommunitySource,
  underlying: Underlying,
  atMs: EpochMs,
  terms: CommunityTerms = COMMUNITY_TERMS,
): CommunityVoice | null {
  const { contributorsMin, lifeMs } = terms;
  const latest = new Map<string, CommunityView>();
  for (const view of source.views(underlying, atMs)) {
    if (view.underlying !== underlying || view.atMs > atMs || atMs - view.atMs >= lifeMs) continue;
    const known = latest.get(view.userId);
    if (known === undefined || known.atMs <= view.atMs) latest.set(view.userId, view);
  }
  const sums: Record<ViewClass, number> = { BEARISH: 0, NEUTRAL: 0, BULLISH: 0 };
  let [weights, contributors] = [0, 0];
  for (const { userId, direction, confidenceBps } of latest.values()) {
    const record = source.record(userId);
    if (!isCounted(record, terms)) continue;
    const weight = weightOf(record);
    contributors += 1;
    weights += weight;
    const believedBps = Math.min(confidenceBps, confidenceMaxBps(record));
    // What is not given to the direction that was named falls to the two others alike.
    for (const each of ["BEARISH", "NEUTRAL", "BULLISH"] as const)
      sums[each] += weight * (each === direction ? believedBps : (10_000 - believedBps) / 2);
  }
  if (contributors < contributorsMin) return null;
  const mean = (direction: ViewClass): number => Math.round(sums[direction] / weights);
  return {
    contributors,
    confidenceBps: { BEARISH: mean("BEARISH"), NEUTRAL: mean("NEUTRAL"), BULLISH: mean("BULLISH") },
  };
}

/** Probability × 10,000 up to which a user is believed: how often it was right, drawn to an unknown one's. Saying more is free. */
export const confidenceMaxBps = ({ cases, hits }: TrackRecord): number =>
  Math.floor((10_000 * (hits + PRIOR.hits)) / (cases + PRIOR.cases));

/** From −1, all bearish, to 1, all bullish: the voice as one of the model's inputs (AI-03). Null where nobody speaks. */
export const communityLean = (voice: CommunityVoice | null): number | null =>
  voice === null ? null : (voice.confidenceBps.BULLISH - voice.confidenceBps.BEARISH) / 10_000;

/** How much more often than chance a user has been right, drawn to that of an unknown one; 0 for no more than chance. */
export function weightOf({ cases, hits }: TrackRecord): number {
  return Math.max(0, (hits + PRIOR.hits) / (cases + PRIOR.cases) - CHANCE);
}

/** Whether a user's thoughts weigh anything: enough of them are scored, and they were right more often than chance. */
export const isCounted = (record: TrackRecord, { casesMin }: CommunityTerms = COMMUNITY_TERMS): boolean =>
  record.cases >= casesMin && weightOf(record) > 0;

/** 70 % model, 30 % community; the model alone where the community is silent (AI-12, G-46). */
export function blendedBps(
  modelBps: number,
  communityBps: number | null,
  { modelShare }: CommunityTerms = COMMUNITY_TERMS,
): number {
  if (communityBps === null) return modelBps;
  return Math.round(modelShare * modelBps + (1 - modelShare) * communityBps);
}
