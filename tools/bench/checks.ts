// What an order costs before anything is stored: the whole check (risk, compliance, margin), and the whole decision with it
// (terms, check, event, journal hash, state, read-model rows, texts of journal and outbox). With an account that holds two
// positions, and with one that holds 22 and has 20 orders under way; nothing is remembered from one order to the next.
import { journaled } from "../../durable-objects/account/journaling.ts";
import { outboxDrafts } from "../../durable-objects/account/outbox.ts";
import type { Command } from "../../src/core/account/command.ts";
import { decide } from "../../src/core/account/decide.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { required } from "../../src/core/kernel/assert.ts";
import { paise, valuePaise, ZERO_PAISE } from "../../src/core/kernel/money.ts";
import { GENESIS_HASH } from "../../src/core/ledger/hash-chain.ts";
import type { OrderTerms } from "../../src/core/order/order.ts";
import { checkOrder } from "../../src/core/risk/check.ts";
import { ask, type CheckContext, type Rule } from "../../src/core/risk/rule.ts";
import { CORRELATION_RULES } from "../../src/core/risk/rules-correlation.ts";
import { QUOTE_RULES } from "../../src/core/risk/rules-quote.ts";
import { workingOrders } from "../../src/core/risk/working-orders.ts";
import { aPrice, aRequest, id, NOON } from "../../tests/support/builders.ts";
import { type Figures, timed } from "./figures.ts";
import { busyAccount, idleAccount, ofCall } from "./stage.ts";

const ORDERS = 4_000;
const HELD = 20;

interface Case {
  readonly positions: number;
  readonly workingOrders: number;
  /** Rules that were asked. */
  readonly rules: number;
  readonly check: Figures;
  /** Of that: whether the quote can be traded on (sane, fresh, following from the one before, moving, explained by the model). */
  readonly quoteRules: Figures;
  /** And what one common move of the indices would hit. */
  readonly correlationRules: Figures;
  /** An entry that buys, an exit, and a sale that opens a protected short, whose margin is worked out for it. */
  readonly decideBuy: Figures;
  readonly decideExit: Figures;
  readonly decideShort: Figures;
}

export interface ChecksBench {
  readonly name: "checks";
  readonly orders: number;
  readonly cases: readonly Case[];
}

export async function benchChecks(progress: (line: string) => void): Promise<ChecksBench> {
  const cases = [caseOf(idleAccount(), 0), caseOf(busyAccount(HELD), HELD)];
  for (const { positions, check, quoteRules, correlationRules, decideBuy, decideShort } of cases) {
    progress(
      `${positions} positions: check ${check.p50Us} µs (of it quotes ${quoteRules.p50Us} µs, correlated exposure ${correlationRules.p50Us} µs), whole decision ${decideBuy.p50Us} µs, of a short ${decideShort.p50Us} µs`,
    );
  }
  return { name: "checks", orders: ORDERS, cases };
}

function caseOf(state: AccountState, held: number): Case {
  let rules = 0;
  const check = timed(ORDERS, (n) => {
    const fresh = asIfNew(state);
    const terms = termsOf(state, n);
    return () => {
      const checked = checkOrder(fresh, terms, { product: "INTRADAY", price, heldPrices: [price] }, NOON);
      if (!checked.ok) throw new Error(`refused: ${checked.error.detail}`);
      rules = checked.checks.length;
    };
  });
  const decided = (request: (n: number) => Command): Figures =>
    timed(ORDERS, (n) => {
      const fresh = asIfNew(state);
      const command = request(n);
      return () => accept(fresh, command);
    });
  return {
    positions: Object.keys(state.openTrades).length,
    workingOrders: held,
    rules,
    check,
    quoteRules: asked(state, QUOTE_RULES),
    correlationRules: asked(state, CORRELATION_RULES),
    decideBuy: decided((n) => order(n, "BUY", 0)),
    decideExit: decided((n) => order(n, "SELL", 0)),
    decideShort: decided((n) => order(n, "SELL", 1)),
  };
}

/** One family of rules alone, about the same entry; with a price beside which every one of them has something to measure. */
function asked(state: AccountState, rules: readonly Rule[]): Figures {
  return timed(ORDERS, (n) => {
    const context = contextOf(asIfNew(state), termsOf(state, n));
    return () => {
      const denial = ask(rules, context, []);
      if (denial !== null) throw new Error(`refused: ${denial.detail}`);
    };
  });
}

function contextOf(state: AccountState, terms: OrderTerms): CheckContext {
  const { profile, day } = state;
  const orderPaise = valuePaise(terms.limitPricePaise, terms.quantityUnits);
  return {
    state,
    profile: required(profile, "an open account"),
    day: required(day, "an open day"),
    terms,
    market: { product: "INTRADAY", price, heldPrices: [price] },
    now: NOON,
    working: workingOrders(state),
    isRest: false,
    orderPaise,
    needPaise: orderPaise,
    setAsidePaise: ZERO_PAISE,
  };
}

/** Everything an account does about a command in the turn that decides, but for the rows themselves. */
export function accept(state: AccountState, command: Command): AccountState {
  const decision = decide(state, command);
  if (!decision.ok) throw new Error(decision.error.detail);
  const refusal = decision.value.find(({ type }) => type === "ORDER_DENIED" || type === "LIST_DENIED");
  if (refusal !== undefined) throw new Error(JSON.stringify(refusal));
  const written = journaled(state, GENESIS_HASH, decision.value);
  outboxDrafts(written.told);
  for (const { event } of written.entries) JSON.stringify(event);
  return written.state;
}

/** With all that a feed tells: the index, the price before, and since when it has stood still. */
const spotPaise = ofCall(0).strikePaise;
const price = aPrice({
  instrumentId: ofCall(0).instrumentId,
  spotPaise,
  ivBps: 1_200,
  steady: { pricePaise: paise(50_00), atMs: NOON },
  still: { sinceMs: NOON, spotPaise },
});

function order(n: number, side: "BUY" | "SELL", contractNumber: number): Command {
  const contract = ofCall(contractNumber);
  const request = aRequest({ clientOrderId: id(`bench-${n}`), side, contract });
  const quote = aPrice({ instrumentId: contract.instrumentId, spotPaise: contract.strikePaise, ivBps: 1_200 });
  return { type: "SUBMIT_ORDER", atMs: NOON, request, price: quote };
}

/** As the decision would write them. */
function termsOf(state: AccountState, n: number): OrderTerms {
  const decision = decide(state, order(n, "BUY", 0));
  const event = decision.ok ? decision.value[0] : undefined;
  if (event?.type !== "ORDER_SUBMITTED") throw new Error("the order was not let through");
  const { releaseAtMs: _release, ...terms } = event.terms;
  return terms;
}

/** The same account, of which no summary has been made yet. */
const asIfNew = (state: AccountState): AccountState => ({
  ...state,
  orders: { ...state.orders },
  openTrades: { ...state.openTrades },
});
