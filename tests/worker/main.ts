// The Worker under test: everything that runs is the Worker's own. Only an account whose name begins with "broker-" has its orders
// at a stand-in broker that takes no repetitions, instead of at the simulated venue.
import { AccountObject as RealAccountObject } from "../../durable-objects/account/account-object.ts";
import type { Feeds } from "../../durable-objects/account/prices.ts";
import type { VenuePort } from "../../src/ports/venue.ts";
import { type BrokerStandIn, brokerVenue } from "./broker-stand-in.ts";

export { LabObject } from "../../durable-objects/lab/lab-object.ts";
export { MarketFeedObject } from "../../durable-objects/market-feed/market-feed-object.ts";
export { SessionObject } from "../../durable-objects/session/session-object.ts";
export { default } from "../../src/index.ts";
export { Jobs } from "../../src/jobs/entrypoint.ts";
export { BrokerStandIn } from "./broker-stand-in.ts";

export class AccountObject extends RealAccountObject {
  protected override venueOf(feeds: Feeds): VenuePort {
    const name = this.ctx.id.name ?? "";
    if (!name.startsWith("broker-")) return super.venueOf(feeds);
    const brokers = (this.env as unknown as { BROKER: DurableObjectNamespace<BrokerStandIn> }).BROKER;
    return brokerVenue(() => brokers.getByName(name));
  }
}
