// The account's record: its state and the journal it follows from. A decision is made and written in one turn, so that nothing is
// ever known here that is not written. An account whose own record does not add up is read-only; no other account notices.
import type { Command } from "../../src/core/account/command.ts";
import { decide } from "../../src/core/account/decide.ts";
import type { AccountEvent, JournalEntry } from "../../src/core/account/event.ts";
import { EMPTY_ACCOUNT } from "../../src/core/account/evolve.ts";
import { brokenInvariants } from "../../src/core/account/invariants.ts";
import { outstandingWork } from "../../src/core/account/outstanding.ts";
import type { AccountRefusal } from "../../src/core/account/refusal.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { err, ok, type Result } from "../../src/core/kernel/result.ts";
import { GENESIS_HASH } from "../../src/core/ledger/hash-chain.ts";
import type { ClientOrderId } from "../../src/core/order/order.ts";
import { countInFlight, journaled } from "./journaling.ts";
import { outboxDrafts } from "./outbox.ts";
import { frozen } from "./outcomes.ts";
import type { AccountStore } from "./store.ts";

interface RecordDeps {
  readonly store: AccountStore;
  /** When what is written now is to be sent on. */
  sendTimeMs(wallMs: number): number;
  /** In the same turn as the commit, so that an alarm set in here is part of it. */
  written(sendAtMs: number): void;
}

export class AccountRecord {
  readonly #deps: RecordDeps;
  /** Orders the venue has not answered for. */
  readonly inFlight = new Set<ClientOrderId>();
  #state: AccountState = EMPTY_ACCOUNT;
  #headHash: string = GENESIS_HASH;
  #frozen: string | null = null;

  constructor(deps: RecordDeps) {
    this.#deps = deps;
    try {
      const loaded = deps.store.load();
      this.#state = loaded.state;
      this.#headHash = loaded.headHash;
      for (const { clientOrderId } of outstandingWork(loaded.state).submit) this.inFlight.add(clientOrderId);
      const broken = loaded.state.profile === null ? [] : brokenInvariants(loaded.state);
      if (broken.length > 0) this.#frozen = broken.join("; ");
    } catch (error) {
      this.#frozen = String(error);
    }
  }

  get state(): AccountState {
    return this.#state;
  }

  get head(): { readonly sequence: number; readonly hash: string } {
    return { sequence: this.#state.sequence, hash: this.#headHash };
  }

  /** Why this account is read-only, or null. */
  get frozen(): string | null {
    return this.#frozen;
  }

  /** Decides and writes, in one turn. An empty list of entries means that there was nothing left to do. */
  carryOut(command: Command): Result<readonly JournalEntry[], AccountRefusal> {
    if (this.#frozen !== null) return err(frozen(this.#frozen));
    const decided = decide(this.#state, command);
    return decided.ok ? ok(this.#append(decided.value)) : decided;
  }

  /**
   * Nothing in here waits: journal rows, outbox rows and the alarm that sends them are one commit, and the reply is held
   * back by the platform until that commit is durable.
   */
  #append(events: readonly AccountEvent[]): readonly JournalEntry[] {
    if (events.length === 0) return [];
    const { store, sendTimeMs, written } = this.#deps;
    const { entries, told, state, headHash } = journaled(this.#state, this.#headHash, events);
    const sendAtMs = sendTimeMs(Date.now());
    store.commit(entries, outboxDrafts(told), sendAtMs);
    this.#state = state;
    this.#headHash = headHash;
    for (const event of events) countInFlight(this.inFlight, event);
    if (store.isSnapshotDue() || events.some((event) => event.type === "DAY_CLOSED")) store.saveSnapshot(state);
    written(sendAtMs);
    return entries;
  }
}
