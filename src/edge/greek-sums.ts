// The day's results by greek: for every lot, what delta, gamma, theta and vega explain between its opening and its closing, or now.
// The index at each moment comes from the feed's 3-minute bars, so only lots of the session at hand can be explained.

import type { InstrumentId } from "../core/instrument/contract.ts";
import { isUnderlying, type Underlying } from "../core/instrument/contract.ts";
import { type Paise, paise } from "../core/kernel/money.ts";
import type { EpochMs } from "../core/kernel/time.ts";
import { BAR_INTERVAL_MS } from "../core/market/bars.ts";
import type { Bar } from "../core/market/market-event.ts";
import type { Execution } from "../core/portfolio/execution.ts";
import { type GreekAttribution, greekAttribution, type Mark } from "../core/portfolio/greek-attribution.ts";
import type { LotBook } from "../core/portfolio/tax-lots.ts";
import type { AppEnv } from "../env.ts";
import type { AccountBook } from "./account-book.ts";
import { contractFor } from "./contracts.ts";
import { pricedPositions } from "./portfolio-body.ts";

export interface GreekSums extends GreekAttribution {
  readonly lots: number;
  /** Lots of which a price or the index is not explained or not known. */
  readonly unexplained: number;
}

interface Stretch {
  readonly opened: Execution;
  readonly units: number;
  readonly end: { readonly atMs: EpochMs; readonly pricePaise: Paise };
}

const LOTS_MAX = 500;
const NOTHING: GreekAttribution = {
  actualRupees: 0,
  deltaRupees: 0,
  gammaRupees: 0,
  thetaRupees: 0,
  vegaRupees: 0,
  residualRupees: 0,
};

export async function greekSums(env: AppEnv, book: AccountBook, lots: LotBook): Promise<GreekSums> {
  const stretches = stretchesOf(book, lots);
  const barsOf = new Map(book.views.map(({ underlying, bars }) => [underlying, bars]));
  const parts = await Promise.all(
    stretches.slice(0, LOTS_MAX).map(async ({ opened, units, end }) => {
      const contract = await contractFor(env, opened.instrumentId as InstrumentId);
      const bars = isUnderlying(opened.underlying) ? barsOf.get(opened.underlying as Underlying) : undefined;
      const before = bars === undefined ? null : markOf(bars, opened.atMs, opened.pricePaise);
      const after = bars === undefined ? null : markOf(bars, end.atMs, end.pricePaise);
      if (contract === null || before === null || after === null) return null;
      return greekAttribution(contract, units, before, after);
    }),
  );
  const known = parts.filter((part) => part !== null);
  return { ...known.reduce(added, NOTHING), lots: known.length, unexplained: stretches.length - known.length };
}

function stretchesOf(book: AccountBook, { open, closed }: LotBook): Stretch[] {
  const exits = new Map(
    pricedPositions(book).map(({ position, exitPaise }) => [String(position.contract.instrumentId), exitPaise]),
  );
  return [
    ...closed.map(({ opened, closed: end, direction, units }) => ({
      opened,
      units: direction === "LONG" ? units : -units,
      end,
    })),
    ...open.flatMap(({ opened, units }): Stretch[] => {
      const pricePaise = exits.get(opened.instrumentId) ?? null;
      return pricePaise === null ? [] : [{ opened, units, end: { atMs: book.market.atMs, pricePaise } }];
    }),
  ];
}

/** The index within its bar, in proportion to the time that has passed of it; beyond the last bar its close. */
function markOf(bars: readonly Bar[], atMs: EpochMs, pricePaise: Paise): Mark | null {
  const bar = bars.findLast(({ startMs }) => startMs <= atMs);
  if (bar === undefined) return null;
  const share = Math.min(1, (atMs - bar.startMs) / BAR_INTERVAL_MS);
  const spotPaise = paise(Math.round(bar.openPaise + (bar.closePaise - bar.openPaise) * share));
  return { atMs, pricePaise, spotPaise };
}

const added = (sum: GreekAttribution, one: GreekAttribution): GreekAttribution => ({
  actualRupees: sum.actualRupees + one.actualRupees,
  deltaRupees: sum.deltaRupees + one.deltaRupees,
  gammaRupees: sum.gammaRupees + one.gammaRupees,
  thetaRupees: sum.thetaRupees + one.thetaRupees,
  vegaRupees: sum.vegaRupees + one.vegaRupees,
  residualRupees: sum.residualRupees + one.residualRupees,
});
