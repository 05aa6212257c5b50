// What must hold of every account at every moment, checked from its state alone. A broken one means that the program or the
// record is wrong; the account is then read-only until a person has looked.
import { subtractPaise, sumPaise } from "../kernel/money.ts";
import { isTerminal, type Order } from "../order/order.ts";
import { factsOf } from "../order/status.ts";
import { isFlat } from "./evolve.ts";
import { reservedFor } from "./evolve-order.ts";
import { finishedSent } from "./finished-orders.ts";
import type { AccountState, DayState, ExitPlan, OpenTrade } from "./state.ts";

/** One sentence for each invariant that does not hold; empty for a sound account. */
export function brokenInvariants(state: AccountState): string[] {
  const orders = Object.values(state.orders);
  const trades = Object.values(state.openTrades);
  return [
    ...balances(state),
    ...orders.flatMap(ordersSound),
    ...trades.flatMap(tradesSound),
    ...positionsMatchFills(state, orders),
    ...(state.day === null ? withoutDay(state) : daySound(state, state.day, orders)),
  ];
}

const claim = (holds: boolean, broken: string): string[] => (holds ? [] : [broken]);

const balances = ({ savingsPaise, taxLockPaise, profile, sequence }: AccountState): string[] => [
  ...claim(savingsPaise >= 0, `savings are negative: ${savingsPaise}`),
  ...claim(taxLockPaise >= 0, `the tax lock is negative: ${taxLockPaise}`),
  ...claim((profile === null) === (sequence === 0), "an account is open from its first event on"),
];

const ordersSound = (order: Order): string[] => [
  ...claim(
    order.reservedPaise === (order.status === "DENIED" ? 0 : reservedFor(order, order.status, order.filledUnits)),
    `${order.clientOrderId} reserves ${order.reservedPaise}`,
  ),
  ...claim(order.filledUnits >= 0, `${order.clientOrderId} has ${order.filledUnits} units filled`),
  // A venue may deal more than was ordered. That is a fact and no fault of the record: cash and position follow it.
  ...claim(
    (order.status === "FILLED") === factsOf(order).isComplete,
    `${order.clientOrderId} is ${order.status} with ${order.filledUnits} of ${order.quantityUnits} units`,
  ),
  ...claim(
    (order.status !== "PENDING_REPLACE" || order.pendingReplace !== undefined) &&
      (!isTerminal(order.status) || order.pendingReplace === undefined),
    `${order.clientOrderId} is ${order.status} and its replacement says otherwise`,
  ),
  ...claim(
    (order.status === "UNKNOWN") !== (order.unknownSinceMs === undefined) || order.status === "PENDING_CANCEL",
    `${order.clientOrderId} is ${order.status} and the doubt about it says otherwise`,
  ),
];

function tradesSound({ position, triggers, exitPlan }: OpenTrade): string[] {
  const { instrumentId } = position.contract;
  return [
    ...claim(position.netUnits !== 0, `${instrumentId} is open with nothing in it`),
    ...claim(
      new Set(triggers.map(({ kind, levelPaise }) => (kind === "SCALE_OUT" ? `${kind} ${levelPaise}` : kind))).size ===
        triggers.length,
      `${instrumentId} has a trigger twice`,
    ),
    ...claim(
      (exitPlan?.targets ?? []).every(({ units }) => units > 0),
      `${instrumentId} has a target with nothing in it`,
    ),
    ...claim(exitPlan === null || isOrdered(exitPlan, position.netUnits), `${instrumentId} stops beyond its target`),
  ];
}

/** A stop lies on the losing side of the target. */
const isOrdered = ({ stopPaise, targetPaise }: ExitPlan, netUnits: number): boolean =>
  stopPaise === null || targetPaise === null || (netUnits > 0 ? stopPaise < targetPaise : stopPaise > targetPaise);

function positionsMatchFills(state: AccountState, orders: readonly Order[]): string[] {
  const net = new Map<string, number>();
  for (const { contract, side, filledUnits } of orders) {
    const signed = side === "BUY" ? filledUnits : -filledUnits;
    net.set(contract.instrumentId, (net.get(contract.instrumentId) ?? 0) + signed);
  }
  for (const { position } of Object.values(state.openTrades)) {
    const { instrumentId } = position.contract;
    net.set(instrumentId, (net.get(instrumentId) ?? 0) - position.netUnits);
  }
  return [...net].flatMap(([id, difference]) =>
    claim(difference === 0, `${id} differs from its fills by ${difference}`),
  );
}

function daySound(state: AccountState, day: DayState, orders: readonly Order[]): string[] {
  const sent = orders.filter(({ status }) => status !== "DENIED").length + finishedSent(state);
  const dealt = orders.filter(({ purpose, filledUnits }) => purpose === "ENTRY" && filledUnits > 0);
  const entries = [...new Set(dealt.map(({ clientOrderId, listId }) => listId ?? clientOrderId))];
  const soldLessBought = sumPaise(orders, (order) =>
    order.side === "SELL"
      ? order.filledValuePaise
      : subtractPaise(0 as Order["filledValuePaise"], order.filledValuePaise),
  );
  const openCost = sumPaise(Object.values(state.openTrades), ({ position }) => position.costPaise);
  return [
    ...claim(
      day.realisedPaise === soldLessBought + openCost,
      "realised differs from what was sold less what was bought",
    ),
    ...claim(day.ordersSubmitted === sent, `${sent} orders were sent, ${day.ordersSubmitted} are counted`),
    ...claim(day.trades === entries.length, `${entries.length} entries dealt, ${day.trades} are counted`),
    ...claim(
      isFlat(state) || (day.status !== "FLAT" && day.status !== "CLOSED"),
      `the day is ${day.status} and not flat`,
    ),
    ...claim(day.status !== "CLOSED" || day.final !== null, "the day is closed without a final settlement"),
  ];
}

const withoutDay = (state: AccountState): string[] => [
  ...claim(Object.keys(state.orders).length === 0, "there are orders without a day"),
  ...claim(Object.keys(state.openTrades).length === 0, "there are positions without a day"),
];
