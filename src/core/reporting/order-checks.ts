// The row of a decision: about an order, a change to one, or a list that was refused as a whole; what was asked, what refused, and
// the status compliance reports. What journals from before checks were recorded decided has none.
import type { AccountEvent } from "../account/event.ts";
import type { AccountState } from "../account/state.ts";
import { type KycState, kycStateOf } from "../compliance/kyc.ts";
import { type ComplianceStatus, statusOf } from "../compliance/verdict.ts";
import { canonicalJson } from "../ledger/hash-chain.ts";
import { checksOf } from "../risk/check-record.ts";
import { orderIn } from "./order-rows.ts";
import type { OrderCheckRow } from "./projection.ts";

type Event<Type extends AccountEvent["type"]> = Extract<AccountEvent, { readonly type: Type }>;
type Decided = Event<"ORDER_SUBMITTED" | "ORDER_DENIED" | "LIST_DENIED" | "REPLACE_REQUESTED" | "REPLACE_DENIED">;

/** `state` before the event: a change is about an order that is there. */
export function orderCheckRows(
  state: AccountState,
  event: Decided,
  frame: Pick<OrderCheckRow, "accountId" | "sequence" | "date">,
): OrderCheckRow[] {
  const { checks, atMs } = event;
  if (checks === undefined) return [];
  const denial = "denial" in event ? event.denial : null;
  const kyc = state.profile === null ? "NOT_STARTED" : kycStateOf(state.profile);
  return [
    {
      table: "order_checks",
      ...frame,
      ...subjectOf(state, event),
      status: statusAt(event, kyc),
      ruleId: denial?.code ?? null,
      checks: canonicalJson(checks),
      denial: denial === null ? null : canonicalJson(denial),
      atMs,
    },
  ];
}

/** A list goes by its own name: it shares its ids with the orders. */
function subjectOf(state: AccountState, event: Decided): Pick<OrderCheckRow, "clientOrderId" | "purpose" | "algoId"> {
  if (event.type === "LIST_DENIED")
    return { clientOrderId: event.terms.listId, purpose: event.terms.purpose, algoId: null };
  const order =
    event.type === "REPLACE_REQUESTED" || event.type === "REPLACE_DENIED"
      ? orderIn(state, event.clientOrderId)
      : event.terms;
  return { clientOrderId: order.clientOrderId, purpose: order.purpose, algoId: order.algoId ?? null };
}

const statusAt = (event: Decided, kyc: KycState): ComplianceStatus =>
  "denial" in event ? statusOf([], event.denial, kyc) : statusOf(checksOf(event.checks ?? [], null), null, kyc);
