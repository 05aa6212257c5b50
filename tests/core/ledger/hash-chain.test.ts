import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccountEvent, JournalEntry } from "../../../src/core/account/event.ts";
import { InvariantBroken, required } from "../../../src/core/kernel/assert.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import { canonicalJson, chainHash, GENESIS_HASH, sha256Hex, verifyChain } from "../../../src/core/ledger/hash-chain.ts";

const note = (text: string, at: number): AccountEvent => ({
  type: "JOB_DONE",
  atMs: epochMs(at),
  jobKey: `k${at}`,
  note: text,
});

const chainOf = (texts: readonly string[]): JournalEntry[] => {
  let previous = GENESIS_HASH;
  return texts.map((text, index) => {
    const event = note(text, index);
    previous = chainHash(previous, index + 1, event);
    return { sequence: index + 1, event, hash: previous };
  });
};

const notes = fc.array(fc.string(), { minLength: 1, maxLength: 20 });
const at = (entries: readonly JournalEntry[], index: number): JournalEntry =>
  required(entries[index], `entry ${index}`);

describe("canonical JSON", () => {
  it("has one spelling per value, whatever the order of keys", () => {
    expect(canonicalJson({ b: [1, null, true], a: { y: "ä\n", x: -0 } })).toBe(
      '{"a":{"x":0,"y":"ä\\n"},"b":[1,null,true]}',
    );
  });

  it("survives being stored and read again", () => {
    // JSON has no negative zero: it comes back as the other one.
    const plain = fc
      .jsonValue()
      .map((value) => JSON.parse(JSON.stringify(value)) as typeof value)
      .filter((value) => !/[.]|e[+-]/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(plain, (value) => {
        fc.pre(wholeNumbersOnly(value));
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
      }),
    );
  });

  it.each([
    ["a fraction", { a: 0.5 }],
    ["not a number", [Number.NaN]],
    ["undefined", { a: undefined }],
    ["a bigint", 1n],
    ["a function", () => 0],
  ])("refuses %s", (_name, value) => expect(() => canonicalJson(value)).toThrow(InvariantBroken));
});

const wholeNumbersOnly = (value: unknown): boolean => {
  if (typeof value === "number") return Number.isSafeInteger(value);
  return value === null || typeof value !== "object" || Object.values(value).every(wholeNumbersOnly);
};

describe("the hash chain", () => {
  it("is SHA-256 over the previous hash and the canonical entry", () => {
    expect(chainHash(GENESIS_HASH, 1, note("x", 5))).toBe(
      sha256Hex(`${"0".repeat(64)}\n{"event":{"atMs":5,"jobKey":"k5","note":"x","type":"JOB_DONE"},"sequence":1}`),
    );
    expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("verifies when whole, in one go and page by page", () => {
    fc.assert(
      fc.property(notes, fc.nat(), (texts, cut) => {
        const entries = chainOf(texts);
        const page = cut % entries.length;
        expect(verifyChain(entries, { head: at(entries, entries.length - 1) })).toBeNull();
        if (page > 0) expect(verifyChain(entries.slice(page), { after: at(entries, page - 1) })).toBeNull();
      }),
    );
    expect(verifyChain([])).toBeNull();
  });

  it("finds the place of any flipped bit, in an event or in a hash", () => {
    fc.assert(
      fc.property(notes, fc.nat(), fc.nat(), fc.integer({ min: 0, max: 7 }), (texts, which, where, bit) => {
        const entries = chainOf(texts);
        const index = which % entries.length;
        const bytes = new TextEncoder().encode(JSON.stringify(at(entries, index)));
        const byte = where % bytes.length;
        bytes[byte] = required(bytes[byte], "a byte") ^ (1 << bit);
        const tampered = parsed(new TextDecoder().decode(bytes));
        // Some flips spell the same entry another way (white space, an escape); those are no change.
        fc.pre(tampered !== null && JSON.stringify(tampered) !== JSON.stringify(at(entries, index)));
        expect(verifyChain(entries.with(index, tampered as JournalEntry))).toBe(index + 1);
      }),
      { numRuns: 500 },
    );
  });

  it("finds a removed entry, and a cut-off end against a known head", () => {
    fc.assert(
      fc.property(notes, fc.nat(), (texts, which) => {
        const entries = chainOf(texts);
        const index = which % entries.length;
        const head = at(entries, entries.length - 1);
        expect(verifyChain(entries.toSpliced(index, 1), { head })).toBe(index + 1);
      }),
    );
  });

  it("finds a head that is further on, that is behind, and that has another hash", () => {
    const entries = chainOf(["a", "b", "c"]);
    const head = at(entries, 2);
    expect(verifyChain(entries.slice(0, 1), { head })).toBe(2);
    expect(verifyChain(entries, { head: at(entries, 0) })).toBe(2);
    expect(verifyChain(entries, { head: { sequence: 3, hash: GENESIS_HASH } })).toBe(3);
    expect(verifyChain([], { head })).toBe(1);
  });

  it("takes an event without a canonical form for a break, and nothing else", () => {
    const entries = chainOf(["a", "b"]);
    const fraction = { ...at(entries, 1), event: { ...at(entries, 1).event, atMs: 0.5 } } as unknown as JournalEntry;
    expect(verifyChain(entries.with(1, fraction))).toBe(2);
    const failing = {
      ...at(entries, 1),
      get event(): AccountEvent {
        throw new RangeError("the disk is gone");
      },
    };
    expect(() => verifyChain(entries.with(1, failing))).toThrow(RangeError);
    const poisoned = {
      ...at(entries, 1),
      event: {
        get type(): string {
          throw new RangeError("the disk is gone");
        },
      },
    } as unknown as JournalEntry;
    expect(() => verifyChain(entries.with(1, poisoned))).toThrow(RangeError);
  });

  it("finds two swapped entries and an entry put in", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 2, maxLength: 10 }), fc.nat(), fc.nat(), (texts, a, b) => {
        const entries = chainOf(texts);
        const [one, two] = [a % entries.length, b % entries.length];
        fc.pre(one !== two);
        expect(verifyChain(entries.with(one, at(entries, two)).with(two, at(entries, one)))).toBe(
          Math.min(one, two) + 1,
        );
        expect(verifyChain(entries.toSpliced(one, 0, at(entries, one)))).toBe(one + 2);
      }),
    );
  });
});

const parsed = (text: string): unknown => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
};
