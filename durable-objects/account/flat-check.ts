// How an account looks at the venue for the proof of a breaker, and what wakes it for that. In a replay it is a timer at the feed,
// under a name that is no contract, so that every run looks at the same instants; in a live market it is the account's own
// alarm, so that neither a feed nor a venue that fails can keep it from looking.
import type { Command, PriceView } from "../../src/core/account/command.ts";
import { flatCheckOf } from "../../src/core/account/outstanding.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { type EpochMs, epochMs, istDateOf } from "../../src/core/kernel/time.ts";
import { nextCheckMs } from "../../src/core/risk/circuit-breaker.ts";
import { differs, hasOverdueOrder, type VenueReading } from "../../src/core/risk/flat-proof.ts";
import { readingOf } from "../../src/core/risk/venue-reading.ts";
import type { VenuePort } from "../../src/ports/venue.ts";
import { askedAgain } from "./in-time.ts";

export interface FlatCheckDeps {
  accountId(): string;
  state(): AccountState;
  readonly venue: VenuePort;
  readonly isReplay: boolean;
  nowMs(): EpochMs;
  /** The clock was set back: what is on record is later than what it says. */
  isBehindRecord(): boolean;
  wakeAt(wallMs: number): void;
  heldPrices(): Promise<readonly PriceView[]>;
  takeFacts(command: Extract<Command, { readonly type: "CHECK_FLAT" }>): Promise<void>;
  /** Something is in doubt that the venue's book can clear up by now: what is to be closed must not wait for its turn. */
  isLookUpDue(): boolean;
  /** Reads the venue's orders and fills and takes over what this account has missed. */
  reconcile(): Promise<unknown>;
  failed(error: unknown): void;
}

export class FlatCheck {
  readonly #deps: FlatCheckDeps;

  constructor(deps: FlatCheckDeps) {
    this.#deps = deps;
  }

  /** In a live market the wall wakes it whatever the feed does; in a replay only where no feed can. */
  wake(): void {
    const check = flatCheckOf(this.#deps.state());
    if (check === null || check.dueMs === null || (this.#deps.isReplay && check.underlying !== null)) return;
    this.#deps.wakeAt(Date.now() + Math.max(0, check.dueMs - this.#deps.nowMs()));
  }

  /** By the feed's clock; a timer that was replaced meanwhile is stale. */
  async onMarketTime(atMs: EpochMs): Promise<void> {
    const dueMs = nextCheckMs(this.#deps.state().breakers);
    if (dueMs !== null && dueMs <= atMs) await this.#look(atMs);
  }

  /** By the wall's. In a replay that no feed moves, time is what the account's own record says it is. */
  async onWallTime(): Promise<void> {
    const dueMs = nextCheckMs(this.#deps.state().breakers);
    const nowMs = this.#deps.nowMs();
    if (dueMs === null) return;
    // A clock that was set back comes to what is due only after minutes; then the record's own time goes on instead.
    if (dueMs > nowMs && !this.#deps.isReplay && !this.#deps.isBehindRecord()) this.wake();
    else await this.#look(epochMs(Math.max(dueMs, nowMs)));
  }

  async #look(atMs: EpochMs): Promise<void> {
    const { accountId, venue, failed, heldPrices, takeFacts, reconcile, isReplay, state, nowMs } = this.#deps;
    const read = () => readVenue(accountId(), state(), atMs, venue);
    const [prices, reading] = await Promise.all([
      heldPrices(),
      (isReplay ? read() : askedAgain(read)).catch((error: unknown) => {
        failed(error);
        return null;
      }),
    ]);
    // Pressing on a record that is wrong closes nothing: what was missed is taken over first. A replay misses nothing.
    const isWrong = (reading !== null && differs(state(), reading)) || hasOverdueOrder(state(), nowMs());
    if (!isReplay && (isWrong || this.#deps.isLookUpDue())) await reconcile().catch(failed);
    // What was read after a wait is not told as if it had been read before it.
    const now = epochMs(Math.max(atMs, isReplay ? state().lastEventMs : nowMs()));
    // The next look is set with the decision; a venue that fails to take the orders must not hold it up.
    await takeFacts({ type: "CHECK_FLAT", atMs: now, prices, reading }).catch(failed);
  }
}

/** Rejects when the venue cannot be read: a reading is of the whole book or it is none. */
async function readVenue(
  accountId: string,
  { day }: AccountState,
  atMs: EpochMs,
  venue: VenuePort,
): Promise<VenueReading> {
  return readingOf(await venue.snapshot(accountId, day?.date ?? istDateOf(atMs), atMs), atMs);
}
