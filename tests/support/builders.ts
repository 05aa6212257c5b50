// Accounts, orders, signals and prices to vary in tests: a REGULAR account of ₹1,00,000 on 2025-08-29 and a cheap NIFTY call.
import type { Command, OrderRequest, PriceView, VenueReport } from "../../src/core/account/command.ts";
import { decide } from "../../src/core/account/decide.ts";
import type { AccountEvent } from "../../src/core/account/event.ts";
import { EMPTY_ACCOUNT, evolve } from "../../src/core/account/evolve.ts";
import type { AccountLimits, AccountProfile } from "../../src/core/account/profile.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import type { InstrumentId, OptionContract } from "../../src/core/instrument/contract.ts";
import { paise } from "../../src/core/kernel/money.ts";
import { type EpochMs, epochMs, istInstant, marketDate } from "../../src/core/kernel/time.ts";
import type { ClientOrderId, Fill, Order, OrderTerms } from "../../src/core/order/order.ts";
import type { Signal } from "../../src/core/prediction/signal.ts";

export const DATE = marketDate("2025-08-29");
export const OPEN = istInstant(DATE, "09:15");
export const CLOSE = istInstant(DATE, "15:30");
export const NOON = istInstant(DATE, "12:00");
export const at = (time: string): EpochMs => istInstant(DATE, time);
export const later = (ms: number, from: EpochMs = NOON): EpochMs => epochMs(from + ms);
export const id = (text: string): ClientOrderId => text as ClientOrderId;

export const NIFTY_CALL: OptionContract = {
  instrumentId: "NIFTY2590224500CE.NFO" as InstrumentId,
  underlying: "NIFTY50",
  exchange: "NSE",
  expiry: marketDate("2025-09-02"),
  strikePaise: paise(24_500_00),
  optionType: "CALL",
  lotSize: 75,
  freezeQuantity: 1_800,
  tickSizePaise: paise(5),
};
export const NIFTY_PUT: OptionContract = {
  ...NIFTY_CALL,
  instrumentId: "NIFTY2590224400PE.NFO" as InstrumentId,
  strikePaise: paise(24_400_00),
  optionType: "PUT",
};
export const BANKNIFTY_CALL: OptionContract = {
  ...NIFTY_CALL,
  instrumentId: "BANKNIFTY25SEP54000CE.NFO" as InstrumentId,
  underlying: "BANKNIFTY",
  expiry: marketDate("2025-09-30"),
  strikePaise: paise(54_000_00),
  lotSize: 35,
  freezeQuantity: 600,
};
export const SENSEX_CALL: OptionContract = {
  ...NIFTY_CALL,
  instrumentId: "SENSEX2590480000CE.BFO" as InstrumentId,
  underlying: "SENSEX",
  exchange: "BSE",
  expiry: marketDate("2025-09-04"),
  strikePaise: paise(80_000_00),
  lotSize: 20,
  freezeQuantity: 1_000,
};
export const CONTRACTS = [NIFTY_CALL, NIFTY_PUT, BANKNIFTY_CALL, SENSEX_CALL];

export const LIMITS: AccountLimits = {
  tradesPerDayMax: 27,
  tradesPerCycleMax: 4,
  openTradesMax: 5,
  dailyLossMaxPaise: paise(5_000_00),
  orderValueMaxPaise: paise(1_00_000_00),
  allowedUnderlyings: ["NIFTY50", "BANKNIFTY", "SENSEX"],
};

export const aProfile = (
  change: Partial<Omit<AccountProfile, "limits">> & { readonly limits?: Partial<AccountLimits> } = {},
): AccountProfile => ({
  accountId: "U001",
  displayName: "A trader",
  category: "REGULAR",
  capitalPaise: paise(1_00_000_00),
  savingsPaise: paise(5_00_000_00),
  activatedOn: marketDate("2025-06-01"),
  feeSchedule: "v9",
  kyc: { state: "VERIFIED", source: "SEED", changedAtMs: at("07:00") },
  ...change,
  limits: { ...LIMITS, ...change.limits },
});

/** An account and its journal, driven by commands. */
export class AccountUnderTest {
  state: AccountState = EMPTY_ACCOUNT;
  readonly events: AccountEvent[] = [];

  /** Carries a command out; throws when it is refused. Returns what happened. */
  do(command: Command): readonly AccountEvent[] {
    const decision = decide(this.state, command);
    if (!decision.ok) throw new Error(`${command.type} refused: ${decision.error.code} ${decision.error.detail}`);
    for (const event of decision.value) this.state = evolve(this.state, event);
    this.events.push(...decision.value);
    return decision.value;
  }

  /** Something that happened, whoever decided it. */
  take(event: AccountEvent): void {
    this.state = evolve(this.state, event);
    this.events.push(event);
  }

  report(atMs: EpochMs, ...reports: readonly VenueReport[]): readonly AccountEvent[] {
    return this.do({ type: "APPLY_REPORTS", atMs, reports });
  }
}

/** Opened, funded by PULL, and the day open. */
export function anAccount(
  change: Parameters<typeof aProfile>[0] & { readonly vixCenti?: number | null } = {},
): AccountUnderTest {
  const { vixCenti = 1_215, ...profile } = change;
  const account = new AccountUnderTest();
  account.do({ type: "OPEN_ACCOUNT", atMs: at("08:00"), profile: aProfile(profile) });
  account.do({
    type: "OPEN_DAY",
    atMs: at("09:00"),
    jobKey: "OPEN_DAY",
    date: DATE,
    openMs: OPEN,
    closeMs: CLOSE,
    vixCenti,
  });
  account.do({ type: "REQUEST_PULL", atMs: OPEN, jobKey: "PULL" });
  for (const transfer of Object.values(account.state.transfers)) {
    account.do(transferUpdate(transfer.transferId, "COMPLETED", at("09:16")));
  }
  return account;
}

export const transferUpdate = (
  transferId: string,
  status: "PROCESSING" | "COMPLETED" | "FAILED" | "REVERSED",
  atMs: EpochMs,
): Command => ({ type: "UPDATE_TRANSFER", atMs, transferId, status, railReference: "R-1", failure: null });

/** Bid 49.95, ask 50.05, quoted at noon. */
export const aPrice = (change: Partial<PriceView> = {}): PriceView => ({
  instrumentId: NIFTY_CALL.instrumentId,
  bidPaise: paise(49_95),
  askPaise: paise(50_05),
  lastPaise: paise(50_00),
  quotedAtMs: NOON,
  staleAfterMs: 120_000,
  ...change,
});

export const aRequest = (change: Partial<OrderRequest> = {}): OrderRequest => ({
  clientOrderId: id("order-1"),
  contract: NIFTY_CALL,
  side: "BUY",
  type: "LIMIT",
  timeInForce: "DAY",
  product: "INTRADAY",
  quantityUnits: 75,
  limitPricePaise: paise(50_00),
  ...change,
});

export const submit = (
  change: Partial<OrderRequest> = {},
  atMs: EpochMs = NOON,
  price: PriceView | null = aPrice(),
): Command => ({
  type: "SUBMIT_ORDER",
  atMs,
  request: aRequest(change),
  price,
});

export const someTerms = (change: Partial<OrderTerms> = {}): OrderTerms => ({
  clientOrderId: id("order-1"),
  contract: NIFTY_CALL,
  side: "BUY",
  type: "LIMIT",
  timeInForce: "DAY",
  quantityUnits: 75,
  limitPricePaise: paise(50_00),
  purpose: "ENTRY",
  exitReason: null,
  origin: "API",
  cycleId: "2025-08-29-C12",
  signalId: null,
  ...change,
});

export const anOrder = (change: Partial<Order> = {}): Order => ({
  ...someTerms(),
  status: "SUBMITTED",
  filledUnits: 0,
  filledValuePaise: paise(0),
  reservedPaise: paise(3_750_00),
  venueOrderId: null,
  denial: null,
  rejectReason: null,
  createdAtMs: NOON,
  updatedAtMs: NOON,
  ...change,
});

export const accepted = (clientOrderId: ClientOrderId, atMs: EpochMs = NOON): VenueReport => ({
  kind: "ACCEPTED",
  clientOrderId,
  venueOrderId: `V-${clientOrderId}`,
  atMs,
});

export const canceled = (clientOrderId: ClientOrderId, atMs: EpochMs = NOON): VenueReport => ({
  kind: "CANCELED",
  clientOrderId,
  reason: "IOC_REMAINDER",
  atMs,
});

let executions = 0;
/** Every call makes an execution of its own, unless it is given an id. */
export function filled(
  clientOrderId: ClientOrderId,
  units: number,
  pricePaise: number,
  change: Partial<Fill> = {},
): VenueReport {
  executions += 1;
  const fill: Fill = {
    executionId: `E-${executions}`,
    clientOrderId,
    venueOrderId: `V-${clientOrderId}`,
    units,
    pricePaise: paise(pricePaise),
    atMs: NOON,
    modelled: false,
    ...change,
  };
  return { kind: "FILLED", clientOrderId, fill, atMs: fill.atMs };
}

/** Bullish on NIFTY in the 12th cycle, with the cheap call. */
export const aSignal = (change: Partial<Signal> = {}): Signal => ({
  signalId: "2025-08-29-C12/NIFTY50",
  cycleId: "2025-08-29-C12",
  underlying: "NIFTY50",
  atMs: NOON,
  predictor: "rules-1",
  direction: "BULLISH",
  confidenceBps: 6_000,
  reason: "RSI above 70",
  inputs: {
    spotPaise: paise(24_450_00),
    rsi: 72,
    atrPaise: 20_00,
    macdHistogramPaise: 1_00,
    vixCenti: 1_215,
    barCount: 60,
  },
  choice: {
    contract: NIFTY_CALL,
    bidPaise: paise(49_95),
    askPaise: paise(50_05),
    lastPaise: paise(50_00),
    quotedAtMs: NOON,
    source: "RECORDED",
    deltaBps: 3_000,
    score: 1,
  },
  alternatives: [],
  targetMovePaise: paise(40_00),
  stopMovePaise: paise(20_00),
  expiresAtMs: epochMs(NOON + 30 * 60_000),
  ...change,
});

export const aWindow = (
  change: Partial<Extract<Command, { readonly type: "RUN_WINDOW" }>> = {},
): Extract<Command, { readonly type: "RUN_WINDOW" }> => {
  const window = change.window ?? 1;
  const cycleId = change.cycleId ?? "2025-08-29-C12";
  return {
    type: "RUN_WINDOW",
    atMs: NOON,
    jobKey: `RUN_WINDOW/${cycleId}/${window}`,
    cycleId,
    window,
    vixCenti: 1_215,
    signals: [aSignal()],
    prices: [aPrice()],
    ...change,
  };
};
