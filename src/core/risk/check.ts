// The gate between wanting an order and sending it. Only this module can make a `RiskApproved`, and nothing without one can
// be submitted. What closes a position is never refused for a limit; what opens one must pass every rule. Rules are asked in
// the order of the table, the first that refuses decides, and every rule that was asked leaves its result.
import type { AccountState } from "../account/state.ts";
import { paise } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { OrderPurpose, OrderTerms } from "../order/order.ts";
import type { Denial } from "./denial.ts";
import type { CheckContext, CheckResult, MarketAtCheck, Rule } from "./rule.ts";
import { CLOSING_RULES } from "./rules-closing.ts";
import { LIMIT_RULES } from "./rules-limits.ts";
import { MARGIN_RULES } from "./rules-margin.ts";
import { QUOTE_RULES } from "./rules-quote.ts";
import { SIZE_RULES } from "./rules-size.ts";
import { STATE_RULES } from "./rules-state.ts";
import { TERMS_RULES } from "./rules-terms.ts";
import { workingOrders } from "./working-orders.ts";

export { orderUnitsMax } from "./order-size.ts";
export type { MarketAtCheck } from "./rule.ts";

declare const approved: unique symbol;

/** Passed every rule at the moment it was made. The brand's symbol is not exported: nobody else can make one. */
export interface RiskApproved<Terms> {
  readonly terms: Terms;
  readonly checks: readonly CheckResult[];
  readonly [approved]: true;
}

type Approval = RiskApproved<OrderTerms>;

/** The approval or the denial, with every rule that was asked up to it. */
export type Checked = Result<Approval, Denial> & { readonly checks: readonly CheckResult[] };

/** state → terms → what is held or the quote → counts → amounts → margin (ORC-04, C-40). */
const RULES: readonly Rule[] = [
  ...STATE_RULES,
  ...TERMS_RULES,
  ...CLOSING_RULES,
  ...QUOTE_RULES,
  ...LIMIT_RULES,
  ...SIZE_RULES,
  ...MARGIN_RULES,
];

const rulesOn = (purpose: OrderPurpose): readonly Rule[] => RULES.filter(({ on }) => on === purpose || on === "BOTH");
const RULES_ON: Readonly<Record<OrderPurpose, readonly Rule[]>> = { ENTRY: rulesOn("ENTRY"), EXIT: rulesOn("EXIT") };

/** The first rule that refuses the order, or the approval without which it cannot be submitted. */
export function checkOrder(state: AccountState, terms: OrderTerms, market: MarketAtCheck, now: EpochMs): Checked {
  const { profile, day } = state;
  const checks: CheckResult[] = [];
  if (profile === null || day === null) return refuse(noDay, checks);
  const working = workingOrders(state);
  const exact = terms.limitPricePaise * terms.quantityUnits;
  const orderPaise = paise(Number.isSafeInteger(exact) ? exact : Number.MAX_SAFE_INTEGER);
  const context: CheckContext = { state, profile, day, terms, market, now, working, isRest: false, orderPaise };
  for (const { id, check } of RULES_ON[terms.purpose]) {
    const finding = check(context);
    if (finding.denial !== null) return refuse(finding.denial, checks);
    const { limit, value, unit } = finding;
    checks.push({ rule: id, passed: true, limit, value, unit });
  }
  return { ...ok({ terms, checks } as Omit<Approval, typeof approved> as Approval), checks };
}

function refuse(denial: Denial, checks: CheckResult[]): Checked {
  const { code: rule, limit, value, unit } = denial;
  checks.push({ rule, passed: false, limit, value, unit });
  return { ...err(denial), checks };
}

const noDay: Denial = {
  code: "DAY_NOT_OPEN",
  field: "clientOrderId",
  limit: null,
  value: null,
  unit: null,
  detail: "the account has no open day",
};
