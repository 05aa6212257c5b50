// What the walks over an account have found, one by one: ways past a limit that are closed.
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import {
  accepted,
  anAccount,
  aPrice,
  aProfile,
  aWindow,
  canceled,
  filled,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  submit,
} from "../../support/builders.ts";

const LOT = 75;
const at = (mid: number, instrumentId = NIFTY_CALL.instrumentId): PriceView =>
  aPrice({ instrumentId, bidPaise: paise(mid - 5), askPaise: paise(mid + 5), lastPaise: paise(mid) });

describe("an order that grows", () => {
  it("counts with its larger quantity against lots and open trades before the venue has answered", () => {
    const account = anAccount({ limits: { openLotsMax: 4 } });
    account.do(submit({ clientOrderId: id("grows"), limitPricePaise: paise(49_00) }));
    account.report(NOON, accepted(id("grows")));
    account.do({
      type: "MODIFY_ORDER",
      atMs: NOON,
      clientOrderId: id("grows"),
      modifyId: "m-1",
      changes: { quantityUnits: 4 * LOT },
      price: aPrice(),
    });
    expect(account.do(submit({ clientOrderId: id("next") }))).toMatchObject([
      { type: "ORDER_DENIED", denial: { code: "POSITION_LOTS_LIMIT", limit: 4, value: 5 } },
    ]);
  });
});

describe("an entry that has dealt in part and whose part is sold again", () => {
  it("is still an open trade while the rest of it rests", () => {
    const account = anAccount({ limits: { openTradesMax: 1 } });
    account.do(submit({ clientOrderId: id("rests"), quantityUnits: 2 * LOT, limitPricePaise: paise(49_00) }));
    account.report(NOON, accepted(id("rests")), filled(id("rests"), LOT, 49_00));
    account.do(submit({ clientOrderId: id("sold"), side: "SELL", limitPricePaise: paise(49_00) }));
    account.report(NOON, accepted(id("sold")), filled(id("sold"), LOT, 49_95));
    expect(Object.keys(account.state.openTrades)).toEqual([]);
    const other = submit({ clientOrderId: id("other"), contract: NIFTY_PUT }, NOON, at(50_00, NIFTY_PUT.instrumentId));
    expect(account.do(other)).toMatchObject([{ type: "ORDER_DENIED", denial: { code: "OPEN_TRADES_LIMIT" } }]);
  });
});

describe("a sliced order whose first slice was taken out by a lowered limit", () => {
  it("does not go on with its next slice as if its trade had been counted", () => {
    const account = anAccount({
      category: "ADMIN",
      capitalPaise: paise(5_00_000_00),
      limits: { orderValueMaxPaise: paise(50_00_000_00) },
    });
    account.do(submit({ clientOrderId: id("large"), quantityUnits: 30 * LOT, limitPricePaise: paise(49_00) }));
    const [slice] = outstandingWork(account.state).submit;
    account.report(NOON, accepted(slice?.clientOrderId ?? id("none")));
    const { limits } = aProfile({ limits: { tradesPerDayMax: 0 } });
    account.do({ type: "CHANGE_LIMITS", atMs: NOON, limits, prices: [] });
    const events = account.report(NOON, canceled(slice?.clientOrderId ?? id("none")));
    expect(events.filter(({ type }) => type === "ORDER_SUBMITTED")).toEqual([]);
  });
});

describe("a position with an exit that rests in the book", () => {
  function resting() {
    const account = anAccount({ limits: { dailyLossMaxPaise: paise(1_000_00) } });
    account.do(submit({ clientOrderId: id("held") }));
    account.report(NOON, accepted(id("held")), filled(id("held"), LOT, 50_00));
    account.do(submit({ clientOrderId: id("rests"), side: "SELL", limitPricePaise: paise(60_00) }));
    account.report(NOON, accepted(id("rests")));
    return account;
  }
  const levels = (account: ReturnType<typeof anAccount>) =>
    account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers ?? [];

  it("stays guarded: at the loss limit the exit is taken out and the position is left", () => {
    const account = resting();
    const [guard] = levels(account).filter(({ kind }) => kind === "LOSS_GUARD");
    expect(guard).toBeDefined();
    const price = at(30_00);
    const fired = [{ triggerId: guard?.triggerId ?? "", price }];
    account.do({ type: "FIRE_TRIGGERS", atMs: later(1_000), fired, prices: [price] });
    expect(account.state).toMatchObject({ tradingState: "REDUCING", orders: { rests: { status: "PENDING_CANCEL" } } });
    account.report(later(1_100), canceled(id("rests")));
    const [last] = levels(account);
    account.do({ type: "FIRE_TRIGGERS", atMs: later(1_200), fired: [{ triggerId: last?.triggerId ?? "", price }] });
    expect(outstandingWork(account.state).submit).toMatchObject([{ purpose: "EXIT", quantityUnits: LOT }]);
  });

  it("keeps its stop, which gives it once the exit is out, and asks for nothing twice meanwhile", () => {
    const account = anAccount();
    account.do(aWindow());
    const [entry] = outstandingWork(account.state).submit;
    const units = entry?.quantityUnits ?? 0;
    account.report(
      NOON,
      accepted(id(entry?.clientOrderId ?? "")),
      filled(id(entry?.clientOrderId ?? ""), units, 50_00),
    );
    account.do(
      submit({ clientOrderId: id("rests"), side: "SELL", quantityUnits: units, limitPricePaise: paise(60_00) }),
    );
    account.report(NOON, accepted(id("rests")));
    const stop = levels(account).find(({ kind }) => kind === "STOP");
    expect(stop).toBeDefined();
    const price = at((stop?.levelPaise ?? 0) - 5_00);
    account.do({ type: "FIRE_TRIGGERS", atMs: later(1_000), fired: [{ triggerId: stop?.triggerId ?? "", price }] });
    expect(account.state.orders[id("rests")]?.status).toBe("PENDING_CANCEL");
    expect(levels(account)).toEqual([]);
    account.report(later(1_100), canceled(id("rests")));
    const again = levels(account).find(({ kind }) => kind === "STOP");
    account.do({ type: "FIRE_TRIGGERS", atMs: later(1_200), fired: [{ triggerId: again?.triggerId ?? "", price }] });
    expect(outstandingWork(account.state).submit).toMatchObject([{ purpose: "EXIT", exitReason: "STOP" }]);
  });
});
