// When and how an account is held against the venue: at the open and at the close by the jobs of those names, on demand, when an
// order's outcome is unknown, and after recovery wherever the venue does not repeat its reports by itself.
import type { Command } from "../../src/core/account/command.ts";
import { outstandingWork } from "../../src/core/account/outstanding.ts";
import type { AccountRefusal } from "../../src/core/account/refusal.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { err, ok, type Result } from "../../src/core/kernel/result.ts";
import type { EpochMs } from "../../src/core/kernel/time.ts";
import type { Order } from "../../src/core/order/order.ts";
import { isOvertaken } from "../../src/core/reconciliation/compare-books.ts";
import type { ReconcileCause } from "../../src/core/reconciliation/difference.ts";
import { absentFromMs, SETTLE_MS, unchangedFromMs } from "../../src/core/reconciliation/given-up.ts";
import type { JobCommand } from "../../src/ports/objects.ts";
import type { VenuePort } from "../../src/ports/venue.ts";
import { askedAgain } from "./in-time.ts";

type Reconcile = Extract<Command, { readonly type: "RECONCILE" }>;

interface ReconciliationDeps {
  state(): AccountState;
  nowMs(): EpochMs;
  readonly venue: VenuePort;
  readonly isReplay: boolean;
  /** A settle time after a reading that has left something in doubt. */
  settled(): void;
  carryOut(command: Reconcile): Result<unknown, AccountRefusal>;
}

/** Runs made to compare the books. The others are made for the facts that were missed, and whoever is to be closed waits for them. */
const COMPARES_BOOKS: readonly ReconcileCause[] = ["OPEN", "REQUEST", "CLOSE"];
/** So many readings more, while each is overtaken by what reaches the account meanwhile. */
const OVERTAKEN_MOST = 4;

/** A reading that came too early, by the venue's clock, is followed by another no sooner than this. */
const LEAST_WAIT_MS = 250;

export class Reconciliation {
  readonly #deps: ReconciliationDeps;
  /** Orders missed at readings that are too young for the next one to prove anything by them. */
  readonly #settling = new Set<string>();

  constructor(deps: ReconciliationDeps) {
    this.#deps = deps;
  }

  /**
   * Rejects when the venue cannot be read, and when a run by job has not compared the books: so the job is tried again. A
   * venue without a book of the day has nothing to say, and nothing is concluded.
   */
  async run(
    cause: ReconcileCause,
    run: { readonly jobKey?: string; readonly atMs?: EpochMs } = {},
  ): Promise<Result<null, AccountRefusal>> {
    const { state, venue, nowMs, carryOut, isReplay } = this.#deps;
    const { day, profile } = state();
    if (profile === null || day === null) {
      return err({ code: "DAY_NOT_OPEN", detail: "no day has been opened yet: there is nothing to compare" });
    }
    if (run.jobKey !== undefined && state().jobsDone[run.jobKey] === true) return ok(null);
    const read = async () => {
      const asked = state();
      return { asked, snapshot: await venue.snapshot(profile.accountId, day.date, run.atMs ?? nowMs()) };
    };
    let { asked, snapshot } = await (isReplay ? read() : askedAgain(read));
    const readings = COMPARES_BOOKS.includes(cause) ? OVERTAKEN_MOST : 0;
    for (let more = 0; more < readings && isOvertaken(state(), asked); more += 1) {
      ({ asked, snapshot } = await (isReplay ? read() : askedAgain(read)));
    }
    if (snapshot === null) {
      return err({ code: "VENUE_UNREADABLE", detail: `the venue has no book of ${day.date}` });
    }
    const { jobKey } = run;
    const key = jobKey === undefined ? {} : { jobKey };
    const done = carryOut({ type: "RECONCILE", atMs: run.atMs ?? nowMs(), ...key, cause, asked, snapshot });
    if (!isReplay) this.#settle(snapshot.readAtMs);
    if (!done.ok) return done;
    if (jobKey !== undefined && state().jobsDone[jobKey] !== true) {
      throw new Error(`${jobKey}: orders moved during every reading of the venue; its books were not compared`);
    }
    return ok(null);
  }

  /**
   * What an earlier instance did and heard may have been cut off anywhere. Where the venue does not repeat its reports, its book
   * is read before anything new is sent; an account with nothing of the day at stake has nothing to miss.
   */
  async recover(): Promise<void> {
    const { state, venue } = this.#deps;
    const { day, orders, openTrades } = state();
    if (venue.takesRepeats || day === null || day.status === "CLOSED") return;
    if (Object.keys(orders).length === 0 && Object.keys(openTrades).length === 0) return;
    await this.run("RECOVERY");
  }

  /** The second reading that would prove an order's absence is not taken before it can be of use. */
  async lookUp(): Promise<void> {
    if (this.isLookUpDue()) await this.run("UNKNOWN_OUTCOME");
  }

  isLookUpDue(): boolean {
    return outstandingWork(this.#deps.state()).lookUp.some((order) => !this.#settling.has(missOf(order)));
  }

  /** Waited for and not read off a clock: ours says nothing about the venue's, and may jump. */
  #settle(readAtMs: EpochMs): void {
    const state = this.#deps.state();
    // What is in doubt without having been missed, by what it still has to tell for instance, is looked up again as well.
    setTimeout(() => this.#lookAgain(), SETTLE_MS);
    for (const order of outstandingWork(state).lookUp) {
      const { pendingReplace } = order;
      const fromMs = pendingReplace === undefined ? absentFromMs(state, order) : unchangedFromMs(pendingReplace);
      if (fromMs === null) continue;
      const [miss, waitMs] = [missOf(order), Math.max(LEAST_WAIT_MS, fromMs - readAtMs)];
      // The first reading's wait holds; one after it that came too early waits for what is left.
      if (this.#settling.has(miss)) continue;
      this.#settling.add(miss);
      setTimeout(() => {
        this.#settling.delete(miss);
        this.#lookAgain();
      }, waitMs);
    }
  }

  #lookAgain(): void {
    if (this.isLookUpDue()) this.#deps.settled();
  }

  /** For everybody at once, once per key. Who has no day has nothing to compare, nor has a day that is over at a venue that no longer knows it. */
  async asked(jobKey: string): Promise<Result<null, AccountRefusal>> {
    const { day } = this.#deps.state();
    if (day === null) return ok(null);
    const done = await this.run("REQUEST", { jobKey });
    return !done.ok && done.error.code === "VENUE_UNREADABLE" && day.status === "CLOSED" ? ok(null) : done;
  }

  /** The day's own runs: after its opening, and before it is settled. Each happens once, whatever is repeated. */
  async withJob(command: JobCommand, when: "BEFORE" | "AFTER"): Promise<void> {
    const { atMs } = command;
    const date = this.#deps.state().day?.date ?? "";
    if (command.type === "OPEN_DAY" && when === "AFTER" && command.date === date) {
      await this.run("OPEN", { atMs, jobKey: `RECONCILE_OPEN/${date}` });
    }
    if (command.type === "SETTLE_PROVISIONAL" && when === "BEFORE") {
      await this.run("CLOSE", { atMs, jobKey: `RECONCILE_CLOSE/${date}` });
    }
  }
}

/** An order at the reading that has missed it; one that none has missed is like no other. */
const missOf = ({ clientOrderId, missedAtMs, pendingReplace }: Order): string =>
  `${clientOrderId} ${missedAtMs ?? pendingReplace?.missedAtMs ?? "?"}`;
