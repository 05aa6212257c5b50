// Signals as they were made.
import type { Signal } from "../../core/prediction/signal.ts";

/** In the order of their ids, which is the same on every read. */
export async function signalsOfCycle(db: D1Database, cycleId: string): Promise<readonly Signal[]> {
  const { results } = await db
    .prepare("SELECT signal FROM signals WHERE cycle_id = ?1 ORDER BY signal_id")
    .bind(cycleId)
    .all<{ signal: string }>();
  return results.map((row) => JSON.parse(row.signal) as Signal);
}
