// A Merkle log as in RFC 9162 (section 2.1): one root stands for a list of leaves in their order, and a short proof shows that
// a leaf is in it. Leaves and inner nodes are hashed with different prefixes, so that neither can pass for the other.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { assert } from "../kernel/assert.ts";

/** Bytes, or text as UTF-8. */
export type MerkleLeaf = Uint8Array | string;

export interface InclusionProof {
  /** 0-based position of the leaf. */
  readonly index: number;
  /** Leaves in the tree. */
  readonly size: number;
  /** Hex hashes of the siblings, from the leaf's upwards. */
  readonly siblings: readonly string[];
}

const LEAF_PREFIX = Uint8Array.of(0x00);
const NODE_PREFIX = Uint8Array.of(0x01);
const HASH_HEX = /^[0-9a-f]{64}$/;

/** Hex root over the leaves; that of no leaves is SHA-256 of nothing. */
export function merkleRoot(leaves: readonly MerkleLeaf[]): string {
  let level = leaves.map(leafHash);
  while (level.length > 1) level = parentsOf(level);
  return bytesToHex(level[0] ?? sha256(new Uint8Array()));
}

/** Throws InvariantBroken when there is no such leaf. */
export function inclusionProof(leaves: readonly MerkleLeaf[], index: number): InclusionProof {
  assert(Number.isSafeInteger(index) && index >= 0 && index < leaves.length, `no leaf ${index} of ${leaves.length}`);
  const siblings: string[] = [];
  let level = leaves.map(leafHash);
  for (let at = index; level.length > 1; at = Math.floor(at / 2)) {
    const sibling = level[at % 2 === 0 ? at + 1 : at - 1];
    if (sibling !== undefined) siblings.push(bytesToHex(sibling));
    level = parentsOf(level);
  }
  return { index, size: leaves.length, siblings };
}

/** True when the proof leads from the leaf to the root. Never throws: a proof may come from anybody. */
export function verifyInclusion(leaf: MerkleLeaf, { index, size, siblings }: InclusionProof, root: string): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
  let hash = leafHash(leaf);
  let at = index;
  let used = 0;
  for (let width = size; width > 1; width = Math.ceil(width / 2)) {
    const isLeft = at % 2 === 0;
    // The last node of an odd level has no sibling and moves up as it is.
    if (!isLeft || at + 1 < width) {
      const sibling = siblings[used];
      if (sibling === undefined || !HASH_HEX.test(sibling)) return false;
      const bytes = hexToBytes(sibling);
      hash = isLeft ? nodeHash(hash, bytes) : nodeHash(bytes, hash);
      used += 1;
    }
    at = Math.floor(at / 2);
  }
  return used === siblings.length && bytesToHex(hash) === root;
}

const leafHash = (leaf: MerkleLeaf): Uint8Array =>
  sha256(concatBytes(LEAF_PREFIX, typeof leaf === "string" ? utf8ToBytes(leaf) : leaf));

const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concatBytes(NODE_PREFIX, left, right));

/** Pairs from the left; an odd last node moves up unchanged, which gives the same tree as splitting at a power of two. */
function parentsOf(level: readonly Uint8Array[]): Uint8Array[] {
  const parents: Uint8Array[] = [];
  for (let at = 0; at < level.length; at += 2) {
    const left = level[at];
    const right = level[at + 1];
    assert(left !== undefined, "a level has no holes");
    parents.push(right === undefined ? left : nodeHash(left, right));
  }
  return parents;
}
