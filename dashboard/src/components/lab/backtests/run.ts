// Runs of backtests and their results, as the API sends them. Money in results is whole paise.
import { signedFigure } from "../../../figures.ts";
import { rupees } from "../../../money.ts";

export type RunState = "QUEUED" | "RUNNING" | "DONE" | "FAILED" | "CANCELED";

export interface LabRun {
  readonly runId: string;
  readonly kind: string;
  readonly state: RunState;
  readonly progressBps: number;
  readonly note: string;
  readonly createdAt: string;
}

/** What is played. */
export interface Subject {
  readonly strategy: string;
  readonly underlyings: readonly string[];
  readonly from: string;
  readonly to: string;
  /** More than one is a sweep. */
  readonly sets: number;
}

export interface BacktestRun extends LabRun {
  readonly subject: Subject;
}

export interface BacktestRunDetail extends BacktestRun {
  readonly result: BacktestResult | null;
}

export interface TradeFigures {
  readonly trades: number;
  readonly netPaise: number;
  readonly winners: number;
  readonly winRate: number | null;
  readonly profitFactor: number | null;
  readonly expectancyPaise: number | null;
}

export interface Metrics extends TradeFigures {
  readonly days: number;
  readonly realisedPaise: number;
  readonly chargesPaise: number;
  readonly resultPaise: number;
  readonly feesPaise: number;
  readonly costShare: number | null;
  readonly turnoverPaise: number;
  readonly exposure: number | null;
  readonly sharpe: number | null;
  readonly sharpeInterval: readonly [number, number] | null;
  readonly sortino: number | null;
  readonly drawdown: { readonly depthPaise: number; readonly depthShare: number; readonly longestDays: number };
  readonly months: readonly {
    readonly month: string;
    readonly days: number;
    readonly trades: number;
    readonly resultPaise: number;
  }[];
  readonly byVix: Readonly<Record<string, TradeFigures>>;
  readonly byTimeOfDay: Readonly<Record<string, TradeFigures>>;
  readonly byExit: Readonly<Record<string, TradeFigures>>;
}

export interface Trade {
  readonly date: string;
  readonly name: string;
  readonly direction: string;
  readonly units: number;
  readonly openedAtMs: number;
  readonly closedAtMs: number;
  readonly realisedPaise: number;
  readonly chargesPaise: number;
  readonly netPaise: number;
  readonly exitReason: string | null;
  readonly fills: number;
  readonly modelledFills: number;
}

export interface Sweep {
  readonly variants: number;
  /** Names, best first. */
  readonly ranking: readonly string[];
  readonly deflatedSharpe: number | null;
  readonly warning: string | null;
  readonly results: readonly {
    readonly name: string;
    readonly parameters: Readonly<Record<string, string | number>>;
    readonly trades: number;
    readonly resultPaise: number;
    readonly sharpe: number | null;
    readonly winRate: number | null;
  }[];
}

export interface BacktestResult {
  readonly level: "OPTIONS" | "INDEX";
  readonly title: string;
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly underlyings: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly account: { readonly category: string; readonly capitalPaise: number };
  readonly leftOut: Readonly<Record<string, number>>;
  readonly failure: { readonly date: string; readonly detail: string } | null;
  /** Of an edge run: India VIX × 100 that every day was played at. */
  readonly edgeVixCenti?: number;
  /** The predictors whose views it had; not said by runs of older workers. */
  readonly views?: string | null;
  /** Who spoke on which days. */
  readonly spoken?: readonly {
    readonly predictor: string;
    readonly from: string;
    readonly to: string;
    readonly days: number;
  }[];
  readonly prices: { readonly fills: number; readonly modelledShare: number | null; readonly note: string } | null;
  readonly metrics: Metrics;
  readonly curve: readonly { readonly date: string; readonly resultPaise: number }[];
  readonly trades: readonly Trade[];
  readonly tradesCut: number;
  /** The other figures are then those of the best set. */
  readonly sweep?: Sweep;
}

/** What an edge run rests on; empty of any other. */
export const edgeSentence = ({ edgeVixCenti }: Pick<BacktestResult, "edgeVixCenti">): string =>
  edgeVixCenti === undefined
    ? ""
    : ` An edge run: as if India VIX stood at ${edgeVixCenti / 100} every day, while the index moves as it did.`;

/** Whose views a run had, with the days where they were not all of one; empty where nobody was asked. */
export function viewsSentence({ views, spoken = [] }: Pick<BacktestResult, "views" | "spoken">): string {
  if (views == null) return "";
  const who =
    spoken.length < 2
      ? views
      : spoken.map(({ predictor, from, to, days }) => `${predictor} (${days} days, ${from} to ${to})`).join(", ");
  return ` Views, where the strategy asks for any, are those of ${who}, whatever it is called.`;
}

export const isOver = ({ state }: LabRun): boolean => state !== "QUEUED" && state !== "RUNNING";

/** What has to be known before any figure is read. */
export function pricesSentence({ level, prices }: BacktestResult): string {
  if (level === "INDEX" || prices === null) {
    return "Backtest on past data, on the index itself: what it says of money does not carry over to options.";
  }
  if (prices.modelledShare === null) return "Backtest on past data. Nothing was dealt, so no price was needed.";
  return `Backtest on past data, modelled prices ${(prices.modelledShare * 100).toFixed(1)} % of ${prices.fills} fills.`;
}

/** Whether the days tell the result from chance, said plainly. */
export function chanceSentence({ days, sharpeInterval, trades }: Metrics): string {
  if (trades === 0) return "It did not trade on these days.";
  if (sharpeInterval === null) return `${days} days and ${trades} trades are too few to tell skill from luck.`;
  const [low, high] = sharpeInterval;
  const range = `${signedFigure(low, 1)} to ${signedFigure(high, 1)}`;
  if (low > 0) {
    return `The Sharpe ratio's 95 % interval, ${range}, lies above 0 on these days. Later days may differ, and choosing the best of many runs makes this more likely by chance.`;
  }
  if (high < 0) return `It lost beyond what chance explains: the Sharpe ratio's 95 % interval is ${range}.`;
  return `These days do not tell it from chance: the Sharpe ratio's 95 % interval is ${range}.`;
}

export interface Curve {
  readonly dates: readonly string[];
  /** In rupees, added up. */
  readonly results: readonly number[];
  /** Below the best so far, in rupees: 0 or less. */
  readonly falls: readonly number[];
}

export function curveOf({ curve }: BacktestResult): Curve {
  let [total, peak] = [0, 0];
  const results: number[] = [];
  const falls: number[] = [];
  for (const { resultPaise } of curve) {
    total += resultPaise;
    peak = Math.max(peak, total);
    results.push(total / 100);
    falls.push((total - peak) / 100);
  }
  return { dates: curve.map(({ date }) => date), results, falls };
}

export const secondsOf = (date: string): number => Date.parse(`${date}T00:00:00+05:30`) / 1_000;

export const share = (value: number | null, decimals = 0): string =>
  value === null ? "–" : `${(value * 100).toFixed(decimals)} %`;

export const parametersText = (parameters: BacktestResult["parameters"]): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name} ${String(value).toLowerCase()}`)
    .join(", ");

export const spanText = ({ underlyings, from, to }: Pick<BacktestResult, "underlyings" | "from" | "to">): string =>
  `${underlyings.join(", ")} · ${from} to ${to}`;

export const capitalText = ({ account }: BacktestResult): string => rupees(account.capitalPaise).replace(/\.00$/, "");
