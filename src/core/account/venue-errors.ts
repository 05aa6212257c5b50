// A burst of rejections and unanswered orders says that the venue, or our way of talking to it, is broken: trading on would only
// make more of them (§7.2). Counted from the day's orders, so that nothing has to be remembered beside them.
import { formatIstTime } from "../kernel/time.ts";
import type { Order } from "../order/order.ts";
import { tripBySystem } from "./decide-breaker.ts";
import type { Draft } from "./draft.ts";

export const VENUE_ERRORS_MAX = 5;
export const VENUE_ERRORS_WINDOW_MS = 60_000;

/** Facts about the market, not faults of the venue. */
export const VENUE_FACTS: readonly string[] = ["MARKET_CLOSED", "NO_QUOTE", "PLATFORM_HALTED", "UNDERLYING_HALTED"];

/** Asked after reports: trips the account's breaker when one of them completes a burst. */
export function enforceVenueErrors(draft: Draft): void {
  if (!draft.events.some(({ type }) => type === "ORDER_REJECTED" || type === "ORDER_OUTCOME_UNKNOWN")) return;
  const { state, atMs } = draft;
  const sinceMs = Math.max(atMs - VENUE_ERRORS_WINDOW_MS, state.breakers?.ACCOUNT?.resetAtMs ?? 0);
  const errors = Object.values(state.orders).filter((order) => isError(order) && order.updatedAtMs >= sinceMs).length;
  if (errors < VENUE_ERRORS_MAX) return;
  const detail = `${errors} orders were rejected or not answered since ${formatIstTime(sinceMs as Draft["atMs"])}`;
  const evidence = { limit: VENUE_ERRORS_MAX, value: errors, unit: "ORDERS", detail } as const;
  tripBySystem(draft, "ACCOUNT", "VENUE_ERRORS", evidence, []);
}

const isError = ({ status, rejectReason }: Order): boolean =>
  status === "UNKNOWN" || (status === "REJECTED" && !VENUE_FACTS.includes(rejectReason ?? ""));
