// What follows from the session a feed plays: what it covers, what the simulated venue goes by, how old a quote may be.
import type { Underlying } from "../instrument/contract.ts";
import { MS_PER_SECOND } from "../kernel/time.ts";
import type { HeldQuote } from "../market/market-event.ts";
import type { RecordedSession, SessionUnderlying } from "../market/recorded-session.ts";
import { VENUE_LATENCY_MS, type VenueRules } from "../matching/venue-order.ts";

export interface FeedTerms {
  readonly underlying: Underlying;
  readonly session: RecordedSession;
}

const STALE_AFTER_MS = 15 * MS_PER_SECOND;

export const coverageOf = ({ session, underlying }: FeedTerms): SessionUnderlying | null =>
  session.underlyings.find((covered) => covered.underlying === underlying) ?? null;

export const venueRulesOf = ({ session }: Pick<FeedTerms, "session">): VenueRules => ({
  latencyMs: VENUE_LATENCY_MS,
  openMs: session.openMs,
  closeMs: session.closeMs,
});

/** How old a quote may be for a new entry (MKT-03): 15 s live; in a recording two of its usual intervals more. */
export const staleAfterMsOf = (feed: FeedTerms, { source }: Pick<HeldQuote, "source">): number =>
  source === "LIVE" ? STALE_AFTER_MS : recordedStaleAfterMs(coverageOf(feed));

/** The same for whatever a recording quotes: what signals go by. */
export const recordedStaleAfterMs = (coverage: SessionUnderlying | null): number =>
  STALE_AFTER_MS + 2 * (coverage?.quoteCadenceMs ?? 0);
