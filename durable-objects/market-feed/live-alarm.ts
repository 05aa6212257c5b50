// The alarm of a live feed: set to when its next timer is due by the wall's clock, should no fact come before.
import type { EpochMs } from "../../src/core/kernel/time.ts";
import { type LiveAnchor, wallTimeOf } from "./live-clock.ts";

/** An alarm this close to the right instant is left as it is. */
const ALARM_SLACK_MS = 50;

export class LiveAlarm {
  readonly #storage: DurableObjectStorage;
  /** The wall's instant the alarm is set to, as far as this instance knows. */
  #atMs: number | null = null;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** It has rung: whatever it was set to is no more. */
  rang(): void {
    this.#atMs = null;
  }

  /** What is due by the wall's clock comes beside the timer. */
  set(anchor: LiveAnchor, timerMs: EpochMs | null, wallMs: readonly (number | null)[]): void {
    const due = [timerMs === null ? null : wallTimeOf(anchor, timerMs), ...wallMs];
    const alarmAtMs = Math.min(...due.filter((each) => each !== null));
    if (!Number.isFinite(alarmAtMs)) return;
    // The clock it is reckoned by wanders by a few milliseconds with every fact; only more than that is worth a write.
    if (this.#atMs !== null && Math.abs(this.#atMs - alarmAtMs) < ALARM_SLACK_MS) return;
    this.#atMs = alarmAtMs;
    void this.#storage.setAlarm(alarmAtMs);
  }
}
