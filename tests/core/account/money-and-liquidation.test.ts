// Getting money in and out once, and getting out of everything in time.
import { describe, expect, it } from "vitest";
import type { Command } from "../../../src/core/account/command.ts";
import { decide } from "../../../src/core/account/decide.ts";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import type { TransferKind } from "../../../src/core/funds/transfer.ts";
import { paise, sumPaise } from "../../../src/core/kernel/money.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import { TRADING_CASH } from "../../../src/core/ledger/chart-of-accounts.ts";
import { postingsOf } from "../../../src/core/ledger/posting-rules.ts";
import { exposureOf, reservedPaise } from "../../../src/core/risk/exposure.ts";
import type { SettlementWorksheet } from "../../../src/core/settlement/worksheet.ts";
import {
  AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  aProfile,
  at,
  CLOSE,
  canceled,
  DATE,
  filled,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  OPEN,
  submit,
  transferUpdate,
} from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

type OpenDay = Extract<Command, { readonly type: "OPEN_DAY" }>;
const openDay = (change: Partial<OpenDay> = {}): OpenDay => ({
  type: "OPEN_DAY",
  atMs: at("09:00"),
  jobKey: "OPEN",
  date: DATE,
  openMs: OPEN,
  closeMs: CLOSE,
  vixCenti: 1_215,
  ...change,
});
const transfersOf = (account: AccountUnderTest, kind: TransferKind) =>
  Object.values(account.state.transfers).filter((transfer) => transfer.kind === kind);
const exits = (events: readonly AccountEvent[]) =>
  events.flatMap((event) => (event.type === "ORDER_SUBMITTED" ? [event.terms] : []));

function unfunded(change: Parameters<typeof aProfile>[0] = {}): AccountUnderTest {
  const account = new AccountUnderTest();
  account.do({ type: "OPEN_ACCOUNT", atMs: at("08:00"), profile: aProfile(change) });
  account.do(openDay());
  return account;
}

describe("the morning's PULL", () => {
  it("G-50: fills the trading account up to its capital once, in parts of at most ₹1 lakh", () => {
    const account = unfunded({ capitalPaise: paise(2_50_000_00) });
    const pull = { type: "REQUEST_PULL", atMs: OPEN, jobKey: "PULL" } as const;
    account.do(pull);
    expect(transfersOf(account, "PULL").map(({ transferId, amountPaise }) => [transferId, amountPaise])).toEqual([
      [`U001/${DATE}/PULL/1`, 1_00_000_00],
      [`U001/${DATE}/PULL/2`, 1_00_000_00],
      [`U001/${DATE}/PULL/3`, 50_000_00],
    ]);
    expect(account.do(pull)).toEqual([]);
    expect(account.state.cashPaise).toBe(0);
    for (const { transferId } of transfersOf(account, "PULL"))
      account.do(transferUpdate(transferId, "COMPLETED", at("09:16")));
    expect([account.state.cashPaise, account.state.savingsPaise]).toEqual([2_50_000_00, 2_50_000_00]);
  });

  it("takes no more than the savings hold, and nothing when nothing is missing", () => {
    const poor = unfunded({ savingsPaise: paise(30_000_00) });
    poor.do({ type: "REQUEST_PULL", atMs: OPEN, jobKey: "PULL" });
    expect(transfersOf(poor, "PULL").map(({ amountPaise }) => amountPaise)).toEqual([30_000_00]);
    const none = unfunded({ savingsPaise: paise(0) });
    expect(none.do({ type: "REQUEST_PULL", atMs: OPEN, jobKey: "PULL" }).map(({ type }) => type)).toEqual(["JOB_DONE"]);
    expect(none.do({ type: "REQUEST_PULL", atMs: OPEN, jobKey: "PULL" })).toEqual([]);
  });

  it("moves money when the rail says so and only then; late and repeated words change nothing", () => {
    const account = unfunded();
    account.do({ type: "REQUEST_PULL", atMs: OPEN, jobKey: "PULL" });
    const transferId = `U001/${DATE}/PULL/1`;
    account.do(transferUpdate(transferId, "PROCESSING", OPEN));
    expect(account.state.cashPaise).toBe(0);
    account.do(transferUpdate(transferId, "COMPLETED", at("09:16")));
    for (const status of ["COMPLETED", "PROCESSING", "FAILED"] as const) {
      expect(account.do(transferUpdate(transferId, status, at("09:17")))).toEqual([]);
    }
    expect(account.state.cashPaise).toBe(1_00_000_00);
    account.do(transferUpdate(transferId, "REVERSED", at("10:00")));
    expect([account.state.cashPaise, account.state.savingsPaise]).toEqual([0, 5_00_000_00]);
    expectSoundHistory(account.events, account.state);
  });
});

/** A settled day with a profit to pay out. */
function settled(): AccountUnderTest {
  const account = anAccount();
  account.do(submit({ quantityUnits: 1_800, limitPricePaise: paise(50_00) }));
  account.report(NOON, filled(id("order-1"), 1_800, 50_00));
  account.do(submit({ clientOrderId: id("out"), side: "SELL", quantityUnits: 1_800 }));
  account.report(NOON, filled(id("out"), 1_800, 60_00));
  account.do({ type: "ENTER_EXIT_ONLY", atMs: at("15:15"), jobKey: "EXIT_ONLY" });
  account.do({ type: "SETTLE_PROVISIONAL", atMs: at("15:20"), jobKey: "SETTLE" });
  return account;
}

describe("the evening's PUSH", () => {
  it("G-50: carries exactly the pay-out, once, and its tax lock is kept apart in savings", () => {
    const account = settled();
    const worksheet = account.state.day?.provisional;
    const cash = account.state.cashPaise;
    const push = { type: "REQUEST_PUSH", atMs: at("15:25"), jobKey: "PUSH" } as const;
    account.do(push);
    expect(account.do(push)).toEqual([]);
    expect(account.do({ ...push, jobKey: "PUSH/again" }).map(({ type }) => type)).toEqual(["JOB_DONE"]);
    expect(account.state.cashPaise).toBe(cash);
    for (const { transferId } of transfersOf(account, "PUSH"))
      account.do(transferUpdate(transferId, "COMPLETED", at("15:26")));
    expect(account.state.cashPaise).toBe(cash - (worksheet?.payoutPaise ?? 0));
    expect(account.state.taxLockPaise).toBe(worksheet?.taxLockPaise);
    expect(account.state.savingsPaise).toBe(4_00_000_00 + (worksheet?.netToSavingsPaise ?? 0));
    expect(account.state.day?.status).toBe("PAID_OUT");
    expectSoundHistory(account.events, account.state);
  });

  it("leaves the money where it was when it fails", () => {
    const account = settled();
    const { cashPaise, savingsPaise } = account.state;
    account.do({ type: "REQUEST_PUSH", atMs: at("15:25"), jobKey: "PUSH" });
    for (const { transferId } of transfersOf(account, "PUSH"))
      account.do(transferUpdate(transferId, "FAILED", at("15:26")));
    expect([account.state.cashPaise, account.state.savingsPaise]).toEqual([cashPaise, savingsPaise]);
  });

  it("that is still under way is no money of the next day", () => {
    const account = settled();
    const payout = account.state.day?.provisional?.payoutPaise ?? 0;
    account.do({ type: "REQUEST_PUSH", atMs: at("15:25"), jobKey: "PUSH" });
    const { realisedPaise = paise(0), provisional } = account.state.day ?? {};
    const charges = provisional?.charges as NonNullable<typeof provisional>["charges"];
    account.do({
      type: "SETTLE_FINAL",
      atMs: at("15:35"),
      jobKey: "FINAL",
      statement: { date: DATE, fills: 2, realisedPaise, charges },
    });
    account.do({ type: "CLOSE_DAY", atMs: at("15:36"), jobKey: "CLOSE" });
    account.do(openDay({ date: marketDate("2025-09-01"), jobKey: "OPEN/2" }));
    expect(exposureOf(account.state).equityPaise).toBe(account.state.cashPaise - payout);
    // With exactly the capital in cash, what the PUSH is about to take is missing.
    const level = { ...account.state, cashPaise: account.state.profile?.capitalPaise ?? paise(0) };
    const pulled = decide(level, { type: "REQUEST_PULL", atMs: OPEN, jobKey: "PULL/2" });
    expect(pulled).toMatchObject({ ok: true, value: [{ transfer: { kind: "PULL", amountPaise: payout } }] });
    for (const { transferId } of transfersOf(account, "PUSH")) {
      account.do(transferUpdate(transferId, "COMPLETED", OPEN));
    }
    expectSoundHistory(account.events, account.state);
  });

  it("is not made before the day is settled", () => {
    const account = anAccount();
    const push = { type: "REQUEST_PUSH", atMs: at("15:25"), jobKey: "PUSH" } as const;
    expect(decide(account.state, push)).toMatchObject({ ok: false, error: { code: "NOT_FLAT" } });
  });
});

describe("settling", () => {
  it("needs a flat account with nothing under way", () => {
    const account = anAccount();
    account.do(submit());
    const settle = { type: "SETTLE_PROVISIONAL", atMs: at("15:20"), jobKey: "SETTLE" } as const;
    expect(decide(account.state, settle)).toMatchObject({ ok: false, error: { code: "NOT_FLAT" } });
    account.report(NOON, filled(id("order-1"), 75, 50_00));
    expect(decide(account.state, settle)).toMatchObject({ ok: false, error: { code: "NOT_FLAT" } });
  });

  it("books in the end only what the broker's charges differ by", () => {
    const account = settled();
    const provisional = account.state.day?.provisional;
    const cash = account.state.cashPaise;
    const charges = { ...(provisional?.charges as NonNullable<typeof provisional>["charges"]) };
    const statement = {
      date: DATE,
      fills: 2,
      realisedPaise: account.state.day?.realisedPaise ?? paise(0),
      charges: { ...charges, sttPaise: paise(charges.sttPaise + 10_00), totalPaise: paise(charges.totalPaise + 10_00) },
    };
    const [finalised] = account.do({ type: "SETTLE_FINAL", atMs: at("15:35"), jobKey: "FINAL", statement });
    // ₹10 more charges are ₹1 less fee at 10 %, and 18 paise less GST on it.
    expect(finalised).toMatchObject({ chargesDifferencePaise: 10_00 - 1_00 - 18 });
    expect(account.state.cashPaise).toBe(cash - 8_82);
    expectSoundHistory(account.events, account.state);
  });

  it("leaves a PUSH that was made before the broker's charges were known as it is, and adjusts the books alone", () => {
    const account = settled();
    account.do({ type: "REQUEST_PUSH", atMs: at("15:25"), jobKey: "PUSH" });
    for (const { transferId } of transfersOf(account, "PUSH"))
      account.do(transferUpdate(transferId, "COMPLETED", at("15:26")));
    const before = account.state;
    const provisional = before.day?.provisional as SettlementWorksheet;
    const { charges } = provisional;
    const statement = {
      date: DATE,
      fills: 2,
      realisedPaise: provisional.realisedPaise,
      charges: { ...charges, sttPaise: paise(charges.sttPaise + 10_00), totalPaise: paise(charges.totalPaise + 10_00) },
    };
    const sequence = account.events.length + 1;
    const [finalised] = account.do({ type: "SETTLE_FINAL", atMs: at("15:35"), jobKey: "FINAL", statement });
    account.do({ type: "CLOSE_DAY", atMs: at("15:36"), jobKey: "CLOSE" });
    const { state } = account;
    expect(transfersOf(account, "PUSH")).toMatchObject([
      { status: "COMPLETED", amountPaise: provisional.payoutPaise, taxLockPaise: provisional.taxLockPaise },
    ]);
    expect([state.savingsPaise, state.taxLockPaise]).toEqual([before.savingsPaise, before.taxLockPaise]);
    expect(state.cashPaise).toBe(before.cashPaise - 8_82);
    const [adjustment, ...others] = postingsOf(before, finalised as AccountEvent, sequence);
    expect([adjustment?.kind, others]).toEqual(["ADJUSTMENT", []]);
    expect(adjustment?.lines.find((line) => line.account === TRADING_CASH)?.amountPaise).toBe(-8_82);
    expect(sumPaise(adjustment?.lines ?? [], (line) => line.amountPaise)).toBe(0);
    expectSoundHistory(account.events, state);
  });

  it("halts the account when the broker knows of other trades, and keeps its own", () => {
    const account = settled();
    const charges = account.state.day?.provisional?.charges;
    const statement = {
      date: DATE,
      fills: 2,
      realisedPaise: paise(1),
      charges: charges as NonNullable<typeof charges>,
    };
    account.do({ type: "SETTLE_FINAL", atMs: at("15:35"), jobKey: "FINAL", statement });
    expect(account.state).toMatchObject({ tradingState: "HALTED", day: { status: "FINAL" } });
    expect(account.state.day?.final?.realisedPaise).toBe(account.state.day?.realisedPaise);
  });
});

describe("exit-only and square-off", () => {
  /** A NIFTY call held, a put order resting. */
  function busy(): AccountUnderTest {
    const account = anAccount();
    account.do(submit({ quantityUnits: 150 }));
    account.report(NOON, filled(id("order-1"), 150, 50_00));
    account.do(submit({ clientOrderId: id("put"), contract: NIFTY_PUT }));
    account.report(NOON, accepted(id("put")));
    return account;
  }

  it("take entries out and leave the positions to their plans, then to the square-off", () => {
    const account = busy();
    account.do({ type: "ENTER_EXIT_ONLY", atMs: at("15:15"), jobKey: "EXIT_ONLY" });
    expect(account.state.orders[id("put")]?.status).toBe("PENDING_CANCEL");
    expect(account.state.day?.status).toBe("EXIT_ONLY");
    const events = account.do({ type: "SQUARE_OFF", atMs: at("15:18"), jobKey: "SQUARE_OFF/1", prices: [aPrice()] });
    expect(exits(events)).toMatchObject([{ exitReason: "SQUARE_OFF", quantityUnits: 150, limitPricePaise: 47_45 }]);
    account.report(at("15:18"), canceled(id("put")), filled(exits(events)[0]?.clientOrderId ?? id(""), 150, 49_95));
    expect(account.state.day?.status).toBe("FLAT");
    expect(reservedPaise(account.state)).toBe(0);
  });

  it("try again what is left, with a wider protection, and give nothing twice", () => {
    const account = busy();
    const first = exits(
      account.do({ type: "SQUARE_OFF", atMs: at("15:18"), jobKey: "SQUARE_OFF/1", prices: [aPrice()] }),
    );
    expect(
      exits(account.do({ type: "SQUARE_OFF", atMs: at("15:18"), jobKey: "SQUARE_OFF/x", prices: [aPrice()] })),
    ).toEqual([]);
    account.report(
      at("15:18"),
      filled(first[0]?.clientOrderId ?? id(""), 75, 49_95),
      canceled(first[0]?.clientOrderId ?? id("")),
    );
    const second = exits(
      account.do({ type: "SQUARE_OFF", atMs: at("15:19"), jobKey: "SQUARE_OFF/2", prices: [aPrice()] }),
    );
    expect(second).toMatchObject([{ quantityUnits: 75, limitPricePaise: 39_95 }]);
  });

  it("slice what is more than one order may be", () => {
    const account = anAccount({
      capitalPaise: paise(10_00_000_00),
      savingsPaise: paise(20_00_000_00),
      category: "ADMIN",
      limits: { orderValueMaxPaise: paise(50_00_000_00) },
    });
    for (const each of ["a", "b"]) {
      account.do(submit({ clientOrderId: id(each), quantityUnits: 1_800 }));
      account.report(NOON, filled(id(each), 1_800, 50_00));
    }
    const events = account.do({ type: "SQUARE_OFF", atMs: at("15:18"), jobKey: "SQUARE_OFF/1", prices: [aPrice()] });
    expect(exits(events).map(({ quantityUnits }) => quantityUnits)).toEqual([1_800, 1_800]);
  });

  it("close at the first price that comes what had none when they were run", () => {
    const account = busy();
    const events = account.do({ type: "SQUARE_OFF", atMs: at("15:18"), jobKey: "SQUARE_OFF/1", prices: [] });
    expect(exits(events)).toEqual([]);
    const [trigger] = account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers ?? [];
    expect(trigger).toMatchObject({ fires: "AT_OR_ABOVE", levelPaise: 5 });
    const fired = [{ triggerId: trigger?.triggerId ?? "", price: aPrice({ quotedAtMs: at("15:20") }) }];
    expect(exits(account.do({ type: "FIRE_TRIGGERS", atMs: at("15:20"), fired }))).toMatchObject([
      { exitReason: "SQUARE_OFF", quantityUnits: 150 },
    ]);
  });

  it("are undone by a late fill as far as it goes: what it opened is closed at the next price", () => {
    const account = busy();
    const [exit] = exits(
      account.do({ type: "SQUARE_OFF", atMs: at("15:18"), jobKey: "SQUARE_OFF/1", prices: [aPrice()] }),
    );
    account.report(at("15:18"), filled(exit?.clientOrderId ?? id(""), 150, 49_95), canceled(id("put")));
    expect(account.state.day?.status).toBe("FLAT");
    account.report(at("15:19"), filled(id("put"), 75, 50_00));
    expect(account.state.day?.status).toBe("EXIT_ONLY");
    expect(account.state.openTrades[NIFTY_PUT.instrumentId]?.triggers).toMatchObject([
      { fires: "AT_OR_ABOVE", levelPaise: 5 },
    ]);
  });
});

describe("the kill switch", () => {
  it("takes everything out, gives everything held, and stays until a person lifts it", () => {
    const account = anAccount();
    account.do(submit());
    account.report(NOON, filled(id("order-1"), 75, 50_00));
    account.do(submit({ clientOrderId: id("put"), contract: NIFTY_PUT }));
    account.do(submit({ clientOrderId: id("out"), side: "SELL", quantityUnits: 75, limitPricePaise: paise(65_00) }));
    const halt = { type: "HALT", atMs: later(1), reason: "enough", prices: [aPrice()] } as const;
    const events = account.do(halt);
    expect(account.state).toMatchObject({ tradingState: "HALTED", haltReason: "enough" });
    expect(events.filter(({ type }) => type === "CANCEL_REQUESTED")).toHaveLength(2);
    // What rests in the book may still deal; only when that is over is the position given again.
    expect(exits(events)).toEqual([]);
    account.report(later(2), canceled(id("out")));
    const trigger = account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers[0];
    const out = account.do({
      type: "FIRE_TRIGGERS",
      atMs: later(3),
      fired: [{ triggerId: trigger?.triggerId ?? "", price: aPrice() }],
    });
    expect(exits(out)).toMatchObject([{ exitReason: "KILL_SWITCH", quantityUnits: 75 }]);
    expect(account.do(halt)).toEqual([]);
    account.do({ type: "RESUME", atMs: later(4) });
    expect(account.state).toMatchObject({ tradingState: "ACTIVE", haltReason: null });
    expect(account.do({ type: "RESUME", atMs: later(5) })).toEqual([]);
  });

  it("gives what is held at once when its price is known, and at the first price when not", () => {
    for (const prices of [[aPrice()], []]) {
      const account = anAccount();
      account.do(submit());
      account.report(NOON, filled(id("order-1"), 75, 50_00));
      const events = account.do({ type: "HALT", atMs: later(1), reason: "enough", prices });
      const trade = account.state.openTrades[NIFTY_CALL.instrumentId];
      if (prices.length > 0) expect(exits(events)).toMatchObject([{ exitReason: "KILL_SWITCH", quantityUnits: 75 }]);
      else expect(trade?.triggers).toMatchObject([{ kind: "STOP", fires: "AT_OR_ABOVE", levelPaise: 5 }]);
    }
  });
});

describe("opening a day", () => {
  it("begins with the volatility band's figures and nothing of yesterday, but lets the kill switch stand", () => {
    const account = settled();
    account.do({ type: "HALT", atMs: at("15:21"), reason: "enough", prices: [] });
    const next = { date: marketDate("2025-09-01"), jobKey: "OPEN/2", vixCenti: 2_100 };
    expect(decide(account.state, openDay(next))).toMatchObject({ ok: false, error: { code: "DAY_ALREADY_OPEN" } });
    const { realisedPaise = paise(0), provisional } = account.state.day ?? {};
    const statement = {
      date: DATE,
      fills: 2,
      realisedPaise,
      charges: provisional?.charges as NonNullable<typeof provisional>["charges"],
    };
    account.do({ type: "SETTLE_FINAL", atMs: at("15:35"), jobKey: "FINAL", statement });
    account.do({ type: "CLOSE_DAY", atMs: at("15:36"), jobKey: "CLOSE" });
    account.do(openDay(next));
    expect(account.state).toMatchObject({
      orders: {},
      openTrades: {},
      executionsSeen: {},
      jobsDone: { "OPEN/2": true },
      tradingState: "HALTED",
    });
    expect(account.state.day).toMatchObject({
      status: "OPEN",
      trades: 0,
      capacityBps: 5_000,
      vixTradesMax: 90,
      realisedPaise: 0,
    });
    expectSoundHistory(account.events, account.state);
  });

  it("takes the conservative band without a VIX", () => {
    expect(anAccount({ vixCenti: null }).state.day).toMatchObject({ capacityBps: 5_000, vixTradesMax: 90 });
  });

  it("happens once for a date, and not beside a day on which something was dealt", () => {
    const account = anAccount();
    expect(decide(account.state, openDay({ jobKey: "OPEN_DAY" }))).toEqual({ ok: true, value: [] });
    account.do(submit());
    account.report(NOON, filled(id("order-1"), 75, 50_00));
    const next = openDay({ date: marketDate("2025-09-01"), jobKey: "OPEN/2" });
    expect(decide(account.state, next)).toMatchObject({ ok: false, error: { code: "DAY_ALREADY_OPEN" } });
  });

  it("makes the next capital from what was settled", () => {
    const account = settled();
    const { realisedPaise = paise(0), provisional } = account.state.day ?? {};
    const statement = {
      date: DATE,
      fills: 2,
      realisedPaise,
      charges: provisional?.charges as NonNullable<typeof provisional>["charges"],
    };
    account.do({ type: "SETTLE_FINAL", atMs: at("15:35"), jobKey: "FINAL", statement });
    const [closed] = account.do({ type: "CLOSE_DAY", atMs: at("15:36"), jobKey: "CLOSE" });
    expect(closed).toMatchObject({
      type: "DAY_CLOSED",
      nextCapitalPaise: 1_00_000_00,
      accumulatedProfitPaise: provisional?.netPaise,
    });
  });
});
