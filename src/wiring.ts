// Composition root: the one place that knows which adapter stands behind a port.
import { simulatedRail } from "./adapters/payments/simulated/rail.ts";
import type { AppEnv } from "./env.ts";
import type { PaymentRail } from "./ports/payments.ts";

/** The rail that moves the users' money. In replay and paper trading it is simulated. */
export const paymentRail = (_env: AppEnv): PaymentRail => simulatedRail;
