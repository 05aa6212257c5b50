// Compliance and comparisons with the venue as the API sends them, and what they are called.
import { level, rupees } from "../../money.ts";

export interface Check {
  readonly rule: string;
  readonly passed: boolean;
  readonly limit: number | null;
  readonly value: number | null;
  readonly unit: string | null;
  readonly note?: string;
}

export interface CheckedOrder {
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly purpose: string;
  readonly status: string;
  readonly ruleId: string | null;
  readonly algoId: string | null;
  readonly at: string;
  readonly checks: readonly Check[];
}

export interface Report {
  readonly total: number;
  readonly approved: number;
  readonly rejected: number;
  readonly warnings: number;
  readonly pending: number;
  readonly rejectedByRule: Readonly<Record<string, number>>;
  readonly verifiedUsers: number | null;
  readonly last: readonly CheckedOrder[];
}

export interface DeniedOrder {
  readonly clientOrderId: string;
  readonly createdAt: string;
  readonly instrumentId: string;
  readonly side: string;
  readonly quantityUnits: number;
  readonly denialCode: string | null;
  readonly denial: {
    readonly limit: number | null;
    readonly value: number | null;
    readonly unit: string | null;
    readonly detail: string;
  } | null;
}

export interface Restriction {
  readonly restrictionId: string;
  readonly source: string;
  readonly type: string;
  readonly symbol: string;
  readonly from: string;
  readonly to: string | null;
  readonly message: string;
}

export interface Difference {
  readonly code: string;
  readonly outcome: string;
  readonly subject: string;
  readonly ours: string | number | null;
  readonly theirs: string | number | null;
  readonly detail: string;
}

export interface Comparison {
  readonly sequence: number;
  readonly readAt: string;
  readonly cause: string;
  readonly compared: { readonly orders: number; readonly fills: number; readonly positions: number };
  readonly differences: readonly Difference[];
  readonly differencesBeyond: number;
  readonly overtaken: boolean;
  readonly standing: readonly Difference[];
}

/** KYC_VERIFICATION → "KYC verification". */
export function ruleText(code: string): string {
  const text = code
    .toLowerCase()
    .replaceAll("_", " ")
    .replace(/\bkyc\b/, "KYC");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A figure of a rule in its unit. A rule that is no number has none. */
export function amountText(amount: number | null, unit: string | null): string {
  if (amount === null) return "–";
  switch (unit) {
    case "PAISE":
      return rupees(amount);
    case "BPS":
      return `${level(amount)} %`;
    case "MS":
      return `${amount.toLocaleString("en-IN")} ms`;
    case "TIMES":
      return `${amount.toLocaleString("en-IN")} times`;
    case null:
      return `${amount}`;
    default:
      return `${amount.toLocaleString("en-IN")} ${amount === 1 ? unit.toLowerCase().replace(/s$/, "") : unit.toLowerCase()}`;
  }
}

/** Of everything that was asked of an order, with the one that refused named. */
export function checksText(checks: readonly Check[]): string {
  const refused = checks.find(({ passed }) => !passed);
  const passed = checks.length - (refused === undefined ? 0 : 1);
  const all = `${passed} ${passed === 1 ? "rule" : "rules"} passed`;
  return refused === undefined ? all : `${all}, then refused by ${ruleText(refused.rule)}`;
}

/** Of a rule that passed or did not, its figures. */
export function checkText({ rule, passed, limit, value, unit, note }: Check): string {
  const figures =
    limit === null && value === null ? "" : `: ${amountText(value, unit)} against ${amountText(limit, unit)}`;
  return `${ruleText(rule)}${passed ? "" : " (refused)"}${figures}${note === undefined ? "" : `, ${note}`}`;
}

const STATUSES: Readonly<Record<string, string>> = {
  APPROVED: "passed",
  WARNING: "passed with a warning",
  PENDING: "refused, KYC is pending",
  REJECTED: "refused",
};
export const statusText = (status: string): string => STATUSES[status] ?? ruleText(status).toLowerCase();

const CAUSES: Readonly<Record<string, string>> = {
  OPEN: "at the open",
  RECOVERY: "after a recovery",
  UNKNOWN_OUTCOME: "an order without an answer",
  FLAT_CHECK: "proof of flat",
  REQUEST: "asked for",
  CLOSE: "at the close",
};
export const causeText = (cause: string): string => CAUSES[cause] ?? ruleText(cause).toLowerCase();

const OUTCOMES: Readonly<Record<string, string>> = {
  REPAIRED: "repaired",
  WAITING: "looked at again",
  RAISED: "raised to a person",
};
export const outcomeText = (outcome: string): string => OUTCOMES[outcome] ?? ruleText(outcome).toLowerCase();

/** What one side says of a difference; of cash it is money. */
export function sideText(code: string, side: string | number | null): string {
  if (side === null) return "nothing";
  return code === "CASH_DIFFERS" && typeof side === "number" ? rupees(side) : `${side}`;
}

/** What came of a comparison, in a line. */
export function comparisonText({ differences, differencesBeyond, overtaken, standing }: Comparison): string {
  const found = differences.length + differencesBeyond;
  const parts = (["REPAIRED", "WAITING", "RAISED"] as const).flatMap((outcome) => {
    const count = differences.filter((one) => one.outcome === outcome).length;
    return count === 0 ? [] : [`${count} ${outcomeText(outcome)}`];
  });
  if (differencesBeyond > 0) parts.push(`${differencesBeyond} more than are listed`);
  if (standing.length > 0) parts.push(`${standing.length} from before not compared again`);
  if (overtaken) parts.push("orders overtook it: totals were not compared");
  const head = found === 0 ? (overtaken || standing.length > 0 ? "nothing new" : "agree") : "";
  return [head, ...parts].filter((part) => part !== "").join("; ");
}

export const comparedText = ({ orders, fills, positions }: Comparison["compared"]): string =>
  [[orders, "order"] as const, [fills, "fill"] as const, [positions, "position"] as const]
    .map(([count, name]) => `${count} ${name}${count === 1 ? "" : "s"}`)
    .join(", ");

/** The word for a symbol of a restriction. */
export const symbolText = (symbol: string): string => (symbol === "*" ? "everything" : symbol);

export const untilText = (to: string | null): string => to ?? "until it is lifted";
