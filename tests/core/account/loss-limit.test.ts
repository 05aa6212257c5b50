// The day's loss limit is nobody's to lift (RSK-07), and a new one holds for what is open already.
import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  at,
  DATE,
  filled,
  id,
  LIMITS,
  later,
  NIFTY_CALL,
  NOON,
  submit,
} from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

/** Long ten lots at ₹50.00. */
function longAccount(dailyLossRupees: number): AccountUnderTest {
  const account = anAccount({ limits: { dailyLossMaxPaise: paise(dailyLossRupees * 100) } });
  account.do(submit({ quantityUnits: 750 }));
  account.report(NOON, accepted(id("order-1")), filled(id("order-1"), 750, 50_00));
  return account;
}

/** The bid falls by ₹2, which is a loss of ₹1,500 as long as nothing is sold; then all is sold for ₹0.50 less than paid. */
function fallAndRecover(account: AccountUnderTest): void {
  const triggerId = account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers[0]?.triggerId ?? "";
  const price = aPrice({ bidPaise: paise(48_00), lastPaise: paise(48_00) });
  account.do({ type: "FIRE_TRIGGERS", atMs: later(1_000), fired: [{ triggerId, price }] });
  for (const { clientOrderId, purpose, quantityUnits } of Object.values(account.state.orders)) {
    if (purpose === "EXIT") account.report(later(2_000), filled(clientOrderId, quantityUnits, 49_50));
  }
}

describe("the day's loss limit", () => {
  it("stays reached when the kill switch is thrown and lifted, whatever came back meanwhile", () => {
    const account = longAccount(1_000);
    fallAndRecover(account);
    expect(account.state.tradingState).toBe("REDUCING");
    expect(account.state.day?.realisedPaise).toBe(-375_00);
    account.do({ type: "HALT", atMs: later(3_000), reason: "a person", prices: [] });
    account.do({ type: "RESUME", atMs: later(4_000) });
    expect(account.state.tradingState).toBe("REDUCING");
    const [denied] = account.do(submit({ clientOrderId: id("order-2") }, later(5_000)));
    expect(denied).toMatchObject({ type: "ORDER_DENIED", denial: { code: "DAILY_LOSS_LIMIT" } });
    expectSoundHistory(account.events, account.state);
  });

  it("stays reached when it is raised afterwards", () => {
    const account = longAccount(1_000);
    fallAndRecover(account);
    account.do({
      type: "CHANGE_LIMITS",
      atMs: later(3_000),
      limits: { ...LIMITS, dailyLossMaxPaise: paise(9_000_00) },
    });
    account.do({ type: "HALT", atMs: later(3_000), reason: "a person", prices: [] });
    account.do({ type: "RESUME", atMs: later(4_000) });
    expect(account.state.tradingState).toBe("REDUCING");
  });

  it("is a day's: a switch lifted on the next day leaves the account free to trade", () => {
    const account = longAccount(1_000);
    fallAndRecover(account);
    account.do({ type: "HALT", atMs: later(3_000), reason: "a person", prices: [] });
    account.do({ type: "ENTER_EXIT_ONLY", atMs: at("15:15"), jobKey: "EXIT_ONLY" });
    account.do({ type: "SETTLE_PROVISIONAL", atMs: at("15:20"), jobKey: "SETTLE_PROVISIONAL" });
    const { realisedPaise, provisional } = account.state.day ?? {};
    const charges = provisional?.charges;
    if (charges === undefined || realisedPaise === undefined) throw new Error("the day is not settled");
    const statement = { date: DATE, fills: 2, realisedPaise, charges };
    account.do({ type: "SETTLE_FINAL", atMs: at("15:35"), jobKey: "SETTLE_FINAL", statement });
    account.do({ type: "CLOSE_DAY", atMs: at("15:36"), jobKey: "CLOSE_DAY" });
    const date = marketDate("2025-09-01");
    account.do({
      type: "OPEN_DAY",
      atMs: istInstant(date, "09:00"),
      jobKey: `OPEN_DAY/${date}`,
      date,
      openMs: istInstant(date, "09:15"),
      closeMs: istInstant(date, "15:30"),
      vixCenti: 1_215,
    });
    expect(account.state.tradingState).toBe("HALTED");
    account.do({ type: "RESUME", atMs: istInstant(date, "09:10") });
    expect(account.state.tradingState).toBe("ACTIVE");
  });

  it("is guarded anew when it is lowered while a trade is open", () => {
    const account = longAccount(4_000);
    const before = account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers ?? [];
    expect(before.map(({ kind }) => kind)).not.toContain("LOSS_GUARD");
    account.do({ type: "CHANGE_LIMITS", atMs: later(1_000), limits: { ...LIMITS, dailyLossMaxPaise: paise(500_00) } });
    const after = account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers ?? [];
    const guard = after.find(({ kind }) => kind === "LOSS_GUARD");
    // Accrued charges are part of the loss, so the level is a little above the ₹0.67 a unit that ₹500 would allow.
    expect(guard?.levelPaise).toBeGreaterThan(49_33);
    expect(guard?.levelPaise).toBeLessThan(50_00);
  });

  it("closes everything at once when what is lost by now is beyond the new one", () => {
    const account = longAccount(4_000);
    const price = aPrice({ bidPaise: paise(49_00), lastPaise: paise(49_00) });
    const limits = { ...LIMITS, dailyLossMaxPaise: paise(500_00) };
    account.do({ type: "CHANGE_LIMITS", atMs: later(1_000), limits, prices: [price] });
    expect(account.state.tradingState).toBe("REDUCING");
    const exits = Object.values(account.state.orders).filter(({ purpose }) => purpose === "EXIT");
    expect(exits).toMatchObject([{ exitReason: "DAILY_LOSS", quantityUnits: 750 }]);
  });
});
