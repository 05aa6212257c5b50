// Guarantees: every strategy of the library is valid; whatever is wrong with a definition is named with its field and with what
// would pass; nothing that is sent makes the reader throw.
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseDefinition } from "../../../src/adapters/strategy-format/parse-definition.ts";
import { BOUNDS, type Condition, type StrategyDefinition } from "../../../src/core/strategy/definition/definition.ts";
import { KNOWN_FEATURES } from "../../../src/core/strategy/definition/figures.ts";
import { parametersWith } from "../../../src/core/strategy/definition/parameters.ts";
import { libraryStrategy, STRATEGY_LIBRARY } from "../../../src/core/strategy/library/library.ts";
import { Seeded } from "../../support/seeded.ts";
import { aDefinition } from "./definition-fixtures.ts";

const parse = (value: unknown) => parseDefinition(value, KNOWN_FEATURES);
const problemsOf = (value: unknown) => {
  const parsed = parse(value);
  return parsed.ok ? [] : parsed.error;
};
const withWhen = (when: unknown): unknown => {
  const definition = aDefinition();
  return { ...definition, entries: [{ ...definition.entries[0], when }] };
};
const withLeg = (change: object): unknown => {
  const definition = aDefinition();
  return {
    ...definition,
    entries: [{ ...definition.entries[0], legs: [{ ...definition.entries[0]?.legs[0], ...change }] }],
  };
};

describe("the library", () => {
  it.each(STRATEGY_LIBRARY.map((definition) => [definition.name, definition] as const))(
    "%s is valid, comes back from JSON as it was, and runs on its own defaults",
    (_name, definition) => {
      const parsed = parse(JSON.parse(JSON.stringify(definition)));
      expect(parsed).toEqual({ ok: true, value: definition });
      expect(parametersWith(definition, {}).ok).toBe(true);
    },
  );

  it("has a name of its own for each, one hybrid bot for each index, and RSI in both polarities", () => {
    const names = STRATEGY_LIBRARY.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(["bot-nifty50", "bot-banknifty", "bot-sensex"]));
    const polarity = (name: string) =>
      libraryStrategy(name)?.parameters.find((each) => each.name === "polarity")?.default;
    expect([polarity("rsi-crossover"), polarity("rsi-crossover-contrarian")]).toEqual(["MOMENTUM", "CONTRARIAN"]);
    expect(libraryStrategy("nobody")).toBeNull();
  });

  it("promises nothing: each description says how it loses, and none names a return", () => {
    for (const { description, name } of STRATEGY_LIBRARY) {
      expect(description, name).toMatch(/los|cost|wrong/);
      expect(description, name).not.toMatch(/profit|guarante|return of|% a (day|month|year)/i);
    }
  });
});

describe("the example of the format reference", () => {
  it("is valid as it stands in docs/examples", () => {
    const text = readFileSync(path.join(import.meta.dirname, "../../../docs/examples/strategy.json"), "utf8");
    expect(problemsOf(JSON.parse(text))).toEqual([]);
  });
});

describe("a definition that does not fit", () => {
  it.each<[string, unknown, string, RegExp]>([
    ["another format", { ...aDefinition(), format: 2 }, "format", /1 would pass/],
    ["a field of its own", { ...aDefinition(), script: "buy()" }, "script", /leaving it out would pass/],
    ["no entries", { ...aDefinition(), entries: [] }, "entries", /1 to 4 entries would pass/],
    ["a name in capitals", { ...aDefinition(), name: "RSI!" }, "name", /would pass/],
    [
      "an unknown index",
      { ...aDefinition(), underlyings: ["FINNIFTY"] },
      "underlyings.0",
      /NIFTY50, BANKNIFTY, SENSEX/,
    ],
    ["an index twice", { ...aDefinition(), underlyings: ["SENSEX", "SENSEX"] }, "underlyings", /each name once/],
    ["an unknown condition", withWhen({ kind: "MOON" }), "entries.0.when.kind", /one of ALL, ANY/],
    [
      "an unknown feature",
      withWhen({ kind: "CROSS", left: { feature: "moon" }, to: "ABOVE", right: 1 }),
      "entries.0.when.left",
      /no feature moon/,
    ],
    [
      "an unknown parameter",
      withWhen({ kind: "VIX", min: { param: "calm" } }),
      "entries.0.when.min",
      /one of those declared \(level\)/,
    ],
    [
      "a choice that is not there",
      withWhen({ kind: "CHOICE", param: "level", is: "A" }),
      "entries.0.when.param",
      /no choice parameter/,
    ],
    [
      "a time backwards",
      withWhen({ kind: "TIME", from: "11:00", before: "10:00" }),
      "entries.0.when.before",
      /after from, 11:00/,
    ],
    [
      "a time at night",
      withWhen({ kind: "TIME", from: "03:00", before: "10:00" }),
      "entries.0.when.from",
      /trading day/,
    ],
    ["a ratio beyond its bound", withLeg({ ratio: 11 }), "entries.0.legs.0.ratio", /1 to 10 would pass/],
    [
      "a delta above one",
      withLeg({ strike: { by: "DELTA", delta: 3 } }),
      "entries.0.legs.0.strike.delta",
      /from 0.01 to 0.99 would pass/,
    ],
    [
      "a parameter that can leave its use",
      withLeg({ strike: { by: "DELTA", delta: { param: "level" } } }),
      "entries.0.legs.0.strike.delta",
      /level can be 90; lower its max/,
    ],
    ["a sale without cover", withLeg({ side: "SELL" }), "entries.0.legs.0", /nothing is sold without cover/],
    [
      "the picker for a sale",
      withLeg({ side: "SELL", strike: { by: "PICKER" } }),
      "entries.0.legs.0.strike.by",
      /PICKER chooses the one leg that is bought/,
    ],
    [
      "re-entry without a stop",
      withLeg({ exit: { reentry: { mode: "ASAP", times: 1, waitMinutes: 1 } } }),
      "entries.0.legs.0.exit.reentry",
      /has a stop or a trail/,
    ],
    [
      "risk sizing without a stop",
      { ...aDefinition(), sizing: { by: "RISK_PERCENT", percent: 1 } },
      "entries.0.legs.0.exit.stop",
      /a stop would pass/,
    ],
    [
      "a result before there is a position",
      withWhen({ kind: "NOT", of: { kind: "RESULT", is: "LOSS" } }),
      "entries.0.when.of",
      /leaveWhen or exits.when/,
    ],
    ["an exit when all is over", { ...aDefinition(), exits: { at: "15:29" } }, "exits.at", /09:15 to 15:15/],
    [
      "a default outside",
      {
        ...aDefinition(),
        parameters: [{ kind: "NUMBER", name: "level", description: "x", default: 5, min: 50, max: 60 }],
      },
      "parameters.0.default",
      /from 50 to 60 would pass/,
    ],
  ])("%s is refused with its field and what would pass", (_what, value, field, message) => {
    const found = problemsOf(value).find((problem) => problem.field === field);
    expect(found, JSON.stringify(problemsOf(value))).toBeDefined();
    expect(found?.message).toMatch(message);
    expect(found?.message).toMatch(/would pass|lists those|give one|lower its|raise its|without cover|otherwise/);
  });

  it("names the limit and the value that met it", () => {
    expect(problemsOf(withLeg({ strike: { by: "STEPS", steps: 25 } }))).toEqual([
      { field: "entries.0.legs.0.strike.steps", limit: 20, value: 25, message: "steps from -20 to 20 would pass" },
    ]);
  });

  it("shows every problem at once", () => {
    const definition = { ...aDefinition({ sizing: { by: "LOTS", lots: 900 } }), exits: { at: "15:25" } };
    expect(problemsOf(definition).map(({ field }) => field)).toEqual(["sizing.lots", "exits.at"]);
  });

  it("is bounded in conditions, depth and size", () => {
    const leaf: Condition = { kind: "VIX", min: 1 };
    const many: Condition = { kind: "ALL", of: Array.from({ length: 40 }, () => ({ kind: "NOT", of: leaf }) as const) };
    expect(problemsOf(withWhen(many))[0]).toMatchObject({
      field: "entries.0.when",
      limit: BOUNDS.conditions,
      value: 81,
    });
    const deep = (levels: number): Condition => (levels === 0 ? leaf : { kind: "NOT", of: deep(levels - 1) });
    expect(parse(withWhen(deep(BOUNDS.depth - 1))).ok).toBe(true);
    expect(problemsOf(withWhen(deep(BOUNDS.depth)))[0]).toMatchObject({ limit: BOUNDS.depth, value: BOUNDS.depth + 1 });
    expect(problemsOf(withWhen(deep(1_000)))[0]).toMatchObject({ field: "definition", limit: 40 });
    const long = { ...aDefinition(), description: "x".repeat(BOUNDS.characters) };
    expect(problemsOf(long)[0]).toMatchObject({ field: "definition", limit: BOUNDS.characters });
  });

  it("never makes the reader throw, whatever is changed in it", () => {
    for (let seed = 0; seed < 400; seed += 1) {
      const random = new Seeded(seed);
      const broken = mutated(JSON.parse(JSON.stringify(random.pick(STRATEGY_LIBRARY))), random);
      const parsed = parse(broken);
      if (parsed.ok) expect(parse(JSON.parse(JSON.stringify(parsed.value)))).toEqual(parsed);
      else
        for (const { field, message } of parsed.error)
          expect(field.length * message.length, `seed ${seed}`).toBeGreaterThan(0);
    }
  });
});

describe("parameters", () => {
  const { parameters } = libraryStrategy("rsi-crossover") as StrategyDefinition;
  it("stand at their defaults where nothing is given, and are refused outside of their range", () => {
    expect(parametersWith({ parameters }, { upper: 75 })).toMatchObject({ ok: true, value: { upper: 75, lower: 30 } });
    const refused = parametersWith({ parameters }, { upper: 95, polarity: "BOTH", nobody: 1 });
    expect(refused.ok ? [] : refused.error.map(({ field, limit }) => [field, limit])).toEqual([
      ["parameters.nobody", null],
      ["parameters.polarity", null],
      ["parameters.upper", 90],
    ]);
  });
});

/** One value somewhere replaced by something else. */
function mutated(value: unknown, random: Seeded): unknown {
  if (typeof value !== "object" || value === null || random.chance(0.15)) {
    return random.pick<unknown>([
      null,
      -1,
      1e9,
      Number.NaN,
      "",
      "x",
      [],
      {},
      true,
      { param: "level" },
      { feature: "a" },
    ]);
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return null;
  const key = random.pick(keys);
  const part = mutated((value as Record<string, unknown>)[key], random);
  return Array.isArray(value)
    ? value.map((each, index) => (String(index) === key ? part : each))
    : { ...value, [key]: part };
}
