// A venue as unpleasant as real ones: it deals in parts, answers late, twice and out of order, but never deals more than was
// ordered, and in the end it has told everything.
import type { VenueReport } from "../../src/core/account/command.ts";
import { paise } from "../../src/core/kernel/money.ts";
import type { EpochMs } from "../../src/core/kernel/time.ts";
import type { ClientOrderId, Order } from "../../src/core/order/order.ts";

interface Resting {
  order: Order;
  left: number;
  executions: number;
  isOver: boolean;
}

export class TinyVenue {
  readonly #orders = new Map<ClientOrderId, Resting>();
  readonly #replaced = new Set<string>();
  /** What has happened here and has not been told yet, in the order in which it happened. */
  readonly untold: VenueReport[] = [];
  readonly told: VenueReport[] = [];

  /** The same order again changes nothing. */
  submit(order: Order, atMs: EpochMs): void {
    const { clientOrderId } = order;
    if (this.#orders.has(clientOrderId)) return;
    this.#orders.set(clientOrderId, { order, left: order.quantityUnits, executions: 0, isOver: false });
    this.untold.push({ kind: "ACCEPTED", clientOrderId, venueOrderId: `V-${clientOrderId}`, atMs });
  }

  reject(order: Order, atMs: EpochMs): void {
    const { clientOrderId } = order;
    if (this.#orders.has(clientOrderId)) return;
    this.#orders.set(clientOrderId, { order, left: order.quantityUnits, executions: 0, isOver: true });
    this.untold.push({ kind: "REJECTED", clientOrderId, reason: "NO_QUOTE", atMs });
  }

  get working(): readonly ClientOrderId[] {
    return [...this.#orders.values()].filter(({ isOver }) => !isOver).map(({ order }) => order.clientOrderId);
  }

  /** Deals up to `lots` at a price, if the order's limit allows it. */
  deal(clientOrderId: ClientOrderId, lots: number, pricePaise: number, atMs: EpochMs): void {
    const resting = this.#orders.get(clientOrderId);
    if (resting === undefined || resting.isOver) return;
    const { order } = resting;
    const isWithin = order.side === "BUY" ? pricePaise <= order.limitPricePaise : pricePaise >= order.limitPricePaise;
    const units = Math.min(resting.left, lots * order.contract.lotSize);
    if (!isWithin || units <= 0 || pricePaise <= 0) return;
    resting.left -= units;
    resting.executions += 1;
    resting.isOver = resting.left === 0;
    const venueOrderId = `V-${clientOrderId}`;
    const executionId = `${venueOrderId}-${resting.executions}`;
    const fill = {
      executionId,
      clientOrderId,
      venueOrderId,
      units,
      pricePaise: paise(pricePaise),
      atMs,
      modelled: false,
    };
    this.untold.push({ kind: "FILLED", clientOrderId, fill, atMs });
  }

  end(clientOrderId: ClientOrderId, how: "CANCELED" | "EXPIRED", atMs: EpochMs): void {
    const resting = this.#orders.get(clientOrderId);
    if (resting === undefined || resting.isOver) return;
    resting.isOver = true;
    this.untold.push(
      how === "CANCELED"
        ? { kind: "CANCELED", clientOrderId, reason: "IOC_REMAINDER", atMs }
        : { kind: "EXPIRED", clientOrderId, atMs },
    );
  }

  /** Takes new terms, as far as there is still something to change; the same modification again changes nothing. */
  replace(order: Order, atMs: EpochMs): void {
    const { clientOrderId, pendingReplace } = order;
    const resting = this.#orders.get(clientOrderId);
    if (resting === undefined || pendingReplace === undefined || this.#replaced.has(pendingReplace.modifyId)) return;
    const {
      modifyId,
      requestedAtMs: _requested,
      releaseAtMs: _release,
      unknownSinceMs: _unknown,
      missedAtMs: _missed,
      ...terms
    } = pendingReplace;
    this.#replaced.add(modifyId);
    const dealt = resting.order.quantityUnits - resting.left;
    if (resting.isOver || terms.quantityUnits <= dealt) {
      this.untold.push({ kind: "REPLACE_REJECTED", clientOrderId, modifyId, reason: "TOO_LATE", atMs });
      return;
    }
    resting.order = { ...resting.order, ...terms };
    resting.left = terms.quantityUnits - dealt;
    this.untold.push({ kind: "REPLACED", clientOrderId, modifyId, terms, atMs });
  }

  /** The report at `index` of what is untold: 0 is the oldest, anything else overtakes. */
  tell(index: number): VenueReport | null {
    const [report] = this.untold.splice(index % Math.max(1, this.untold.length), 1);
    if (report === undefined) return null;
    this.told.push(report);
    return report;
  }

  /** The same, but each order's own reports in their order: nothing an order has dealt is told after its end. */
  tellInOrder(index: number): VenueReport | null {
    const picked = this.untold[index % Math.max(1, this.untold.length)];
    if (picked === undefined) return null;
    return this.tell(this.untold.findIndex((report) => report.clientOrderId === picked.clientOrderId));
  }
}
