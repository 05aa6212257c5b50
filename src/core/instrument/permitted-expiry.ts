// Up to which expiry an underlying may be traded on a date (CMP-03): the last expiry of the month. On that day itself, and
// only then, the next month's. An underlying or a date the calendar does not know permits nothing (C-50).
import { addDays, type MarketDate } from "../kernel/time.ts";
import type { Underlying } from "./contract.ts";
import { expiryKindOf, nextExpiriesOf } from "./expiry-calendar.ts";

/** Enough to reach past the end of the next month. */
const EXPIRIES_AHEAD = 12;

const known = new Map<string, MarketDate | null>();

export function permittedExpiryOf(underlying: Underlying, date: MarketDate): MarketDate | null {
  const key = `${underlying}/${date}`;
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const permitted =
    nextExpiriesOf(underlying, addDays(date, 1), EXPIRIES_AHEAD).find(
      (expiry) => expiryKindOf(underlying, expiry) === "LAST_OF_MONTH",
    ) ?? null;
  if (known.size >= 1_000) known.clear();
  known.set(key, permitted);
  return permitted;
}
