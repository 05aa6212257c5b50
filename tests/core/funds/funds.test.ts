import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  capitalAfterDay,
  nextCapitalPaise,
  nextLevelPaise,
  suggestedIncrementPaise,
} from "../../../src/core/funds/capital-ladder.ts";
import { planTransfers, pullAmountPaise, transferParts } from "../../../src/core/funds/plan.ts";
import type { Transfer, TransferStatus } from "../../../src/core/funds/transfer.ts";
import { applyTransferStatus, isTransferSettled } from "../../../src/core/funds/transfer-status.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise, sumPaise } from "../../../src/core/kernel/money.ts";
import { epochMs, marketDate } from "../../../src/core/kernel/time.ts";
import { rupees } from "../settlement/settlement-samples.ts";

const LADDER = ["10000", "50000", "100000"].map(rupees);
const ADMIN_LADDER = ["10000", "50000", "100000", "500000", "1500000"].map(rupees);
const NGD_LADDER = [rupees("5000")];

const plan = (amount: number, taxLock: number): Transfer[] =>
  planTransfers({
    accountId: "U001",
    date: marketDate("2025-08-29"),
    kind: "PUSH",
    amountPaise: paise(amount),
    taxLockPaise: paise(taxLock),
    rail: "SIMULATED",
    atMs: epochMs(1),
  });

describe("the amount of a PULL", () => {
  it.each([
    ["10000", "0", "100000", "10000"],
    ["10000", "9999.99", "100000", "0.01"],
    ["10000", "10000", "100000", "0"],
    ["10000", "12000", "100000", "0"],
    ["10000", "0", "4000", "4000"],
    ["10000", "-500", "100000", "10500"],
  ])("capital %s with cash %s and savings %s pulls %s", (capital, cash, savings, pulled) => {
    const input = {
      capitalPaise: rupees(capital),
      cashPaise: rupees(cash),
      availableSavingsPaise: rupees(savings),
    };
    expect(pullAmountPaise(input)).toBe(rupees(pulled));
  });
});

describe("transfers", () => {
  it("go in parts of at most one lakh that sum to the amount", () => {
    expect(transferParts(rupees("250000.01"))).toEqual(["100000", "100000", "50000.01"].map(rupees));
    expect(transferParts(rupees("100000"))).toEqual([rupees("100000")]);
    expect(transferParts(paise(0))).toEqual([]);
  });

  it("carry the amount and its tax lock exactly, whatever the amounts", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5e8 }), fc.double({ min: 0, max: 1, noNaN: true }), (amount, share) => {
        const lock = Math.floor(amount * share);
        const parts = plan(amount, lock);
        expect(sumPaise(parts, ({ amountPaise }) => amountPaise)).toBe(amount);
        expect(sumPaise(parts, ({ taxLockPaise }) => taxLockPaise)).toBe(lock);
        expect(new Set(parts.map(({ transferId }) => transferId)).size).toBe(parts.length);
        for (const part of parts) {
          expect(part.amountPaise).toBeGreaterThan(0);
          expect(part.amountPaise).toBeLessThanOrEqual(rupees("100000"));
          expect(part.taxLockPaise).toBeLessThanOrEqual(part.amountPaise);
        }
      }),
    );
  });

  it("are numbered, so that the id is the same on every run", () => {
    expect(plan(1_50_000_00, 0).map(({ transferId }) => transferId)).toEqual([
      "U001/2025-08-29/PUSH/1",
      "U001/2025-08-29/PUSH/2",
    ]);
  });

  const STATUSES: readonly TransferStatus[] = ["PENDING", "PROCESSING", "COMPLETED", "FAILED", "REVERSED"];
  const ALLOWED = new Set([
    "PENDING>PROCESSING",
    "PENDING>COMPLETED",
    "PENDING>FAILED",
    "PROCESSING>COMPLETED",
    "PROCESSING>FAILED",
    "PROCESSING>REVERSED",
    "COMPLETED>REVERSED",
    // A rail that takes its failure back: the money has moved.
    "FAILED>COMPLETED",
  ]);
  it.each(STATUSES.flatMap((from) => STATUSES.map((to) => [from, to] as const)))(
    "%s to %s follows the table",
    (from, to) => {
      const transfer = { ...required(plan(100, 0)[0], "a part"), status: from };
      const moved = applyTransferStatus(transfer, { status: to, railReference: "r1", failure: null, atMs: epochMs(7) });
      if (from === to) expect(moved).toEqual({ ok: true, value: transfer });
      else if (ALLOWED.has(`${from}>${to}`)) {
        expect(moved).toMatchObject({ ok: true, value: { status: to, railReference: "r1" } });
      } else expect(moved).toEqual({ ok: false, error: { code: "TRANSFER_STATUS_NOT_ALLOWED", from, to } });
    },
  );

  it("note when they completed, and keep it when they are reversed", () => {
    const pending = required(plan(100, 0)[0], "a part");
    const done = applyTransferStatus(pending, {
      status: "COMPLETED",
      railReference: "r",
      failure: null,
      atMs: epochMs(7),
    });
    if (!done.ok) throw new Error("refused");
    const back = applyTransferStatus(done.value, {
      status: "REVERSED",
      railReference: null,
      failure: "bank",
      atMs: epochMs(9),
    });
    expect(back).toMatchObject({ ok: true, value: { completedAtMs: 7, railReference: "r", failure: "bank" } });
    expect(STATUSES.filter(isTransferSettled)).toEqual(["COMPLETED", "FAILED", "REVERSED"]);
  });
});

describe("the capital ladder", () => {
  it.each([
    ["restricted", LADDER, "10000", "50000"],
    ["restricted at the top", LADDER, "100000", "100000"],
    ["admin", ADMIN_LADDER, "500000", "1500000"],
    ["not on a level", LADDER, "12345", "12345"],
    ["NGD", NGD_LADDER, "5000", "5000"],
  ])("G-62: %s", (_name, ladderPaise, capital, next) => {
    const accumulatedProfitPaise = rupees("1000000");
    expect(nextCapitalPaise({ ladderPaise, capitalPaise: rupees(capital), accumulatedProfitPaise })).toBe(rupees(next));
    expect(nextLevelPaise(ladderPaise, rupees(capital))).toBe(rupees(next));
  });

  it.each([
    ["4999.99", "10000", "4999.99"],
    ["5000", "50000", "0"],
    ["-3000", "10000", "-3000"],
  ])("INC-03: %s accumulated on 10,000 leads to %s and leaves %s", (net, next, left) => {
    const day = capitalAfterDay({
      ladderPaise: LADDER,
      capitalPaise: rupees("10000"),
      accumulatedProfitPaise: paise(0),
      netPaise: rupees(net),
    });
    expect(day).toEqual({ nextCapitalPaise: rupees(next), accumulatedProfitPaise: rupees(left) });
  });

  it("INC-07: a ladder of one level is always returned to", () => {
    const input = { ladderPaise: NGD_LADDER, capitalPaise: rupees("7000"), accumulatedProfitPaise: paise(0) };
    expect(nextCapitalPaise(input)).toBe(rupees("5000"));
  });

  it.each([
    ["G-12", "10000", 6_000, "1000"],
    ["G-13", "100000", 6_000, "1800"],
    ["G-14", "1500000", 6_600, "29700"],
  ])("%s: the suggested increment of %s", (_id, capital, winRateBps, increment) => {
    expect(suggestedIncrementPaise(rupees(capital), winRateBps, 30_000)).toBe(rupees(increment));
  });
});
