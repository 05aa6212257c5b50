// What the world still has to be told, from state alone: after a crash this is all there is to know about work in progress.
// Telling it twice must have the effect of telling it once; ids see to that.
import type { Transfer } from "../funds/transfer.ts";
import type { InstrumentId } from "../instrument/contract.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { Order } from "../order/order.ts";
import { nextCheckMs } from "../risk/circuit-breaker.ts";
import type { AccountState, PriceTrigger } from "./state.ts";

export interface OutstandingWork {
  /** Orders the venue has not answered, in the order in which they were made. */
  readonly submit: readonly Order[];
  /** Orders to be taken out that the venue has not confirmed yet. They may be in `submit` as well: then that comes first. */
  readonly cancel: readonly Order[];
  readonly transfers: readonly Transfer[];
  /** The full set of triggers of every open trade; empty sets stand for "none any more". */
  readonly triggers: readonly { readonly instrumentId: InstrumentId; readonly triggers: readonly PriceTrigger[] }[];
  /** When the venue has to be looked at for the proof of a breaker; null when none is under way. */
  readonly checkFlatAtMs: EpochMs | null;
}

export function outstandingWork(state: AccountState): OutstandingWork {
  const submit: Order[] = [];
  const cancel: Order[] = [];
  for (const order of Object.values(state.orders)) {
    const isUnanswered = order.venueOrderId === null && order.filledUnits === 0;
    if (order.status === "SUBMITTED" || (order.status === "PENDING_CANCEL" && isUnanswered)) submit.push(order);
    if (order.status === "PENDING_CANCEL") cancel.push(order);
  }
  return {
    submit,
    cancel,
    transfers: Object.values(state.transfers).filter(({ status }) => status === "PENDING"),
    triggers: Object.values(state.openTrades).map(({ position, triggers }) => ({
      instrumentId: position.contract.instrumentId,
      triggers,
    })),
    checkFlatAtMs: nextCheckMs(state.breakers),
  };
}
