// A payment rail that is slow, fails, and forgets to answer. The transfer's id is its idempotency key, as on every real one.
import type { Transfer } from "../../../src/core/funds/transfer.ts";
import type { InitiateOutcome, PaymentRail, TransferProgress } from "../../../src/ports/payments.ts";
import type { World } from "./world.ts";

interface Moving {
  readonly transfer: Transfer;
  readonly doneAtMs: number;
  readonly fails: boolean;
}

export class Rail {
  readonly transfers = new Map<string, Moving>();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  initiate(transfer: Transfer): InitiateOutcome {
    const world = this.#world;
    if (!this.transfers.has(transfer.transferId)) {
      if (world.strikes("railFails")) return { kind: "REFUSED", code: "BANK_DECLINED" };
      const doneAtMs = world.nowMs + 1_000 + world.random.below(30_000);
      this.transfers.set(transfer.transferId, { transfer, doneAtMs, fails: world.strikes("railFails") });
    }
    if (world.strikes("answerLost")) return { kind: "UNKNOWN", reason: "timeout" };
    return { kind: "ACCEPTED", reference: `R-${transfer.transferId}` };
  }

  status({ transferId }: Transfer): TransferProgress {
    const moving = this.transfers.get(transferId);
    if (moving === undefined) return { kind: "NOT_FOUND" };
    const reference = `R-${transferId}`;
    if (moving.doneAtMs > this.#world.nowMs) return { kind: "PROCESSING", reference };
    return moving.fails ? { kind: "FAILED", code: "BANK_DECLINED" } : { kind: "COMPLETED", reference };
  }
}

type Asked = { readonly call: "initiate" | "status"; readonly transfer: Transfer };

/** What stands behind the port: the run sets it before it starts an object. */
export const railBehindPort: { ask: (asked: Asked) => Promise<never> } = {
  ask: () => Promise.reject(new Error("no rail")),
};

/** Stands in for `src/adapters/payments/simulated/rail.ts`. */
export const simulatedRail: PaymentRail = {
  name: "SIMULATED",
  initiate: (transfer) => railBehindPort.ask({ call: "initiate", transfer }),
  status: (transfer) => railBehindPort.ask({ call: "status", transfer }),
};
