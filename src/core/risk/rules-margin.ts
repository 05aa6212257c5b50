// Whether the account can carry what the order opens: buying power first of all. The last family to be asked.
import { exposureOf } from "./exposure.ts";
import { atMost, type CheckContext, type Finding, type Rule } from "./rule.ts";

export const MARGIN_RULES: readonly Rule[] = [{ id: "BUYING_POWER", on: "ENTRY", check: buyingPower }];

function buyingPower({ state, orderPaise }: CheckContext): Finding {
  const { buyingPowerPaise } = exposureOf(state);
  return atMost(
    { code: "BUYING_POWER", field: "quantityUnits", limit: buyingPowerPaise, value: orderPaise, unit: "PAISE" },
    () => "use fewer lots, or close a trade first",
  );
}
