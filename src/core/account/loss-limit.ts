// What happens when the day's loss limit is reached: nothing new, and everything that is open is closed (RSK-06, RSK-07).
import { formatRupees } from "../kernel/money.ts";
import { dayLossPaise, isLossLimitReached } from "../risk/daily-loss.ts";
import type { PriceView } from "./command.ts";
import { closeEverything } from "./decide-liquidation.ts";
import type { Draft } from "./draft.ts";

/** Returns whether the limit was reached by this. */
export function enforceLossLimit(draft: Draft, prices: readonly PriceView[]): boolean {
  const { state, atMs } = draft;
  if (state.tradingState !== "ACTIVE" || !isLossLimitReached(state, prices)) return false;
  // Before anything is lost there is nothing to stop, even where the limit is zero.
  const lossPaise = dayLossPaise(state, prices);
  if (lossPaise === 0) return false;
  const reason = `the day has lost ${formatRupees(lossPaise)}, the limit is reached`;
  draft.push({ type: "TRADING_STATE_CHANGED", atMs, state: "REDUCING", reason });
  closeEverything(draft, "DAILY_LOSS", prices);
  return true;
}
