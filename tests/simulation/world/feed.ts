// What one incarnation of an account's object reaches of the outside: prices, triggers and the venue behind the feed, and the
// queues. Every method is a call over a line that breaks.
import type { PriceTrigger } from "../../../src/core/account/state.ts";
import type { InstrumentId } from "../../../src/core/instrument/contract.ts";
import type { AppEnv } from "../../../src/env.ts";
import type { LedgerMessage, NotificationMessage } from "../../../src/ports/messages.ts";
import type { MarketFeedRpc } from "../../../src/ports/objects.ts";
import type { AccountHost, Incarnation } from "./account-host.ts";
import type { Consumers } from "./consumers.ts";
import type { Deliveries } from "./deliveries.ts";
import type { Market } from "./market.ts";
import type { Venue } from "./venue.ts";
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
    MARKET_FEED: { getByName: () => feedFor(outside, host, incarnation) },
    LEDGER: queue<LedgerMessage>("ledger"),
    NOTIFICATIONS: queue<NotificationMessage>("notifications"),
    ORDERS_IN_FLIGHT_MAX: "512",
    // Market time is the platform's clock: what a live account goes by, and what may be wrong.
    TRADING_MODE: "PAPER",
  } as unknown as AppEnv;
}

function feedFor(outside: Outside, host: AccountHost, incarnation: Incarnation): Partial<MarketFeedRpc> & WithPort {
  const { world, market, venue, deliveries } = outside;
  const call = <T>(what: string, effect: () => T): Promise<T> => host.outgoing(incarnation, what, effect);
  return {
    port: portFor(world, venue, host, incarnation),
    prices: (ids: readonly InstrumentId[]) => call("prices", () => ids.flatMap((id) => market.view(id) ?? [])),
    setTriggers: (accountId: string, instrumentId: InstrumentId, triggers: readonly PriceTrigger[]) =>
      call("triggers", () => deliveries.setTriggers(accountId, instrumentId, triggers)),
  };
}
