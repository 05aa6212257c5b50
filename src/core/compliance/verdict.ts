// The second of the two verdicts an order needs. Whatever goes wrong in here refuses what would open a position; what closes
// one meets no rule of compliance and can never be caught in an error of it.
import type { Denial } from "../risk/denial.ts";
import { type Asked, ask, type CheckContext, type CheckResult, type Rule } from "../risk/rule.ts";
import { COMPLIANCE_RULES } from "./compliance-rules.ts";
import type { KycState } from "./kyc.ts";

declare const compliant: unique symbol;

export type ComplianceStatus = "APPROVED" | "REJECTED" | "WARNING" | "PENDING";

/** Passed every rule of compliance. The brand's symbol is not exported: nobody else can make one. */
export interface ComplianceVerdict {
  readonly status: Extract<ComplianceStatus, "APPROVED" | "WARNING">;
  readonly [compliant]: true;
}

export function judgeCompliance(
  context: CheckContext,
  checks: CheckResult[],
  rules: readonly Rule[] = COMPLIANCE_RULES,
): Asked<ComplianceVerdict> {
  const asked = tryAsk(rules, context, checks);
  if (asked !== null) return { denial: asked };
  const status = checks.some(({ note }) => note !== undefined) ? "WARNING" : "APPROVED";
  return { denial: null, passed: { status } as Omit<ComplianceVerdict, typeof compliant> as ComplianceVerdict };
}

function tryAsk(rules: readonly Rule[], context: CheckContext, checks: CheckResult[]): Denial | null {
  try {
    return ask(rules, context, checks);
  } catch (error) {
    const detail = `the order could not be checked (${String(error)}); it passes once that is repaired`;
    const none = { limit: null, value: null, unit: null };
    checks.push({ rule: "COMPLIANCE_ERROR", passed: false, ...none });
    return { code: "COMPLIANCE_ERROR", field: "clientOrderId", ...none, detail };
  }
}

/** What the rules of an order came to, for the record: PENDING where only time or a person is missing. */
export function statusOf(checks: readonly CheckResult[], denial: Denial | null, kyc: KycState): ComplianceStatus {
  if (denial !== null) return denial.code === "KYC_VERIFICATION" && kyc === "PENDING" ? "PENDING" : "REJECTED";
  return checks.some(({ note }) => note !== undefined) ? "WARNING" : "APPROVED";
}
