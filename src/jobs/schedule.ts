// Which jobs a minute of the calendar asks for, when the cron triggers are the clock.
import { tradingSessionOf } from "../core/instrument/trading-calendar.ts";
import { type EpochMs, istDateOf, MS_PER_MINUTE } from "../core/kernel/time.ts";
import { dayPlan, type PlannedJob } from "../core/session/day-plan.ts";

/** A cycle's job that is later than this has missed its moment: prices have moved on, and the next one is near. */
const LAPSE_MS = 4 * MS_PER_MINUTE;

/**
 * The jobs of the date that should have run by now, in order; none on a day without trading. Jobs of a cycle lapse; all others
 * are made up for with the next minute of the same date, so that an outage over noon costs trades but no settlement. What is
 * still missing after the date's last cron minute is not made up for here; a person has to have it rerun.
 */
export function jobsDueBy(nowMs: EpochMs): readonly PlannedJob[] {
  const date = istDateOf(nowMs);
  const session = tradingSessionOf(date);
  if (!session.ok) return [];
  return dayPlan(date, session.value).filter(
    ({ atMs, job }) => atMs <= nowMs && (job.cycle === null || nowMs - atMs < LAPSE_MS),
  );
}
