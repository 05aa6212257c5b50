import { describe, expect, it } from "vitest";
import { epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { bookingDate } from "../../../src/core/ledger/booking-date.ts";
import {
  isPlatformAccount,
  PLATFORM_CLEARING,
  platformFeeAccount,
} from "../../../src/core/ledger/chart-of-accounts.ts";
import type { LedgerEntry } from "../../../src/core/ledger/entry.ts";
import { trialBalance } from "../../../src/core/ledger/trial-balance.ts";
import { rupees } from "../settlement/settlement-samples.ts";
import { AT, DATE, DAY, stateWith } from "./account-samples.ts";

const entryOf = (lines: Readonly<Record<string, number>>): LedgerEntry => ({
  accountId: "U001",
  sequence: 1,
  part: 0,
  kind: "FILL",
  date: DATE,
  atMs: AT,
  reference: "r",
  lines: Object.entries(lines).map(([account, amountPaise]) => ({ account, amountPaise: rupees(`${amountPaise}`) })),
});

describe("the trial balance", () => {
  it("adds up every account over all entries, in the order of their names", () => {
    const { balances, sumPaise, everyEntryBalanced } = trialBalance([
      entryOf({ savings: 100, "opening-capital": -100 }),
      entryOf({ "trading-cash": 40, savings: -40 }),
    ]);
    expect(Object.entries(balances)).toEqual([
      ["opening-capital", rupees("-100")],
      ["savings", rupees("60")],
      ["trading-cash", rupees("40")],
    ]);
    expect(sumPaise).toBe(0);
    expect(everyEntryBalanced).toBe(true);
  });

  it("tells books that do not balance, and by how much", () => {
    const { sumPaise, everyEntryBalanced } = trialBalance([entryOf({ a: 100, b: -100 }), entryOf({ a: 7, b: -5 })]);
    expect(sumPaise).toBe(rupees("2"));
    expect(everyEntryBalanced).toBe(false);
  });

  it("is not deceived by two entries that are wrong in opposite ways", () => {
    const { sumPaise, everyEntryBalanced } = trialBalance([entryOf({ a: 5 }), entryOf({ a: -5 }), entryOf({})]);
    expect(sumPaise).toBe(0);
    expect(everyEntryBalanced).toBe(false);
  });
});

describe("the chart of accounts", () => {
  it("tells the platform's accounts from the user's by the beginning of their names", () => {
    expect(isPlatformAccount(PLATFORM_CLEARING)).toBe(true);
    expect(isPlatformAccount(platformFeeAccount("investors"))).toBe(true);
    expect(isPlatformAccount("trading-cash")).toBe(false);
    expect(isPlatformAccount("not-platform:")).toBe(false);
  });
});

describe("the day something is booked on", () => {
  const midnightAfter = epochMs(istInstant(marketDate("2025-08-30"), "00:10"));

  it("is the trading day under way, even after midnight", () => {
    expect(bookingDate(stateWith({}), AT)).toBe(DATE);
    expect(bookingDate(stateWith({ day: { ...DAY, status: "FINAL" } }), midnightAfter)).toBe(DATE);
  });

  it("is the calendar's once that day is closed, and where there is none", () => {
    expect(bookingDate(stateWith({ day: { ...DAY, status: "CLOSED" } }), midnightAfter)).toBe("2025-08-30");
    expect(bookingDate(stateWith({ day: null }), midnightAfter)).toBe("2025-08-30");
  });
});
