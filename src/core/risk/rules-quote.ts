// Whether the contract's quote can be traded on: an entry without a price, or on an old one, is a bet on nothing.
import { atMost, type CheckContext, type Finding, PASSED, type Rule, refused } from "./rule.ts";

export const QUOTE_RULES: readonly Rule[] = [
  { id: "QUOTE_MISSING", on: "ENTRY", check: quoted },
  { id: "QUOTE_STALE", on: "ENTRY", check: fresh },
];

function quoted({ terms, market: { price } }: CheckContext): Finding {
  return price === null || (price.askPaise === null && price.lastPaise === null)
    ? refused("QUOTE_MISSING", "instrumentId", `${terms.contract.instrumentId} has no price to buy at`)
    : PASSED;
}

function fresh({ market: { price }, now }: CheckContext): Finding {
  if (price === null) return PASSED;
  return atMost(
    {
      code: "QUOTE_STALE",
      field: "instrumentId",
      limit: price.staleAfterMs,
      value: now - price.quotedAtMs,
      unit: "MS",
    },
    () => "wait for a newer quote",
  );
}
