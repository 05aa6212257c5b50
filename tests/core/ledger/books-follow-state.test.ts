import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import { EMPTY_ACCOUNT, evolve } from "../../../src/core/account/evolve.ts";
import type { AccountState } from "../../../src/core/account/state.ts";
import { planTransfers } from "../../../src/core/funds/plan.ts";
import type { TransferKind } from "../../../src/core/funds/transfer.ts";
import { type Paise, paise, sumPaise } from "../../../src/core/kernel/money.ts";
import { SAVINGS, TAX_LOCK, TRADING_CASH } from "../../../src/core/ledger/chart-of-accounts.ts";
import type { LedgerEntry } from "../../../src/core/ledger/entry.ts";
import { postingsOf } from "../../../src/core/ledger/posting-rules.ts";
import { trialBalance } from "../../../src/core/ledger/trial-balance.ts";
import { applyFill, openedNowhere } from "../../../src/core/position/position.ts";
import type { SettlementWorksheet } from "../../../src/core/settlement/worksheet.ts";
import { chargeHeads, settleDay } from "../settlement/settlement-samples.ts";
import { AT, CONTRACT, DATE, DAY, filledEvent, PROFILE, termsOf } from "./account-samples.ts";

/** An account whose every event is folded and posted side by side. */
class Books {
  state: AccountState = EMPTY_ACCOUNT;
  readonly entries: LedgerEntry[] = [];

  take(event: AccountEvent): void {
    this.entries.push(...postingsOf(this.state, event, this.state.sequence + 1));
    this.state = evolve(this.state, event);
    const { balances, sumPaise: sum, everyEntryBalanced } = trialBalance(this.entries);
    expect(everyEntryBalanced).toBe(true);
    expect(sum).toBe(0);
    expect(balances[TRADING_CASH] ?? 0).toBe(this.state.cashPaise);
    expect(balances[SAVINGS] ?? 0).toBe(this.state.savingsPaise);
    expect(balances[TAX_LOCK] ?? 0).toBe(this.state.taxLockPaise);
    const open = Object.values(this.state.openTrades);
    expect(balances["positions"] ?? 0).toBe(sumPaise(open, ({ position }) => position.costPaise));
  }

  transfer(
    kind: TransferKind,
    amountPaise: Paise,
    taxLockPaise: Paise,
    last: "COMPLETED" | "FAILED" | "REVERSED",
  ): void {
    const plan = { accountId: "U001", date: DATE, kind, amountPaise, taxLockPaise, rail: "SIMULATED", atMs: AT };
    const parts = planTransfers(plan);
    for (const transfer of parts) {
      this.take({ type: "TRANSFER_REQUESTED", atMs: AT, jobKey: transfer.transferId, transfer });
    }
    const steps = {
      COMPLETED: ["COMPLETED", "COMPLETED"],
      FAILED: ["FAILED"],
      REVERSED: ["COMPLETED", "REVERSED"],
    } as const;
    for (const { transferId } of parts) {
      for (const status of ["PROCESSING" as const, ...steps[last]]) {
        this.take({ type: "TRANSFER_UPDATED", atMs: AT, transferId, status, railReference: "r", failure: null });
      }
    }
  }

  trade(name: string, side: "BUY" | "SELL", units: number, pricePaise: number): void {
    const terms = termsOf(name, side, units, { limitPricePaise: paise(pricePaise) });
    this.take({ type: "ORDER_SUBMITTED", atMs: AT, terms, reservedPaise: paise(0), exitPlanMove: null });
    const open = this.state.openTrades[CONTRACT.instrumentId]?.position ?? openedNowhere(CONTRACT, AT);
    this.take(filledEvent(terms, units, pricePaise, applyFill(open, side, units, paise(pricePaise), AT)));
  }
}

const settlement = (
  stage: SettlementWorksheet["stage"],
  realisedPaise: Paise,
  heads: readonly number[],
): SettlementWorksheet => settleDay({ stage, realisedPaise, charges: chargeHeads(heads) });

describe("the books and the account's state", () => {
  it("agree on cash, savings, tax lock and positions after every event of any day", () => {
    const trades = fc.array(
      fc.record({
        side: fc.constantFrom("BUY" as const, "SELL" as const),
        units: fc.integer({ min: 1, max: 300 }),
        pricePaise: fc.integer({ min: 5, max: 100_000 }),
      }),
      { maxLength: 8 },
    );
    const heads = fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 7, maxLength: 7 });
    const ending = fc.constantFrom("COMPLETED" as const, "FAILED" as const, "REVERSED" as const);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 3e7 }),
        trades,
        heads,
        heads,
        ending,
        ending,
        (pull, run, first, last, pullEnd, pushEnd) => {
          const books = new Books();
          books.take({ type: "ACCOUNT_OPENED", atMs: AT, profile: PROFILE });
          books.take({ type: "DAY_OPENED", atMs: AT, jobKey: "open", ...DAY });
          books.transfer("PULL", paise(pull), paise(0), pullEnd);
          for (const [index, { side, units, pricePaise }] of run.entries())
            books.trade(`O${index}`, side, units, pricePaise);
          const open = books.state.openTrades[CONTRACT.instrumentId]?.position.netUnits ?? 0;
          if (open !== 0) books.trade("FLAT", open > 0 ? "SELL" : "BUY", Math.abs(open), 100_00);

          const realised = books.state.day?.realisedPaise ?? paise(0);
          const provisional = settlement("PROVISIONAL", realised, first);
          books.take({ type: "DAY_SETTLED", atMs: AT, jobKey: "settle", worksheet: provisional });
          books.transfer("PUSH", provisional.payoutPaise, provisional.taxLockPaise, pushEnd);
          const final = settlement("FINAL", realised, last);
          const chargesDifferencePaise = paise(final.charges.totalPaise - provisional.charges.totalPaise);
          books.take({
            type: "SETTLEMENT_FINALISED",
            atMs: AT,
            jobKey: "final",
            worksheet: final,
            chargesDifferencePaise,
          });

          // Flat, settled: what the books earned is what the fills realised, and the platform got what the worksheet says.
          const { balances } = trialBalance(books.entries);
          expect((balances["realised"] ?? 0) + realised).toBe(0);
          expect(balances["platform-fee"] ?? 0).toBe(final.feePaise);
          expect(balances["gst-on-fee"] ?? 0).toBe(final.gstOnFeePaise);
          expect((balances["tax-reserve"] ?? 0) + final.taxLockPaise).toBe(0);
          expect((balances["platform:charges-payable"] ?? 0) + final.charges.totalPaise).toBe(0);
          const earned = realised - final.charges.totalPaise - final.feePaise - final.gstOnFeePaise;
          const { cashPaise, savingsPaise, taxLockPaise } = books.state;
          expect(cashPaise + savingsPaise + taxLockPaise).toBe(PROFILE.savingsPaise + earned);
        },
      ),
      { numRuns: 200 },
    );
  });
});
