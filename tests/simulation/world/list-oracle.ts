// Order lists once more, from the journal alone: what is called filled has been dealt in every leg, nothing is sold before what
// protects it is held, and no list is left half-way when the day ends.
import type { JournalEntry } from "../../../src/core/account/event.ts";
import type { OrderTerms } from "../../../src/core/order/order.ts";
import type { OrderListTerms } from "../../../src/core/order-list/order-list.ts";

interface Followed {
  readonly terms: OrderListTerms;
  stage: string;
  /** Units its own entries have dealt, by leg. */
  readonly dealtUnits: number[];
}

const UNDER_WAY = new Set(["PROTECTING", "SELLING", "WORKING", "UNWINDING", "EXITING"]);

export interface ListFindings {
  readonly faults: readonly string[];
  readonly unresolved: readonly string[];
  /** How combinations ended, by stage; and the sliced orders. */
  readonly ends: Readonly<Record<string, number>>;
}

export function listsIn(journal: readonly JournalEntry[]): ListFindings {
  const [faults, unresolved]: string[][] = [[], []];
  const ends: Record<string, number> = {};
  const lists = new Map<string, Followed>();
  const orders = new Map<string, OrderTerms>();
  for (const { event, sequence } of journal) {
    if (event.type === "DAY_OPENED") orders.clear();
    else if (event.type === "LIST_SUBMITTED") {
      const stage = event.terms.kind === "SLICED" ? "WORKING" : "PROTECTING";
      lists.set(event.terms.listId, { terms: event.terms, stage, dealtUnits: event.terms.legs.map(() => 0) });
    } else if (event.type === "LIST_MOVED") {
      const list = lists.get(event.listId);
      if (list === undefined) faults?.push(`${sequence}: list ${event.listId} moves and was never submitted`);
      else {
        list.stage = event.stage;
        if (event.stage === "FILLED")
          faults?.push(...unfilled(list, event.keptSets).map((text) => `${sequence}: ${text}`));
      }
    } else if (event.type === "ORDER_SUBMITTED") {
      orders.set(event.terms.clientOrderId, event.terms);
      faults?.push(...unprotected(lists, event.terms).map((text) => `${sequence}: ${text}`));
    } else if (event.type === "ORDER_FILLED") {
      const terms = orders.get(event.clientOrderId);
      const list = terms?.listId === undefined ? undefined : lists.get(terms.listId);
      const legIndex = terms?.legIndex ?? 0;
      if (list !== undefined && terms?.purpose === list.terms.purpose)
        list.dealtUnits[legIndex] = (list.dealtUnits[legIndex] ?? 0) + event.fill.units;
    } else if (event.type === "DAY_CLOSED") {
      for (const [listId, { stage, terms }] of lists) {
        const name = `${terms.kind === "SLICED" ? "SLICED" : terms.structure} ${stage}`;
        ends[name] = (ends[name] ?? 0) + 1;
        if (UNDER_WAY.has(stage)) unresolved?.push(`list ${listId} is ${stage}`);
      }
      lists.clear();
    }
  }
  return { faults: faults ?? [], unresolved: unresolved ?? [], ends };
}

/** Every leg of what is called filled, in the ratio that is kept. */
function unfilled({ terms, dealtUnits }: Followed, keptSets: number | null): string[] {
  if (terms.kind === "SLICED") return [];
  const sets = keptSets ?? terms.sets;
  return terms.legs.flatMap(({ quantityUnits }, index) => {
    const wanted = (quantityUnits / terms.sets) * sets;
    const dealt = dealtUnits[index] ?? 0;
    return dealt >= wanted ? [] : [`list ${terms.listId} is called filled with ${dealt} of ${wanted} in leg ${index}`];
  });
}

/** What a combination sells is sent only once all it buys is held. */
function unprotected(lists: ReadonlyMap<string, Followed>, order: OrderTerms): string[] {
  const list = order.listId === undefined ? undefined : lists.get(order.listId);
  if (list === undefined || list.terms.kind === "SLICED" || order.side !== "SELL" || order.purpose !== "ENTRY")
    return [];
  const bought = list.terms.legs.some(
    ({ side, quantityUnits }, index) => side === "BUY" && (list.dealtUnits[index] ?? 0) < quantityUnits,
  );
  return bought ? [`${order.clientOrderId} is sold before all that protects it is held`] : [];
}
