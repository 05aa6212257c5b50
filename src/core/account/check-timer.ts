// The wake-up by which an account looks at the venue for the proof of a breaker, where the market's clock is a recording's: a
// timer at the feed, under a name that is no contract, so that every run looks at the same instants.
import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import { ZERO_PAISE } from "../kernel/money.ts";
import type { PriceView } from "./command.ts";
import type { FlatCheckDue } from "./outstanding.ts";
import type { PriceTrigger } from "./state.ts";

const CHECK_ID = "FLAT-CHECK" as InstrumentId;

interface Fired {
  readonly triggerId: string;
  readonly price: PriceView;
}

/** The wake-ups and the price levels among what has fired. */
export const splitChecks = (fired: readonly Fired[]): readonly [readonly Fired[], readonly Fired[]] => [
  fired.filter(({ price }) => price.instrumentId === CHECK_ID),
  fired.filter(({ price }) => price.instrumentId !== CHECK_ID),
];

/** The timer one feed should hold; an empty set takes it away. */
export interface CheckTimer {
  readonly underlying: Underlying;
  readonly instrumentId: InstrumentId;
  readonly triggers: readonly PriceTrigger[];
}

/** Null where no feed has to know. */
export function checkTimer(check: FlatCheckDue, isReplay: boolean): CheckTimer | null {
  if (check === null || check.underlying === null || !isReplay) return null;
  const { dueMs, underlying } = check;
  if (dueMs === null) return { underlying, instrumentId: CHECK_ID, triggers: [] };
  const triggerId = `${CHECK_ID}/${dueMs}`;
  const timer = { kind: "TIMER", fires: "AT_OR_ABOVE", levelPaise: ZERO_PAISE, dueMs } as const;
  return { underlying, instrumentId: CHECK_ID, triggers: [{ triggerId, instrumentId: CHECK_ID, ...timer }] };
}
