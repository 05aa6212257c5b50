// What a person is told about a circuit breaker: every transition, urgently, and once more while the proof of flat is overdue.
import type { BreakerEvent } from "../account/breaker-event.ts";
import type { AccountEvent } from "../account/event.ts";
import type { AccountState } from "../account/state.ts";
import { type BreakerCause, type BreakerScope, underlyingOf } from "../risk/circuit-breaker.ts";
import type { Notification } from "./notification.ts";

type Notice = Pick<Notification, "kind" | "priority" | "title" | "body">;
type Event<Type extends AccountEvent["type"]> = Extract<AccountEvent, { readonly type: Type }>;

export function breakerNotice(before: AccountState, event: BreakerEvent): Notice | null {
  switch (event.type) {
    case "BREAKER_TRIPPED":
      return trippedNotice(before, event);
    case "BREAKER_RESET":
      return resetNotice(before, event);
    case "FLAT_PROVEN":
      return urgent(
        `Proven flat: ${scopeName(event.scope)}`,
        `The venue was read twice and shows no position and no order; it took ${seconds(event.durationMs)} from the stop. ` +
          "Nothing new is opened until the stop is lifted.",
      );
    case "FLAT_NOT_PROVEN":
      return event.isRaised
        ? urgent(
            `Not flat yet: ${scopeName(event.scope)}`,
            `${sentence(event.detail)} It is being closed further; somebody should look.`,
          )
        : null;
    case "FEED_SILENCE_CHANGED":
      return silenceNotice(before, event);
    case "FLAT_READ":
    case "FLAT_LOOK_HASTENED":
    case "EQUITY_PEAKED":
      return null;
  }
}

const CAUSES: Readonly<Record<BreakerCause, string>> = {
  DAILY_LOSS: "the daily loss limit",
  DRAWDOWN: "the drawdown limit",
  STALE_DATA: "stale market data",
  VENUE_ERRORS: "venue errors",
  MANUAL: "by hand",
};

/** The kill switch and the loss limit have told of themselves already, with the trading state. */
function trippedNotice(before: AccountState, { scope, trip }: Event<"BREAKER_TRIPPED">): Notice | null {
  const isTold =
    scope === "ACCOUNT" &&
    ((trip.cause === "MANUAL" && before.tradingState === "HALTED") || trip.cause === "DAILY_LOSS");
  if (isTold && (before.breakers?.ACCOUNT?.trips.length ?? 0) === 0) return null;
  return urgent(
    `Stopped: ${scopeName(scope)} (${CAUSES[trip.cause]})`,
    `${sentence(trip.evidence.detail)} Working orders are canceled and open positions are being closed.`,
  );
}

function resetNotice(before: AccountState, { scope, trips }: Event<"BREAKER_RESET">): Notice | null {
  if ((before.breakers?.[scope]?.trips.length ?? 0) === 0) return null;
  const name = scopeName(scope);
  return trips.length === 0
    ? urgent(`May trade again: ${name}`, `The stop of ${name} has been lifted.`)
    : urgent(
        `Still stopped: ${name}`,
        `One reason was lifted; ${trips.map(({ cause }) => CAUSES[cause]).join(", ")} stays.`,
      );
}

/** News while something is held; otherwise the denials say it. */
function silenceNotice(before: AccountState, event: Event<"FEED_SILENCE_CHANGED">): Notice | null {
  const { underlying, isSilent, atMs, lastTickMs } = event;
  const isHeld = Object.values(before.openTrades).some(({ position }) => position.contract.underlying === underlying);
  if (!isHeld) return null;
  return isSilent
    ? urgent(
        `No market data: ${underlying}`,
        `Nothing has ticked for ${seconds(atMs - lastTickMs)}. Nothing new is opened; stops wait for the next price.`,
      )
    : {
        kind: "RISK",
        priority: "HIGH",
        title: `Market data is back: ${underlying}`,
        body: `${underlying} ticks again.`,
      };
}

const urgent = (title: string, body: string): Notice => ({ kind: "RISK", priority: "URGENT", title, body });

const scopeName = (scope: BreakerScope): string => {
  const underlying = underlyingOf(scope);
  if (scope === "ACCOUNT") return "this account";
  if (scope === "PLATFORM") return "the whole platform";
  return scope.startsWith("PLATFORM") ? `${underlying} on the whole platform` : `${underlying} of this account`;
};

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} seconds`;

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
