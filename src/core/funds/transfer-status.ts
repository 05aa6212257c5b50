// The life of a transfer as a table (FND-06). A rail may repeat itself or speak late; only moves in the table change anything.
import { err, ok, type Result } from "../kernel/result.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { Transfer, TransferStatus } from "./transfer.ts";

export interface TransferUpdate {
  readonly status: TransferStatus;
  readonly railReference: string | null;
  readonly failure: string | null;
  readonly atMs: EpochMs;
}

export interface TransferRefusal {
  readonly code: "TRANSFER_STATUS_NOT_ALLOWED";
  readonly from: TransferStatus;
  readonly to: TransferStatus;
}

/**
 * REVERSED is final. A completed transfer can still be reversed: banks send money back. A rail may take back that a transfer
 * failed: money that has moved after all is booked.
 */
const NEXT: Readonly<Record<TransferStatus, readonly TransferStatus[]>> = {
  PENDING: ["PROCESSING", "COMPLETED", "FAILED"],
  PROCESSING: ["COMPLETED", "FAILED", "REVERSED"],
  COMPLETED: ["REVERSED"],
  FAILED: ["COMPLETED"],
  REVERSED: [],
};

const canTransferMove = (from: TransferStatus, to: TransferStatus): boolean => NEXT[from].includes(to);

/** The rail will say nothing more that matters: nobody needs to ask it again. */
export const isTransferSettled = (status: TransferStatus): boolean => status !== "PENDING" && status !== "PROCESSING";

/** Moves a transfer on. The status it already has is no refusal: the same transfer comes back. */
export function applyTransferStatus(transfer: Transfer, update: TransferUpdate): Result<Transfer, TransferRefusal> {
  if (transfer.status === update.status) return ok(transfer);
  if (!canTransferMove(transfer.status, update.status)) {
    return err({ code: "TRANSFER_STATUS_NOT_ALLOWED", from: transfer.status, to: update.status });
  }
  return ok({
    ...transfer,
    status: update.status,
    railReference: update.railReference ?? transfer.railReference,
    failure: update.failure,
    completedAtMs: update.status === "COMPLETED" ? update.atMs : transfer.completedAtMs,
  });
}
