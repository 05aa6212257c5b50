// A pay-out that failed or came back is tried again under a name of its own, at most three times in all. Never more than one
// attempt of a part is under way, so nothing is paid twice: a rail knows a transfer by its id, and an id it has called failed
// is never given to it again.
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { Transfer } from "./transfer.ts";

/** After these a person has to look: the savings account may be closed, frozen or wrongly linked. */
const TRANSFER_ATTEMPTS_MAX = 3;

/** Banks send money back days later; for so long a transfer is kept and asked about. */
const REVERSAL_WINDOW_MS = 7 * 24 * 60 * 60 * 1_000;

type Transfers = Readonly<Record<string, Transfer>>;

/** The first transfer of a part: what all of its attempts are attempts of. */
const partOf = ({ attemptOf, transferId }: Transfer): string => attemptOf ?? transferId;
const numberOf = ({ attempt }: Transfer): number => attempt ?? 1;

/** A pay-out whose last attempt is over and has moved nothing, and that may be tried again. */
export function isDueAgain(transfer: Transfer, transfers: Transfers): boolean {
  if (transfer.kind !== "PUSH" || (transfer.status !== "FAILED" && transfer.status !== "REVERSED")) return false;
  return hasAttemptsLeft(transfer) && isLastAttempt(transfer, transfers) && !hasArrived(transfer, transfers);
}

export const hasAttemptsLeft = (transfer: Transfer): boolean => numberOf(transfer) < TRANSFER_ATTEMPTS_MAX;

const isLastAttempt = (transfer: Transfer, transfers: Transfers): boolean =>
  !Object.values(transfers).some((other) => partOf(other) === partOf(transfer) && numberOf(other) > numberOf(transfer));

/** By any attempt: a rail may take back that an earlier one failed when the next is on its way already. */
const hasArrived = (transfer: Transfer, transfers: Transfers): boolean =>
  Object.values(transfers).some((other) => partOf(other) === partOf(transfer) && other.status === "COMPLETED");

/** The same money once more, for the same day. */
export function nextAttempt(transfer: Transfer, atMs: EpochMs): Transfer {
  const attempt = numberOf(transfer) + 1;
  return {
    ...transfer,
    transferId: `${partOf(transfer)}/a${attempt}`,
    attemptOf: partOf(transfer),
    attempt,
    status: "PENDING",
    railReference: null,
    failure: null,
    requestedAtMs: atMs,
    completedAtMs: null,
  };
}

/** Every part of the day's pay-out has arrived, whichever attempt carried it. False when there is none. */
export function hasPaidOut(date: MarketDate, transfers: Transfers): boolean {
  const pushes = Object.values(transfers).filter((transfer) => transfer.kind === "PUSH" && transfer.date === date);
  return pushes.length > 0 && pushes.every((transfer) => hasArrived(transfer, transfers));
}

/**
 * What a new day still has to know of: what is under way, what is due again, and what may still be sent back, with the other
 * attempts at it, so that none is made under the same name again.
 */
export function transfersToKeep(transfers: Transfers, atMs: EpochMs): string[] {
  const isOpen = (transfer: Transfer): boolean =>
    transfer.status === "PENDING" ||
    transfer.status === "PROCESSING" ||
    isDueAgain(transfer, transfers) ||
    (transfer.status === "COMPLETED" && transfer.requestedAtMs + REVERSAL_WINDOW_MS > atMs);
  const parts = new Set(Object.values(transfers).filter(isOpen).map(partOf));
  return Object.values(transfers)
    .filter((transfer) => parts.has(partOf(transfer)))
    .map(({ transferId }) => transferId);
}
