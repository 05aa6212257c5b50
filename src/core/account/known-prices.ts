// The best that is known of what is held: what is not quoted now is taken at the price its own trigger last fired at, which is
// older, but better than nothing.
import type { PriceView } from "./command.ts";
import type { AccountState } from "./state.ts";

export function knownPrices(state: AccountState, prices: readonly PriceView[]): readonly PriceView[] {
  const quoted = new Set(prices.map((price) => price.instrumentId));
  const remembered = Object.values(state.openTrades).flatMap(({ position, lastExitPaise }): PriceView[] => {
    const { instrumentId } = position.contract;
    if (lastExitPaise === undefined || quoted.has(instrumentId)) return [];
    const isShort = position.netUnits < 0;
    return [
      {
        instrumentId,
        bidPaise: isShort ? null : lastExitPaise,
        askPaise: isShort ? lastExitPaise : null,
        lastPaise: lastExitPaise,
        quotedAtMs: state.lastEventMs,
        staleAfterMs: 0,
      },
    ];
  });
  return remembered.length === 0 ? prices : [...prices, ...remembered];
}
