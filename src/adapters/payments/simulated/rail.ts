// The simulated rail: takes every transfer at once and completes it 20 seconds of market time later. It keeps nothing:
// whatever it says is a function of the transfer and the instant.
import { epochMs } from "../../../core/kernel/time.ts";
import type { PaymentRail } from "../../../ports/payments.ts";

export const SIMULATED_TRANSFER_MS = 20_000;

const referenceOf = (transferId: string): string => `SIMULATED-${transferId.replaceAll("/", "-")}`;

export const simulatedRail: PaymentRail = {
  name: "SIMULATED",
  async initiate(transfer) {
    return { kind: "ACCEPTED", reference: referenceOf(transfer.transferId) };
  },
  async status(transfer, nowMs) {
    const completedAtMs = epochMs(transfer.requestedAtMs + SIMULATED_TRANSFER_MS);
    return {
      kind: nowMs >= completedAtMs ? "COMPLETED" : "PROCESSING",
      reference: referenceOf(transfer.transferId),
    };
  },
};
