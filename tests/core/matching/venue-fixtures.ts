// A contract, a quote and an order to vary, and a way to run an order through its life.
import type { VenueReport } from "../../../src/core/account/command.ts";
import type { InstrumentId, OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { HeldQuote } from "../../../src/core/market/market-event.ts";
import { advanceOrder } from "../../../src/core/matching/match-order.ts";
import { acceptOrder, dueMsOf, type VenueOrderState, type VenueRules } from "../../../src/core/matching/venue-order.ts";
import type { ClientOrderId, Fill, OrderTerms } from "../../../src/core/order/order.ts";

export const DATE = marketDate("2025-08-29");
export const RULES: VenueRules = {
  latencyMs: 250,
  openMs: istInstant(DATE, "09:15"),
  closeMs: istInstant(DATE, "15:30"),
};
export const NOON = istInstant(DATE, "12:00");
export const later = (ms: number): EpochMs => epochMs(NOON + ms);

export const CONTRACT: OptionContract = {
  instrumentId: "NIFTY2590224500CE.NFO" as InstrumentId,
  underlying: "NIFTY50",
  exchange: "NSE",
  expiry: marketDate("2025-09-02"),
  strikePaise: paise(2_450_000),
  optionType: "CALL",
  lotSize: 75,
  freezeQuantity: 1_800,
  tickSizePaise: paise(5),
};

/** Bid 99.95 × 4 lots, ask 100.05 × 2 lots, last 100.00, recorded. */
export const quoteOf = (change: Partial<HeldQuote> = {}): HeldQuote => ({
  instrumentId: CONTRACT.instrumentId,
  expiry: CONTRACT.expiry,
  strikePaise: CONTRACT.strikePaise,
  optionType: "CALL",
  lastPaise: paise(10_000),
  bidPaise: paise(9_995),
  bidUnits: 300,
  askPaise: paise(10_005),
  askUnits: 150,
  volumeUnits: null,
  openInterestUnits: null,
  ivBps: null,
  quotedAtMs: NOON,
  source: "RECORDED",
  ...change,
});

export const termsOf = (change: Partial<OrderTerms> = {}): OrderTerms => ({
  clientOrderId: "order-1" as ClientOrderId,
  contract: CONTRACT,
  side: "BUY",
  type: "LIMIT",
  timeInForce: "DAY",
  quantityUnits: 75,
  limitPricePaise: paise(10_100),
  purpose: "ENTRY",
  exitReason: null,
  origin: "STRATEGY",
  cycleId: null,
  signalId: null,
  ...change,
});

/** An order as it stands after the venue has taken it at noon and matched it on arrival. */
export function arrived(
  terms: OrderTerms,
  quote: HeldQuote | null,
): { order: VenueOrderState; reports: readonly VenueReport[] } {
  const order = acceptOrder("account-1", terms, NOON, RULES);
  return advanceOrder(order, quote, false, epochMs(dueMsOf(order, RULES) ?? 0), RULES);
}

export const fillsOf = (reports: readonly VenueReport[]): Fill[] =>
  reports.filter((report) => report.kind === "FILLED").map((report) => report.fill);
