// What the lab's forms make of what is typed: where a field stands in a definition, and which sets a sweep plays.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { setsOf, valuesIn } from "../../../dashboard/src/components/lab/backtests/sweep-sets.ts";
import { lineOf, placeOf, readPlaces } from "../../../dashboard/src/components/lab/strategies/json-places.ts";
import type { Parameter } from "../../../dashboard/src/components/lab/strategies/parameter.ts";

describe("where a field stands", () => {
  test("every field of any JSON is found at a text that reads as its value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const read = readPlaces(text);
        if (!read.ok) throw new Error(`${read.at}: ${read.message}`);
        expect(read.value).toEqual(JSON.parse(text));
        for (const { from, to } of read.places.values()) {
          const own = text.slice(from, to);
          // A member begins with its name.
          expect(() =>
            JSON.parse(own.startsWith('"') && /^"(?:[^"\\]|\\.)*"\s*:/.test(own) ? `{${own}}` : own),
          ).not.toThrow();
        }
      }),
      { numRuns: 200 },
    );
  });

  test("a text is JSON here exactly where it is JSON to the browser", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 3 }),
        fc.nat(200),
        fc.constantFrom("", ",", "}", "]", '"', "x", ":"),
        (value, cut, put) => {
          const sound = JSON.stringify(value);
          const text = sound.slice(0, cut % (sound.length + 1)) + put + sound.slice((cut % (sound.length + 1)) + 1);
          let isJson = true;
          try {
            JSON.parse(text);
          } catch {
            isJson = false;
          }
          expect(readPlaces(text).ok).toBe(isJson);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a field that is missing is shown where it would stand", () => {
    const text = '{\n  "name": "one",\n  "entries": [\n    { "legs": [] }\n  ]\n}';
    const read = readPlaces(text);
    if (!read.ok) throw new Error(read.message);
    expect(lineOf(text, placeOf(read.places, "entries.0.legs").from)).toBe(4);
    expect(lineOf(text, placeOf(read.places, "entries.0.when.kind").from)).toBe(4);
    expect(lineOf(text, placeOf(read.places, "sizing.by").from)).toBe(1);
    expect(readPlaces('{ "name": }')).toEqual({ ok: false, at: 10, message: "a value would pass" });
  });
});

describe("the sets of a sweep", () => {
  const number = (name: string): Parameter => ({ kind: "NUMBER", name, description: "", default: 1, min: 0, max: 99 });
  const PARAMETERS = [
    number("upper"),
    number("lower"),
    { kind: "CHOICE", name: "side", description: "", default: "A", options: ["A", "B"] },
  ] as const;

  test("are all combinations of what is tried; what is not tried stays as it is", () => {
    const { sets, fault } = setsOf(PARAMETERS, { upper: valuesIn("70, 75 80"), side: ["A", "B"] });
    expect(fault).toBeNull();
    expect(sets).toHaveLength(6);
    expect(new Set(sets.map((set) => JSON.stringify(set))).size).toBe(6);
    expect(sets[0]).toEqual({ upper: 70, side: "A" });
    expect(setsOf(PARAMETERS, { upper: ["70", "70"] })).toEqual({ sets: [], fault: null });
  });

  test("are refused beyond fifty, and where a value is no number", () => {
    const many = Array.from({ length: 26 }, (_, at) => `${at}`);
    expect(setsOf(PARAMETERS, { upper: many, side: ["A", "B"] }).fault).toContain("at most 50 would pass");
    expect(setsOf(PARAMETERS, { upper: ["70", "high"] }).fault).toContain("upper: numbers");
  });
});
