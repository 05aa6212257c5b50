// One order over the accounts of a holder, in whole lots: equal shares or by capital, each share floored and what is left given
// to the largest remainders. The parts stay apart: each is an order of its own account under an id of its own.
import { assert } from "../kernel/assert.ts";
import type { Paise } from "../kernel/money.ts";

export const ALLOCATION_METHODS = ["EQUAL", "BY_CAPITAL"] as const;
export type AllocationMethod = (typeof ALLOCATION_METHODS)[number];

export interface AllocationAccount {
  readonly accountId: string;
  readonly capitalPaise: Paise;
}

export interface AllocatedPart {
  readonly accountId: string;
  /** "<client order id>-A1" for the first account, and so on: the same for the same order, whatever the shares. */
  readonly clientOrderId: string;
  readonly lots: number;
}

/** One part per account in the order given, those without a lot included. Equal remainders go to the earlier account. */
export function allocateLots(
  clientOrderId: string,
  lots: number,
  accounts: readonly AllocationAccount[],
  method: AllocationMethod,
): AllocatedPart[] {
  assert(Number.isSafeInteger(lots) && lots >= 0, "whole lots are allocated");
  const capital = accounts.reduce((sum, { capitalPaise }) => sum + BigInt(Math.max(0, capitalPaise)), 0n);
  // Without any capital there is nothing to weigh by.
  const isByCapital = method === "BY_CAPITAL" && capital > 0n;
  const total = isByCapital ? capital : BigInt(accounts.length);
  const shares = accounts.map(({ capitalPaise }, index) => {
    const weighted = BigInt(lots) * (isByCapital ? BigInt(Math.max(0, capitalPaise)) : 1n);
    return { index, whole: Number(weighted / total), remainder: weighted % total };
  });
  const left = lots - shares.reduce((sum, { whole }) => sum + whole, 0);
  const favoured = new Set(
    shares
      .toSorted((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1))
      .slice(0, left)
      .map(({ index }) => index),
  );
  return accounts.map(({ accountId }, index) => ({
    accountId,
    clientOrderId: `${clientOrderId}-A${index + 1}`,
    lots: (shares[index]?.whole ?? 0) + (favoured.has(index) ? 1 : 0),
  }));
}
