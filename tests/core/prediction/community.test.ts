import { describe, expect, it } from "vitest";
import { epochMs } from "../../../src/core/kernel/time.ts";
import {
  blendedBps,
  type CommunitySource,
  type CommunityView,
  communityVoice,
  confidenceMaxBps,
  isCounted,
  SILENT_COMMUNITY,
  type TrackRecord,
  weightOf,
} from "../../../src/core/prediction/community.ts";
import { rankingBps } from "../../../src/core/prediction/rule-direction.ts";

const NOW = epochMs(1_750_000_000_000);
const CYCLE_MS = 900_000;

const view = (userId: string, more: Partial<CommunityView> = {}): CommunityView => ({
  userId,
  underlying: "NIFTY50",
  direction: "BULLISH",
  confidenceBps: 8_000,
  atMs: NOW,
  ...more,
});

const sourceOf = (
  views: readonly CommunityView[],
  record: (userId: string) => TrackRecord = () => ({ cases: 980, hits: 892 }),
): CommunitySource => ({ views: () => views, record });

const five = ["a", "b", "c", "d", "e"].map((user) => view(user));

describe("the community's voice", () => {
  it("is blended 70 to 30, and the gate is on the blend (G-46)", () => {
    expect(blendedBps(8_000, 6_000)).toBe(7_400);
    expect(blendedBps(7_500, 5_000)).toBe(6_750);
    expect(blendedBps(7_100, null)).toBe(7_100);
  });

  it("is silent below five contributors, counts each user once, and forgets after one cycle", () => {
    const voice = (views: readonly CommunityView[]) => communityVoice(sourceOf(views), "NIFTY50", NOW);
    expect(voice(five)?.contributors).toBe(5);
    expect(voice(five.slice(0, 4))).toBeNull();
    expect(voice([...five.slice(0, 4), ...five.slice(0, 4)])).toBeNull();
    const at = (atMs: number) => five.map((each) => ({ ...each, atMs: epochMs(atMs) }));
    expect(voice(at(NOW - CYCLE_MS + 1))).not.toBeNull();
    expect(voice(at(NOW - CYCLE_MS))).toBeNull();
    expect(voice(at(NOW + 1))).toBeNull();
    expect(voice(five.map((each) => ({ ...each, underlying: "SENSEX" as const })))).toBeNull();
  });

  it("takes a user's latest thought, and gives what a thought leaves over to the other directions", () => {
    const turned = [...five, ...five.map((each) => ({ ...each, direction: "BEARISH" as const, confidenceBps: 9_000 }))];
    const voice = communityVoice(sourceOf(turned), "NIFTY50", NOW);
    expect(voice?.confidenceBps).toEqual({ BEARISH: 9_000, NEUTRAL: 500, BULLISH: 500 });
  });

  it("does not hear who has not been scored often enough yet", () => {
    const scored = (cases: number) =>
      communityVoice(
        sourceOf(five, () => ({ cases, hits: cases })),
        "NIFTY50",
        NOW,
      );
    expect(scored(19)).toBeNull();
    expect(scored(20)?.confidenceBps.BULLISH).toBe(7_000);
    expect(isCounted({ cases: 20, hits: 4 })).toBe(false);
    expect(communityVoice(SILENT_COMMUNITY, "NIFTY50", NOW)).toBeNull();
  });

  it("is not surer than its record: five who say 100 % lift no model over the gate, unless they are as good as always right", () => {
    const sure = five.map((each) => ({ ...each, confidenceBps: 10_000 }));
    const together = (cases: number, hits: number): number | null => {
      const source = sourceOf(sure, () => ({ cases, hits }));
      const bps = communityVoice(source, "NIFTY50", NOW)?.confidenceBps.BULLISH ?? null;
      return bps === null ? null : blendedBps(5_800, bps);
    };
    expect(together(20, 10)).toBe(5_410);
    expect(together(200, 120)).toBe(blendedBps(5_800, 5_818));
    for (const cases of [20, 50, 100, 400]) expect(together(cases, cases)).toBeLessThan(7_000);
    expect(together(2_000, 2_000)).toBeGreaterThan(7_000);
    // Who says less than the record has is taken at the word.
    const modest = five.map((each) => ({ ...each, confidenceBps: 5_000 }));
    const source = sourceOf(modest, () => ({ cases: 200, hits: 180 }));
    expect(communityVoice(source, "NIFTY50", NOW)?.confidenceBps.BULLISH).toBe(5_000);
    expect(confidenceMaxBps({ cases: 0, hits: 0 })).toBe(4_000);
  });

  it("weighs users by how often they were right, and leaves out who is no better than chance", () => {
    const good = { cases: 200, hits: 140 };
    const poor = { cases: 200, hits: 50 };
    expect(weightOf(good)).toBeGreaterThan(5 * weightOf({ cases: 0, hits: 0 }) - 1e-9);
    expect(weightOf(poor)).toBe(0);
    const views = [...five, ...["p", "q"].map((user) => view(user, { direction: "BEARISH", confidenceBps: 10_000 }))];
    const record = (userId: string): TrackRecord => ("pq".includes(userId) ? poor : good);
    // (140 + 8) of (200 + 20).
    expect(communityVoice(sourceOf(views, record), "NIFTY50", NOW)?.confidenceBps.BULLISH).toBe(6_727);
    expect(
      communityVoice(
        sourceOf(views, () => poor),
        "NIFTY50",
        NOW,
      ),
    ).toBeNull();
  });
});

describe("the order of views", () => {
  it("moves with VIX, which the gate does not (C-52)", () => {
    expect(rankingBps(8_000, 2_001)).toBe(7_200);
    expect(rankingBps(8_000, 2_000)).toBe(8_000);
    expect(rankingBps(8_000, 1_499)).toBe(8_400);
    expect(rankingBps(9_900, 1_400)).toBe(10_000);
    expect(rankingBps(8_000, null)).toBe(8_000);
  });
});
