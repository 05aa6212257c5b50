// What an account has to know prices of: everything it holds, and when.
import type { OptionContract } from "../instrument/contract.ts";
import type { PriceView } from "./command.ts";
import type { AccountState, PriceTrigger } from "./state.ts";

export const heldContracts = (state: AccountState): readonly OptionContract[] =>
  Object.values(state.openTrades).map((trade) => trade.position.contract);

const GUARDS: ReadonlySet<PriceTrigger["kind"]> = new Set([
  "LOSS_GUARD",
  "GROUP_FALL",
  "GROUP_RISE",
  "DOUBT_CHANGES",
  "DOUBT_ENDS",
]);

/** Then the results it guards must be exact, and everything else that is held needs its price. */
export const hasGuardFired = (
  fired: readonly { readonly triggerId: string; readonly price: PriceView }[],
  state: AccountState,
): boolean =>
  fired.some(({ triggerId, price }) =>
    state.openTrades[price.instrumentId]?.triggers.some(
      (trigger) => trigger.triggerId === triggerId && GUARDS.has(trigger.kind),
    ),
  );
