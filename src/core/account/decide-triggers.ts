// What a price level that was reached leads to. An id that is not registered any more is stale and leads to nothing.
import type { InstrumentId } from "../instrument/contract.ts";
import { type Paise, paise } from "../kernel/money.ts";
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
  { atMs, fired, prices = [] }: Extract<Command, { readonly type: "FIRE_TRIGGERS" }>,
): Decision {
  const draft = new Draft(state, atMs);
  const raised = new Map<InstrumentId, ExitPlan>();
  for (const { triggerId, price } of fired) {
    const trade = draft.state.openTrades[price.instrumentId];
    const trigger = trade?.triggers.find((registered) => registered.triggerId === triggerId);
    if (trade === undefined || trigger === undefined) continue;
    const { instrumentId, kind } = trigger;
    const pricePaise = price.bidPaise ?? price.lastPaise ?? trigger.levelPaise;
    draft.push({ type: "TRIGGER_FIRED", atMs, instrumentId, triggerId, kind, pricePaise });
    if (kind === "TRAIL_STEP") raiseStop(raised, trade, trigger, pricePaise);
    else if (kind !== "LOSS_GUARD") leave(draft, trade, trigger, price);
  }
  if (draft.events.length === 0) return ok([]);
  const known = knownPrices(draft.state, [...fired.map(({ price }) => price), ...prices]);
  if (!enforceLossLimit(draft, known)) syncTriggers(draft, known, raised);
  return ok(draft.events);
}

function leave(draft: Draft, trade: OpenTrade, { instrumentId, kind }: PriceTrigger, price: PriceView): void {
  if (kind === "TARGET") {
    exitPosition(draft, instrumentId, { reason: "TARGET", price });
    return;
  }
  const attempts = exitsSinceOpened(draft.state, trade.position.contract).length;
  const reason = liquidationReason(draft.state, trade) ?? trade.exitPlan?.stopReason ?? "STOP";
  exitPosition(draft, instrumentId, {
    reason,
    price,
    band: attempts >= NARROW_ATTEMPTS ? WIDE_EXIT_BAND : EXIT_BAND,
  });
}

/** Raises the stop once for every step that the price has gone beyond the trailing level, up to the target. */
function raiseStop(
  raised: Map<InstrumentId, ExitPlan>,
  { exitPlan }: OpenTrade,
  { instrumentId }: PriceTrigger,
  pricePaise: Paise,
): void {
  if (exitPlan === null) return;
  const { trailFromPaise, trailStepPaise, stopPaise, targetPaise } = exitPlan;
  const beyondPaise = Math.max(0, Math.min(pricePaise, targetPaise) - trailFromPaise);
  const steps = Math.floor(beyondPaise / trailStepPaise) + 1;
  raised.set(instrumentId, {
    ...exitPlan,
    stopPaise: paise(stopPaise + steps * trailStepPaise),
    trailFromPaise: paise(trailFromPaise + steps * trailStepPaise),
    stopReason: "TRAILING_STOP",
  });
}

/** What is not quoted now is taken at the price its own trigger last fired at: older, but better than nothing. */
function knownPrices(state: AccountState, prices: readonly PriceView[]): readonly PriceView[] {
  const quoted = new Set(prices.map((price) => price.instrumentId));
  const remembered = Object.values(state.openTrades).flatMap(({ position, lastExitPaise }): PriceView[] => {
    const { instrumentId } = position.contract;
    if (lastExitPaise === undefined || quoted.has(instrumentId)) return [];
    const bidPaise = position.netUnits > 0 ? lastExitPaise : null;
    return [
      {
        instrumentId,
        bidPaise,
        askPaise: null,
        lastPaise: lastExitPaise,
        quotedAtMs: state.lastEventMs,
        staleAfterMs: 0,
      },
    ];
  });
  return [...prices, ...remembered];
}
