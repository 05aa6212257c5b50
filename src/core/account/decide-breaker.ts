// What trips an account's circuit breakers, what a trip does at once, and what ends it. A trip lets nothing new in from the very
// decision that makes it; the way out is driven by checks that never give up before the venue has shown nothing twice.
import type { Underlying } from "../instrument/contract.ts";
import { ok } from "../kernel/result.ts";
import { EXIT_BAND, protectionPaise } from "../order/protection-price.ts";
import { averagePricePaise } from "../position/position.ts";
import {
  BREAKER_SCOPES,
  type Breaker,
  type BreakerScope,
  exitReasonOf,
  hasTrip,
  isInScope,
  isToBeRaised,
  nextLookMs,
  type Rearming,
  SETTLE_MS,
  settledMs,
  type Trip,
  tripsLeft,
  underlyingOf,
} from "../risk/circuit-breaker.ts";
import { dayLossPaise, dayResultPaise, isLossLimitReached } from "../risk/daily-loss.ts";
import { lookAt, type VenueReading } from "../risk/flat-proof.ts";
import type { Command, PriceView } from "./command.ts";
import type { Decision } from "./decide.ts";
import { closeEverything } from "./decide-liquidation.ts";
import { Draft } from "./draft.ts";
import type { AccountEvent } from "./event.ts";
import type { AccountRefusal } from "./refusal.ts";
import type { AccountState } from "./state.ts";
import { syncTriggers } from "./trigger-levels.ts";

type Of<Type extends Command["type"]> = Extract<Command, { readonly type: Type }>;

/** Without any quote an exit may deal this far from the last price that was known: the exchanges' limit price protection. */
const BLIND_AFTER_MS = 3_000;

/** The kill switch, for everything or for one underlying. What has no price now is closed at the first one that comes. */
export function halt(state: AccountState, command: Of<"HALT">): Decision {
  const { atMs, reason, prices, by = "USER", underlying } = command;
  const draft = new Draft(state, atMs);
  if (underlying === undefined && state.tradingState !== "HALTED") {
    draft.push({ type: "TRADING_STATE_CHANGED", atMs, state: "HALTED", reason });
  }
  const scope = ownScope(underlying);
  const trip: Trip = { cause: "MANUAL", by, atMs, evidence: { ...NO_FIGURES, detail: reason } };
  pushTrip(draft, scope, trip);
  closeScope(draft, scope, trip, prices, true);
  return ok(draft.events);
}

/**
 * Ends what the asker may end; what they may not end stays, and `lockedAgainst` says so. The day's loss limit is nobody's to lift
 * (RSK-07), and what the operator or the breaker itself has stopped is not the user's.
 */
export function resume(state: AccountState, command: Of<"RESUME">): Decision {
  const { atMs, by = "USER", underlying } = command;
  const scope = ownScope(underlying);
  const breaker = state.breakers?.[scope];
  const left = tripsLeft(breaker, by);
  const isHalted =
    underlying === undefined && state.tradingState === "HALTED" && left.every(({ cause }) => cause !== "MANUAL");
  const draft = new Draft(state, atMs);
  if (breaker !== undefined && left.length < breaker.trips.length) pushReset(draft, scope, by, left);
  if (isHalted) {
    const isLostNow = state.day !== null && dayLossPaise(state, []) > 0 && isLossLimitReached(state, []);
    const isLost = isLostNow || state.day?.isLossLimited === true;
    draft.push({
      type: "TRADING_STATE_CHANGED",
      atMs,
      state: isLost ? "REDUCING" : "ACTIVE",
      reason: isLost ? "resumed; the day's loss limit is reached" : "resumed",
    });
  }
  if (draft.events.length > 0 && state.day !== null) syncTriggers(draft);
  return ok(draft.events);
}

/** Why an account or one underlying of it stays stopped whatever this asker does; null when nothing of that kind is there. */
export function lockedAgainst(
  state: AccountState,
  { by = "USER", underlying }: Pick<Of<"RESUME">, "by" | "underlying">,
): AccountRefusal | null {
  const left = tripsLeft(state.breakers?.[ownScope(underlying)], by);
  if (left.length === 0) return null;
  const stops = left.map((trip) => `${trip.by} for ${trip.cause}`).join(", ");
  return { code: "BREAKER_LOCKED", detail: `stopped by ${stops}; that is not the asker's to lift` };
}

/** The platform's switch. Switches come over a queue: late, twice and in any order; their numbers say which one holds. */
export function followSwitch(state: AccountState, command: Of<"FOLLOW_SWITCH">): Decision {
  const { atMs, jobKey, action, scope, haltId, changeNo, reason, seen, prices } = command;
  const breaker = state.breakers?.[scope];
  if ((breaker?.changeNo ?? 0) >= changeNo) {
    return ok([{ type: "JOB_DONE", atMs, jobKey, note: `switch ${breaker?.changeNo} was followed already` }]);
  }
  const draft = new Draft(state, atMs);
  if (action === "RESUME") {
    draft.push({ type: "BREAKER_RESET", atMs, scope, who: "OPERATOR", trips: [], jobKey, changeNo });
    if (state.day !== null) syncTriggers(draft);
    return ok(draft.events);
  }
  const byHand = { cause: "MANUAL", by: "OPERATOR", evidence: { ...NO_FIGURES, detail: reason } } as const;
  const trip: Trip = { ...(seen === undefined ? byHand : { ...seen, by: "SYSTEM" }), atMs, haltId };
  draft.push({
    type: "BREAKER_TRIPPED",
    atMs,
    scope,
    trip,
    nextCheckMs: nextLookMs(atMs, atMs),
    jobKey,
    changeNo,
  });
  closeScope(draft, scope, trip, prices, true);
  return ok(draft.events);
}

/** Silence of a feed: nothing new is let in, a person is warned, and after long enough the underlying's breaker trips. */
export function noteFeedSilence(state: AccountState, command: Of<"NOTE_FEED_SILENCE">): Decision {
  const { atMs, underlying, isSilent, lastTickMs, limitMs, tripAfterMs, prices } = command;
  const known = state.silentFeeds?.[underlying];
  const draft = new Draft(state, atMs);
  if (isSilent !== (known !== undefined)) {
    draft.push({ type: "FEED_SILENCE_CHANGED", atMs, underlying, isSilent, lastTickMs, limitMs });
  }
  const silentMs = atMs - lastTickMs;
  if (isSilent && tripAfterMs !== null && silentMs >= tripAfterMs) {
    const detail = `no tick of ${underlying} for ${silentMs} ms`;
    const evidence = { limit: tripAfterMs, value: silentMs, unit: "MS", detail } as const;
    tripBySystem(draft, `ACCOUNT/${underlying}`, "STALE_DATA", evidence, prices);
  }
  return ok(draft.events);
}

/** Trips unless the same reason stands already, and closes what is in scope. Returns whether it was news. */
export function tripBySystem(
  draft: Draft,
  scope: BreakerScope,
  cause: Trip["cause"],
  evidence: Trip["evidence"],
  prices: readonly PriceView[],
): boolean {
  const trip: Trip = { cause, by: "SYSTEM", atMs: draft.atMs, evidence };
  if (!pushTrip(draft, scope, trip)) return false;
  closeScope(draft, scope, trip, prices);
  return true;
}

/** A new trading day ends what a new day may end. It opens only on an account that was flat by the statement of the last. */
export function rearmForNewDay(draft: Draft): void {
  for (const scope of BREAKER_SCOPES) {
    const breaker = draft.state.breakers?.[scope];
    const left = tripsLeft(breaker, "NEW_DAY");
    if (breaker !== undefined && left.length < breaker.trips.length) pushReset(draft, scope, "NEW_DAY", left);
  }
}

/** One look at the venue for every breaker that waits for its proof: presses on what is left, or comes nearer to the proof. */
export function checkFlat(state: AccountState, { atMs, prices, reading }: Of<"CHECK_FLAT">): Decision {
  const draft = new Draft(state, atMs);
  for (const scope of BREAKER_SCOPES) {
    const breaker = draft.state.breakers?.[scope];
    if (breaker?.status !== "TRIPPED" || breaker.check === null || breaker.check.dueMs > atMs) continue;
    const trip = breaker.trips[0];
    if (trip !== undefined) closeScope(draft, scope, trip, withBlindPrices(state, breaker, prices, atMs));
    look(draft, scope, breaker, reading);
  }
  return ok(draft.events);
}

/** A fill that comes after the proof takes it away: the breaker is on its way again. */
export function reopenProofs(draft: Draft): void {
  for (const scope of BREAKER_SCOPES) {
    const breaker = draft.state.breakers?.[scope];
    if (breaker?.status !== "LOCKED") continue;
    const { finding, ...found } = lookAt(draft.state, scope, null);
    if (finding !== "OPEN") continue;
    draft.push({
      type: "FLAT_NOT_PROVEN",
      atMs: draft.atMs,
      scope,
      found: finding,
      ...found,
      isRaised: true,
      nextCheckMs: nextLookMs(draft.atMs, draft.atMs),
    });
  }
}

/**
 * Something was dealt, or what had been given up has ended: a venue that had been silent for long speaks again. The looks, which
 * have become rare by then, are as frequent as after the trip.
 */
export function lookSoon(draft: Draft, moved: readonly Underlying[]): void {
  const { atMs } = draft;
  const nextCheckMs = nextLookMs(atMs, atMs);
  for (const scope of BREAKER_SCOPES) {
    const breaker = draft.state.breakers?.[scope];
    if (breaker?.status !== "TRIPPED" || breaker.check === null || breaker.check.dueMs <= nextCheckMs) continue;
    if (!moved.some((underlying) => isInScope(scope, underlying))) continue;
    draft.push({ type: "FLAT_LOOK_HASTENED", atMs, scope, nextCheckMs });
  }
}

/** An exit has come to nothing: the look that gives the next one is due at once. */
export function lookAgainNow(draft: Draft): void {
  const { atMs } = draft;
  for (const scope of BREAKER_SCOPES) {
    const breaker = draft.state.breakers?.[scope];
    if (breaker?.status !== "TRIPPED" || breaker.check === null || breaker.check.dueMs <= atMs) continue;
    const { finding, ...found } = lookAt(draft.state, scope, null);
    if (finding !== "OPEN") continue;
    draft.push({
      type: "FLAT_NOT_PROVEN",
      atMs,
      scope,
      found: finding,
      ...found,
      isRaised: false,
      nextCheckMs: atMs,
    });
  }
}

function look(draft: Draft, scope: BreakerScope, breaker: Breaker, reading: VenueReading | null): void {
  const { atMs } = draft;
  const { finding, ...found } = lookAt(draft.state, scope, reading);
  if (finding !== null) {
    draft.push({
      type: "FLAT_NOT_PROVEN",
      atMs,
      scope,
      found: finding,
      ...found,
      isRaised: isToBeRaised(breaker, atMs),
      nextCheckMs: nextLookMs(atMs, breaker.trippedAtMs, breaker.check?.movedMs),
    });
    return;
  }
  const firstMs = breaker.check?.firstZeroMs ?? null;
  if (firstMs === null || atMs - firstMs < SETTLE_MS) {
    if (firstMs === null) draft.push({ type: "FLAT_READ", atMs, scope, nextCheckMs: settledMs(atMs) });
    return;
  }
  const { trippedAtMs } = breaker;
  const durationMs = atMs - trippedAtMs;
  draft.push({ type: "FLAT_PROVEN", atMs, scope, readAtMs: [firstMs, atMs], trippedAtMs, durationMs });
}

function pushTrip(draft: Draft, scope: BreakerScope, trip: Trip): boolean {
  const { atMs } = draft;
  if (hasTrip(draft.state.breakers?.[scope], trip)) return false;
  draft.push({ type: "BREAKER_TRIPPED", atMs, scope, trip, nextCheckMs: nextLookMs(atMs, atMs) });
  return true;
}

/** After a drawdown was lifted by hand the next one counts from here. */
function pushReset(draft: Draft, scope: BreakerScope, who: Rearming, trips: readonly Trip[]): void {
  const { state, atMs } = draft;
  const lifted = (state.breakers?.[scope]?.trips ?? []).filter((trip) => !trips.includes(trip));
  const isRebased = state.day !== null && who !== "NEW_DAY" && lifted.some(({ cause }) => cause === "DRAWDOWN");
  const event: AccountEvent = { type: "BREAKER_RESET", atMs, scope, who, trips };
  draft.push(isRebased ? { ...event, peakResultPaise: dayResultPaise(state, []) } : event);
}

function closeScope(
  draft: Draft,
  scope: BreakerScope,
  trip: Trip,
  prices: readonly PriceView[],
  isAsked = false,
): void {
  if (draft.state.day === null) return;
  closeEverything(draft, exitReasonOf(trip), prices, underlyingOf(scope), isAsked);
}

/** What nobody quotes is given all the same after a moment, at the last price known; the exit's own band is around that. */
function withBlindPrices(
  state: AccountState,
  { trippedAtMs }: Breaker,
  prices: readonly PriceView[],
  atMs: AccountEvent["atMs"],
): readonly PriceView[] {
  if (atMs - trippedAtMs < BLIND_AFTER_MS) return prices;
  const usable = prices.filter((price) => isUsable(state, price));
  const priced = new Set(usable.map(({ instrumentId }) => instrumentId));
  const blind = Object.values(state.openTrades).flatMap(({ position, lastExitPaise }): PriceView[] => {
    const { instrumentId } = position.contract;
    if (priced.has(instrumentId)) return [];
    const lastPaise = lastExitPaise ?? averagePricePaise(position);
    return [{ instrumentId, bidPaise: null, askPaise: null, lastPaise, quotedAtMs: trippedAtMs, staleAfterMs: 0 }];
  });
  return [...usable, ...blind];
}

/** A quote of nothing, as a feed in trouble shows it, is no quote to get out by. */
function isUsable({ openTrades }: AccountState, price: PriceView): boolean {
  const held = openTrades[price.instrumentId]?.position;
  if (held === undefined) return true;
  const side = held.netUnits > 0 ? "SELL" : "BUY";
  return protectionPaise(side, price, held.contract.tickSizePaise, EXIT_BAND) !== null;
}

const ownScope = (underlying: Underlying | undefined): BreakerScope =>
  underlying === undefined ? "ACCOUNT" : `ACCOUNT/${underlying}`;

const NO_FIGURES = { limit: null, value: null, unit: null } as const;
