// How many sets of a strategy's legs an account takes: what the definition wishes, under everything that binds any entry. What
// one set needs is the premium of what is bought, at its protection price, and the margin of what is sold.

import { alertOf } from "../compliance/restriction.ts";
import type { Underlying } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { bpsOf, minPaise, type Paise, paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import { ENTRY_BAND, protectionPaise } from "../order/protection-price.ts";
import type { ListLeg } from "../order-list/order-list.ts";
import { slicedUnitsMax } from "../order-list/slices.ts";
import { orderUnitsMax } from "../risk/check.ts";
import { effectiveLimits } from "../risk/effective-limits.ts";
import { exposureOf } from "../risk/exposure.ts";
import { lossLeftPaise, worstLossPaise } from "../risk/list-loss.ts";
import type { StrategyIntent } from "../strategy/definition/context.ts";
import { entryLots, sizedUnder } from "../strategy/sizing.ts";
import type { PriceView } from "./command.ts";
import { withMargin } from "./decide-list.ts";
import type { AccountState } from "./state.ts";

type Enter = Extract<StrategyIntent, { readonly action: "ENTER" }>;

/** The legs of one set, each with its protection price and margin. */
export function wantedLegs({ legs }: Enter, prices: readonly PriceView[], atMs: EpochMs): readonly ListLeg[] {
  return withMargin(
    legs.map(({ contract, side, ratio, pricePaise }) => {
      const price = prices.find(({ instrumentId }) => instrumentId === contract.instrumentId) ?? null;
      const protection = price === null ? null : protectionPaise(side, price, contract.tickSizePaise, ENTRY_BAND);
      return {
        contract,
        side,
        type: "MARKET" as const,
        timeInForce: "IOC" as const,
        quantityUnits: ratio * contract.lotSize,
        limitPricePaise: protection ?? pricePaise,
        bidPaise: price?.bidPaise ?? null,
        askPaise: price?.askPaise ?? null,
      };
    }),
    prices,
    atMs,
  );
}

/** 0 when not even one set fits. */
export function wantedSets(
  state: AccountState,
  underlying: Underlying,
  intent: Enter,
  legs: readonly ListLeg[],
  prices: readonly PriceView[],
): number {
  const limits = effectiveLimits(required(state.profile, "an open account"));
  const { buyingPowerPaise, leveragedPaise } = exposureOf(state);
  const needPaise = needOfSet(legs);
  const isAlone = legs.length === 1;
  const orderValueMaxPaise = Math.min(limits.orderValueMaxPaise.limit, limits.positionSizeMaxPaise.limit);
  const valuePaise = legs.reduce((sum, leg) => sum + leg.limitPricePaise * leg.quantityUnits, 0);
  const affordable = Math.min(
    Math.floor(buyingPowerPaise / needPaise),
    Math.floor(orderValueMaxPaise / Math.max(1, valuePaise)),
  );
  const sendable = Math.min(
    ...legs.map(({ contract, quantityUnits }) =>
      Math.floor((isAlone ? orderUnitsMax({ contract }) : slicedUnitsMax(contract)) / quantityUnits),
    ),
  );
  const asWished = wished(state, underlying, intent, legs, { needPaise, leveragedPaise });
  const day = required(state.day, "a day");
  const isWarned = legs.some(({ contract }) => alertOf(day.restrictions, day.date, contract) !== undefined);
  const lossMaxPaise = isAlone ? null : worstLossPaise(legs);
  const bearable =
    lossMaxPaise === null ? sendable : Math.floor(lossLeftPaise(state, prices) / Math.max(1, lossMaxPaise));
  return sizedUnder(isWarned, Math.max(0, Math.min(asWished, affordable, sendable, bearable)));
}

function wished(
  state: AccountState,
  underlying: Underlying,
  { sizing, legs: chosen, plan }: Enter,
  legs: readonly ListLeg[],
  { needPaise, leveragedPaise }: { readonly needPaise: number; readonly leveragedPaise: Paise },
): number {
  switch (sizing.by) {
    case "LOTS":
      return sizing.lots;
    case "CAPITAL_BPS":
      return Math.floor(bpsOf(leveragedPaise, sizing.bps, "FLOOR") / needPaise);
    case "RISK_BPS": {
      const [first] = chosen;
      const perUnit = first?.plan?.stopPaise ?? null;
      const lossPaise =
        chosen.length > 1 || perUnit === null ? plan?.stop?.value : perUnit * (legs[0]?.quantityUnits ?? 1);
      return Math.floor(bpsOf(ownCapitalPaise(state), sizing.bps, "FLOOR") / Math.max(1, lossPaise ?? needPaise));
    }
    case "ALLOCATION": {
      const day = required(state.day, "a day");
      const limits = effectiveLimits(required(state.profile, "an open account"));
      return entryLots({
        underlying,
        buyingPowerPaise: leveragedPaise,
        capitalPaise: ownCapitalPaise(state),
        capacityBps: day.capacityBps,
        vixCenti: day.vixCenti,
        // A set as if it were one unit: its need is its price.
        entryPricePaise: paise(needPaise),
        lotSize: 1,
        // The value of the order is looked at beside it.
        orderValueMaxPaise: paise(Number.MAX_SAFE_INTEGER),
        openTradesMax: limits.openTradesMax.limit,
      });
    }
  }
}

const needOfSet = (legs: readonly ListLeg[]): number =>
  Math.max(
    1,
    legs.reduce(
      (sum, { side, limitPricePaise, quantityUnits, marginPaise }) =>
        sum + (side === "BUY" ? limitPricePaise * quantityUnits : Math.max(0, marginPaise)),
      0,
    ),
  );

/** What may be lost is a share of money that is really there. */
export const ownCapitalPaise = (state: AccountState): Paise =>
  minPaise(exposureOf(state).equityPaise, required(state.profile, "an open account").capitalPaise);
