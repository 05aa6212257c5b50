// What models have said and what came of it.
import type { MarketDate } from "../../core/kernel/time.ts";
import type { EarnedView } from "../../core/prediction/beside-live.ts";
import type { ScoredView } from "../../core/prediction/shadow-evidence.ts";

const VIEWS_MAX = 20_000;

/** The newest scored views of a model, in order of date. */
export async function scoredViews(db: D1Database, modelId: string, limit = VIEWS_MAX): Promise<readonly ScoredView[]> {
  const { results } = await db
    .prepare(
      `SELECT cycle_id AS cycleId, underlying, direction, confidence_bps AS confidenceBps, own, shares, outcome, paid, net_paise AS netPaise
       FROM model_views
       WHERE model_id = ?1 AND outcome IS NOT NULL AND shares IS NOT NULL ORDER BY cycle_id DESC, underlying LIMIT ?2`,
    )
    .bind(modelId, limit)
    .all<{
      cycleId: string;
      underlying: string;
      direction: string;
      confidenceBps: number;
      own: number | null;
      shares: string;
      outcome: number;
      paid: number | null;
      netPaise: number | null;
    }>();
  return results
    .reverse()
    .map(({ cycleId, underlying, direction, confidenceBps, own, shares, outcome, paid, netPaise }) => ({
      cycleKey: `${cycleId}/${underlying}`,
      date: cycleId.slice(0, "YYYY-MM-DD".length) as MarketDate,
      shares: JSON.parse(shares) as number[],
      outcome,
      // What a rule says that it let speak is stated of another event, and is no word of the model's.
      voicedBps: direction === "NO_TRADE" || own === 0 ? null : confidenceBps,
      paid: paid === null ? null : paid === 1,
      netPaise,
    }));
}

/** On how many dates views of a model are scored, however long ago. */
export async function scoredDays(db: D1Database, modelId: string): Promise<number> {
  const days = await db
    .prepare(
      `SELECT COUNT(DISTINCT substr(cycle_id, 1, 10)) AS n FROM model_views
       WHERE model_id = ?1 AND outcome IS NOT NULL AND shares IS NOT NULL`,
    )
    .bind(modelId)
    .first<number>("n");
  return days ?? 0;
}

/** What voiced views of a speaker earned, by cycle and underlying: of the rules too, which give no shares. */
export async function scoredNets(db: D1Database, modelId: string): Promise<readonly EarnedView[]> {
  const { results } = await db
    .prepare(
      `SELECT cycle_id || '/' || underlying AS cycleKey, net_paise AS netPaise FROM model_views
       WHERE model_id = ?1 AND outcome IS NOT NULL ORDER BY cycle_id DESC, underlying LIMIT ?2`,
    )
    .bind(modelId, VIEWS_MAX)
    .all<EarnedView>();
  return results;
}
