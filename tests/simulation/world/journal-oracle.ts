// The limits of an account once more, from its journal alone and in the journal's own order: whatever was decided must have been
// allowed by what was written before it. A second, simple reading of the rules; nothing of the program's own counting is used.
import type { AccountEvent, JournalEntry } from "../../../src/core/account/event.ts";
import type { AccountLimits } from "../../../src/core/account/profile.ts";
import type { OrderTerms } from "../../../src/core/order/order.ts";
import { isOfCombination, openName, tradeName } from "./trade-name.ts";

interface Known {
  readonly terms: OrderTerms;
  quantityUnits: number;
  pendingUnits: number | null;
  filledUnits: number;
  /** What the venue has said it dealt in all, where its end came before its fills. */
  endedUnits?: number | undefined;
  isOver: boolean;
}

interface Held {
  /** What it was opened as: a list counts once, with all that it holds. */
  name: string;
  units: number;
  costPaise: number;
}

const ENDS = new Set(["ORDER_REJECTED", "ORDER_CANCELED", "ORDER_EXPIRED"]);

export class JournalOracle {
  readonly faults: string[] = [];
  readonly #orders = new Map<string, Known>();
  readonly #held = new Map<string, Held>();
  readonly #executions = new Set<string>();
  #limits: AccountLimits | null = null;
  #vixTradesMax = 0;
  #trades = 0;
  #byCycle = new Map<string, number>();
  #resultPaise = 0;
  #tradingState = "ACTIVE";
  #isOpen = false;
  #sequence = 0;

  constructor(entries: Iterable<JournalEntry>) {
    for (const entry of entries) {
      if (entry.sequence !== this.#sequence + 1) this.#fault(`sequence ${entry.sequence} follows ${this.#sequence}`);
      this.#sequence = entry.sequence;
      this.#take(entry.event);
    }
  }

  #take(event: AccountEvent): void {
    switch (event.type) {
      case "ACCOUNT_OPENED":
        this.#limits = event.profile.limits;
        return;
      case "LIMITS_CHANGED":
        this.#limits = event.limits;
        return;
      case "DAY_OPENED":
        this.#newDay(event.vixTradesMax);
        return;
      case "WINDOW_RUN":
        this.#vixTradesMax = event.vixTradesMax;
        return;
      case "EXIT_ONLY_ENTERED":
      case "SQUARE_OFF_STARTED":
        this.#isOpen = false;
        return;
      case "TRADING_STATE_CHANGED":
        this.#tradingState = event.state;
        return;
      case "ORDER_SUBMITTED":
        this.#submitted(event.terms);
        return;
      case "ORDER_FILLED":
        this.#filled(event);
        return;
      case "REPLACE_REQUESTED":
        this.#replacing(event.clientOrderId, event.replace.quantityUnits);
        return;
      case "REPLACE_REJECTED":
        this.#replacing(event.clientOrderId, null);
        return;
      case "ORDER_REPLACED":
        this.#replacing(event.clientOrderId, null, event.terms.quantityUnits);
        return;
      default:
        if (ENDS.has(event.type) && "clientOrderId" in event) {
          const order = this.#orders.get(event.clientOrderId);
          if (order === undefined) return;
          order.isOver = true;
          if ("filledUnits" in event) order.endedUnits = event.filledUnits;
        }
    }
  }

  /** The larger of the quantities is what may still deal while a replacement is under way. */
  #replacing(clientOrderId: string, pendingUnits: number | null, nowUnits?: number): void {
    const order = this.#orders.get(clientOrderId);
    if (order === undefined) return;
    order.pendingUnits = pendingUnits;
    if (nowUnits !== undefined) order.quantityUnits = nowUnits;
    if (order.filledUnits >= order.quantityUnits) order.isOver = true;
  }

  #newDay(vixTradesMax: number): void {
    if ([...this.#held.values()].some(({ units }) => units !== 0)) this.#fault("a new day opens on open positions");
    this.#orders.clear();
    this.#held.clear();
    this.#executions.clear();
    this.#byCycle.clear();
    this.#trades = 0;
    this.#resultPaise = 0;
    this.#isOpen = true;
    this.#vixTradesMax = vixTradesMax;
  }

  #submitted(terms: OrderTerms): void {
    const { clientOrderId, contract } = terms;
    if (this.#orders.has(clientOrderId)) this.#fault(`${clientOrderId} was submitted twice`);
    if (terms.purpose === "EXIT") this.#exit(terms);
    else this.#entry(terms);
    if (terms.quantityUnits % contract.lotSize !== 0) this.#fault(`${clientOrderId} is not in whole lots`);
    this.#orders.set(clientOrderId, {
      terms,
      quantityUnits: terms.quantityUnits,
      pendingUnits: null,
      filledUnits: 0,
      isOver: false,
    });
  }

  #exit({ clientOrderId, contract, quantityUnits, side }: OrderTerms): void {
    const heldUnits = this.#held.get(contract.instrumentId)?.units ?? 0;
    let leaving = 0;
    for (const { terms, filledUnits, endedUnits, isOver, ...order } of this.#orders.values()) {
      const mostUnits = Math.max(order.quantityUnits, order.pendingUnits ?? 0);
      if (terms.purpose !== "EXIT" || terms.contract.instrumentId !== contract.instrumentId) continue;
      leaving += Math.max(0, (isOver ? (endedUnits ?? 0) : mostUnits) - filledUnits);
    }
    const free = Math.abs(heldUnits) - leaving;
    const closes = side === "SELL" ? heldUnits > 0 : heldUnits < 0;
    if (!closes || quantityUnits > free)
      this.#fault(`${clientOrderId} ${side} ${quantityUnits} as an exit; ${heldUnits} are held, ${leaving} leaving`);
  }

  #entry(terms: OrderTerms): void {
    const { clientOrderId, contract, cycleId } = terms;
    const limits = this.#limits;
    if (limits === null) {
      this.#fault(`${clientOrderId} before the account was opened`);
      return;
    }
    if (this.#tradingState !== "ACTIVE") this.#fault(`${clientOrderId} is an entry while ${this.#tradingState}`);
    if (!this.#isOpen) this.#fault(`${clientOrderId} is an entry after entries were closed`);
    const entries = [...this.#orders.values()].filter((order) => order.terms.purpose === "ENTRY");
    const name = tradeName(clientOrderId);
    const dealt = new Set(
      entries.filter((order) => order.filledUnits > 0).map((order) => tradeName(order.terms.clientOrderId)),
    );
    // The next slice of a trade that has been counted is no further one.
    if (entries.some((order) => order.terms.clientOrderId !== name && tradeName(order.terms.clientOrderId) === name))
      return;
    const pending = entries.filter(
      (order) => !order.isOver && order.filledUnits === 0 && !dealt.has(tradeName(order.terms.clientOrderId)),
    );
    const tradesMax = Math.min(limits.tradesPerDayMax, this.#vixTradesMax);
    const trades = this.#trades + intentsOf(pending);
    if (trades >= tradesMax) this.#fault(`${clientOrderId} is trade ${trades + 1} of ${tradesMax}`);
    const key = `${cycleId}/${contract.underlying}`;
    const inCycle =
      (this.#byCycle.get(key) ?? 0) +
      intentsOf(pending.filter((order) => `${order.terms.cycleId}/${order.terms.contract.underlying}` === key));
    if (cycleId !== null && inCycle >= limits.tradesPerCycleMax)
      this.#fault(`${clientOrderId} is trade ${inCycle + 1} in ${key}`);
    const open = new Set<string>();
    for (const { units, name: opened } of this.#held.values()) if (units !== 0) open.add(opened);
    // More of what is held, on the side on which it is held, is no further trade; what goes against it is, and a combination.
    const addsToHeld = ({ clientOrderId: id, contract: { instrumentId }, side }: OrderTerms): boolean => {
      const units = this.#held.get(instrumentId)?.units ?? 0;
      return !isOfCombination(id) && (side === "BUY" ? units > 0 : units < 0);
    };
    // Also by what an order that has dealt in part may still deal: what it had opened may have been left meanwhile.
    for (const { terms: other, isOver } of entries)
      if (!isOver && !addsToHeld(other)) open.add(openName(other.clientOrderId, other.contract.instrumentId));
    const isMore =
      addsToHeld(terms) ||
      open.has(openName(clientOrderId, contract.instrumentId)) ||
      (!isOfCombination(clientOrderId) && open.has(contract.instrumentId));
    if (!isMore && open.size >= limits.openTradesMax)
      this.#fault(
        `${clientOrderId} opens trade ${open.size + 1} of ${limits.openTradesMax}, beside ${[...open].join(" ")}`,
      );
    if (!limits.allowedUnderlyings.includes(contract.underlying))
      this.#fault(`${clientOrderId} trades ${contract.underlying}`);
    const valuePaise = terms.limitPricePaise * terms.quantityUnits;
    if (valuePaise > limits.orderValueMaxPaise)
      this.#fault(`${clientOrderId} is worth ${valuePaise} of ${limits.orderValueMaxPaise} paise`);
    if (this.#resultPaise <= -limits.dailyLossMaxPaise)
      this.#fault(`${clientOrderId} after the day has lost ${-this.#resultPaise} paise`);
  }

  #filled({
    clientOrderId,
    fill,
    accruedChargesPaise,
  }: Extract<AccountEvent, { readonly type: "ORDER_FILLED" }>): void {
    if (this.#executions.has(fill.executionId)) this.#fault(`${fill.executionId} was booked twice`);
    this.#executions.add(fill.executionId);
    const order = this.#orders.get(clientOrderId);
    if (order === undefined) {
      this.#fault(`${clientOrderId} dealt without being submitted`);
      return;
    }
    const { contract, side, purpose, cycleId } = order.terms;
    const name = tradeName(clientOrderId);
    const isFirst = ![...this.#orders.values()].some(
      (other) =>
        other.filledUnits > 0 && other.terms.purpose === "ENTRY" && tradeName(other.terms.clientOrderId) === name,
    );
    if (isFirst && purpose === "ENTRY") {
      this.#trades += 1;
      const key = `${cycleId}/${contract.underlying}`;
      if (cycleId !== null) this.#byCycle.set(key, (this.#byCycle.get(key) ?? 0) + 1);
    }
    order.filledUnits += fill.units;
    if (order.filledUnits >= Math.max(order.quantityUnits, order.pendingUnits ?? 0)) order.isOver = true;
    const held = this.#held.get(contract.instrumentId) ?? { name: "", units: 0, costPaise: 0 };
    const signed = side === "BUY" ? fill.units : -fill.units;
    const closed = Math.sign(signed) === -Math.sign(held.units) ? Math.min(Math.abs(signed), Math.abs(held.units)) : 0;
    const closedCost = closed === 0 ? 0 : (held.costPaise * closed) / Math.abs(held.units);
    this.#resultPaise += Math.sign(held.units) * closed * fill.pricePaise - closedCost - accruedChargesPaise;
    held.costPaise += Math.sign(signed) * (Math.abs(signed) - closed) * fill.pricePaise - closedCost;
    // Opened, or turned into its opposite: by this order.
    if (Math.sign(held.units + signed) !== Math.sign(held.units))
      held.name = openName(clientOrderId, contract.instrumentId);
    held.units += signed;
    this.#held.set(contract.instrumentId, held);
  }

  #fault(what: string): void {
    if (this.faults.length < 50) this.faults.push(`journal ${this.#sequence}: ${what}`);
  }
}

/** However many slices and legs of one are out at the same time, it is one trade. */
const intentsOf = (orders: readonly Known[]): number =>
  new Set(orders.map(({ terms }) => tradeName(terms.clientOrderId))).size;
