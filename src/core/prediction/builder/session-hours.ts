// When a day of the past was open, as far as rows are made of it. Days on which the exchanges were open for a while only
// (Muhurat evenings, tests of the recovery site) give no rows: nothing is traded on them.
import { tradingSessionOf } from "../../instrument/trading-calendar.ts";
import { type EpochMs, epochMs, type MarketDate, MS_PER_MINUTE } from "../../kernel/time.ts";
import { CYCLE_MS, exitOnlyMs, planEndMs } from "../../session/cycle.ts";

export interface SessionHours {
  readonly openMs: EpochMs;
  /** Bars that start from here on are not looked at: the day is over, or the index stands still. */
  readonly barsEndMs: EpochMs;
  /** Cycles in which there are views; after them positions are only closed. */
  readonly cycles: number;
}

/** A session shorter than this is none to trade on. */
const SESSION_MINUTES_MIN = 300;

/** Null, or why not, for a day that gives no rows. `date` has bars, which proves that the market was open. */
export function sessionHours(date: MarketDate): SessionHours | { readonly reason: string } {
  const session = tradingSessionOf(date, { evidence: "RECORDING" });
  if (!session.ok) return { reason: session.error.reason };
  const { openMs, closeMs, windows, indexFrozenFromMs } = session.value;
  if (windows.length > 1 || closeMs - openMs < SESSION_MINUTES_MIN * MS_PER_MINUTE) {
    return { reason: `${date} has a short special session` };
  }
  const endMs = planEndMs({ openMs, closeMs });
  return {
    openMs,
    barsEndMs: epochMs(Math.min(endMs, indexFrozenFromMs ?? endMs)),
    cycles: Math.floor((exitOnlyMs({ openMs, closeMs }) - openMs) / CYCLE_MS),
  };
}
