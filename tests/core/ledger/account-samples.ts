// Account states, orders and events made by hand, for the tests of what follows from journal events.
import type { AccountEvent, JournalEntry } from "../../../src/core/account/event.ts";
import type { AccountProfile } from "../../../src/core/account/profile.ts";
import type { AccountState, DayState } from "../../../src/core/account/state.ts";
import type { InstrumentId, OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise, ZERO_PAISE } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import type { ClientOrderId, Order, OrderSide, OrderTerms } from "../../../src/core/order/order.ts";
import { rupees } from "../settlement/settlement-samples.ts";

export const DATE = marketDate("2025-08-29");
export const AT = istInstant(DATE, "10:00");

export const PROFILE: AccountProfile = {
  accountId: "U001",
  displayName: "Test trader",
  category: "RESTRICTED",
  capitalPaise: rupees("10000"),
  savingsPaise: rupees("100000"),
  activatedOn: marketDate("2025-01-01"),
  feeSchedule: "v9",
  limits: {
    tradesPerDayMax: 27,
    tradesPerCycleMax: 4,
    openTradesMax: 5,
    dailyLossMaxPaise: rupees("500"),
    orderValueMaxPaise: rupees("30000"),
    allowedUnderlyings: ["NIFTY50"],
  },
};

export const DAY: DayState = {
  date: DATE,
  status: "OPEN",
  openMs: istInstant(DATE, "09:15"),
  closeMs: istInstant(DATE, "15:30"),
  vixCenti: 1200,
  trades: 0,
  tradesByCycle: {},
  vixTradesMax: 180,
  capacityBps: 10_000,
  realisedPaise: ZERO_PAISE,
  accruedChargesPaise: ZERO_PAISE,
  provisional: null,
  final: null,
  ordersSubmitted: 0,
  ordersDenied: 0,
};

export const stateWith = (parts: Partial<AccountState>): AccountState => ({
  profile: PROFILE,
  sequence: 10,
  lastEventMs: AT,
  tradingState: "ACTIVE",
  haltReason: null,
  cashPaise: rupees("10000"),
  savingsPaise: rupees("90000"),
  taxLockPaise: ZERO_PAISE,
  accumulatedProfitPaise: ZERO_PAISE,
  day: DAY,
  orders: {},
  openTrades: {},
  transfers: {},
  jobsDone: {},
  executionsSeen: {},
  ...parts,
});

export const CONTRACT: OptionContract = {
  instrumentId: "NIFTY2590224500CE.NFO" as InstrumentId,
  underlying: "NIFTY50",
  exchange: "NSE",
  expiry: marketDate("2025-09-02"),
  strikePaise: rupees("24500"),
  optionType: "CALL",
  lotSize: 75,
  freezeQuantity: 1_800,
  tickSizePaise: paise(5),
};

export const termsOf = (id: string, side: OrderSide, units: number, parts: Partial<OrderTerms> = {}): OrderTerms => ({
  clientOrderId: id as ClientOrderId,
  contract: CONTRACT,
  side,
  type: "LIMIT",
  timeInForce: "DAY",
  quantityUnits: units,
  limitPricePaise: rupees("100"),
  purpose: side === "BUY" ? "ENTRY" : "EXIT",
  exitReason: side === "BUY" ? null : "TARGET",
  origin: "STRATEGY",
  cycleId: "2025-08-29-C03",
  signalId: "2025-08-29-C03/NIFTY50",
  ...parts,
});

/** An order as it stands; filled in full at a price unless told otherwise. */
export const orderOf = (terms: OrderTerms, pricePaise: number, parts: Partial<Order> = {}): Order => ({
  ...terms,
  status: "FILLED",
  filledUnits: terms.quantityUnits,
  filledValuePaise: paise(pricePaise * terms.quantityUnits),
  reservedPaise: ZERO_PAISE,
  venueOrderId: `V-${terms.clientOrderId}`,
  denial: null,
  rejectReason: null,
  createdAtMs: AT,
  updatedAtMs: epochMs(AT + 250),
  ...parts,
});

export type EventOf<Type extends AccountEvent["type"]> = Extract<AccountEvent, { readonly type: Type }>;

export const filledEvent = (
  order: Pick<Order, "clientOrderId">,
  units: number,
  pricePaise: number,
  results: { readonly realisedPaise?: number; readonly closedCostPaise?: number } = {},
): EventOf<"ORDER_FILLED"> => ({
  type: "ORDER_FILLED",
  atMs: AT,
  clientOrderId: order.clientOrderId,
  fill: {
    executionId: `${order.clientOrderId}/1`,
    clientOrderId: order.clientOrderId,
    venueOrderId: `V-${order.clientOrderId}`,
    units,
    pricePaise: paise(pricePaise),
    atMs: AT,
    modelled: false,
  },
  realisedPaise: paise(results.realisedPaise ?? 0),
  closedCostPaise: paise(results.closedCostPaise ?? 0),
  accruedChargesPaise: paise(30_00),
  exitPlan: null,
});

export const entryOf = (event: AccountEvent, sequence = 11): JournalEntry => ({
  sequence,
  event,
  hash: "ab".repeat(32),
});
