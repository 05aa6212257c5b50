// What the world has been told already, so that only what is new travels. An object that starts anew has told nothing.
import { outstandingWork } from "../../src/core/account/outstanding.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { GivenTriggers, type TriggerWork } from "../../src/core/account/triggers-given.ts";
import type { Transfer } from "../../src/core/funds/transfer.ts";
import { UNDERLYINGS, type Underlying } from "../../src/core/instrument/contract.ts";
import type { Order } from "../../src/core/order/order.ts";

/** What is to be told about one underlying. */
export interface Work {
  readonly submit: Order[];
  readonly replace: Order[];
  readonly cancel: Order[];
  readonly triggers: TriggerWork[];
}

interface Outstanding {
  readonly works: ReadonlyMap<Underlying, Work>;
  readonly transfers: readonly Transfer[];
  readonly isInDoubt: boolean;
}

export class GivenWork {
  orders = new Set<string>();
  replaces = new Set<string>();
  cancels = new Set<string>();
  readonly transfers = new Set<string>();
  readonly triggers = new GivenTriggers();

  /** What the state asks for, less what has been given already; and less what may not be begun, as what is being given. */
  outstanding(state: AccountState, mayBegin: (key: string, canWait: boolean) => boolean = () => true): Outstanding {
    const work = outstandingWork(state);
    this.orders = keep(this.orders, work.submit.map(orderKey));
    this.replaces = keep(this.replaces, work.replace.map(replaceKey));
    this.cancels = keep(this.cancels, work.cancel.map(cancelKey));
    const works = new Map<Underlying, Work>();
    const of = (underlying: Underlying): Work => {
      const found = works.get(underlying) ?? { submit: [], replace: [], cancel: [], triggers: [] };
      works.set(underlying, found);
      return found;
    };
    const isNew = (given: ReadonlySet<string>, key: string, canWait = false): boolean =>
      !given.has(key) && mayBegin(key, canWait);
    for (const order of work.submit) {
      if (isNew(this.orders, orderKey(order), isEntry(order) && !isWithdrawn(order)))
        of(order.contract.underlying).submit.push(order);
    }
    for (const order of work.replace) {
      if (isNew(this.replaces, replaceKey(order), isEntry(order))) of(order.contract.underlying).replace.push(order);
    }
    for (const order of work.cancel) {
      if (isNew(this.cancels, cancelKey(order))) of(order.contract.underlying).cancel.push(order);
    }
    for (const wanted of this.triggers.changed(state, work.triggers)) {
      if (mayBegin(triggerKey(wanted), false)) of(wanted.underlying).triggers.push(wanted);
    }
    // One fixed order, so that a replay tells the feeds the same things in the same order.
    const ordered = UNDERLYINGS.flatMap((underlying) => {
      const found = works.get(underlying);
      return found === undefined ? [] : [[underlying, found] as const];
    });
    return {
      works: new Map(ordered),
      transfers: work.transfers.filter(({ transferId }) => isNew(this.transfers, transferId, true)),
      isInDoubt: work.lookUp.length > 0,
    };
  }
}

export const orderKey = ({ clientOrderId }: Order): string => clientOrderId;
export const replaceKey = ({ clientOrderId, pendingReplace }: Order): string =>
  `change ${pendingReplace?.modifyId ?? ""} of ${clientOrderId}`;
/** A stray may have to be canceled after its order was canceled before. */
export const cancelKey = ({ clientOrderId, strayAtMs }: Order): string => `cancel ${clientOrderId} ${strayAtMs ?? ""}`;
export const triggerKey = ({ instrumentId }: TriggerWork): string => `triggers of ${instrumentId}`;

const isEntry = ({ purpose }: Order): boolean => purpose === "ENTRY";
/** It ends where it would have been sent. */
const isWithdrawn = ({ status }: Order): boolean => status === "PENDING_CANCEL";

const keep = (given: ReadonlySet<string>, keys: readonly string[]): Set<string> =>
  new Set(keys.filter((key) => given.has(key)));
