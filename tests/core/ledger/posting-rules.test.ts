import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import type { AccountState } from "../../../src/core/account/state.ts";
import { planTransfers } from "../../../src/core/funds/plan.ts";
import type { Transfer } from "../../../src/core/funds/transfer.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import { isPlatformAccount } from "../../../src/core/ledger/chart-of-accounts.ts";
import type { LedgerEntry } from "../../../src/core/ledger/entry.ts";
import { ledgerLeaf, postingsOf } from "../../../src/core/ledger/posting-rules.ts";
import { trialBalance } from "../../../src/core/ledger/trial-balance.ts";
import { applyFill, openedNowhere, type Position } from "../../../src/core/position/position.ts";
import { chargeHeads, rupees, settleDay } from "../settlement/settlement-samples.ts";
import { AT, CONTRACT, DATE, DAY, filledEvent, orderOf, PROFILE, stateWith, termsOf } from "./account-samples.ts";

const balancesAfter = (before: AccountState, event: AccountEvent): Readonly<Record<string, Paise>> =>
  trialBalance(postingsOf(before, event, 11)).balances;

const transferOf = (kind: Transfer["kind"], amount: string, lock: string): Transfer =>
  required(
    planTransfers({
      accountId: "U001",
      date: DATE,
      kind,
      amountPaise: rupees(amount),
      taxLockPaise: rupees(lock),
      rail: "SIMULATED",
      atMs: AT,
    })[0],
    "a part",
  );

const updateOf = (transfer: Transfer, status: "PROCESSING" | "COMPLETED" | "FAILED" | "REVERSED"): AccountEvent => ({
  type: "TRANSFER_UPDATED",
  atMs: AT,
  transferId: transfer.transferId,
  status,
  railReference: null,
  failure: null,
});

const holding = (transfer: Transfer): AccountState => stateWith({ transfers: { [transfer.transferId]: transfer } });

const CHARGES = chargeHeads([40_00, 12_00, 3_55, 1, 1, 30, 7_85]);

describe("postings", () => {
  it("open the books with the savings", () => {
    const before = stateWith({ profile: null, day: null });
    const [entry] = postingsOf(before, { type: "ACCOUNT_OPENED", atMs: AT, profile: PROFILE }, 1);
    expect(entry).toEqual({
      accountId: "U001",
      sequence: 1,
      part: 0,
      kind: "OPENING",
      date: DATE,
      atMs: AT,
      reference: "opening",
      lines: [
        { account: "savings", amountPaise: rupees("100000") },
        { account: "opening-capital", amountPaise: rupees("-100000") },
      ],
    });
  });

  it("move a completed PULL from savings to trading cash, and nothing before it is completed", () => {
    const pull = transferOf("PULL", "10000", "0");
    expect(balancesAfter(holding(pull), updateOf(pull, "COMPLETED"))).toEqual({
      "trading-cash": rupees("10000"),
      savings: rupees("-10000"),
    });
    expect(postingsOf(holding(pull), updateOf(pull, "PROCESSING"), 11)).toEqual([]);
    expect(postingsOf(holding(pull), updateOf(pull, "FAILED"), 11)).toEqual([]);
    expect(postingsOf(holding({ ...pull, status: "COMPLETED" }), updateOf(pull, "COMPLETED"), 11)).toEqual([]);
  });

  it("name what they belong to: the transfer, the execution, the day's settlement and its stage", () => {
    const pull = transferOf("PULL", "10000", "0");
    const push = transferOf("PUSH", "2950", "1950");
    const named = (before: AccountState, event: AccountEvent): string[] =>
      postingsOf(before, event, 11).map(({ kind, reference }) => `${kind} ${reference}`);
    expect(named(holding(pull), updateOf(pull, "COMPLETED"))).toEqual(["PAY_IN U001/2025-08-29/PULL/1"]);
    expect(named(holding(push), updateOf(push, "COMPLETED"))).toEqual(["PAY_OUT U001/2025-08-29/PUSH/1"]);
    const buy = orderOf(termsOf("O1", "BUY", 75), 100_00);
    const before = stateWith({ orders: { [buy.clientOrderId]: buy } });
    expect(named(before, filledEvent(buy, 75, 100_00))).toEqual(["FILL O1/1"]);
    const provisional = settleDay({ charges: CHARGES });
    const settled: AccountEvent = { type: "DAY_SETTLED", atMs: AT, jobKey: "j", worksheet: provisional };
    expect(named(stateWith({}), settled)).toEqual([
      "CHARGES 2025-08-29/PROVISIONAL",
      "FEE 2025-08-29/PROVISIONAL",
      "TAX_LOCK 2025-08-29/PROVISIONAL",
    ]);
    const worksheet = settleDay({ stage: "FINAL", charges: chargeHeads([40_00, 13_00]) });
    const finalised: AccountEvent = {
      type: "SETTLEMENT_FINALISED",
      atMs: AT,
      jobKey: "k",
      worksheet,
      chargesDifferencePaise: paise(worksheet.charges.totalPaise - provisional.charges.totalPaise),
    };
    expect(named(stateWith({ day: { ...DAY, provisional } }), finalised)).toEqual(["ADJUSTMENT 2025-08-29/FINAL"]);
  });

  it("refuse an entry that does not sum to zero, as a whole or in the platform's part of it", () => {
    const worksheet = settleDay({ charges: CHARGES });
    const settled =
      (change: Partial<typeof worksheet>): (() => unknown) =>
      () =>
        postingsOf(
          stateWith({}),
          { type: "DAY_SETTLED", atMs: AT, jobKey: "j", worksheet: { ...worksheet, ...change } },
          11,
        );
    expect(settled({})).not.toThrow();
    // A head that is not in the total leaves the whole entry open.
    expect(settled({ charges: { ...CHARGES, sttPaise: paise(CHARGES.sttPaise + 1) } })).toThrow(/does not sum to zero/);
    // A fee that nobody receives.
    expect(settled({ feeShares: [] })).toThrow(/does not sum to zero/);
  });

  it("keep a PUSH's tax lock apart from what goes to savings", () => {
    const push = transferOf("PUSH", "2950", "1950");
    expect(balancesAfter(holding(push), updateOf(push, "COMPLETED"))).toEqual({
      "trading-cash": rupees("-2950"),
      savings: rupees("1000"),
      "tax-lock": rupees("1950"),
    });
  });

  it("book a reversed transfer back exactly once it had been booked", () => {
    const push: Transfer = { ...transferOf("PUSH", "2950", "1950"), status: "COMPLETED" };
    expect(balancesAfter(holding(push), updateOf(push, "REVERSED"))).toEqual({
      "trading-cash": rupees("2950"),
      savings: rupees("-1000"),
      "tax-lock": rupees("-1950"),
    });
    const early: Transfer = { ...push, status: "PROCESSING" };
    expect(postingsOf(holding(early), updateOf(early, "REVERSED"), 11)).toEqual([]);
  });

  it("book a buy as cash turned into a position, and a sale as its return with the result", () => {
    const buy = orderOf(termsOf("O1", "BUY", 75), 100_00);
    const sell = orderOf(termsOf("O2", "SELL", 75), 110_00);
    const before = stateWith({ orders: { [buy.clientOrderId]: buy, [sell.clientOrderId]: sell } });
    expect(balancesAfter(before, filledEvent(buy, 75, 100_00))).toEqual({
      "trading-cash": rupees("-7500"),
      positions: rupees("7500"),
    });
    const sold = filledEvent(sell, 75, 110_00, { realisedPaise: 750_00, closedCostPaise: 7_500_00 });
    expect(balancesAfter(before, sold)).toEqual({
      "trading-cash": rupees("8250"),
      positions: rupees("-7500"),
      realised: rupees("-750"),
    });
  });

  it("book the settlement's charges by head, the fee by party, GST as a debt, and reserve the tax lock", () => {
    const worksheet = settleDay({ charges: CHARGES });
    const entries = postingsOf(stateWith({}), { type: "DAY_SETTLED", atMs: AT, jobKey: "j", worksheet }, 11);
    expect(entries.map(({ kind, part }) => `${part} ${kind}`)).toEqual(["0 CHARGES", "1 FEE", "2 TAX_LOCK"]);
    expect(trialBalance(entries).balances).toEqual({
      "charges:brokerage": rupees("40"),
      "charges:stt": rupees("12"),
      "charges:exchange": rupees("3.55"),
      "charges:ipft": rupees("0.01"),
      "charges:sebi": rupees("0.01"),
      "charges:stamp": rupees("0.30"),
      "charges:gst": rupees("7.85"),
      "platform-fee": rupees("1480.88"),
      "gst-on-fee": rupees("266.56"),
      "trading-cash": rupees("-1811.16"),
      "tax-provision": rupees("1925.15"),
      "tax-reserve": rupees("-1925.15"),
      "platform:clearing": rupees("1811.16"),
      "platform:charges-payable": rupees("-63.72"),
      "platform:fee:aurumharmony": rupees("-1036.61"),
      "platform:fee:indic-lancers": rupees("-296.17"),
      "platform:fee:investors": rupees("-111.06"),
      "platform:fee:intermediaries": rupees("-37.04"),
      "platform:gst-payable": rupees("-266.56"),
    });
  });

  it("book only charges on a losing day, and nothing on a day without trades", () => {
    const losing = settleDay({ realisedPaise: rupees("-100"), charges: CHARGES });
    const entries = postingsOf(stateWith({}), { type: "DAY_SETTLED", atMs: AT, jobKey: "j", worksheet: losing }, 11);
    expect(entries.map(({ kind }) => kind)).toEqual(["CHARGES"]);
    const idle = settleDay({ realisedPaise: paise(0) });
    expect(postingsOf(stateWith({}), { type: "DAY_SETTLED", atMs: AT, jobKey: "j", worksheet: idle }, 11)).toEqual([]);
  });

  it("leave the books of the final worksheet after the adjustment, and nothing to adjust when it agrees", () => {
    const provisional = settleDay({ charges: CHARGES });
    const worksheet = settleDay({ stage: "FINAL", charges: chargeHeads([40_00, 13_00, 3_55, 1, 1, 30, 7_85]) });
    const settled: AccountEvent = { type: "DAY_SETTLED", atMs: AT, jobKey: "j", worksheet: provisional };
    const before = stateWith({ day: { ...DAY, provisional } });
    const finalised = (final: typeof worksheet): AccountEvent => ({
      type: "SETTLEMENT_FINALISED",
      atMs: AT,
      jobKey: "k",
      worksheet: final,
      chargesDifferencePaise: paise(final.charges.totalPaise - provisional.charges.totalPaise),
    });
    expect(postingsOf(before, finalised({ ...provisional, stage: "FINAL" }), 12)).toEqual([]);
    const both = [...postingsOf(stateWith({}), settled, 11), ...postingsOf(before, finalised(worksheet), 12)];
    const direct = postingsOf(stateWith({}), { type: "DAY_SETTLED", atMs: AT, jobKey: "j", worksheet }, 11);
    expect(both.at(-1)?.kind).toBe("ADJUSTMENT");
    expect(trialBalance(both).balances).toEqual(trialBalance(direct).balances);
  });

  it("have one leaf per entry, in canonical form", () => {
    const push = transferOf("PUSH", "1", "0");
    const [entry] = postingsOf(holding(push), updateOf(push, "COMPLETED"), 11);
    expect(ledgerLeaf(required(entry, "an entry"))).toBe(
      `{"accountId":"U001","atMs":${AT},"date":"2025-08-29","kind":"PAY_OUT","lines":[{"account":"trading-cash","amountPaise":-100},{"account":"savings","amountPaise":100}],"part":0,"reference":"U001/2025-08-29/PUSH/1","sequence":11}`,
    );
  });
});

describe("double entry", () => {
  const sumOf = (entry: LedgerEntry, platform: boolean): number =>
    entry.lines
      .filter(({ account }) => isPlatformAccount(account) === platform)
      .reduce((sum, { amountPaise }) => sum + amountPaise, 0);

  it("sums every settlement's entries to zero, the account's own part and the platform's", () => {
    const heads = fc.array(fc.integer({ min: 0, max: 1e6 }), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), heads, (realised, charges) => {
        const worksheet = settleDay({ realisedPaise: paise(realised), charges: chargeHeads(charges) });
        const entries = postingsOf(stateWith({}), { type: "DAY_SETTLED", atMs: AT, jobKey: "j", worksheet }, 1);
        for (const entry of entries) expect([sumOf(entry, true), sumOf(entry, false)]).toEqual([0, 0]);
        const { balances } = trialBalance(entries);
        expect(0 - (balances["trading-cash"] ?? 0)).toBe(
          worksheet.charges.totalPaise + worksheet.feePaise + worksheet.gstOnFeePaise,
        );
      }),
    );
  });

  it("carries positions at cost through any run of fills, long, short and turned, with cash and result exact", () => {
    const fills = fc.array(
      fc.record({
        side: fc.constantFrom("BUY" as const, "SELL" as const),
        units: fc.integer({ min: 1, max: 500 }),
        pricePaise: fc.integer({ min: 5, max: 50_000 }),
      }),
      { minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(fills, (run) => {
        let position: Position = openedNowhere(CONTRACT, AT);
        let cash = 0;
        const entries: LedgerEntry[] = [];
        for (const [index, { side, units, pricePaise }] of run.entries()) {
          const order = orderOf(termsOf(`O${index}`, side, units), pricePaise);
          const change = applyFill(position, side, units, paise(pricePaise), AT);
          const before = stateWith({ orders: { [order.clientOrderId]: order } });
          entries.push(...postingsOf(before, filledEvent(order, units, pricePaise, change), index + 1));
          position = change.position;
          cash += (side === "SELL" ? 1 : -1) * units * pricePaise;
        }
        const { balances, sumPaise, everyEntryBalanced } = trialBalance(entries);
        expect(everyEntryBalanced).toBe(true);
        expect(sumPaise).toBe(0);
        expect(balances["positions"] ?? 0).toBe(position.costPaise);
        expect(balances["trading-cash"] ?? 0).toBe(cash);
        expect((balances["realised"] ?? 0) + position.realisedPaise).toBe(0);
      }),
    );
  });
});
