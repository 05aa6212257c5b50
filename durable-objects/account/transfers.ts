// Transfers and their rail: giving one, and asking what became of those under way. The transfer's id is the key on every rail.
import type { Command } from "../../src/core/account/command.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import type { Transfer } from "../../src/core/funds/transfer.ts";
import type { PaymentRail } from "../../src/ports/payments.ts";

export type TransferUpdate = Extract<Command, { readonly type: "UPDATE_TRANSFER" }>;

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

/** Asks the rail about every transfer under way; the updates are for the account to decide on. */
export async function pollTransfers(
  rail: PaymentRail,
  state: AccountState,
  atMs: TransferUpdate["atMs"],
): Promise<readonly TransferUpdate[]> {
  const updates: TransferUpdate[] = [];
  for (const transfer of Object.values(state.transfers)) {
    if (transfer.status !== "PROCESSING") continue;
    const progress = await rail.status(transfer, atMs);
    const update = { type: "UPDATE_TRANSFER", atMs, transferId: transfer.transferId } as const;
    if (progress.kind === "COMPLETED") {
      updates.push({ ...update, status: "COMPLETED", railReference: progress.reference, failure: null });
    } else if (progress.kind === "FAILED") {
      updates.push({ ...update, status: "FAILED", railReference: transfer.railReference, failure: progress.code });
    }
  }
  return updates;
}
