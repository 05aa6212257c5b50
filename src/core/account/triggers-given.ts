// Which triggers each feed has been told about, so that only changes travel.

import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import type { AccountState, PriceTrigger } from "./state.ts";

export interface TriggerWork {
  readonly instrumentId: InstrumentId;
  readonly underlying: Underlying;
  readonly triggers: readonly PriceTrigger[];
}

type Wanted = readonly TriggerWork[];

export class GivenTriggers {
  /** What each feed was last told about an instrument, as JSON. */
  readonly #given = new Map<InstrumentId, string>();

  /** What the feeds have not been told, or have been told otherwise. */
  changed(state: AccountState, wanted: Wanted): readonly TriggerWork[] {
    return wantedTriggers(state, wanted).filter(({ instrumentId, triggers }) => !this.isGiven(instrumentId, triggers));
  }

  isGiven(instrumentId: InstrumentId, triggers: readonly PriceTrigger[]): boolean {
    return this.#given.get(instrumentId) === JSON.stringify(triggers);
  }

  given(instrumentId: InstrumentId, triggers: readonly PriceTrigger[]): void {
    this.#given.set(instrumentId, JSON.stringify(triggers));
  }
}

/** The triggers every traded instrument should have: none where nothing is open any more. */
function wantedTriggers(state: AccountState, triggers: Wanted): readonly TriggerWork[] {
  const wanted = new Map(triggers.map((item) => [item.instrumentId, item.triggers]));
  const traded = new Map<InstrumentId, Underlying>();
  for (const order of Object.values(state.orders)) {
    if (order.filledUnits > 0) traded.set(order.contract.instrumentId, order.contract.underlying);
  }
  for (const { instrumentId, underlying } of triggers) traded.set(instrumentId, underlying);
  return [...traded].map(([instrumentId, underlying]) => ({
    instrumentId,
    underlying,
    triggers: wanted.get(instrumentId) ?? [],
  }));
}
