// A backtest: one account through a row of days, each by the platform's own plan, decisions, venue, charges and settlement. It
// can be stopped after any day and gone on with from what `saved` holds, and comes to the same result.
import type { AccountProfile } from "../account/profile.ts";
import type { AccountState } from "../account/state.ts";
import { CHARGES_FROM } from "../charges/charge-rates.ts";
import { UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import { assert, required } from "../kernel/assert.ts";
import { type Paise, paise } from "../kernel/money.ts";
import { istInstant, type MarketDate } from "../kernel/time.ts";
import { sha256Hex } from "../ledger/hash-chain.ts";
import type { ChainCoverage } from "../market/recorded-session.ts";
import type { SwitchingTerms } from "../prediction/direction-switching.ts";
import type { ParameterValues, StrategyDefinition } from "../strategy/definition/definition.ts";
import { textOf } from "../strategy/definition/text.ts";
import { BacktestAccount, type Observer } from "./account.ts";
import { type DayFailure, type DayMarket, runDay } from "./run-day.ts";
import type { SignalSource, Speakers } from "./signal-source.ts";
import { type BacktestTrade, TradeWatch } from "./trades.ts";

export interface BacktestDay {
  readonly date: MarketDate;
  /** What the account traded with on the day: the ladder's level. */
  readonly capitalPaise: Paise;
  readonly realisedPaise: Paise;
  readonly chargesPaise: Paise;
  /** Realised less charges: what the strategy earned. Fee and tax are the platform's and the user's. */
  readonly resultPaise: Paise;
  /** Fee and the tax on it. */
  readonly feesPaise: Paise;
  /** Cash, savings and tax lock at the end of the day. */
  readonly equityPaise: Paise;
  /** Premium bought and sold. */
  readonly turnoverPaise: Paise;
  readonly trades: number;
  readonly denied: number;
  /** India VIX × 100 as it stood last. */
  readonly vixCenti: number | null;
  /** Where the day's premiums come from, by underlying. */
  readonly chains: Readonly<Record<Underlying, ChainCoverage>>;
  /** Id of who spoke on the day; progress of before this was kept has none, and had the rules. */
  readonly predictor?: string;
  /** Square-offs beyond the plan's two. */
  readonly repairs: number;
  /** Orders have come to rest, but a step of the day was refused; nothing after it was played. */
  readonly failure: DayFailure | null;
}

export interface BacktestStrategy {
  readonly instanceId: string;
  readonly definition: StrategyDefinition;
  readonly underlying: Underlying;
  readonly parameters: ParameterValues;
}

export interface BacktestOptions {
  readonly profile: AccountProfile;
  /** One source for every day, or who speaks on each. */
  readonly signals: SignalSource | Speakers;
  /** Instances that run from the first day on. With none the account trades the signals themselves. */
  readonly strategies?: readonly BacktestStrategy[];
  /** How views turn that the account trades itself; instances go by their own definitions. */
  readonly switching?: SwitchingTerms;
  readonly observe?: Observer;
}

/** Plain data: all there is to know between two days. */
export interface BacktestProgress {
  readonly state: AccountState;
  readonly days: readonly BacktestDay[];
  readonly trades: readonly BacktestTrade[];
  readonly leftOut: readonly LeftOutDay[];
}

export interface LeftOutDay {
  readonly date: MarketDate;
  readonly reason: string;
}

export class Backtest {
  readonly #options: BacktestOptions;
  readonly #account: BacktestAccount;
  readonly #watch = new TradeWatch();
  readonly #days: BacktestDay[];
  readonly #trades: BacktestTrade[];
  readonly #leftOut: LeftOutDay[];
  #deniedOrders = 0;

  constructor(options: BacktestOptions, progress: BacktestProgress | null = null) {
    this.#options = options;
    this.#account = new BacktestAccount(
      options.profile,
      istInstant(options.profile.activatedOn, "00:00"),
      (event, before, after) => {
        this.#watch.observe(event, before);
        if (event.type === "ORDER_DENIED" || event.type === "LIST_DENIED") this.#deniedOrders += 1;
        options.observe?.(event, before, after);
      },
      progress?.state ?? null,
    );
    if (progress === null) for (const strategy of options.strategies ?? []) this.#load(strategy);
    this.#days = [...(progress?.days ?? [])];
    this.#trades = [...(progress?.trades ?? [])];
    this.#leftOut = [...(progress?.leftOut ?? [])];
  }

  get saved(): BacktestProgress {
    const { state } = this.#account;
    return { state, days: [...this.#days], trades: [...this.#trades], leftOut: [...this.#leftOut] };
  }

  /** After a day that failed the account is where a person would have to look: nothing more is played. */
  get isOver(): boolean {
    return this.#days.some(({ failure }) => failure !== null);
  }

  /** Notes a day that has no market to play. */
  leaveOut(date: MarketDate, reason: string): void {
    this.#leftOut.push({ date, reason });
  }

  #load({ instanceId, definition, underlying, parameters }: BacktestStrategy): void {
    const { lastEventMs: atMs } = this.#account.state;
    const hash = sha256Hex(textOf(definition));
    const loaded = { instanceId, strategyId: definition.name, definition, hash, underlying, parameters };
    accepted(this.#account.carryOut({ type: "LOAD_STRATEGY", atMs, prices: [], ...loaded }));
    accepted(this.#account.carryOut({ type: "MOVE_STRATEGY", atMs, prices: [], instanceId, action: "start" }));
  }

  /** Plays a day; days come in order. Null for one that was left out. */
  play(market: DayMarket): BacktestDay | null {
    const { session } = market;
    const { date } = session;
    const last = this.#days.at(-1)?.date ?? this.#options.profile.activatedOn;
    const reason = date <= last ? `it does not come after ${last}` : date < CHARGES_FROM ? NO_CHARGES : null;
    if (reason !== null || this.isOver) {
      this.leaveOut(date, reason ?? "the run had ended before");
      return null;
    }
    this.#deniedOrders = 0;
    const capitalPaise = required(this.#account.state.profile, "an open account").capitalPaise;
    const { signals } = this.#options;
    const source = typeof signals === "function" ? signals(date) : signals;
    const run = runDay(this.#account, market, source, this.#options.switching);
    const { state } = this.#account;
    const trades = this.#watch.tradesOf(state, run.signals);
    this.#trades.push(...trades);
    const day = required(state.day, "the day played");
    const worksheet = day.final ?? day.provisional;
    const chargesPaise = worksheet?.charges.totalPaise ?? day.accruedChargesPaise;
    const chainOf = (underlying: Underlying): ChainCoverage =>
      session.underlyings.find((each) => each.underlying === underlying)?.chain ?? "NONE";
    const played: BacktestDay = {
      date,
      capitalPaise,
      realisedPaise: day.realisedPaise,
      chargesPaise,
      resultPaise: paise(day.realisedPaise - chargesPaise),
      feesPaise: paise((worksheet?.feePaise ?? 0) + (worksheet?.gstOnFeePaise ?? 0)),
      equityPaise: equityOf(state),
      turnoverPaise: paise(trades.reduce((sum, { boughtPaise, soldPaise }) => sum + boughtPaise + soldPaise, 0)),
      trades: trades.length,
      denied: this.#deniedOrders,
      vixCenti: day.vixCenti,
      chains: Object.fromEntries(UNDERLYINGS.map((each) => [each, chainOf(each)])) as BacktestDay["chains"],
      predictor: source.id,
      repairs: run.repairs,
      failure: run.failure,
    };
    this.#days.push(played);
    return played;
  }
}

/** Throws where the account refuses the instance: parameters that are none of the definition's, or too many instances. */
const accepted = (done: ReturnType<BacktestAccount["run"]>): void =>
  assert(done.ok, done.ok ? "" : `${done.error.code}: ${done.error.detail}`);

const NO_CHARGES = `no charges are known before ${CHARGES_FROM}`;

const equityOf = ({ cashPaise, savingsPaise, taxLockPaise }: AccountState): Paise =>
  paise(cashPaise + savingsPaise + taxLockPaise);
