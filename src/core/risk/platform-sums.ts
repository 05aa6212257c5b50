// What the accounts that trade have come to together, each at the last that is known of it: one that does not answer, or whose
// positions have no price just now, keeps its last result, so that silence is neither a loss nor a gain of anybody.
import type { PriceView } from "../account/command.ts";
import type { InstrumentId } from "../instrument/contract.ts";
import { type Paise, paise, subtractPaise, sumPaise, ZERO_PAISE } from "../kernel/money.ts";
import type { AccountStanding } from "./account-standing.ts";
import { openResultPaise } from "./daily-loss.ts";

/** An account since counting began: at the day's beginning, or when it was first seen after the operator's last resume. */
export interface KnownAccount {
  readonly originPaise: Paise;
  readonly resultPaise: Paise;
  readonly lossMaxPaise: Paise;
  readonly basePaise: Paise;
}

export interface PlatformDay {
  readonly known: Readonly<Record<string, KnownAccount>>;
  /** The most that all together have been above where counting began. */
  readonly peakGainPaise: Paise;
}

export interface PlatformTotals {
  readonly accounts: number;
  /** Accounts that have lost since counting began. */
  readonly losing: number;
  readonly lossMaxPaise: Paise;
  readonly basePaise: Paise;
  readonly originPaise: Paise;
  readonly resultPaise: Paise;
}

/** An account's answer: null for one with nothing at stake, `undefined` for none. */
export interface Answer {
  readonly accountId: string;
  readonly standing: AccountStanding | null | undefined;
}

export const NOTHING_KNOWN: PlatformDay = { known: {}, peakGainPaise: ZERO_PAISE };

/** `isAnew`: counting began in the course of the day, so that whoever is first seen counts from there and not from nothing. */
export function dayAfter(
  before: PlatformDay,
  answers: readonly Answer[],
  prices: readonly PriceView[],
  isAnew: boolean,
): { readonly day: PlatformDay; readonly unanswered: number; readonly unpriced: number } {
  const byInstrument = new Map(prices.map((price) => [price.instrumentId, price]));
  const known: Record<string, KnownAccount> = { ...before.known };
  let [unanswered, unpriced] = [0, 0];
  for (const { accountId, standing } of answers) {
    if (standing === undefined) unanswered += 1;
    if (standing == null) continue;
    const resultPaise = resultOf(standing, byInstrument);
    if (resultPaise === null) {
      unpriced += 1;
      continue;
    }
    const { lossMaxPaise, basePaise } = standing;
    const originPaise = known[accountId]?.originPaise ?? (isAnew ? resultPaise : ZERO_PAISE);
    known[accountId] = { originPaise, resultPaise, lossMaxPaise, basePaise };
  }
  const peakGainPaise = paise(Math.max(before.peakGainPaise, gainPaise(totalsOf(known))));
  return { day: { known, peakGainPaise }, unanswered, unpriced };
}

export function totalsOf(known: PlatformDay["known"]): PlatformTotals {
  const all = Object.values(known);
  return {
    accounts: all.length,
    losing: all.filter(({ originPaise, resultPaise }) => resultPaise < originPaise).length,
    lossMaxPaise: sumPaise(all, ({ lossMaxPaise }) => lossMaxPaise),
    basePaise: sumPaise(all, ({ basePaise }) => basePaise),
    originPaise: sumPaise(all, ({ originPaise }) => originPaise),
    resultPaise: sumPaise(all, ({ resultPaise }) => resultPaise),
  };
}

/** Since counting began. */
export const gainPaise = ({ resultPaise, originPaise }: Pick<PlatformTotals, "resultPaise" | "originPaise">): Paise =>
  subtractPaise(resultPaise, originPaise);

/** Null while an open position has no price. */
function resultOf(standing: AccountStanding, prices: ReadonlyMap<InstrumentId, PriceView>): Paise | null {
  let result: number = standing.resultPaise;
  for (const position of standing.open) {
    const openPaise = openResultPaise(position, prices);
    if (openPaise === null) return null;
    result += openPaise;
  }
  return paise(result);
}
