// Hands over what the account's state says is outstanding: orders, replacements and cancels to the venue, triggers to the
// feeds, transfers to the rail. The intent is in the journal before anything is sent. What became of a request whose answer was
// lost is looked up: at a venue that takes repetitions before it is given again, at any other instead of giving it again.

import { type CheckTimer, checkTimer } from "../../src/core/account/check-timer.ts";
import type { Command, UnknownOutcome, VenueReport } from "../../src/core/account/command.ts";
import { flatCheckOf, isUnanswered, outstandingWork } from "../../src/core/account/outstanding.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import type { TriggerWork } from "../../src/core/account/triggers-given.ts";
import type { Transfer } from "../../src/core/funds/transfer.ts";
import type { Underlying } from "../../src/core/instrument/contract.ts";
import { required } from "../../src/core/kernel/assert.ts";
import { type ClientOrderId, type Order, replaceableOf } from "../../src/core/order/order.ts";
import { isTooOldToSend, TOO_OLD_TO_SEND } from "../../src/core/order/order-age.ts";
import { termsOf } from "../../src/core/order/terms-of.ts";
import type { PaymentRail } from "../../src/ports/payments.ts";
import type { VenueAnswer, VenuePort } from "../../src/ports/venue.ts";
import { cancelKey, GivenWork, orderKey, replaceKey, triggerKey, type Work } from "./given-work.ts";
import { ANSWER_MS, askedAgain, inTime } from "./in-time.ts";
import { Lanes } from "./lanes.ts";
import type { Feeds } from "./prices.ts";
import { initiateTransfer } from "./transfers.ts";

export interface SubmissionDeps {
  state(): AccountState;
  nowMs(): AccountState["lastEventMs"];
  readonly feeds: Feeds;
  readonly venue: VenuePort;
  readonly rail: PaymentRail;
  readonly isReplay: boolean;
  carryOut(command: Extract<Command, { readonly type: "UPDATE_TRANSFER" | "APPLY_REPORTS" | "NOTE_UNKNOWN" }>): void;
  /** Reads the venue's book once for what an earlier instance may have missed, where it may have. */
  recover(): Promise<void>;
  /** Reads the venue's book for orders of which nobody knows what became of them. */
  lookUp(): Promise<void>;
  /** Has `drive` called again after a while. */
  again(): void;
}

/** Banks take their time. */
const RAIL_ANSWER_MS = 20_000;

export class Submission {
  readonly #deps: SubmissionDeps;
  readonly #given = new GivenWork();
  /** Orders that may have reached the venue without us having heard so. */
  readonly #uncertain: Set<ClientOrderId>;
  #isRecovered = false;
  #running: Promise<void> | null = null;
  #lanes: Lanes | null = null;
  #lookedUpAt = -1;

  /** `openAtLoad`: orders the venue had not answered when the account was loaded. An earlier instance may have sent them. */
  constructor(deps: SubmissionDeps, openAtLoad: Iterable<ClientOrderId>) {
    this.#deps = deps;
    this.#uncertain = new Set(openAtLoad);
  }

  /**
   * Resolves once everything that is outstanding has been handed over; rejects when a feed, a venue that takes repetitions or
   * the rail did not answer. All callers share one loop, which looks at the state again after every answer.
   */
  drive(): Promise<void> {
    this.#lanes?.wake();
    this.#running ??= this.#loop();
    return this.#running;
  }

  async #loop(): Promise<void> {
    // Decisions of the same moment join the first round. It also lets `drive` note the promise before the loop can end.
    await Promise.resolve();
    try {
      if (!this.#isRecovered) {
        this.#noteLeftBehind();
        await this.#deps.recover();
        this.#isRecovered = true;
      }
      this.#lookedUpAt = -1;
      const lanes = this.#deps.isReplay ? null : new Lanes();
      this.#lanes = lanes;
      for (;;) {
        if (lanes === null) {
          const round = this.#round();
          if (round === null) return;
          const failure = (await Promise.allSettled(round)).find(({ status }) => status === "rejected");
          if (failure?.status === "rejected") throw failure.reason;
        } else {
          if (this.#isDone(lanes)) return;
          await lanes.next();
        }
      }
    } finally {
      // In the same turn as the last look at the state: whoever decides after this starts a new loop.
      this.#running = null;
      this.#lanes = null;
    }
  }

  /** In a replay all at once and then the next, so that every run tells everybody the same in the same order. */
  #round(): readonly Promise<void>[] | null {
    const { works, transfers, isInDoubt } = this.#given.outstanding(this.#deps.state());
    const mustLookUp = isInDoubt && this.#lookedUpAt < this.#deps.state().sequence;
    const timer = this.#timerToSet();
    if (works.size === 0 && transfers.length === 0 && timer === null && !mustLookUp) {
      if (isInDoubt) this.#deps.again();
      return null;
    }
    return [
      // By itself: a venue that takes no orders must not keep the next look at it from being set.
      ...(timer === null ? [] : [this.#setTimer(timer)]),
      ...[...works].map(([underlying, work]) => this.#give(underlying, work)),
      ...transfers.map((transfer) => this.#initiate(transfer)),
      ...(mustLookUp ? [this.#lookUp()] : []),
    ];
  }

  /** In a live market side by side: an exit must not wait for the answer to anything else. */
  #isDone(lanes: Lanes): boolean {
    // After a failure entries and money wait for the next run: what protects a position, or leaves it, waits for nobody.
    const mayBegin = (key: string, canWait: boolean): boolean => lanes.isFree(key) && !(canWait && lanes.isEnding);
    const { works, transfers, isInDoubt } = this.#given.outstanding(this.#deps.state(), mayBegin);
    for (const [underlying, work] of works) this.#startWork(lanes, underlying, work);
    for (const transfer of transfers) lanes.start([transfer.transferId], () => this.#initiate(transfer));
    const mustLookUp = isInDoubt && this.#lookedUpAt < this.#deps.state().sequence;
    if (mustLookUp && lanes.isFree(BOOK)) lanes.start([BOOK], () => this.#lookUp());
    if (!lanes.isIdle()) return false;
    if (lanes.failure !== null) throw lanes.failure.error;
    if (isInDoubt) this.#deps.again();
    return true;
  }

  async #lookUp(): Promise<void> {
    await this.#deps.lookUp();
    this.#lookedUpAt = this.#deps.state().sequence;
  }

  #startWork(lanes: Lanes, underlying: Underlying, { submit, replace, cancel, triggers }: Work): void {
    // What may be leaving right now is changed and taken out when the venue has been heard, or the call has ended. What has
    // never left is not: a venue that does not know it would refuse, and then it would be sent after all.
    const isThere = (order: Order): boolean =>
      order.recall === undefined
        ? !isUnanswered(order) || (lanes.isFree(orderKey(order)) && this.#given.orders.has(orderKey(order)))
        : this.#deps.venue.keepsSequence;
    const start = (slot: string, keys: readonly string[], work: Partial<Work>): void => {
      if (keys.length === 0 || !lanes.isFree(slot)) return;
      const give = () => this.#giveOrders({ submit: [], replace: [], cancel: [], ...work });
      lanes.start(keys, async () => lanes.rest(await give()), slot);
    };
    start(`orders in ${underlying}`, submit.map(orderKey), { submit });
    const changed = replace.filter(isThere);
    start(`changes in ${underlying}`, changed.map(replaceKey), { replace: changed });
    const canceled = cancel.filter(isThere);
    start(`cancels in ${underlying}`, canceled.map(cancelKey), { cancel: canceled });
    for (const wanted of triggers) {
      lanes.start([triggerKey(wanted)], () => this.#giveTriggers(underlying, [wanted]));
    }
  }

  /** Where a repetition would be a second order, what an earlier instance may have sent is unknown and not outstanding. */
  #noteLeftBehind(): void {
    if (this.#deps.venue.takesRepeats || this.#uncertain.size === 0) return;
    const reason = "the instance that sent it is gone";
    const left = outstandingWork(this.#deps.state()).submit.filter((order) => this.#uncertain.has(order.clientOrderId));
    this.#uncertain.clear();
    this.#noteUnknown(left.map(({ clientOrderId }) => ({ clientOrderId, request: "SUBMIT", reason })));
  }

  #timerToSet(): CheckTimer | null {
    const timer = checkTimer(flatCheckOf(this.#deps.state()), this.#deps.isReplay);
    return timer === null || this.#given.triggers.isGiven(timer.instrumentId, timer.triggers) ? null : timer;
  }

  async #setTimer({ underlying, instrumentId, triggers }: CheckTimer): Promise<void> {
    await this.#deps.feeds(underlying).setTriggers(this.#accountId(), instrumentId, triggers);
    this.#given.triggers.given(instrumentId, triggers);
  }

  /** One call that is never answered must not keep back everything else there is to hand over. */
  #inTime<T>(answer: Promise<T>, releaseAtMs = 0): Promise<T> {
    const { isReplay, nowMs } = this.#deps;
    return isReplay ? answer : inTime(answer, ANSWER_MS + Math.max(0, releaseAtMs - nowMs()));
  }

  #accountId(): string {
    return this.#deps.state().profile?.accountId ?? "";
  }

  async #give(underlying: Underlying, work: Work): Promise<void> {
    await this.#giveOrders(work);
    await this.#giveTriggers(underlying, work.triggers);
  }

  async #giveTriggers(underlying: Underlying, work: readonly TriggerWork[]): Promise<void> {
    const [feed, accountId] = [this.#deps.feeds(underlying), this.#accountId()];
    for (const { instrumentId, triggers } of work) {
      await this.#inTime(feed.setTriggers(accountId, instrumentId, triggers));
      this.#given.triggers.given(instrumentId, triggers);
    }
  }

  /** Returns what is to be asked again after a while: a cancel without an answer, and not at once, or it would be for ever. */
  async #giveOrders(work: Omit<Work, "triggers">): Promise<readonly string[]> {
    const accountId = this.#accountId();
    const lost = [
      ...(await this.#submit(accountId, work.submit)),
      ...(await this.#replace(accountId, work.replace)),
      ...(await this.#cancel(accountId, work.cancel)),
    ];
    // First of all: whatever fails after this must not make anybody forget that these are in doubt.
    if (!this.#deps.venue.takesRepeats) this.#noteUnknown(lost);
    const first = lost[0];
    if (first === undefined) return [];
    if (this.#deps.venue.takesRepeats) throw new Error(`no answer to ${first.clientOrderId}: ${first.reason}`);
    const unheard = new Set(
      lost.flatMap(({ request, clientOrderId }) => (request === "CANCEL" ? [clientOrderId] : [])),
    );
    if (unheard.size > 0) this.#deps.again();
    return work.cancel.filter(({ clientOrderId }) => unheard.has(clientOrderId)).map(cancelKey);
  }

  async #submit(accountId: string, orders: readonly Order[]): Promise<readonly UnknownOutcome[]> {
    const { venue } = this.#deps;
    const unsent = this.#stillTimely(this.#notWithdrawn(await this.#unknownToVenue(accountId, orders)));
    let lost: readonly UnknownOutcome[] = [];
    if (unsent.length > 0) {
      for (const order of unsent) this.#uncertain.add(order.clientOrderId);
      const requests = unsent.map((order) => ({ terms: termsOf(order), submittedAtMs: order.createdAtMs }));
      // An adapter may wait with an order until its place in the order rate has come.
      const lastMs = Math.max(...requests.map(({ terms, submittedAtMs }) => terms.releaseAtMs ?? submittedAtMs));
      const answers = await answersOf(unsent, () => this.#inTime(venue.submit(accountId, requests), lastMs));
      lost = this.#heard("SUBMIT", answers, ({ clientOrderId }, code, atMs) => ({
        kind: "REJECTED",
        clientOrderId,
        reason: code,
        atMs,
      }));
    }
    const unheard = new Set(lost.map(({ clientOrderId }) => clientOrderId));
    for (const order of orders) {
      if (venue.takesRepeats && unheard.has(order.clientOrderId)) continue;
      this.#uncertain.delete(order.clientOrderId);
      this.#given.orders.add(orderKey(order));
    }
    return lost;
  }

  /**
   * An order that was to be taken out before it has ever left ends here: sending it only to cancel it would put it at risk of
   * dealing, after a kill switch of all times. By the state of this very moment: waiting for the venue takes time.
   */
  #notWithdrawn(unsent: readonly Order[]): readonly Order[] {
    const { orders } = this.#deps.state();
    const isWithdrawn = ({ clientOrderId }: Order): boolean => {
      const now = orders[clientOrderId];
      return now !== undefined && now.status === "PENDING_CANCEL" && isUnanswered(now);
    };
    const withdrawn = unsent.filter(isWithdrawn);
    if (withdrawn.length === 0) return unsent;
    const end = { kind: "CANCELED", reason: "NOT_SENT", atMs: this.#deps.nowMs(), filledUnits: 0 } as const;
    const reports = withdrawn.map(({ clientOrderId }) => ({ ...end, clientOrderId }));
    this.#deps.carryOut({ type: "APPLY_REPORTS", atMs: end.atMs, reports });
    return unsent.filter((order) => !isWithdrawn(order));
  }

  /**
   * An entry that has waited too long for its venue ends here. One that may have left already is not sent again either: it is
   * looked up, and ends where it has not arrived. In a replay time stands still while orders wait.
   */
  #stillTimely(unsent: readonly Order[]): readonly Order[] {
    if (this.#deps.isReplay) return unsent;
    const atMs = this.#deps.nowMs();
    const old = unsent.filter((order) => isTooOldToSend(order, atMs));
    const [reason, filledUnits] = [TOO_OLD_TO_SEND, 0];
    const unknown: UnknownOutcome[] = [];
    const reports: VenueReport[] = [];
    for (const { clientOrderId } of old) {
      if (this.#uncertain.has(clientOrderId)) unknown.push({ clientOrderId, request: "SUBMIT", reason });
      else reports.push({ kind: "EXPIRED", clientOrderId, reason, atMs, filledUnits });
    }
    this.#noteUnknown(unknown);
    if (reports.length > 0) this.#deps.carryOut({ type: "APPLY_REPORTS", atMs, reports });
    return unsent.filter((order) => !old.includes(order));
  }

  async #replace(accountId: string, orders: readonly Order[]): Promise<readonly UnknownOutcome[]> {
    if (orders.length === 0) return [];
    const requests = orders.map((order) => {
      const { modifyId, requestedAtMs, releaseAtMs, ...terms } = required(order.pendingReplace, "a replacement");
      const { clientOrderId, venueOrderId, contract } = order;
      const when = releaseAtMs === undefined ? { requestedAtMs } : { requestedAtMs, releaseAtMs };
      return { clientOrderId, venueOrderId, contract, modifyId, terms: replaceableOf(terms), ...when };
    });
    const modifyIds = new Map(requests.map(({ clientOrderId, modifyId }) => [clientOrderId, modifyId]));
    const lastMs = Math.max(...requests.map(({ releaseAtMs = 0 }) => releaseAtMs));
    const answers = await answersOf(orders, () => this.#inTime(this.#deps.venue.replace(accountId, requests), lastMs));
    const lost = this.#heard("REPLACE", answers, ({ clientOrderId }, code, atMs) => ({
      kind: "REPLACE_REJECTED",
      clientOrderId,
      modifyId: modifyIds.get(clientOrderId) ?? "",
      reason: code,
      atMs,
    }));
    this.#answered(this.#given.replaces, orders, lost, replaceKey);
    return lost;
  }

  async #cancel(accountId: string, orders: readonly Order[]): Promise<readonly UnknownOutcome[]> {
    if (orders.length === 0) return [];
    const requests = orders.map(({ clientOrderId, venueOrderId, contract, updatedAtMs }) => ({
      clientOrderId,
      venueOrderId,
      contract,
      requestedAtMs: updatedAtMs,
    }));
    const answers = await answersOf(orders, () => this.#inTime(this.#deps.venue.cancel(accountId, requests)));
    const lost = this.#heard("CANCEL", answers, ({ clientOrderId }, code, atMs) => ({
      kind: "CANCEL_REJECTED",
      clientOrderId,
      reason: code,
      atMs,
    }));
    this.#answered(this.#given.cancels, orders, lost, cancelKey);
    return lost;
  }

  /** Given is what was answered. Asking again for a cancel is harmless anywhere, for a replacement where repetitions are. */
  #answered(
    given: Set<string>,
    orders: readonly Order[],
    lost: readonly UnknownOutcome[],
    keyOf: (order: Order) => string,
  ): void {
    const unheard = new Set(lost.map(({ clientOrderId }) => clientOrderId));
    for (const order of orders) if (!unheard.has(order.clientOrderId)) given.add(keyOf(order));
  }

  /** Refusals are booked like the venue's reports; what nobody knows is returned. */
  #heard(
    request: UnknownOutcome["request"],
    answers: readonly VenueAnswer[],
    refused: (answer: VenueAnswer, code: string, atMs: AccountState["lastEventMs"]) => VenueReport,
  ): readonly UnknownOutcome[] {
    const [atMs, { orders }] = [this.#deps.nowMs(), this.#deps.state()];
    const reports: VenueReport[] = [];
    const lost: UnknownOutcome[] = [];
    for (const answer of answers) {
      const { outcome, clientOrderId } = answer;
      if (outcome.kind === "REFUSED") reports.push(refused(answer, outcome.code, atMs));
      else if (outcome.kind === "UNKNOWN") lost.push({ clientOrderId, request, reason: outcome.reason });
      else if (outcome.venueOrderId !== null && request === "SUBMIT") {
        reports.push({ kind: "ACCEPTED", clientOrderId, venueOrderId: outcome.venueOrderId, atMs });
      } else if (request === "CANCEL" && orders[clientOrderId]?.recall !== undefined) {
        // Given up before: whatever the answer says, the book shows from now on whether it has arrived.
        reports.push(refused(answer, "TAKEN_IN", atMs));
      }
    }
    if (reports.length > 0) this.#deps.carryOut({ type: "APPLY_REPORTS", atMs, reports });
    return lost;
  }

  #noteUnknown(unknown: readonly UnknownOutcome[]): void {
    if (unknown.length === 0) return;
    this.#deps.carryOut({ type: "NOTE_UNKNOWN", atMs: this.#deps.nowMs(), unknown });
  }

  /** The orders the venue has not reported on. Its reports themselves come the usual way, in their own order. */
  async #unknownToVenue(accountId: string, orders: readonly Order[]): Promise<readonly Order[]> {
    const uncertain = orders.filter((order) => this.#uncertain.has(order.clientOrderId) && isUnanswered(order));
    if (uncertain.length === 0) return orders;
    const ask = () => this.#deps.venue.known(accountId, uncertain);
    const known = await (this.#deps.isReplay ? ask() : askedAgain(ask));
    return orders.filter((order) => !known.has(order.clientOrderId));
  }

  async #initiate(transfer: Transfer): Promise<void> {
    const asked = initiateTransfer(this.#deps.rail, transfer, this.#deps.state().lastEventMs);
    const update = await (this.#deps.isReplay ? asked : inTime(asked, RAIL_ANSWER_MS));
    this.#given.transfers.add(transfer.transferId);
    this.#deps.carryOut(update);
  }
}

/** A port answers for each order; one that fails as a whole, or forgets an order, has said nothing about it. */
async function answersOf(
  orders: readonly Order[],
  ask: () => Promise<readonly VenueAnswer[]>,
): Promise<readonly VenueAnswer[]> {
  let reason = "the venue's answer does not name it";
  const answers = await ask().catch((error: unknown): readonly VenueAnswer[] => {
    reason = String(error);
    return [];
  });
  const byOrder = new Map(answers.map((answer) => [answer.clientOrderId, answer]));
  return orders.map(
    ({ clientOrderId }) => byOrder.get(clientOrderId) ?? { clientOrderId, outcome: { kind: "UNKNOWN", reason } },
  );
}

/** What one look at a time is taken at. */
const BOOK = "the venue's book";
