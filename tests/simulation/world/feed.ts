// What one incarnation of an account's object reaches of the outside: prices, triggers and the venue behind the feed, and the
// queues. Every method is a call over a line that breaks.
import type { PriceTrigger } from "../../../src/core/account/state.ts";
import type { InstrumentId, Underlying } from "../../../src/core/instrument/contract.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import type { ClientOrderId } from "../../../src/core/order/order.ts";
import type { AppEnv } from "../../../src/env.ts";
import type { LedgerMessage, NotificationMessage } from "../../../src/ports/messages.ts";
import type { MarketFeedRpc, VenueOrder as SentOrder } from "../../../src/ports/objects.ts";
import type { AccountHost, Incarnation } from "./account-host.ts";
import type { Consumers } from "./consumers.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Market } from "./market.ts";
import { isLive, type Venue } from "./venue.ts";

export interface Outside {
  readonly market: Market;
  readonly venue: Venue;
  readonly deliveries: Deliveries;
  readonly consumers: Consumers;
}

export function envFor(outside: Outside, host: AccountHost, incarnation: Incarnation): AppEnv {
  const queue = <Body extends LedgerMessage | NotificationMessage>(name: string) => ({
    sendBatch: (messages: readonly { readonly body: Body }[]) =>
      host.outgoing(
        incarnation,
        `${name} queue`,
        () => {
          for (const { body } of messages) outside.consumers.take(body);
        },
        "queueLost",
      ),
  });
  return {
    MARKET_FEED: { getByName: (underlying: Underlying) => feedFor(outside, host, incarnation, underlying) },
    LEDGER: queue<LedgerMessage>("ledger"),
    NOTIFICATIONS: queue<NotificationMessage>("notifications"),
    ORDERS_IN_FLIGHT_MAX: "512",
    // Market time is the platform's clock: what a live account goes by, and what may be wrong.
    TRADING_MODE: "PAPER",
  } as unknown as AppEnv;
}

function feedFor(
  outside: Outside,
  host: AccountHost,
  incarnation: Incarnation,
  underlying: Underlying,
): Partial<MarketFeedRpc> {
  const { market, venue, deliveries } = outside;
  const call = <T>(what: string, effect: () => T): Promise<T> => host.outgoing(incarnation, what, effect);
  const atVenue = <T>(what: string, effect: () => T): Promise<T> =>
    call(what, () => {
      if (venue.isDown) throw new Error("503: the venue is down");
      return effect();
    });
  return {
    prices: (ids: readonly InstrumentId[]) => call("prices", () => ids.flatMap((id) => market.view(id) ?? [])),
    setTriggers: (accountId: string, instrumentId: InstrumentId, triggers: readonly PriceTrigger[]) =>
      call("triggers", () => deliveries.setTriggers(accountId, instrumentId, triggers)),
    venueSubmit: (orders: readonly SentOrder[]) =>
      atVenue("orders", () => {
        for (const { accountId, terms, submittedAtMs } of orders) {
          const taken = venue.submit(accountId, terms, terms.releaseAtMs ?? submittedAtMs);
          if (taken.kind === "ACCEPTED") continue;
          const { clientOrderId } = terms;
          const atMs = epochMs(submittedAtMs);
          deliveries.report(accountId, [{ kind: "REJECTED", clientOrderId, reason: taken.code, atMs }], 0);
        }
      }),
    venueCancel: (accountId: string, ids: readonly ClientOrderId[]) =>
      atVenue("cancels", () => {
        for (const id of ids) venue.cancel(accountId, id);
      }),
    venueReports: (accountId: string, ids: readonly ClientOrderId[]) =>
      atVenue("book", () =>
        venue.book(accountId).flatMap((order) => {
          if (!ids.includes(order.terms.clientOrderId)) return [];
          // Whatever the venue has, it knows of; an order on its way to the exchange is one it has taken.
          const { clientOrderId } = order.terms;
          const taken = {
            kind: "ACCEPTED",
            clientOrderId,
            venueOrderId: order.venueOrderId,
            atMs: epochMs(order.receivedAtMs),
          } as const;
          return [taken, ...order.reports];
        }),
      ),
    venueHoldings: (accountId: string) =>
      atVenue("holdings", () => {
        const ours = venue.book(accountId).filter(({ terms }) => terms.contract.underlying === underlying);
        const net = new Map<InstrumentId, number>();
        for (const { terms, fills } of ours) {
          const units = fills.reduce((sum, fill) => sum + fill.units, 0) * (terms.side === "BUY" ? 1 : -1);
          net.set(terms.contract.instrumentId, (net.get(terms.contract.instrumentId) ?? 0) + units);
        }
        return {
          positions: [...net].flatMap(([instrumentId, netUnits]) =>
            netUnits === 0 ? [] : [{ instrumentId, netUnits }],
          ),
          working: ours.filter(isLive).map(({ terms }) => terms.clientOrderId),
        };
      }),
    venueStatement: (accountId: string, date: string) =>
      call("statement", () => {
        const dealt = venue.orders.filter(
          (order) =>
            order.accountId === accountId &&
            order.date === date &&
            order.terms.contract.underlying === underlying &&
            order.fills.length > 0,
        );
        return {
          fills: dealt.flatMap(({ terms, fills }) =>
            fills.map(({ clientOrderId, units, pricePaise }) => ({
              clientOrderId,
              instrumentId: terms.contract.instrumentId,
              side: terms.side,
              units,
              pricePaise,
            })),
          ),
          executedOrders: dealt.length,
        };
      }),
  };
}
