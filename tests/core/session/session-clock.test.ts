import { describe, expect, it } from "vitest";
import { epochMs } from "../../../src/core/kernel/time.ts";
import { marketNow, WALL_CLOCK } from "../../../src/core/session/session-clock.ts";

describe("a session's clock", () => {
  const anchored = { anchorMarketMs: epochMs(1_000), anchorWallMs: epochMs(50_000) };

  it("runs at its speed from where it was set, and never before that", () => {
    expect(marketNow({ ...anchored, speed: 60 }, epochMs(50_100))).toBe(7_000);
    expect(marketNow({ ...anchored, speed: 60 }, epochMs(40_000))).toBe(1_000);
  });

  it("stands while it is paused, and while only the session moves it", () => {
    for (const speed of [0, null]) expect(marketNow({ ...anchored, speed }, epochMs(99_000))).toBe(1_000);
  });

  it("is the wall's where nothing is replayed", () => {
    for (const wallMs of [0, 1, 1_756_440_000_123]) expect(marketNow(WALL_CLOCK, epochMs(wallMs))).toBe(wallMs);
  });
});
