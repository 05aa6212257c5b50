// The HTML page of a run, whoever asked for it: the command line and the lab give the same page of the same run.
import type { Category } from "../../account/profile.ts";
import type { Underlying } from "../../instrument/contract.ts";
import type { MarketDate } from "../../kernel/time.ts";
import type { ParameterValues } from "../../strategy/definition/definition.ts";
import type { BacktestMetrics } from "../metrics.ts";
import { edgeWords } from "../modelled-day.ts";
import type { PriceShares } from "../price-shares.ts";
import type { SpokenDays } from "../run-result.ts";
import { htmlReport, type ReportInput, rupees } from "./html-report.ts";

export type Sweep = NonNullable<ReportInput["comparison"]>;

/** `isFree`: nothing was taken for dealing. */
type Shown = Pick<ReportInput, "days" | "trades" | "importances"> & { readonly isFree?: boolean };

export interface ReportedRun {
  readonly title: string;
  readonly parameters: ParameterValues;
  readonly underlyings: readonly Underlying[];
  readonly from: MarketDate;
  readonly to: MarketDate;
  readonly account: { readonly category: Category; readonly capitalPaise: number };
  /** Days by the reason for which they were left out. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly failure: { readonly date: MarketDate; readonly detail: string } | null;
  /** Ids of the predictors whose views it had, where the strategy asks for any; null on the index. */
  readonly views: string | null;
  /** Who spoke on which days; absent of runs from before this was kept, and on the index. */
  readonly spoken?: readonly SpokenDays[];
  /** Of an edge run: what India VIX × 100 stood at every day. */
  readonly edgeVixCenti?: number;
  /** Null where no option was priced. */
  readonly prices: PriceShares | null;
  readonly metrics: BacktestMetrics;
  /** Of all trades, and of all bars; absent where nobody made them. */
  readonly tradesSha256?: string;
  readonly dataSha256?: string;
  readonly sweep?: Sweep;
}

const OPTION_NOTE =
  "Days are played by the platform's own code: risk check, margin, order rate, matching, charges, settlement.";
const INDEX_NOTE =
  "On the index itself, with charges, spread and slippage that stand in for its future: what it says of money does not carry over to options.";
const FREE_NOTE = "On the index itself and without any costs: what it says of money does not carry over to options.";

/** What the quotes were and what is off over all of them; the rest is told by who opens it. */
const HEAD_LINES = 2;
const headOf = (errors: readonly string[]): readonly string[] =>
  errors.length === 0 ? [] : [errors.slice(0, HEAD_LINES).join(" ")];

const spokenWords = (views: string, spoken: readonly SpokenDays[] = []): string =>
  spoken.length < 2
    ? views
    : spoken.map(({ predictor, from, to, days }) => `${predictor} (${from} to ${to}, ${days} days)`).join(", ");

export function reportOf(run: ReportedRun, { days, trades, importances, isFree = false }: Shown): string {
  const { title, underlyings, from, to, account, prices, leftOut, failure, metrics, parameters, sweep, views, spoken } =
    run;
  const values = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  return htmlReport({
    title,
    subtitle: `${underlyings.join(", ")}, ${from} to ${to}; ${account.category}, capital ${rupees(account.capitalPaise)}${values.length === 0 ? "" : `; ${values.join(", ")}`}`,
    notes: [
      ...edgeWords(run.edgeVixCenti),
      ...(prices === null ? [isFree ? FREE_NOTE : INDEX_NOTE] : [prices.note, ...headOf(prices.errors), OPTION_NOTE]),
      ...(views === null
        ? []
        : [
            `Views, where the strategy asks for any, are those of ${spokenWords(views, spoken)}, whatever the strategy is called.`,
          ]),
      "A run over known days is no forecast. Sharpe is of daily results on the day's capital, without a riskless rate.",
      ...(trades.length < metrics.trades ? [`Of ${metrics.trades} trades the last ${trades.length} are kept.`] : []),
      ...(failure === null ? [] : [`The run ended on ${failure.date}: ${failure.detail}`]),
      ...Object.entries(leftOut).map(([reason, count]) => `${count} days left out: ${reason}`),
    ],
    ...(prices === null
      ? {}
      : {
          details: {
            title: "The same by days to expiry and distance from the index",
            lines: prices.errors.slice(HEAD_LINES),
          },
        }),
    hashes: {
      ...(run.tradesSha256 === undefined ? {} : { tradesSha256: run.tradesSha256 }),
      ...(run.dataSha256 ? { dataSha256: run.dataSha256 } : {}),
    },
    metrics,
    days,
    trades,
    ...(importances === undefined ? {} : { importances }),
    ...(sweep === undefined ? {} : { comparison: sweep }),
  });
}
