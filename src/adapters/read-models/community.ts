// Users' thoughts in D1: kept while they may still change, scored with the day, and read with each user's record. A record is
// made of thoughts whose outcome is known, all of them older than the cycle that asks.
import type { Underlying } from "../../core/instrument/contract.ts";
import { epochMs, type MarketDate } from "../../core/kernel/time.ts";
import type { CommunitySource, CommunityView, TrackRecord } from "../../core/prediction/community.ts";
import { CLASSES, type ViewClass } from "../../core/prediction/dataset.ts";
import type { CommunityPort } from "../../ports/community.ts";

export interface KeptView {
  readonly accountId: string;
  readonly cycleId: string;
  readonly underlying: Underlying;
  readonly direction: ViewClass;
  readonly confidenceBps: number;
  readonly fromMs: number;
  readonly storedAtMs: number;
}

export type OwnView = KeptView & { readonly outcome: number | null };

const COLUMNS = `account_id AS accountId, cycle_id AS cycleId, underlying, direction, confidence_bps AS confidenceBps,
  from_ms AS fromMs, stored_at_ms AS storedAtMs, outcome`;
/** The class of a direction by its name. */
const CLASS = `CASE direction ${CLASSES.map((name, at) => `WHEN '${name}' THEN ${at}`).join(" ")} END`;
const OWN_MAX = 50;

/** A user's latest thought of a cycle and index stands, until its outcome is known. */
export async function keepCommunityView(db: D1Database, view: KeptView): Promise<void> {
  const { accountId, cycleId, underlying, direction, confidenceBps, fromMs, storedAtMs } = view;
  await db
    .prepare(
      `INSERT INTO community_views (account_id, cycle_id, underlying, direction, confidence_bps, from_ms, stored_at_ms)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
       ON CONFLICT (account_id, cycle_id, underlying) DO UPDATE SET direction = ?4, confidence_bps = ?5, stored_at_ms = ?7
       WHERE community_views.outcome IS NULL`,
    )
    .bind(accountId, cycleId, underlying, direction, confidenceBps, fromMs, storedAtMs)
    .run();
}

/** The cycle whose signals were made last, of whatever day; null before the first of all. */
export const latestCycle = (
  db: D1Database,
): Promise<{ readonly date: MarketDate; readonly cycle: number; readonly endMs: number } | null> =>
  db.prepare("SELECT date, cycle, end_ms AS endMs FROM cycles ORDER BY rowid DESC LIMIT 1").first();

/** Newest first. */
export async function communityViewsOf(db: D1Database, accountId: string): Promise<readonly OwnView[]> {
  const { results } = await db
    .prepare(`SELECT ${COLUMNS} FROM community_views WHERE account_id = ?1 ORDER BY from_ms DESC, underlying LIMIT ?2`)
    .bind(accountId, OWN_MAX)
    .all<OwnView>();
  return results;
}

export async function trackRecordOf(db: D1Database, accountId: string): Promise<TrackRecord> {
  const record = await db
    .prepare(
      `SELECT COUNT(*) AS cases, COALESCE(SUM(${CLASS} = outcome), 0) AS hits FROM community_views
       WHERE account_id = ?1 AND outcome IS NOT NULL`,
    )
    .bind(accountId)
    .first<TrackRecord>();
  return record ?? NO_RECORD;
}

/** By the labels that models are scored with; what has been scored keeps its score. */
export async function scoreCommunityViews(
  db: D1Database,
  known: readonly { readonly cycleId: string; readonly underlying: string; readonly outcome: number | null }[],
): Promise<void> {
  await db
    .prepare(
      `UPDATE community_views SET outcome = k.outcome
       FROM (SELECT value ->> '$.cycleId' AS cycle_id, value ->> '$.underlying' AS underlying, value ->> '$.outcome' AS outcome
         FROM json_each(?1)) k
       WHERE k.cycle_id = community_views.cycle_id AND k.underlying = community_views.underlying
         AND community_views.outcome IS NULL`,
    )
    .bind(JSON.stringify(known))
    .run();
}

export const storedCommunity = (db: D1Database): CommunityPort => ({
  sourceOf: async (cycleId) => {
    const [views, records] = await db.batch([
      db.prepare(`SELECT ${COLUMNS} FROM community_views WHERE cycle_id = ?1`).bind(cycleId),
      db
        .prepare(
          `SELECT account_id AS accountId, COUNT(*) AS cases, SUM(${CLASS} = outcome) AS hits FROM community_views
           WHERE outcome IS NOT NULL AND account_id IN (SELECT account_id FROM community_views WHERE cycle_id = ?1)
           GROUP BY account_id`,
        )
        .bind(cycleId),
    ]);
    return sourceOfRows(
      (views?.results ?? []) as unknown as readonly OwnView[],
      (records?.results ?? []) as unknown as readonly (TrackRecord & { readonly accountId: string })[],
    );
  },
});

const NO_RECORD: TrackRecord = { cases: 0, hits: 0 };

function sourceOfRows(
  rows: readonly OwnView[],
  records: readonly (TrackRecord & { readonly accountId: string })[],
): CommunitySource {
  const views = rows.map(
    ({ accountId, underlying, direction, confidenceBps, fromMs }): CommunityView => ({
      userId: accountId,
      underlying,
      direction,
      confidenceBps,
      atMs: epochMs(fromMs),
    }),
  );
  const byUser = new Map(records.map(({ accountId, cases, hits }) => [accountId, { cases, hits }]));
  return {
    views: (underlying) => views.filter((view) => view.underlying === underlying),
    record: (userId) => byUser.get(userId) ?? NO_RECORD,
  };
}
