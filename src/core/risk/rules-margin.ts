// Whether the account can carry what the order opens: buying power first of all. The last family to be asked.
import { exposureOf } from "./exposure.ts";
import { atMost, type CheckContext, type Finding, type Rule, whatPasses } from "./rule.ts";

export const MARGIN_RULES: readonly Rule[] = [{ id: "BUYING_POWER", on: "ENTRY", check: buyingPower }];

/** A child of a list takes what its list has set aside for it. */
function buyingPower(context: CheckContext): Finding {
  const { state, needPaise: value, setAsidePaise } = context;
  const { exposureMaxPaise, exposurePaise } = exposureOf(state);
  const limit = Math.max(0, exposureMaxPaise - exposurePaise + setAsidePaise);
  return atMost({ code: "BUYING_POWER", field: "quantityUnits", limit, value, unit: "PAISE" }, () =>
    whatPasses(context, limit, value, "close a trade first, or take a cheaper contract"),
  );
}
