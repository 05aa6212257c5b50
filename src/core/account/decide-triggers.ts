// What a price level that was reached leads to. An id that is not registered any more is stale and leads to nothing.
import { paise } from "../kernel/money.ts";
import { ok } from "../kernel/result.ts";
import { EXIT_BAND, WIDE_EXIT_BAND } from "../order/protection-price.ts";
import type { Command, PriceView } from "./command.ts";
import type { Decision } from "./decide.ts";
import { Draft } from "./draft.ts";
import { exitPosition, exitsSinceOpened } from "./exit-orders.ts";
import { enforceLossLimit } from "./loss-limit.ts";
import type { AccountState, ExitPlan, OpenTrade, PriceTrigger } from "./state.ts";
import { liquidationReason, syncTriggers } from "./trigger-levels.ts";

/** After this many exits of a position have failed the protection gives way. */
const NARROW_ATTEMPTS = 2;

export function fireTriggers(
  state: AccountState,
  { atMs, fired }: Extract<Command, { readonly type: "FIRE_TRIGGERS" }>,
): Decision {
  const draft = new Draft(state, atMs);
  for (const { triggerId, price } of fired) {
    const trade = draft.state.openTrades[price.instrumentId];
    const trigger = trade?.triggers.find((registered) => registered.triggerId === triggerId);
    if (trade !== undefined && trigger !== undefined) react(draft, trade, trigger, price);
  }
  if (draft.events.length === 0) return ok([]);
  const prices = fired.map(({ price }) => price);
  if (!enforceLossLimit(draft, prices)) syncTriggers(draft, prices);
  return ok(draft.events);
}

function react(draft: Draft, trade: OpenTrade, trigger: PriceTrigger, price: PriceView): void {
  const { instrumentId, triggerId, kind } = trigger;
  const pricePaise = price.bidPaise ?? price.lastPaise ?? trigger.levelPaise;
  draft.push({ type: "TRIGGER_FIRED", atMs: draft.atMs, instrumentId, triggerId, kind, pricePaise });
  switch (kind) {
    case "STOP": {
      const attempts = exitsSinceOpened(draft.state, trade.position.contract).length;
      const reason = liquidationReason(draft.state, trade) ?? trade.exitPlan?.stopReason ?? "STOP";
      const band = attempts >= NARROW_ATTEMPTS ? WIDE_EXIT_BAND : EXIT_BAND;
      exitPosition(draft, instrumentId, { reason, price, band });
      return;
    }
    case "TARGET":
      exitPosition(draft, instrumentId, { reason: "TARGET", price });
      return;
    case "TRAIL_STEP": {
      const left = draft.state.openTrades[instrumentId];
      if (left?.exitPlan) {
        const exitPlan = raised(left.exitPlan, pricePaise);
        draft.push({ type: "TRIGGERS_SET", atMs: draft.atMs, instrumentId, triggers: left.triggers, exitPlan });
      }
      return;
    }
    case "LOSS_GUARD":
      // The limit is looked at once, when all prices of this moment are known.
      return;
  }
}

/** Raises the stop once for every step that the price has gone beyond the trailing level. */
function raised(plan: ExitPlan, pricePaise: number): ExitPlan {
  const { trailFromPaise, trailStepPaise, stopPaise } = plan;
  const steps = Math.floor((pricePaise - trailFromPaise) / trailStepPaise) + 1;
  const movePaise = steps * trailStepPaise;
  return {
    ...plan,
    stopPaise: paise(stopPaise + movePaise),
    trailFromPaise: paise(trailFromPaise + movePaise),
    stopReason: "TRAILING_STOP",
  };
}
