// The day as a list of jobs with the instants they are due at. The plan is a function of the market's hours, so that a short
// special session has a day of its own, and a replay and the cron triggers have the same one.
import type { TransferKind } from "../funds/transfer.ts";
import { type EpochMs, epochMs, istMsOfDay, type MarketDate, MS_PER_MINUTE } from "../kernel/time.ts";
import { cycleStartMs, cyclesOf, exitOnlyMs, type MarketHours, planEndMs, WINDOW_MINUTES } from "./cycle.ts";
import type { Job, JobName } from "./job.ts";

export interface PlannedJob {
  readonly atMs: EpochMs;
  readonly job: Job;
}

/** Minutes from the open, from the end of the plan, or from the market's close. */
type Anchor = "OPEN" | "END" | "CLOSE";
interface PlanLine {
  readonly name: JobName;
  readonly anchor: Anchor;
  readonly minutes: number;
  readonly phase: number | null;
}

/** 09:00 … 15:37 on a regular day (TIM-06). Jobs of the same minute run in this order, those of cycles after them. */
const PLAN: readonly PlanLine[] = [
  { name: "OPEN_DAY", anchor: "OPEN", minutes: -15, phase: null },
  { name: "PULL", anchor: "OPEN", minutes: 0, phase: null },
  { name: "POLL_TRANSFERS", anchor: "OPEN", minutes: 1, phase: 1 },
  { name: "EXIT_ONLY", anchor: "END", minutes: -15, phase: null },
  { name: "SQUARE_OFF", anchor: "END", minutes: -12, phase: 1 },
  { name: "SQUARE_OFF", anchor: "END", minutes: -11, phase: 2 },
  { name: "SETTLE_PROVISIONAL", anchor: "END", minutes: -10, phase: null },
  { name: "PUSH", anchor: "END", minutes: -5, phase: null },
  { name: "POLL_TRANSFERS", anchor: "END", minutes: -4, phase: 2 },
  // A pay-out that failed is tried again at the second look, and what became of that is known before the final settlement.
  { name: "POLL_TRANSFERS", anchor: "END", minutes: -2, phase: 3 },
  { name: "POLL_TRANSFERS", anchor: "CLOSE", minutes: 3, phase: 4 },
  { name: "SETTLE_FINAL", anchor: "CLOSE", minutes: 5, phase: null },
  { name: "CLOSE_DAY", anchor: "CLOSE", minutes: 6, phase: null },
  { name: "KEEP_BARS", anchor: "CLOSE", minutes: 6, phase: null },
  { name: "SCORE_MODELS", anchor: "CLOSE", minutes: 6, phase: null },
  { name: "CHECKPOINT", anchor: "CLOSE", minutes: 7, phase: null },
];

const SIGNALS_MINUTE = 1;
/** The first cycle makes signals but no entries: the indicators have not seen enough of the day. */
const FIRST_TRADING_CYCLE = 2;

/** Every job of a date, in the order in which they are to run. */
export function dayPlan(date: MarketDate, hours: MarketHours): readonly PlannedJob[] {
  const anchors: Readonly<Record<Anchor, EpochMs>> = {
    OPEN: hours.openMs,
    END: planEndMs(hours),
    CLOSE: hours.closeMs,
  };
  const lines = PLAN.map(({ name, anchor, minutes, phase }) => ({
    atMs: epochMs(anchors[anchor] + minutes * MS_PER_MINUTE),
    job: { name, date, cycle: null, phase },
  }));
  return [...lines, ...cycleJobs(date, hours)].sort((a, b) => a.atMs - b.atMs);
}

/** When the last job of the day is due. */
export const dayEndMs = (hours: MarketHours): EpochMs => epochMs(hours.closeMs + 7 * MS_PER_MINUTE);

/** The transfer that is due at an instant: PULL at the open, PUSH five minutes before the end (G-50). */
export function transferDueAt(date: MarketDate, hours: MarketHours, atMs: EpochMs): TransferKind | null {
  const due = dayPlan(date, hours).find(
    (planned) => planned.atMs === atMs && (planned.job.name === "PULL" || planned.job.name === "PUSH"),
  );
  return due === undefined ? null : (due.job.name as TransferKind);
}

const SCRAPE_FROM_MINUTE = 8 * 60 + 30;
const SCRAPE_TO_MINUTE = 9 * 60;

/** Whether exchange and regulator pages may be read: from 08:30 to before 09:00 IST (G-48). */
export function isInScrapeWindow(atMs: EpochMs): boolean {
  const minute = istMsOfDay(atMs) / MS_PER_MINUTE;
  return minute >= SCRAPE_FROM_MINUTE && minute < SCRAPE_TO_MINUTE;
}

function cycleJobs(date: MarketDate, hours: MarketHours): PlannedJob[] {
  const planned: PlannedJob[] = [];
  const untilMs = exitOnlyMs(hours);
  for (let cycle = 1; cycle <= cyclesOf(hours); cycle += 1) {
    const startMs = cycleStartMs(hours, cycle);
    const at = (minute: number): EpochMs => epochMs(startMs + minute * MS_PER_MINUTE);
    planned.push({ atMs: at(SIGNALS_MINUTE), job: { name: "GENERATE_SIGNALS", date, cycle, phase: null } });
    if (cycle < FIRST_TRADING_CYCLE) continue;
    for (const [index, minute] of WINDOW_MINUTES.entries()) {
      planned.push({ atMs: at(minute), job: { name: "RUN_WINDOW", date, cycle, phase: index + 1 } });
    }
  }
  return planned.filter(({ atMs }) => atMs < untilMs);
}
