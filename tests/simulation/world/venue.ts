// A venue as unpleasant as real ones, and a stranger to idempotency: the same order sent twice is two orders. It deals in parts,
// deals late, deals too much, turns away what it might take, shows its books late, and is down for a while.
import type { VenueReport } from "../../../src/core/account/command.ts";
import type { Exchange, InstrumentId } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs } from "../../../src/core/kernel/time.ts";
import type { ClientOrderId, Fill, OrderTerms, ReplaceableTerms } from "../../../src/core/order/order.ts";
import { Gateway } from "./gateway.ts";
import type { Market } from "./market.ts";
import type { World } from "./world.ts";

export type VenueStatus = "WORKING" | "WAITING" | "FILLED" | "CANCELED" | "REJECTED" | "EXPIRED";

export interface VenueFill extends Fill {
  /** Dealt after the order's end was told, or beyond its quantity: nobody's fault but the venue's. */
  readonly isVenuesFault: boolean;
  /** When the account heard of it, by a report or from a book that it has read. */
  toldAtMs: number | null;
  /** Ascends in the order in which the account heard of them. */
  toldNo: number;
}

/** A fill as the venue tells it. */
export const asTold = ({ isVenuesFault: _fault, toldAtMs: _told, toldNo: _no, ...fill }: VenueFill): Fill => fill;

export interface VenueOrder {
  readonly accountId: string;
  readonly venueOrderId: string;
  readonly date: string;
  readonly receivedAtMs: number;
  /** When the account gave it, by the exchange's clock. */
  readonly givenAtMs: number;
  terms: OrderTerms;
  status: VenueStatus;
  hasArrived: boolean;
  quantityUnits: number;
  limitPricePaise: number;
  triggerPricePaise: number | null;
  filledUnits: number;
  rejectReason: string | null;
  readonly fills: VenueFill[];
  readonly reports: VenueReport[];
  /** From then on the order book shows it. */
  readonly visibleAtMs: number;
  /** It was held back on its way: that it comes now is nobody's fault but the venue's. */
  readonly isHeldBack: boolean;
}

export interface VenueListener {
  /** An order, or what it has been changed to; `cameAtMs` is when the request came in. */
  received(order: VenueOrder, cameAtMs: number): void;
  dealt(order: VenueOrder, fill: VenueFill): void;
  told(order: VenueOrder, reports: readonly VenueReport[]): void;
  refusedForRate(accountId: string, exchange: Exchange): void;
}

export interface Outage {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What the venue answers at once. */
export type Taken =
  | { readonly kind: "ACCEPTED"; readonly venueOrderId: string }
  | { readonly kind: "REFUSED"; readonly code: string };

const ORDERS_PER_SECOND_MAX = 10;
/** Limits further from the market than this are turned away. */
const BAND = 0.4;
const BAND_FLOOR_PAISE = 20_00;

export class Venue {
  readonly orders: VenueOrder[] = [];
  /** Everything dealt, in the order of its time. */
  readonly dealings: { readonly order: VenueOrder; readonly fill: VenueFill }[] = [];
  readonly #live = new Set<VenueOrder>();
  readonly #replaced = new Set<string>();
  readonly #byTag = new Map<string, VenueOrder[]>();
  readonly #sentAtMs = new Map<string, number[]>();
  readonly #world: World;
  readonly #market: Market;
  readonly #listener: VenueListener;
  /** How long an order may be missing from the book at most. */
  readonly #bookLagMaxMs: number;
  #toldNo = 0;
  openMs = 0;
  closeMs = 0;
  date = "";
  downUntilMs = 0;
  /** Every time at which it was down, or took nothing, by the exchange's clock. */
  readonly outages: Outage[] = [];
  readonly gateway: Gateway;
  /** While the account still relies on it: the same client order id again is the same order. */
  readonly isIdempotent: boolean;

  constructor(
    world: World,
    market: Market,
    listener: VenueListener,
    options: { readonly isIdempotent: boolean; readonly bookLagMaxMs: number },
  ) {
    this.#world = world;
    this.#market = market;
    this.#listener = listener;
    this.isIdempotent = options.isIdempotent;
    this.#bookLagMaxMs = options.bookLagMaxMs;
    this.gateway = new Gateway(world);
  }

  get isDown(): boolean {
    return this.downUntilMs > this.#world.nowMs;
  }

  goDown(untilMs: number): void {
    this.downUntilMs = untilMs;
    this.outages.push({ fromMs: this.#world.nowMs, untilMs });
  }

  /** Takes nothing and answers nothing, while its book can be read. */
  getStuck(untilMs: number): void {
    this.gateway.getStuck(untilMs);
    this.outages.push({ fromMs: this.#world.nowMs, untilMs });
  }

  openFor(date: string, openMs: number, closeMs: number): void {
    this.date = date;
    this.openMs = openMs;
    this.closeMs = closeMs;
  }

  submit(accountId: string, terms: OrderTerms, releaseAtMs: number, givenAtMs: number, isHeldBack = false): Taken {
    const world = this.#world;
    if (this.isIdempotent) {
      const known = this.ordersOf(accountId, terms.clientOrderId)[0];
      if (known !== undefined) return { kind: "ACCEPTED", venueOrderId: known.venueOrderId };
    }
    if (!this.#isWithinRate(accountId, terms.contract.exchange, releaseAtMs))
      return { kind: "REFUSED", code: "TOO_MANY_REQUESTS" };
    const order: VenueOrder = {
      accountId,
      venueOrderId: `2${String(world.seed % 100_000).padStart(5, "0")}${String(this.orders.length).padStart(9, "0")}`,
      date: this.date,
      receivedAtMs: world.nowMs,
      givenAtMs,
      terms,
      status: "WORKING",
      hasArrived: false,
      quantityUnits: terms.quantityUnits,
      limitPricePaise: terms.limitPricePaise,
      triggerPricePaise: (terms as { readonly triggerPricePaise?: number | null }).triggerPricePaise ?? null,
      filledUnits: 0,
      rejectReason: null,
      fills: [],
      reports: [],
      visibleAtMs: world.nowMs + (world.strikes("bookLag") ? world.random.below(this.#bookLagMaxMs) : 0),
      isHeldBack,
    };
    this.orders.push(order);
    this.#live.add(order);
    const tag = tagOf(accountId, this.date, terms.clientOrderId);
    this.#byTag.set(tag, [...(this.#byTag.get(tag) ?? []), order]);
    world.trace(
      `venue takes ${terms.clientOrderId} as ${order.venueOrderId}: ${terms.side} ${terms.quantityUnits} ${terms.contract.instrumentId} at ${terms.limitPricePaise} ${terms.type} ${terms.timeInForce} ${terms.purpose}`,
    );
    this.#listener.received(order, world.nowMs);
    world.after(2 + world.random.below(120), `exchange ${order.venueOrderId}`, () => this.#arrive(order));
    return { kind: "ACCEPTED", venueOrderId: order.venueOrderId };
  }

  /** The first order of the id that can still be canceled. */
  cancel(accountId: string, clientOrderId: ClientOrderId): Taken {
    const [order] = this.ordersOf(accountId, clientOrderId);
    if (order === undefined) return { kind: "REFUSED", code: "ORDER_NOT_FOUND" };
    if (!isLive(order)) return { kind: "REFUSED", code: "ORDER_NOT_CANCELABLE" };
    this.#world.after(2 + this.#world.random.below(150), `cancel ${order.venueOrderId}`, () =>
      this.#end(order, "CANCELED", "REQUESTED"),
    );
    return { kind: "ACCEPTED", venueOrderId: order.venueOrderId };
  }

  /** Whether it can be changed shows when the request reaches the exchange. */
  replace(
    accountId: string,
    clientOrderId: ClientOrderId,
    modifyId: string,
    terms: ReplaceableTerms,
    releaseAtMs: number,
  ): Taken {
    const [order] = this.ordersOf(accountId, clientOrderId);
    if (order === undefined) return { kind: "REFUSED", code: "ORDER_NOT_FOUND" };
    const key = `${order.venueOrderId}/${modifyId}`;
    if (this.isIdempotent && this.#replaced.has(key)) return { kind: "ACCEPTED", venueOrderId: order.venueOrderId };
    if (!this.#isWithinRate(accountId, order.terms.contract.exchange, releaseAtMs))
      return { kind: "REFUSED", code: "TOO_MANY_REQUESTS" };
    this.#replaced.add(key);
    const cameAtMs = this.#world.nowMs;
    this.#world.after(2 + this.#world.random.below(150), `replace ${order.venueOrderId}`, () =>
      this.#change(order, modifyId, terms, cameAtMs),
    );
    return { kind: "ACCEPTED", venueOrderId: order.venueOrderId };
  }

  ordersOf(accountId: string, clientOrderId: string): readonly VenueOrder[] {
    return this.#byTag.get(tagOf(accountId, this.date, clientOrderId)) ?? [];
  }

  /** The account has heard of these executions. */
  told(executionIds: readonly string[]): void {
    if (executionIds.length === 0) return;
    const heard = new Map(executionIds.map((executionId, index) => [executionId, this.#toldNo + index]));
    this.#toldNo += executionIds.length;
    for (const order of this.orders)
      for (const fill of order.fills) {
        const no = heard.get(fill.executionId);
        if (no === undefined || fill.toldAtMs !== null) continue;
        fill.toldAtMs = this.#world.nowMs;
        fill.toldNo = no;
      }
  }

  /** What the order book shows now: today's orders, not the newest ones. */
  book(accountId: string): readonly VenueOrder[] {
    return this.orders.filter(
      (order) => order.accountId === accountId && order.date === this.date && order.visibleAtMs <= this.#world.nowMs,
    );
  }

  /** Signed units by instrument, over everything ever dealt. */
  positions(accountId: string): Map<InstrumentId, number> {
    const net = new Map<InstrumentId, number>();
    for (const order of this.orders) {
      if (order.accountId !== accountId || order.filledUnits === 0) continue;
      const { instrumentId } = order.terms.contract;
      const signed = order.terms.side === "BUY" ? order.filledUnits : -order.filledUnits;
      net.set(instrumentId, (net.get(instrumentId) ?? 0) + signed);
    }
    return net;
  }

  live(accountId: string): readonly VenueOrder[] {
    return [...this.#live].filter((order) => order.accountId === accountId);
  }

  /** Deals what the new prices allow. */
  match(): void {
    for (const order of [...this.#live]) {
      if (order.status === "WAITING") this.#wake(order);
      else if (order.hasArrived) this.#deal(order);
    }
  }

  /** The end of the day: what is left expires. */
  close(): void {
    for (const order of [...this.#live]) this.#end(order, "EXPIRED", null);
  }

  /**
   * No second holds more than ten requests, by the instants at which the account has released them: an adapter sends nothing
   * before that. How many arrive in a second after a line was slow is the adapter's to pace.
   */
  #isWithinRate(accountId: string, exchange: Exchange, releasedAtMs: number): boolean {
    const key = `${accountId}/${exchange}`;
    const released = [...(this.#sentAtMs.get(key) ?? []).filter((at) => at > releasedAtMs - 60_000), releasedAtMs];
    this.#sentAtMs.set(key, released);
    const isFull = released.some(
      (start) =>
        start > releasedAtMs - 1_000 &&
        start <= releasedAtMs &&
        released.filter((at) => at >= start && at < start + 1_000).length > ORDERS_PER_SECOND_MAX,
    );
    if (isFull) this.#listener.refusedForRate(accountId, exchange);
    return !isFull;
  }

  #arrive(order: VenueOrder): void {
    if (!isLive(order)) return;
    const rejection = this.#rejectionOf(order);
    if (rejection !== null) {
      this.#end(order, "REJECTED", rejection);
      return;
    }
    const { nowMs } = this.#world;
    const { clientOrderId, type } = order.terms;
    order.hasArrived = true;
    if (type === "STOP_LIMIT") order.status = "WAITING";
    this.#tell(order, [
      { kind: "ACCEPTED", clientOrderId, venueOrderId: order.venueOrderId, atMs: epochMs(nowMs) },
      ...(type === "STOP_LIMIT" ? [] : this.#dealt(order)),
    ]);
    if (type === "STOP_LIMIT") this.#wake(order);
    if (order.terms.timeInForce === "IOC") this.#end(order, "CANCELED", "IOC_REMAINDER");
  }

  #rejectionOf(order: VenueOrder): string | null {
    const { terms } = order;
    const { lotSize, freezeQuantity, tickSizePaise, instrumentId } = terms.contract;
    const world = this.#world;
    if (world.nowMs < this.openMs || world.nowMs >= this.closeMs) return "MARKET_CLOSED";
    if (terms.quantityUnits <= 0 || terms.quantityUnits % lotSize !== 0) return "QUANTITY_NOT_IN_LOTS";
    if (terms.quantityUnits > freezeQuantity) return "QUANTITY_ABOVE_FREEZE";
    if (terms.limitPricePaise <= 0 || terms.limitPricePaise % tickSizePaise !== 0) return "PRICE_OFF_TICK";
    const { midPaise } = this.#market.touch(instrumentId);
    const width = Math.max(BAND * midPaise, BAND_FLOOR_PAISE);
    if (Math.abs(terms.limitPricePaise - midPaise) > width && world.strikes("bandRejects")) return "PRICE_BAND";
    return world.strikes("venueRejects") ? "RMS_REJECTED" : null;
  }

  #change(order: VenueOrder, modifyId: string, terms: ReplaceableTerms, cameAtMs: number): void {
    const { clientOrderId, contract } = order.terms;
    const atMs = epochMs(this.#world.nowMs);
    const refusal = isLive(order)
      ? terms.quantityUnits <= order.filledUnits || terms.quantityUnits % contract.lotSize !== 0
        ? "QUANTITY"
        : this.#world.strikes("venueRejects")
          ? "RMS_REJECTED"
          : null
      : "ORDER_FINAL";
    if (refusal !== null) {
      this.#tell(order, [{ kind: "REPLACE_REJECTED", clientOrderId, modifyId, reason: refusal, atMs }]);
      return;
    }
    order.quantityUnits = terms.quantityUnits;
    order.limitPricePaise = terms.limitPricePaise;
    order.triggerPricePaise = terms.triggerPricePaise ?? order.triggerPricePaise;
    order.terms = { ...order.terms, ...terms };
    this.#listener.received(order, cameAtMs);
    this.#tell(order, [{ kind: "REPLACED", clientOrderId, modifyId, terms, atMs }]);
    if (order.status === "WORKING") this.#deal(order);
  }

  /** A stop sleeps until the last price reaches its trigger. */
  #wake(order: VenueOrder): void {
    const { midPaise } = this.#market.touch(order.terms.contract.instrumentId);
    const trigger = order.triggerPricePaise ?? midPaise;
    if (order.terms.side === "BUY" ? midPaise < trigger : midPaise > trigger) return;
    order.status = "WORKING";
    const { clientOrderId } = order.terms;
    this.#tell(order, [{ kind: "TRIGGERED", clientOrderId, atMs: epochMs(this.#world.nowMs) }, ...this.#dealt(order)]);
  }

  #deal(order: VenueOrder): void {
    const reports = this.#dealt(order);
    if (reports.length > 0) this.#tell(order, reports);
  }

  /** Up to the whole rest at the touch, in up to three parts. */
  #dealt(order: VenueOrder): VenueReport[] {
    const { random } = this.#world;
    const { terms } = order;
    const { bidPaise, askPaise } = this.#market.touch(terms.contract.instrumentId);
    const pricePaise = terms.side === "BUY" ? askPaise : bidPaise;
    const isWithin = terms.side === "BUY" ? pricePaise <= order.limitPricePaise : pricePaise >= order.limitPricePaise;
    if (!isWithin) return [];
    const reports: VenueReport[] = [];
    for (let part = 0; part < 3 && order.filledUnits < order.quantityUnits; part += 1) {
      const rest = order.quantityUnits - order.filledUnits;
      if (random.chance(0.15)) break;
      const { lotSize } = terms.contract;
      const units = random.chance(0.6) ? rest : Math.min(rest, lotSize * (1 + random.below(4)));
      reports.push(this.#fill(order, units, pricePaise, false));
    }
    if (order.filledUnits >= order.quantityUnits) {
      order.status = "FILLED";
      this.#live.delete(order);
      this.#world.trace(`venue filled ${order.venueOrderId}`);
      if (this.#world.strikes("overfill")) reports.push(this.#fill(order, terms.contract.lotSize, pricePaise, true));
    }
    return reports;
  }

  #fill(order: VenueOrder, units: number, pricePaise: number, isVenuesFault: boolean): VenueReport {
    const { clientOrderId } = order.terms;
    const atMs = epochMs(this.#world.nowMs);
    const fill: VenueFill = {
      executionId: `${order.venueOrderId}-${order.fills.length + 1}`,
      clientOrderId,
      venueOrderId: order.venueOrderId,
      units,
      pricePaise: paise(pricePaise),
      atMs,
      modelled: false,
      isVenuesFault: isVenuesFault || order.isHeldBack,
      toldAtMs: null,
      toldNo: Number.POSITIVE_INFINITY,
    };
    order.fills.push(fill);
    this.dealings.push({ order, fill });
    order.filledUnits += units;
    this.#world.trace(
      `venue deals ${units} of ${clientOrderId} at ${pricePaise}${isVenuesFault ? " (by its own fault)" : ""}`,
    );
    this.#listener.dealt(order, fill);
    return { kind: "FILLED", clientOrderId, fill: asTold(fill), atMs };
  }

  #end(order: VenueOrder, status: "CANCELED" | "EXPIRED" | "REJECTED", reason: string | null): void {
    if (!isLive(order)) return;
    order.status = status;
    this.#live.delete(order);
    const { clientOrderId } = order.terms;
    const atMs: EpochMs = epochMs(this.#world.nowMs);
    if (status === "REJECTED") order.rejectReason = reason;
    this.#tell(order, [
      status === "EXPIRED"
        ? { kind: "EXPIRED", clientOrderId, atMs, filledUnits: order.filledUnits }
        : { kind: status, clientOrderId, reason: reason ?? "", atMs, filledUnits: order.filledUnits },
    ]);
    const rest = order.quantityUnits - order.filledUnits;
    const isOpen = this.#world.nowMs < this.closeMs;
    if (status !== "CANCELED" || rest <= 0 || !isOpen || !this.#world.strikes("lateFill")) return;
    this.#world.after(200 + this.#world.random.below(5_000), `late fill ${order.venueOrderId}`, () => {
      const { bidPaise, askPaise } = this.#market.touch(order.terms.contract.instrumentId);
      const pricePaise =
        order.terms.side === "BUY"
          ? Math.min(askPaise, order.limitPricePaise)
          : Math.max(bidPaise, order.limitPricePaise);
      this.#tell(order, [this.#fill(order, Math.min(rest, order.terms.contract.lotSize), pricePaise, true)]);
    });
  }

  #tell(order: VenueOrder, reports: readonly VenueReport[]): void {
    order.reports.push(...reports);
    this.#listener.told(order, reports);
  }
}

export const isLive = (order: VenueOrder): boolean => order.status === "WORKING" || order.status === "WAITING";

const tagOf = (accountId: string, date: string, clientOrderId: string): string =>
  `${accountId}/${date}/${clientOrderId}`;
