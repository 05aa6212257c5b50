// What the product under test is made for, and what it is not made for yet: faults beyond it are left out of every run.
import type { FaultName } from "./faults.ts";

export const PRODUCT: {
  readonly without: ReadonlySet<FaultName>;
  readonly isVenueIdempotent: boolean;
  readonly governsRate: boolean;
} = {
  without: new Set(["reportNever", "shortReport", "overfill", "lateFill"]),
  isVenueIdempotent: true,
  governsRate: false,
};
