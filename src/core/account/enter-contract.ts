// The entry of a directional view: one contract, as many lots as its share of the buying power carries.
import { accruedChargePaise } from "../charges/contract-note.ts";
import { alertOf } from "../compliance/restriction.ts";
import { required } from "../kernel/assert.ts";
import { addPaise, type Paise, paise, valuePaise } from "../kernel/money.ts";
import type { ClientOrderId, OrderTerms } from "../order/order.ts";
import { buyProtectionPaise, ENTRY_BAND } from "../order/protection-price.ts";
import type { ContractChoice, Signal } from "../prediction/signal.ts";
import { checkOrder, orderUnitsMax } from "../risk/check.ts";
import type { Denial } from "../risk/denial.ts";
import { effectiveLimits } from "../risk/effective-limits.ts";
import { exposureOf } from "../risk/exposure.ts";
import type { CheckResult } from "../risk/rule.ts";
import { exitPlanMoveFor, stopMoveOf } from "../strategy/exit-plan.ts";
import { type EntrySizing, entryLots } from "../strategy/sizing.ts";
import { volatilityBand } from "../strategy/volatility-regime.ts";
import type { Draft } from "./draft.ts";
import { reservedFor } from "./evolve-order.ts";
import { denialOf, submission } from "./exit-orders.ts";
import { findOrder } from "./finished-orders.ts";
import type { AccountState } from "./state.ts";
import { cutTo, held, type Outcome, ownCapitalPaise, priceOf, type RunWindow } from "./window-outcome.ts";

export function enterContract(draft: Draft, command: RunWindow, signal: Signal, choice: ContractChoice): Outcome {
  const { contract } = choice;
  const price = priceOf(command.prices, contract.instrumentId);
  const limitPaise = (price && buyProtectionPaise(price, contract.tickSizePaise, ENTRY_BAND)) ?? contract.tickSizePaise;
  const { lots, wantedLots } =
    price === null ? { lots: 0, wantedLots: 0 } : lotsOf(draft.state, signal, choice, limitPaise);
  // One lot at least is asked for, so that the denial says which rule stood in the way.
  const quantityUnits = Math.max(1, lots) * contract.lotSize;
  const terms = {
    ...entryTerms(draft.state, command, signal, { contract, quantityUnits, limitPaise }),
    ...cutTo(lots, wantedLots, { unitsPerLot: contract.lotSize, lotPaise: valuePaise(limitPaise, contract.lotSize) }),
  };
  if (findOrder(draft.state, terms.clientOrderId) !== undefined) return held("an order of this name exists");
  const market = { product: "INTRADAY", price, heldPrices: command.prices } as const;
  const checked = checkOrder(draft.state, terms, market, draft.atMs);
  if (!checked.ok) return denied(draft, terms, checked.error, checked.checks);
  if (lots === 0) return denied(draft, terms, tooSmall(draft.state, terms), checked.checks);
  const entryPaise = price?.askPaise ?? price?.lastPaise ?? limitPaise;
  const move = exitPlanMoveFor({
    signal,
    entryPricePaise: entryPaise,
    units: quantityUnits,
    capitalPaise: ownCapitalPaise(draft.state),
    vixCenti: command.vixCenti,
    roundTripChargesPaise: roundTripChargesPaise(draft.state, terms, entryPaise),
  });
  draft.push(submission(draft.state, checked.value, reservedFor(terms, "SUBMITTED", 0), move, draft.atMs));
  return { action: "ENTERED", reason: signal.reason, denial: null };
}

/** Lots that fit, and lots that the share alone would buy if nothing else had taken of the buying power. */
function lotsOf(
  state: AccountState,
  signal: Signal,
  { contract }: ContractChoice,
  limitPaise: Paise,
): { readonly lots: number; readonly wantedLots: number } {
  const profile = required(state.profile, "an open account");
  const day = required(state.day, "a day");
  const limits = effectiveLimits(profile);
  const { leveragedPaise, buyingPowerPaise } = exposureOf(state);
  const sizing: EntrySizing = {
    underlying: signal.underlying,
    buyingPowerPaise: leveragedPaise,
    capitalPaise: ownCapitalPaise(state),
    capacityBps: day.capacityBps,
    vixCenti: day.vixCenti,
    isWarned: alertOf(day.restrictions, day.date, contract) !== undefined,
    entryPricePaise: limitPaise,
    lotSize: contract.lotSize,
    freezeQuantity: orderUnitsMax({ contract }),
    orderValueMaxPaise: paise(Math.min(limits.orderValueMaxPaise.limit, limits.positionSizeMaxPaise.limit)),
    openTradesMax: limits.openTradesMax.limit,
    stopMovePaise: stopMoveOf(signal, limitPaise),
    stopBpsOfCapital: volatilityBand(day.vixCenti).stopBpsOfCapital,
  };
  return { lots: entryLots({ ...sizing, availablePaise: buyingPowerPaise }), wantedLots: entryLots(sizing) };
}

/** `${account}-${cycle}-W${window}-${underlying}-E1`: the same window can only ever enter once. */
function entryTerms(
  state: AccountState,
  { cycleId, window }: RunWindow,
  { underlying, signalId }: Signal,
  order: { readonly contract: OrderTerms["contract"]; readonly quantityUnits: number; readonly limitPaise: Paise },
): OrderTerms {
  const { accountId } = required(state.profile, "an open account");
  return {
    clientOrderId: `${accountId}-${cycleId}-W${window}-${underlying}-E1` as ClientOrderId,
    contract: order.contract,
    side: "BUY",
    type: "MARKET",
    timeInForce: "IOC",
    quantityUnits: order.quantityUnits,
    limitPricePaise: order.limitPaise,
    purpose: "ENTRY",
    exitReason: null,
    origin: "STRATEGY",
    cycleId,
    signalId,
  };
}

function roundTripChargesPaise(state: AccountState, { contract, quantityUnits }: OrderTerms, pricePaise: Paise): Paise {
  const { date } = required(state.day, "a day");
  const value = valuePaise(pricePaise, quantityUnits);
  const of = (side: OrderTerms["side"]): Paise =>
    accruedChargePaise({ date, exchange: contract.exchange, side, valuePaise: value, firstFillOfOrder: true });
  return addPaise(of("BUY"), of("SELL"));
}

/** A signal that was denied for the same reason in an earlier window is not an order once more. */
function denied(draft: Draft, terms: OrderTerms, denial: Denial, checks: readonly CheckResult[]): Outcome {
  const isKnown = Object.values(draft.state.orders).some(
    (order) => order.signalId === terms.signalId && order.denial?.code === denial.code,
  );
  if (!isKnown) draft.push(denialOf(terms, denial, checks, draft.atMs));
  return { action: "DENIED", reason: denial.detail, denial };
}

const tooSmall = (state: AccountState, { limitPricePaise, contract }: OrderTerms): Denial => ({
  code: "POSITION_TOO_SMALL",
  field: "quantityUnits",
  limit: exposureOf(state).buyingPowerPaise,
  value: limitPricePaise * contract.lotSize,
  unit: "PAISE",
  detail: `this underlying's share of the buying power does not reach one lot of ${contract.lotSize} units`,
});
