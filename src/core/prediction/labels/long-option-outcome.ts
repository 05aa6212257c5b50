// Whether a directional view, traded as the product trades it, made money: the option it would choose, bought one bar after the
// cycle's start, left by the product's exit plan, after spread, slippage and every charge. Premiums are the model's.

import { planAfter } from "../../account/exit-levels.ts";
import type { ExitPlan } from "../../account/state.ts";
import { assert } from "../../kernel/assert.ts";
import { type Paise, paise, valuePaise } from "../../kernel/money.ts";
import { type EpochMs, epochMs, MS_PER_MINUTE } from "../../kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../market/bars.ts";
import { exitPlanMoveFor } from "../../strategy/exit-plan.ts";
import { UNKNOWN_LABEL } from "../dataset.ts";
import { HORIZON_MS, RULE_EVENT } from "../rule-event.ts";
import { barAfter, type LabelMoment, viewEndMs } from "./label-moment.ts";
import { chooseLongOption, type LongOptionChoice } from "./long-option-choice.ts";
import { OptionOnPath } from "./option-on-path.ts";
import { orderChargesPaise, roundTripChargesPaise, slippagePaise } from "./trade-costs.ts";

/** Signals are made in the second minute of a cycle; the first window opens in the third, so the first bar's end is the fill. */
const SIGNAL_DELAY_MS = MS_PER_MINUTE;
/** One lot of a large account: the share of capital that one trade may lose draws no stop nearer. */
const AMPLE_CAPITAL = paise(1_000_000_000_00);

export interface LongOptionTrade {
  readonly choice: LongOptionChoice;
  readonly entryPaise: number;
  readonly exitPaise: number;
  readonly exitMs: EpochMs;
  /** Of one lot, after all charges. */
  readonly netPaise: Paise;
}

/** 1: made money. 0: did not. Unknown where the product would not have traded, or bars, VIX or ATR are missing. */
export function longOptionOutcome(moment: LabelMoment, direction: "BULLISH" | "BEARISH"): number {
  const trade = longOptionTrade(moment, direction);
  if (trade === null) return UNKNOWN_LABEL;
  return trade.netPaise > 0 ? 1 : 0;
}

export function longOptionTrade(moment: LabelMoment, direction: "BULLISH" | "BEARISH"): LongOptionTrade | null {
  const { path, atMs, spotPaise, atrPaise, vixCenti } = moment;
  const entryAt = barAfter(moment, 0);
  const endMs = viewEndMs(path.date, atMs, HORIZON_MS);
  if (entryAt < 0 || atrPaise === null || atrPaise < 1 || vixCenti === null || endMs === null) return null;
  const targetMovePaise = paise(Math.round(RULE_EVENT.targetAtr * atrPaise));
  const choice = chooseLongOption({
    underlying: path.underlying,
    date: path.date,
    atMs: epochMs(atMs + SIGNAL_DELAY_MS),
    direction,
    spotPaise: paise(spotPaise),
    vixCenti,
    targetMovePaise,
  });
  if (choice === null) return null;
  const option = new OptionOnPath(choice.contract, path);
  const entryPaise = option.ask(entryAt, path.bars.closePaise[entryAt] as number) + slippagePaise(choice.contract);
  if (Number.isNaN(entryPaise)) return null;
  const move = exitPlanMoveFor({
    signal: {
      choice,
      targetMovePaise,
      stopMovePaise: paise(Math.round(RULE_EVENT.stopAtr * atrPaise)),
      expiresAtMs: endMs,
    },
    entryPricePaise: paise(entryPaise),
    units: choice.contract.lotSize,
    capitalPaise: AMPLE_CAPITAL,
    vixCenti,
    roundTripChargesPaise: roundTripChargesPaise(path.date, choice.contract, entryPaise),
  });
  const plan: ExitPlan = {
    stopPaise: paise(Math.max(choice.contract.tickSizePaise, entryPaise - move.stopPaise)),
    targetPaise: paise(entryPaise + move.targetPaise),
    trailFromPaise: paise(entryPaise + move.trailFromPaise),
    trailStepPaise: move.trailStepPaise,
    timeExitMs: endMs,
    stopReason: "STOP",
  };
  const exit = followPlan(moment, option, plan, endMs);
  if (exit === null) return null;
  const exitPaise = Math.max(0, exit.pricePaise - slippagePaise(choice.contract));
  const { lotSize } = choice.contract;
  const netPaise = paise(
    valuePaise(paise(exitPaise - entryPaise), lotSize) -
      orderChargesPaise(path.date, choice.contract, "BUY", entryPaise) -
      orderChargesPaise(path.date, choice.contract, "SELL", exitPaise),
  );
  return { choice, entryPaise, exitPaise, exitMs: exit.atMs, netPaise };
}

/**
 * The first exit of a plan along the bars after the entry; null where one is missing before it. Of a bar only four prices are
 * known. They are taken in the order that flatters least: the open, then the extreme against the trade, then the one for it,
 * then the close; all at the time left at the bar's end.
 */
function followPlan(
  moment: LabelMoment,
  option: OptionOnPath,
  startingPlan: ExitPlan,
  endMs: EpochMs,
): { readonly pricePaise: number; readonly atMs: EpochMs } | null {
  const { bars } = moment.path;
  const isCall = option.contract.optionType === "CALL";
  let plan = startingPlan;
  for (let after = 1; ; after += 1) {
    const at = barAfter(moment, after);
    if (at < 0) return null;
    const atMs = epochMs((bars.startMs[at] as number) + BAR_INTERVAL_MS);
    const bidAt = (prices: Float64Array): number => option.bid(at, prices[at] as number);
    const close = bidAt(bars.closePaise);
    if (Number.isNaN(close)) return null;
    const { stopPaise, targetPaise } = plan;
    assert(stopPaise !== null && targetPaise !== null, "the plan has a stop and a target");
    if (bidAt(isCall ? bars.lowPaise : bars.highPaise) <= stopPaise) {
      return { pricePaise: Math.min(stopPaise, bidAt(bars.openPaise)), atMs };
    }
    const best = bidAt(isCall ? bars.highPaise : bars.lowPaise);
    if (best >= targetPaise) return { pricePaise: targetPaise, atMs };
    plan = planAfter(plan, paise(best), 1);
    if (plan.stopPaise !== null && close <= plan.stopPaise) return { pricePaise: plan.stopPaise, atMs };
    if (atMs >= endMs) return { pricePaise: close, atMs };
  }
}
