// Trained models in D1: the record, the bytes in parts, and every change of state with its reason. A model is named by its bytes:
// keeping the same one again changes nothing.
import type { MarketDate } from "../../core/kernel/time.ts";
import { epochMs } from "../../core/kernel/time.ts";
import type { ModelRecord, ModelState } from "../../core/prediction/registry.ts";
import { models } from "./lab-schema.ts";
import { insertOnce } from "./write-rows.ts";

export interface NewModel {
  readonly record: ModelRecord;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly options: unknown;
  readonly figures: unknown;
  readonly runId: string | null;
  readonly by: string;
  readonly reason: string;
}

/** D1 takes at most 2 MB in one value. */
const PART_BYTES = 1_000_000;

export async function keepModel(db: D1Database, model: NewModel): Promise<void> {
  const { record, bytes, options, figures, runId, by, reason } = model;
  const { id, trainedAtMs, ...rest } = record;
  const row = {
    ...rest,
    modelId: id,
    trainedAtMs,
    options: JSON.stringify(options),
    figures: JSON.stringify(figures),
    runId,
  };
  const statements = [
    // Only the first that keeps it says so.
    db
      .prepare(
        `INSERT INTO model_changes (model_id, from_state, to_state, changed_by, reason, at_ms)
         SELECT ?1, NULL, ?2, ?3, ?4, ?5 WHERE NOT EXISTS (SELECT 1 FROM models WHERE model_id = ?1)`,
      )
      .bind(id, record.state, by, reason, trainedAtMs),
    ...insertOnce(db, models, [row]),
  ];
  for (let from = 0; from < bytes.length; from += PART_BYTES) {
    statements.push(
      db
        .prepare("INSERT INTO model_parts (model_id, part, body) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
        .bind(id, from / PART_BYTES, bytes.slice(from, from + PART_BYTES)),
    );
  }
  await db.batch(statements);
}

/** Every model there is, newest data first. */
export async function modelRecords(db: D1Database): Promise<readonly ModelRecord[]> {
  const { results } = await db
    .prepare(
      `SELECT model_id AS id, state, from_date AS fromDate, to_date AS toDate, bytes_sha256 AS bytesSha256,
       data_sha256 AS dataSha256, code_sha256 AS codeSha256, trained_at_ms AS trainedAtMs, promoted_at_ms AS promotedAtMs
       FROM models ORDER BY to_date DESC, trained_at_ms DESC, model_id`,
    )
    .all<ModelRow>();
  return results.map((row) => ({
    ...row,
    trainedAtMs: epochMs(row.trainedAtMs),
    promotedAtMs: row.promotedAtMs === null ? null : epochMs(row.promotedAtMs),
  }));
}

interface ModelRow {
  readonly id: string;
  readonly state: ModelState;
  readonly fromDate: MarketDate;
  readonly toDate: MarketDate;
  readonly bytesSha256: string;
  readonly dataSha256: string;
  readonly codeSha256: string;
  readonly trainedAtMs: number;
  readonly promotedAtMs: number | null;
}

/** Null when there are none. */
export async function modelBytes(db: D1Database, modelId: string): Promise<Uint8Array | null> {
  const { results } = await db
    .prepare("SELECT body FROM model_parts WHERE model_id = ?1 ORDER BY part")
    .bind(modelId)
    .all<{ body: readonly number[] | ArrayBuffer }>();
  if (results.length === 0) return null;
  const parts = results.map(({ body }) => new Uint8Array(body));
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export interface ModelChange {
  readonly by: string;
  readonly reason: string;
  readonly atMs: number;
}

/**
 * Writes what has become of the records. False, and nothing is written, when one of them is no longer in the state it was read
 * in: somebody else was faster.
 */
export async function changeModels(
  db: D1Database,
  before: readonly ModelRecord[],
  after: readonly ModelRecord[],
  { by, reason, atMs }: ModelChange,
): Promise<boolean> {
  const was = new Map(before.map((record) => [record.id, record]));
  const changed = after.filter((record) => was.get(record.id)?.state !== record.state);
  if (changed.length === 0) return true;
  // There is one live model: who makes one has to know every other as it is, or two callers make two.
  const known = changed.some(({ state }) => state === "PROMOTED") ? before : changed;
  const wanted = JSON.stringify(known.map(({ id }) => ({ id, state: was.get(id)?.state })));
  // Each statement asks the same of what it finds, so that either all of them act or none does.
  const unchanged = `NOT EXISTS (SELECT 1 FROM json_each(?1) w JOIN models m ON m.model_id = w.value ->> '$.id'
    WHERE m.state <> w.value ->> '$.state')`;
  const [log, ...updates] = await db.batch([
    ...changed.map(({ id, state }) =>
      db
        .prepare(
          `INSERT INTO model_changes (model_id, from_state, to_state, changed_by, reason, at_ms)
           SELECT ?2, ?3, ?4, ?5, ?6, ?7 WHERE ${unchanged}`,
        )
        .bind(wanted, id, was.get(id)?.state ?? null, state, by, reason, atMs),
    ),
    db
      .prepare(
        `UPDATE models SET state = n.state, promoted_at_ms = n.promoted FROM (SELECT value ->> '$.id' AS id,
         value ->> '$.state' AS state, value ->> '$.promotedAtMs' AS promoted FROM json_each(?2)) n
         WHERE n.id = models.model_id AND ${unchanged}`,
      )
      .bind(wanted, JSON.stringify(changed)),
  ]);
  return updates.length >= 0 && (log?.meta.changes ?? 0) > 0;
}
