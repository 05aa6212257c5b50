// What a list does next, from its terms, its child orders and the time alone. Called after whatever has happened, as often as
// one likes: asking again without anything new asks for nothing. What is sold is asked for only while what protects it is held,
// and what protects is given back only once nothing that it protects is open or on its way.
import type { EpochMs } from "../kernel/time.ts";
import type { ClientOrderId } from "../order/order.ts";
import { type Child, isOver, type LegProgress, netUnitsOf, progressOf } from "./children.ts";
import type { ListStage, OrderList } from "./order-list.ts";
import { attemptId, legParent, sliceId, sliceUnits } from "./slices.ts";

/** A slice is tried again this often after a venue has turned it down or left some of it. */
export const RETRIES_MAX = 3;
/** Orders that give one leg back at once; after that the next price decides. */
export const RETURN_ATTEMPTS_MAX = 3;

/** An order that builds a leg. */
export interface Build {
  readonly clientOrderId: ClientOrderId;
  readonly legIndex: number;
  readonly quantityUnits: number;
}

/** Units of a leg to be given back: bought where it was sold, sold where it was bought. */
export interface GiveBack {
  readonly legIndex: number;
  readonly quantityUnits: number;
}

export interface ListStep {
  /** The stage the list is in from now on, with a reason where it is news. */
  readonly stage: ListStage;
  readonly reason: string | null;
  readonly keptSets: number | null;
  readonly build: readonly Build[];
  readonly cancel: readonly ClientOrderId[];
  readonly giveBack: readonly GiveBack[];
}

/** `heldUnits`: what is really held of each leg, where others may trade the same contracts. */
export function nextStep(
  list: OrderList,
  children: readonly Child[],
  now: EpochMs,
  heldUnits: readonly number[] = [],
): ListStep {
  if (isAtRest(list, children, heldUnits)) return stay(list);
  const legs = progressOf(list, children, heldUnits);
  switch (list.stage) {
    case "WORKING":
      return workOn(list, legs);
    case "PROTECTING":
      return buildLegs(list, legs, now, "BUY");
    case "SELLING":
      return buildLegs(list, legs, now, "SELL");
    case "UNWINDING":
      return unwind(list, legs);
    case "EXITING":
      return leave(list, legs);
    case "FILLED":
      // Left by somebody else: the square-off, a guard, a person; or its units went with the exit of another list that held the
      // same contracts, which is no child of this one. What is held decides.
      return isGivenBack(list, legs, 0) ? stay(list, { stage: "CLOSED" }) : stay(list);
    case "UNWOUND":
    case "CLOSED":
      // A fill that came after the end is money all the same, and is given back.
      return legs.some((leg) => netUnitsOf(leg) > 0) ? unwind({ ...list, keptSets: 0 }, legs) : stay(list);
    default:
      return stay(list);
  }
}

/** Told without counting, for most lists of a day are: held with nothing given back yet, or over with nothing left. */
function isAtRest({ stage, kind, legs }: OrderList, children: readonly Child[], heldUnits: readonly number[]): boolean {
  switch (stage) {
    case "FILLED":
      return (
        kind !== "COMBINATION" ||
        (legs.some((_, legIndex) => heldUnits[legIndex] !== 0) &&
          !children.some(({ legIndex, side, filledUnits }) => filledUnits > 0 && side !== legs[legIndex]?.side))
      );
    case "UNWOUND":
    case "CLOSED":
      return kind !== "COMBINATION" || legs.every((_, legIndex) => heldUnits[legIndex] === 0);
    default:
      return false;
  }
}

const stay = (list: OrderList, change: Partial<ListStep> = {}): ListStep => ({
  stage: list.stage,
  reason: list.reason,
  keptSets: list.keptSets,
  build: [],
  cancel: [],
  giveBack: [],
  ...change,
});

/** One leg, slice by slice; each stands alone, so one that fails for good does not stop the next. */
function workOn(list: OrderList, legs: readonly LegProgress[]): ListStep {
  const [leg] = legs;
  if (leg === undefined) return stay(list, { stage: "ENDED" });
  if (leg.filledUnits >= leg.leg.quantityUnits) return stay(list, { stage: "FILLED" });
  const last = leg.built.at(-1);
  if (last !== undefined && (last.status === "DENIED" || last.status === "EXPIRED"))
    return stay(list, { stage: "ENDED" });
  const next = nextBuild(list, leg, (child) => child.status === "REJECTED");
  if (next === "WAIT") return stay(list);
  return next === "SPENT" ? stay(list, { stage: "ENDED" }) : stay(list, { build: [next] });
}

/** The legs of one side, until they are filled, the time is over or one of them cannot be had. */
function buildLegs(list: OrderList, legs: readonly LegProgress[], now: EpochMs, side: "BUY" | "SELL"): ListStep {
  const stage = side === "BUY" ? "PROTECTING" : "SELLING";
  const ofSide = legs.filter((leg) => leg.leg.side === side);
  const open = ofSide.filter((leg) => leg.filledUnits < leg.leg.quantityUnits);
  if (open.length === 0) {
    return side === "BUY" && legs.some((leg) => leg.leg.side === "SELL")
      ? buildLegs({ ...list, stage: "SELLING" }, legs, now, "SELL")
      : stay(list, { stage: "FILLED", reason: null });
  }
  if (list.completeByMs !== null && now >= list.completeByMs) {
    return giveUp(list, legs, `not complete at its deadline: ${missingWords(open)}`);
  }
  const build: Build[] = [];
  for (const leg of open) {
    if (leg.built.some((child) => child.status === "DENIED"))
      return giveUp(list, legs, `denied: ${missingWords([leg])}`);
    const next = nextBuild(list, leg, () => true);
    if (next === "SPENT") return giveUp(list, legs, `tried ${RETRIES_MAX + 1} times: ${missingWords([leg])}`);
    if (next !== "WAIT") build.push(next);
  }
  return stay(list, { stage, build });
}

/**
 * The next slice of a leg, or the next attempt at one. Slices follow one another: while one is under way the next waits.
 * `canRetry` says whether what a slice has left is asked for again.
 */
function nextBuild(
  list: OrderList,
  { legIndex, leg, built }: LegProgress,
  canRetry: (child: Child) => boolean,
): Build | "WAIT" | "SPENT" {
  const parent = legParent(list, legIndex);
  const sizes = sliceUnits(leg.quantityUnits, leg.contract);
  for (const [index, size] of sizes.entries()) {
    const name = sliceId(parent, index + 1);
    const attempts = built.filter(
      ({ clientOrderId }) => clientOrderId === name || clientOrderId.startsWith(`${name}_r`),
    );
    const last = attempts.at(-1);
    if (last === undefined) return { clientOrderId: name, legIndex, quantityUnits: size };
    if (!isOver(last)) return "WAIT";
    const leftUnits = size - attempts.reduce((sum, child) => sum + child.filledUnits, 0);
    if (leftUnits <= 0 || !canRetry(last)) continue;
    if (attempts.length <= RETRIES_MAX) {
      // What is left of a slice of whole lots is whole lots, unless a venue has dealt an odd part of one.
      const quantityUnits = Math.floor(leftUnits / leg.contract.lotSize) * leg.contract.lotSize;
      if (quantityUnits > 0) return { clientOrderId: attemptId(name, attempts.length), legIndex, quantityUnits };
    }
    if (list.kind === "COMBINATION") return "SPENT";
  }
  return "SPENT";
}

function giveUp(list: OrderList, legs: readonly LegProgress[], reason: string): ListStep {
  const step = unwind({ ...list, stage: "UNWINDING", reason }, legs);
  return { ...step, reason };
}

/**
 * Nothing more is built. Shorts beyond what is kept are covered at once, each as it is known; longs are released when no short
 * beyond what is kept is open and no sale is under way any more.
 */
function unwind(list: OrderList, legs: readonly LegProgress[]): ListStep {
  const cancel = workingOf(legs);
  const isSettled = cancel.length === 0;
  const keptSets = list.keptSets ?? (list.onIncomplete === "UNWIND" ? 0 : isSettled ? completeSets(list, legs) : null);
  const stage: ListStep["stage"] = "UNWINDING";
  if (keptSets === null) return stay(list, { stage, cancel });
  const giveBack = giveBackBeyond(list, legs, keptSets);
  const isDone =
    isSettled && giveBack.every(({ quantityUnits }) => quantityUnits === 0) && isGivenBack(list, legs, keptSets);
  if (isDone) return stay(list, { stage: keptSets > 0 ? "FILLED" : "UNWOUND", keptSets });
  return stay(list, { stage, keptSets, cancel, giveBack: giveBack.filter(({ quantityUnits }) => quantityUnits > 0) });
}

/** A filled list on its way out: the same order of things, down to nothing. */
function leave(list: OrderList, legs: readonly LegProgress[]): ListStep {
  const cancel = workingOf(legs);
  const giveBack = giveBackBeyond(list, legs, 0);
  if (cancel.length === 0 && isGivenBack(list, legs, 0)) return stay(list, { stage: "CLOSED" });
  return stay(list, { cancel, giveBack: giveBack.filter(({ quantityUnits }) => quantityUnits > 0) });
}

function giveBackBeyond(list: OrderList, legs: readonly LegProgress[], keptSets: number): readonly GiveBack[] {
  const beyond = (leg: LegProgress): number =>
    Math.max(0, netUnitsOf(leg) - leg.returningUnits - keptUnits(list, leg, keptSets));
  const shorts = legs.filter(({ leg }) => leg.side === "SELL");
  const isShortSideDone = shorts.every(
    (leg) => leg.workingUnits === 0 && netUnitsOf(leg) <= keptUnits(list, leg, keptSets),
  );
  return legs
    .filter(({ leg }) => leg.side === "SELL" || isShortSideDone)
    .map((leg) => ({ legIndex: leg.legIndex, quantityUnits: beyond(leg) }));
}

const isGivenBack = (list: OrderList, legs: readonly LegProgress[], keptSets: number): boolean =>
  legs.every((leg) => leg.returningUnits === 0 && netUnitsOf(leg) <= keptUnits(list, leg, keptSets));

const keptUnits = (list: OrderList, { leg }: LegProgress, keptSets: number): number =>
  (leg.quantityUnits / list.sets) * keptSets;

/**
 * Sets of which every leg is held. None where more of a leg has gone than the list had dealt: its exit takes what others hold of
 * the contract along, and a list that kept less than nothing would never be over.
 */
const completeSets = (list: OrderList, legs: readonly LegProgress[]): number =>
  Math.max(0, Math.min(...legs.map((leg) => Math.floor(netUnitsOf(leg) / (leg.leg.quantityUnits / list.sets)))));

const workingOf = (legs: readonly LegProgress[]): readonly ClientOrderId[] =>
  legs.flatMap(({ built }) => built.filter((child) => !isOver(child)).map(({ clientOrderId }) => clientOrderId));

const missingWords = (legs: readonly LegProgress[]): string =>
  legs
    .map(({ leg, filledUnits }) => `${filledUnits} of ${leg.quantityUnits} ${leg.contract.instrumentId} dealt`)
    .join(", ");
