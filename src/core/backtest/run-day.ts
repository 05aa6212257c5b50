// One day of one account by the day's plan: at each instant the feeds play in their fixed order, then the jobs run, as the
// conductor of a replay has it. The jobs here do what those of the platform do, less storing and sending.
import { instancesOf } from "../account/strategies.ts";
import { UNDERLYINGS, type Underlying } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { paise } from "../kernel/money.ts";
import { type EpochMs, epochMs, MS_PER_MINUTE } from "../kernel/time.ts";
import { highestVolatilityBps } from "../market/realised-volatility.ts";
import type { RecordedSession } from "../market/recorded-session.ts";
import { recordedStaleAfterMs } from "../market-feed/feed-terms.ts";
import { sessionHours } from "../prediction/builder/session-hours.ts";
import type { SwitchingTerms } from "../prediction/direction-switching.ts";
import { type ChainFigures, chainFigures } from "../prediction/features/chain-figures.ts";
import { type CycleFeatures, type CycleReading, cycleFeatures } from "../prediction/features/cycle-rows.ts";
import type { HistoryFigures } from "../prediction/features/history-figures.ts";
import { contractsOf, type Signal } from "../prediction/signal.ts";
import { cycleEndMs } from "../session/cycle.ts";
import { dayPlan } from "../session/day-plan.ts";
import { cycleIdOf, type Job, jobKeyOf } from "../session/job.ts";
import { nextStep } from "../session/next-step.ts";
import { FigureWalk } from "../strategy/definition/figure-walk.ts";
import { figureRowWith, readsFeatures } from "../strategy/definition/figures.ts";
import type { MarketView } from "../strategy/definition/market-view.ts";
import type { BacktestAccount, Feeds } from "./account.ts";
import { BacktestFeed } from "./feed.ts";
import { SignalView, WindowMarket } from "./lazy-views.ts";
import type { MarketBoard, MarketSource } from "./market-source.ts";
import type { SignalSource } from "./signal-source.ts";

export interface DayMarket {
  readonly session: RecordedSession;
  readonly sources: Readonly<Record<Underlying, MarketSource>>;
  /** What the day knows of days before it; features that rest on them are missing where it is not there. */
  readonly history?: Readonly<Partial<Record<Underlying, HistoryFigures>>>;
}

/** What a job was refused for, after everything that a person could have done about it before the close. */
export interface DayFailure {
  readonly jobKey: string;
  readonly code: string;
  readonly detail: string;
}

export interface DayRun {
  readonly signals: readonly Signal[];
  /** Times that the square-off had to be given once more, because something could not be left at its own two. */
  readonly repairs: number;
  readonly failure: DayFailure | null;
}

/** `switching`: by which views turn; the rules' own where it is left out. */
export function runDay(
  account: BacktestAccount,
  market: DayMarket,
  source: SignalSource,
  switching?: SwitchingTerms,
): DayRun {
  return new DayRunner(account, market, source, switching).run();
}

class DayRunner {
  readonly #account: BacktestAccount;
  readonly #session: RecordedSession;
  readonly #history: NonNullable<DayMarket["history"]>;
  readonly #feeds: Feeds;
  readonly #source: SignalSource;
  readonly #turns: { readonly switching?: SwitchingTerms };
  readonly #made: Signal[] = [];
  /** What was read off the market at each cycle so far, for a model to be asked with. */
  readonly #readings = new Map<Underlying, CycleReading[]>();
  /** Of the instances loaded before the day; null before anybody has looked. */
  #withFeatures: boolean | null = null;
  readonly #figures = new Map<Underlying, FigureWalk>();
  #signals: readonly Signal[] = [];
  #repairs = 0;
  #failure: DayFailure | null = null;

  constructor(
    account: BacktestAccount,
    { session, sources, history = {} }: DayMarket,
    source: SignalSource,
    switching?: SwitchingTerms,
  ) {
    this.#account = account;
    this.#turns = switching === undefined ? {} : { switching };
    this.#history = history;
    this.#session = session;
    this.#source = source;
    const feedOf = (underlying: Underlying): BacktestFeed =>
      new BacktestFeed(underlying, session, sources[underlying], (delivery) => account.take(delivery));
    this.#feeds = { NIFTY50: feedOf("NIFTY50"), BANKNIFTY: feedOf("BANKNIFTY"), SENSEX: feedOf("SENSEX") };
    account.trade(this.#feeds);
  }

  run(): DayRun {
    let left = dayPlan(this.#session.date, this.#session);
    let now = left[0]?.atMs ?? this.#session.openMs;
    const { NIFTY50, BANKNIFTY, SENSEX } = this.#feeds;
    for (;;) {
      const due = {
        NIFTY50: NIFTY50.nextDueMs(),
        BANKNIFTY: BANKNIFTY.nextDueMs(),
        SENSEX: SENSEX.nextDueMs(),
      };
      const step = nextStep(due, left, now);
      if (step === null || this.#failure !== null) break;
      now = step.atMs;
      for (const underlying of step.feeds) this.#feeds[underlying].playUntil(now);
      for (const { job } of step.jobs) {
        for (const underlying of UNDERLYINGS) this.#feeds[underlying].standAt(now);
        this.#runJob(job, now);
      }
      if (step.jobs.length > 0) left = left.slice(step.jobs.length);
    }
    return { signals: this.#made, repairs: this.#repairs, failure: this.#failure };
  }

  #runJob(job: Job, atMs: EpochMs): void {
    const account = this.#account;
    const jobKey = jobKeyOf(job);
    const { date, openMs, closeMs } = this.#session;
    switch (job.name) {
      case "OPEN_DAY":
        this.#must(
          job,
          account.run({ type: "OPEN_DAY", atMs, jobKey, date, openMs, closeMs, vixCenti: this.#vixCenti }),
        );
        if (account.state.day?.date === date) account.reconcile("OPEN", atMs, `RECONCILE_OPEN/${date}`);
        break;
      case "PULL":
        this.#must(job, account.run({ type: "REQUEST_PULL", atMs, jobKey }));
        break;
      case "PUSH":
        this.#must(job, account.run({ type: "REQUEST_PUSH", atMs, jobKey }));
        break;
      case "POLL_TRANSFERS":
        account.pollTransfers(atMs);
        break;
      case "GENERATE_SIGNALS":
        this.#generateSignals(required(job.cycle, "the cycle of the signals"), atMs);
        break;
      case "RUN_WINDOW":
        this.#runWindow(job, atMs);
        break;
      case "EXIT_ONLY":
        this.#must(job, account.run({ type: "ENTER_EXIT_ONLY", atMs, jobKey }));
        break;
      case "SQUARE_OFF":
        this.#must(job, account.run({ type: "SQUARE_OFF", atMs, jobKey, prices: account.heldPrices() }));
        break;
      case "SETTLE_PROVISIONAL":
        this.#settleProvisional(job, atMs);
        break;
      case "SETTLE_FINAL":
        this.#must(job, account.settleFinal(atMs, jobKey));
        break;
      case "CLOSE_DAY":
        this.#must(job, account.run({ type: "CLOSE_DAY", atMs, jobKey }));
        break;
      default:
        // Checkpoints seal stored books, switches are people's: a backtest has neither.
        break;
    }
  }

  #generateSignals(cycle: number, atMs: EpochMs): void {
    const { date } = this.#session;
    const signals: Signal[] = [];
    for (const feed of this.#tradable) {
      const { board, underlying, coverage } = feed;
      const { spotPaise } = board;
      const asked = this.#source.takesFeatures === true ? this.#askedWith(feed, cycle, atMs) : null;
      if (spotPaise === null) continue;
      signals.push(
        this.#source.signalOf({
          cycleId: cycleIdOf(date, cycle),
          date,
          atMs,
          cycleEndMs: cycleEndMs(this.#session, cycle),
          staleAfterMs: recordedStaleAfterMs(coverage),
          view: new SignalView(underlying, spotPaise, board),
          ...(asked === null ? {} : { asked }),
        }),
      );
    }
    this.#signals = signals;
    this.#made.push(...signals);
  }

  /** The row of the cycle out of what was read at each cycle, as the platform keeps it; null on a day that gives no rows. */
  #askedWith(feed: BacktestFeed, cycle: number, atMs: EpochMs): CycleFeatures | null {
    const { date } = this.#session;
    const { board, underlying } = feed;
    const readings = this.#readings.get(underlying) ?? [];
    this.#readings.set(underlying, readings);
    readings.push({ cycle, vixCenti: this.#vixToday(board), chain: this.#chainOf(feed, atMs), community: null });
    const hours = sessionHours(date);
    if ("reason" in hours) return null;
    const day = { underlying, date, ...hours, history: this.#history[underlying] ?? null };
    return cycleFeatures(day, atMs, board.bars, readings);
  }

  /** A close of the day before that stands for the day is no figure of today: features have it as such, and as training has it. */
  #vixToday({ vixCenti }: MarketBoard): number | null {
    return this.#session.hasVix ? vixCenti : null;
  }

  /** A chain that nobody trades says nothing as a whole, and is not priced for it. */
  #chainOf({ board }: BacktestFeed, atMs: EpochMs): ChainFigures | null {
    return board.isUntraded === true ? null : chainFigures(board.quotes, this.#session.date, atMs);
  }

  #runWindow(job: Job, atMs: EpochMs): void {
    const window = job.phase as 1 | 2 | 3;
    const cycleId = cycleIdOf(job.date, required(job.cycle, "the cycle of the window"));
    const prices = this.#account.heldPrices(this.#account.pricesOf(this.#signals.flatMap(contractsOf)));
    const [signals, vixCenti] = [this.#signals, this.#vixCenti];
    const volatilityBps = highestVolatilityBps(this.#tradable.map(({ board }) => board.bars));
    const jobKey = jobKeyOf(job);
    const markets = this.#markets(atMs);
    // A strategy is to be seen by itself: what the account would do on the views besides is another run.
    const own = instancesOf(this.#account.state).length === 0 ? {} : ({ signalsFor: "STRATEGIES" } as const);
    const given = { volatilityBps, ...(markets.length === 0 ? {} : { markets }), ...own, ...this.#turns };
    const command = { type: "RUN_WINDOW", atMs, jobKey, cycleId, window, vixCenti, signals, prices, ...given } as const;
    this.#must(job, this.#account.run(command));
  }

  /** What strategies decide by, of each index that one of them trades. */
  #markets(atMs: EpochMs): readonly MarketView[] {
    const instances = instancesOf(this.#account.state);
    if (instances.length === 0) return [];
    const traded = new Set(instances.map(({ underlying }) => underlying));
    this.#withFeatures ??= instances.some(readsFeatures);
    const withFeatures = this.#withFeatures;
    return this.#tradable.flatMap((feed) => {
      const { underlying, board, coverage } = feed;
      const { spotPaise } = board;
      const vixCenti = this.#vixToday(board);
      if (!traded.has(underlying) || spotPaise === null) return [];
      const { date, openMs, closeMs } = this.#session;
      const walk = this.#figures.get(underlying) ?? new FigureWalk(openMs);
      this.#figures.set(underlying, walk);
      const { bars } = board;
      const barFigures = walk.at(bars, atMs);
      const reading = withFeatures ? this.#chainOf(feed, atMs) : null;
      const chain = reading === null ? [] : [reading];
      const history = this.#history[underlying] ?? null;
      const day = { underlying, date, openMs, barsEndMs: closeMs, atMs, bars, chain, vixCenti };
      const atrPoints = barFigures.now?.["bar.atr14"] ?? null;
      return [
        new WindowMarket(board, {
          underlying,
          date,
          atMs,
          closeMs,
          spotPaise,
          atrPaise: atrPoints === null ? null : paise(Math.round(atrPoints * 100)),
          staleAfterMs: recordedStaleAfterMs(coverage),
          figures: () => figureRowWith({ ...day, community: null, history }, barFigures, withFeatures),
        }),
      ];
    });
  }

  /** What could not be left is tried again every minute until the close: what an operator would do by hand. */
  #settleProvisional(job: Job, atMs: EpochMs): void {
    const account = this.#account;
    const { date, closeMs } = this.#session;
    let now = atMs;
    for (;;) {
      account.reconcile("CLOSE", now, `RECONCILE_CLOSE/${date}`);
      const done = account.run({ type: "SETTLE_PROVISIONAL", atMs: now, jobKey: jobKeyOf(job) });
      if (done.ok || now + MS_PER_MINUTE >= closeMs) {
        this.#must(job, done);
        return;
      }
      this.#repairs += 1;
      const jobKey = jobKeyOf({ name: "SQUARE_OFF", date, cycle: null, phase: 2 + this.#repairs });
      account.run({ type: "SQUARE_OFF", atMs: now, jobKey, prices: account.heldPrices() });
      now = epochMs(now + MS_PER_MINUTE);
      for (const underlying of UNDERLYINGS) this.#feeds[underlying].playUntil(now);
    }
  }

  get #tradable(): readonly BacktestFeed[] {
    return UNDERLYINGS.map((underlying) => this.#feeds[underlying]).filter(
      ({ coverage }) => coverage !== null && coverage.chain !== "NONE",
    );
  }

  /** India VIX × 100 as the feeds know it; null when none does. */
  get #vixCenti(): number | null {
    return this.#tradable.find(({ board }) => board.vixCenti !== null)?.board.vixCenti ?? null;
  }

  #must(job: Job, done: ReturnType<BacktestAccount["run"]>): void {
    if (done.ok) return;
    const { code, detail } = done.error;
    this.#failure ??= { jobKey: jobKeyOf(job), code, detail };
  }
}
