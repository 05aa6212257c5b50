// What the regulator and the exchange ask of an order, beyond the account's own limits. Each rule has its id in the record.
import { OWN_CAPITAL_MAX_PAISE } from "../account/category.ts";
import type { Underlying } from "../instrument/contract.ts";
import { permittedExpiryOf } from "../instrument/permitted-expiry.ts";
import { openUnits } from "../order/order.ts";
import { openSummary } from "../risk/open-trades.ts";
import {
  atMost,
  type CheckContext,
  type Finding,
  mostThatPasses,
  PASSED,
  type Rule,
  refused,
  warned,
} from "../risk/rule.ts";
import { kycStateOf } from "./kyc.ts";
import { futureEquivalentOf, type PositionLeg, positionLimitsOn } from "./position-limits.ts";
import { concerns, isBlocking } from "./restriction.ts";
import { underlyingOfSymbol } from "./symbol.ts";

export const COMPLIANCE_RULES: readonly Rule[] = [
  { id: "KYC_VERIFICATION", on: "ENTRY", check: verified },
  { id: "SYMBOL_RESTRICTION", on: "ENTRY", check: unrestricted },
  { id: "TRADE_COMPLIANCE", on: "ENTRY", check: tradeCompliant },
  { id: "POSITION_LIMIT", on: "ENTRY", check: withinPositionLimits },
];

function verified({ profile }: CheckContext): Finding {
  const { kyc } = profile;
  if (kyc?.state !== "VERIFIED") {
    const state = kycStateOf(profile);
    return refused("KYC_VERIFICATION", "accountId", `the account's KYC is ${state}; it opens positions once verified`);
  }
  const { panHolder = "INDIVIDUAL" } = kyc;
  return panHolder === "INDIVIDUAL"
    ? PASSED
    : refused("KYC_VERIFICATION", "accountId", `a PAN of an individual is needed, not of a ${panHolder}`);
}

/** Our three indices alone, and of those whatever nobody has banned for the day. */
function unrestricted({ terms: { contract }, day }: CheckContext): Finding {
  const { instrumentId, underlying } = contract;
  if (underlyingOfSymbol(instrumentId) !== underlying) {
    const detail = `${instrumentId} is none of ours: options on NIFTY 50, BANKNIFTY and SENSEX pass`;
    return refused("SYMBOL_RESTRICTION", "instrumentId", detail);
  }
  const spoken = (day.restrictions ?? []).filter((restriction) => concerns(restriction, contract, day.date));
  const ban = spoken.find(isBlocking);
  if (ban !== undefined) {
    const until = ban.to === null ? "until it is lifted" : `until ${ban.to}`;
    return refused("SYMBOL_RESTRICTION", "instrumentId", `${ban.source} ${ban.type} ${until}: ${ban.message}`);
  }
  const [said] = spoken;
  return said === undefined ? PASSED : warned(`${said.source} ${said.type}: ${said.message}`);
}

/** Annex G as it was written: own capital and the permitted expiry, both inclusive (CMP-03, G-25, G-25b). */
function tradeCompliant({ profile, terms: { contract }, day }: CheckContext): Finding {
  const permitted = permittedExpiryOf(contract.underlying, day.date);
  if (permitted === null || contract.expiry > permitted) {
    const until = permitted === null ? "no expiry is permitted" : `expiries up to ${permitted} pass`;
    return refused("TRADE_COMPLIANCE", "instrumentId", `expiry violation: ${until}`);
  }
  const limit = OWN_CAPITAL_MAX_PAISE;
  return atMost(
    { code: "TRADE_COMPLIANCE", field: "accountId", limit, value: profile.capitalPaise, unit: "PAISE" },
    () => "exposure limit exceeded: an account trades at most that much capital",
  );
}

/** At worst: a delta of one for every contract, at its strike. */
function withinPositionLimits(context: CheckContext): Finding {
  const { state, terms, working, day, market } = context;
  const limits = positionLimitsOn(day.date);
  if (limits === null) return refused("POSITION_LIMIT", "quantityUnits", `no position limit is known for ${day.date}`);
  const { contract, side, quantityUnits } = terms;
  /** The wider side with so much of it. */
  const sideOf = (units: number): number => {
    const netUnits = side === "BUY" ? units : -units;
    return widerSidePaise(state, working, contract.underlying, [{ contract, netUnits, delta: null }]);
  };
  const value = sideOf(quantityUnits);
  const limit = Math.min(limits.netMaxPaise, limits.grossMaxPaise);
  return atMost({ code: "POSITION_LIMIT", field: "quantityUnits", limit, value, unit: "PAISE" }, () => {
    const otherwise = "close a position in this underlying first";
    // Of a list one leg's slice is asked here, which says nothing about how much of all of it would pass.
    if (market.list !== undefined) return `use fewer lots, or ${otherwise}`;
    return mostThatPasses(
      context,
      (lots) => sideOf(lots * contract.lotSize) <= limit,
      `not even one does: ${otherwise}`,
    );
  });
}

/** Offsetting legs may be closed one by one, so each side alone is held to the net figure as well. */
export function widerSidePaise(
  { openTrades }: CheckContext["state"],
  { entries }: CheckContext["working"],
  underlying: Underlying,
  asked: readonly PositionLeg[],
): number {
  const underWay = entries.map((order): PositionLeg => {
    const units = openUnits(order);
    return { contract: order.contract, netUnits: order.side === "BUY" ? units : -units, delta: null };
  });
  const held = openSummary(openTrades).of.get(underlying);
  const { longPaise, shortPaise } = futureEquivalentOf(underlying, [...asked, ...underWay], null);
  return Math.max(longPaise + (held?.longPaise ?? 0), shortPaise + (held?.shortPaise ?? 0));
}
