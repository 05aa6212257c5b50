// Leaving a position in parts: each target of its plan gives some whole lots of it. What a target may give follows from what is
// held and what is on its way out already, so all of them together never ask for more than there is.
import type { InstrumentId } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import { isOver, type Order, openUnits } from "../order/order.ts";
import type { Position } from "../position/position.ts";
import { closableUnits, hasExitUnderWay } from "../risk/trade-counts.ts";
import { exitsUnderWay, isResting } from "../risk/working-orders.ts";
import type { AccountState, ExitPlan, OpenTrade, ScaleTarget } from "./state.ts";

/** Attempts of one target that dealt nothing; after that only the stop, the time or a person gives its lots. */
const FAILURES_MAX = 20;

/** What each target may give now, the nearest first: whole lots of what nothing else is taking out. */
export function partsToGive(state: AccountState, { position, exitPlan }: OpenTrade): readonly ScaleTarget[] {
  const { instrumentId, lotSize } = position.contract;
  const targets = exitPlan?.targets ?? [];
  if (targets.length === 0) return [];
  const orders = partOrders(state, position);
  let left = Math.abs(closableUnits(state, instrumentId));
  const parts: ScaleTarget[] = [];
  for (const { pricePaise, units } of targets) {
    const own = orders.filter(({ exitTargetPaise }) => exitTargetPaise === pricePaise);
    // The slices of one attempt are given at one instant.
    const missed = own
      .filter((order) => isOver(order) && order.filledUnits === 0)
      .map(({ createdAtMs }) => createdAtMs);
    if (new Set(missed).size >= FAILURES_MAX) continue;
    const underWay = own.reduce((sum, order) => sum + (isOver(order) ? 0 : openUnits(order)), 0);
    const given = wholeLots(Math.min(units - underWay, left), lotSize);
    if (given === 0) continue;
    left -= given;
    parts.push({ pricePaise, units: given });
  }
  return parts;
}

/** An exit that leaves a part at one of several targets; its attempts and its end say nothing about the rest. */
export const isPart = ({ exitTargetPaise }: Pick<Order, "exitTargetPaise">): boolean => exitTargetPaise !== undefined;

/** Whether parts are on their way out with something left beside them: what is left is then guarded as if nothing were. */
export function leavesInParts(state: AccountState, instrumentId: InstrumentId): boolean {
  const exits = exitsUnderWay(state, instrumentId);
  return (
    exits.some(isPart) &&
    exits.every((order) => isPart(order) || isResting(order)) &&
    closableUnits(state, instrumentId) !== 0
  );
}

/** Whether it is on its way out, and not only parts of it. */
export const isLeavingWhole = (state: AccountState, instrumentId: InstrumentId): boolean =>
  hasExitUnderWay(state, instrumentId) && !leavesInParts(state, instrumentId);

/** The plan once units of one of its targets have dealt; null where that changes none, or nothing is left to be planned for. */
export function planAfterPart(
  { position, exitPlan }: OpenTrade,
  { exitTargetPaise, createdAtMs }: Pick<Order, "exitTargetPaise" | "createdAtMs">,
  dealtUnits: number,
  after: Position,
): ExitPlan | null {
  if (exitPlan?.targets === undefined || exitTargetPaise === undefined) return null;
  // A late execution of a position that had been left before says nothing about this one.
  if (createdAtMs < position.openedAtMs || Math.sign(after.netUnits) !== Math.sign(position.netUnits)) return null;
  const { targets, ...rest } = exitPlan;
  const left = targets
    .map((target) => (target.pricePaise === exitTargetPaise ? { ...target, units: target.units - dealtUnits } : target))
    // Less than a lot cannot be given any more.
    .filter(({ units }) => units >= position.contract.lotSize);
  return left.length === 0 ? rest : { ...rest, targets: left };
}

/** The same targets elsewhere: of a trade that is entered again. */
export const shiftedTargets = (
  targets: readonly ScaleTarget[],
  shifted: (levelPaise: Paise) => Paise | null,
): readonly ScaleTarget[] =>
  targets.flatMap(({ pricePaise, units }) => {
    const price = shifted(pricePaise);
    return price === null ? [] : [{ pricePaise: price, units }];
  });

const partOrders = (state: AccountState, { contract, openedAtMs }: Position): readonly Order[] =>
  Object.values(state.orders).filter(
    (order) =>
      isPart(order) && order.contract.instrumentId === contract.instrumentId && order.createdAtMs >= openedAtMs,
  );

const wholeLots = (units: number, lotSize: number): number => Math.max(0, Math.floor(units / lotSize)) * lotSize;
