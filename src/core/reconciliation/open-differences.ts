// Which differences forbid opening anything: those that say that money or positions are not what the books say. They stand
// until a reading has compared the books and has not found them.
import type { AccountState, ReconciliationRun } from "../account/state.ts";
import type { Difference, DifferenceCode } from "./difference.ts";

export const FORBIDS_ENTRIES: readonly DifferenceCode[] = [
  "FOREIGN_ORDER",
  "FOREIGN_FILL",
  "FILL_NOT_AT_VENUE",
  "FILL_MALFORMED",
  "FILLED_TOTAL_DIFFERS",
  "POSITION_DIFFERS",
  "CASH_DIFFERS",
];

/** A run that could not compare the books, or only looked an order up, says what stands from before it and lifts nothing. */
export function openDifferences({
  reconciliations = [],
}: Pick<AccountState, "reconciliations">): readonly Difference[] {
  const last = reconciliations.findLast((run) => isFull(run) || run.standing !== undefined);
  if (last === undefined) return [];
  return [...(last.standing ?? []), ...(isFull(last) ? last.differences : [])].filter(
    ({ code, outcome }) => outcome === "RAISED" && FORBIDS_ENTRIES.includes(code),
  );
}

const isFull = ({ cause }: ReconciliationRun): boolean => cause !== "UNKNOWN_OUTCOME";
