// Where the recording has an index but no premiums, a chain is priced from the index and India VIX once a minute and marked
// MODELLED. It goes on while the index is frozen, from the last price there was.
import type { Underlying } from "../../../core/instrument/contract.ts";
import type { TradingSession } from "../../../core/instrument/trading-calendar.ts";
import type { Paise } from "../../../core/kernel/money.ts";
import { type EpochMs, epochMs, type MarketDate } from "../../../core/kernel/time.ts";
import { MODELLED_CADENCE_MS } from "../../../core/market/index-prints.ts";
import type { ChainSnapshot, IndexPrint } from "../../../core/market/market-event.ts";
import { type SpotRange, widened } from "../../../core/market/model-chain.ts";

/** Prices a chain at one instant; null when it cannot. */
export type ModelChain = (input: {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly spotPaise: Paise;
  readonly vixCenti: number | null;
  readonly seen: SpotRange;
}) => ChainSnapshot | null;

export function modelledSnapshots(
  underlying: Underlying,
  session: TradingSession,
  spot: readonly IndexPrint[],
  vix: { readonly prints: readonly IndexPrint[]; readonly previousCenti: number | null },
  modelChain: ModelChain,
): ChainSnapshot[] {
  const snapshots: ChainSnapshot[] = [];
  let seen: SpotRange | null = null;
  const spotAt = latestBy(spot);
  const vixAt = latestBy(vix.prints);
  for (const { openMs, closeMs } of session.windows) {
    for (let at: number = openMs; at <= closeMs; at += MODELLED_CADENCE_MS) {
      const atMs = epochMs(at);
      const spotPaise = spotAt(atMs);
      if (spotPaise === null) continue;
      const vixCenti = vixAt(atMs) ?? vix.previousCenti;
      seen = widened(seen, spotPaise);
      const snapshot = modelChain({ underlying, date: session.date, atMs, spotPaise, vixCenti, seen });
      if (snapshot !== null) snapshots.push(snapshot);
    }
  }
  return snapshots;
}

/** Walks prints forward: the last price at or before each instant asked for, which must not go back. */
function latestBy(prints: readonly IndexPrint[]): (atMs: EpochMs) => Paise | null {
  let next = 0;
  let latest: Paise | null = null;
  return (atMs) => {
    for (let print = prints[next]; print !== undefined && print.atMs <= atMs; print = prints[next]) {
      latest = print.pricePaise;
      next += 1;
    }
    return latest;
  };
}
