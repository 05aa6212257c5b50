import { describe, expect, it } from "vitest";
import { planTransfers } from "../../../src/core/funds/plan.ts";
import type { Transfer, TransferKind } from "../../../src/core/funds/transfer.ts";
import type { InstrumentId } from "../../../src/core/instrument/contract.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs } from "../../../src/core/kernel/time.ts";
import type { ExitReason, Order, OrderSide } from "../../../src/core/order/order.ts";
import { closedTrades } from "../../../src/core/reporting/closed-trades.ts";
import { dailyReport, percent, tradeMetrics } from "../../../src/core/reporting/daily-report.ts";
import { AT, CONTRACT, DATE, DAY, orderOf, stateWith, termsOf } from "../ledger/account-samples.ts";
import { chargeHeads, rupees, settleDay } from "../settlement/settlement-samples.ts";

const later = (minutes: number): EpochMs => epochMs(AT + minutes * 60_000);

const order = (
  minute: number,
  side: OrderSide,
  units: number,
  pricePaise: number,
  parts: { readonly instrumentId?: string; readonly exitReason?: ExitReason } = {},
): Order => {
  const contract = { ...CONTRACT, instrumentId: (parts.instrumentId ?? CONTRACT.instrumentId) as InstrumentId };
  const terms = termsOf(`O${minute}`, side, units, { contract, exitReason: parts.exitReason ?? null });
  return orderOf(terms, pricePaise, { createdAtMs: later(minute), updatedAtMs: later(minute + 0.5) });
};

describe("closed trades", () => {
  it("run from flat to flat, with parts in and out", () => {
    const trades = closedTrades([
      order(0, "BUY", 75, 100_00),
      order(1, "BUY", 75, 90_00),
      order(2, "SELL", 100, 110_00, { exitReason: "TARGET" }),
      order(3, "SELL", 50, 80_00, { exitReason: "STOP" }),
    ]);
    expect(trades).toEqual([
      {
        instrumentId: CONTRACT.instrumentId,
        underlying: "NIFTY50",
        signalId: "2025-08-29-C03/NIFTY50",
        direction: "LONG",
        units: 150,
        boughtPaise: rupees("14250"),
        soldPaise: rupees("15000"),
        realisedPaise: rupees("750"),
        exitReason: "STOP",
        openedAtMs: later(0),
        closedAtMs: later(3.5),
      },
    ]);
  });

  it("are one per round trip, apart by instrument, in the order of closing; open ones are not among them", () => {
    const trades = closedTrades([
      order(0, "BUY", 75, 100_00, { instrumentId: "B" }),
      order(1, "SELL", 75, 100_00, { instrumentId: "A" }),
      order(2, "BUY", 75, 90_00, { instrumentId: "A", exitReason: "TIME" }),
      order(3, "SELL", 75, 99_00, { instrumentId: "B", exitReason: "STOP" }),
      order(4, "BUY", 75, 100_00, { instrumentId: "A" }),
      order(5, "SELL", 75, 101_00, { instrumentId: "A", exitReason: "TARGET" }),
      order(6, "BUY", 75, 100_00, { instrumentId: "C" }),
    ]);
    expect(
      trades.map(({ instrumentId, direction, realisedPaise }) => [instrumentId, direction, realisedPaise]),
    ).toEqual([
      ["A", "SHORT", 750_00],
      ["B", "LONG", -75_00],
      ["A", "LONG", 75_00],
    ]);
  });

  it("leave out orders of which nothing was executed", () => {
    const unfilled = {
      ...order(0, "BUY", 75, 100_00),
      status: "CANCELED" as const,
      filledUnits: 0,
      filledValuePaise: paise(0),
    };
    expect(closedTrades([unfilled])).toEqual([]);
  });
});

describe("the day's metrics", () => {
  it("count a win above zero only, flat trades in the total only, percent to two decimals (C-56)", () => {
    const results = [100_00, 50_01, -30_00, 0, -10_00, 1];
    const trades = closedTrades(
      results.flatMap((result, index) => [
        order(index * 2, "BUY", 1, 200_00),
        order(index * 2 + 1, "SELL", 1, 200_00 + result),
      ]),
    );
    expect(tradeMetrics(trades)).toEqual({
      total: 6,
      winners: 3,
      losers: 2,
      winRatePercent: "50.00",
      realised: "110.02",
      average: "18.34",
      averageWin: "50.01",
      averageLoss: "-20.00",
      largestWin: "100.00",
      largestLoss: "-30.00",
      turnover: "2510.02",
    });
  });

  it("are zeros for a day without trades (REP-03)", () => {
    const metrics = tradeMetrics([]);
    expect(metrics).toMatchObject({ total: 0, winRatePercent: "0.00", average: "0.00", largestLoss: "0.00" });
  });

  it.each([
    [1, 3, "33.33"],
    [2, 3, "66.67"],
    [1, 8, "12.50"],
    [3, 3, "100.00"],
    [0, 0, "0.00"],
  ])("%i of %i is %s %%", (part, whole, text) => expect(percent(part, whole)).toBe(text));
});

describe("the daily report", () => {
  const moved = (kind: TransferKind, amount: string): Transfer => {
    const plan = {
      accountId: "U001",
      date: DATE,
      kind,
      amountPaise: rupees(amount),
      taxLockPaise: paise(0),
      rail: "SIMULATED",
      atMs: AT,
    };
    return { ...required(planTransfers(plan)[0], "a part"), status: "COMPLETED" };
  };
  const orders = [
    order(0, "BUY", 75, 100_00),
    order(1, "SELL", 75, 110_00, { exitReason: "TARGET" }),
    order(2, "BUY", 75, 100_00),
    order(3, "SELL", 75, 98_00, { exitReason: "STOP" }),
  ];
  const worksheet = settleDay({ stage: "FINAL", realisedPaise: rupees("600"), charges: chargeHeads([50_00]) });
  const report = dailyReport({
    state: stateWith({
      day: { ...DAY, provisional: { ...worksheet, stage: "PROVISIONAL" }, final: worksheet, ordersSubmitted: 4 },
      orders: Object.fromEntries(orders.map((one) => [one.clientOrderId, one])),
      taxLockPaise: rupees("214.50"),
      transfers: Object.fromEntries(
        [moved("PULL", "10000"), moved("PUSH", "214.50")].map((one) => [one.transferId, one]),
      ),
    }),
    closing: {
      type: "DAY_CLOSED",
      atMs: AT,
      jobKey: "j",
      date: DATE,
      nextCapitalPaise: rupees("10000"),
      accumulatedProfitPaise: rupees("140.80"),
    },
    ledgerSequence: 40,
    ledgerHash: "ab".repeat(32),
  });

  it("says what was traded, settled and left, by the final worksheet", () => {
    expect(report).toMatchObject({
      accountId: "U001",
      date: "2025-08-29",
      trades: { total: 2, winners: 1, losers: 1, winRatePercent: "50.00", realised: "600.00" },
      byUnderlying: [{ name: "NIFTY50", trades: 2, winners: 1, realised: "600.00" }],
      byExitReason: [
        { name: "STOP", trades: 1, winners: 0, realised: "-150.00" },
        { name: "TARGET", trades: 1, winners: 1, realised: "750.00" },
      ],
      orders: { submitted: 4, denied: 0 },
      settlement: {
        stage: "FINAL",
        realised: "600.00",
        charges: "50.00",
        grossProfit: "550.00",
        fee: "165.00",
        gstOnFee: "29.70",
      },
      balances: { cash: "10000.00", savings: "90000.00", taxLock: "214.50" },
      transfers: { pulled: "10000.00", paidOut: "214.50" },
      capital: { today: "10000.00", next: "10000.00", accumulatedProfit: "140.80" },
    });
    expect(report.closedTrades).toHaveLength(2);
  });

  it("carries the head of the account's hash chain (REP-05)", () => {
    expect(report.ledger).toEqual({ sequence: 40, hash: "ab".repeat(32) });
  });

  it("agrees with itself: the trades' results are what the settlement settled", () => {
    expect(report.trades.realised).toBe(report.settlement.realised);
  });
});
