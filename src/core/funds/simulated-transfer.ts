// What the simulated rail says of a transfer: it takes every one at once and completes it 20 seconds of market time later. It
// keeps nothing; whatever it says is a function of the transfer and the instant.
import type { EpochMs } from "../kernel/time.ts";
import type { Transfer } from "./transfer.ts";

const SIMULATED_TRANSFER_MS = 20_000;

export const simulatedReference = ({ transferId }: Pick<Transfer, "transferId">): string =>
  `SIMULATED-${transferId.replaceAll("/", "-")}`;

export const isSimulatedTransferOver = ({ requestedAtMs }: Pick<Transfer, "requestedAtMs">, now: EpochMs): boolean =>
  now >= requestedAtMs + SIMULATED_TRANSFER_MS;
