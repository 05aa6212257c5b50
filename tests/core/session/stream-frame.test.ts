// What the session's stream says of a cycle's views: the dashboard shows them without asking again.
import { describe, expect, test } from "vitest";
import { sessionFrame } from "../../../durable-objects/session/stream-frame.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import type { Signal } from "../../../src/core/prediction/signal.ts";
import type { SessionView } from "../../../src/ports/objects.ts";

const VIEW: SessionView = {
  status: "RUNNING",
  mode: "REPLAY",
  session: null,
  nowMs: null,
  speed: null,
  cycle: null,
  phase: "WINDOW_1",
  accounts: 1,
  failure: null,
} as unknown as SessionView;

const leg = (side: "BUY" | "SELL", instrumentId: string) => ({
  side,
  ratio: 1,
  contract: { instrumentId },
  source: "RECORDED",
});

const NEUTRAL = {
  signalId: "S1",
  cycleId: "2025-08-29-C05",
  underlying: "NIFTY50",
  atMs: epochMs(Date.parse("2025-08-29T05:00:00Z")),
  direction: "NEUTRAL",
  confidenceBps: 7_250,
  reason: "calm",
  choice: null,
  structure: {
    template: "IRON_FLY",
    legs: [leg("BUY", "NIFTY-24300-PE"), leg("SELL", "NIFTY-24500-PE")],
    creditPaise: paise(90_50),
    lossMaxPaise: paise(109_50),
  },
} as unknown as Signal;

describe("a frame of the session's stream", () => {
  test("says the structure of a neutral view: its legs, what it takes in and what it can lose", () => {
    const [signal] = sessionFrame(VIEW, [NEUTRAL]).signals ?? [];
    expect(signal).toMatchObject({
      confidence: 0.725,
      choice: null,
      structure: {
        template: "IRON_FLY",
        legs: [
          { side: "BUY", instrumentId: "NIFTY-24300-PE", source: "RECORDED" },
          { side: "SELL", instrumentId: "NIFTY-24500-PE", source: "RECORDED" },
        ],
        credit: "90.50",
        lossMax: "109.50",
      },
    });
  });

  test("says that a view has none, rather than leaving it out", () => {
    const { structure: _, ...plain } = NEUTRAL;
    expect(sessionFrame(VIEW, [plain as Signal]).signals?.[0]?.structure).toBeNull();
  });
});
