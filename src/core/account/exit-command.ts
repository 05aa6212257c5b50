// What a person can ask of exits: of one position, of several together, or that they be left at once.
import type { InstrumentId } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { GroupScope } from "./exit-groups.ts";
import type { ReentryTerms } from "./reentry.ts";
import type { StopRule } from "./stop-rules.ts";

/** How a person wants a trade to be left. Prices are premiums at the exit side; null stands for none. */
export interface ExitPlanRequest {
  readonly stopPaise: Paise | null;
  readonly targetPaise: Paise | null;
  /** The stop follows the price at this distance, in steps: paise of premium, or hundredths of a percent of it. */
  readonly trail: { readonly distance: number; readonly step: number; readonly unit: "PAISE" | "BPS" } | null;
  /** Once the exit side is here, the stop moves to what the position has cost. */
  readonly costAtPaise: Paise | null;
  /** Once the exit side is here, the stop moves to a level in the gain, and on by `byPaise` for every further `everyPaise`. */
  readonly lock: Omit<StopRule, "kind"> | null;
  readonly timeExitMs: EpochMs | null;
  readonly reentry: Omit<ReentryTerms, "initialStopPaise"> | null;
  /** In place of `targetPaise`: where parts of the position are left, the nearest first. */
  readonly targets?: readonly ScaleTargetRequest[];
  /** Once the exit side is at the first of several targets, the stop moves to what the position has cost. */
  readonly costAfterFirstTarget?: true;
}

export interface ScaleTargetRequest {
  /** A premium, or a distance from what the position has cost: in paise or in hundredths of a percent of it. */
  readonly level: { readonly unit: "PRICE" | "PAISE" | "BPS"; readonly value: number };
  /** How much of what is held now; null, of the last one only, for all that is left. */
  readonly quantity: { readonly unit: "LOTS" | "PERCENT"; readonly value: number } | null;
}

/** How a person wants several positions to be left together. Amounts are their result. */
export interface ExitGroupRequest {
  readonly groupId: string;
  /** A list stands for the contracts of its legs. */
  readonly scope: GroupScope | { readonly kind: "LIST"; readonly listId: string };
  readonly stopPaise: Paise | null;
  readonly targetPaise: Paise | null;
  readonly trail: { readonly distancePaise: Paise; readonly stepPaise: Paise } | null;
  readonly lock: Omit<StopRule, "kind"> | null;
  /** Of the whole account: at its target or stop the day is over for entries. */
  readonly endsDay?: true;
}

/** What a person asks of exits; the account adds the instant and the prices of what it holds. */
export type ExitCommand =
  | { readonly type: "SET_EXIT_PLAN"; readonly instrumentId: InstrumentId; readonly plan: ExitPlanRequest }
  | { readonly type: "EXIT_POSITION"; readonly instrumentId: InstrumentId }
  | { readonly type: "EXIT_ALL" }
  | { readonly type: "SET_EXIT_GROUP"; readonly group: ExitGroupRequest }
  | { readonly type: "REMOVE_EXIT_GROUP"; readonly groupId: string };
