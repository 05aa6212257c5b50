// What one common move of the indices would hit: bets in the same direction in indices that move together count as one. Where
// somebody has set a limit it bars; without one it warns, from three quarters of what the account may expose.
import type { OptionContract } from "../instrument/contract.ts";
import { mulDivCeil, mulDivFloor, type Paise, paise } from "../kernel/money.ts";
import { openUnits } from "../order/order.ts";
import { correlatedRiskPaise, directedRisks } from "../risk-analytics/correlation.ts";
import { effectiveLimits } from "./effective-limits.ts";
import { exposureOf } from "./exposure.ts";
import { bounded, type CheckContext, type Finding, mostThatPasses, PASSED, type Rule } from "./rule.ts";

const WARNS_FROM_BPS = 7_500;

type Stake = Parameters<typeof directedRisks>[0][number];

export const CORRELATION_RULES: readonly Rule[] = [
  { id: "CORRELATED_EXPOSURE_LIMIT", on: "ENTRY", check: correlatedExposure },
];

/** A list is asked as a whole, and what it sets aside is in nobody's direction until it has dealt. */
function correlatedExposure(context: CheckContext): Finding {
  const { state, profile, terms, market } = context;
  if (terms.listId !== undefined && market.list === undefined) return PASSED;
  const held = stakesOf(context);
  const before = correlatedRiskPaise(directedRisks(held));
  const own = asked(context);
  const value = correlatedRiskPaise(directedRisks([...held, own]));
  const set = effectiveLimits(profile).correlatedExposureMaxPaise?.limit;
  const limit = set ?? mulDivFloor(exposureOf(state).exposureMaxPaise, WARNS_FROM_BPS, 10_000);
  // What does not add to the largest common bet is not held up by it.
  if (value <= limit || value <= before) return { denial: null, limit, value, unit: "PAISE" };
  if (set === undefined) {
    const note = "one common move of the indices would hit most of what may be exposed";
    return { denial: null, limit, value, unit: "PAISE", note };
  }
  return bounded(
    false,
    { code: "CORRELATED_EXPOSURE_LIMIT", field: "quantityUnits", limit, value, unit: "PAISE" },
    () =>
      mostThatPasses(
        context,
        (passes, of) => {
          const less = correlatedRiskPaise(directedRisks([...held, partOf(own, passes, of)]));
          return less <= limit || less <= before;
        },
        "not even one does: take the other direction or an index that is not correlated",
      ),
  );
}

/** What is open and under way, each with the side it stands on. */
export function stakesOf({ state, working }: Pick<CheckContext, "state" | "working">): readonly Stake[] {
  const open = Object.values(state.openTrades).map(({ position, marginPaise }) =>
    stake(position.contract, position.netUnits, marginPaise ?? paise(Math.abs(position.costPaise))),
  );
  const underWay = working.entries.map((order) =>
    stake(order.contract, order.side === "BUY" ? openUnits(order) : -openUnits(order), order.reservedPaise),
  );
  return [...open, ...underWay];
}

/** Of a list of several contracts the direction is not one contract's: it stands for itself. */
function asked({ terms, market, needPaise }: CheckContext): Stake {
  const { contract, side, quantityUnits } = terms;
  const others = market.list?.bought.some((leg) => leg.contract.instrumentId !== contract.instrumentId) ?? false;
  const isMixed = market.list !== undefined && (others || (side === "BUY" && market.list.soldUnits > 0));
  return stake(contract, isMixed ? 0 : side === "BUY" ? quantityUnits : -quantityUnits, needPaise);
}

/** Which way it turns what is held of its index depends on its size, so what a part of it comes to is not its share. */
const partOf = ({ underlying, deltaUnits, atRiskPaise }: Stake, passes: number, of: number): Stake => ({
  underlying,
  deltaUnits: (deltaUnits * passes) / of,
  atRiskPaise: mulDivCeil(atRiskPaise, passes, of),
});

/** With a delta of one for every contract: the side follows from it, and no model is needed on the way of an order. */
const stake = ({ underlying, optionType }: OptionContract, units: number, atRiskPaise: Paise): Stake => ({
  underlying,
  atRiskPaise,
  deltaUnits: optionType === "CALL" ? units : -units,
});
