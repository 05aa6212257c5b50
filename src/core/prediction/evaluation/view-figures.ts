// What came of the views that would have been voiced: how often they came true against what was stated, and what one lot of each
// would have earned after all costs.
import { type Dataset, UNKNOWN_LABEL } from "../dataset.ts";
import { type BootstrapOptions, bootstrapInterval, type Interval } from "./block-bootstrap.ts";
import { deflatedSharpe, sharpeOf, TRADING_DAYS_PER_YEAR } from "./deflated-sharpe.ts";
import { type JudgedRows, NO_VIEW } from "./judged-rows.ts";
import { calibrationError, type ReliabilityBin, reliabilityBins } from "./reliability.ts";

/** The gate (C-10), strictly. */
const GATE = 0.7;

export interface ViewFigures {
  readonly above70: {
    readonly n: number;
    /** Null where no outcome of them is known. */
    readonly hitRate: number | null;
    readonly stated: number | null;
    /** Days on which such views were. */
    readonly days: number;
    /** 95 % of what else the hit rate could have come out as, drawn by those days; null on too few of them. */
    readonly interval: Interval | null;
  };
  /** One lot, or one set of a structure, for each. */
  readonly trades: number;
  readonly winRate: number | null;
  readonly netPaise: number;
  /** Of the results of days, those without a trade among them, times √252. Null, as the next two, without a trade. */
  readonly sharpe: number | null;
  readonly sharpeInterval: Interval | null;
  /** Probability that there is skill, given the number of variants tried. */
  readonly deflatedSharpe: number | null;
}

export interface FigureOptions extends BootstrapOptions {
  /** Variants that the judged one was picked from. */
  readonly trials: number;
}

/** `positions`: those of the judged rows that count. */
export function viewFigures(judged: JudgedRows, positions: Int32Array, options: FigureOptions): ViewFigures {
  const { dataset, rows, view, probability } = judged;
  const results = new Map<number, number>();
  const days = new Map<number, { n: number; hits: number }>();
  let [n, hits, stated, netPaise] = [0, 0, 0, 0];
  for (const at of positions) {
    const row = rows[at] as number;
    const day = dataset.day[row] as number;
    if (!results.has(day)) results.set(day, 0);
    const own = view[at] as number;
    if (own === NO_VIEW || !((probability[at] as number) > GATE)) continue;
    const outcome = dataset.outcome[own]?.[row];
    // Where the product would have found nothing to trade, nothing was traded.
    if (outcome === undefined || outcome === UNKNOWN_LABEL) continue;
    n += 1;
    hits += outcome;
    stated += probability[at] as number;
    const ofDay = days.get(day) ?? { n: 0, hits: 0 };
    days.set(day, { n: ofDay.n + 1, hits: ofDay.hits + outcome });
    const net = dataset.netPaise?.[own]?.[row] ?? 0;
    netPaise += net;
    results.set(day, (results.get(day) as number) + net);
  }
  const byDay = Float64Array.from(results.values());
  const isTraded = n > 0 && byDay.length > 1;
  const yearly = Math.sqrt(TRADING_DAYS_PER_YEAR);
  return {
    above70: {
      n,
      hitRate: n === 0 ? null : hits / n,
      stated: n === 0 ? null : stated / n,
      days: days.size,
      interval: hitInterval([...days.values()], options),
    },
    trades: n,
    winRate: n === 0 ? null : hits / n,
    netPaise,
    sharpe: isTraded ? yearly * sharpeOf(byDay) : null,
    sharpeInterval: isTraded
      ? bootstrapInterval(
          byDay.length,
          (drawn) => yearly * sharpeOf(Float64Array.from(drawn, (day) => byDay[day] as number)),
          options,
        )
      : null,
    deflatedSharpe: isTraded ? deflatedSharpe(byDay, options.trials) : null,
  };
}

/** Fewer days tell nothing of how else it could have come out. */
const INTERVAL_DAYS_MIN = 5;

function hitInterval(
  days: readonly { readonly n: number; readonly hits: number }[],
  options: FigureOptions,
): Interval | null {
  if (days.length < INTERVAL_DAYS_MIN) return null;
  const rate = (drawn: Int32Array): number => {
    let [n, hits] = [0, 0];
    for (const at of drawn) {
      n += days[at]?.n ?? 0;
      hits += days[at]?.hits ?? 0;
    }
    return hits / n;
  };
  return bootstrapInterval(days.length, rate, options);
}

export interface OutcomeReliability {
  readonly rows: number;
  readonly bins: readonly ReliabilityBin[];
  readonly ece: number;
}

/** Of every stated probability that a structure makes money, voiced or not, where it is known whether it did. */
export function outcomeReliability(judged: JudgedRows, views: readonly number[] = [0, 1, 2]): OutcomeReliability {
  const { dataset, rows, outcome } = judged;
  const [stated, came]: [number[], number[]] = [[], []];
  for (const [at, row] of rows.entries())
    for (const view of views) {
      const [probability, label] = [outcome[at * 3 + view] as number, outcomeOf(dataset, view, row)];
      if (Number.isNaN(probability) || label === UNKNOWN_LABEL) continue;
      stated.push(probability);
      came.push(label);
    }
  const bins = reliabilityBins(Float64Array.from(stated), Uint8Array.from(came));
  return { rows: stated.length, bins, ece: calibrationError(bins) };
}

const outcomeOf = (dataset: Dataset, view: number, row: number): number =>
  (dataset.outcome[view] as Uint8Array)[row] as number;
