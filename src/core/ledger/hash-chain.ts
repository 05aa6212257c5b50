// The journal's hash chain: each entry's hash covers the entry and the hash before it, so that a changed, removed, added or
// reordered entry is found, and where.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { AccountEvent, JournalEntry } from "../account/event.ts";
import { InvariantBroken } from "../kernel/assert.ts";

/** What the first entry is chained to. */
export const GENESIS_HASH = "0".repeat(64);

/** Where a chain stands after an entry. */
export interface ChainHead {
  readonly sequence: number;
  readonly hash: string;
}

const CHAIN_START: ChainHead = { sequence: 0, hash: GENESIS_HASH };

/** Hex SHA-256 over the previous hash and the canonical JSON of the numbered event. */
export const chainHash = (previousHash: string, sequence: number, event: AccountEvent): string =>
  sha256Hex(`${previousHash}\n${canonicalJson({ event, sequence })}`);

export const sha256Hex = (text: string): string => bytesToHex(sha256(utf8ToBytes(text)));

/**
 * The sequence at which a chain first breaks, or null when it is whole. Sequences count up by one from `after`, the start of
 * all chains unless given. An end that was cut off shows only against a known `head`.
 */
export function verifyChain(
  entries: readonly JournalEntry[],
  { after = CHAIN_START, head }: { readonly after?: ChainHead; readonly head?: ChainHead } = {},
): number | null {
  let at = after;
  for (const { sequence, event, hash } of entries) {
    const expected = at.sequence + 1;
    if (sequence !== expected || hash !== hashOrNull(at.hash, expected, event)) return expected;
    at = { sequence, hash };
  }
  if (head === undefined) return null;
  if (at.sequence !== head.sequence) return Math.min(at.sequence, head.sequence) + 1;
  return at.hash === head.hash ? null : head.sequence;
}

/**
 * JSON with one spelling per value: keys sorted by code unit, no white space, whole numbers only. Throws InvariantBroken on
 * anything whose spelling could differ after being stored (fractions, undefined, functions, bigint).
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new InvariantBroken(`not a whole, safe number: ${value}`);
    // A zero has no sign in JSON.
    return value === 0 ? "0" : String(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  // Appended to, never collected: every event of every account passes through here before its order is accepted.
  let text = "";
  if (Array.isArray(value)) {
    for (const member of value) text += `${text === "" ? "" : ","}${canonicalJson(member)}`;
    return `[${text}]`;
  }
  if (typeof value !== "object") throw new InvariantBroken(`canonical JSON has no ${typeof value}`);
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of inOrder(Object.keys(members))) {
    text += `${text === "" ? "" : ","}${quoted(key)}:${canonicalJson(members[key])}`;
  }
  return `{${text}}`;
}

/** Without a comparison of its own `sort` goes by code units, as `<` does. Most objects are written in order already. */
function inOrder(keys: string[]): readonly string[] {
  let last = "";
  for (const key of keys) {
    if (key < last) return keys.sort();
    last = key;
  }
  return keys;
}

/** Printable ASCII without a quotation mark or a backslash stands for itself, and nearly everything is made of that. */
const PLAIN = /^[ !#-[\]-~]*$/;
const quoted = (text: string): string => (text.length < 64 && PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

/** A tampered event may not even have a canonical form; that, too, is a broken chain. */
function hashOrNull(previousHash: string, sequence: number, event: AccountEvent): string | null {
  try {
    return chainHash(previousHash, sequence, event);
  } catch (error) {
    if (error instanceof InvariantBroken) return null;
    throw error;
  }
}
