import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import { SeededRandom } from "../../../src/core/kernel/seeded-random.ts";
import { type EpochMs, epochMs } from "../../../src/core/kernel/time.ts";
import {
  decideSwitch,
  entryHeldBack,
  fullSwitchingChoice,
  SWITCHING_TERMS,
  type SwitchingState,
  switched,
  switchingTermsOf,
  withoutPreventiveExits,
} from "../../../src/core/prediction/direction-switching.ts";

const NOW = epochMs(1_750_000_000_000);
const MINUTE = 60_000;
const held: SwitchingState = { direction: "BULLISH", switchedAtMs: [] };
const ask = (reversalBps: number, rupees: number, state = held, atMs: EpochMs = NOW) =>
  decideSwitch(state, { to: "BEARISH", reversalBps, openResultPaise: paise(rupees * 100), atMs });

describe("switching the direction", () => {
  it("follows the bands of the probability: watch from 50 %, beforehand from 60 % when losing, at once from 70 %", () => {
    expect(ask(4_999, -900)).toMatchObject({ exits: "NONE", isSwitch: false });
    expect(ask(5_000, -900)).toMatchObject({ exits: "TIGHTEN_STOPS", isSwitch: false });
    expect(ask(5_000, 100)).toMatchObject({ exits: "NONE", isSwitch: false });
    expect(ask(6_000, 100)).toMatchObject({ exits: "NONE", isSwitch: false });
    expect(ask(6_000, -1)).toMatchObject({ exits: "LOSERS", isSwitch: true });
    expect(ask(6_999, -2_001)).toMatchObject({ exits: "ALL", isSwitch: true, urgency: "CRITICAL" });
    expect(ask(7_000, 100)).toMatchObject({ exits: "ALL", isSwitch: true, urgency: "LOW" });
  });

  it("goes by what is said of it, and by the rules in what is not", () => {
    expect(switchingTermsOf({})).toEqual(SWITCHING_TERMS);
    const said = { switchesPerHour: 1, cooldownMinutes: 0, preventiveExits: false, atSwitch: "BY_LOSS" } as const;
    const plain = { ...SWITCHING_TERMS, switchesPerHourMax: 1, cooldownMs: 0, atSwitch: "BY_LOSS" } as const;
    expect(switchingTermsOf(said)).toEqual(withoutPreventiveExits(plain));
    const four = { switchesPerHour: 4, cooldownMinutes: 5, preventiveExits: true, atSwitch: "ALL" };
    expect(fullSwitchingChoice({ cooldownMinutes: 7 })).toEqual({ ...four, cooldownMinutes: 7 });
  });

  it("leaves nothing beforehand where that is switched off", () => {
    const off = (reversalBps: number) =>
      decideSwitch(
        held,
        { to: "BEARISH", reversalBps, openResultPaise: paise(-5_000_00), atMs: NOW },
        withoutPreventiveExits(SWITCHING_TERMS),
      ).exits;
    expect([off(5_500), off(6_999), off(7_000)]).toEqual(["NONE", "NONE", "ALL"]);
  });

  it("holds back an entry on the other side, and none that goes on as before", () => {
    const turned: SwitchingState = { direction: "BULLISH", switchedAtMs: [NOW] };
    expect(entryHeldBack(turned, "BEARISH", NOW)).toContain("5 minutes");
    expect(entryHeldBack(turned, "BULLISH", NOW)).toBeNull();
    expect(entryHeldBack({ direction: null, switchedAtMs: [] }, "BEARISH", NOW)).toBeNull();
    expect(switched(turned, "BULLISH", epochMs(NOW + MINUTE))).toBe(turned);
  });

  it("closes more the more is lost: below 500 the losers, from 500 all, beyond 2,000 critical", () => {
    const byLoss = { ...SWITCHING_TERMS, atSwitch: "BY_LOSS" } as const;
    for (const [bps, terms] of [
      [6_000, SWITCHING_TERMS],
      [7_000, byLoss],
    ] as const) {
      const at = (rupees: number) =>
        decideSwitch(held, { to: "BEARISH", reversalBps: bps, openResultPaise: paise(rupees * 100), atMs: NOW }, terms);
      expect(at(-499)).toMatchObject({ exits: "LOSERS", urgency: "MEDIUM" });
      expect(at(-500)).toMatchObject({ exits: "ALL", urgency: "HIGH" });
      expect(at(-2_000)).toMatchObject({ exits: "ALL", urgency: "HIGH" });
      expect(at(-2_001)).toMatchObject({ exits: "ALL", urgency: "CRITICAL" });
    }
  });

  it("waits five minutes between switches but never with getting out", () => {
    const turned: SwitchingState = { direction: "BULLISH", switchedAtMs: [epochMs(NOW - 5 * MINUTE + 1)] };
    expect(ask(9_000, -3_000, turned)).toMatchObject({ exits: "ALL", isSwitch: false });
    expect(ask(9_000, -3_000, turned, epochMs(NOW + 1))).toMatchObject({ exits: "ALL", isSwitch: true });
  });

  it("stays where it is, and begins only with what would turn it", () => {
    const none: SwitchingState = { direction: null, switchedAtMs: [] };
    expect(ask(6_999, 0, none).isSwitch).toBe(false);
    expect(ask(7_000, 0, none).isSwitch).toBe(true);
    expect(ask(9_000, -900, { direction: "BEARISH", switchedAtMs: [] })).toMatchObject({
      exits: "NONE",
      isSwitch: false,
    });
  });

  it("never turns more than four times in any hour, whatever is asked", () => {
    const random = new SeededRandom(6);
    let state: SwitchingState = { direction: "BULLISH", switchedAtMs: [] };
    const turns: number[] = [];
    for (let at = 0; at < 8 * 60; at += 1) {
      const atMs = epochMs(NOW + at * MINUTE);
      const to = state.direction === "BULLISH" ? "BEARISH" : "BULLISH";
      const evidence = {
        to,
        reversalBps: random.below(10_001),
        openResultPaise: paise(random.below(10_000) - 5_000),
        atMs,
      } as const;
      if (!decideSwitch(state, evidence).isSwitch) continue;
      state = switched(state, to, atMs);
      turns.push(atMs);
    }
    expect(turns.length).toBeGreaterThan(16);
    for (const [index, at] of turns.entries()) {
      expect(turns.filter((other) => other <= at && at - other < 60 * MINUTE).length).toBeLessThanOrEqual(4);
      if (index > 0) expect(at - (turns[index - 1] as number)).toBeGreaterThanOrEqual(5 * MINUTE);
    }
  });
});
