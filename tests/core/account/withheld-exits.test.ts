// Exits that are given to a venue that holds orders back: what was given up may still arrive, so it is asked back, ever longer is
// waited before the next, and after three that sell no more are sent before a person asks or it is proven that none arrives.
import { describe, expect, it } from "vitest";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { Order } from "../../../src/core/order/order.ts";
import { givenUpExits, isWithheld } from "../../../src/core/reconciliation/given-up.ts";
import type { VenueSnapshot } from "../../../src/core/reconciliation/snapshot.ts";
import { noticesOf } from "../../../src/core/reporting/notices.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  filled,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  submit,
} from "../../support/builders.ts";
import { hold } from "../../support/open-positions.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const CALL = NIFTY_CALL.instrumentId;
const UNITS = 750;
const ANSWER_MS = 2_500;
const reading = (ms: number): VenueSnapshot => ({
  readAtMs: later(ms),
  orders: [
    {
      clientOrderId: id("order-1"),
      venueOrderId: "V-order-1",
      instrumentId: CALL,
      quantityUnits: UNITS,
      side: "BUY",
      status: "FILLED",
      limitPricePaise: null,
      filledUnits: UNITS,
      filledValuePaise: null,
      reason: null,
    },
  ],
  fills: [
    {
      executionId: "E-in",
      clientOrderId: id("order-1"),
      venueOrderId: "V-order-1",
      units: UNITS,
      pricePaise: paise(50_00),
      atMs: NOON,
      modelled: false,
    },
  ],
  positions: null,
  tradedPaise: null,
  cashPaise: null,
});
function long(): AccountUnderTest {
  const account = anAccount();
  account.do(submit({ quantityUnits: UNITS }));
  account.report(NOON, accepted(id("order-1")), filled(id("order-1"), UNITS, 50_00, { executionId: "E-in" }));
  return account;
}
/** Sold naked, as an account may that is allowed to. */
function short(): AccountUnderTest {
  const account = anAccount({ limits: { shortOptions: "NAKED", dailyLossMaxPaise: paise(10_00_000_00) } });
  hold(account, NIFTY_CALL, -UNITS, 50_00);
  return account;
}
const ids = (orders: readonly Order[]) => orders.map(({ clientOrderId }) => clientOrderId);
const notFound = ({ clientOrderId }: Order) =>
  ({ kind: "CANCEL_REJECTED", clientOrderId, reason: "ORDER_NOT_FOUND", atMs: later(61_000) }) as const;
const priceAt = (ms: number, change: Parameters<typeof aPrice>[0] = {}) => aPrice({ quotedAtMs: later(ms), ...change });
const exits = (account: AccountUnderTest): readonly Order[] =>
  Object.values(account.state.orders).filter(({ purpose }) => purpose === "EXIT");

/** A gateway that answers nothing while its book can be read, as a live account meets it, in steps of a tenth of a second. */
function stuck(account: AccountUnderTest, fromMs: number, untilMs: number): ReadonlyMap<string, number> {
  const sentAt = new Map<string, number>();
  for (let ms = fromMs; ms <= untilMs; ms += 100) {
    const { submit: waiting } = outstandingWork(account.state);
    for (const { clientOrderId } of waiting) sentAt.set(clientOrderId, sentAt.get(clientOrderId) ?? ms);
    const lost = waiting.filter(({ clientOrderId }) => ms - (sentAt.get(clientOrderId) ?? ms) >= ANSWER_MS);
    const unknown = lost.map(({ clientOrderId }) => ({ clientOrderId, request: "SUBMIT", reason: "silence" }) as const);
    if (lost.length > 0) account.do({ type: "NOTE_UNKNOWN", atMs: later(ms), unknown });
    if (outstandingWork(account.state).lookUp.length > 0) {
      const [asked, snapshot] = [account.state, reading(ms)];
      account.do({ type: "RECONCILE", atMs: later(ms), cause: "UNKNOWN_OUTCOME", asked, snapshot });
    }
    const due = outstandingWork(account.state).flatCheck?.dueMs;
    if (due != null && due <= later(ms)) {
      account.do({ type: "CHECK_FLAT", atMs: later(ms), prices: [priceAt(ms)], reading: null });
    }
    for (const { triggerId } of account.state.openTrades[CALL]?.triggers ?? []) {
      const price = priceAt(ms, { bidPaise: paise(1_00), askPaise: paise(1_05), lastPaise: paise(1_00) });
      if (ms % 1_000 === 0) account.do({ type: "FIRE_TRIGGERS", atMs: later(ms), fired: [{ triggerId, price }] });
    }
  }
  return sentAt;
}
const halt = (account: AccountUnderTest, ms: number) =>
  account.do({ type: "HALT", atMs: later(ms), reason: "a person", prices: [priceAt(ms)] });

describe("A venue that holds exits back", () => {
  it("is given three, the second at once and each proven absent twice as slowly as the one before", () => {
    const account = long();
    halt(account, 1_000);
    const sentAt = [...stuck(account, 1_000, 301_000).values()];
    // 2.5 s without an answer, then two readings 2 s and 4 s apart; the look that follows is due at once.
    expect(sentAt).toEqual([1_000, 5_600, 12_200]);
    expect(exits(account).map(({ rejectReason }) => rejectReason)).toEqual(Array(3).fill("NOT_RECEIVED"));
    for (const { clientOrderId } of exits(account)) {
      account.report(later(302_000), filled(clientOrderId, UNITS, 49_00, { atMs: later(302_000) }));
    }
    expect(account.state.openTrades[CALL]?.position.netUnits).toBe(-2 * UNITS);
    expectSoundHistory(account.events, account.state);
  });

  it("is a person's business once three are out, told urgently and once", () => {
    const account = long();
    halt(account, 1_000);
    const told: (string | null)[] = [];
    const from = account.events.length;
    stuck(account, 1_000, 120_000);
    const raised = account.events.slice(from).flatMap((event) => {
      if (event.type !== "RECONCILED") return [];
      const before = { ...account.state, reconciliations: [] };
      told.push(...noticesOf(before, { sequence: 1, event, hash: "" }, before).map(({ priority }) => priority));
      return event.differences.filter(({ outcome }) => outcome === "RAISED");
    });
    const subject = exits(account).at(-1)?.clientOrderId;
    expect([raised, told]).toMatchObject([[{ code: "EXITS_WITHHELD", ours: 3 * UNITS, subject }], ["URGENT"]]);
    expect(raised[0]?.detail).toContain(`3 exits of ${CALL} in a row`);
  });

  it.each([
    ["the switch again", (account: AccountUnderTest) => halt(account, 120_000)],
    [
      "the square-off",
      (account: AccountUnderTest) =>
        account.do({ type: "SQUARE_OFF", atMs: later(120_000), jobKey: "SQUARE_OFF/x", prices: [priceAt(120_000)] }),
    ],
  ])("gets one more by %s, which takes eight times as long to be given up", (_who, ask) => {
    const account = long();
    halt(account, 1_000);
    stuck(account, 1_000, 60_000);
    ask(account);
    expect(exits(account)).toHaveLength(4);
    const sentAt = stuck(account, 120_000, 300_000);
    expect([sentAt.size, exits(account).length]).toEqual([1, 4]);
    const unfound = account.events.findLast((event) => event.type === "ORDER_REJECTED");
    expect(unfound?.atMs).toBe(later(120_000 + ANSWER_MS + 16_000));
  });

  it("gets one more by whoever asked to leave and asks again, and none for each price that comes", () => {
    const account = long();
    const ask = (ms: number) =>
      account.do({ type: "EXIT_POSITION", atMs: later(ms), instrumentId: CALL, prices: [priceAt(ms)] });
    ask(1_000);
    stuck(account, 1_000, 60_000);
    expect(exits(account)).toHaveLength(3);
    const before = account.events.length;
    stuck(account, 60_100, 90_000);
    const since = new Set(account.events.slice(before).map(({ type }) => type));
    expect([since.has("TRIGGER_FIRED"), since.has("ORDER_SUBMITTED")]).toEqual([false, false]);
    ask(90_100);
    expect(exits(account)).toHaveLength(4);
    expect(ask(90_200)).toEqual([]);
  });

  it("gets the rest by itself once it has answered that what was lost is to be taken out, and two later readings lack it", () => {
    const account = long();
    halt(account, 1_000);
    stuck(account, 1_000, 60_000);
    const lost = exits(account);
    expect(ids(outstandingWork(account.state).cancel)).toEqual(ids(lost));
    const read = (ms: number, asked = account.state) =>
      account.do({ type: "RECONCILE", atMs: later(ms), cause: "UNKNOWN_OUTCOME", asked, snapshot: reading(ms) });
    const before = account.state;
    account.report(later(61_000), ...lost.map(notFound));
    // One that was asked for before the answer says nothing, and one after it is not enough.
    read(61_100, before);
    read(61_200);
    read(61_900);
    expect(isWithheld(account.state, CALL, "SELL")).toBe(true);
    read(63_200);
    expect([isWithheld(account.state, CALL, "SELL"), outstandingWork(account.state).cancel]).toEqual([false, []]);
    expect(outstandingWork(account.state).flatCheck?.dueMs).toBeLessThanOrEqual(later(63_200));
    account.do({ type: "CHECK_FLAT", atMs: later(63_200), prices: [priceAt(63_200)], reading: null });
    expect(exits(account).map(({ status }) => status)).toEqual([...Array(3).fill("REJECTED"), "SUBMITTED"]);
    expectSoundHistory(account.events, account.state);
  });

  it("gets the rest by itself once it has named any later order of the exchange, and two later readings lack the lost", () => {
    const account = long();
    halt(account, 1_000);
    stuck(account, 1_000, 60_000);
    const other = id("other");
    account.do(submit({ clientOrderId: other, side: "SELL", quantityUnits: 75 }, later(61_000), priceAt(61_000)));
    account.report(later(61_100), accepted(other, later(61_100)));
    const due = outstandingWork(account.state).flatCheck?.dueMs ?? NOON;
    account.do({ type: "CHECK_FLAT", atMs: due, prices: [priceAt(due - NOON)], reading: null });
    expect(exits(account)).toHaveLength(4);
    expect(ids(outstandingWork(account.state).lookUp)).toEqual(ids(exits(account).slice(0, 3)));
    for (const ms of [90_000, 92_000]) {
      const [asked, snapshot] = [account.state, reading(ms)];
      account.do({ type: "RECONCILE", atMs: later(ms), cause: "UNKNOWN_OUTCOME", asked, snapshot });
    }
    account.do({ type: "CHECK_FLAT", atMs: later(92_000), prices: [priceAt(92_000)], reading: null });
    expect(exits(account).map(({ quantityUnits, status }) => [quantityUnits, status])).toEqual([
      ...Array(3).fill([UNITS, "REJECTED"]),
      [75, "PENDING_CANCEL"],
      [UNITS - 75, "SUBMITTED"],
    ]);
  });

  it("is found to have them after all where a reading shows them, dealt or ended, and nothing more is given for those", () => {
    const account = long();
    halt(account, 1_000);
    stuck(account, 1_000, 60_000);
    const [one, two, three] = exits(account) as [Order, Order, Order];
    account.report(later(61_000), ...[one, two, three].map(notFound));
    const { orders, fills, ...rest } = reading(61_200);
    const view = (order: Order, status: "FILLED" | "CANCELED", filledUnits: number) => ({
      ...(orders[0] as (typeof orders)[0]),
      clientOrderId: order.clientOrderId,
      venueOrderId: `V-${order.clientOrderId}`,
      side: "SELL" as const,
      status,
      filledUnits,
    });
    const dealt = { ...(fills[0] as (typeof fills)[0]), executionId: "E-out", clientOrderId: one.clientOrderId };
    const snapshot = {
      ...rest,
      orders: [...orders, view(one, "FILLED", UNITS), view(two, "CANCELED", 0)],
      fills: [...fills, { ...dealt, venueOrderId: `V-${one.clientOrderId}` }],
    };
    const asked = account.state;
    account.do({ type: "RECONCILE", atMs: later(61_200), cause: "UNKNOWN_OUTCOME", asked, snapshot });
    expect(account.state.openTrades[CALL]).toBeUndefined();
    const recalls = [one, two, three].map(({ clientOrderId }) => account.state.orders[clientOrderId]?.recall);
    expect(recalls).toEqual([undefined, undefined, "ANSWERED"]);
    expect(Object.values(account.state.orders).some(({ strayAtMs }) => strayAtMs !== undefined)).toBe(false);
    expectSoundHistory(account.events, account.state);
  });

  it("counts the slices of one attempt once, and holds back nothing of another contract or of the other side", () => {
    const account = long();
    halt(account, 1_000);
    stuck(account, 1_000, 60_000);
    const { state } = account;
    expect(isWithheld(state, CALL, "SELL")).toBe(true);
    expect([isWithheld(state, CALL, "BUY"), isWithheld(state, NIFTY_PUT.instrumentId, "SELL")]).toEqual([false, false]);
    const slices = exits(account).map((order): [string, Order] => [
      order.clientOrderId,
      { ...order, createdAtMs: NOON },
    ]);
    const ofOne = { orders: Object.fromEntries(slices) };
    expect(givenUpExits(ofOne, CALL, "SELL")).toEqual({ attempts: 1, units: 3 * UNITS });
    expect(isWithheld(ofOne, CALL, "SELL")).toBe(false);
  });

  it("is given up to ten that buy a short back, ever more slowly, and a person is told of it twice", () => {
    const account = short();
    halt(account, 1_000);
    const from = account.events.length;
    const sentAt = [...stuck(account, 1_000, 900_000).values()];
    const pauses = sentAt.slice(1).map((ms, index) => Math.floor((ms - (sentAt[index] ?? 0) - ANSWER_MS) / 1_000));
    expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60, 60, 60]);
    const told = account.events.slice(from).flatMap((event) => (event.type === "RECONCILED" ? event.differences : []));
    expect(told.filter(({ code }) => code === "EXITS_WITHHELD").map(({ code, ours }) => [code, ours])).toEqual([
      ["EXITS_WITHHELD", 3 * UNITS],
      ["EXITS_WITHHELD", 10 * UNITS],
    ]);
    for (const { clientOrderId } of exits(account)) {
      account.report(later(901_000), filled(clientOrderId, UNITS, 50_00, { atMs: later(901_000) }));
    }
    // All of them at once: nine times too much bought, and nothing sold that is not held.
    expect(account.state.openTrades[CALL]?.position.netUnits).toBe(9 * UNITS);
    expectSoundHistory(account.events, account.state);
  });
});
