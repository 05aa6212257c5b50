// The gate between wanting an order and sending it. Only this module can make a `RiskApproved`, out of the verdicts of risk and
// of compliance, and nothing without one can be submitted. What closes a position is never refused for a limit; what opens one
// must pass every rule. Rules are asked in the order of the table, the first that refuses decides, and each leaves its result.
import { findList, reservedForLeg } from "../account/lists.ts";
import type { AccountState } from "../account/state.ts";
import { algoIdOf } from "../compliance/algo-id.ts";
import { type ComplianceVerdict, judgeCompliance } from "../compliance/verdict.ts";
import { minPaise, type Paise, paise, ZERO_PAISE } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { Order, OrderTerms } from "../order/order.ts";
import type { Denial } from "./denial.ts";
import { ask, type CheckContext, type CheckResult, type MarketAtCheck, type Rule } from "./rule.ts";
import { CLOSING_RULES } from "./rules-closing.ts";
import { CORRELATION_RULES } from "./rules-correlation.ts";
import { LIMIT_RULES } from "./rules-limits.ts";
import { MARGIN_RULES } from "./rules-margin.ts";
import { QUOTE_RULES } from "./rules-quote.ts";
import { SIZE_RULES } from "./rules-size.ts";
import { ACCOUNT_RULES, STATE_RULES } from "./rules-state.ts";
import { TERMS_RULES } from "./rules-terms.ts";
import { isListUnderWay } from "./trade-counts.ts";
import { workingOrders } from "./working-orders.ts";

export { orderUnitsMax } from "./order-size.ts";
export type { MarketAtCheck } from "./rule.ts";

declare const riskPassed: unique symbol;
declare const approved: unique symbol;

/** Passed every rule of the account's own. Made only here. */
interface RiskVerdict {
  readonly [riskPassed]: true;
}

/** Passed every rule at the moment it was made. The brand's symbol is not exported: nobody else can make one. */
export interface RiskApproved<Terms> {
  readonly terms: Terms;
  readonly checks: readonly CheckResult[];
  readonly compliance: ComplianceVerdict["status"];
  readonly [approved]: true;
}
type Approval = RiskApproved<OrderTerms>;

/** The approval or the denial, with every rule that was asked up to it. */
export type Checked = Result<Approval, Denial> & { readonly checks: readonly CheckResult[] };

/** state → terms → what is held or the quote → counts → amounts; then compliance, then margin (ORC-04, C-40). */
const RULES_BEFORE: readonly Rule[] = [
  ...ACCOUNT_RULES,
  ...STATE_RULES,
  ...TERMS_RULES,
  ...CLOSING_RULES,
  ...QUOTE_RULES,
  ...LIMIT_RULES,
  ...SIZE_RULES,
  ...CORRELATION_RULES,
];

/** The first rule that refuses the order, or the approval without which it cannot be submitted. */
export function checkOrder(state: AccountState, terms: OrderTerms, market: MarketAtCheck, now: EpochMs): Checked {
  const checks: CheckResult[] = [];
  const context = contextOf(state, terms, market, now);
  if (context === null)
    return refuse(noDay, [{ rule: noDay.code, passed: false, limit: null, value: null, unit: null }]);
  const before = ask(RULES_BEFORE, context, checks);
  if (before !== null) return refuse(before, checks);
  const compliance = judgeCompliance(context, checks);
  if (compliance.denial !== null) return refuse(compliance.denial, checks);
  const fit = ask(MARGIN_RULES, context, checks);
  if (fit !== null) return refuse(fit, checks);
  return { ...ok(approve(terms, checks, passed as RiskVerdict, compliance.passed)), checks };
}

/** Rules of standing that an order under way is held to again when a limit, a restriction or the KYC state has changed. */
const STANDING_RULES: readonly Rule[] = [
  ...ACCOUNT_RULES,
  ...TERMS_RULES,
  ...CLOSING_RULES,
  ...LIMIT_RULES,
  ...SIZE_RULES,
  ...CORRELATION_RULES,
].filter(({ id }) => id !== "ORDER_RATE_LIMIT");

/**
 * Whether what is left of an entry would still be let through, in a state that does not count it. Price and hour are not
 * asked: the venue has it already.
 */
export function stillPasses(state: AccountState, order: Order, now: EpochMs): boolean {
  const terms = { ...order, quantityUnits: order.quantityUnits - order.filledUnits };
  const context = contextOf(state, terms, { product: "INTRADAY", price: null, heldPrices: [] }, now);
  if (context === null) return false;
  const rest = { ...context, isRest: order.filledUnits > 0 };
  return (
    ask(STANDING_RULES, rest, []) === null &&
    judgeCompliance(rest, []).denial === null &&
    ask(MARGIN_RULES, rest, []) === null
  );
}

const passed: Omit<RiskVerdict, typeof riskPassed> = {};

/** Needs both verdicts: neither alone makes an approval. Every order leaves with the tag of who made it. */
function approve(
  terms: OrderTerms,
  checks: CheckResult[],
  _risk: RiskVerdict,
  compliance: ComplianceVerdict,
): Approval {
  const tagged = terms.algoId === undefined ? { ...terms, algoId: algoIdOf(terms.origin) } : terms;
  const approval: Omit<Approval, typeof approved> = { terms: tagged, checks, compliance: compliance.status };
  return approval as Approval;
}

function contextOf(state: AccountState, terms: OrderTerms, market: MarketAtCheck, now: EpochMs): CheckContext | null {
  const { profile, day } = state;
  if (profile === null || day === null) return null;
  const exact = terms.limitPricePaise * terms.quantityUnits;
  const orderPaise = paise(Number.isSafeInteger(exact) ? exact : Number.MAX_SAFE_INTEGER);
  const needPaise = market.list?.needPaise ?? (terms.side === "SELL" ? (terms.marginPaise ?? orderPaise) : orderPaise);
  return {
    state,
    profile,
    day,
    terms,
    market,
    now,
    working: workingOrders(state),
    isRest: isListUnderWay(state, terms.listId),
    orderPaise,
    needPaise,
    setAsidePaise: setAside(state, terms, needPaise),
  };
}

/** Of what a list keeps for the leg, as much as this order takes. */
function setAside(state: AccountState, { listId, legIndex }: OrderTerms, needPaise: Paise): Paise {
  const list = listId === undefined ? undefined : findList(state, listId);
  return list === undefined ? ZERO_PAISE : minPaise(needPaise, reservedForLeg(state, list, legIndex ?? 0));
}

const refuse = (denial: Denial, checks: readonly CheckResult[]): Checked => ({ ...err(denial), checks });

const noDay: Denial = {
  code: "DAY_NOT_OPEN",
  field: "clientOrderId",
  limit: null,
  value: null,
  unit: null,
  detail: "the account has no open day",
};
