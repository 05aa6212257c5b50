// What the product under test is not made for: faults beyond it are left out of every run.
import type { FaultName } from "./faults.ts";

export const PRODUCT: {
  readonly without: ReadonlySet<FaultName>;
  readonly governsRate: boolean;
} = {
  // A fill told with wrong units is booked as told; that the venue's totals say otherwise is raised to a person.
  without: new Set(["shortReport"]),
  governsRate: true,
};
