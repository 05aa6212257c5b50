// One clock for a session. In replay it is virtual: it runs at a speed, stands still when paused, and never goes back.
import { type EpochMs, epochMs } from "../kernel/time.ts";

export interface SessionClock {
  /** The market instant that held at `anchorWallMs`. */
  readonly anchorMarketMs: EpochMs;
  readonly anchorWallMs: EpochMs;
  /** Market seconds per wall second. 0 = paused. Null = as fast as it goes: time only moves when the session moves it. */
  readonly speed: number | null;
}

/** The market's time where nobody replays anything: the wall's. */
export const WALL_CLOCK: SessionClock = { anchorMarketMs: epochMs(0), anchorWallMs: epochMs(0), speed: 1 };

/** The market instant at a wall instant. */
export function marketNow(clock: SessionClock, wallMs: EpochMs): EpochMs {
  if (clock.speed === null) return clock.anchorMarketMs;
  return epochMs(clock.anchorMarketMs + Math.floor(Math.max(0, wallMs - clock.anchorWallMs) * clock.speed));
}
