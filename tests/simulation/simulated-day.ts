// One account through a whole day against the simulated venue, on made-up prices, while things go wrong: answers are lost after
// the venue has taken an order, reports and triggers come late, twice and in the wrong order, and the account is rebuilt from
// its journal in between. Everything follows from the seed.
import type { Command, PriceView, VenueReport } from "../../src/core/account/command.ts";
import { decide } from "../../src/core/account/decide.ts";
import { foldJournal } from "../../src/core/account/evolve.ts";
import { outstandingWork } from "../../src/core/account/outstanding.ts";
import type { OptionContract } from "../../src/core/instrument/contract.ts";
import { paise } from "../../src/core/kernel/money.ts";
import { type EpochMs, epochMs, MS_PER_MINUTE } from "../../src/core/kernel/time.ts";
import type { HeldQuote } from "../../src/core/market/market-event.ts";
import { advanceOrder } from "../../src/core/matching/match-order.ts";
import {
  acceptOrder,
  requestCancel,
  VENUE_LATENCY_MS,
  type VenueOrderState,
  type VenueRules,
} from "../../src/core/matching/venue-order.ts";
import type { ClientOrderId, Fill, Order } from "../../src/core/order/order.ts";
import { cycleIdOf } from "../../src/core/session/job.ts";
import { brokerStatementOf } from "../../src/core/settlement/broker-statement.ts";
import {
  AccountUnderTest,
  aProfile,
  aSignal,
  at,
  BANKNIFTY_CALL,
  CLOSE,
  DATE,
  NIFTY_CALL,
  NIFTY_PUT,
  OPEN,
  SENSEX_CALL,
  transferUpdate,
} from "../support/builders.ts";
import { isDue } from "../support/due-triggers.ts";
import { Seeded } from "../support/seeded.ts";

const STEP_MS = 15_000;
const RULES: VenueRules = { latencyMs: VENUE_LATENCY_MS, openMs: OPEN, closeMs: CLOSE };
const BANKNIFTY_PUT: OptionContract = {
  ...BANKNIFTY_CALL,
  instrumentId: "BANKNIFTY25SEP53900PE.NFO" as OptionContract["instrumentId"],
  optionType: "PUT",
};
const SENSEX_PUT: OptionContract = {
  ...SENSEX_CALL,
  instrumentId: "SENSEX2590479900PE.BFO" as OptionContract["instrumentId"],
  optionType: "PUT",
};
const PAIRS = [
  [NIFTY_CALL, NIFTY_PUT],
  [BANKNIFTY_CALL, BANKNIFTY_PUT],
  [SENSEX_CALL, SENSEX_PUT],
] as const;

interface Delayed<T> {
  readonly dueMs: EpochMs;
  readonly what: T;
}

export class SimulatedDay {
  account = new AccountUnderTest();
  readonly #random: Seeded;
  readonly #mids = new Map<string, number>(PAIRS.flat().map((contract) => [contract.instrumentId, 6_000]));
  readonly #venue = new Map<ClientOrderId, VenueOrderState>();
  readonly #dealt: { readonly order: Order; readonly fill: Fill }[] = [];
  #reports: Delayed<VenueReport>[] = [];
  #firings: Delayed<string>[] = [];
  #told: VenueReport[] = [];
  #now: EpochMs = at("09:00");
  commands = 0;

  constructor(seed: number) {
    this.#random = new Seeded(seed);
  }

  /** To the end: opened, traded, settled, closed. */
  run(): void {
    const capitalPaise = paise(this.#random.pick([10_000_00, 50_000_00, 1_00_000_00, 5_00_000_00]));
    const category = this.#random.pick(["RESTRICTED", "ADMIN", "REGULAR", "NGD"] as const);
    this.#do({
      type: "OPEN_ACCOUNT",
      atMs: at("08:00"),
      profile: aProfile({ category, capitalPaise, savingsPaise: paise(10_00_000_00) }),
    });
    this.#do({
      type: "OPEN_DAY",
      atMs: this.#now,
      jobKey: "OPEN_DAY",
      date: DATE,
      openMs: OPEN,
      closeMs: CLOSE,
      vixCenti: 1_000 + this.#random.below(2_500),
    });
    for (this.#now = OPEN; this.#now < CLOSE; this.#now = epochMs(this.#now + STEP_MS)) this.#step();
    this.#deliverEverything();
    this.#now = epochMs(CLOSE + 5 * MS_PER_MINUTE);
    this.#do({ type: "SETTLE_FINAL", atMs: this.#now, jobKey: "SETTLE_FINAL", statement: this.statement() });
    this.#do({ type: "CLOSE_DAY", atMs: this.#now, jobKey: "CLOSE_DAY" });
  }

  /** What the venue says of the day, from its own fills. */
  statement() {
    const days = PAIRS.map(([{ underlying }]) => {
      const ofUnderlying = this.#dealt.filter(({ order }) => order.contract.underlying === underlying);
      return {
        underlying,
        fills: ofUnderlying.map(({ order, fill }) => ({
          side: order.side,
          units: fill.units,
          pricePaise: fill.pricePaise,
        })),
        executedOrders: new Set(ofUnderlying.map(({ order }) => order.clientOrderId)).size,
      };
    });
    return brokerStatementOf(DATE, days);
  }

  #step(): void {
    for (const contract of PAIRS.flat()) this.#movePrice(contract);
    this.#runVenue();
    this.#deliver();
    this.#fireTriggers();
    this.#runJobs();
    if (this.#random.chance(0.002))
      this.#do({ type: "HALT", atMs: this.#now, reason: "a person", prices: this.#prices() });
    // The operator lifts a drawdown as well, so that a day goes on in spite of one.
    const by = this.#random.chance(0.5) ? "OPERATOR" : "USER";
    if (this.#random.chance(0.02)) this.#do({ type: "RESUME", atMs: this.#now, by });
    // The object is evicted and comes back from its journal.
    if (this.#random.chance(0.02)) this.account.state = foldJournal(this.account.events.map((event) => ({ event })));
  }

  #runJobs(): void {
    const minute = (this.#now - OPEN) / MS_PER_MINUTE;
    if (!Number.isInteger(minute)) return;
    if (minute === 0) this.#do({ type: "REQUEST_PULL", atMs: this.#now, jobKey: "PULL" });
    if (minute >= 1) this.#completeTransfers();
    const cycle = Math.floor(minute / 15) + 1;
    const window = ({ 2: 1, 7: 2, 12: 3 } as const)[minute % 15];
    if (window !== undefined && cycle >= 2 && cycle <= 24) this.#runWindow(cycle, window);
    if (minute === 360) this.#do({ type: "ENTER_EXIT_ONLY", atMs: this.#now, jobKey: "EXIT_ONLY" });
    if (minute >= 363 && minute < 372) {
      this.#do({ type: "SQUARE_OFF", atMs: this.#now, jobKey: `SQUARE_OFF/${minute}`, prices: this.#prices() });
    }
    // A job that is refused because something is still under way is run again.
    if (minute >= 372) this.#do({ type: "SETTLE_PROVISIONAL", atMs: this.#now, jobKey: "SETTLE_PROVISIONAL" });
    if (minute >= 372) this.#do({ type: "REQUEST_PUSH", atMs: this.#now, jobKey: "PUSH" });
  }

  #runWindow(cycle: number, window: 1 | 2 | 3): void {
    const cycleId = cycleIdOf(DATE, cycle);
    const views = new Seeded(cycle * 7_919 + this.#random.below(2));
    const signals = PAIRS.map(([call, put]) => {
      const direction = views.pick(["BULLISH", "BEARISH", "NO_TRADE", "NO_TRADE"] as const);
      const base = aSignal();
      const contract = direction === "BEARISH" ? put : call;
      return aSignal({
        signalId: `${cycleId}/${call.underlying}`,
        cycleId,
        underlying: call.underlying,
        direction,
        confidenceBps: 4_000 + views.below(5_000),
        choice: direction === "NO_TRADE" || base.choice === null ? null : { ...base.choice, contract },
        expiresAtMs: epochMs(this.#now + (10 + views.below(60)) * MS_PER_MINUTE),
      });
    });
    const jobKey = `RUN_WINDOW/${cycleId}/${window}`;
    this.#do({
      type: "RUN_WINDOW",
      atMs: this.#now,
      jobKey,
      cycleId,
      window,
      vixCenti: 1_400,
      signals,
      prices: this.#prices(),
    });
  }

  #completeTransfers(): void {
    for (const { transferId, status } of Object.values(this.account.state.transfers)) {
      if (status === "PENDING" || status === "PROCESSING") this.#do(transferUpdate(transferId, "COMPLETED", this.#now));
    }
  }

  /** Carries a command out, sometimes twice, and hands over what it asks for. */
  #do(command: Command): void {
    this.commands += 1;
    const decision = decide(this.account.state, command);
    if (!decision.ok) return;
    this.account.do(command);
    if (this.#random.chance(0.1)) this.account.do(command);
    this.#handOver();
  }

  /** The venue may be out of reach; what is outstanding is then handed over with the next command. */
  #handOver(): void {
    if (this.#random.chance(0.1)) return;
    const { submit, cancel } = outstandingWork(this.account.state);
    for (const order of submit) {
      if (this.#venue.has(order.clientOrderId)) continue;
      this.#venue.set(order.clientOrderId, acceptOrder("U001", order, this.#now, RULES));
    }
    for (const { clientOrderId } of cancel) {
      const order = this.#venue.get(clientOrderId);
      if (order !== undefined) this.#venue.set(clientOrderId, requestCancel(order, this.#now, RULES));
    }
  }

  #runVenue(): void {
    for (const [clientOrderId, order] of this.#venue) {
      const { order: after, reports } = advanceOrder(order, this.#quote(order.terms.contract), true, this.#now, RULES);
      this.#venue.set(clientOrderId, after);
      for (const report of reports) {
        if (report.kind === "FILLED") this.#dealt.push({ order: order.terms as Order, fill: report.fill });
        this.#reports.push({ dueMs: epochMs(this.#now + this.#delayMs()), what: report });
        if (this.#random.chance(0.1)) this.#reports.push({ dueMs: epochMs(this.#now + this.#delayMs()), what: report });
      }
    }
  }

  #delayMs(): number {
    return this.#random.chance(0.8) ? 0 : this.#random.below(4) * STEP_MS;
  }

  #deliver(): void {
    const due = this.#reports.filter(({ dueMs }) => dueMs <= this.#now).map(({ what }) => what);
    this.#reports = this.#reports.filter(({ dueMs }) => dueMs > this.#now);
    const again = this.#random.chance(0.05) ? this.#told.slice(-5) : [];
    this.#told = [...this.#told, ...due];
    const reports = this.#random.chance(0.2) ? this.#random.shuffle([...due, ...again]) : [...due, ...again];
    if (reports.length > 0) this.#do({ type: "APPLY_REPORTS", atMs: this.#now, reports });
  }

  #deliverEverything(): void {
    this.#now = epochMs(CLOSE + 1);
    this.#runVenue();
    this.#now = epochMs(CLOSE + 4 * MS_PER_MINUTE);
    this.#deliver();
    this.#do({ type: "SETTLE_PROVISIONAL", atMs: this.#now, jobKey: "SETTLE_PROVISIONAL" });
    this.#do({ type: "REQUEST_PUSH", atMs: this.#now, jobKey: "PUSH" });
    this.#completeTransfers();
  }

  /** What the feed does: a level that is reached fires, and its message may come late and twice. */
  #fireTriggers(): void {
    for (const { position, triggers } of Object.values(this.account.state.openTrades)) {
      for (const trigger of triggers) {
        if (!isDue(trigger, this.#view(position.contract), this.#now)) continue;
        const { triggerId } = trigger;
        this.#firings.push({ dueMs: epochMs(this.#now + this.#delayMs()), what: triggerId });
        if (this.#random.chance(0.1)) this.#firings.push({ dueMs: this.#now, what: triggerId });
      }
    }
    const due = this.#firings.filter(({ dueMs }) => dueMs <= this.#now);
    this.#firings = this.#firings.filter(({ dueMs }) => dueMs > this.#now);
    const fired = due.flatMap(({ what: triggerId }) => {
      const contract = PAIRS.flat().find(({ instrumentId }) => triggerId.startsWith(`${instrumentId}/`));
      return contract === undefined ? [] : [{ triggerId, price: this.#view(contract) }];
    });
    const prices = this.#random.chance(0.5) ? this.#prices() : [];
    if (fired.length > 0) this.#do({ type: "FIRE_TRIGGERS", atMs: this.#now, fired, prices });
  }

  #movePrice({ instrumentId }: OptionContract): void {
    const mid = this.#mids.get(instrumentId) ?? 6_000;
    const jump = this.#random.chance(0.01) ? 10 : 1;
    const bps = (this.#random.below(161) - 80) * jump;
    this.#mids.set(instrumentId, Math.max(20, Math.round((mid * (10_000 + bps)) / 50_000) * 5));
  }

  #quote(contract: OptionContract): HeldQuote {
    const { bidPaise, askPaise, lastPaise } = this.#view(contract);
    const { instrumentId, expiry, strikePaise, optionType, lotSize } = contract;
    const known = {
      volumeUnits: null,
      openInterestUnits: null,
      ivBps: null,
      quotedAtMs: this.#now,
      source: "RECORDED" as const,
    };
    const sizes = { bidUnits: lotSize * this.#random.below(4), askUnits: lotSize * (1 + this.#random.below(4)) };
    return { instrumentId, expiry, strikePaise, optionType, bidPaise, askPaise, lastPaise, ...sizes, ...known };
  }

  #view({ instrumentId }: OptionContract): PriceView {
    const mid = this.#mids.get(instrumentId) ?? 6_000;
    return {
      instrumentId,
      bidPaise: paise(mid - 5),
      askPaise: paise(mid + 5),
      lastPaise: paise(mid),
      quotedAtMs: this.#now,
      staleAfterMs: 120_000,
    };
  }

  #prices(): readonly PriceView[] {
    return PAIRS.flat().map((contract) => this.#view(contract));
  }
}
