// Results by greek: for every lot, what delta, gamma, theta and vega explain between its opening and its closing, or now. The index
// at each moment comes from its 3-minute bars: the feeds' of the session at hand, the kept ones of earlier days.
import { type IndexDays, indexDayKey, indexDaysOf } from "../adapters/read-models/index-days.ts";
import { type InstrumentId, isUnderlying } from "../core/instrument/contract.ts";
import type { OptionTerms } from "../core/instrument/option-terms.ts";
import { type Paise, paise } from "../core/kernel/money.ts";
import { type EpochMs, istDateOf } from "../core/kernel/time.ts";
import { BAR_INTERVAL_MS } from "../core/market/bars.ts";
import type { Execution } from "../core/portfolio/execution.ts";
import { type GreekAttribution, greekAttribution, type Mark } from "../core/portfolio/greek-attribution.ts";
import type { LotBook } from "../core/portfolio/tax-lots.ts";
import type { AppEnv } from "../env.ts";
import type { AccountBook } from "./account-book.ts";
import { pricedPositions } from "./portfolio-body.ts";

export interface GreekSums extends GreekAttribution {
  readonly lots: number;
  /** Lots of which a price, the index or the contract is not explained or not known, and those beyond what is counted at once. */
  readonly unexplained: number;
}

interface Stretch {
  readonly opened: Execution;
  readonly units: number;
  readonly end: { readonly atMs: EpochMs; readonly pricePaise: Paise };
}

/** The newest lots, each of which takes two volatilities to find, and the newest days that have any. */
const LOTS_MAX = 2_000;
const DAYS_MAX = 92;
const NOTHING: GreekAttribution = {
  actualRupees: 0,
  deltaRupees: 0,
  gammaRupees: 0,
  thetaRupees: 0,
  vegaRupees: 0,
  residualRupees: 0,
};

export async function greekSums(env: AppEnv, book: AccountBook, lots: LotBook): Promise<GreekSums> {
  const stretches = stretchesOf(book, lots).toSorted((one, other) => other.opened.atMs - one.opened.atMs);
  const dates = [...new Set(stretches.map(({ opened }) => opened.date))].slice(0, DAYS_MAX);
  if (dates.length === 0) return { ...NOTHING, lots: 0, unexplained: 0 };
  const days = withSession(await indexDaysOf(env.DB, dates), book);
  const known = stretches.slice(0, LOTS_MAX).flatMap(({ opened, units, end }) => {
    const contract = termsOf(opened);
    const before = markOf(days, opened.underlying, opened);
    const after = markOf(days, opened.underlying, end);
    const part =
      contract === null || before === null || after === null ? null : greekAttribution(contract, units, before, after);
    return part ?? [];
  });
  return { ...known.reduce(added, NOTHING), lots: known.length, unexplained: stretches.length - known.length };
}

/** The feeds know the session at hand to its last minute; what is kept of it, if anything, is older. */
function withSession(kept: IndexDays, { views }: AccountBook): IndexDays {
  const days = new Map(kept);
  for (const { underlying, bars } of views)
    for (const [date, ofDate] of Map.groupBy(bars, ({ startMs }) => istDateOf(startMs)))
      days.set(indexDayKey(underlying, date), ofDate);
  return days;
}

/** Null in executions that were recorded before strike and expiry were; a rebuild of the account adds them. */
function termsOf({ instrumentId, underlying, optionType, strikePaise, expiry }: Execution): OptionTerms | null {
  if (!isUnderlying(underlying) || (optionType !== "CALL" && optionType !== "PUT")) return null;
  if (strikePaise == null || expiry == null) return null;
  return { instrumentId: instrumentId as InstrumentId, underlying, optionType, strikePaise, expiry };
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
function markOf(
  days: IndexDays,
  underlying: string,
  { atMs, pricePaise }: { readonly atMs: EpochMs; readonly pricePaise: Paise },
): Mark | null {
  const bars = days.get(indexDayKey(underlying, istDateOf(atMs)));
  const bar = bars?.findLast(({ startMs }) => startMs <= atMs);
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
