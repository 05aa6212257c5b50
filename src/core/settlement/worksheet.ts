// One settlement as a sheet of lines a user can check with a calculator.
import type { Paise } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";

/** Charges of a day as on a contract note, one figure per head. */
export interface ChargeHeads {
  readonly brokeragePaise: Paise;
  readonly sttPaise: Paise;
  readonly exchangePaise: Paise;
  readonly ipftPaise: Paise;
  readonly sebiPaise: Paise;
  readonly stampPaise: Paise;
  readonly gstPaise: Paise;
  readonly totalPaise: Paise;
}

export interface FeeShare {
  readonly party: string;
  readonly amountPaise: Paise;
}

export interface SettlementWorksheet {
  readonly date: MarketDate;
  readonly stage: "PROVISIONAL" | "FINAL";
  /** Realised by fills, before charges. */
  readonly realisedPaise: Paise;
  readonly charges: ChargeHeads;
  /** Realised minus charges: the "gross profit" of the owner's rules (§0.3). Negative on a losing day. */
  readonly grossProfitPaise: Paise;
  /** Kept back from a profit before fee and lock, on days with losses; 0 unless the rule is switched on (SET-05). */
  readonly lossBufferPaise: Paise;
  readonly feeSchedule: string;
  readonly feeRateBps: number;
  readonly feePaise: Paise;
  readonly feeShares: readonly FeeShare[];
  readonly gstOnFeePaise: Paise;
  readonly taxLockPaise: Paise;
  /** After fee, GST and tax lock, before rounding. */
  readonly netPaise: Paise;
  /** Net rounded down to the unit (G-36). */
  readonly netToSavingsPaise: Paise;
  /** What the rounding leaves in the trading account. */
  readonly roundingBufferPaise: Paise;
  /** What PUSH moves: net to savings plus tax lock (SET-08). */
  readonly payoutPaise: Paise;
}
