// Notices that a live feed has fallen silent, and tells the accounts that hold something here: once when new risk ends, once when
// it has lasted long enough to trip their breakers, and once when it ticks again. What was told is on disk, so that an eviction
// in between neither repeats nor loses it. A recording is never silent: its gaps are known and its quotes carry their own limit.
import type { Underlying } from "../../src/core/instrument/contract.ts";
import { type EpochMs, epochMs } from "../../src/core/kernel/time.ts";
import type { FeedSilence } from "../../src/ports/objects.ts";
import { type LiveAnchor, marketTimeAt } from "./live-clock.ts";

/** No tick of an underlying for this long, and nothing new is opened on its prices (R14). */
const FEED_SILENT_AFTER_MS = 3_000;

interface Listener {
  noteFeedSilence(silence: FeedSilence): Promise<void>;
}

export interface SilenceDeps {
  /** Accounts that hold something here. */
  holders(): readonly string[];
  account(accountId: string): Listener;
  /** A silence this long trips their breakers; null: it never does. */
  readonly tripAfterMs: number | null;
  failed(error: unknown): void;
}

export class Silence {
  readonly #sql: SqlStorage;
  readonly #deps: SilenceDeps;

  constructor(sql: SqlStorage, deps: SilenceDeps) {
    this.#sql = sql;
    this.#deps = deps;
  }

  /** The wall's instant at which the next word about this silence is due; null when there is none to come. */
  dueWallMs({ wallMs }: LiveAnchor): number | null {
    const told = this.#told();
    if (told === 0) return this.#deps.holders().length === 0 ? null : wallMs + FEED_SILENT_AFTER_MS;
    const { tripAfterMs } = this.#deps;
    return told === 1 && tripAfterMs !== null ? wallMs + tripAfterMs : null;
  }

  async tell(underlying: Underlying, anchor: LiveAnchor, nowWallMs: number): Promise<void> {
    const dueMs = this.dueWallMs(anchor);
    if (dueMs === null || nowWallMs < dueMs) return;
    await this.#say(underlying, true, anchor.marketMs, marketTimeAt(anchor, nowWallMs));
    const told = this.#told() + 1;
    this.#sql.exec("INSERT OR REPLACE INTO silence (id, last_tick_ms, told) VALUES (1, ?, ?)", anchor.marketMs, told);
  }

  /** It ticks again. */
  async heard(underlying: Underlying, atMs: EpochMs): Promise<void> {
    if (this.#told() === 0) return;
    await this.#say(underlying, false, atMs, atMs);
    this.#sql.exec("DELETE FROM silence");
  }

  async #say(underlying: Underlying, isSilent: boolean, lastTickMs: EpochMs, atMs: EpochMs): Promise<void> {
    const { holders, account, tripAfterMs, failed } = this.#deps;
    const silence = {
      underlying,
      isSilent,
      lastTickMs,
      atMs: epochMs(atMs),
      limitMs: FEED_SILENT_AFTER_MS,
      tripAfterMs,
    };
    await Promise.all(holders().map((accountId) => account(accountId).noteFeedSilence(silence).catch(failed)));
  }

  #told(): number {
    return this.#sql.exec<{ told: number }>("SELECT COALESCE(MAX(told), 0) AS told FROM silence").one().told;
  }
}

/** What the prices of a silent live feed carry; null while it ticks, and in every replay. */
export function silenceOf(
  anchor: LiveAnchor | null,
  nowWallMs: number,
): { readonly silentMs: number; readonly limitMs: number } | null {
  const silentMs = anchor === null ? 0 : nowWallMs - anchor.wallMs;
  return silentMs > FEED_SILENT_AFTER_MS ? { silentMs, limitMs: FEED_SILENT_AFTER_MS } : null;
}
