// One account through a day: funded, entered, left, settled, paid out, closed, with its money reconciled after every event.
import { describe, expect, it } from "vitest";
import type { BrokerStatement } from "../../../src/core/account/command.ts";
import { chargesOf } from "../../../src/core/account/decide-day.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { ClientOrderId } from "../../../src/core/order/order.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  at,
  aWindow,
  DATE,
  filled,
  transferUpdate,
} from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const statementOf = (account: AccountUnderTest): BrokerStatement => ({
  date: DATE,
  fills: 2,
  realisedPaise: account.state.day?.realisedPaise ?? paise(0),
  charges: chargesOf({ date: DATE }, Object.values(account.state.orders)),
});

/** Enters by a signal at 50.05, leaves by its target, settles and closes. */
function tradedDay(exitPaise: number): AccountUnderTest {
  const account = anAccount();
  account.do(aWindow());
  const entry = "U001-2025-08-29-C12-W1-NIFTY50-E1" as ClientOrderId;
  const units = account.state.orders[entry]?.quantityUnits ?? 0;
  expect(units).toBeGreaterThan(0);
  account.report(at("12:01"), accepted(entry), filled(entry, units, 50_05));
  const trade = Object.values(account.state.openTrades)[0];
  const target = trade?.triggers.find(({ kind }) => kind === (exitPaise > 50_05 ? "TARGET" : "STOP"));
  account.do({
    type: "FIRE_TRIGGERS",
    atMs: at("12:05"),
    fired: [{ triggerId: target?.triggerId ?? "", price: aPrice({ bidPaise: paise(exitPaise) }) }],
  });
  const exit = Object.values(account.state.orders).find(({ purpose }) => purpose === "EXIT");
  account.report(
    at("12:06"),
    accepted(exit?.clientOrderId as ClientOrderId),
    filled(exit?.clientOrderId as ClientOrderId, units, exitPaise),
  );
  account.do({ type: "ENTER_EXIT_ONLY", atMs: at("15:15"), jobKey: "EXIT_ONLY" });
  account.do({ type: "SQUARE_OFF", atMs: at("15:18"), jobKey: "SQUARE_OFF/1", prices: [] });
  account.do({ type: "SETTLE_PROVISIONAL", atMs: at("15:20"), jobKey: "SETTLE_PROVISIONAL" });
  account.do({ type: "REQUEST_PUSH", atMs: at("15:25"), jobKey: "PUSH" });
  for (const transfer of Object.values(account.state.transfers)) {
    if (transfer.kind === "PUSH") account.do(transferUpdate(transfer.transferId, "COMPLETED", at("15:26")));
  }
  account.do({ type: "SETTLE_FINAL", atMs: at("15:35"), jobKey: "SETTLE_FINAL", statement: statementOf(account) });
  account.do({ type: "CLOSE_DAY", atMs: at("15:36"), jobKey: "CLOSE_DAY" });
  return account;
}

describe("a day of an account", () => {
  it("pays out exactly the settlement's pay-out and keeps the rest, on a winning day", () => {
    const account = tradedDay(60_00);
    const worksheet = account.state.day?.final;
    expect(account.state.day?.status).toBe("CLOSED");
    expect(worksheet?.payoutPaise).toBeGreaterThan(0);
    expect(account.state.taxLockPaise).toBe(worksheet?.taxLockPaise);
    expect(account.state.savingsPaise).toBe(4_00_000_00 + (worksheet?.netToSavingsPaise ?? 0));
    expect(account.state.cashPaise).toBe(1_00_000_00 + (worksheet?.roundingBufferPaise ?? 0));
    expectSoundHistory(account.events, account.state);
  });

  it("pays out nothing on a losing day, and the loss stays in the trading account", () => {
    const account = tradedDay(45_00);
    const worksheet = account.state.day?.final;
    expect(worksheet?.payoutPaise).toBe(0);
    expect(worksheet?.feePaise).toBe(0);
    expect(account.state.cashPaise).toBe(1_00_000_00 + (worksheet?.grossProfitPaise ?? 0));
    expectSoundHistory(account.events, account.state);
  });
});
