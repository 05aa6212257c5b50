// The order rate: an account sends an exchange at most ten orders and modifications in any second. Each gets the instant at
// which it may leave, from the instants already given, so that nothing has to be counted while it waits. Cancels do not count.
import type { EpochMs } from "../kernel/time.ts";
import { epochMs } from "../kernel/time.ts";
import type { OrderPurpose } from "./order.ts";

/** What an exchange takes from one client in a second without registering the algorithm. */
export const ORDERS_PER_SECOND_MAX = 10;
/** Entries leave the rest of each second to exits, which therefore never queue behind them for long. */
export const ENTRIES_PER_SECOND_MAX = 8;
/** An entry that would have to wait longer is denied: its price is no longer the one it was decided on. */
export const ENTRY_WAIT_MAX_MS = 1_000;
const WINDOW_MS = 1_000;

/** The earliest instant from `now` on at which one more may leave. `releases` ascend. */
export function releaseAt(releases: readonly EpochMs[], now: EpochMs, purpose: OrderPurpose): EpochMs {
  const most = purpose === "EXIT" ? ORDERS_PER_SECOND_MAX : ENTRIES_PER_SECOND_MAX;
  // With so few remembered no second can hold too many.
  if (releases.length < most) return now;
  // The count in a window only falls when one that is in it has passed a second, so these are all the instants to try.
  const candidates = [now, ...releases.map((at) => epochMs(at + WINDOW_MS)).filter((at) => at > now)];
  for (const at of candidates) {
    if (fits(releases, at, most)) return at;
  }
  return candidates.at(-1) ?? now;
}

/** Whether every second that would contain it holds at most `most` with it. */
function fits(releases: readonly EpochMs[], at: EpochMs, most: number): boolean {
  const near = releases.filter((other) => other > at - WINDOW_MS && other < at + WINDOW_MS);
  const starts = [...near.filter((other) => other <= at), at];
  return starts.every((start) => {
    const within = near.filter((other) => other >= start && other < start + WINDOW_MS).length;
    return within + 1 <= most;
  });
}

/** The instants to remember after one more: those that a request from `now` on could still share a second with. */
export const releasesAfter = (releases: readonly EpochMs[], added: EpochMs, now: EpochMs): readonly EpochMs[] =>
  [...releases.filter((at) => at > now - WINDOW_MS), added].sort((one, other) => one - other);
