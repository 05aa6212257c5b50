// Changing orders at work: what may be changed, what it costs to reserve, and every race between a change, a fill and a cancel.
import { describe, expect, it } from "vitest";
import type { Command, OrderChanges, VenueReport } from "../../../src/core/account/command.ts";
import { decide } from "../../../src/core/account/decide.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { Order } from "../../../src/core/order/order.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
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

const modify = (changes: OrderChanges, modifyId = "m1", atMs = later(1_000)): Command => ({
  type: "MODIFY_ORDER",
  atMs,
  clientOrderId: ORDER,
  modifyId,
  changes,
  price: aPrice(),
});
const replaced = (quantityUnits: number, limitPricePaise: number, modifyId = "m1"): VenueReport => ({
  kind: "REPLACED",
  clientOrderId: ORDER,
  modifyId,
  terms: { quantityUnits, limitPricePaise: paise(limitPricePaise) },
  atMs: later(2_000),
});
const notReplaced = (modifyId = "m1"): VenueReport => ({
  kind: "REPLACE_REJECTED",
  clientOrderId: ORDER,
  modifyId,
  reason: "ORDER_FINAL",
  atMs: later(2_000),
});
const notCanceled: VenueReport = {
  kind: "CANCEL_REJECTED",
  clientOrderId: ORDER,
  reason: "ORDER_FINAL",
  atMs: later(2_000),
};

/** A limit order for two lots at 49.00, accepted. */
function working(change: Parameters<typeof submit>[0] = {}): AccountUnderTest {
  const account = anAccount();
  account.do(submit({ quantityUnits: 2 * LOT, limitPricePaise: paise(49_00), ...change }));
  account.report(NOON, accepted(ORDER));
  return account;
}
const orderOf = (account: AccountUnderTest): Order => {
  const order = account.state.orders[ORDER];
  if (order === undefined) throw new Error("no order");
  return order;
};
const sound = (account: AccountUnderTest): void => expectSoundHistory(account.events, account.state);

describe("a modification", () => {
  it("reserves the larger of the old and the new order until the venue has answered", () => {
    const account = working();
    account.do(modify({ limitPricePaise: paise(50_00) }));
    expect(orderOf(account)).toMatchObject({ status: "PENDING_REPLACE", reservedPaise: 2 * LOT * 50_00 });
    account.report(later(2_000), notReplaced());
    expect(orderOf(account)).toMatchObject({ status: "ACCEPTED", reservedPaise: 2 * LOT * 49_00 });
    account.do(modify({ quantityUnits: LOT }, "m2", later(3_000)));
    expect(orderOf(account).reservedPaise).toBe(2 * LOT * 49_00);
    account.report(later(4_000), replaced(LOT, 49_00, "m2"));
    expect(orderOf(account)).toMatchObject({ status: "ACCEPTED", quantityUnits: LOT, reservedPaise: LOT * 49_00 });
    sound(account);
  });

  it("is done once under its id; other changes under it are refused, and the first answer stays", () => {
    const account = working();
    expect(account.do(modify({ limitPricePaise: paise(50_00) }))).toHaveLength(1);
    expect(account.do(modify({ limitPricePaise: paise(50_00) }, "m1", later(1_500)))).toEqual([]);
    account.report(later(2_000), replaced(2 * LOT, 50_00));
    expect(account.do(modify({ limitPricePaise: paise(50_00) }, "m1", later(3_000)))).toEqual([]);
    expect(decide(account.state, modify({ limitPricePaise: paise(51_00) }, "m1", later(3_000)))).toMatchObject({
      error: { code: "MODIFY_ID_REUSED" },
    });
    expect(orderOf(account).modifications).toMatchObject([{ modifyId: "m1", outcome: "REPLACED" }]);
  });

  it("leaves the first request a replay of itself", () => {
    const account = working();
    account.do(modify({ quantityUnits: LOT }));
    account.report(later(2_000), replaced(LOT, 49_00));
    expect(account.do(submit({ quantityUnits: 2 * LOT, limitPricePaise: paise(49_00) }))).toEqual([]);
    expect(account.do(submit({ quantityUnits: LOT, limitPricePaise: paise(49_00) }))).toMatchObject([
      { type: "ORDER_DENIED", denial: { code: "CLIENT_ORDER_ID_REUSED" } },
    ]);
  });

  it.each([
    ["a limit between two ticks", { limitPricePaise: paise(49_02) }, "PRICE_NOT_ON_TICK"],
    ["half a lot", { quantityUnits: 100 }, "QUANTITY_NOT_WHOLE_LOTS"],
    ["more than the exchange takes", { quantityUnits: 25 * LOT }, "QUANTITY_ABOVE_FREEZE"],
    [
      "more than the account can carry",
      { quantityUnits: 24 * LOT, limitPricePaise: paise(60_00) },
      "ORDER_VALUE_LIMIT",
    ],
    ["a trigger", { triggerPricePaise: paise(60_00) }, "TRIGGER_MISPLACED"],
    ["nothing", { quantityUnits: 2 * LOT }, "NOTHING_CHANGED"],
    ["no quantity", { quantityUnits: 0 }, "QUANTITY_BELOW_FILLED"],
  ] as const)("to %s is denied like an order of that kind and changes nothing", (_what, changes, code) => {
    const account = working();
    expect(account.do(modify(changes))).toMatchObject([{ type: "REPLACE_DENIED", denial: { code } }]);
    expect(orderOf(account)).toMatchObject({ status: "ACCEPTED", reservedPaise: 2 * LOT * 49_00 });
    expect(orderOf(account).modifications).toMatchObject([{ outcome: "DENIED", reason: code }]);
    expect(outstandingWork(account.state).replace).toEqual([]);
  });

  it("does not count its own order against the limits it is checked by", () => {
    const account = anAccount({ limits: { tradesPerDayMax: 1, openTradesMax: 1 } });
    account.do(submit({ quantityUnits: 2 * LOT, limitPricePaise: paise(49_00) }));
    account.report(NOON, accepted(ORDER), filled(ORDER, LOT, 49_00));
    expect(account.do(modify({ quantityUnits: 3 * LOT }))).toMatchObject([{ type: "REPLACE_REQUESTED" }]);
  });

  it("counts what it has dealt as part of its value: no change makes one order worth more than one may be", () => {
    const account = anAccount({ limits: { orderValueMaxPaise: paise(12_000_00) } });
    account.do(submit({ quantityUnits: 2 * LOT, limitPricePaise: paise(49_00) }));
    account.report(NOON, accepted(ORDER), filled(ORDER, LOT, 49_00));
    expect(account.do(modify({ quantityUnits: 4 * LOT }, "four"))).toMatchObject([
      {
        type: "REPLACE_DENIED",
        denial: {
          code: "ORDER_VALUE_LIMIT",
          limit: 12_000_00,
          value: 4 * LOT * 49_00,
          detail: expect.stringContaining("2 lots would pass"),
        },
      },
    ]);
    // Cheaper now, but what it has dealt was not.
    expect(account.do(modify({ quantityUnits: 4 * LOT, limitPricePaise: paise(40_00) }, "many"))).toMatchObject([
      { type: "REPLACE_DENIED", denial: { value: LOT * 49_00 + 3 * LOT * 40_00 } },
    ]);
    expect(account.do(modify({ quantityUnits: 3 * LOT }, "three"))).toMatchObject([{ type: "REPLACE_REQUESTED" }]);
  });

  it("is refused of an order that has ended, that never rests, or that is being changed or canceled", () => {
    const canceling = working();
    canceling.do({ type: "CANCEL_ORDER", atMs: NOON, clientOrderId: ORDER });
    const changing = working();
    changing.do(modify({ quantityUnits: LOT }));
    const ended = working();
    ended.report(NOON, canceled(ORDER));
    const unsent = anAccount();
    unsent.do(submit());
    const immediate = working({ timeInForce: "IOC" });
    for (const account of [canceling, changing, ended, unsent, immediate]) {
      expect(decide(account.state, modify({ quantityUnits: 3 * LOT }, "m9"))).toMatchObject({
        error: { code: "ORDER_NOT_MODIFIABLE" },
      });
    }
  });

  it("is taken at most twenty-five times from one order", () => {
    const account = working();
    for (let n = 1; n <= 25; n += 1) {
      const quantityUnits = n % 2 === 0 ? 2 * LOT : LOT;
      account.do(modify({ quantityUnits }, `m${n}`, later(n * 1_000)));
      account.report(later(n * 1_000 + 500), { ...replaced(quantityUnits, 49_00, `m${n}`) });
    }
    expect(account.do(modify({ quantityUnits: 2 * LOT }, "m26", later(60_000)))).toMatchObject([
      { denial: { code: "MODIFICATIONS_LIMIT", limit: 25, value: 25 } },
    ]);
  });

  it("takes a place in the order rate", () => {
    const account = anAccount({ limits: { tradesPerCycleMax: 27 } });
    for (let n = 0; n < 7; n += 1) account.do(submit({ clientOrderId: id(`n-${n}`), limitPricePaise: paise(49_00) }));
    account.do(submit({ quantityUnits: 2 * LOT, limitPricePaise: paise(49_00) }));
    account.report(NOON, accepted(ORDER));
    const [requested] = account.do(modify({ quantityUnits: LOT }, "m1", NOON));
    expect(requested).toMatchObject({ replace: { releaseAtMs: NOON + 1_000 } });
  });
});

describe("a change that meets a fill", () => {
  it("fills up to the old quantity and stays open for the new one until the venue has answered", () => {
    const account = working();
    account.do(modify({ quantityUnits: 4 * LOT }));
    account.report(later(1_500), filled(ORDER, 2 * LOT, 49_00));
    expect(orderOf(account)).toMatchObject({ status: "PENDING_REPLACE", reservedPaise: 2 * LOT * 49_00 });
    account.report(later(2_000), replaced(4 * LOT, 49_00));
    expect(orderOf(account)).toMatchObject({ status: "PARTIALLY_FILLED", quantityUnits: 4 * LOT });
    account.report(later(3_000), filled(ORDER, 2 * LOT, 49_00));
    expect(orderOf(account).status).toBe("FILLED");
    sound(account);
  });

  it("is FILLED with the old quantity when the venue says that the change came too late", () => {
    const account = working();
    account.do(modify({ quantityUnits: 4 * LOT }));
    account.report(later(1_500), filled(ORDER, 2 * LOT, 49_00), notReplaced());
    expect(orderOf(account)).toMatchObject({ status: "FILLED", quantityUnits: 2 * LOT, reservedPaise: 0 });
    sound(account);
  });

  it("to what has been filled meanwhile ends the order", () => {
    const account = working();
    account.do(modify({ quantityUnits: LOT }));
    account.report(later(1_500), filled(ORDER, LOT, 49_00));
    expect(orderOf(account).status).toBe("PENDING_REPLACE");
    account.report(later(2_000), replaced(LOT, 49_00));
    expect(orderOf(account)).toMatchObject({ status: "FILLED", reservedPaise: 0 });
    sound(account);
  });

  it("books what was dealt beyond the reduced quantity", () => {
    const account = working();
    account.do(modify({ quantityUnits: LOT }));
    account.report(later(1_500), replaced(LOT, 49_00), filled(ORDER, 2 * LOT, 49_00));
    expect(orderOf(account)).toMatchObject({ status: "FILLED", filledUnits: 2 * LOT });
    sound(account);
  });

  it("comes to the same whichever of fill and answer is heard first", () => {
    const outcomes = [0, 1].map((first) => {
      const account = working();
      account.do(modify({ quantityUnits: 3 * LOT }));
      const fill = filled(ORDER, LOT, 49_00, { executionId: "E-race" });
      const reports = [fill, replaced(3 * LOT, 49_00)];
      account.report(later(2_000), ...(first === 0 ? reports : reports.toReversed()));
      const { status, filledUnits, quantityUnits, reservedPaise } = orderOf(account);
      return { status, filledUnits, quantityUnits, reservedPaise };
    });
    expect(outcomes[0]).toEqual(outcomes[1]);
    expect(outcomes[0]).toMatchObject({ status: "PARTIALLY_FILLED", filledUnits: LOT, quantityUnits: 3 * LOT });
  });
});

describe("a change that meets a cancel", () => {
  const both = (): AccountUnderTest => {
    const account = working();
    account.do(modify({ quantityUnits: 3 * LOT }));
    account.do({ type: "CANCEL_ORDER", atMs: later(1_100), clientOrderId: ORDER });
    return account;
  };

  it("waits for the cancel; the change is answered or forgotten with it", () => {
    const account = both();
    expect(orderOf(account)).toMatchObject({ status: "PENDING_CANCEL", reservedPaise: 3 * LOT * 49_00 });
    account.report(later(2_000), replaced(3 * LOT, 49_00));
    expect(orderOf(account)).toMatchObject({ status: "PENDING_CANCEL", quantityUnits: 3 * LOT });
    account.report(later(2_100), canceled(ORDER));
    expect(orderOf(account)).toMatchObject({ status: "CANCELED", reservedPaise: 0 });
    const forgotten = both();
    forgotten.report(later(2_000), canceled(ORDER));
    expect(orderOf(forgotten).modifications).toMatchObject([{ outcome: "SUPERSEDED" }]);
    expect(orderOf(forgotten).pendingReplace).toBeUndefined();
    sound(account);
    sound(forgotten);
  });

  it("goes on with the change when the cancel is refused", () => {
    const account = both();
    account.report(later(2_000), notCanceled);
    expect(orderOf(account).status).toBe("PENDING_REPLACE");
    account.report(later(2_100), replaced(3 * LOT, 49_00));
    expect(orderOf(account).status).toBe("ACCEPTED");
    sound(account);
  });

  it("is what the order was before when both are refused", () => {
    const account = both();
    account.report(later(2_000), notReplaced(), notCanceled);
    expect(orderOf(account)).toMatchObject({
      status: "ACCEPTED",
      quantityUnits: 2 * LOT,
      reservedPaise: 2 * LOT * 49_00,
    });
    sound(account);
  });
});

describe("a cancel that meets a fill", () => {
  it("leaves what was filled, whoever comes first, and position and cash follow the quantities", () => {
    for (const order of [0, 1]) {
      const account = working();
      account.do({ type: "CANCEL_ORDER", atMs: later(1_000), clientOrderId: ORDER });
      const reports = [filled(ORDER, LOT, 49_00, { executionId: `E-late-${order}` }), canceled(ORDER)];
      account.report(later(2_000), ...(order === 0 ? reports : reports.toReversed()));
      expect(orderOf(account)).toMatchObject({ status: "CANCELED", filledUnits: LOT, reservedPaise: 0 });
      expect(account.state.openTrades[NIFTY_CALL.instrumentId]?.position.netUnits).toBe(LOT);
      sound(account);
    }
  });

  it("that takes all of it is FILLED, and the venue's refusal to cancel it afterwards is nothing new", () => {
    const account = working();
    account.do({ type: "CANCEL_ORDER", atMs: later(1_000), clientOrderId: ORDER });
    account.report(later(2_000), filled(ORDER, 2 * LOT, 49_00), notCanceled);
    expect(orderOf(account).status).toBe("FILLED");
    expect(account.report(later(2_500), notCanceled)).toEqual([]);
    sound(account);
  });
});

describe("a STOP_LIMIT order", () => {
  const stop = { type: "STOP_LIMIT", triggerPricePaise: paise(52_00), limitPricePaise: paise(52_50) } as const;

  it("rests as TRIGGER_PENDING, becomes ACCEPTED at its trigger, and is filled from there", () => {
    const account = working(stop);
    expect(orderOf(account).status).toBe("TRIGGER_PENDING");
    const triggered: VenueReport = { kind: "TRIGGERED", clientOrderId: ORDER, atMs: later(1_000) };
    account.report(later(1_000), triggered);
    expect(orderOf(account).status).toBe("ACCEPTED");
    expect(account.report(later(1_100), triggered)).toEqual([]);
    account.report(later(2_000), filled(ORDER, 2 * LOT, 52_10));
    expect(orderOf(account).status).toBe("FILLED");
    sound(account);
  });

  it("is sent once though its trigger is heard before its acknowledgement", () => {
    const account = anAccount();
    account.do(submit({ ...stop, quantityUnits: LOT }));
    account.report(later(500), { kind: "TRIGGERED", clientOrderId: ORDER, atMs: later(500) });
    expect(outstandingWork(account.state).submit).toEqual([]);
    account.report(later(600), accepted(ORDER, later(600)));
    expect(orderOf(account)).toMatchObject({ status: "ACCEPTED", venueOrderId: `V-${ORDER}` });
  });

  it("can have its trigger moved while it sleeps, and not once it is awake", () => {
    const account = working(stop);
    expect(account.do(modify({ triggerPricePaise: paise(51_50) }))).toMatchObject([{ type: "REPLACE_REQUESTED" }]);
    account.report(later(2_000), notReplaced(), { kind: "TRIGGERED", clientOrderId: ORDER, atMs: later(2_000) });
    expect(account.do(modify({ triggerPricePaise: paise(51_50) }, "m2", later(3_000)))).toMatchObject([
      { denial: { code: "TRIGGER_MISPLACED" } },
    ]);
  });

  it.each([
    ["without a trigger", { triggerPricePaise: undefined }, "TRIGGER_MISPLACED"],
    ["whose trigger the last price has passed", { triggerPricePaise: paise(49_00) }, "TRIGGER_MISPLACED"],
    ["whose limit lies on the wrong side of its trigger", { limitPricePaise: paise(51_00) }, "TRIGGER_MISPLACED"],
    ["with a trigger between two ticks", { triggerPricePaise: paise(52_01) }, "PRICE_NOT_ON_TICK"],
    ["that would not rest", { timeInForce: "IOC" }, "TRIGGER_MISPLACED"],
    ["of another type with a trigger", { type: "LIMIT", limitPricePaise: paise(50_00) }, "TRIGGER_MISPLACED"],
  ] as const)("%s is denied", (_what, change, code) => {
    const account = anAccount();
    const { triggerPricePaise, ...rest } = { ...stop, ...change };
    const request = triggerPricePaise === undefined ? rest : { ...rest, triggerPricePaise };
    expect(account.do(submit(request))).toMatchObject([{ type: "ORDER_DENIED", denial: { code } }]);
  });
});

describe("the terms that make a client order id the same request", () => {
  it("include the product", () => {
    const account = working();
    const again = submit({ quantityUnits: 2 * LOT, limitPricePaise: paise(49_00), product: "CARRY" });
    expect(account.do(again)).toMatchObject([{ denial: { code: "CLIENT_ORDER_ID_REUSED" } }]);
  });
});

describe("the order rate of an account", () => {
  it("denies the entry that would have to wait longer than a second, and says how long", () => {
    const account = anAccount({ limits: { tradesPerCycleMax: 27 } });
    const denied = Array.from({ length: 30 }, (_, n) =>
      account.do(submit({ clientOrderId: id(`n-${n}`), limitPricePaise: paise(49_00) })),
    ).flatMap((events) => events.filter((event) => event.type === "ORDER_DENIED"));
    expect(account.state.day?.ordersSubmitted).toBe(16);
    expect(denied[0]).toMatchObject({ denial: { code: "ORDER_RATE_LIMIT", limit: 1_000, value: 2_000, unit: "MS" } });
  });
});
