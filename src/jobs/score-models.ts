// Holds what the models said of a day against what came to pass: the class of every cycle, and whether the structure of the view
// would have made money, by the very labels that models learn from.
import { scoreCommunityViews } from "../adapters/read-models/community.ts";
import { readHistorySources } from "../adapters/storage/lab-sources.ts";
import { addDays, dayNumberOf, type MarketDate } from "../core/kernel/time.ts";
import { buildDataset } from "../core/prediction/builder/build-dataset.ts";
import { CLASSES, rowsOfDays, UNKNOWN_LABEL, underlyingOfRow } from "../core/prediction/dataset.ts";
import { cycleIdOf } from "../core/session/job.ts";
import { promoteByRule } from "./promote-models.ts";
import type { JobStep } from "./run-job.ts";

/** Calendar days before the day, which its labels are scaled by. */
const HISTORY_DAYS = 45;

export const scoreModels: JobStep = async (env, { date }, atMs) => {
  const said = await env.DB.prepare("SELECT COUNT(*) AS n FROM model_views WHERE cycle_id LIKE ?1")
    .bind(`${date}-%`)
    .first<number>("n");
  if (said === null || said === 0) return null;
  const sources = await readHistorySources(env.DB, addDays(date, -HISTORY_DAYS), date, date);
  const { dataset } = buildDataset(sources);
  const day = rowsOfDays(dataset, dayNumberOf(date), dayNumberOf(date));
  const known = Array.from({ length: day.rows }, (_, row) => ({
    cycleId: cycleIdOf(date, day.cycle[row] as number),
    underlying: underlyingOfRow(day, row),
    outcome: labelOf(day.direction[row]),
    paid: Object.fromEntries(CLASSES.map((view, at) => [view, labelOf(day.outcome[at]?.[row])])),
    net: Object.fromEntries(CLASSES.map((view, at) => [view, netOf(day.netPaise?.[at]?.[row])])),
  }));
  await store(env.DB, date, known);
  await scoreCommunityViews(env.DB, known);
  await promoteByRule(env, atMs);
  return null;
};

const labelOf = (label: number | undefined): number | null =>
  label === undefined || label === UNKNOWN_LABEL ? null : label;

const netOf = (paise: number | undefined): number | null =>
  paise === undefined || Number.isNaN(paise) ? null : Math.round(paise);

/** A view that has been scored keeps its score. */
async function store(db: D1Database, date: MarketDate, known: readonly object[]): Promise<void> {
  await db
    .prepare(
      `UPDATE model_views SET outcome = k.outcome, paid = CASE direction WHEN 'BEARISH' THEN k.bearish
         WHEN 'NEUTRAL' THEN k.neutral WHEN 'BULLISH' THEN k.bullish END,
         net_paise = json_extract(k.net, '$.' || direction)
       FROM (SELECT value ->> '$.cycleId' AS cycle_id, value ->> '$.underlying' AS underlying, value ->> '$.outcome' AS outcome,
         value ->> '$.paid.BEARISH' AS bearish, value ->> '$.paid.NEUTRAL' AS neutral, value ->> '$.paid.BULLISH' AS bullish,
         value -> '$.net' AS net
         FROM json_each(?1)) k
       WHERE k.cycle_id = model_views.cycle_id AND k.underlying = model_views.underlying AND model_views.outcome IS NULL
         AND model_views.cycle_id LIKE ?2`,
    )
    .bind(JSON.stringify(known), `${date}-%`)
    .run();
}
