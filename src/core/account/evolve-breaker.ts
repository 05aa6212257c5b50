// How circuit breakers, the day's peak and silent feeds change. Total: an event about a breaker that never tripped changes nothing.
import {
  type Breaker,
  type BreakerScope,
  hastened,
  locked,
  notFlat,
  readZero,
  tripped,
  withTrips,
} from "../risk/circuit-breaker.ts";
import type { AccountEvent } from "./event.ts";
import type { AccountState } from "./state.ts";

type Event<Type extends AccountEvent["type"]> = Extract<AccountEvent, { readonly type: Type }>;

export function breakerTripped(state: AccountState, event: Event<"BREAKER_TRIPPED">): AccountState {
  const { scope, trip, nextCheckMs } = event;
  return withBreaker(state, scope, numbered(tripped(state.breakers?.[scope], trip, nextCheckMs), event));
}

export function breakerReset(state: AccountState, event: Event<"BREAKER_RESET">): AccountState {
  const { scope, trips, atMs, peakResultPaise } = event;
  const after = withBreaker(state, scope, numbered(withTrips(state.breakers?.[scope], trips, atMs), event));
  return peakResultPaise === undefined || after.day === null
    ? after
    : { ...after, day: { ...after.day, peakResultPaise } };
}

export const flatRead = (state: AccountState, { scope, atMs, nextCheckMs }: Event<"FLAT_READ">): AccountState =>
  changed(state, scope, (breaker) => readZero(breaker, atMs, nextCheckMs));

export const flatProven = (state: AccountState, { scope, atMs }: Event<"FLAT_PROVEN">): AccountState =>
  changed(state, scope, (breaker) => locked(breaker, atMs));

export const flatNotProven = (state: AccountState, event: Event<"FLAT_NOT_PROVEN">): AccountState =>
  changed(state, event.scope, (breaker) => notFlat(breaker, event.atMs, event.nextCheckMs, event.isRaised));

export const flatLookHastened = (state: AccountState, event: Event<"FLAT_LOOK_HASTENED">): AccountState =>
  changed(state, event.scope, (breaker) => hastened(breaker, event.atMs, event.nextCheckMs));

export const equityPeaked = (state: AccountState, { resultPaise }: Event<"EQUITY_PEAKED">): AccountState =>
  state.day === null ? state : { ...state, day: { ...state.day, peakResultPaise: resultPaise } };

export function feedSilenceChanged(state: AccountState, event: Event<"FEED_SILENCE_CHANGED">): AccountState {
  const { underlying, isSilent, lastTickMs, limitMs } = event;
  const { [underlying]: _before, ...others } = state.silentFeeds ?? {};
  return { ...state, silentFeeds: isSilent ? { ...others, [underlying]: { lastTickMs, limitMs } } : others };
}

/** What is ARMED cannot be read flat; an event that says so is stale. */
function changed(state: AccountState, scope: BreakerScope, change: (breaker: Breaker) => Breaker): AccountState {
  const breaker = state.breakers?.[scope];
  return breaker === undefined || breaker.status === "ARMED" ? state : withBreaker(state, scope, change(breaker));
}

const numbered = (breaker: Breaker, { changeNo }: { readonly changeNo?: number }): Breaker =>
  changeNo === undefined ? breaker : { ...breaker, changeNo };

const withBreaker = (state: AccountState, scope: BreakerScope, breaker: Breaker): AccountState => ({
  ...state,
  breakers: { ...state.breakers, [scope]: breaker },
});
