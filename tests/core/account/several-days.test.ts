// What one day leaves behind must not disturb the next: transfers on their way, messages that come late.
import { describe, expect, it } from "vitest";
import { decide } from "../../../src/core/account/decide.ts";
import { combineCharges } from "../../../src/core/charges/contract-note.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { istInstant, type MarketDate, marketDate } from "../../../src/core/kernel/time.ts";
import { AccountUnderTest, aProfile, transferUpdate } from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const MONDAY = marketDate("2025-09-01");
const TUESDAY = marketDate("2025-09-02");
const key = (name: string, date: MarketDate, phase = "-"): string => `${name}/${date}/-/${phase}`;

function openDay(account: AccountUnderTest, date: MarketDate): void {
  const hours = { openMs: istInstant(date, "09:15"), closeMs: istInstant(date, "15:30") };
  const opened = { type: "OPEN_DAY", atMs: istInstant(date, "09:00"), jobKey: key("OPEN_DAY", date), date } as const;
  account.do({ ...opened, ...hours, vixCenti: 1_215 });
  account.do({ type: "REQUEST_PULL", atMs: hours.openMs, jobKey: key("PULL", date) });
}

function closeIdleDay(account: AccountUnderTest, date: MarketDate): void {
  const atMs = istInstant(date, "15:40");
  const statement = { date, fills: 0, realisedPaise: paise(0), charges: combineCharges([]) };
  account.do({ type: "ENTER_EXIT_ONLY", atMs, jobKey: key("EXIT_ONLY", date) });
  account.do({ type: "SETTLE_PROVISIONAL", atMs, jobKey: key("SETTLE_PROVISIONAL", date) });
  account.do({ type: "REQUEST_PUSH", atMs, jobKey: key("PUSH", date) });
  account.do({ type: "SETTLE_FINAL", atMs, jobKey: key("SETTLE_FINAL", date), statement });
  account.do({ type: "CLOSE_DAY", atMs, jobKey: key("CLOSE_DAY", date) });
}

function opened(savingsRupees: number): AccountUnderTest {
  const account = new AccountUnderTest();
  const profile = aProfile({ savingsPaise: paise(savingsRupees * 100) });
  account.do({ type: "OPEN_ACCOUNT", atMs: istInstant(MONDAY, "08:00"), profile });
  return account;
}

describe("an account from one day to the next", () => {
  it("does not fund a day twice when the PULL of the day before is still on its way", () => {
    const account = opened(1_50_000);
    openDay(account, MONDAY);
    closeIdleDay(account, MONDAY);
    openDay(account, TUESDAY);
    for (const { transferId } of Object.values(account.state.transfers)) {
      account.do(transferUpdate(transferId, "COMPLETED", istInstant(TUESDAY, "09:16")));
    }
    expect(account.state.cashPaise).toBe(1_00_000_00);
    expect(account.state.savingsPaise).toBe(50_000_00);
    expectSoundHistory(account.events, account.state);
  });

  it("does nothing about any job of a day that is over, however late its message comes", () => {
    const account = opened(5_00_000);
    openDay(account, MONDAY);
    closeIdleDay(account, MONDAY);
    openDay(account, TUESDAY);
    const atMs = istInstant(TUESDAY, "10:00");
    const hours = { openMs: istInstant(MONDAY, "09:15"), closeMs: istInstant(MONDAY, "15:30") };
    const window = { cycleId: `${MONDAY}-C05`, window: 1, vixCenti: 4_000, signals: [], prices: [] } as const;
    const late = [
      { type: "OPEN_DAY", atMs, jobKey: key("OPEN_DAY", MONDAY), date: MONDAY, ...hours, vixCenti: null },
      { type: "REQUEST_PULL", atMs, jobKey: key("PULL", MONDAY) },
      { type: "RUN_WINDOW", atMs, jobKey: `RUN_WINDOW/${MONDAY}/5/1`, ...window },
      { type: "ENTER_EXIT_ONLY", atMs, jobKey: key("EXIT_ONLY", MONDAY) },
      { type: "SQUARE_OFF", atMs, jobKey: key("SQUARE_OFF", MONDAY, "1"), prices: [] },
      { type: "SETTLE_PROVISIONAL", atMs, jobKey: key("SETTLE_PROVISIONAL", MONDAY) },
      { type: "REQUEST_PUSH", atMs, jobKey: key("PUSH", MONDAY) },
      { type: "CLOSE_DAY", atMs, jobKey: key("CLOSE_DAY", MONDAY) },
    ] as const;
    for (const command of late) {
      expect(decide(account.state, command), command.type).toEqual({ ok: true, value: [] });
    }
    // Nor does a day that is over open again once the later one is over as well.
    closeIdleDay(account, TUESDAY);
    expect(decide(account.state, late[0])).toEqual({ ok: true, value: [] });
  });
});
