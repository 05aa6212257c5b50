// Several days of one account in a row: orders whose ids come again every day, a venue that deals in parts and speaks late and
// twice, a rail that is slow, fails and sends money back, limits changed and the kill switch thrown in mid-day, jobs that come
// again on a later day, and the account rebuilt from its journal in between. Everything follows from the seed.
import type { Command, PriceView } from "../../src/core/account/command.ts";
import { decide } from "../../src/core/account/decide.ts";
import { chargesOf } from "../../src/core/account/decide-day.ts";
import type { AccountEvent } from "../../src/core/account/event.ts";
import { EMPTY_ACCOUNT, evolve, foldJournal, isFlat } from "../../src/core/account/evolve.ts";
import { outstandingWork } from "../../src/core/account/outstanding.ts";
import type { InstrumentId } from "../../src/core/instrument/contract.ts";
import { type Paise, paise } from "../../src/core/kernel/money.ts";
import { type EpochMs, epochMs, istInstant, type MarketDate, marketDate } from "../../src/core/kernel/time.ts";
import type { LedgerEntry } from "../../src/core/ledger/entry.ts";
import { postingsOf } from "../../src/core/ledger/posting-rules.ts";
import { fundingUnderWayPaise, payoutsUnderWayPaise } from "../../src/core/risk/exposure.ts";
import { AccountUnderTest, aProfile, CONTRACTS, id, LIMITS } from "../support/builders.ts";
import { isDue } from "../support/due-triggers.ts";
import { Seeded } from "../support/seeded.ts";
import { TinyVenue } from "../support/tiny-venue.ts";

const DATES = ["2025-08-28", "2025-08-29", "2025-09-01"].map(marketDate);
const STEPS = 120;

/** What a day came to, each figure from where it is told first: the venue, the transfers, the state. */
interface DayEnd {
  readonly date: MarketDate;
  readonly status: string | undefined;
  readonly isFlat: boolean;
  readonly realisedPaise: number | undefined;
  readonly venueRealisedPaise: number;
  readonly fills: number;
  readonly payoutPaise: number;
  readonly pushedPaise: number;
  readonly pulledPaise: number;
  readonly capitalPaise: number;
  /** Cash with all that is coming and without all that is going, after the morning's PULL; and what is left in savings. */
  readonly fundedPaise: number;
  readonly savingsLeftPaise: number;
  readonly cashPaise: number;
}

export class SimulatedDays {
  readonly account = new AccountUnderTest();
  readonly ends: DayEnd[] = [];
  readonly #random: Seeded;
  readonly #prices = new Map<InstrumentId, number>(CONTRACTS.map(({ instrumentId }) => [instrumentId, 5_000]));
  readonly #jobsOfBefore: Command[] = [];
  #jobs: Command[] = [];
  #venue = new TinyVenue();
  #now: EpochMs = epochMs(0);
  #railProgress = 1;

  constructor(seed: number) {
    this.#random = new Seeded(seed);
  }

  run(): void {
    const first = DATES[0] ?? marketDate("2025-08-28");
    const category = this.#random.pick(["NGD", "REGULAR", "ADMIN"] as const);
    const capitalPaise = paise(this.#random.pick([5_000_00, 10_000_00, 50_000_00, 1_00_000_00]));
    const savingsPaise = paise(this.#random.pick([3_000_00, 60_000_00, 5_00_000_00]));
    const profile = aProfile({ category, capitalPaise, savingsPaise });
    this.#now = istInstant(first, "08:00");
    this.#do({ type: "OPEN_ACCOUNT", atMs: this.#now, profile });
    for (const date of DATES) this.#runDay(date);
  }

  #runDay(date: MarketDate): void {
    const at = (time: string): EpochMs => istInstant(date, time);
    this.#venue = new TinyVenue();
    this.#jobs = [];
    const hours = { openMs: at("09:15"), closeMs: at("15:30") };
    const vixCenti = this.#random.pick([1_100, 1_800, 3_000]);
    this.#job({ type: "OPEN_DAY", atMs: at("09:00"), jobKey: `OPEN_DAY/${date}/-/-`, date, ...hours, vixCenti });
    const capitalPaise = this.account.state.profile?.capitalPaise ?? 0;
    this.#job({ type: "REQUEST_PULL", atMs: hours.openMs, jobKey: `PULL/${date}/-/-` });
    const fundedPaise =
      this.account.state.cashPaise +
      fundingUnderWayPaise(this.account.state) -
      payoutsUnderWayPaise(this.account.state);
    const savingsLeftPaise = this.account.state.savingsPaise - fundingUnderWayPaise(this.account.state);
    this.#now = at("09:16");
    // Now and then the rail is down for a whole day.
    this.#railProgress = this.#random.pick([0, 1, 1, 1, 1]);
    this.#rail(0.85);
    for (let step = 0; step < STEPS; step += 1) this.#step();
    this.#job({ type: "ENTER_EXIT_ONLY", atMs: at("15:15"), jobKey: `EXIT_ONLY/${date}/-/-` });
    for (let phase = 1; phase <= 30 && (phase <= 2 || !isFlat(this.account.state)); phase += 1)
      this.#squareOff(date, phase);
    this.#job({ type: "SETTLE_PROVISIONAL", atMs: this.#now, jobKey: `SETTLE_PROVISIONAL/${date}/-/-` });
    this.#job({ type: "REQUEST_PUSH", atMs: this.#now, jobKey: `PUSH/${date}/-/-` });
    this.#now = epochMs(this.#now + 60_000);
    this.#rail(0.7);
    const statement = { date, fills: 0, realisedPaise: this.#realised(), charges: this.#charges(date) };
    this.#job({ type: "SETTLE_FINAL", atMs: at("15:35"), jobKey: `SETTLE_FINAL/${date}/-/-`, statement });
    this.#job({ type: "CLOSE_DAY", atMs: at("15:36"), jobKey: `CLOSE_DAY/${date}/-/-` });
    this.#jobsOfBefore.push(...this.#jobs);
    this.ends.push({ ...this.#end(date), capitalPaise, fundedPaise, savingsLeftPaise });
    if (this.account.state.tradingState === "HALTED") this.#do({ type: "RESUME", atMs: this.#now });
  }

  #step(): void {
    this.#now = epochMs(this.#now + 90_000);
    const { state } = this.account;
    const price = this.#random.pick(CONTRACTS).instrumentId;
    const moved = (this.#prices.get(price) ?? 5_000) * (1 + (this.#random.below(601) - 280) / 10_000);
    this.#prices.set(price, Math.max(200, Math.round(moved / 5) * 5));
    this.#order();
    for (const clientOrderId of this.#venue.working) {
      if (this.#random.chance(0.5)) this.#deal(clientOrderId, 1 + this.#random.below(4));
      if (this.#random.chance(0.05)) this.#venue.end(clientOrderId, "CANCELED", this.#now);
    }
    this.#tell(this.#random.below(6));
    if (this.#random.chance(0.2)) this.#fire();
    if (this.#random.chance(0.05)) this.#rail(0.5);
    if (this.#random.chance(0.03)) this.#do({ type: "HALT", atMs: this.#now, reason: "a person", prices: this.#views });
    if (this.#random.chance(0.3)) this.#do({ type: "RESUME", atMs: this.#now });
    if (this.#random.chance(0.05)) this.#changeLimits();
    const late = this.#random.pick([null, ...this.#jobsOfBefore]);
    if (late !== null && this.#random.chance(0.3)) this.#expectNothing(late);
    if (this.#random.chance(0.05)) this.account.state = foldJournal(this.account.events.map((event) => ({ event })));
    if (this.#random.chance(0.1) && Object.keys(state.orders).length > 0) {
      const clientOrderId = this.#random.pick(Object.keys(state.orders));
      this.#do({ type: "CANCEL_ORDER", atMs: this.#now, clientOrderId: id(clientOrderId) });
    }
  }

  #order(): void {
    const contract = this.#random.pick(CONTRACTS);
    const mid = this.#prices.get(contract.instrumentId) ?? 5_000;
    const isMarket = this.#random.chance(0.5);
    const request = {
      clientOrderId: id(`order-${this.#random.below(60)}`),
      contract,
      side: this.#random.pick(["BUY", "BUY", "SELL"] as const),
      type: isMarket ? ("MARKET" as const) : ("LIMIT" as const),
      timeInForce: this.#random.pick(["DAY", "IOC"] as const),
      product: "INTRADAY" as const,
      quantityUnits: contract.lotSize * (1 + this.#random.below(5)),
      limitPricePaise: isMarket ? null : paise(mid + 5 * (this.#random.below(21) - 10)),
    };
    this.#do({ type: "SUBMIT_ORDER", atMs: this.#now, request, price: this.#view(contract.instrumentId) });
  }

  #deal(clientOrderId: ReturnType<typeof id>, lots: number): void {
    const order = this.account.state.orders[clientOrderId];
    if (order === undefined) return;
    const mid = this.#prices.get(order.contract.instrumentId) ?? 5_000;
    this.#venue.deal(clientOrderId, lots, order.side === "BUY" ? mid + 5 : mid - 5, this.#now);
  }

  /** Reports overtake one another and come twice. */
  #tell(count: number): void {
    for (let told = 0; told < count; told += 1) {
      const report = this.#venue.tell(this.#random.below(4));
      if (report === null) return;
      const again = this.#random.chance(0.2) ? [report, this.#random.pick(this.#venue.told)] : [];
      this.#do({ type: "APPLY_REPORTS", atMs: this.#now, reports: [report, ...again] });
    }
  }

  #fire(): void {
    const fired = Object.values(this.account.state.openTrades).flatMap(({ position, triggers }) => {
      const price = this.#view(position.contract.instrumentId);
      return triggers
        .filter((trigger) => isDue(trigger, price, this.#now))
        .map(({ triggerId }) => ({ triggerId, price }));
    });
    if (fired.length > 0) this.#do({ type: "FIRE_TRIGGERS", atMs: this.#now, fired, prices: this.#views });
  }

  #changeLimits(): void {
    const dailyLossMaxPaise = paise(this.#random.pick([200_00, 1_000_00, 5_000_00, 50_000_00]));
    const limits = { ...LIMITS, dailyLossMaxPaise, tradesPerDayMax: 5 + this.#random.below(60) };
    const prices = this.#random.chance(0.5) ? this.#views : [];
    this.#do({ type: "CHANGE_LIMITS", atMs: this.#now, limits, prices });
  }

  #squareOff(date: MarketDate, phase: number): void {
    this.#now = epochMs(Math.max(this.#now, istInstant(date, "15:18")) + 1_000);
    this.#job({ type: "SQUARE_OFF", atMs: this.#now, jobKey: `SQUARE_OFF/${date}/-/${phase}`, prices: this.#views });
    for (const { clientOrderId } of Object.values(this.account.state.orders)) {
      this.#deal(clientOrderId, 1 + this.#random.below(40));
      this.#venue.end(clientOrderId, "CANCELED", this.#now);
    }
    this.#tell(1_000);
  }

  /** Some transfers get on; a few of them fail or come back. The others are still on their way tomorrow. */
  #rail(progress: number): void {
    for (const { transferId, status } of Object.values(this.account.state.transfers)) {
      if (!this.#random.chance(progress * this.#railProgress)) continue;
      const next =
        status === "COMPLETED"
          ? this.#random.pick(["COMPLETED", "COMPLETED", "COMPLETED", "REVERSED"] as const)
          : this.#random.pick(["PROCESSING", "COMPLETED", "COMPLETED", "COMPLETED", "COMPLETED", "FAILED"] as const);
      const told = { railReference: "R", failure: next === "FAILED" ? "BANK" : null } as const;
      this.#do({ type: "UPDATE_TRANSFER", atMs: this.#now, transferId, status: next, ...told });
    }
  }

  /** Jobs are given again now and then, at once and on later days. */
  #job(command: Command): void {
    this.#now = epochMs(Math.max(this.#now, command.atMs));
    this.#jobs.push(command);
    const decision = decide(this.account.state, command);
    if (!decision.ok) throw new Error(`${command.type} refused: ${decision.error.code} ${decision.error.detail}`);
    this.#do(command);
    if (this.#random.chance(0.2)) this.#expectNothing(command);
  }

  #expectNothing(command: Command): void {
    const decision = decide(this.account.state, command);
    if (decision.ok && decision.value.length > 0) throw new Error(`${command.type} came again and did something`);
  }

  #do(command: Command): void {
    if (!decide(this.account.state, command).ok) return;
    this.account.do(command);
    const { submit, cancel } = outstandingWork(this.account.state);
    for (const order of submit) this.#venue.submit(order, this.#now);
    // A request to cancel may lose the race against a deal.
    for (const order of cancel)
      if (this.#random.chance(0.5)) this.#venue.end(order.clientOrderId, "CANCELED", this.#now);
  }

  #realised(): Paise {
    const { orders } = this.account.state;
    return paise(
      this.#fills().reduce((sum, { clientOrderId, fill }) => {
        const value = fill.pricePaise * fill.units;
        return sum + (orders[clientOrderId]?.side === "SELL" ? value : -value);
      }, 0),
    );
  }

  /** The broker may charge a little more or less than was expected. */
  #charges(date: MarketDate) {
    const charges = chargesOf({ date }, Object.values(this.account.state.orders));
    const extraPaise = this.#random.chance(0.3) ? this.#random.below(2_000) : 0;
    return {
      ...charges,
      exchangePaise: paise(charges.exchangePaise + extraPaise),
      totalPaise: paise(charges.totalPaise + extraPaise),
    };
  }

  #fills() {
    const seen = new Map([...this.#venue.told, ...this.#venue.untold].map((report) => [report, report]));
    return [...seen.values()].filter((report) => report.kind === "FILLED");
  }

  #end(date: MarketDate): Omit<DayEnd, "capitalPaise" | "fundedPaise" | "savingsLeftPaise"> {
    const { state, events } = this.account;
    const asked = (kind: "PULL" | "PUSH"): number =>
      events
        .filter((event) => event.type === "TRANSFER_REQUESTED")
        .filter(({ transfer }) => transfer.kind === kind && transfer.date === date)
        .reduce((sum, { transfer }) => sum + transfer.amountPaise, 0);
    return {
      date,
      status: state.day?.status,
      isFlat: isFlat(state),
      realisedPaise: state.day?.realisedPaise,
      venueRealisedPaise: this.#realised(),
      fills: this.#fills().length,
      payoutPaise: state.day?.provisional?.payoutPaise ?? 0,
      pushedPaise: asked("PUSH"),
      pulledPaise: asked("PULL"),
      cashPaise: state.cashPaise,
    };
  }

  #view(instrumentId: InstrumentId): PriceView {
    const mid = this.#prices.get(instrumentId) ?? 5_000;
    const sides = { bidPaise: paise(mid - 5), askPaise: paise(mid + 5), lastPaise: paise(mid) };
    return { instrumentId, ...sides, quotedAtMs: this.#now, staleAfterMs: 120_000 };
  }

  get #views(): readonly PriceView[] {
    return CONTRACTS.map(({ instrumentId }) => this.#view(instrumentId));
  }
}

/** The double entries of a journal. */
export function ledgerOf(events: readonly AccountEvent[]): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  let state = EMPTY_ACCOUNT;
  for (const [index, event] of events.entries()) {
    entries.push(...postingsOf(state, event, index + 1));
    state = evolve(state, event);
  }
  return entries;
}
