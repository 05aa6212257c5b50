// What the edge has the lab do: keep history and begin runs. The row comes first: a run whose object was never reached is begun
// by asking again.
import { keepBarDays } from "../adapters/storage/bar-days.ts";
import { recordRun } from "../adapters/storage/lab-runs.ts";
import type { AppEnv } from "../env.ts";
import type { BarDay } from "../ports/history.ts";
import type { LabStart } from "../ports/lab.ts";

export const keepHistory = (env: AppEnv, days: readonly BarDay[], replace: boolean): Promise<void> =>
  keepBarDays(env.DB, days, { atMs: Date.now(), replace });

/**
 * False where as many runs of the account are under way as may be. What begins is what the row says: an id that was used before
 * belongs to what it was used for, whether its object was ever reached or not.
 */
export async function startLabRun(env: AppEnv, run: LabStart): Promise<boolean> {
  const recorded = await recordRun(env.DB, run, Date.now());
  if (recorded === null) return false;
  await env.LAB.getByName(run.runId).start(recorded);
  return true;
}
