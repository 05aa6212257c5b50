// What a price level that was reached leads to. An id that is not registered any more is stale and leads to nothing.
import type { InstrumentId } from "../instrument/contract.ts";
import { ZERO_PAISE } from "../kernel/money.ts";
import { ok } from "../kernel/result.ts";
import { epochMs } from "../kernel/time.ts";
import type { ExitReason } from "../order/order.ts";
import { EXIT_BAND, WIDE_EXIT_BAND } from "../order/protection-price.ts";
import { believedExitPaise, doubtLeftMs } from "../risk/believed-price.ts";
import { advanceLists } from "./advance-lists.ts";
import type { Command, PriceView } from "./command.ts";
import type { Decision } from "./decide.ts";
import { enforceGroups } from "./decide-exit-groups.ts";
import { reenter } from "./decide-reentry.ts";
import { Draft } from "./draft.ts";
import { exitPricePaise, gainDirectionOf, planAfter } from "./exit-levels.ts";
import { exitPosition, requestCancel, restingExits, wholeExitsSinceOpened } from "./exit-orders.ts";
import { knownPrices } from "./known-prices.ts";
import { enforceLossLimit } from "./loss-limit.ts";
import { partsToGive } from "./scale-out.ts";
import type { AccountState, ExitPlan, OpenTrade, PriceTrigger } from "./state.ts";
import { liquidationReason, reasonOfList, syncTriggers } from "./trigger-levels.ts";

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
    if (trade === undefined || trigger === undefined) reenter(draft, triggerId, price);
    else follow(draft, trade, trigger, price, raised);
  }
  if (draft.events.length === 0) return ok([]);
  const known = knownPrices(draft.state, [...fired.map(({ price }) => price), ...prices]);
  advanceLists(draft, known);
  if (!enforceLossLimit(draft, known)) {
    enforceGroups(draft, known);
    syncTriggers(draft, known, raised);
  }
  return ok(draft.events);
}

function follow(
  draft: Draft,
  trade: OpenTrade,
  trigger: PriceTrigger,
  price: PriceView,
  raised: Map<InstrumentId, ExitPlan>,
): void {
  const { instrumentId, triggerId, kind } = trigger;
  const { position, exitPlan } = trade;
  const seenPaise = exitPricePaise(position, price);
  const pricePaise = seenPaise ?? (kind === "TIMER" || kind === "DOUBT_ENDS" ? ZERO_PAISE : trigger.levelPaise);
  const countedPaise = believedExitPaise(position, price) ?? pricePaise;
  const doubtedUntilMs = epochMs(draft.atMs + doubtLeftMs(position, price));
  const believed = countedPaise === pricePaise ? {} : { believedPaise: countedPaise, doubtedUntilMs };
  draft.push({ type: "TRIGGER_FIRED", atMs: draft.atMs, instrumentId, triggerId, kind, pricePaise, ...believed });
  switch (kind) {
    case "TRAIL_STEP":
      // The trade's plan may have been tightened by another trigger of this moment.
      if (exitPlan !== null) raised.set(instrumentId, planAfter(exitPlan, countedPaise, gainDirectionOf(position)));
      return;
    case "TARGET":
      exitPosition(draft, instrumentId, { reason: "TARGET", price });
      return;
    case "SCALE_OUT": {
      const part = partsToGive(draft.state, trade).find(({ pricePaise: ofPart }) => ofPart === trigger.levelPaise);
      if (part !== undefined) exitPosition(draft, instrumentId, { reason: "TARGET", price, part });
      return;
    }
    case "STOP":
      // A list that is being left gives its legs back in their order; it is asked right after this.
      if (reasonOfList(draft.state, trade) !== null && draft.state.tradingState === "ACTIVE") return;
      leave(draft, trade, liquidationReason(draft.state, trade) ?? exitPlan?.stopReason ?? "STOP", price);
      return;
    case "TIMER":
      // A clock that runs ahead leaves nothing early: the timer is set anew.
      if (trigger.dueMs === undefined || trigger.dueMs > draft.atMs) return;
      leave(draft, trade, liquidationReason(draft.state, trade) ?? "TIME", price);
      return;
    default:
      // Guards: the account's and the groups' results are looked at once all that fired is known.
      return;
  }
}

function leave(draft: Draft, { position }: OpenTrade, reason: ExitReason, price: PriceView): void {
  const attempts = wholeExitsSinceOpened(draft.state, position.contract).length;
  // What rests in the book is in the way; once it is out the level, which stays, gives that part as well.
  for (const order of restingExits(draft.state, position.contract)) requestCancel(draft, order);
  exitPosition(draft, position.contract.instrumentId, {
    reason,
    price,
    band: attempts >= NARROW_ATTEMPTS ? WIDE_EXIT_BAND : EXIT_BAND,
  });
}
