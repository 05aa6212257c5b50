import fc from "fast-check";
import { expect, test } from "vitest";
import { withEntry } from "../../../src/core/kernel/with-entry.ts";

test("a record with an entry is what a spread makes, names, order and all, and the old one stays as it was", () => {
  const name = fc.oneof(fc.constantFrom("__proto__", "constructor", "toString", "7", "a"), fc.string());
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.integer())), (entries) => {
      let record: Readonly<Record<string, number>> = {};
      let spread: Readonly<Record<string, number>> = {};
      for (const [key, value] of entries) {
        const before = JSON.stringify(record);
        const next = withEntry(record, key, value);
        expect(JSON.stringify(record)).toBe(before);
        record = next;
        spread = { ...spread, [key]: value };
        expect(Object.entries(record)).toEqual(Object.entries(spread));
        expect(Object.getPrototypeOf(record)).toBe(Object.prototype);
      }
    }),
  );
});
