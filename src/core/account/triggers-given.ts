// Which triggers each feed has been told about, so that only changes travel.

import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import { dealtIn } from "../risk/working-orders.ts";
import type { AccountState, PriceTrigger } from "./state.ts";

export interface TriggerWork {
  readonly instrumentId: InstrumentId;
  readonly underlying: Underlying;
  readonly triggers: readonly PriceTrigger[];
}

const NONE: readonly PriceTrigger[] = [];

type Wanted = readonly TriggerWork[];

export class GivenTriggers {
  /** What each feed was last told about an instrument. */
  readonly #given = new Map<InstrumentId, readonly PriceTrigger[]>();

  /** What the feeds have not been told, or have been told otherwise. */
  changed(state: AccountState, wanted: Wanted): readonly TriggerWork[] {
    return wantedTriggers(state, wanted).filter(({ instrumentId, triggers }) => !this.isGiven(instrumentId, triggers));
  }

  isGiven(instrumentId: InstrumentId, triggers: readonly PriceTrigger[]): boolean {
    const given = this.#given.get(instrumentId);
    // Triggers never change once they are made: the same ones need no second look.
    return given !== undefined && (given === triggers || isAlike(given, triggers));
  }

  given(instrumentId: InstrumentId, triggers: readonly PriceTrigger[]): void {
    this.#given.set(instrumentId, triggers);
  }
}

const isAlike = (one: readonly PriceTrigger[], other: readonly PriceTrigger[]): boolean =>
  one.length === other.length && one.every((trigger, at) => trigger === other[at] || isEqual(trigger, other[at]));

/** All fields, whatever they are called: a trigger is flat. */
function isEqual(one: PriceTrigger, other: PriceTrigger | undefined): boolean {
  if (other === undefined) return false;
  const keys = Object.keys(one) as (keyof PriceTrigger)[];
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

/** The triggers every traded instrument should have: none where nothing is open any more. */
function wantedTriggers(state: AccountState, triggers: Wanted): readonly TriggerWork[] {
  const traded = dealtIn(state.orders);
  const wanted = new Map(triggers.map((item) => [item.instrumentId, item]));
  const dealt = [...traded].map(
    ([instrumentId, underlying]) => wanted.get(instrumentId) ?? { instrumentId, underlying, triggers: NONE },
  );
  return [...dealt, ...triggers.filter(({ instrumentId }) => !traded.has(instrumentId))];
}
