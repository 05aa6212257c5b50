// What a list's child orders have done so far, leg by leg, counted from quantities and never from status words.
import { isOver as isOrderOver, type Order, possibleUnits } from "../order/order.ts";
import type { ListLeg, OrderList } from "./order-list.ts";

/** What the steps of a list look at in a child order. */
export type Child = Pick<
  Order,
  | "clientOrderId"
  | "side"
  | "purpose"
  | "quantityUnits"
  | "filledUnits"
  | "status"
  | "strayAtMs"
  | "endedUnits"
  | "pendingReplace"
> & {
  readonly legIndex: number;
};

export interface LegProgress {
  readonly legIndex: number;
  readonly leg: ListLeg;
  /** Filled by orders that build the leg, and by orders that take it back. */
  readonly filledUnits: number;
  readonly returnedUnits: number;
  /** Of orders under way that build it, and that take it back: what is not filled of them. */
  readonly workingUnits: number;
  readonly returningUnits: number;
  /** What the account really holds on the leg's side; somebody else may have sold or covered some of it. */
  readonly heldUnits: number;
  /** Orders that build it, in the order they were made. */
  readonly built: readonly Child[];
  readonly returned: readonly Child[];
}

export const isOver = (child: Child): boolean => isOrderOver(child);

/** Whether the child builds its leg; the others take it back. */
const builds = (leg: ListLeg, child: Child): boolean => child.side === leg.side;

export function progressOf(
  list: Pick<OrderList, "legs">,
  children: readonly Child[],
  heldUnits: readonly number[] = [],
): readonly LegProgress[] {
  return list.legs.map((leg, legIndex) => {
    const ofLeg = children.filter((child) => child.legIndex === legIndex);
    const built = ofLeg.filter((child) => builds(leg, child));
    const returned = ofLeg.filter((child) => !builds(leg, child));
    return {
      legIndex,
      leg,
      filledUnits: sum(built, (child) => child.filledUnits),
      returnedUnits: sum(returned, (child) => child.filledUnits),
      workingUnits: sum(built, possibleUnits),
      returningUnits: sum(returned, possibleUnits),
      heldUnits: heldUnits[legIndex] ?? Number.POSITIVE_INFINITY,
      built,
      returned,
    };
  });
}

/** Held of the leg now: what was built less what was taken back, and never more than is really held. */
export const netUnitsOf = ({ filledUnits, returnedUnits, heldUnits }: LegProgress): number =>
  Math.min(filledUnits - returnedUnits, heldUnits);

const sum = (children: readonly Child[], of: (child: Child) => number): number =>
  children.reduce((total, child) => total + of(child), 0);
