// How an exit plan is refused: the field that does not fit, the limit it met, its value, and what would do.
import type { AccountRefusal } from "./refusal.ts";

type Unit = NonNullable<AccountRefusal["fault"]>["unit"];

export const badPlan = (
  field: string,
  detail: string,
  limit: number | null = null,
  value: number | null = null,
  unit: Unit = limit === null ? null : "PAISE",
): AccountRefusal => ({
  code: "EXIT_PLAN_INVALID",
  detail: `${field}: ${detail}`,
  fault: { field, limit, value, unit },
});
