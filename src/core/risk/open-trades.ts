// What the open trades come to for the checks, in one pass. Remembered for as long as the record of trades is the same one.
import type { OpenTrade } from "../account/state.ts";
import type { InstrumentId, Underlying } from "../instrument/contract.ts";
import { rememberingLast } from "../kernel/remembered.ts";

interface OfUnderlying {
  /** A part of a lot counts as a whole one. */
  lots: number;
  /** Futures-equivalent at worst: a delta of one, at the strike. */
  longPaise: number;
  shortPaise: number;
}

export interface OpenSummary {
  /** Premium paid for longs, margin blocked for shorts; a short that nobody meant to open counts with its premium. */
  readonly costPaise: number;
  readonly signedCostPaise: number;
  readonly of: ReadonlyMap<Underlying, Readonly<OfUnderlying>>;
}

type Trades = Readonly<Record<InstrumentId, OpenTrade>>;

export const openSummary = rememberingLast(summaryOf);

function summaryOf(trades: Trades): OpenSummary {
  const of = new Map<Underlying, OfUnderlying>();
  let [costPaise, signedCostPaise] = [0, 0];
  for (const { position, marginPaise } of Object.values(trades)) {
    const { contract, netUnits } = position;
    costPaise += marginPaise ?? Math.abs(position.costPaise);
    signedCostPaise += position.costPaise;
    const sum = of.get(contract.underlying) ?? { lots: 0, longPaise: 0, shortPaise: 0 };
    sum.lots += Math.ceil(Math.abs(netUnits) / contract.lotSize);
    const units = contract.optionType === "CALL" ? netUnits : -netUnits;
    sum.longPaise += Math.max(0, units) * contract.strikePaise;
    sum.shortPaise += Math.max(0, -units) * contract.strikePaise;
    of.set(contract.underlying, sum);
  }
  return { costPaise, signedCostPaise, of };
}
