// Composition root: the one place that knows which adapter stands behind a port.
import { simulatedRail } from "./adapters/payments/simulated/rail.ts";
import { storedCommunity } from "./adapters/read-models/community.ts";
import { simulatedVenue } from "./adapters/venue/simulated.ts";
import type { Underlying } from "./core/instrument/contract.ts";
import { SILENT_COMMUNITY } from "./core/prediction/community.ts";
import type { AppEnv } from "./env.ts";
import type { CommunityPort } from "./ports/community.ts";
import type { MarketFeedRpc } from "./ports/objects.ts";
import type { PaymentRail } from "./ports/payments.ts";
import type { VenuePort } from "./ports/venue.ts";

/** The rail that moves the users' money. In replay and paper trading it is simulated. */
export const paymentRail = (_env: AppEnv): PaymentRail => simulatedRail;

/** The venue that takes the orders. In replay and paper trading it is simulated, by the feeds. */
export const venuePort = (_env: AppEnv, feeds: (underlying: Underlying) => MarketFeedRpc): VenuePort =>
  simulatedVenue(feeds);

/** Whose thoughts weigh in the signals: those kept here where the deployment lets them, else nobody's. */
export const communityPort = (env: AppEnv): CommunityPort =>
  env.COMMUNITY === "ON" ? storedCommunity(env.DB) : { sourceOf: async () => SILENT_COMMUNITY };
