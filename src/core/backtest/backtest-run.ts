// A backtest, or a sweep of one strategy over many sets of parameters, cut into stretches of days. It can be saved after any
// stretch and gone on with elsewhere, and comes to the same result. One set is played after the other, each over the same days.
import type { Category } from "../account/profile.ts";
import type { Underlying } from "../instrument/contract.ts";
import { assert, required } from "../kernel/assert.ts";
import type { Paise } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";
import { sha256Hex } from "../ledger/hash-chain.ts";
import { type SwitchingChoice, switchingTermsOf } from "../prediction/direction-switching.ts";
import type { ParameterValues, StrategyDefinition } from "../strategy/definition/definition.ts";
import { Backtest, type BacktestProgress } from "./backtest.ts";
import { backtestInstances, backtestProfile } from "./backtest-setup.ts";
import { backtestMetrics } from "./metrics.ts";
import { priceShares } from "./price-shares.ts";
import type { DayMarket } from "./run-day.ts";
import { namesOf, playedOf, type RunResult } from "./run-result.ts";
import { RULE_SOURCE, type Speakers } from "./signal-source.ts";
import { byWorth, compareVariants } from "./sweep.ts";

export interface BacktestRunTerms {
  /** Null: the platform's own signals, as it trades them when no strategy runs. */
  readonly definition: StrategyDefinition | null;
  readonly underlyings: readonly Underlying[];
  readonly from: MarketDate;
  readonly to: MarketDate;
  readonly category: Category;
  readonly capitalPaise: Paise;
  readonly seed: number;
  /** Of an edge run; its days come with it. */
  readonly edgeVixCenti?: number;
  /** How views turn; absent of runs of strategies and of older requests, which have the rules' terms. */
  readonly switching?: SwitchingChoice;
  /** Checked values of all parameters; one set for a backtest. */
  readonly sets: readonly ParameterValues[];
}

/** A day's market, or why there is none; `source` is what it was made of, as text. */
export type RunDay = { readonly date: MarketDate; readonly source: string } & (
  | { readonly market: DayMarket }
  | { readonly leftOut: string }
);

/** The trades of a set are kept while it leads. */
type PlayedSet = Omit<RunResult, "dataSha256" | "sweep">;

/** Plain data. */
export interface SavedBacktestRun {
  readonly dates: readonly MarketDate[];
  readonly played: readonly PlayedSet[];
  readonly progress: BacktestProgress | null;
  readonly day: number;
  /** Of the bars that the set under way has seen, and of all that the first one saw. */
  readonly seenSha256: string;
  readonly dataSha256: string | null;
  readonly hasChanged: boolean;
}

export class BacktestRun {
  readonly #terms: BacktestRunTerms;
  readonly #speakers: Speakers;
  readonly #dates: readonly MarketDate[];
  readonly #played: PlayedSet[];
  #backtest: Backtest | null = null;
  #day: number;
  #seenSha256: string;
  #dataSha256: string | null;
  #hasChanged: boolean;

  /** `speakers`: whose views there are, the same ones however often the run is gone on with; those of the rules unless given. */
  constructor(
    terms: BacktestRunTerms,
    given: readonly MarketDate[] | SavedBacktestRun,
    speakers: Speakers = () => RULE_SOURCE,
  ) {
    const saved: SavedBacktestRun = "played" in given ? given : { ...FRESH, dates: given };
    this.#terms = terms;
    this.#speakers = speakers;
    this.#dates = saved.dates;
    this.#played = [...saved.played];
    this.#day = saved.day;
    this.#seenSha256 = saved.seenSha256;
    this.#dataSha256 = saved.dataSha256;
    this.#hasChanged = saved.hasChanged;
    if (saved.progress !== null) this.#backtest = this.#open(saved.progress);
  }

  get saved(): SavedBacktestRun {
    return {
      dates: this.#dates,
      played: this.#played,
      progress: this.#backtest?.saved ?? null,
      day: this.#day,
      seenSha256: this.#seenSha256,
      dataSha256: this.#dataSha256,
      hasChanged: this.#hasChanged,
    };
  }

  get isOver(): boolean {
    return this.#hasChanged || this.#played.length === this.#terms.sets.length;
  }

  /** The bars of a later set were not those of the first: somebody replaced days while the run was under way. */
  get hasHistoryChanged(): boolean {
    return this.#hasChanged;
  }

  get days(): number {
    return this.#dates.length;
  }

  get doneBps(): number {
    const all = this.#dates.length * this.#terms.sets.length;
    return Math.floor((10_000 * (this.#played.length * this.#dates.length + this.#day)) / Math.max(1, all));
  }

  /** For people. */
  get note(): string {
    const { sets } = this.#terms;
    const set = sets.length === 1 ? "" : `set ${Math.min(this.#played.length + 1, sets.length)} of ${sets.length}, `;
    return `${set}day ${this.#day} of ${this.#dates.length}`;
  }

  /** The days to be given next. */
  next(count: number): readonly MarketDate[] {
    return this.#dates.slice(this.#day, this.#day + count);
  }

  /** Plays the days asked for. */
  play(days: readonly RunDay[]): void {
    assert(!this.isOver, "there is something left to play");
    this.#backtest ??= this.#open(null);
    const backtest = this.#backtest;
    for (const day of days) {
      assert(day.date === this.#dates[this.#day], "days come as they were asked for");
      this.#day += 1;
      this.#seenSha256 = sha256Hex(`${this.#seenSha256}${day.source}`);
      if (backtest.isOver) continue;
      if ("leftOut" in day) backtest.leaveOut(day.date, day.leftOut);
      else backtest.play(day.market);
    }
    if (this.#day >= this.#dates.length) this.#closeSet(backtest);
  }

  result(): RunResult {
    assert(this.isOver && !this.#hasChanged, "all sets were played");
    const dataSha256 = required(this.#dataSha256, "the hash of the bars");
    const [only] = this.#played;
    if (this.#played.length === 1 && only !== undefined) return { ...only, dataSha256 };
    const named = this.#played.map((each, at) => ({ ...each, name: setName(at) }));
    const comparison = compareVariants(
      named.map(({ name, curve, metrics, failure }) => ({ name, days: curve, metrics, hasFailed: failure !== null })),
    );
    const best = required(
      named.find(({ name }) => name === comparison.ranking[0]),
      "a best set",
    );
    const { name: _name, ...kept } = best;
    return {
      ...kept,
      dataSha256,
      sweep: {
        ...comparison,
        results: named.map(({ name, parameters, metrics: { trades, resultPaise, sharpe, winRate } }) => ({
          name,
          parameters,
          trades,
          resultPaise,
          sharpe,
          winRate,
        })),
      },
    };
  }

  #open(progress: BacktestProgress | null): Backtest {
    const { definition, underlyings, sets, switching } = this.#terms;
    const parameters = required(sets[this.#played.length], "a set of parameters");
    return new Backtest(
      {
        profile: backtestProfile(this.#terms),
        signals: this.#speakers,
        strategies: definition === null ? [] : backtestInstances(definition, underlyings, parameters),
        ...(switching === undefined ? {} : { switching: switchingTermsOf(switching) }),
      },
      progress,
    );
  }

  #closeSet(backtest: Backtest): void {
    const { definition, underlyings, from, to, category, capitalPaise, seed, sets, edgeVixCenti } = this.#terms;
    this.#dataSha256 ??= this.#seenSha256;
    this.#hasChanged = this.#seenSha256 !== this.#dataSha256;
    const { days, trades, leftOut } = backtest.saved;
    const played: PlayedSet = {
      level: "OPTIONS",
      ...namesOf(definition),
      parameters: required(sets[this.#played.length], "a set of parameters"),
      underlyings,
      from,
      to,
      account: { category, capitalPaise },
      ...(edgeVixCenti === undefined ? {} : { edgeVixCenti }),
      prices: priceShares(days, trades, { definition }),
      metrics: backtestMetrics(days, trades, seed),
      ...playedOf({ days, trades, leftOut }, definition),
    };
    const leads = this.#played.every((other) => byWorth(worthOf(played), worthOf(other)) < 0);
    if (leads) for (const [at, other] of this.#played.entries()) this.#played[at] = { ...other, trades: [] };
    this.#played.push(leads ? played : { ...played, trades: [] });
    this.#backtest = null;
    this.#day = 0;
    this.#seenSha256 = "";
  }
}

/** In order as words, too: the first of equals leads. */
const setName = (at: number): string => `set ${String(at + 1).padStart(2, "0")}`;

const FRESH = { played: [], progress: null, day: 0, seenSha256: "", dataSha256: null, hasChanged: false } as const;

const worthOf = ({ metrics, failure }: PlayedSet) => ({ metrics, hasFailed: failure !== null });
