// Transfers and their rail: giving one, and asking what became of those under way. The transfer's id is the key on every rail.
import type { Command } from "../../src/core/account/command.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { isDueAgain } from "../../src/core/funds/attempts.ts";
import type { Transfer } from "../../src/core/funds/transfer.ts";
import type { PaymentRail, TransferProgress } from "../../src/ports/payments.ts";

export type TransferUpdate = Extract<Command, { readonly type: "UPDATE_TRANSFER" }>;
type TransferCommand = TransferUpdate | Extract<Command, { readonly type: "RETRY_TRANSFER" }>;

/** Gives a transfer to the rail. Rejects when the rail has not taken it: then it is given again. */
export async function initiateTransfer(
  rail: PaymentRail,
  transfer: Transfer,
  atMs: TransferUpdate["atMs"],
): Promise<TransferUpdate> {
  const update = { type: "UPDATE_TRANSFER", atMs, transferId: transfer.transferId } as const;
  const outcome = await rail.initiate(transfer, atMs);
  if (outcome.kind !== "UNKNOWN") {
    return outcome.kind === "ACCEPTED"
      ? { ...update, status: "PROCESSING", railReference: outcome.reference, failure: null }
      : { ...update, status: "FAILED", railReference: null, failure: outcome.code };
  }
  // The rail may have it. Only when it says that it has not is the transfer given again.
  const progress = await rail.status(transfer, atMs);
  if (progress.kind === "NOT_FOUND") throw new Error(`the rail did not take ${transfer.transferId}: ${outcome.reason}`);
  return progress.kind === "FAILED"
    ? { ...update, status: "FAILED", railReference: null, failure: progress.code }
    : { ...update, status: "PROCESSING", railReference: progress.reference, failure: null };
}

/**
 * Asks the rail about every transfer under way, about those it may still send back, and about pay-outs to be tried again: only
 * what the rail calls failed a second time is. The commands are for the account to decide on.
 */
export async function pollTransfers(
  rail: PaymentRail,
  { transfers }: AccountState,
  atMs: TransferUpdate["atMs"],
): Promise<readonly TransferCommand[]> {
  const commands: TransferCommand[] = [];
  for (const transfer of Object.values(transfers)) {
    const isDue = isDueAgain(transfer, transfers);
    if (transfer.status !== "PROCESSING" && transfer.status !== "COMPLETED" && !isDue) continue;
    const progress = await rail.status(transfer, atMs);
    const command = commandOf(transfer, progress, isDue, atMs);
    if (command !== null) commands.push(command);
  }
  return commands;
}

function commandOf(
  { transferId, status, railReference }: Transfer,
  progress: TransferProgress,
  isDue: boolean,
  atMs: TransferUpdate["atMs"],
): TransferCommand | null {
  const update = { type: "UPDATE_TRANSFER", atMs, transferId } as const;
  switch (progress.kind) {
    case "COMPLETED":
      return status === "COMPLETED" || status === "REVERSED"
        ? null
        : { ...update, status: "COMPLETED", railReference: progress.reference, failure: null };
    case "REVERSED":
      if (isDue) return { type: "RETRY_TRANSFER", atMs, transferId };
      return { ...update, status: "REVERSED", railReference: progress.reference, failure: progress.code };
    case "FAILED":
      if (isDue) return { type: "RETRY_TRANSFER", atMs, transferId };
      // A rail that calls failed what it had called done has sent it back.
      return {
        ...update,
        status: status === "COMPLETED" ? "REVERSED" : "FAILED",
        railReference,
        failure: progress.code,
      };
    case "NOT_FOUND":
      // Refused when it was given: the rail never had it.
      return isDue && railReference === null ? { type: "RETRY_TRANSFER", atMs, transferId } : null;
    case "PROCESSING":
      return null;
  }
}
