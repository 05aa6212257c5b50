// What one incarnation of an account's object reaches of the outside: prices, triggers and the venue behind the feed, and the
// queues. Every method is a call over a line that breaks.
import type { PriceTrigger } from "../../../src/core/account/state.ts";
import type { InstrumentId, Underlying } from "../../../src/core/instrument/contract.ts";
import type { AppEnv } from "../../../src/env.ts";
import type { LedgerMessage, NotificationMessage } from "../../../src/ports/messages.ts";
import type { MarketFeedRpc } from "../../../src/ports/objects.ts";
import type { AccountHost, Incarnation } from "./account-host.ts";
import type { Consumers } from "./consumers.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Market } from "./market.ts";
import { isLive, type Venue } from "./venue.ts";
import { portFor, type WithPort } from "./venue-port.ts";
import type { World } from "./world.ts";

export interface Outside {
  readonly world: World;
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
): Partial<MarketFeedRpc> & WithPort {
  const { world, market, venue, deliveries } = outside;
  const call = <T>(what: string, effect: () => T): Promise<T> => host.outgoing(incarnation, what, effect);
  const atVenue = <T>(what: string, effect: () => T): Promise<T> =>
    call(what, () => {
      if (venue.isDown) throw new Error("503: the venue is down");
      return effect();
    });
  return {
    port: portFor(world, venue, host, incarnation),
    prices: (ids: readonly InstrumentId[]) => call("prices", () => ids.flatMap((id) => market.view(id) ?? [])),
    setTriggers: (accountId: string, instrumentId: InstrumentId, triggers: readonly PriceTrigger[]) =>
      call("triggers", () => deliveries.setTriggers(accountId, instrumentId, triggers)),
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
