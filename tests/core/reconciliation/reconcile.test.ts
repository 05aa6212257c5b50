// The account held against the venue: every way in which the two can differ, what is repaired, what is waited for and what is
// for a person; and the real cases of brokers that say one thing and do another.
import { describe, expect, it } from "vitest";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import { isFlat } from "../../../src/core/account/evolve.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import type { AccountState } from "../../../src/core/account/state.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { EpochMs } from "../../../src/core/kernel/time.ts";
import type { Fill } from "../../../src/core/order/order.ts";
import type { DifferenceCode, ReconcileCause } from "../../../src/core/reconciliation/difference.ts";
import { NOT_RECEIVED, SETTLE_MS } from "../../../src/core/reconciliation/given-up.ts";
import { FORBIDS_ENTRIES } from "../../../src/core/reconciliation/open-differences.ts";
import type { VenueOrderView, VenueSnapshot } from "../../../src/core/reconciliation/snapshot.ts";
import { noticesOf } from "../../../src/core/reporting/notices.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  canceled,
  filled,
  id,
  later,
  NIFTY_CALL,
  NOON,
  submit,
} from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const ORDER = id("order-1");
const LOT = NIFTY_CALL.lotSize;
const CALL = NIFTY_CALL.instrumentId;

const view = (change: Partial<VenueOrderView> = {}): VenueOrderView => ({
  clientOrderId: ORDER,
  venueOrderId: `V-${ORDER}`,
  instrumentId: CALL,
  side: "BUY",
  status: "WORKING",
  quantityUnits: LOT,
  limitPricePaise: paise(50_00),
  filledUnits: 0,
  filledValuePaise: paise(0),
  reason: null,
  ...change,
});
const fill = (units: number, change: Partial<Fill> = {}): Fill => ({
  executionId: "E-there",
  clientOrderId: ORDER,
  venueOrderId: `V-${ORDER}`,
  units,
  pricePaise: paise(50_00),
  atMs: later(500),
  modelled: false,
  ...change,
});
const book = (change: Partial<VenueSnapshot> = {}): VenueSnapshot => ({
  readAtMs: later(60_000),
  orders: [],
  fills: [],
  positions: null,
  tradedPaise: null,
  cashPaise: null,
  ...change,
});

function reconcile(
  account: AccountUnderTest,
  snapshot: VenueSnapshot,
  cause: ReconcileCause = "REQUEST",
  asked: AccountState = account.state,
): readonly AccountEvent[] {
  return account.do({ type: "RECONCILE", atMs: snapshot.readAtMs, cause, asked, snapshot });
}
const found = (events: readonly AccountEvent[]): [DifferenceCode, string][] =>
  events.flatMap((event) =>
    event.type === "RECONCILED"
      ? event.differences.map(({ code, outcome }): [DifferenceCode, string] => [code, outcome])
      : [],
  );

function withOrder(change: Parameters<typeof submit>[0] = {}): AccountUnderTest {
  const account = anAccount();
  account.do(submit(change));
  return account;
}
function unknown(atMs: EpochMs = later(100)): AccountUnderTest {
  const account = withOrder();
  account.do({
    type: "NOTE_UNKNOWN",
    atMs,
    unknown: [{ clientOrderId: ORDER, request: "SUBMIT", reason: "the line went dead" }],
  });
  return account;
}
const statusOf = (account: AccountUnderTest): string | undefined => account.state.orders[ORDER]?.status;
const sound = (account: AccountUnderTest): void => expectSoundHistory(account.events, account.state);

describe("an order whose outcome is unknown", () => {
  it("is looked up and never sent again, and a cancel waits until it has been found", () => {
    const account = unknown();
    expect(statusOf(account)).toBe("UNKNOWN");
    const { submit: sent, lookUp } = outstandingWork(account.state);
    expect([sent, lookUp.map(({ clientOrderId }) => clientOrderId)]).toEqual([[], [ORDER]]);
    account.do({ type: "CANCEL_ORDER", atMs: later(200), clientOrderId: ORDER });
    const afterwards = outstandingWork(account.state);
    expect([afterwards.submit, afterwards.cancel, afterwards.lookUp.length]).toEqual([[], [], 1]);
    reconcile(account, book({ orders: [view()] }), "UNKNOWN_OUTCOME");
    expect(statusOf(account)).toBe("PENDING_CANCEL");
    expect(outstandingWork(account.state).cancel).toHaveLength(1);
    sound(account);
  });

  it("that is found is what the venue says of it, fills and all", () => {
    const account = unknown();
    const listed = view({ status: "FILLED", filledUnits: LOT, filledValuePaise: paise(LOT * 50_00) });
    const events = reconcile(account, book({ orders: [listed], fills: [fill(LOT)] }), "UNKNOWN_OUTCOME");
    expect(events.map(({ type }) => type).slice(0, 2)).toEqual(["ORDER_ACCEPTED", "ORDER_FILLED"]);
    expect(statusOf(account)).toBe("FILLED");
    expect(account.state.openTrades[CALL]?.position.netUnits).toBe(LOT);
    sound(account);
  });

  it("is REJECTED as not received after two readings a settle time apart, and not by two at once", () => {
    const account = unknown();
    reconcile(account, book({ readAtMs: later(200) }), "UNKNOWN_OUTCOME");
    expect(statusOf(account)).toBe("UNKNOWN");
    reconcile(account, book({ readAtMs: later(200 + SETTLE_MS - 1) }), "UNKNOWN_OUTCOME");
    expect(statusOf(account)).toBe("UNKNOWN");
    reconcile(account, book({ readAtMs: later(200 + SETTLE_MS) }), "UNKNOWN_OUTCOME");
    expect(account.state.orders[ORDER]).toMatchObject({
      status: "REJECTED",
      rejectReason: NOT_RECEIVED,
      reservedPaise: 0,
    });
    sound(account);
  });

  it("is not missed by readings that were asked for before it was in doubt, whatever time they tell", () => {
    const account = withOrder();
    const asked = account.state;
    const unknownOutcome = { clientOrderId: ORDER, request: "SUBMIT", reason: "the line went dead" } as const;
    account.do({ type: "NOTE_UNKNOWN", atMs: later(1_000), unknown: [unknownOutcome] });
    for (const afterMs of [900, 5_000, 60_000]) {
      reconcile(account, book({ readAtMs: later(afterMs) }), "UNKNOWN_OUTCOME", asked);
      expect(account.state.orders[ORDER]?.missedAtMs).toBeUndefined();
    }
    // Nor does one count that comes between two that do.
    reconcile(account, book({ readAtMs: later(61_000) }), "UNKNOWN_OUTCOME");
    reconcile(account, book({ readAtMs: later(70_000) }), "UNKNOWN_OUTCOME", asked);
    expect(statusOf(account)).toBe("UNKNOWN");
  });

  it("is given up in time by an account whose clock is minutes off the venue's, and no sooner", () => {
    for (const offMs of [-300_000, 165_000, 300_000]) {
      const account = unknown();
      const read = (afterMs: number) => {
        const atMs = later(100);
        const snapshot = book({ readAtMs: later(offMs + afterMs) });
        account.do({ type: "RECONCILE", atMs, cause: "UNKNOWN_OUTCOME", asked: account.state, snapshot });
        return statusOf(account);
      };
      const statuses = [200, 200 + SETTLE_MS - 1, 200 + SETTLE_MS].map(read);
      expect(statuses).toEqual(["UNKNOWN", "UNKNOWN", "REJECTED"]);
      sound(account);
    }
  });

  it("is waited for a settle time longer by as much as its release may have held it back", () => {
    const account = anAccount({ limits: { tradesPerCycleMax: 20 } });
    for (let index = 0; index < 9; index += 1) account.do(submit({ clientOrderId: id(`other-${index}`) }));
    const held = Object.values(account.state.orders).at(-1);
    const heldBackMs = (held?.releaseAtMs ?? 0) - (held?.createdAtMs ?? 0);
    expect(heldBackMs).toBeGreaterThan(500);
    const clientOrderId = held?.clientOrderId ?? ORDER;
    const unknownOutcome = { clientOrderId, request: "SUBMIT", reason: "the line went dead" } as const;
    account.do({ type: "NOTE_UNKNOWN", atMs: later(100), unknown: [unknownOutcome] });
    for (const [afterMs, status] of [
      [200, "UNKNOWN"],
      [200 + SETTLE_MS + heldBackMs - 1, "UNKNOWN"],
      [200 + SETTLE_MS + heldBackMs, "REJECTED"],
    ] as const) {
      reconcile(account, book({ readAtMs: later(afterMs) }), "UNKNOWN_OUTCOME");
      expect(account.state.orders[clientOrderId]?.status).toBe(status);
    }
  });

  it("is known again by any report, without a reading", () => {
    for (const report of [accepted(ORDER), filled(ORDER, LOT, 50_00), canceled(ORDER)]) {
      const account = unknown();
      account.report(later(300), report);
      expect(statusOf(account)).not.toBe("UNKNOWN");
      expect(outstandingWork(account.state).lookUp).toEqual([]);
      sound(account);
    }
  });

  function givenUp(): AccountUnderTest {
    const account = unknown();
    reconcile(account, book({ readAtMs: later(200) }), "UNKNOWN_OUTCOME");
    reconcile(account, book({ readAtMs: later(200 + SETTLE_MS) }), "UNKNOWN_OUTCOME");
    return account;
  }

  it("that was given up and turns up filled is booked all the same", () => {
    const account = givenUp();
    account.report(later(9_000), filled(ORDER, LOT, 50_00, { atMs: later(9_000) }));
    expect(statusOf(account)).toBe("FILLED");
    expect(account.state.openTrades[CALL]?.position.netUnits).toBe(LOT);
    expect(outstandingWork(account.state).cancel).toEqual([]);
    sound(account);
  });

  it("that was given up and turns up alive is taken out, and the account is not flat until it is gone", () => {
    const account = givenUp();
    account.report(later(9_000), accepted(ORDER, later(9_000)));
    expect(statusOf(account)).toBe("REJECTED");
    expect(outstandingWork(account.state).cancel.map(({ clientOrderId }) => clientOrderId)).toEqual([ORDER]);
    expect(isFlat(account.state)).toBe(false);
    account.report(later(9_500), canceled(ORDER, later(9_500)));
    expect(outstandingWork(account.state).cancel).toEqual([]);
    expect(isFlat(account.state)).toBe(true);
    sound(account);
  });
});

describe("a difference that the venue's facts repair", () => {
  it("books an answer, a fill and an end that had not come, once", () => {
    const account = withOrder({ quantityUnits: 2 * LOT });
    const listed = view({
      status: "CANCELED",
      quantityUnits: 2 * LOT,
      filledUnits: LOT,
      filledValuePaise: paise(LOT * 50_00),
      reason: "IOC",
    });
    const snapshot = book({ orders: [listed], fills: [fill(LOT)] });
    expect(found(reconcile(account, snapshot))).toEqual([
      ["ANSWER_MISSED", "REPAIRED"],
      ["FILL_MISSED", "REPAIRED"],
      ["END_MISSED", "REPAIRED"],
    ]);
    // Part filled and then canceled: CANCELED, and the position is what was filled.
    expect(account.state.orders[ORDER]).toMatchObject({ status: "CANCELED", filledUnits: LOT, reservedPaise: 0 });
    expect(account.state.openTrades[CALL]?.position.netUnits).toBe(LOT);
    expect(found(reconcile(account, { ...snapshot, readAtMs: later(61_000) }))).toEqual([]);
    sound(account);
  });

  it("books a fill of an order that was listed as canceled and dealt later", () => {
    const account = withOrder();
    account.report(NOON, accepted(ORDER), canceled(ORDER));
    const listed = view({ status: "CANCELED", filledUnits: LOT, filledValuePaise: paise(LOT * 50_00) });
    reconcile(account, book({ orders: [listed], fills: [fill(LOT)] }));
    expect(account.state.orders[ORDER]).toMatchObject({ status: "FILLED", filledUnits: LOT });
    sound(account);
  });

  it("wakes a stop whose trigger had not been reported", () => {
    const account = withOrder({ type: "STOP_LIMIT", triggerPricePaise: paise(52_00), limitPricePaise: paise(52_50) });
    account.report(NOON, accepted(ORDER));
    const listed = view({ limitPricePaise: paise(52_50), triggerPricePaise: paise(52_00) });
    expect(found(reconcile(account, book({ orders: [{ ...listed, status: "TRIGGER_PENDING" }] })))).toEqual([]);
    expect(found(reconcile(account, book({ orders: [listed], readAtMs: later(61_000) })))).toEqual([
      ["ANSWER_MISSED", "REPAIRED"],
    ]);
    expect(statusOf(account)).toBe("ACCEPTED");
  });

  it("takes a replacement for done when the venue lists the new terms, and for lost when it keeps the old ones", () => {
    for (const isDone of [true, false]) {
      const account = withOrder();
      account.report(NOON, accepted(ORDER));
      const changes = { limitPricePaise: paise(49_00) };
      account.do({
        type: "MODIFY_ORDER",
        atMs: later(100),
        clientOrderId: ORDER,
        modifyId: "m1",
        changes,
        price: null,
      });
      expect(statusOf(account)).toBe("ACCEPTED");
      account.do({
        type: "MODIFY_ORDER",
        atMs: later(100),
        clientOrderId: ORDER,
        modifyId: "m2",
        changes,
        price: {
          instrumentId: CALL,
          bidPaise: paise(49_95),
          askPaise: paise(50_05),
          lastPaise: paise(50_00),
          quotedAtMs: NOON,
          staleAfterMs: 60_000,
        },
      });
      const unknownReplace = { clientOrderId: ORDER, request: "REPLACE", reason: "no answer" } as const;
      account.do({ type: "NOTE_UNKNOWN", atMs: later(200), unknown: [unknownReplace] });
      expect(outstandingWork(account.state)).toMatchObject({ replace: [], lookUp: [{ clientOrderId: ORDER }] });
      const listed = view(isDone ? changes : {});
      reconcile(account, book({ orders: [listed], readAtMs: later(300) }), "UNKNOWN_OUTCOME");
      expect(statusOf(account)).toBe(isDone ? "ACCEPTED" : "PENDING_REPLACE");
      const asked = account.state;
      reconcile(account, book({ orders: [listed], readAtMs: later(300 + SETTLE_MS - 1) }), "UNKNOWN_OUTCOME");
      expect(statusOf(account)).toBe(isDone ? "ACCEPTED" : "PENDING_REPLACE");
      expect(asked.orders[ORDER]?.pendingReplace?.missedAtMs).toBe(isDone ? undefined : later(300));
      reconcile(account, book({ orders: [listed], readAtMs: later(300 + SETTLE_MS) }), "UNKNOWN_OUTCOME");
      expect(account.state.orders[ORDER]).toMatchObject({
        status: "ACCEPTED",
        limitPricePaise: isDone ? 49_00 : 50_00,
      });
      sound(account);
    }
  });

  it("takes an order out that has ended here and lives on there", () => {
    const account = withOrder();
    account.report(NOON, accepted(ORDER), canceled(ORDER));
    expect(found(reconcile(account, book({ orders: [view()] })))).toEqual([["STRAY_ORDER", "REPAIRED"]]);
    expect(outstandingWork(account.state).cancel).toHaveLength(1);
    const gone = book({ orders: [view({ status: "CANCELED" })], readAtMs: later(70_000) });
    expect(found(reconcile(account, gone))).toEqual([["END_MISSED", "REPAIRED"]]);
    expect(outstandingWork(account.state).cancel).toEqual([]);
    sound(account);
  });
});

describe("a difference that is for a person", () => {
  const filledHere = (): AccountUnderTest => {
    const account = withOrder();
    account.report(NOON, accepted(ORDER), filled(ORDER, LOT, 50_00, { executionId: "E-there" }));
    return account;
  };
  const dealt = view({ status: "FILLED", filledUnits: LOT, filledValuePaise: paise(LOT * 50_00) });
  const agreeing = book({
    orders: [dealt],
    fills: [fill(LOT)],
    positions: [{ instrumentId: CALL, netUnits: LOT }],
    tradedPaise: paise(-LOT * 50_00),
  });

  it("is none when both say the same", () => {
    const account = filledHere();
    expect(found(reconcile(account, agreeing))).toEqual([]);
    expect(account.state.reconciliations).toMatchObject([{ cause: "REQUEST", compared: { orders: 1, fills: 1 } }]);
  });

  it.each([
    ["an order that is none of ours", { orders: [dealt, view({ clientOrderId: null })] }, "FOREIGN_ORDER"],
    [
      "a fill that is none of ours",
      { fills: [fill(LOT), fill(LOT, { executionId: "X", clientOrderId: id("x") })] },
      "FOREIGN_FILL",
    ],
    ["a fill that the venue does not list", { fills: [] }, "FILL_NOT_AT_VENUE"],
    ["a fill of no units", { fills: [fill(LOT), fill(0, { executionId: "E-0" })] }, "FILL_MALFORMED"],
    [
      "an execution that was corrected",
      { orders: [{ ...dealt, filledValuePaise: paise(LOT * 50_05) }] },
      "FILLED_TOTAL_DIFFERS",
    ],
    ["a total beyond its fills", { orders: [{ ...dealt, filledUnits: 2 * LOT }] }, "FILLED_TOTAL_DIFFERS"],
    ["a position that differs", { positions: [{ instrumentId: CALL, netUnits: 2 * LOT }] }, "POSITION_DIFFERS"],
    ["a position that is not there", { positions: [] }, "POSITION_DIFFERS"],
    ["money that differs", { tradedPaise: paise(-LOT * 50_00 - 1) }, "CASH_DIFFERS"],
    ["cash that differs", { cashPaise: paise(1) }, "CASH_DIFFERS"],
  ] as const)("is %s: raised, nothing is booked, and entries wait for it", (_what, change, code) => {
    const account = filledHere();
    const before = account.state;
    const events = reconcile(account, { ...agreeing, ...change });
    expect(found(events)).toEqual([[code, "RAISED"]]);
    expect(events.map(({ type }) => type)).toEqual(["RECONCILED"]);
    expect(account.state.cashPaise).toBe(before.cashPaise);
    const [denied] = account.do(submit({ clientOrderId: id("next") }, later(61_000)));
    expect(denied).toMatchObject({ type: "ORDER_DENIED", denial: { code: "NOT_RECONCILED" } });
    const exit = account.do(submit({ clientOrderId: id("out"), side: "SELL" }, later(61_000)));
    expect(exit).toMatchObject([{ type: "ORDER_SUBMITTED" }]);
    account.do({ type: "CANCEL_ORDER", atMs: later(61_500), clientOrderId: id("out") });
    account.report(later(62_000), canceled(id("out"), later(62_000)));
    const out = view({ clientOrderId: id("out"), venueOrderId: "V-out", side: "SELL", status: "CANCELED" });
    reconcile(account, { ...agreeing, orders: [dealt, out], readAtMs: later(90_000) });
    expect(account.do(submit({ clientOrderId: id("again") }, later(91_000)))).toMatchObject([
      { type: "ORDER_SUBMITTED" },
    ]);
  });

  it("is a status that no adapter knows: the order is taken for working", () => {
    const account = withOrder();
    const listed = view({ status: "UNRECOGNISED", statusText: "UNDER REVIEW" });
    expect(found(reconcile(account, book({ orders: [listed] })))).toEqual([
      ["STATUS_NOT_UNDERSTOOD", "RAISED"],
      ["ANSWER_MISSED", "REPAIRED"],
    ]);
    expect(statusOf(account)).toBe("ACCEPTED");
  });

  it("is an order that has dealt and that the venue calls rejected", () => {
    const account = withOrder({ quantityUnits: 2 * LOT });
    account.report(NOON, accepted(ORDER), filled(ORDER, LOT, 50_00, { executionId: "E-there" }));
    const listed = view({
      status: "REJECTED",
      quantityUnits: 2 * LOT,
      filledUnits: LOT,
      filledValuePaise: paise(LOT * 50_00),
    });
    expect(found(reconcile(account, book({ orders: [listed], fills: [fill(LOT)] })))).toEqual([
      ["STATUS_CONTRADICTS", "RAISED"],
    ]);
    expect(statusOf(account)).toBe("PARTIALLY_FILLED");
  });

  it("is a named order that is not in the book, or stands there with other terms", () => {
    const account = withOrder();
    account.report(NOON, accepted(ORDER));
    expect(found(reconcile(account, book()))).toEqual([["NOT_AT_VENUE", "RAISED"]]);
    const other = book({ orders: [view({ quantityUnits: 2 * LOT })], readAtMs: later(70_000) });
    expect(found(reconcile(account, other))).toEqual([["TERMS_DIFFER", "RAISED"]]);
    expect(statusOf(account)).toBe("ACCEPTED");
  });

  /** What the person is told by a run. */
  const toldBy = (account: AccountUnderTest, snapshot: VenueSnapshot, cause: ReconcileCause = "REQUEST") => {
    const before = account.state;
    const event = reconcile(account, snapshot, cause).find(({ type }) => type === "RECONCILED");
    if (event === undefined) return [];
    return noticesOf(before, { sequence: account.state.sequence, event, hash: "" }, account.state);
  };

  it("is told of urgently once, however often it is found, and again when it has been gone", () => {
    const account = filledHere();
    const wrong = { ...agreeing, positions: [] };
    expect(toldBy(account, wrong)).toMatchObject([{ kind: "RISK", priority: "URGENT" }]);
    expect(toldBy(account, { ...wrong, readAtMs: later(70_000) })).toEqual([]);
    const foreign = [view(), view({ clientOrderId: null, venueOrderId: "V-other" })].slice(1);
    const lookUp = { ...wrong, orders: [...wrong.orders, ...foreign], readAtMs: later(71_000) };
    expect(toldBy(account, lookUp, "UNKNOWN_OUTCOME")).toHaveLength(1);
    expect(toldBy(account, { ...lookUp, readAtMs: later(72_000) })).toEqual([]);
    expect(toldBy(account, { ...agreeing, readAtMs: later(80_000) })).toEqual([]);
    expect(toldBy(account, { ...wrong, readAtMs: later(90_000) })).toHaveLength(1);
  });

  it("is kept up to fifty, those first that forbid entries, and the rest is counted", () => {
    const account = filledHere();
    const foreign = Array.from({ length: 60 }, (_, at) => view({ clientOrderId: null, venueOrderId: `V-${at}` }));
    const odd = view({ status: "UNRECOGNISED", statusText: "ODD" });
    const wrong = { ...agreeing, orders: [...agreeing.orders.slice(1), odd, ...foreign], positions: [] };
    const [notice] = toldBy(account, wrong);
    const run = account.state.reconciliations?.at(-1);
    expect(run?.differences).toHaveLength(50);
    expect(run?.differences.every(({ code }) => FORBIDS_ENTRIES.includes(code))).toBe(true);
    expect(run?.differencesBeyond).toBeGreaterThanOrEqual(11);
    expect(notice?.body).toContain(` and ${49 + (run?.differencesBeyond ?? 0)} more`);
    expectSoundHistory(account.events, account.state);
  });
});

describe("a reading that is older than what we know", () => {
  it("proves nothing by what it lacks", () => {
    const account = withOrder();
    const asked = account.state;
    account.report(later(5_000), accepted(ORDER, later(5_000)), filled(ORDER, LOT, 50_00, { atMs: later(5_000) }));
    // The venue's clock says that the reading is late; by when it was asked for, it is not.
    for (const readAtMs of [later(4_000), later(6_000)]) {
      const stale = book({ readAtMs, orders: [view()], positions: [], tradedPaise: paise(0) });
      expect(found(reconcile(account, stale, "REQUEST", asked))).toEqual([]);
      expect(outstandingWork(account.state).cancel).toEqual([]);
    }
  });

  it("compares what an account has that is ahead of the venue's clock", () => {
    const account = withOrder();
    account.report(later(165_000), accepted(ORDER), filled(ORDER, LOT, 50_00, { executionId: "E-there" }));
    const wrong = book({ readAtMs: later(1_000), orders: [view()], fills: [fill(LOT)] });
    const snapshot = { ...wrong, positions: [], tradedPaise: paise(0) };
    const run = { type: "RECONCILE", atMs: later(165_000), cause: "REQUEST", asked: account.state, snapshot } as const;
    expect(found(account.do(run)).map(([code]) => code)).toEqual([
      "FILLED_TOTAL_DIFFERS",
      "STATUS_CONTRADICTS",
      "POSITION_DIFFERS",
      "CASH_DIFFERS",
    ]);
  });
});

describe("a run by job", () => {
  it("is made once", () => {
    const account = withOrder();
    const command = {
      type: "RECONCILE",
      atMs: later(60_000),
      jobKey: "RECONCILE_CLOSE/2025-08-29",
      cause: "CLOSE",
      asked: account.state,
      snapshot: book({ orders: [view()] }),
    } as const;
    expect(account.do(command).map(({ type }) => type)).toEqual(["ORDER_ACCEPTED", "RECONCILED"]);
    expect(account.do(command)).toEqual([]);
  });
});
