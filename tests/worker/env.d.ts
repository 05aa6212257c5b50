import type { AppEnv } from "../../src/env.ts";
import type { BrokerStandIn } from "./broker-stand-in.ts";

declare global {
  namespace Cloudflare {
    interface Env extends AppEnv {
      readonly BROKER: DurableObjectNamespace<BrokerStandIn>;
    }
    interface GlobalProps {
      mainModule: typeof import("./main.ts");
      durableNamespaces: "AccountObject" | "MarketFeedObject" | "SessionObject" | "BrokerStandIn";
    }
  }
}
