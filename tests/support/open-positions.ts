// Positions put into an account as its journal would hold them, long or short, without the way there.

import type { AccountEvent } from "../../src/core/account/event.ts";
import { evolve } from "../../src/core/account/evolve.ts";
import type { OptionContract } from "../../src/core/instrument/contract.ts";
import { paise, valuePaise } from "../../src/core/kernel/money.ts";
import { type AccountUnderTest, id, NOON, someTerms } from "./builders.ts";

let made = 0;

/** Bought for more than zero units, sold short for fewer. */
export function hold(account: AccountUnderTest, contract: OptionContract, units: number, pricePaise: number): void {
  made += 1;
  const clientOrderId = id(`held-${made}`);
  const [quantityUnits, price] = [Math.abs(units), paise(pricePaise)];
  const events: AccountEvent[] = [
    {
      type: "ORDER_SUBMITTED",
      atMs: NOON,
      terms: someTerms({
        clientOrderId,
        contract,
        side: units > 0 ? "BUY" : "SELL",
        quantityUnits,
        limitPricePaise: price,
      }),
      reservedPaise: valuePaise(price, quantityUnits),
      exitPlanMove: null,
    },
    {
      type: "ORDER_FILLED",
      atMs: NOON,
      clientOrderId,
      fill: {
        executionId: `held-${made}-1`,
        clientOrderId,
        venueOrderId: `V-held-${made}`,
        units: quantityUnits,
        pricePaise: price,
        atMs: NOON,
        modelled: false,
      },
      realisedPaise: paise(0),
      closedCostPaise: paise(0),
      accruedChargesPaise: paise(0),
      exitPlan: null,
    },
  ];
  for (const event of events) account.state = evolve(account.state, event);
  account.events.push(...events);
}
