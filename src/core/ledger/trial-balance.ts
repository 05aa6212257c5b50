// The books at a glance: the balance of every account, and whether they sum to zero as double entry demands.
import { type Paise, paise } from "../kernel/money.ts";
import type { LedgerEntry } from "./entry.ts";

export interface TrialBalance {
  /** By account name, debit positive. */
  readonly balances: Readonly<Record<string, Paise>>;
  /** Sum of all lines; anything but 0 is a fault. */
  readonly sumPaise: Paise;
  /** True when every single entry sums to zero, which is more than the whole doing so. */
  readonly everyEntryBalanced: boolean;
}

export function trialBalance(entries: Iterable<LedgerEntry>): TrialBalance {
  const balances = new Map<string, number>();
  let sum = 0;
  let everyEntryBalanced = true;
  for (const { lines } of entries) {
    let entrySum = 0;
    for (const { account, amountPaise } of lines) {
      balances.set(account, (balances.get(account) ?? 0) + amountPaise);
      entrySum += amountPaise;
    }
    sum += entrySum;
    everyEntryBalanced &&= entrySum === 0;
  }
  const sorted = [...balances].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    balances: Object.fromEntries(sorted.map(([account, amount]) => [account, paise(amount)])),
    sumPaise: paise(sum),
    everyEntryBalanced,
  };
}
