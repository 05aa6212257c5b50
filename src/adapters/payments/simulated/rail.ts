// The simulated rail: takes every transfer at once and completes it 20 seconds of market time later. It keeps nothing:
// whatever it says is a function of the transfer and the instant.
import { isSimulatedTransferOver, simulatedReference } from "../../../core/funds/simulated-transfer.ts";
import type { PaymentRail } from "../../../ports/payments.ts";

export const simulatedRail: PaymentRail = {
  name: "SIMULATED",
  async initiate(transfer) {
    return { kind: "ACCEPTED", reference: simulatedReference(transfer) };
  },
  async status(transfer, nowMs) {
    return {
      kind: isSimulatedTransferOver(transfer, nowMs) ? "COMPLETED" : "PROCESSING",
      reference: simulatedReference(transfer),
    };
  },
};
