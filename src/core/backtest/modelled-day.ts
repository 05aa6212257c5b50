// One day's market out of index bars and India VIX, with every premium modelled: what a backtest plays where nobody has recorded
// a chain. What stands on the day's board comes from its own bars and from closes of days before it.
import type { Underlying } from "../instrument/contract.ts";
import { tradingSessionOf } from "../instrument/trading-calendar.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { daysBetween, type EpochMs, type MarketDate, MS_PER_MINUTE } from "../kernel/time.ts";
import type { BarSeries } from "../market/bar-series.ts";
import { fittedSmile, type Smile } from "../market/fitted-smile.ts";
import { MODELLED_CADENCE_MS } from "../market/index-prints.ts";
import { QuoteBoard } from "../market-feed/quote-board.ts";
import type { DayHistory } from "./day-history.ts";
import { type MarketSource, TapeSource } from "./market-source.ts";
import type { DayMarket } from "./run-day.ts";
import { SeriesSource } from "./series-source.ts";

export interface DayHours {
  readonly openMs: EpochMs;
  readonly closeMs: EpochMs;
}

export interface ModelledDay extends DayHours {
  readonly date: MarketDate;
  /** Of the day, by index; an index without bars is not traded. */
  readonly bars: ReadonlyMap<Underlying, BarSeries>;
  readonly vixBars: BarSeries | null;
  /** India VIX × 100 at the close of the day before, as `vixStanding` has it. */
  readonly previousVixCenti: number | null;
  readonly history?: DayHistory;
  /** How strikes are priced; as fitted unless said otherwise. */
  readonly smile?: Smile;
  /** Of an edge run: India VIX × 100 that stands all day in place of what it was. */
  readonly edgeVixCenti?: number | undefined;
}

/** India VIX × 100 that an edge run may set. */
export const EDGE_VIX = { min: 5_00, max: 150_00 } as const;

/** What has to be said beside an edge run, for people; nothing beside any other. */
export const edgeWords = (edgeVixCenti: number | undefined): readonly string[] =>
  edgeVixCenti === undefined
    ? []
    : [
        `An edge run: every day is played as if India VIX stood at ${edgeVixCenti / 100}. Premiums, spreads and how much may be put in follow from it; the index moves as it did. No such days have been.`,
      ];

const SHORTEST_DAY_MS = 300 * MS_PER_MINUTE;
export const NO_VIX = "no India VIX is known, so no premiums can be modelled";

/** India VIX × 100 as it closed on a date. */
export interface VixClose {
  readonly date: MarketDate;
  readonly centi: number;
}

/** As features have it: the longest run of closed days is four, and beyond a hole in the data nothing is carried. */
const VIX_DAYS_MAX = 7;

/** What the last close there is says of a date: nothing, where it lies too far back. */
export const vixStanding = (last: VixClose | null, date: MarketDate): number | null =>
  last !== null && daysBetween(last.date, date) <= VIX_DAYS_MAX ? last.centi : null;

/** The hours of an ordinary day, or why the date is none. */
export function ordinaryHours(date: MarketDate): Result<DayHours, string> {
  const calendar = tradingSessionOf(date, { evidence: "RECORDING" });
  if (!calendar.ok) return err(calendar.error.reason);
  const { openMs, closeMs, windows } = calendar.value;
  if (windows.length > 1 || closeMs - openMs < SHORTEST_DAY_MS) return err("a special session");
  return ok({ openMs, closeMs });
}

export function modelledDay({
  date,
  openMs,
  closeMs,
  bars,
  vixBars: ownVixBars,
  previousVixCenti: ownVixCenti,
  history,
  smile = fittedSmile,
  edgeVixCenti,
}: ModelledDay): DayMarket {
  const vixBars = edgeVixCenti === undefined ? ownVixBars : null;
  const previousVixCenti = edgeVixCenti ?? ownVixCenti;
  const sourceOf = (underlying: Underlying): MarketSource => {
    const own = bars.get(underlying);
    if (own === undefined) return new TapeSource(new QuoteBoard(underlying, date), []);
    const day = { underlying, date, openMs, closeMs, bars: own, vixBars, previousVixCenti, smile };
    return new SeriesSource(day);
  };
  return {
    session: {
      date,
      source: "Index bars and India VIX; premiums are modelled.",
      openMs,
      closeMs,
      hasVix: vixBars !== null,
      previousVixCenti,
      underlyings: [...bars.keys()].map((underlying) => ({
        underlying,
        chain: "MODELLED",
        quoteCadenceMs: MODELLED_CADENCE_MS,
        previousClosePaise: null,
        events: 0,
      })),
      remarks: [],
    },
    sources: sourcesBy(sourceOf),
    ...(history === undefined ? {} : { history: knownOf(history, edgeVixCenti) }),
  };
}

/** In an edge run India VIX stood there on the days before, too: the day does not begin with a jump from what it was to what it is. */
export const knownOf = (history: DayHistory, edgeVixCenti: number | undefined): DayHistory =>
  edgeVixCenti === undefined
    ? history
    : Object.fromEntries(
        Object.entries(history).map(([underlying, figures]) => [
          underlying,
          { ...figures, previousVixCenti: edgeVixCenti, vixBeforeCenti: edgeVixCenti },
        ]),
      );

export const sourcesBy = (sourceOf: (underlying: Underlying) => MarketSource): DayMarket["sources"] => ({
  NIFTY50: sourceOf("NIFTY50"),
  BANKNIFTY: sourceOf("BANKNIFTY"),
  SENSEX: sourceOf("SENSEX"),
});
