// The gate between wanting an order and sending it. Only this module can make a `RiskApproved`, and nothing without one can
// be submitted. What closes a position is never refused for a limit; what opens one must pass every check.
import { orderValueMaxPaise } from "../account/category.ts";
import type { PriceView } from "../account/command.ts";
import type { AccountProfile } from "../account/profile.ts";
import type { AccountState, DayState } from "../account/state.ts";
import { isTransferSettled } from "../funds/transfer-status.ts";
import { paise } from "../kernel/money.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type EpochMs, epochMs, formatIstTime, MS_PER_MINUTE } from "../kernel/time.ts";
import type { OrderTerms } from "../order/order.ts";
import { LOTS_PER_ORDER_MAX } from "../strategy/sizing.ts";
import { dayLossPaise } from "./daily-loss.ts";
import type { Denial, DenialCode } from "./denial.ts";
import { exposureOf } from "./exposure.ts";
import { closableUnits, openInstruments, pendingEntries, tradesOfCycle, tradesOfDay } from "./trade-counts.ts";

declare const approved: unique symbol;

/** Passed every check at the moment it was made. The brand's symbol is not exported: nobody else can make one. */
export type RiskApproved<T> = T & { readonly [approved]: true };

/** What the check goes by beside the account's own state. */
export interface MarketAtCheck {
  readonly product: "INTRADAY" | "CARRY";
  /** Of the order's contract. */
  readonly price: PriceView | null;
  /** Of what the account holds, as far as known; what is missing counts at its cost. */
  readonly heldPrices: readonly PriceView[];
}

/** The strategy lets the market find its prices first; who asks for an order themselves may trade from the open. */
export const FIRST_ENTRY_AFTER_OPEN_MS = 15 * MS_PER_MINUTE;

/** The first rule that refuses the order, or the approval without which it cannot be submitted. */
export function checkOrder(
  state: AccountState,
  terms: OrderTerms,
  market: MarketAtCheck,
  now: EpochMs,
): Result<RiskApproved<OrderTerms>, Denial> {
  const { profile, day } = state;
  if (profile === null || day === null)
    return err(rule("DAY_NOT_OPEN", "clientOrderId", "the account has no open day"));
  const denial =
    denialOfDay(day, terms) ??
    (terms.purpose === "ENTRY" ? denialOfState(state, terms, profile, day, now) : null) ??
    denialOfTerms(terms, market, profile, day) ??
    (terms.purpose === "EXIT"
      ? denialOfExit(state, terms)
      : (denialOfQuote(terms, market.price, now) ?? denialOfLimits(state, terms, market, profile, day)));
  return denial === null ? ok(terms as RiskApproved<OrderTerms>) : err(denial);
}

/** Largest order of a contract in units: whole lots within the freeze quantity and the owner's cap on one order (C-04). */
export const orderUnitsMax = ({ contract }: Pick<OrderTerms, "contract">): number =>
  Math.min(Math.floor(contract.freezeQuantity / contract.lotSize), LOTS_PER_ORDER_MAX) * contract.lotSize;

/** Exits are taken until the broker's statement has settled the day for good: a late fill must still be closed. */
function denialOfDay(day: DayState, { purpose }: OrderTerms): Denial | null {
  const isOver = day.status === "FINAL" || day.status === "CLOSED";
  const isSettled = isOver || day.status === "PROVISIONAL" || day.status === "PAID_OUT";
  return isOver || (isSettled && purpose === "ENTRY")
    ? rule("DAY_NOT_OPEN", "clientOrderId", `the day ${day.date} is settled; orders are taken on the next one`)
    : null;
}

function denialOfState(
  state: AccountState,
  terms: OrderTerms,
  profile: AccountProfile,
  day: DayState,
  now: EpochMs,
): Denial | null {
  if (state.tradingState === "HALTED") {
    return rule(
      "ACCOUNT_HALTED",
      "side",
      `the account is halted (${state.haltReason ?? "no reason given"}); resume it to trade`,
    );
  }
  if (state.tradingState === "REDUCING") {
    const limit = profile.limits.dailyLossMaxPaise;
    return number("DAILY_LOSS_LIMIT", "side", limit, dayLossPaise(state, []), "PAISE", "today only exits are taken");
  }
  if (day.status !== "OPEN") return rule("ENTRIES_CLOSED", "side", "entries are over for today; exits are taken");
  if (now >= day.closeMs) return rule("ENTRIES_CLOSED", "side", `the market closed at ${formatIstTime(day.closeMs)}`);
  const firstEntryMs = epochMs(day.openMs + (terms.origin === "STRATEGY" ? FIRST_ENTRY_AFTER_OPEN_MS : 0));
  if (now < firstEntryMs) {
    const from = formatIstTime(firstEntryMs);
    return number("ENTRIES_CLOSED", "side", firstEntryMs, now, "MS", `entries begin at ${from}`);
  }
  const isFundingUnderWay = Object.values(state.transfers).some(
    ({ kind, date, status }) => kind === "PULL" && date === day.date && !isTransferSettled(status),
  );
  return isFundingUnderWay ? rule("ENTRIES_CLOSED", "side", "the morning's funding has not arrived yet") : null;
}

function denialOfTerms(
  terms: OrderTerms,
  market: MarketAtCheck,
  profile: AccountProfile,
  day: DayState,
): Denial | null {
  const { contract, quantityUnits, limitPricePaise } = terms;
  const isEntry = terms.purpose === "ENTRY";
  if (isEntry && !profile.limits.allowedUnderlyings.includes(contract.underlying)) {
    const allowed = profile.limits.allowedUnderlyings.join(", ");
    return rule(
      "UNDERLYING_NOT_ALLOWED",
      "instrumentId",
      `this account trades ${allowed === "" ? "nothing" : allowed}`,
    );
  }
  if (isEntry && market.product !== "INTRADAY") {
    return rule("PRODUCT_NOT_INTRADAY", "product", "positions are closed within the day: use INTRADAY");
  }
  if (contract.expiry < day.date) {
    return rule("CONTRACT_EXPIRED", "instrumentId", `it expired on ${contract.expiry}; choose a later expiry`);
  }
  if (!Number.isSafeInteger(quantityUnits) || quantityUnits <= 0 || quantityUnits % contract.lotSize !== 0) {
    return number(
      "QUANTITY_NOT_WHOLE_LOTS",
      "quantityUnits",
      contract.lotSize,
      quantityUnits,
      "UNITS",
      `use a multiple of ${contract.lotSize} units`,
    );
  }
  const unitsMax = orderUnitsMax(terms);
  if (quantityUnits > unitsMax) {
    return number(
      "QUANTITY_ABOVE_FREEZE",
      "quantityUnits",
      unitsMax,
      quantityUnits,
      "UNITS",
      `one order may be ${unitsMax} units at most; send several`,
    );
  }
  if (limitPricePaise <= 0 || limitPricePaise % contract.tickSizePaise !== 0) {
    return number(
      "PRICE_NOT_ON_TICK",
      "limitPricePaise",
      contract.tickSizePaise,
      limitPricePaise,
      "PAISE",
      `use a positive multiple of ${contract.tickSizePaise} paise`,
    );
  }
  return null;
}

function denialOfExit(state: AccountState, terms: OrderTerms): Denial | null {
  const closable = closableUnits(state, terms.contract.instrumentId);
  const isClosing = terms.side === "SELL" ? closable > 0 : closable < 0;
  const limit = isClosing ? Math.abs(closable) : 0;
  return terms.quantityUnits <= limit
    ? null
    : number(
        "SHORT_NOT_ALLOWED",
        "quantityUnits",
        limit,
        terms.quantityUnits,
        "UNITS",
        `${limit} units are held and not already on their way out`,
      );
}

function denialOfQuote(terms: OrderTerms, price: PriceView | null, now: EpochMs): Denial | null {
  if (price === null || (price.askPaise === null && price.lastPaise === null)) {
    return rule("QUOTE_MISSING", "instrumentId", `${terms.contract.instrumentId} has no price to buy at`);
  }
  const ageMs = now - price.quotedAtMs;
  return ageMs <= price.staleAfterMs
    ? null
    : number("QUOTE_STALE", "instrumentId", price.staleAfterMs, ageMs, "MS", "wait for a newer quote");
}

function denialOfLimits(
  state: AccountState,
  terms: OrderTerms,
  market: MarketAtCheck,
  profile: AccountProfile,
  day: DayState,
): Denial | null {
  const { limits } = profile;
  const lossPaise = dayLossPaise(state, market.heldPrices);
  if (lossPaise >= limits.dailyLossMaxPaise) {
    return number(
      "DAILY_LOSS_LIMIT",
      "side",
      limits.dailyLossMaxPaise,
      lossPaise,
      "PAISE",
      "today only exits are taken",
    );
  }
  const pending = pendingEntries(state);
  const dayTrades = tradesOfDay(state, pending);
  const dayTradesMax = Math.min(limits.tradesPerDayMax, day.vixTradesMax);
  if (dayTrades >= dayTradesMax) {
    return number("DAY_TRADES_LIMIT", "side", dayTradesMax, dayTrades, "TRADES", "no further trade passes today");
  }
  const { underlying, instrumentId } = terms.contract;
  const cycleTrades = terms.cycleId === null ? 0 : tradesOfCycle(state, pending, terms.cycleId, underlying);
  if (cycleTrades >= limits.tradesPerCycleMax) {
    return number(
      "CYCLE_TRADES_LIMIT",
      "instrumentId",
      limits.tradesPerCycleMax,
      cycleTrades,
      "TRADES",
      `${underlying} can be traded again in the next cycle`,
    );
  }
  const open = openInstruments(state, pending);
  if (!open.has(instrumentId) && open.size >= limits.openTradesMax) {
    return number(
      "OPEN_TRADES_LIMIT",
      "instrumentId",
      limits.openTradesMax,
      open.size,
      "TRADES",
      "close a trade first",
    );
  }
  // A price can be so high that the exact value is no paise any more; it is far beyond every limit then.
  const orderPaise = paise(Math.min(terms.limitPricePaise * terms.quantityUnits, Number.MAX_SAFE_INTEGER));
  const orderMaxPaise = orderValueMaxPaise(profile);
  if (orderPaise > orderMaxPaise) {
    return number("ORDER_VALUE_LIMIT", "quantityUnits", orderMaxPaise, orderPaise, "PAISE", "use fewer lots");
  }
  const { buyingPowerPaise } = exposureOf(state);
  if (orderPaise > buyingPowerPaise) {
    return number(
      "BUYING_POWER",
      "quantityUnits",
      buyingPowerPaise,
      orderPaise,
      "PAISE",
      "use fewer lots, or close a trade first",
    );
  }
  return null;
}

const rule = (code: DenialCode, field: string, detail: string): Denial => ({
  code,
  field,
  limit: null,
  value: null,
  unit: null,
  detail,
});

const number = (
  code: DenialCode,
  field: string,
  limit: number,
  value: number,
  unit: NonNullable<Denial["unit"]>,
  detail: string,
): Denial => ({ code, field, limit, value, unit, detail });
