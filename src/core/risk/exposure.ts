// What an account has at stake and what it may still put at stake, on the platform's books. Buying draws cash down: it may
// fall below zero, but never by more than leverage lends, because exposure is bounded by equity and not by cash.
//
//   equity       = cash + cost of what is open − accrued charges not yet settled − pay-outs under way
//   exposure     = cost of longs + margin of shorts + what is reserved for entries and lists under way
//   exposure max = min(equity, capital level, ₹15 lakh) × leverage, at most ₹50 lakh, × the VIX band's capacity
//   buying power = exposure max − exposure, at least 0
import { exposureMaxPaise } from "../account/category.ts";
import { reservedByLists } from "../account/lists.ts";
import type { AccountState } from "../account/state.ts";
import { isDueAgain } from "../funds/attempts.ts";
import type { TransferKind } from "../funds/transfer.ts";
import { isTransferSettled } from "../funds/transfer-status.ts";
import {
  addPaise,
  maxPaise,
  minPaise,
  mulDivFloor,
  type Paise,
  paise,
  subtractPaise,
  sumPaise,
  ZERO_PAISE,
} from "../kernel/money.ts";
import { openSummary } from "./open-trades.ts";
import { workingOrders } from "./working-orders.ts";

export interface Exposure {
  readonly equityPaise: Paise;
  readonly exposurePaise: Paise;
  /** All that may be exposed before the day's volatility band is looked at, and after. */
  readonly leveragedPaise: Paise;
  readonly exposureMaxPaise: Paise;
  readonly buyingPowerPaise: Paise;
}

export function exposureOf(state: AccountState): Exposure {
  const { profile, day } = state;
  const equity = equityPaise(state);
  const exposurePaise = addPaise(openCostPaise(state), reservedPaise(state));
  if (profile === null || day === null) {
    const nothing = { leveragedPaise: ZERO_PAISE, exposureMaxPaise: ZERO_PAISE, buyingPowerPaise: ZERO_PAISE };
    return { equityPaise: equity, exposurePaise, ...nothing };
  }
  const leveraged = exposureMaxPaise(minPaise(equity, profile.capitalPaise), profile.category);
  const max = mulDivFloor(leveraged, day.capacityBps, 10_000);
  return {
    equityPaise: equity,
    exposurePaise,
    leveragedPaise: leveraged,
    exposureMaxPaise: max,
    buyingPowerPaise: maxPaise(ZERO_PAISE, subtractPaise(max, exposurePaise)),
  };
}

/** Own money in the trading account, with what is open at its cost. */
export function equityPaise(state: AccountState): Paise {
  const signedCost = paise(openSummary(state.openTrades).signedCostPaise);
  return subtractPaise(
    addPaise(state.cashPaise, signedCost),
    unsettledChargesPaise(state),
    payoutsUnderWayPaise(state),
  );
}

/** Premium paid for longs, margin blocked for shorts; a short that nobody meant to open counts with its premium. */
export const openCostPaise = (state: AccountState): Paise => paise(openSummary(state.openTrades).costPaise);

export const reservedPaise = (state: AccountState): Paise =>
  paise(workingOrders(state).reservedPaise + reservedByLists(state));

/** Cash that a PUSH is about to take, or is to try to take again: it is still there, and no longer to be spent. */
export const payoutsUnderWayPaise = (state: AccountState): Paise => underWayPaise(state, "PUSH");

/** Savings that a PULL is about to take: not cash yet, and not to be asked for again. */
export const fundingUnderWayPaise = (state: AccountState): Paise => underWayPaise(state, "PULL");

const underWayPaise = (state: AccountState, kind: TransferKind): Paise =>
  sumPaise(
    Object.values(state.transfers).filter(
      (transfer) =>
        transfer.kind === kind && (!isTransferSettled(transfer.status) || isDueAgain(transfer, state.transfers)),
    ),
    ({ amountPaise }) => amountPaise,
  );

/** Once the day is settled its charges have left the cash. */
const unsettledChargesPaise = ({ day }: AccountState): Paise =>
  day === null || day.provisional !== null ? ZERO_PAISE : day.accruedChargesPaise;
