// What the parts of an execution window share: what is known at its moment, and what is said of a signal.
import type { InstrumentId } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { minPaise, type Paise, valuePaise } from "../kernel/money.ts";
import type { Cut } from "../order/order.ts";
import { exposureOf } from "../risk/exposure.ts";
import type { Command, PriceView } from "./command.ts";
import type { WindowDecision } from "./event.ts";
import type { AccountState } from "./state.ts";

export type RunWindow = Extract<Command, { readonly type: "RUN_WINDOW" }>;
export type Outcome = Omit<WindowDecision, "signalId">;

export const held = (reason: string): Outcome => ({ action: "HELD", reason, denial: null });
export const noTrade = (reason: string): Outcome => ({ action: "NO_TRADE", reason, denial: null });

export const priceOf = (prices: readonly PriceView[], instrumentId: InstrumentId): PriceView | null =>
  prices.find((price) => price.instrumentId === instrumentId) ?? null;

/** What a trade may lose is a share of money that is really there. */
export const ownCapitalPaise = (state: AccountState): Paise =>
  minPaise(exposureOf(state).equityPaise, required(state.profile, "an open account").capitalPaise);

/** What an entry records where it takes what fits (SPL-06); nothing where all of it did, or none. */
export function cutTo(
  lots: number,
  wantedLots: number,
  { unitsPerLot, lotPaise }: { readonly unitsPerLot: number; readonly lotPaise: Paise },
): { readonly cut?: Cut } {
  if (lots <= 0 || wantedLots <= lots) return {};
  return {
    cut: {
      requestedUnits: wantedLots * unitsPerLot,
      executedUnits: lots * unitsPerLot,
      remainingUnits: (wantedLots - lots) * unitsPerLot,
      executedExposurePaise: valuePaise(lotPaise, lots),
      remainingExposurePaise: valuePaise(lotPaise, wantedLots - lots),
    },
  };
}
