// What closes a position may take as much as is held and not on its way out already: nothing is sold twice. What is sold without
// being held is a short: only as the account's limits allow, and never before what protects it is held.
import { coverKey } from "../order-list/coverage.ts";
import { effectiveLimits, shortOptionsOf } from "./effective-limits.ts";
import { atMost, type CheckContext, type Finding, PASSED, type Rule, refused } from "./rule.ts";
import { coverableUnits, releasableUnits } from "./short-cover.ts";
import { closableUnits } from "./trade-counts.ts";

export const CLOSING_RULES: readonly Rule[] = [
  { id: "SHORT_NOT_ALLOWED", on: "EXIT", check: held },
  { id: "PROTECTION_REQUIRED", on: "EXIT", check: releasable },
  { id: "SHORT_NOT_ALLOWED", on: "ENTRY", check: mayBeShort },
  { id: "PROTECTION_REQUIRED", on: "ENTRY", check: isProtected },
];

function held({ state, terms }: CheckContext): Finding {
  const closable = closableUnits(state, terms.contract.instrumentId);
  const limit = Math.max(0, terms.side === "SELL" ? closable : -closable);
  return atMost(
    { code: "SHORT_NOT_ALLOWED", field: "quantityUnits", limit, value: terms.quantityUnits, unit: "UNITS" },
    () => `${limit} units are held and not already on their way out`,
  );
}

/** A long that covers a short goes when the short has gone. */
function releasable({ state, terms }: CheckContext): Finding {
  if (terms.side === "BUY") return PASSED;
  const limit = Math.min(releasableUnits(state, terms.contract), Number.MAX_SAFE_INTEGER);
  return atMost(
    { code: "PROTECTION_REQUIRED", field: "quantityUnits", limit, value: terms.quantityUnits, unit: "UNITS" },
    () => `${limit} units are not needed as protection of what is sold; buy that back first`,
  );
}

function mayBeShort({ terms, profile }: CheckContext): Finding {
  const { allowed, boundBy } = effectiveLimits(profile).shortOptions;
  if (terms.side === "BUY" || allowed !== "NONE") return PASSED;
  const detail = `this account sells only what it holds (shortOptions NONE, set by ${boundBy}); buying passes`;
  return refused("SHORT_NOT_ALLOWED", "side", detail);
}

function isProtected({ state, terms, profile, market }: CheckContext): Finding {
  if (terms.side === "BUY" || shortOptionsOf(profile) === "NAKED") return PASSED;
  const key = coverKey(terms.contract);
  const bought = (market.list?.bought ?? [])
    .filter(({ contract }) => coverKey(contract) === key)
    .reduce((sum, { quantityUnits }) => sum + quantityUnits, 0);
  const limit = coverableUnits(state, terms.contract) + bought;
  const value = market.list?.soldUnits ?? terms.quantityUnits;
  return atMost(
    { code: "PROTECTION_REQUIRED", field: "side", limit, value, unit: "UNITS" },
    () =>
      `${limit} units of this expiry and type are held or bought with it; buy protection first, or send both as one list`,
  );
}
