// Hands over what the account's state says is outstanding: orders, cancels and triggers to the feed's venue, transfers to
// the rail. The intent is in the journal before anything is sent. An answer that was lost is looked up at the venue before
// the same client order id is given again, which the venue takes for the same order.
import type { Command } from "../../src/core/account/command.ts";
import { flatCheckOf, outstandingWork } from "../../src/core/account/outstanding.ts";
import type { AccountState, PriceTrigger } from "../../src/core/account/state.ts";
import type { Transfer } from "../../src/core/funds/transfer.ts";
import { type InstrumentId, UNDERLYINGS, type Underlying } from "../../src/core/instrument/contract.ts";
import type { ClientOrderId, Order, OrderTerms } from "../../src/core/order/order.ts";
import type { MarketFeedRpc } from "../../src/ports/objects.ts";
import type { PaymentRail } from "../../src/ports/payments.ts";
import { type CheckTimer, checkTimer } from "./flat-check.ts";
import type { Feeds } from "./prices.ts";

export type TransferUpdate = Extract<Command, { readonly type: "UPDATE_TRANSFER" }>;

export interface SubmissionDeps {
  state(): AccountState;
  readonly feeds: Feeds;
  readonly rail: PaymentRail;
  readonly isReplay: boolean;
  updateTransfer(update: TransferUpdate): void;
}

/** What one feed is to be told. */
interface FeedWork {
  readonly submit: Order[];
  readonly cancel: Order[];
  readonly triggers: { readonly instrumentId: InstrumentId; readonly triggers: readonly PriceTrigger[] }[];
}

export class Submission {
  readonly #deps: SubmissionDeps;
  #ordersGiven = new Set<ClientOrderId>();
  #cancelsGiven = new Set<ClientOrderId>();
  /** What each feed was last told about an instrument, as JSON. */
  readonly #triggersGiven = new Map<InstrumentId, string>();
  readonly #transfersGiven = new Set<string>();
  /** Orders that may have reached the venue without us having heard so. */
  readonly #uncertain: Set<ClientOrderId>;
  #running: Promise<void> | null = null;

  /** `openAtLoad`: orders the venue had not answered when the account was loaded. An earlier instance may have sent them. */
  constructor(deps: SubmissionDeps, openAtLoad: Iterable<ClientOrderId>) {
    this.#deps = deps;
    this.#uncertain = new Set(openAtLoad);
  }

  /**
   * Resolves once everything that is outstanding has been handed over; rejects when a feed or the rail did not answer. All
   * callers share one loop, which looks at the state again after every round.
   */
  drive(): Promise<void> {
    this.#running ??= this.#loop();
    return this.#running;
  }

  async #loop(): Promise<void> {
    // Decisions of the same moment join the first round. It also lets `drive` note the promise before the loop can end.
    await Promise.resolve();
    try {
      for (;;) {
        const { feeds, transfers } = this.#outstanding();
        const timer = this.#timerToSet();
        if (feeds.size === 0 && transfers.length === 0 && timer === null) return;
        const rounds = [
          // By itself: a venue that takes no orders must not keep the next look at it from being set.
          ...(timer === null ? [] : [this.#setTimer(timer)]),
          ...[...feeds].map(([underlying, work]) => this.#give(underlying, work)),
          ...transfers.map((transfer) => this.#initiate(transfer)),
        ];
        const failure = (await Promise.allSettled(rounds)).find((round) => round.status === "rejected");
        if (failure !== undefined) throw failure.reason;
      }
    } finally {
      // In the same turn as the last look at the state: whoever decides after this starts a new loop.
      this.#running = null;
    }
  }

  /** What the state asks for, less what has been given already. */
  #outstanding(): { readonly feeds: Map<Underlying, FeedWork>; readonly transfers: readonly Transfer[] } {
    const state = this.#deps.state();
    const work = outstandingWork(state);
    this.#ordersGiven = keep(this.#ordersGiven, work.submit);
    this.#cancelsGiven = keep(this.#cancelsGiven, work.cancel);
    const feeds = new Map<Underlying, FeedWork>();
    const of = (underlying: Underlying): FeedWork => {
      const found = feeds.get(underlying) ?? { submit: [], cancel: [], triggers: [] };
      feeds.set(underlying, found);
      return found;
    };
    for (const order of work.submit) {
      if (!this.#ordersGiven.has(order.clientOrderId)) of(order.contract.underlying).submit.push(order);
    }
    for (const order of work.cancel) {
      if (!this.#cancelsGiven.has(order.clientOrderId)) of(order.contract.underlying).cancel.push(order);
    }
    for (const { instrumentId, underlying, triggers } of wantedTriggers(state, work.triggers)) {
      if (this.#triggersGiven.get(instrumentId) !== JSON.stringify(triggers)) {
        of(underlying).triggers.push({ instrumentId, triggers });
      }
    }
    // One fixed order, so that a replay tells the feeds the same things in the same order.
    const ordered = UNDERLYINGS.flatMap((underlying) => {
      const found = feeds.get(underlying);
      return found === undefined ? [] : [[underlying, found] as const];
    });
    return {
      feeds: new Map(ordered),
      transfers: work.transfers.filter((transfer) => !this.#transfersGiven.has(transfer.transferId)),
    };
  }

  #timerToSet(): CheckTimer | null {
    const timer = checkTimer(flatCheckOf(this.#deps.state()), this.#deps.isReplay);
    const isGiven = timer === null || this.#triggersGiven.get(timer.instrumentId) === JSON.stringify(timer.triggers);
    return isGiven ? null : timer;
  }

  async #setTimer({ underlying, instrumentId, triggers }: CheckTimer): Promise<void> {
    await this.#deps.feeds(underlying).setTriggers(this.#accountId(), instrumentId, triggers);
    this.#triggersGiven.set(instrumentId, JSON.stringify(triggers));
  }

  #accountId(): string {
    return this.#deps.state().profile?.accountId ?? "";
  }

  async #give(underlying: Underlying, work: FeedWork): Promise<void> {
    const feed = this.#deps.feeds(underlying);
    const accountId = this.#accountId();
    const unsent = await this.#unknownToVenue(feed, accountId, work.submit);
    if (unsent.length > 0) {
      for (const order of unsent) this.#uncertain.add(order.clientOrderId);
      await feed.venueSubmit(
        unsent.map((order) => ({ accountId, terms: termsOf(order), submittedAtMs: order.createdAtMs })),
      );
    }
    for (const { clientOrderId } of work.submit) {
      this.#uncertain.delete(clientOrderId);
      this.#ordersGiven.add(clientOrderId);
    }
    for (const [atMs, orders] of Map.groupBy(work.cancel, (order) => order.updatedAtMs)) {
      const ids = orders.map((order) => order.clientOrderId);
      await feed.venueCancel(accountId, ids, atMs);
      for (const id of ids) this.#cancelsGiven.add(id);
    }
    for (const { instrumentId, triggers } of work.triggers) {
      await feed.setTriggers(accountId, instrumentId, triggers);
      this.#triggersGiven.set(instrumentId, JSON.stringify(triggers));
    }
  }

  /** The orders the venue has not reported on. Its reports themselves come the usual way, in their own order. */
  async #unknownToVenue(feed: MarketFeedRpc, accountId: string, orders: readonly Order[]): Promise<readonly Order[]> {
    const uncertain = orders.map((order) => order.clientOrderId).filter((id) => this.#uncertain.has(id));
    if (uncertain.length === 0) return orders;
    const reports = await feed.venueReports(accountId, uncertain);
    const known = new Set(reports.map((report) => report.clientOrderId));
    return orders.filter((order) => !known.has(order.clientOrderId));
  }

  async #initiate(transfer: Transfer): Promise<void> {
    const { rail, updateTransfer, state } = this.#deps;
    const atMs = state().lastEventMs;
    const update = { type: "UPDATE_TRANSFER", atMs, transferId: transfer.transferId } as const;
    const outcome = await rail.initiate(transfer, atMs);
    if (outcome.kind === "UNKNOWN") {
      // The rail may have it. Only when it says that it has not is the transfer given again.
      const progress = await rail.status(transfer, atMs);
      if (progress.kind === "NOT_FOUND")
        throw new Error(`the rail did not take ${transfer.transferId}: ${outcome.reason}`);
      this.#transfersGiven.add(transfer.transferId);
      updateTransfer(
        progress.kind === "FAILED"
          ? { ...update, status: "FAILED", railReference: null, failure: progress.code }
          : { ...update, status: "PROCESSING", railReference: progress.reference, failure: null },
      );
      return;
    }
    this.#transfersGiven.add(transfer.transferId);
    updateTransfer(
      outcome.kind === "ACCEPTED"
        ? { ...update, status: "PROCESSING", railReference: outcome.reference, failure: null }
        : { ...update, status: "FAILED", railReference: null, failure: outcome.code },
    );
  }
}

/** Asks the rail about every transfer under way; the updates are for the account to decide on. */
export async function pollTransfers(
  rail: PaymentRail,
  state: AccountState,
  atMs: TransferUpdate["atMs"],
): Promise<readonly TransferUpdate[]> {
  const updates: TransferUpdate[] = [];
  for (const transfer of Object.values(state.transfers)) {
    if (transfer.status !== "PROCESSING") continue;
    const progress = await rail.status(transfer, atMs);
    const update = { type: "UPDATE_TRANSFER", atMs, transferId: transfer.transferId } as const;
    if (progress.kind === "COMPLETED") {
      updates.push({ ...update, status: "COMPLETED", railReference: progress.reference, failure: null });
    } else if (progress.kind === "FAILED") {
      updates.push({ ...update, status: "FAILED", railReference: transfer.railReference, failure: progress.code });
    }
  }
  return updates;
}

/** The triggers every traded instrument should have: none where nothing is open any more. */
function wantedTriggers(
  state: AccountState,
  triggers: ReturnType<typeof outstandingWork>["triggers"],
): readonly { instrumentId: InstrumentId; underlying: Underlying; triggers: readonly PriceTrigger[] }[] {
  const wanted = new Map(triggers.map((item) => [item.instrumentId, item.triggers]));
  const traded = new Map<InstrumentId, Underlying>();
  for (const order of Object.values(state.orders)) {
    if (order.filledUnits > 0) traded.set(order.contract.instrumentId, order.contract.underlying);
  }
  for (const { instrumentId, underlying } of triggers) traded.set(instrumentId, underlying);
  return [...traded].map(([instrumentId, underlying]) => ({
    instrumentId,
    underlying,
    triggers: wanted.get(instrumentId) ?? [],
  }));
}

function keep(given: ReadonlySet<ClientOrderId>, orders: readonly Order[]): Set<ClientOrderId> {
  return new Set(orders.map((order) => order.clientOrderId).filter((id) => given.has(id)));
}

const termsOf = (order: Order): OrderTerms => ({
  clientOrderId: order.clientOrderId,
  contract: order.contract,
  side: order.side,
  type: order.type,
  timeInForce: order.timeInForce,
  quantityUnits: order.quantityUnits,
  limitPricePaise: order.limitPricePaise,
  purpose: order.purpose,
  exitReason: order.exitReason,
  origin: order.origin,
  cycleId: order.cycleId,
  signalId: order.signalId,
});
