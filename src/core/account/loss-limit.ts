// What happens when the day's loss limit is reached or its drawdown is beyond 2.5 %: nothing new, and everything that is open is
// closed (RSK-04, RSK-06, RSK-07). One place for both, asked wherever a price or a fill may have changed the day's result.
import { formatRupees } from "../kernel/money.ts";
import { byInstrument, dayLossPaise, isLossLimitReached, openResultPaise } from "../risk/daily-loss.ts";
import { drawdownOf, isDrawdownBreached } from "../risk/drawdown.ts";
import { effectiveLimits } from "../risk/effective-limits.ts";
import type { PriceView } from "./command.ts";
import { tripBySystem } from "./decide-breaker.ts";
import type { Draft } from "./draft.ts";

/** Returns whether a limit was reached by this. */
export function enforceLossLimit(draft: Draft, prices: readonly PriceView[]): boolean {
  const { state, atMs } = draft;
  if (state.tradingState !== "ACTIVE") return false;
  return enforceDailyLoss(draft, atMs, prices) || enforceDrawdown(draft, prices);
}

function enforceDailyLoss(draft: Draft, atMs: Draft["atMs"], prices: readonly PriceView[]): boolean {
  const { state } = draft;
  if (!isLossLimitReached(state, prices)) return false;
  // Before anything is lost there is nothing to stop, even where the limit is zero.
  const lossPaise = dayLossPaise(state, prices);
  if (lossPaise === 0) return false;
  const reason = `the day has lost ${formatRupees(lossPaise)}, the limit is reached`;
  draft.push({ type: "TRADING_STATE_CHANGED", atMs, state: "REDUCING", reason });
  const limit = state.profile === null ? null : effectiveLimits(state.profile).dailyLossMaxPaise.limit;
  const evidence = { limit, value: lossPaise, unit: "PAISE", detail: reason } as const;
  tripBySystem(draft, "ACCOUNT", "DAILY_LOSS", evidence, prices);
  return true;
}

/** Only by prices: what counts at its cost would look like a fall from a peak that was seen at a price. */
function enforceDrawdown(draft: Draft, prices: readonly PriceView[]): boolean {
  const open = Object.values(draft.state.openTrades);
  if (!open.every(({ position }) => openResultPaise(position, byInstrument(prices)) !== null)) return false;
  const drawdown = drawdownOf(draft.state, prices);
  if (drawdown === null) return false;
  const { peakPaise, equityPaise, drawdownPaise, limitPaise, peakResultPaise } = drawdown;
  if (peakResultPaise > (draft.state.day?.peakResultPaise ?? 0)) {
    draft.push({ type: "EQUITY_PEAKED", atMs: draft.atMs, resultPaise: peakResultPaise, peakPaise });
  }
  if (!isDrawdownBreached(peakPaise, equityPaise)) return false;
  const detail = `equity is ${formatRupees(drawdownPaise)} below the day's peak of ${formatRupees(peakPaise)}`;
  const evidence = { limit: limitPaise, value: drawdownPaise, unit: "PAISE", detail } as const;
  return tripBySystem(draft, "ACCOUNT", "DRAWDOWN", evidence, prices);
}
