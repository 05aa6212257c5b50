// The venue as an account's object reaches it: through the venue port, over a line that breaks in every way a broker's does. A
// request is lost before it arrives, for all orders of a call or for some of them; it has taken effect and the answer times out,
// is a server error, comes without a body, or forgets an order. Stands in for `src/adapters/venue/simulated.ts`.
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import type { ClientOrderId } from "../../../src/core/order/order.ts";
import type { VenueAnswer, VenueOutcome, VenuePort, VenueSnapshot } from "../../../src/ports/venue.ts";
import type { AccountHost, Incarnation } from "./account-host.ts";
import { asTold, type Taken, type Venue, type VenueOrder } from "./venue.ts";
import type { World } from "./world.ts";

/** What the account is given for each feed: the port travels with it. */
export interface WithPort {
  readonly port: VenuePort;
}

export const simulatedVenue = (feedOf: (underlying: "NIFTY50") => unknown): VenuePort =>
  (feedOf("NIFTY50") as WithPort).port;

const UNKNOWN: VenueOutcome = { kind: "UNKNOWN", reason: "no answer in time" };

export function portFor(world: World, venue: Venue, host: AccountHost, incarnation: Incarnation): VenuePort {
  const { gateway } = venue;
  const call = <T>(what: string, effect: () => T): Promise<T> =>
    host.outgoing(incarnation, what, () => {
      if (venue.isDown) throw new Error("503: the venue is down");
      return effect();
    });
  /** One request for each order; each may be lost by itself, and each answer. */
  const each = async <Request>(
    what: string,
    requests: readonly Request[],
    idOf: (request: Request) => ClientOrderId,
    ask: (request: Request) => Taken,
    hold: (request: Request) => void = () => {},
  ): Promise<readonly VenueAnswer[]> => {
    try {
      return await call(what, () =>
        requests.flatMap((request): readonly VenueAnswer[] => {
          const clientOrderId = idOf(request);
          if (world.strikes("requestLost")) return [{ clientOrderId, outcome: UNKNOWN }];
          if (gateway.isStuck) {
            hold(request);
            return [{ clientOrderId, outcome: UNKNOWN }];
          }
          const outcome: VenueOutcome = ask(request);
          if (!world.strikes("answerLost")) return [{ clientOrderId, outcome }];
          // Unknown by word, or not a word at all.
          return world.random.chance(0.5) ? [{ clientOrderId, outcome: UNKNOWN }] : [];
        }),
      );
    } catch (failure) {
      // An adapter that lets an exception through has said nothing about any of the orders either.
      if (world.random.chance(0.5)) throw failure;
      return requests.map((request) => ({ clientOrderId: idOf(request), outcome: UNKNOWN }));
    }
  };
  /** By the account's clock, which may be off, unless a job has told the exchange's. */
  const givenAt = (submittedAtMs: number): number =>
    submittedAtMs - world.skewMs <= world.nowMs ? submittedAtMs - world.skewMs : submittedAtMs;
  return {
    name: "ADVERSARIAL",
    takesRepeats: venue.isIdempotent,
    keepsSequence: true,
    known: (accountId, orders) =>
      call("book", () => {
        const asked = new Set(orders.map(({ clientOrderId }) => clientOrderId));
        return new Set(
          venue
            .book(accountId)
            .map(({ terms }) => terms.clientOrderId)
            .filter((id) => asked.has(id)),
        );
      }),
    submit: (accountId, orders) =>
      each(
        "orders",
        orders,
        ({ terms }) => terms.clientOrderId,
        ({ terms, submittedAtMs }) =>
          venue.submit(accountId, terms, terms.releaseAtMs ?? submittedAtMs, givenAt(submittedAtMs)),
        ({ terms, submittedAtMs }) => {
          // What would open something is lost there: only exits can be given again, and only they are dangerous together.
          if (terms.purpose === "ENTRY") return;
          if (terms.side === "SELL")
            gateway.holdSale(accountId, terms, venue.positions(accountId).get(terms.contract.instrumentId) ?? 0);
          const givenAtMs = givenAt(submittedAtMs);
          gateway.hold(() => venue.submit(accountId, terms, terms.releaseAtMs ?? submittedAtMs, givenAtMs, true));
        },
      ),
    replace: (accountId, requests) =>
      each(
        "replacements",
        requests,
        ({ clientOrderId }) => clientOrderId,
        ({ clientOrderId, modifyId, terms, requestedAtMs, releaseAtMs = requestedAtMs }) =>
          venue.replace(accountId, clientOrderId, modifyId, terms, releaseAtMs),
      ),
    cancel: (accountId, requests) =>
      each(
        "cancels",
        requests,
        ({ clientOrderId }) => clientOrderId,
        ({ clientOrderId }) => venue.cancel(accountId, clientOrderId),
        ({ clientOrderId }) => gateway.hold(() => venue.cancel(accountId, clientOrderId)),
      ),
    snapshot: async (accountId, date) => {
      const read = await call("snapshot", () =>
        venue.date === date ? snapshotOf(world, venue.book(accountId)) : null,
      );
      venue.told(read?.fills.map(({ executionId }) => executionId) ?? []);
      return read;
    },
  };
}

/** Of the orders the book shows: one that it does not show yet has no fills in it either. */
function snapshotOf(world: World, orders: readonly VenueOrder[]): VenueSnapshot {
  const net = new Map<
    string,
    { readonly instrumentId: VenueOrder["terms"]["contract"]["instrumentId"]; units: number }
  >();
  let tradedPaise = 0;
  for (const { terms, fills } of orders) {
    const { instrumentId } = terms.contract;
    const position = net.get(instrumentId) ?? { instrumentId, units: 0 };
    for (const { units, pricePaise } of fills) {
      position.units += terms.side === "BUY" ? units : -units;
      tradedPaise += (terms.side === "SELL" ? units : -units) * pricePaise;
    }
    net.set(instrumentId, position);
  }
  return {
    readAtMs: epochMs(world.nowMs),
    orders: orders.map((order) => ({
      clientOrderId: order.terms.clientOrderId,
      venueOrderId: order.venueOrderId,
      instrumentId: order.terms.contract.instrumentId,
      side: order.terms.side,
      status: order.status === "WAITING" ? "TRIGGER_PENDING" : order.status,
      quantityUnits: order.quantityUnits,
      limitPricePaise: paise(order.limitPricePaise),
      ...(order.triggerPricePaise === null ? {} : { triggerPricePaise: paise(order.triggerPricePaise) }),
      filledUnits: order.filledUnits,
      filledValuePaise: paise(order.fills.reduce((sum, { units, pricePaise }) => sum + units * pricePaise, 0)),
      reason: order.rejectReason,
    })),
    fills: orders.flatMap(({ fills }) => fills.map(asTold)),
    positions: [...net.values()].map(({ instrumentId, units }) => ({ instrumentId, netUnits: units })),
    tradedPaise: paise(tradedPaise),
    cashPaise: null,
  };
}
