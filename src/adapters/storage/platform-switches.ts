// The operator's switches in D1: stored before anything else is done about them, and never changed afterwards.
import type { EpochMs } from "../../core/kernel/time.ts";
import type { BreakerSwitch, PlatformScope, PlatformSwitch, SwitchRequest } from "../../ports/jobs.ts";

const COLUMNS = `change_no AS changeNo, halt_id AS haltId, action, scope, reason, by_key AS byKey, at_ms AS atMs,
  gated_ms AS gatedMs, cause, evidence`;

export const switchOf = (db: D1Database, changeNo: number): Promise<PlatformSwitch | null> =>
  db.prepare(`SELECT ${COLUMNS} FROM platform_switches WHERE change_no = ?1`).bind(changeNo).first<PlatformSwitch>();

/** The last switch of a scope: a HALT means that it is closed. */
export const lastSwitchOf = (db: D1Database, scope: PlatformScope): Promise<PlatformSwitch | null> =>
  db
    .prepare(`SELECT ${COLUMNS} FROM platform_switches WHERE scope = ?1 ORDER BY change_no DESC LIMIT 1`)
    .bind(scope)
    .first<PlatformSwitch>();

/**
 * Adds a switch unless the scope stands so already; one statement, so that two operators at once make one halt, and so that what
 * the breaker has seen before somebody switched stops nobody afterwards. Returns the switch that holds now, and null for a resume
 * of what was never stopped.
 */
export async function addSwitch(
  db: D1Database,
  wanted: (SwitchRequest | BreakerSwitch) & { readonly atMs: EpochMs },
): Promise<PlatformSwitch | null> {
  const { action, scope, reason, byKey, atMs } = wanted;
  const seen = "cause" in wanted ? wanted : null;
  const evidence = seen === null ? null : JSON.stringify(seen.evidence);
  await db
    .prepare(
      `INSERT INTO platform_switches (halt_id, action, scope, reason, by_key, at_ms, cause, evidence)
       SELECT CASE WHEN ?1 = 'RESUME'
                THEN (SELECT halt_id FROM platform_switches WHERE scope = ?2 ORDER BY change_no DESC LIMIT 1)
                ELSE 'H' || (SELECT COALESCE(MAX(change_no), 0) + 1 FROM platform_switches) END,
              ?1, ?2, ?3, ?4, ?5, ?6, ?7
       WHERE COALESCE((SELECT action FROM platform_switches WHERE scope = ?2 ORDER BY change_no DESC LIMIT 1), 'RESUME') <> ?1
         AND (?8 IS NULL OR COALESCE((SELECT MAX(change_no) FROM platform_switches WHERE scope = ?2), 0) = ?8)`,
    )
    .bind(action, scope, reason, byKey, atMs, seen?.cause ?? null, evidence, seen?.afterChangeNo ?? null)
    .run();
  return lastSwitchOf(db, scope);
}

export async function markGated(db: D1Database, changeNo: number): Promise<void> {
  await db
    .prepare("UPDATE platform_switches SET gated_ms = ?2 WHERE change_no = ?1 AND gated_ms IS NULL")
    .bind(changeNo, Date.now())
    .run();
}

/** Switches that are the last of their scope and not carried out to the end: the gate not set, or accounts not told. */
export async function unfinishedSwitches(db: D1Database): Promise<readonly PlatformSwitch[]> {
  const { results } = await db
    .prepare(
      `SELECT ${COLUMNS} FROM platform_switches s
       WHERE change_no = (SELECT MAX(change_no) FROM platform_switches o WHERE o.scope = s.scope)
         AND (gated_ms IS NULL OR NOT EXISTS (
           SELECT 1 FROM job_runs j WHERE j.name IN ('PLATFORM_HALT', 'PLATFORM_RESUME') AND j.phase = s.change_no
             AND j.state IN ('DONE', 'FAILED')))
       ORDER BY change_no`,
    )
    .all<PlatformSwitch>();
  return results;
}
