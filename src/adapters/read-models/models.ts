// Models for people: their records with figures, and what has been done to them.
import { asc, desc, eq } from "drizzle-orm";
import { modelChanges, models } from "../storage/lab-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type ModelRow = typeof models.$inferSelect;
export type ModelChangeRow = typeof modelChanges.$inferSelect;

/** Newest data first. */
export async function listModels(d1: D1Database, { limit, after }: PageRequest): Promise<Page<ModelRow>> {
  const key = [models.toDate, models.trainedAtMs, models.modelId];
  const rows = await database(d1)
    .select()
    .from(models)
    .where(afterKey(key, after))
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.toDate, row.trainedAtMs, row.modelId]);
}

/** A model with its changes, oldest first; null when there is none of that id. */
export async function findModel(
  d1: D1Database,
  modelId: string,
): Promise<{ readonly model: ModelRow; readonly changes: readonly ModelChangeRow[] } | null> {
  const [[model], changes] = await Promise.all([
    database(d1).select().from(models).where(eq(models.modelId, modelId)).orderBy(desc(models.modelId)),
    database(d1)
      .select()
      .from(modelChanges)
      .where(eq(modelChanges.modelId, modelId))
      .orderBy(asc(modelChanges.changeNo)),
  ]);
  return model === undefined ? null : { model, changes };
}
