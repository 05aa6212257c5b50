// Backtests of strategies with options: the platform's own day, account and venue, on recorded premiums where there are any and
// on modelled ones elsewhere, which the result says.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parseDefinition } from "../../src/adapters/strategy-format/parse-definition.ts";
import { type AccountProfile, type Category, isCategory } from "../../src/core/account/profile.ts";
import { Backtest, type BacktestProgress } from "../../src/core/backtest/backtest.ts";
import { backtestInstances, backtestProfile } from "../../src/core/backtest/backtest-setup.ts";
import { type BacktestMetrics, backtestMetrics } from "../../src/core/backtest/metrics.ts";
import { EDGE_VIX } from "../../src/core/backtest/modelled-day.ts";
import { type PriceShares, priceShares } from "../../src/core/backtest/price-shares.ts";
import { reportOf } from "../../src/core/backtest/report/run-report.ts";
import {
  SIGNALS,
  SIGNALS_TITLE,
  type SpokenDays,
  speakingModel,
  spokenDays,
  viewsOf,
} from "../../src/core/backtest/run-result.ts";
import { SMILES } from "../../src/core/backtest/smiles.ts";
import { type Comparison, compareVariants } from "../../src/core/backtest/sweep.ts";
import type { BacktestTrade } from "../../src/core/backtest/trades.ts";
import { UNDERLYINGS, type Underlying } from "../../src/core/instrument/contract.ts";
import { paise } from "../../src/core/kernel/money.ts";
import type { MarketDate } from "../../src/core/kernel/time.ts";
import {
  fullSwitchingChoice,
  type SwitchingChoice,
  switchingTermsOf,
} from "../../src/core/prediction/direction-switching.ts";
import { asksViews } from "../../src/core/strategy/definition/asks-views.ts";
import type { ParameterValues, StrategyDefinition } from "../../src/core/strategy/definition/definition.ts";
import { KNOWN_FEATURES, readsFeatures } from "../../src/core/strategy/definition/figures.ts";
import { parametersWith } from "../../src/core/strategy/definition/parameters.ts";
import { textOf } from "../../src/core/strategy/definition/text.ts";
import { libraryStrategy, STRATEGY_LIBRARY } from "../../src/core/strategy/library/library.ts";
import { WrongArgument } from "../command-line.ts";
import { DataUnusable } from "../history-folder.ts";
import {
  givenValue,
  nameIn,
  numberOf,
  parametersOf,
  periodOf,
  refuseForeign,
  refuseTwice,
  type Values,
  wholeOf,
  wordOf,
} from "./arguments.ts";
import { type OptionDay, OptionDays } from "./option-days.ts";
import { smileNamed } from "./smiles.ts";
import { chosenSpeakers } from "./speakers.ts";

export interface OptionBacktest {
  readonly level: "OPTIONS";
  readonly strategy: string;
  readonly title: string;
  readonly parameters: ParameterValues;
  readonly underlyings: readonly Underlying[];
  readonly from: MarketDate;
  readonly to: MarketDate;
  readonly account: { readonly category: Category; readonly capitalPaise: number };
  /** Of an edge run: what India VIX × 100 stood at every day. */
  readonly edgeVixCenti?: number;
  /** How views turned, where the account traded them itself. */
  readonly switching?: Required<SwitchingChoice>;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly failure: { readonly date: MarketDate; readonly detail: string } | null;
  /** Ids of the predictors whose views it had, where the strategy asks for any, and on which days each of them spoke. */
  readonly views: string | null;
  readonly spoken: readonly SpokenDays[];
  /** What the reader of bars did about those that could not be taken as they are, by kind: how many times. */
  readonly repairs: Readonly<Record<string, number>>;
  readonly prices: PriceShares;
  readonly metrics: BacktestMetrics;
  /** Of all trades, so that two runs can be compared at a glance. */
  readonly tradesSha256: string;
  readonly sweep?: Comparison & { readonly results: readonly SweepRow[] };
  readonly trades?: readonly BacktestTrade[];
}

export interface SweepRow {
  readonly name: string;
  readonly trades: number;
  readonly resultPaise: number;
  readonly sharpe: number | null;
  readonly winRate: number | null;
}

export interface OptionRun {
  readonly result: OptionBacktest;
  /** The run as one HTML page, made when it is asked for. */
  readonly page: () => string;
}

const VARIANTS_MAX = 200;

export async function runOptionLevel(values: Values, progress: (line: string) => void): Promise<OptionRun> {
  refuseForeign(values, "OPTIONS");
  const definition = definitionOf(values);
  if (definition === null && (values.param ?? values.sweep) !== undefined) {
    throw new WrongArgument(`${SIGNALS} has no parameters; any strategy would pass with --param and --sweep`);
  }
  const underlyings = underlyingsOf(values, definition);
  const period = periodOf(values);
  const { folder, profile } = { folder: values.data, profile: profileOf(values, underlyings) };
  const { speakers, takeFeatures, importances } = chosenSpeakers(values.predictor);
  const withHistory = takeFeatures || (definition !== null && readsFeatures({ definitionText: textOf(definition) }));
  const vix = numberOf("vix", values.vix, EDGE_VIX.min / 100, EDGE_VIX.max / 100);
  const edgeVixCenti = vix === null ? undefined : Math.round(vix * 100);
  if (edgeVixCenti !== undefined && values["replay-days"]) {
    throw new WrongArgument(
      "--vix prices every day by itself; --replay-days would play recorded ones, so leave one out",
    );
  }
  const premiums = smileNamed(values.premiums);
  const switching = switchingOf(values, definition);
  const days = new OptionDays({
    ...{ folder, underlyings, ...period, withHistory, smile: SMILES[premiums].smile },
    withReplayDays: values["replay-days"],
    edgeVixCenti,
  });
  const kinds = definition?.parameters ?? [];
  const given = parametersOf(values.param ?? [], kinds);
  const variants = definition === null ? [given] : variantsOf(given, values.sweep ?? [], kinds);
  const runs = variants.map((parameters) => ({
    parameters: definition === null ? {} : checked(definition, parameters),
    backtest: new Backtest({
      profile,
      signals: speakers,
      strategies: definition === null ? [] : backtestInstances(definition, underlyings, parameters),
      ...(switching === null ? {} : { switching: switchingTermsOf(switching) }),
    }),
  }));
  for (const [at, date] of days.dates.entries()) {
    if (at % 100 === 0 && at > 0) progress(`${at} of ${days.dates.length} days`);
    for (const { backtest } of runs) play(backtest, await days.day(date));
    if (runs.every(({ backtest }) => backtest.isOver)) break;
  }
  const measured = runs.map(({ parameters, backtest }) => {
    const { saved } = backtest;
    return { parameters, saved, metrics: backtestMetrics(saved.days, saved.trades) };
  });
  const named = measured.map((run) => ({ ...run, name: nameOf(run.parameters, values.sweep ?? []) }));
  const comparison = compareVariants(
    named.map(({ name, saved: { days: played }, metrics }) => {
      return { name, days: played, metrics, hasFailed: played.some(({ failure }) => failure !== null) };
    }),
  );
  const best = named.find(({ name }) => name === comparison.ranking[0]) ?? named[0];
  if (best === undefined) throw new WrongArgument("there is nothing to run");
  const { saved, metrics, parameters } = best;
  if (saved.days.length === 0) throw new DataUnusable(nothingPlayed(values, saved.leftOut));
  const failed = saved.days.find(({ failure }) => failure !== null);
  const reads = asksViews(definition);
  const spoken = reads ? spokenDays(saved.days) : [];
  const reasons = Map.groupBy(saved.leftOut, ({ reason }) => reason);
  const result: OptionBacktest = {
    level: "OPTIONS",
    strategy: definition?.name ?? SIGNALS,
    title: definition?.title ?? SIGNALS_TITLE,
    parameters,
    underlyings,
    ...period,
    account: { category: profile.category, capitalPaise: profile.capitalPaise },
    ...(edgeVixCenti === undefined ? {} : { edgeVixCenti }),
    ...(switching === null ? {} : { switching }),
    leftOut: Object.fromEntries([...reasons].map(([reason, left]) => [reason, left.length])),
    failure: failed?.failure ? { date: failed.date, detail: failed.failure.detail } : null,
    views: reads ? viewsOf(spoken) : null,
    spoken,
    repairs: days.repairs,
    prices: priceShares(saved.days, saved.trades, { smile: premiums, definition }),
    metrics,
    tradesSha256: createHash("sha256").update(JSON.stringify(saved.trades)).digest("hex"),
    ...(named.length < 2
      ? {}
      : {
          sweep: {
            ...comparison,
            results: named.map(({ name, metrics: { trades, resultPaise, sharpe, winRate } }) => ({
              name,
              trades,
              resultPaise,
              sharpe,
              winRate,
            })),
          },
        }),
    ...(values.trades ? { trades: saved.trades } : {}),
  };
  const looksAt = importances.find(({ model }) => model === speakingModel(spoken));
  const page = (): string => reportOf(result, { ...saved, ...(looksAt === undefined ? {} : { importances: looksAt }) });
  return { result, page };
}

function nothingPlayed({ data }: Values, leftOut: BacktestProgress["leftOut"]): string {
  const reasons = [...Map.groupBy(leftOut, ({ reason }) => reason)];
  return `none of the ${leftOut.length} days in ${data} can be played: ${reasons.map(([reason, left]) => `${left.length} days: ${reason}`).join("; ")}`;
}

function play(backtest: Backtest, day: OptionDay): void {
  if (backtest.isOver) return;
  if ("leftOut" in day) backtest.leaveOut(day.date, day.leftOut);
  else backtest.play(day.market);
}

/** Null stands for the platform's own signals. */
function definitionOf({ strategy = "" }: Values): StrategyDefinition | null {
  if (strategy === SIGNALS) return null;
  const known = libraryStrategy(strategy);
  if (known !== null) return known;
  if (!strategy.endsWith(".json")) {
    const names = [SIGNALS, ...STRATEGY_LIBRARY.map(({ name }) => name)].join(", ");
    const what = strategy === "" ? "--strategy is missing" : `--strategy ${strategy} is not known`;
    throw new WrongArgument(`${what}; there are ${names}, and any definition in a .json file`);
  }
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(strategy, "utf8"));
  } catch (error) {
    throw new WrongArgument(`${strategy} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = parseDefinition(json, KNOWN_FEATURES);
  if (parsed.ok) return parsed.value;
  throw new WrongArgument(
    `${strategy}: ${parsed.error.map(({ field, message }) => `${field}: ${message}`).join("; ")}`,
  );
}

function underlyingsOf(values: Values, definition: StrategyDefinition | null): readonly Underlying[] {
  const own = definition?.underlyings ?? UNDERLYINGS;
  // Who names no index means the one the strategy is made for.
  if (values.underlying === "all" || (!values.given.has("underlying") && !own.includes("NIFTY50"))) return own;
  const wanted = own.filter((each) => each === values.underlying);
  if (wanted.length > 0) return wanted;
  throw new WrongArgument(`--underlying ${values.underlying} is none of ${own.join(", ")}; "all" takes all of them`);
}

/** How views turn; null of a strategy, which goes by its own definition. */
function switchingOf(values: Values, definition: StrategyDefinition | null): Required<SwitchingChoice> | null {
  const switchesPerHour = wholeOf("switches-per-hour", values["switches-per-hour"], 0, 60);
  const cooldownMinutes = wholeOf("cooldown", values.cooldown, 0, 375);
  const { "preventive-exits": preventive, "at-switch": at } = values;
  const choice: SwitchingChoice = {
    ...(switchesPerHour === null ? {} : { switchesPerHour }),
    ...(cooldownMinutes === null ? {} : { cooldownMinutes }),
    ...(preventive === undefined
      ? {}
      : { preventiveExits: wordOf("preventive-exits", preventive, ["ON", "OFF"]) === "ON" }),
    ...(at === undefined ? {} : { atSwitch: wordOf("at-switch", at, ["ALL", "BY_LOSS"]) }),
  };
  if (definition === null) return fullSwitchingChoice(choice);
  if (Object.keys(choice).length === 0) return null;
  throw new WrongArgument(
    `--switches-per-hour, --cooldown, --preventive-exits and --at-switch are of views that the account trades itself; --strategy ${SIGNALS} would pass, ${definition.name} goes by its own definition`,
  );
}

function profileOf(values: Values, underlyings: readonly Underlying[]): AccountProfile {
  const category = (values.category ?? "ADMIN").toUpperCase().replaceAll("-", "_");
  if (!isCategory(category)) throw new WrongArgument(`--category ${values.category} is not known`);
  const capitalPaise = paise(Math.round((numberOf("capital", values.capital, 1, 15_00_000) ?? 0) * 100));
  return backtestProfile({ category, capitalPaise, underlyings });
}

function checked(definition: StrategyDefinition, parameters: ParameterValues): ParameterValues {
  const values = parametersWith(definition, parameters);
  if (values.ok) return values.value;
  throw new WrongArgument(values.error.map(({ field, message }) => `${field}: ${message}`).join("; "));
}

/** Every combination of `name=value,value,…`. */
function variantsOf(
  given: ParameterValues,
  sweeps: readonly string[],
  kinds: StrategyDefinition["parameters"],
): readonly ParameterValues[] {
  let variants: readonly ParameterValues[] = [given];
  refuseTwice("--sweep", sweeps.map(nameIn));
  for (const sweep of sweeps) {
    const [name, choices] = [nameIn(sweep), sweep.slice(sweep.indexOf("=") + 1).split(",")];
    if (name in given) throw new WrongArgument(`--param and --sweep both give ${name}; one of them would pass`);
    refuseTwice(`--sweep ${name}`, choices);
    variants = variants.flatMap((variant) =>
      choices.map((choice) => ({ ...variant, [name]: givenValue(choice, name, kinds) })),
    );
  }
  if (variants.length <= VARIANTS_MAX) return variants;
  throw new WrongArgument(`--sweep makes ${variants.length} variants; at most ${VARIANTS_MAX} pass`);
}

const nameOf = (parameters: ParameterValues, sweeps: readonly string[]): string =>
  sweeps.length === 0 ? "as given" : sweeps.map((sweep) => `${nameIn(sweep)}=${parameters[nameIn(sweep)]}`).join(" ");
