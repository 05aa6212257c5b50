// Which differences of the last full reading forbid opening anything: those that say that money or positions are not what the
// books say.
import type { AccountState } from "../account/state.ts";
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

export function openDifferences({
  reconciliations = [],
}: Pick<AccountState, "reconciliations">): readonly Difference[] {
  const last = reconciliations.findLast(({ cause }) => cause !== "UNKNOWN_OUTCOME");
  return (last?.differences ?? []).filter(
    ({ code, outcome }) => outcome === "RAISED" && FORBIDS_ENTRIES.includes(code),
  );
}
