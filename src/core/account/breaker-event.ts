// What happened to an account's circuit breakers, and what they watch: the result's peak, and whether a feed is heard.
import type { Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import type { BreakerScope, Rearming, Trip } from "../risk/circuit-breaker.ts";
import type { FlatFinding } from "../risk/flat-proof.ts";

/** A circuit breaker's life. Every figure that the fold needs is in the event: rules may change, journals do not. */
export type BreakerEvent =
  | {
      readonly type: "BREAKER_TRIPPED";
      readonly atMs: EpochMs;
      readonly scope: BreakerScope;
      readonly trip: Trip;
      readonly nextCheckMs: EpochMs;
      /** Of a switch of the platform. */
      readonly jobKey?: string;
      readonly changeNo?: number;
    }
  | {
      readonly type: "BREAKER_RESET";
      readonly atMs: EpochMs;
      readonly scope: BreakerScope;
      readonly who: Rearming;
      /** The reasons that stay; with none the breaker is ARMED. */
      readonly trips: readonly Trip[];
      /** After a drawdown was lifted: the result from which the next one is counted. */
      readonly peakResultPaise?: Paise;
      readonly jobKey?: string;
      readonly changeNo?: number;
    }
  /** The venue shows nothing in scope; once more after the settle time and it is proven. */
  | {
      readonly type: "FLAT_READ";
      readonly atMs: EpochMs;
      readonly scope: BreakerScope;
      readonly nextCheckMs: EpochMs;
    }
  /** Two readings of the venue, a settle time apart, show nothing, and neither does this account's own record. */
  | {
      readonly type: "FLAT_PROVEN";
      readonly atMs: EpochMs;
      readonly scope: BreakerScope;
      readonly readAtMs: readonly [EpochMs, EpochMs];
      readonly trippedAtMs: EpochMs;
      readonly durationMs: number;
    }
  | {
      readonly type: "FLAT_NOT_PROVEN";
      readonly atMs: EpochMs;
      readonly scope: BreakerScope;
      readonly found: FlatFinding;
      readonly openPositions: number;
      readonly workingOrders: number;
      readonly detail: string;
      /** A person is told. */
      readonly isRaised: boolean;
      readonly nextCheckMs: EpochMs;
    }
  /** What is being closed has moved after a long wait: the venue is read soon, and not when its turn would come. */
  | {
      readonly type: "FLAT_LOOK_HASTENED";
      readonly atMs: EpochMs;
      readonly scope: BreakerScope;
      readonly nextCheckMs: EpochMs;
    }
  | { readonly type: "EQUITY_PEAKED"; readonly atMs: EpochMs; readonly resultPaise: Paise; readonly peakPaise: Paise }
  | {
      readonly type: "FEED_SILENCE_CHANGED";
      readonly atMs: EpochMs;
      readonly underlying: Underlying;
      readonly isSilent: boolean;
      readonly lastTickMs: EpochMs;
      readonly limitMs: number;
    };
