// Guarantees: what is not known never opens anything; the same context gives the same intent; legs are quoted contracts; every
// distance is whole ticks; parameters change what is decided.
import { describe, expect, it } from "vitest";
import { required } from "../../../src/core/kernel/assert.ts";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant, MS_PER_MINUTE, marketDate } from "../../../src/core/kernel/time.ts";
import type { Bar } from "../../../src/core/market/market-event.ts";
import { modelChain } from "../../../src/core/market/model-chain.ts";
import type { Signal } from "../../../src/core/prediction/signal.ts";
import { barFiguresAt } from "../../../src/core/strategy/definition/bar-figures.ts";
import type { StrategyContext, StrategyIntent } from "../../../src/core/strategy/definition/context.ts";
import { decideStrategy } from "../../../src/core/strategy/definition/decide-strategy.ts";
import type {
  Condition,
  Leg,
  StrategyDefinition,
  StrikeChoice,
} from "../../../src/core/strategy/definition/definition.ts";
import { holds } from "../../../src/core/strategy/definition/evaluate.ts";
import { STRATEGY_FEATURES } from "../../../src/core/strategy/definition/figures.ts";
import { marketViewOf, quotesOfView } from "../../../src/core/strategy/definition/market-view.ts";
import { parametersWith } from "../../../src/core/strategy/definition/parameters.ts";
import { libraryStrategy, STRATEGY_LIBRARY } from "../../../src/core/strategy/library/library.ts";
import { Seeded } from "../../support/seeded.ts";
import { aContext, aDefinition } from "./definition-fixtures.ts";
import { aSignal } from "./signal-fixture.ts";

const RSI = { feature: "bar.rsi14" } as const;
const answer = (condition: Condition, context: StrategyContext) => holds(condition, {}, context);
const decide = (definition: StrategyDefinition, context: StrategyContext, given = {}): StrategyIntent => {
  const values = parametersWith(definition, given);
  return decideStrategy(definition, values.ok ? values.value : {}, context);
};
const named = (name: string): StrategyDefinition => required(libraryStrategy(name), name);
const entered = (intent: StrategyIntent) => {
  if (intent.action !== "ENTER") throw new Error(`${intent.action}: ${intent.reason}`);
  return intent;
};

describe("a condition", () => {
  const yes: Condition = { kind: "VIX", min: 1 };
  const no: Condition = { kind: "VIX", max: 1 };
  const unknown: Condition = { kind: "COMPARE", left: RSI, is: "ABOVE", right: 1 };
  it.each<[string, Condition, boolean | null]>([
    ["NOT of what is not known", { kind: "NOT", of: unknown }, null],
    ["ALL with a no", { kind: "ALL", of: [unknown, no] }, false],
    ["ALL with something unknown", { kind: "ALL", of: [yes, unknown] }, null],
    ["ANY with a yes", { kind: "ANY", of: [unknown, yes] }, true],
    ["ANY with something unknown", { kind: "ANY", of: [no, unknown] }, null],
  ])("%s", (_what, condition, expected) => {
    expect(answer(condition, aContext())).toBe(expected);
  });

  it("crosses when it was not beyond the level before and is now, and not when it was already", () => {
    const crossing = (before: number | null, now: number | null) =>
      answer({ kind: "CROSS", left: RSI, to: "ABOVE", right: 70 }, aContext({}, { "bar.rsi14": [before, now] }));
    expect([crossing(69, 71), crossing(70, 71), crossing(71, 72), crossing(69, 70), crossing(71, 69)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect([crossing(null, 71), crossing(69, null)]).toEqual([null, null]);
    expect(crossing(null, 60)).toBe(false);
  });

  it("believes a view only while it lasts, and above the confidence wanted, strictly", () => {
    const signal = aSignal({ confidenceBps: 7_000 });
    const spoken = (confidenceAbove: number, context: Partial<StrategyContext>) =>
      answer({ kind: "SIGNAL", direction: "BULLISH", confidenceAbove }, aContext({ signal, ...context }));
    expect([spoken(69.9, {}), spoken(70, {})]).toEqual([true, false]);
    expect(spoken(60, { atMs: signal.expiresAtMs })).toBe(false);
    expect(spoken(60, { signal: null })).toBeNull();
  });

  it("reads a lean where there is no view, a view as one too, and neither once it is over", () => {
    const against = { direction: "BEARISH", confidenceBps: 6_200 } as const;
    const silent = aSignal({ direction: "NO_TRADE", confidenceBps: 6_200, lean: against });
    const leans = (confidenceAbove: number, signal: Signal | null, change: Partial<StrategyContext> = {}) =>
      answer({ kind: "LEAN", direction: "BEARISH", confidenceAbove }, aContext({ signal, ...change }));
    expect([leans(61.9, silent), leans(62, silent)]).toEqual([true, false]);
    expect(answer({ kind: "SIGNAL", direction: "BEARISH" }, aContext({ signal: silent }))).toBe(false);
    expect(leans(70, aSignal({ direction: "BEARISH", confidenceBps: 7_500 }))).toBe(true);
    const { lean: _, ...nowhere } = silent;
    expect([leans(50, nowhere), leans(50, null)]).toEqual([false, null]);
    expect(leans(50, silent, { atMs: silent.expiresAtMs })).toBe(false);
  });

  it("knows of a result only what is held and has a price", () => {
    const result = (is: "LOSS" | "GAIN", resultPaise: number | null) => {
      const position = { openedAtMs: aContext().atMs, entry: null, resultPaise: resultPaise as Paise | null };
      return answer({ kind: "RESULT", is }, aContext({ position }));
    };
    expect([result("LOSS", -1), result("LOSS", 0), result("GAIN", 1), result("GAIN", 0)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect([result("LOSS", null), answer({ kind: "RESULT", is: "LOSS" }, aContext())]).toEqual([null, null]);
  });

  it("ends a bot's trade by a lean only while it loses, and by a view that could not be traded in any case", () => {
    const left = (confidenceBps: number, resultPaise: number, beforehand = 60) => {
      const lean = { direction: "BEARISH", confidenceBps } as const;
      const signal = aSignal({ direction: "NO_TRADE", confidenceBps, lean });
      const { atMs } = aContext();
      const position = { openedAtMs: atMs, entry: "rise", resultPaise: paise(resultPaise) };
      return decide(named("bot-nifty50"), aContext({ signal, position }), { beforehand }).action === "EXIT";
    };
    expect([left(6_500, -1), left(6_500, 1), left(6_000, -1), left(6_500, -1, 100)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect([left(7_500, 1), left(7_500, 1, 100)]).toEqual([true, true]);
  });

  it("counts days to the nearest quoted expiry, and knows none on an empty chain", () => {
    const on = (context: StrategyContext) => answer({ kind: "DAYS_TO_EXPIRY", min: 4, max: 4 }, context);
    expect(on(aContext())).toBe(true);
    expect(on(aContext({ quotes: [] }))).toBeNull();
  });
});

describe("an entry", () => {
  const strong = aContext({}, { "bar.rsi14": [50, 65] });

  it("comes from a yes alone: neither a no nor a missing figure opens anything", () => {
    expect(decide(aDefinition(), strong).action).toBe("ENTER");
    expect(decide(aDefinition(), aContext({}, { "bar.rsi14": [50, 55] }))).toMatchObject({
      reason: "no entry condition holds",
    });
    expect(decide(aDefinition(), aContext())).toEqual({
      action: "HOLD",
      reason: "an entry condition is not known yet: a figure is missing",
    });
  });

  it("follows its parameters as they stand now", () => {
    expect(decide(aDefinition(), strong, { level: 66 }).action).toBe("HOLD");
  });

  it.each<[string, StrikeChoice, number]>([
    ["at the money", { by: "ATM" }, 24_500],
    ["steps out of the money", { by: "STEPS", steps: 2 }, 24_600],
    ["steps in the money", { by: "STEPS", steps: -1 }, 24_450],
    ["per cent out of the money", { by: "PERCENT", percent: 1 }, 24_750],
  ])("takes the strike %s", (_what, strike, rupees) => {
    const leg: Leg = { side: "BUY", optionType: "CALL", ratio: 1, expiry: "NEAREST", strike };
    const { legs } = entered(decide(withLegs([leg]), strong));
    expect(legs[0]?.contract.strikePaise).toBe(rupees * 100);
  });

  it("takes the nearest delta and the nearest premium that are quoted", () => {
    const by = (strike: StrikeChoice) =>
      required(
        entered(decide(withLegs([{ side: "BUY", optionType: "PUT", ratio: 1, expiry: "NEAREST", strike }]), strong))
          .legs[0],
        "a leg",
      );
    const { deltaBps } = by({ by: "DELTA", delta: 0.3 });
    expect(Math.abs(Math.abs(required(deltaBps, "a delta")) - 3_000)).toBeLessThan(700);
    expect(Math.abs(by({ by: "PREMIUM", rupees: 60 }).pricePaise - 60_00)).toBeLessThan(20_00);
  });

  it.each<[string, StrikeChoice, RegExp]>([
    ["premium", { by: "PREMIUM", rupees: 2 }, /nothing is quoted at ₹2; the farthest is 25200 at ₹/],
    [
      "premium above the dearest",
      { by: "PREMIUM", rupees: 2_000 },
      /nothing is quoted at ₹2000; the farthest is 23800 at ₹/,
    ],
    [
      "delta",
      { by: "DELTA", delta: 0.01 },
      /nothing is quoted at a delta of 0.01; the farthest is 25200 at a delta of 0/,
    ],
    [
      "distance",
      { by: "PERCENT", percent: 5 },
      /nothing is quoted at 5 % from the index; the farthest is 25200 at 2.86 %/,
    ],
    ["distance in the money", { by: "PERCENT", percent: -5 }, /the farthest is 23800 at -2.86 % from the index/],
  ])("takes no strike where the chain ends before the wanted %s", (_what, strike, reason) => {
    const leg: Leg = { side: "BUY", optionType: "CALL", ratio: 1, expiry: "NEAREST", strike };
    // 18 vols: on these the last strike that is quoted has a premium and a delta that are worth asking beyond.
    const chain = modelChain({ ...strong, vixCenti: 18_00 });
    const quotes = required(chain, "a chain").quotes.map((quote) => ({
      ...quote,
      quotedAtMs: strong.atMs,
      source: "MODELLED" as const,
    }));
    const decided = decide(withLegs([leg]), { ...strong, quotes });
    expect(decided.action).toBe("HOLD");
    expect(decided.action === "HOLD" ? decided.reason : "").toMatch(reason);
  });

  it("takes the last strike while the wanted figure is within one step of it", () => {
    const taken = (percent: number) => {
      const strike: StrikeChoice = { by: "PERCENT", percent };
      const leg: Leg = { side: "BUY", optionType: "CALL", ratio: 1, expiry: "NEAREST", strike };
      const decided = decide(withLegs([leg]), strong);
      return decided.action === "ENTER" ? (decided.legs[0]?.contract.strikePaise ?? 0) / 100 : null;
    };
    // 25,200 is the last of the chain, 2.86 % out, and a step is 0.2 %.
    expect([taken(2.8), taken(3), taken(3.1)]).toEqual([25_200, 25_200, null]);
  });

  it("is not made on stale quotes, on a strike nobody quotes, or where two legs fall together", () => {
    const stale = { ...strong, atMs: epochMs(strong.atMs + MS_PER_MINUTE) };
    expect(decide(aDefinition(), stale)).toMatchObject({
      action: "HOLD",
      reason: "strong: leg 1 has no contract: no nearest expiry is quoted freshly",
    });
    const far: Leg = {
      side: "BUY",
      optionType: "CALL",
      ratio: 1,
      expiry: "NEAREST",
      strike: { by: "STEPS", steps: 20 },
    };
    expect(decide(withLegs([far]), strong)).toMatchObject({
      reason: "strong: leg 1 has no contract: no strike is quoted 20 steps from the money",
    });
    const at: Leg = { ...far, strike: { by: "ATM" } };
    expect(decide(withLegs([at, at]), strong)).toMatchObject({
      reason: "strong: its strikes fall together on this chain",
    });
  });

  it("measures exits in whole ticks: a stop no farther and a target no nearer than asked for", () => {
    const leg: Leg = {
      side: "BUY",
      optionType: "CALL",
      ratio: 1,
      expiry: "NEAREST",
      strike: { by: "ATM" },
      exit: { stop: { unit: "PREMIUM_PERCENT", value: 33 }, target: { unit: "ATR", value: 2 } },
    };
    const [chosen] = entered(decide(withLegs([leg]), strong)).legs;
    const { plan, pricePaise, deltaBps } = required(chosen, "a leg");
    expect(plan?.stopPaise).toBe(Math.floor((pricePaise * 0.33) / 5) * 5);
    expect(plan?.targetPaise).toBe(Math.ceil((2 * 20_00 * Math.abs(required(deltaBps, "a delta"))) / 10_000 / 5) * 5);
    expect(decide(withLegs([leg]), { ...strong, atrPaise: null })).toMatchObject({ action: "HOLD" });
  });

  it("waits for its filters: VIX known and within, time, count and pause", () => {
    const filters = {
      vix: { max: 15 },
      time: { from: "11:00", before: "12:00" },
      entriesPerDay: 2,
      minutesBetweenEntries: 10,
    } as const;
    const filtered = aDefinition({ filters });
    const reasonWith = (change: Partial<StrategyContext>): string => decide(filtered, { ...strong, ...change }).reason;
    expect(decide(filtered, strong).action).toBe("ENTER");
    expect(reasonWith({ vixCenti: null })).toBe("India VIX is not known");
    expect(reasonWith({ vixCenti: 15_01 })).toBe("India VIX is outside of its range");
    expect(reasonWith({ entriesToday: 2 })).toBe("it has made the day's entries");
    expect(reasonWith({ lastEntryMs: epochMs(strong.atMs - 9 * MS_PER_MINUTE) })).toBe("too soon after its last entry");
    expect(reasonWith({ atMs: istInstant(strong.date, "12:00") })).toContain("from 11:00 to before 12:00");
  });
});

describe("what is held", () => {
  const held = (minutes: number, entry = "strong") => {
    const context = aContext({}, { "bar.rsi14": [50, 65] });
    return {
      ...context,
      position: { openedAtMs: epochMs(context.atMs - minutes * MS_PER_MINUTE), entry, resultPaise: null },
    };
  };
  it("is left by its time, by the strategy's condition, and by the condition of the entry that opened it", () => {
    expect(decide(aDefinition({ exits: { afterMinutes: 30 } }), held(29)).action).toBe("HOLD");
    expect(decide(aDefinition({ exits: { afterMinutes: 30 } }), held(30)).action).toBe("EXIT");
    expect(decide(aDefinition({ exits: { at: "11:02" } }), held(1)).action).toBe("EXIT");
    const over: Condition = { kind: "COMPARE", left: RSI, is: "ABOVE", right: 60 };
    expect(decide(aDefinition({ exits: { when: over } }), held(1)).action).toBe("EXIT");
    const definition = aDefinition();
    const entries = definition.entries.map((entry) => ({ ...entry, leaveWhen: over }));
    expect(decide({ ...definition, entries }, held(1)).action).toBe("EXIT");
    expect(decide({ ...definition, entries }, held(1, "another")).action).toBe("HOLD");
  });
});

describe("the library decides", () => {
  it("reads RSI above 70 as a rise by default and as a fall in the contrarian polarity", () => {
    const context = aContext({}, { "bar.rsi14": [68, 72] });
    const side = (name: string, given = {}) =>
      entered(decide(named(name), context, given)).legs[0]?.contract.optionType;
    expect([side("rsi-crossover"), side("rsi-crossover-contrarian")]).toEqual(["CALL", "PUT"]);
    expect(side("rsi-crossover", { polarity: "CONTRARIAN" })).toBe("PUT");
  });

  it("trades a view with the contract that the signal chose, while it is quoted", () => {
    const chosen = required(
      aContext().quotes.find(({ optionType, strikePaise }) => optionType === "CALL" && strikePaise === 24_700_00),
      "a quote",
    );
    const choice = required(aSignal().choice, "a choice");
    const signal = aSignal({
      choice: { ...choice, contract: { ...choice.contract, instrumentId: chosen.instrumentId } },
    });
    const intent = entered(
      decide(named("bot-nifty50"), aContext({ signal, atMs: istInstant(marketDate("2025-08-29"), "12:02") })),
    );
    expect(intent.legs[0]?.contract.instrumentId).toBe(chosen.instrumentId);
    expect(intent).toMatchObject({ entry: "rise", sizing: { by: "ALLOCATION" } });
  });

  it("sells the fly and the straddle only with wings, what is bought first in its list", () => {
    const calm = aContext({}, { "bar.rsi14": [50, 50] });
    const fly = entered(decide(named("vix-iron-fly"), calm));
    expect(fly.structure).toBe("IRON_FLY");
    expect(fly.legs.map(({ side }) => side)).toEqual(["BUY", "BUY", "SELL", "SELL"]);
    const date = marketDate("2025-09-02");
    const straddle = entered(
      decide(named("expiry-straddle-with-wings"), aContext({ date, atMs: istInstant(date, "09:47") })),
    );
    expect(straddle.structure).toBe("IRON_FLY");
    expect(straddle.legs.every(({ contract }) => contract.expiry === date)).toBe(true);
    expect(
      decide(named("vix-iron-fly"), aContext({ date, atMs: istInstant(date, "11:02") }, { "bar.rsi14": [50, 50] })),
    ).toMatchObject({
      action: "HOLD",
      reason: "no entries are made on the day of expiry",
    });
  });

  it("decides alike twice, and throws on no context, whatever figures are missing", () => {
    for (let seed = 0; seed < 150; seed += 1) {
      const random = new Seeded(seed);
      const figure = (): number | null => (random.chance(0.2) ? null : random.next() * 100);
      const names = ["bar.rsi14", "bar.close", "bar.ema9", "bar.ema21", "bar.macdHistogram", "bar.openingHigh30"];
      const date = random.pick([marketDate("2025-08-29"), marketDate("2025-09-02")]);
      const context = aContext(
        {
          date,
          atMs: istInstant(date, random.pick(["09:32", "10:47", "13:02", "15:02"])),
          vixCenti: random.chance(0.2) ? null : 10_00 + random.below(20_00),
          atrPaise: random.chance(0.2) ? null : paise(1 + random.below(50_00)),
          signal: random.chance(0.5)
            ? null
            : aSignal({ direction: random.pick(["BULLISH", "BEARISH", "NEUTRAL", "NO_TRADE"]) }),
        },
        Object.fromEntries(names.map((name) => [name, [figure(), figure()] as const])),
      );
      for (const definition of STRATEGY_LIBRARY) {
        const intent = decide(definition, context);
        expect(decide(definition, structuredClone(context)), `seed ${seed}`).toEqual(intent);
        if (intent.action !== "ENTER") continue;
        for (const { plan, contract } of intent.legs) {
          for (const level of [plan?.stopPaise, plan?.targetPaise])
            expect((level ?? 0) % contract.tickSizePaise).toBe(0);
        }
      }
    }
  });
});

describe("the view that travels to accounts", () => {
  it("stays small however many strikes are quoted, and gives the same decision as the whole chain", () => {
    const [quote] = aContext().quotes;
    const many = Array.from({ length: 2_000 }, (_, index) => ({
      ...required(quote, "a quote"),
      strikePaise: paise(14_500_00 + index * 5_000),
      expiry: marketDate(index % 3 === 0 ? "2025-09-02" : index % 3 === 1 ? "2025-09-09" : "2025-09-16"),
      optionType: index % 2 === 0 ? ("CALL" as const) : ("PUT" as const),
    }));
    const figures = Object.fromEntries(STRATEGY_FEATURES.map((name) => [name, [1 / 3, -2 / 3] as const]));
    const view = marketViewOf(aContext({ quotes: many }, figures));
    expect(JSON.stringify(view).length).toBeLessThan(16_000);
    const calm = aContext({}, { "bar.rsi14": [50, 50] });
    const travelled = { ...calm, quotes: quotesOfView(JSON.parse(JSON.stringify(marketViewOf(calm)))) };
    for (const definition of STRATEGY_LIBRARY) expect(decide(definition, travelled)).toEqual(decide(definition, calm));
  });
});

describe("bar figures", () => {
  const openMs = istInstant(marketDate("2025-08-29"), "09:15");
  const bars = Array.from({ length: 40 }, (_, index): Bar => {
    const close = 24_500_00 + ((index * 7_919) % 2_000);
    return {
      startMs: epochMs(openMs + index * 3 * MS_PER_MINUTE),
      openPaise: paise(close - 100),
      highPaise: paise(close + 500),
      lowPaise: paise(close - 500),
      closePaise: paise(close),
    };
  });
  const figuresAt = (minutes: number, of: readonly Bar[] = bars) =>
    required(barFiguresAt(of, openMs, [epochMs(openMs + minutes * MS_PER_MINUTE)])[0], "figures");

  it("know nothing of a bar that still runs, nor of what comes later", () => {
    expect(figuresAt(61, bars.slice(0, 20))).toEqual(figuresAt(61));
    expect(figuresAt(62)["bar.close"]).toBe((bars[19]?.closePaise ?? 0) / 100);
    expect(figuresAt(2)["bar.close"]).toBeNull();
  });

  it("know the opening range once it is over, and never where a bar of it is missing", () => {
    const high = Math.max(...bars.slice(0, 5).map(({ highPaise }) => highPaise)) / 100;
    expect([figuresAt(14)["bar.openingHigh15"], figuresAt(15)["bar.openingHigh15"]]).toEqual([null, high]);
    expect(figuresAt(90, bars.toSpliced(3, 1))["bar.openingHigh15"]).toBeNull();
  });
});

const withLegs = (legs: readonly Leg[]): StrategyDefinition => {
  const definition = aDefinition();
  return { ...definition, entries: definition.entries.map((entry) => ({ ...entry, legs })) };
};
