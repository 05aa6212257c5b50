// Which day's books something belongs to.
import type { AccountState } from "../account/state.ts";
import { type EpochMs, istDateOf, type MarketDate } from "../kernel/time.ts";

/** The trading day that is under way; outside one, the calendar date of the event. */
export const bookingDate = ({ day }: AccountState, atMs: EpochMs): MarketDate =>
  day === null || day.status === "CLOSED" ? istDateOf(atMs) : day.date;
