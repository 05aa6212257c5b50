import { describe, expect, it } from "vitest";
import { SeededRandom } from "../../../src/core/kernel/seeded-random.ts";
import { addDays, epochMs, type MarketDate, MS_PER_DAY } from "../../../src/core/kernel/time.ts";
import { checksBeside, type EarnedView, leastLoss } from "../../../src/core/prediction/beside-live.ts";
import { isLookDay, type ModelEvidence, promotionChecks } from "../../../src/core/prediction/promotion.ts";
import { type ScoredView, shadowEvidence, shadowReliability } from "../../../src/core/prediction/shadow-evidence.ts";
import { isTrainingDue } from "../../../src/core/prediction/training/training-due.ts";

const BASE = [0.3, 0.4, 0.3];

/** Views of a model that gives the class that comes `skill` more than its base rate, and is right about that. */
function views(days: number, skill: number, seed = 3): ScoredView[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: days * 24 }, (_, at) => {
    const favoured = random.below(3);
    const shares = BASE.map((share, index) => share * (1 - skill) + (index === favoured ? skill : 0));
    const draw = random.next();
    const [bearish = 0, neutral = 0] = shares;
    const outcome = draw < bearish ? 0 : draw < bearish + neutral ? 1 : 2;
    const date = addDays("2025-09-01" as MarketDate, Math.floor(at / 24));
    return { cycleKey: `${at}`, date, shares, outcome, voicedBps: null, paid: null, netPaise: null };
  });
}

const passed = (all: readonly ScoredView[]) => {
  const evidence = shadowEvidence(all, BASE);
  return evidence === null ? null : promotionChecks(evidence).every((check) => check.passed);
};

describe("what a model has shown in shadow", () => {
  it("is nothing without a scored view", () => {
    expect(shadowEvidence([], BASE)).toBeNull();
  });

  it("lets a model that knows something be promoted after enough days, and not before", () => {
    expect(passed(views(25, 0.3))).toBe(true);
    expect(passed(views(15, 0.3))).toBe(false);
  });

  it("does not let one be promoted that only repeats the base rates", () => {
    const evidence = shadowEvidence(views(40, 0), BASE);
    expect(evidence).toMatchObject({ gain: 0, days: 40, rows: 960 });
    expect(passed(views(40, 0))).toBe(false);
  });

  it("is asked for the calibration of direction by that name, since of unvoiced outcomes nothing is kept", () => {
    const boastful = views(40, 0.2).map((view) => ({
      ...view,
      shares: view.shares.map((share) => (share > 0.4 ? 0.9 : 0.05)),
    }));
    const evidence = shadowEvidence(boastful, BASE) as ModelEvidence;
    const failed = promotionChecks(evidence).flatMap(({ rule, passed }) => (passed ? [] : [rule]));
    expect(failed).toContain("DIRECTION_CALIBRATION");
    expect(failed).not.toContain("CALIBRATION_ERROR");
  });

  it("holds voiced views against what they stated", () => {
    const boastful = views(25, 0.3).map((view, at) => ({ ...view, voicedBps: 9_000, paid: at % 2 === 0 }));
    expect(shadowEvidence(boastful, BASE)?.above70).toEqual({ n: 600, hitRate: 0.5, stated: 0.9, days: 25 });
    expect(passed(boastful)).toBe(false);
  });
});

describe("how far what was stated came true", () => {
  it("sets the stated share of the likeliest class beside how often that class came", () => {
    const all = views(200, 0.3);
    const bins = shadowReliability(all);
    expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(all.length);
    for (const { stated, observed, rows } of bins) {
      if (rows > 200) expect(Math.abs(stated - observed)).toBeLessThan(0.05);
    }
    const wrong = all.map((view) => ({ ...view, outcome: view.shares.indexOf(Math.min(...view.shares)) }));
    expect(shadowReliability(wrong).every(({ observed }) => observed === 0)).toBe(true);
  });
});

describe("a model against whom it would replace", () => {
  const earned = (cycleKey: string, netPaise: number | null): ScoredView => ({
    ...(views(1, 0)[0] as ScoredView),
    cycleKey,
    netPaise,
  });

  it("must have earned no less after costs over the cycles that both have spoken of, and no others", () => {
    const nets: EarnedView[] = [earned("a", -500), earned("b", null), earned("elsewhere", -9_000)];
    const net = (own: readonly ScoredView[]) => checksBeside(own, { nets, views: null });
    const rule = "NET_PAISE_BESIDE_LIVE";
    expect(net([earned("a", -500), earned("own", -7_000)])).toEqual([{ rule, passed: true, value: -500, limit: -500 }]);
    expect(net([earned("a", -501), earned("own", 7_000)])).toEqual([{ rule, passed: false, value: -501, limit: -500 }]);
    expect(net([earned("a", null), earned("b", null)])).toMatchObject([{ passed: true, value: 0 }]);
  });

  const knowsNoLess = (own: readonly ScoredView[], live: readonly ScoredView[]) =>
    checksBeside(own, { nets: live, views: live }).find(({ rule }) => rule === "LOSS_BESIDE_LIVE")?.passed;
  const better = views(10, 0.3);
  const worse = better.map((view) => ({
    ...view,
    shares: view.shares.map((share, at) => (share + (BASE[at] ?? 0)) / 2),
  }));

  it("must have lost no more on average over the cycles that both have spoken of, whatever its base rates are", () => {
    expect(knowsNoLess(better, worse)).toBe(true);
    expect(knowsNoLess(worse, better)).toBe(false);
    expect(knowsNoLess(worse, worse)).toBe(true);
    expect(knowsNoLess(worse, [])).toBe(true);
    // Over base rates as bad as these the worse one gains more than the better one does over its own.
    const gain = (own: readonly ScoredView[], base: readonly number[]) => shadowEvidence(own, base)?.gain ?? Number.NaN;
    expect(gain(worse, [0.1, 0.8, 0.1])).toBeGreaterThan(gain(better, BASE));
  });

  it("is not helped by cycles that the other has not spoken of", () => {
    const clairvoyant = worse.map((view) => ({ ...view, shares: BASE.map((_, at) => Number(at === view.outcome)) }));
    const shadow = [...clairvoyant.slice(0, -120), ...worse.slice(-120)];
    expect(knowsNoLess(shadow, better.slice(-120))).toBe(false);
    expect(knowsNoLess(better.slice(-120), shadow)).toBe(true);
  });
});

describe("the rule of promotion by itself", () => {
  it("looks at a model with as many new days as it needs for the first look, and not in between", () => {
    const looks = Array.from({ length: 61 }, (_, days) => days).filter((days) => isLookDay(days));
    expect(looks).toEqual([20, 40, 60]);
  });

  it("takes of several the one that lost least over the cycles of which all have spoken, the first of equals", () => {
    const known = views(10, 0.3);
    const dull = known.map((view) => ({ ...view, shares: [...BASE] }));
    const [dullest, sharper, shorter] = [{ views: dull }, { views: known }, { views: known.slice(-120) }];
    expect(leastLoss([dullest, sharper])).toBe(sharper);
    // More days are no more loss: they are not compared.
    expect(leastLoss([shorter, sharper])).toBe(shorter);
    expect(leastLoss([sharper, shorter])).toBe(sharper);
    expect(leastLoss([{ views: dull.slice(-120) }, sharper])).toBe(sharper);
    expect(leastLoss([])).toBeNull();
  });
});

describe("a training", () => {
  const now = epochMs(1_760_000_000_000);
  it.each([
    [[], true],
    [[7], true],
    [[6.99], false],
    [[30, 1], false],
  ])("is due when the newest models are %j days old: %s", (ages, due) => {
    expect(
      isTrainingDue(
        ages.map((age) => epochMs(now - age * MS_PER_DAY)),
        now,
        7,
      ),
    ).toBe(due);
  });
});
