import { describe, expect, it } from "vitest";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import type { AccountState } from "../../../src/core/account/state.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { ClientOrderId } from "../../../src/core/order/order.ts";
import { formatIndianRupees } from "../../../src/core/reporting/indian-rupees.ts";
import { noticesOf } from "../../../src/core/reporting/notices.ts";
import { AT, CONTRACT, DATE, entryOf, filledEvent, orderOf, stateWith, termsOf } from "../ledger/account-samples.ts";
import { chargeHeads, rupees, settleDay } from "../settlement/settlement-samples.ts";

describe("rupees for people", () => {
  it.each([
    [0, "₹0.00"],
    [5, "₹0.05"],
    [-50_000, "-₹500.00"],
    [99_999, "₹999.99"],
    [1_000_00, "₹1,000.00"],
    [99_999_00, "₹99,999.00"],
    [1_00_000_00, "₹1,00,000.00"],
    [12_34_567_89, "₹12,34,567.89"],
    [1_00_00_000_00, "₹1,00,00,000.00"],
    [-123_45_67_890_12, "-₹1,23,45,67,890.12"],
  ])("%i paise read %s", (amount, text) => expect(formatIndianRupees(paise(amount))).toBe(text));
});

describe("notices", () => {
  const noticeOf = (event: AccountEvent, states: { before?: AccountState; after?: AccountState } = {}) => {
    const notices = noticesOf(states.before ?? stateWith({}), entryOf(event), states.after ?? stateWith({}));
    expect(notices.length).toBeLessThanOrEqual(1);
    return notices[0] ?? null;
  };

  it("tell of a completed sale with its price, value and reason, once", () => {
    const sell = orderOf(termsOf("O2", "SELL", 1_500), 110_05);
    const event = filledEvent(sell, 1_500, 110_05);
    expect(noticeOf(event, { after: stateWith({ orders: { [sell.clientOrderId]: sell } }) })).toEqual({
      accountId: "U001",
      sequence: 11,
      atMs: AT,
      kind: "TRADE",
      priority: "NORMAL",
      title: "Sold NIFTY2590224500CE.NFO",
      body: "1500 units at ₹110.05, ₹1,65,075.00 in all, because its target was reached.",
    });
    const partial = { ...sell, status: "PARTIALLY_FILLED" as const, filledUnits: 75 };
    expect(noticeOf(event, { after: stateWith({ orders: { [sell.clientOrderId]: partial } }) })).toBeNull();
  });

  it("tell loudly of units dealt beyond what was ordered", () => {
    const sell = orderOf(termsOf("O2", "SELL", 75), 110_05);
    const over = { ...sell, filledUnits: 150, filledValuePaise: paise(150 * 110_05) };
    expect(
      noticeOf(filledEvent(sell, 75, 110_05), { after: stateWith({ orders: { [over.clientOrderId]: over } }) }),
    ).toMatchObject({
      kind: "RISK",
      priority: "HIGH",
      title: "More sold than ordered: NIFTY2590224500CE.NFO",
      body: "The venue has dealt 150 units on order O2 of 75, the last 75 just now. They are booked as they were dealt.",
    });
  });

  it("tell of the executed part of an order that was canceled, and nothing of one without", () => {
    const cancel = (filledUnits: number) => {
      const order = orderOf(termsOf("O1", "BUY", 150), 100_00, {
        status: "CANCELED",
        filledUnits,
        filledValuePaise: paise(filledUnits * 100_00),
      });
      const event: AccountEvent = {
        type: "ORDER_CANCELED",
        atMs: AT,
        clientOrderId: order.clientOrderId,
        reason: "IOC",
      };
      return noticeOf(event, { after: stateWith({ orders: { [order.clientOrderId]: order } }) });
    };
    expect(cancel(75)?.body).toBe("75 of 150 units at ₹100.00, ₹7,500.00 in all.");
    expect(cancel(0)).toBeNull();
  });

  it.each([
    ["API", "NORMAL"],
    ["STRATEGY", "LOW"],
  ] as const)("rank the denial of an order by %s %s", (origin, priority) => {
    const denial = {
      code: "BUYING_POWER",
      field: "quantityUnits",
      limit: 1,
      value: 2,
      unit: "PAISE",
      detail: "75 units would pass.",
    } as const;
    const event: AccountEvent = {
      type: "ORDER_DENIED",
      atMs: AT,
      terms: termsOf("O1", "BUY", 150, { origin }),
      denial,
    };
    expect(noticeOf(event)).toMatchObject({
      kind: "RISK",
      priority,
      body: "Buying 150 units was refused. 75 units would pass.",
    });
  });

  it.each([
    ["HALTED", "URGENT", "Trading stopped"],
    ["REDUCING", "URGENT", "No new trades"],
    ["ACTIVE", "NORMAL", "Trading resumed"],
  ] as const)("rank a change to %s %s", (state, priority, title) => {
    const event: AccountEvent = { type: "TRADING_STATE_CHANGED", atMs: AT, state, reason: "daily loss limit reached" };
    expect(noticeOf(event)).toMatchObject({ kind: "RISK", priority, title });
    expect(noticeOf(event)?.body).toContain("daily loss limit reached");
  });

  it("tell of stops and targets, not of the triggers that only steer", () => {
    const fire = (kind: "STOP" | "TARGET" | "TRAIL_STEP" | "LOSS_GUARD") =>
      noticeOf({
        type: "TRIGGER_FIRED",
        atMs: AT,
        instrumentId: CONTRACT.instrumentId,
        triggerId: "t",
        kind,
        pricePaise: paise(85_50),
      });
    expect(fire("STOP")).toMatchObject({ title: "Stop reached", body: "NIFTY2590224500CE.NFO at ₹85.50." });
    expect(fire("TARGET")).toMatchObject({ title: "Target reached" });
    expect(fire("TRAIL_STEP")).toBeNull();
    expect(fire("LOSS_GUARD")).toBeNull();
  });

  it("tell of transfers once they are done or have failed", () => {
    const transfer = {
      transferId: "U001/2025-08-29/PUSH/1",
      kind: "PUSH",
      date: DATE,
      amountPaise: rupees("2950"),
      taxLockPaise: rupees("1950"),
      status: "PROCESSING",
      rail: "SIMULATED",
      railReference: null,
      failure: null,
      requestedAtMs: AT,
      completedAtMs: null,
    } as const;
    const before = stateWith({ transfers: { [transfer.transferId]: transfer } });
    const told = (status: "PROCESSING" | "COMPLETED" | "FAILED", failure: string | null = null) =>
      noticeOf(
        { type: "TRANSFER_UPDATED", atMs: AT, transferId: transfer.transferId, status, railReference: null, failure },
        { before },
      );
    expect(told("PROCESSING")).toBeNull();
    expect(told("COMPLETED")).toMatchObject({
      kind: "FUNDS",
      priority: "NORMAL",
      title: "Pay-out received",
      body: "₹2,950.00 moved from trading to savings, of which ₹1,950.00 is locked for tax.",
    });
    expect(told("FAILED", "account closed")).toMatchObject({
      priority: "HIGH",
      title: "Transfer failed",
      body: "₹2,950.00 from trading to savings: account closed. It will be tried again.",
    });
    const last = { ...transfer, attemptOf: transfer.transferId, attempt: 3 };
    const given = noticeOf(
      { type: "TRANSFER_UPDATED", atMs: AT, transferId: "x", status: "FAILED", railReference: null, failure: "closed" },
      { before: stateWith({ transfers: { x: last } }) },
    );
    expect(given).toMatchObject({ priority: "URGENT", body: expect.stringContaining("not tried again") });
  });

  it("tell the settlement with every deduction, HIGH", () => {
    const worksheet = settleDay({ charges: chargeHeads([63_72]) });
    expect(noticeOf({ type: "DAY_SETTLED", atMs: AT, jobKey: "j", worksheet })).toMatchObject({
      kind: "SETTLEMENT",
      priority: "HIGH",
      title: "Day settled: ₹4,936.28",
      body:
        "Realised ₹5,000.00, charges ₹63.72, fee ₹1,480.88 plus GST ₹266.56, tax lock ₹1,925.15. " +
        "Pay-out ₹2,925.15.",
    });
  });

  it.each([
    [0, "NORMAL", "Settlement final"],
    [1_00, "HIGH", "Settlement corrected"],
  ])("tell a final settlement that differs by %i paise %s", (difference, priority, title) => {
    const worksheet = settleDay({ stage: "FINAL" });
    const chargesDifferencePaise = paise(difference);
    const event: AccountEvent = {
      type: "SETTLEMENT_FINALISED",
      atMs: AT,
      jobKey: "j",
      worksheet,
      chargesDifferencePaise,
    };
    expect(noticeOf(event)).toMatchObject({ kind: "SETTLEMENT", priority, title });
  });

  it("tell of the square-off only when something is open, and of the report with the day's count", () => {
    const squareOff = (openTrades: number) =>
      noticeOf({ type: "SQUARE_OFF_STARTED", atMs: AT, jobKey: "j", openTrades });
    expect(squareOff(0)).toBeNull();
    expect(squareOff(1)?.body).toBe("1 open trade is being closed.");
    expect(squareOff(3)?.body).toBe("3 open trades are being closed.");
    const buy = orderOf(termsOf("O1", "BUY", 75), 100_00);
    const sell = orderOf(termsOf("O2", "SELL", 75), 110_00);
    const before = stateWith({ orders: { [buy.clientOrderId]: buy, [sell.clientOrderId]: sell } });
    const closed: AccountEvent = {
      type: "DAY_CLOSED",
      atMs: AT,
      jobKey: "j",
      date: DATE,
      nextCapitalPaise: rupees("10000"),
      accumulatedProfitPaise: paise(0),
    };
    expect(noticeOf(closed, { before })?.body).toBe("1 trade: 1 won, 0 lost. The report is ready.");
    expect(noticeOf(closed)?.body).toBe("No trades today.");
  });

  it("say a venue's rejection with its reason, and nothing of steps that are nobody's news", () => {
    const clientOrderId = "O1" as ClientOrderId;
    expect(noticeOf({ type: "ORDER_REJECTED", atMs: AT, clientOrderId, reason: "price band" })?.body).toContain(
      "price band",
    );
    expect(noticeOf({ type: "JOB_DONE", atMs: AT, jobKey: "j", note: "" })).toBeNull();
    expect(noticeOf({ type: "ORDER_ACCEPTED", atMs: AT, clientOrderId, venueOrderId: "v" })).toBeNull();
  });
});
