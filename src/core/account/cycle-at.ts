// The cycle an instant of the day belongs to: what an order by request is counted under.
import { type EpochMs, MS_PER_MINUTE } from "../kernel/time.ts";
import { cycleIdOf } from "../session/job.ts";
import type { DayState } from "./state.ts";

const CYCLE_MS = 15 * MS_PER_MINUTE;

export const cycleIdAt = (day: Pick<DayState, "date" | "openMs">, atMs: EpochMs): string =>
  cycleIdOf(day.date, Math.max(0, Math.floor((atMs - day.openMs) / CYCLE_MS)) + 1);
