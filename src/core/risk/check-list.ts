// The check of a list before any of it is sent: every leg meets every rule, with what the list buys counted as protection of
// what it sells, its margin benefit counted, and its trades, value and need counted once for all legs. Each order meets the
// rules again when it is sent.
import type { PriceView } from "../account/command.ts";
import { marginShare } from "../account/lists.ts";
import type { AccountState } from "../account/state.ts";
import { addPaise, paise, sumPaise, valuePaise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { OrderTerms } from "../order/order.ts";
import { coverKey } from "../order-list/coverage.ts";
import {
  COMPLETE_WITHIN_MAX_MS,
  COMPLETE_WITHIN_MIN_MS,
  LEGS_MAX,
  type OrderListTerms,
} from "../order-list/order-list.ts";
import { legParent, slicedUnitsMax, sliceId, sliceUnits } from "../order-list/slices.ts";
import { checkOrder } from "./check.ts";
import type { Denial } from "./denial.ts";
import { worstLossPaise } from "./list-loss.ts";
import type { CheckResult, ListAtCheck } from "./rule.ts";

/** A list that is refused, with all that was asked about its legs until then; null where nothing had to be asked. */
export interface ListRefusal {
  readonly denial: Denial;
  readonly checks: readonly CheckResult[] | null;
}

/** The first rule that refuses the list; null when all of it passes. */
export function refusalOfList(
  state: AccountState,
  list: OrderListTerms,
  product: "INTRADAY" | "CARRY",
  prices: readonly PriceView[],
  now: EpochMs,
): ListRefusal | null {
  const checks: CheckResult[] = [];
  const malformed = malformation(list, now);
  if (malformed !== null) return { denial: malformed, checks };
  const byInstrument = new Map(prices.map((price) => [price.instrumentId, price]));
  const worth = list.legs.map((leg) => exactValue(leg.limitPricePaise, leg.quantityUnits));
  const bought = list.legs.filter(({ side }) => side === "BUY");
  const needPaise = addPaise(
    sumPaise(bought, (leg) => exactValue(leg.limitPricePaise, leg.quantityUnits)),
    sumPaise(list.legs, ({ marginPaise }) => marginPaise),
  );
  for (const [legIndex, leg] of list.legs.entries()) {
    const { lotSize } = leg.contract;
    // Each slice but the last is whole lots whatever the whole is.
    if (leg.quantityUnits % lotSize !== 0) return { denial: notWholeLots(lotSize, leg.quantityUnits), checks };
    const unitsMax = slicedUnitsMax(leg.contract);
    if (leg.quantityUnits > unitsMax) return { denial: aboveTenSlices(unitsMax, leg.quantityUnits), checks };
    const [first] = sliceUnits(leg.quantityUnits, leg.contract);
    const ofKind = list.legs.filter(
      (other) => other.side === "SELL" && coverKey(other.contract) === coverKey(leg.contract),
    );
    const whole: ListAtCheck = {
      isCombination: list.kind === "COMBINATION",
      valuePaise: sumPaise(worth, (value) => value),
      needPaise,
      sets: list.sets,
      // Once for all of it, after every leg has passed by itself.
      lossMaxPaise: legIndex === list.legs.length - 1 ? worstLossPaise(list.legs) : null,
      lots: list.legs.reduce(
        (sum, { contract, quantityUnits }) => sum + Math.ceil(quantityUnits / contract.lotSize),
        0,
      ),
      bought,
      soldUnits: ofKind.reduce((sum, { quantityUnits }) => sum + quantityUnits, 0),
    };
    const terms = { ...childTerms(list, legIndex, sliceId(legParent(list, legIndex), 1), first ?? leg.quantityUnits) };
    const price = byInstrument.get(leg.contract.instrumentId) ?? null;
    const market = { product, price, heldPrices: prices, list: whole };
    const checked = checkOrder(state, terms, market, now);
    checks.push(...checked.checks);
    if (!checked.ok) return { denial: checked.error, checks };
  }
  return null;
}

/** The terms of a child order. */
export function childTerms(
  list: OrderListTerms,
  legIndex: number,
  clientOrderId: OrderTerms["clientOrderId"],
  quantityUnits: number,
): OrderTerms {
  const leg = list.legs[legIndex] as OrderListTerms["legs"][number];
  const opensShort = leg.side === "SELL" && list.purpose === "ENTRY";
  return {
    clientOrderId,
    contract: leg.contract,
    side: leg.side,
    type: leg.type,
    timeInForce: leg.timeInForce,
    quantityUnits,
    limitPricePaise: leg.limitPricePaise,
    ...(leg.triggerPricePaise === undefined ? {} : { triggerPricePaise: leg.triggerPricePaise }),
    purpose: list.purpose,
    exitReason: list.exitReason,
    origin: list.origin,
    cycleId: list.cycleId,
    signalId: list.signalId,
    listId: list.listId,
    legIndex,
    ...(list.strategyId === undefined ? {} : { strategyId: list.strategyId }),
    ...(opensShort ? { marginPaise: marginShare(leg, quantityUnits) } : {}),
  };
}

function malformation({ kind, legs, sets, completeByMs }: OrderListTerms, now: EpochMs): Denial | null {
  const malformed = (field: string, detail: string): Denial => ({
    code: "LIST_MALFORMED",
    field,
    limit: null,
    value: null,
    unit: null,
    detail,
  });
  if (kind === "SLICED") return null;
  if (legs.length < 2 || legs.length > LEGS_MAX) return malformed("legs", `a list has 2 to ${LEGS_MAX} legs`);
  if (new Set(legs.map(({ contract }) => contract.instrumentId)).size < legs.length) {
    return malformed("legs", "each leg has a contract of its own; use the ratio for more of one");
  }
  if (new Set(legs.map(({ contract }) => contract.underlying)).size > 1) {
    return malformed("legs", "all legs are options of one underlying");
  }
  if (sets < 1 || legs.some(({ quantityUnits }) => quantityUnits % sets !== 0)) {
    return malformed("sets", "every leg is a whole multiple of the sets");
  }
  const withinMs = (completeByMs ?? now) - now;
  return withinMs < COMPLETE_WITHIN_MIN_MS || withinMs > COMPLETE_WITHIN_MAX_MS
    ? malformed(
        "completeWithinMs",
        `a list is to be complete within ${COMPLETE_WITHIN_MIN_MS} to ${COMPLETE_WITHIN_MAX_MS} ms`,
      )
    : null;
}

const notWholeLots = (limit: number, value: number): Denial => ({
  code: "QUANTITY_NOT_WHOLE_LOTS",
  field: "quantityUnits",
  limit,
  value,
  unit: "UNITS",
  detail: `use a multiple of ${limit} units`,
});

const aboveTenSlices = (limit: number, value: number): Denial => ({
  code: "QUANTITY_ABOVE_FREEZE",
  field: "quantityUnits",
  limit,
  value,
  unit: "UNITS",
  detail: `ten slices carry ${limit} units at most; send several orders`,
});

/** A price can be so high that the exact value is no paise any more; it is far beyond every limit then. */
const exactValue = (pricePaise: number, units: number) => {
  const exact = pricePaise * units;
  return Number.isSafeInteger(exact) && exact < Number.MAX_SAFE_INTEGER / 8
    ? valuePaise(paise(pricePaise), units)
    : paise(Math.floor(Number.MAX_SAFE_INTEGER / 8));
};
