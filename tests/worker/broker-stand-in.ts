// A broker as they are: every request that reaches it is an order of its own, whatever id it carries; answers and requests get
// lost on the way; its book says what it has. A test says what the line does and what is dealt.
import { DurableObject } from "cloudflare:workers";
import { type Paise, paise } from "../../src/core/kernel/money.ts";
import type { EpochMs } from "../../src/core/kernel/time.ts";
import type { ClientOrderId, Fill } from "../../src/core/order/order.ts";
import type { VenueOrderStatus } from "../../src/core/reconciliation/snapshot.ts";
import type {
  VenueAnswer,
  VenueCancellation,
  VenuePort,
  VenueSnapshot,
  VenueSubmission,
} from "../../src/ports/venue.ts";

/** What the line does to a request: nothing, loses it, loses its answer, or lets the broker say no. */
type Line = "GOOD" | "LOSES_REQUEST" | "LOSES_ANSWER" | "REFUSES";

interface Held {
  readonly venueOrderId: string;
  readonly submission: VenueSubmission;
  status: VenueOrderStatus;
  reason: string | null;
}

export class BrokerStandIn extends DurableObject {
  readonly #orders: Held[] = [];
  readonly #fills: Fill[] = [];
  readonly #calls: string[] = [];
  #line: Line = "GOOD";
  #isBookDown = false;
  #onTheWay: VenueSubmission[] = [];

  async setLine(line: Line): Promise<void> {
    this.#line = line;
  }

  async setBookDown(isDown: boolean): Promise<void> {
    this.#isBookDown = isDown;
  }

  /** Requests that were lost arrive after all. */
  async deliverLost(): Promise<void> {
    for (const submission of this.#onTheWay) this.#take(submission);
    this.#onTheWay = [];
  }

  async deal(clientOrderId: ClientOrderId, units: number, pricePaise: Paise, atMs: EpochMs): Promise<void> {
    const held = this.#orders.find(({ submission }) => submission.terms.clientOrderId === clientOrderId);
    if (held === undefined) throw new Error(`no order ${clientOrderId}`);
    const { venueOrderId } = held;
    const executionId = `E${this.#fills.length + 1}`;
    this.#fills.push({ executionId, clientOrderId, venueOrderId, units, pricePaise, atMs, modelled: false });
    if (this.#filledOf(held) === held.submission.terms.quantityUnits) held.status = "FILLED";
  }

  /** What has reached it, in its order: "SUBMIT one", "CANCEL one", "BOOK". */
  async calls(): Promise<readonly string[]> {
    return this.#calls;
  }

  async submit(orders: readonly VenueSubmission[]): Promise<readonly VenueAnswer[]> {
    return orders.map((submission): VenueAnswer => {
      const { clientOrderId } = submission.terms;
      this.#calls.push(`SUBMIT ${clientOrderId}`);
      switch (this.#line) {
        case "REFUSES":
          return { clientOrderId, outcome: { kind: "REFUSED", code: "RMS:MARGIN" } };
        case "LOSES_REQUEST":
          this.#onTheWay.push(submission);
          return { clientOrderId, outcome: { kind: "UNKNOWN", reason: "timeout" } };
        case "LOSES_ANSWER":
          this.#take(submission);
          return { clientOrderId, outcome: { kind: "UNKNOWN", reason: "timeout" } };
        default:
          return { clientOrderId, outcome: { kind: "ACCEPTED", venueOrderId: this.#take(submission) } };
      }
    });
  }

  async cancel(requests: readonly VenueCancellation[]): Promise<readonly VenueAnswer[]> {
    return requests.map(({ clientOrderId, venueOrderId }): VenueAnswer => {
      this.#calls.push(`CANCEL ${clientOrderId}`);
      if (this.#line === "LOSES_REQUEST") return { clientOrderId, outcome: { kind: "UNKNOWN", reason: "timeout" } };
      const held = this.#orders.find((each) => each.venueOrderId === venueOrderId);
      if (held?.status !== "WORKING") return { clientOrderId, outcome: { kind: "REFUSED", code: "NOT_WORKING" } };
      held.status = "CANCELED";
      held.reason = "CANCELED_BY_USER";
      return this.#line === "LOSES_ANSWER"
        ? { clientOrderId, outcome: { kind: "UNKNOWN", reason: "timeout" } }
        : { clientOrderId, outcome: { kind: "ACCEPTED", venueOrderId } };
    });
  }

  async snapshot(nowMs: EpochMs): Promise<VenueSnapshot> {
    this.#calls.push("BOOK");
    if (this.#isBookDown) throw new Error("503 from the order book");
    const net = new Map<VenueOrderView["instrumentId"], number>();
    for (const fill of this.#fills) {
      const { terms } = this.#heldOf(fill.venueOrderId).submission;
      const { instrumentId } = terms.contract;
      const signed = terms.side === "BUY" ? fill.units : -fill.units;
      net.set(instrumentId, (net.get(instrumentId) ?? 0) + signed);
    }
    return {
      readAtMs: nowMs,
      orders: this.#orders.map((held) => this.#viewOf(held)),
      fills: this.#fills,
      positions: [...net].map(([instrumentId, netUnits]) => ({ instrumentId, netUnits })),
      tradedPaise: null,
      cashPaise: null,
    };
  }

  #take(submission: VenueSubmission): string {
    const venueOrderId = `B${this.#orders.length + 1}`;
    this.#orders.push({ venueOrderId, submission, status: "WORKING", reason: null });
    return venueOrderId;
  }

  #heldOf(venueOrderId: string): Held {
    const held = this.#orders.find((each) => each.venueOrderId === venueOrderId);
    if (held === undefined) throw new Error(`no order ${venueOrderId}`);
    return held;
  }

  #filledOf({ venueOrderId }: Held): number {
    return this.#fills.reduce((sum, fill) => sum + (fill.venueOrderId === venueOrderId ? fill.units : 0), 0);
  }

  #viewOf(held: Held): VenueOrderView {
    const { venueOrderId, submission, status, reason } = held;
    const { clientOrderId, contract, side, quantityUnits, limitPricePaise } = submission.terms;
    const ofIt = this.#fills.filter((fill) => fill.venueOrderId === venueOrderId);
    return {
      clientOrderId,
      venueOrderId,
      instrumentId: contract.instrumentId,
      side,
      status,
      quantityUnits,
      limitPricePaise,
      filledUnits: this.#filledOf(held),
      filledValuePaise: paise(ofIt.reduce((sum, { units, pricePaise }) => sum + units * pricePaise, 0)),
      reason,
    };
  }
}

type VenueOrderView = VenueSnapshot["orders"][number];
type Broker = Pick<BrokerStandIn, "submit" | "cancel" | "snapshot">;

export const brokerVenue = (broker: () => Broker): VenuePort => ({
  name: "STAND_IN",
  takesRepeats: false,
  keepsSequence: true,
  known: async () => new Set(),
  submit: (_accountId, orders) => broker().submit(orders),
  replace: async (_accountId, requests) =>
    requests.map(({ clientOrderId }) => ({ clientOrderId, outcome: { kind: "REFUSED", code: "NOT_OFFERED" } })),
  cancel: (_accountId, requests) => broker().cancel(requests),
  snapshot: (_accountId, _date, nowMs) => broker().snapshot(nowMs),
});
