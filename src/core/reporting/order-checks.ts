// The row of a decision about an order: what was asked, what refused, and the status compliance reports. Orders of journals
// from before checks were recorded have none.
import type { AccountEvent } from "../account/event.ts";
import type { AccountState } from "../account/state.ts";
import { type KycState, kycStateOf } from "../compliance/kyc.ts";
import { type ComplianceStatus, statusOf } from "../compliance/verdict.ts";
import { canonicalJson } from "../ledger/hash-chain.ts";
import { checksOf } from "../risk/check-record.ts";
import type { OrderCheckRow } from "./projection.ts";

type Decided = Extract<AccountEvent, { readonly type: "ORDER_SUBMITTED" | "ORDER_DENIED" }>;

export function orderCheckRows(
  { profile }: AccountState,
  event: Decided,
  frame: Pick<OrderCheckRow, "accountId" | "sequence" | "date">,
): OrderCheckRow[] {
  const { checks, terms, atMs } = event;
  if (checks === undefined) return [];
  const denial = event.type === "ORDER_DENIED" ? event.denial : null;
  return [
    {
      table: "order_checks",
      ...frame,
      clientOrderId: terms.clientOrderId,
      purpose: terms.purpose,
      status: statusAt(event, profile === null ? "NOT_STARTED" : kycStateOf(profile)),
      ruleId: denial?.code ?? null,
      algoId: terms.algoId ?? null,
      checks: canonicalJson(checks),
      denial: denial === null ? null : canonicalJson(denial),
      atMs,
    },
  ];
}

const statusAt = (event: Decided, kyc: KycState): ComplianceStatus =>
  event.type === "ORDER_DENIED"
    ? statusOf([], event.denial, kyc)
    : statusOf(checksOf(event.checks ?? [], null), null, kyc);
