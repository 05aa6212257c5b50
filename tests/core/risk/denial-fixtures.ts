// One order against one account, varied in what a rule looks at, and the denial that comes of it.
import type { PriceView } from "../../../src/core/account/command.ts";
import type { AccountState, DayState, OpenTrade } from "../../../src/core/account/state.ts";
import { paise, ZERO_PAISE } from "../../../src/core/kernel/money.ts";
import type { OrderTerms } from "../../../src/core/order/order.ts";
import { checkOrder, type MarketAtCheck } from "../../../src/core/risk/check.ts";
import { anAccount, aPrice, aProfile, NIFTY_CALL, NOON, someTerms } from "../../support/builders.ts";

export const fresh = anAccount().state;

export interface Given {
  readonly state?: AccountState;
  readonly terms?: Partial<OrderTerms>;
  readonly price?: Partial<PriceView> | null;
  readonly market?: Partial<MarketAtCheck>;
  readonly now?: typeof NOON;
}
export const checked = ({ state = fresh, terms = {}, price = {}, market = {}, now = NOON }: Given) =>
  checkOrder(
    state,
    someTerms(terms),
    {
      product: "INTRADAY",
      price: price === null ? null : aPrice({ quotedAtMs: now, ...price }),
      heldPrices: [],
      ...market,
    },
    now,
  );
export const denialOf = (given: Given) => {
  const result = checked(given);
  return result.ok ? null : result.error;
};
export const plain = (code: string, field: string, detail: string) => ({
  code,
  field,
  limit: null,
  value: null,
  unit: null,
  detail,
});
export const withDay = (change: Partial<DayState>, state = fresh): AccountState => ({
  ...state,
  day: { ...(state.day as DayState), ...change },
});
export const withProfile = (change: object, state = fresh): AccountState => ({
  ...state,
  profile: { ...aProfile(), ...state.profile, ...change },
});
export const holding = (contract = NIFTY_CALL, netUnits = 75, change: Partial<OpenTrade> = {}): AccountState => ({
  ...fresh,
  openTrades: {
    ...fresh.openTrades,
    [contract.instrumentId]: {
      position: {
        contract,
        netUnits,
        costPaise: paise(50_00 * netUnits),
        realisedPaise: ZERO_PAISE,
        openedAtMs: NOON,
      },
      signalId: null,
      cycleId: null,
      exitPlan: null,
      triggers: [],
      ...change,
    },
  },
});
export const SELL_OUT = { side: "SELL", purpose: "EXIT", exitReason: "REQUEST" } as const;
