// The entry of a neutral view: a structure as an order list, as many sets as its share of the buying power, its margin and what it
// loses beyond a wing allow; left together by stop, target and time. What stands against it is a denial like any other.
import { alertOf } from "../compliance/restriction.ts";
import { required } from "../kernel/assert.ts";
import {
  addPaise,
  bpsOf,
  type Paise,
  paise,
  subtractPaise,
  sumPaise,
  valuePaise,
  ZERO_PAISE,
} from "../kernel/money.ts";
import { epochMs } from "../kernel/time.ts";
import type { ClientOrderId } from "../order/order.ts";
import { COMPLETE_WITHIN_DEFAULT_MS, type ListLeg, type OrderListTerms } from "../order-list/order-list.ts";
import type { Signal, StructureChoice } from "../prediction/signal.ts";
import { orderUnitsMax } from "../risk/check.ts";
import type { ListRefusal } from "../risk/check-list.ts";
import type { Denial } from "../risk/denial.ts";
import { effectiveLimits } from "../risk/effective-limits.ts";
import { exposureOf } from "../risk/exposure.ts";
import { lossLeftPaise } from "../risk/list-loss.ts";
import { type StructureSizing, sharePaise, structureSets } from "../strategy/sizing.ts";
import { volatilityBand } from "../strategy/volatility-regime.ts";
import type { PriceView } from "./command.ts";
import { listLegs, listRefusal, placeList } from "./decide-list.ts";
import type { Draft } from "./draft.ts";
import { findOrder } from "./finished-orders.ts";
import { findList, listsOf } from "./lists.ts";
import type { AccountState } from "./state.ts";
import { cutTo, held, type Outcome, ownCapitalPaise, type RunWindow } from "./window-outcome.ts";

export function enterStructure(draft: Draft, command: RunWindow, signal: Signal, structure: StructureChoice): Outcome {
  const { prices } = command;
  const one = termsOf(draft, command, signal, structure, 1);
  if (findList(draft.state, one.listId) !== undefined || findOrder(draft.state, one.listId) !== undefined) {
    return held("a list of this name exists");
  }
  // One set at least is asked for, so that the denial says which rule stood in the way.
  const priceless = unpriced(one, prices);
  const first = priceless === null ? listRefusal(draft, one, prices) : { denial: priceless, checks: [] };
  if (first !== null) return denied(draft, one, first);
  const sizing = sizingOf(draft.state, one, structure, prices);
  const { buyingPowerPaise } = exposureOf(draft.state);
  const sets = structureSets({ ...sizing, availablePaise: buyingPowerPaise });
  if (sets === 0) return denied(draft, one, { denial: tooSmall(sizing), checks: [] });
  const cut = cutTo(sets, structureSets(sizing), { unitsPerLot: sizing.legUnits, lotPaise: sizing.needPaise });
  const terms = { ...termsOf(draft, command, signal, structure, sets), ...cut };
  const refusal = listRefusal(draft, terms, prices);
  if (refusal !== null) return denied(draft, terms, refusal);
  placeList(draft, terms, prices);
  draft.push({
    type: "EXIT_GROUP_SET",
    atMs: draft.atMs,
    group: {
      groupId: terms.listId,
      scope: { kind: "INSTRUMENTS", instrumentIds: terms.legs.map(({ contract }) => contract.instrumentId) },
      stopPaise: paise(-stopLossPaise(sizing, structure, sets)),
      targetPaise: valuePaise(structure.targetPaise, sets),
      rules: [],
      stopReason: "STOP",
      realisedPaise: ZERO_PAISE,
    },
  });
  return { action: "ENTERED", reason: signal.reason, denial: null };
}

/** `${account}-${cycle}-W${window}-${underlying}-N1`: the same window can only ever enter once. */
function termsOf(
  { state, atMs }: Draft,
  { cycleId, window, prices }: RunWindow,
  { underlying, signalId, expiresAtMs }: Signal,
  { template, legs }: StructureChoice,
  sets: number,
): OrderListTerms {
  const { accountId } = required(state.profile, "an open account");
  const asked = legs.map(({ contract, side, ratio }) => ({ contract, side, ratio, limitPricePaise: null }));
  return {
    listId: `${accountId}-${cycleId}-W${window}-${underlying}-N1` as ClientOrderId,
    kind: "COMBINATION",
    structure: template,
    sets,
    legs: listLegs(asked, sets, prices, atMs),
    purpose: "ENTRY",
    exitReason: null,
    onIncomplete: "UNWIND",
    completeByMs: epochMs(atMs + COMPLETE_WITHIN_DEFAULT_MS),
    origin: "STRATEGY",
    cycleId,
    signalId,
    timeExitMs: expiresAtMs,
    request: signalId,
  };
}

/** One set at the worst prices it may deal at. */
function sizingOf(
  state: AccountState,
  { legs }: OrderListTerms,
  { wingPaise }: StructureChoice,
  prices: readonly PriceView[],
): StructureSizing {
  const profile = required(state.profile, "an open account");
  const day = required(state.day, "a day");
  const limits = effectiveLimits(profile);
  const { contract, quantityUnits } = required(legs[0], "a leg");
  const worth = (of: readonly ListLeg[]): Paise =>
    sumPaise(of, (leg) => valuePaise(leg.limitPricePaise, leg.quantityUnits));
  const bought = worth(legs.filter(({ side }) => side === "BUY"));
  const sold = worth(legs.filter(({ side }) => side === "SELL"));
  const wing = valuePaise(wingPaise, quantityUnits);
  return {
    underlying: contract.underlying,
    buyingPowerPaise: exposureOf(state).leveragedPaise,
    capacityBps: day.capacityBps,
    vixCenti: day.vixCenti,
    isWarned: legs.some((leg) => alertOf(day.restrictions, day.date, leg.contract) !== undefined),
    openTradesMax: limits.openTradesMax.limit,
    capitalPaise: ownCapitalPaise(state),
    stopBpsOfCapital: volatilityBand(day.vixCenti).stopBpsOfCapital,
    needPaise: addPaise(
      bought,
      sumPaise(legs, ({ marginPaise }) => marginPaise),
    ),
    valuePaise: addPaise(bought, sold),
    lossMaxPaise: paise(Math.max(1, subtractPaise(addPaise(wing, bought), sold))),
    orderValueMaxPaise: paise(limits.orderValueMaxPaise.limit),
    legUnits: quantityUnits,
    legUnitsMax: orderUnitsMax({ contract }),
    lossLeftPaise: lossLeftPaise(state, prices),
  };
}

/** What the view loses where it has failed, and never more than the band's share of capital. */
const stopLossPaise = (
  { capitalPaise, stopBpsOfCapital }: StructureSizing,
  structure: StructureChoice,
  sets: number,
): number =>
  Math.max(1, Math.min(valuePaise(structure.stopLossPaise, sets), bpsOf(capitalPaise, stopBpsOfCapital, "FLOOR")));

/** A leg that nobody quotes has no price to be judged by. */
function unpriced({ legs }: OrderListTerms, prices: readonly PriceView[]): Denial | null {
  const known = new Set(prices.map(({ instrumentId }) => instrumentId));
  const missing = legs.find(
    ({ contract, limitPricePaise }) => !known.has(contract.instrumentId) || limitPricePaise <= 0,
  );
  return missing === undefined
    ? null
    : {
        code: "QUOTE_MISSING",
        field: "legs",
        limit: null,
        value: null,
        unit: null,
        detail: `${missing.contract.instrumentId} has no price now; wait for a quote of every leg`,
      };
}

/** What one set is too much for. */
function tooSmall(sizing: StructureSizing): Denial {
  const { needPaise } = sizing;
  return {
    code: "POSITION_TOO_SMALL",
    field: "sets",
    limit: Math.max(0, Math.floor(sharePaise(sizing))),
    value: needPaise,
    unit: "PAISE",
    detail:
      "this underlying's share of the buying power does not carry premium and margin of one set; more capital would pass",
  };
}

/** A signal that was denied for the same reason in an earlier window is not a list once more. */
function denied(draft: Draft, terms: OrderListTerms, refusal: ListRefusal): Outcome {
  const { denial } = refusal;
  const isKnown = listsOf(draft.state).some(
    (list) => list.signalId === terms.signalId && list.denial?.code === denial.code,
  );
  if (!isKnown) placeList(draft, terms, [], refusal);
  return { action: "DENIED", reason: denial.detail, denial };
}
