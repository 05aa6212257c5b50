// What closes a position may take as much as is held and not on its way out already: nothing is sold twice.
import { atMost, type CheckContext, type Finding, type Rule } from "./rule.ts";
import { closableUnits } from "./trade-counts.ts";

export const CLOSING_RULES: readonly Rule[] = [{ id: "SHORT_NOT_ALLOWED", on: "EXIT", check: held }];

function held({ state, terms }: CheckContext): Finding {
  const closable = closableUnits(state, terms.contract.instrumentId);
  const isClosing = terms.side === "SELL" ? closable > 0 : closable < 0;
  const limit = isClosing ? Math.abs(closable) : 0;
  return atMost(
    { code: "SHORT_NOT_ALLOWED", field: "quantityUnits", limit, value: terms.quantityUnits, unit: "UNITS" },
    () => `${limit} units are held and not already on their way out`,
  );
}
