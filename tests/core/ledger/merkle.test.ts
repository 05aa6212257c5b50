import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvariantBroken, required } from "../../../src/core/kernel/assert.ts";
import { inclusionProof, merkleRoot, verifyInclusion } from "../../../src/core/ledger/merkle.ts";

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

/** The leaves and roots that Certificate Transparency implementations test themselves against. */
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map(
  fromHex,
);
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

describe("the Merkle log", () => {
  it.each(ROOTS.map((root, size) => [size, root] as const))("has the published root over %i leaves", (size, root) => {
    expect(merkleRoot(LEAVES.slice(0, size))).toBe(root);
  });

  it("gives the published inclusion proof of the first of eight leaves", () => {
    expect(inclusionProof(LEAVES, 0)).toEqual({
      index: 0,
      size: 8,
      siblings: [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
      ],
    });
  });

  it("takes text as its UTF-8 bytes", () => {
    expect(merkleRoot(["ä"])).toBe(merkleRoot([new TextEncoder().encode("ä")]));
  });

  const leaves = fc.array(fc.string(), { minLength: 1, maxLength: 40 });

  it("proves every leaf of every tree", () => {
    fc.assert(
      fc.property(leaves, (texts) => {
        const root = merkleRoot(texts);
        for (const [index, text] of texts.entries()) {
          expect(verifyInclusion(text, inclusionProof(texts, index), root)).toBe(true);
        }
      }),
    );
  });

  it("proves nothing else: another leaf, place, size, sibling or root fails", () => {
    fc.assert(
      fc.property(leaves, fc.nat(), fc.string(), (texts, which, other) => {
        const index = which % texts.length;
        const leaf = required(texts[index], "a leaf");
        fc.pre(other !== leaf);
        const root = merkleRoot(texts);
        const proof = inclusionProof(texts, index);
        expect(verifyInclusion(other, proof, root)).toBe(false);
        expect(verifyInclusion(leaf, { ...proof, siblings: [...proof.siblings, root] }, root)).toBe(false);
        expect(verifyInclusion(leaf, { ...proof, siblings: proof.siblings.slice(1) }, root)).toBe(texts.length === 1);
        expect(verifyInclusion(leaf, { ...proof, index: texts.length }, root)).toBe(false);
        expect(verifyInclusion(leaf, { ...proof, index: -1 }, root)).toBe(false);
        expect(verifyInclusion(leaf, { ...proof, siblings: proof.siblings.map(() => "zz") }, root)).toBe(
          texts.length === 1,
        );
        expect(verifyInclusion(leaf, proof, merkleRoot([...texts, leaf]))).toBe(false);
      }),
    );
  });

  it("changes its root with the order of its leaves, and never takes a node for a leaf", () => {
    expect(merkleRoot(["a", "b"])).not.toBe(merkleRoot(["b", "a"]));
    expect(merkleRoot(["a", "b", "c"])).not.toBe(merkleRoot(["a", "b", "c", "c"]));
    for (const index of [1, -1, 0.5, Number.NaN]) {
      expect(() => inclusionProof(["a"], index)).toThrow(InvariantBroken);
    }
  });

  it("refuses a proof whose place or size is no whole number, or that lacks a hash", () => {
    const texts = ["a", "b", "c"];
    const root = merkleRoot(texts);
    const proof = inclusionProof(texts, 0);
    expect(verifyInclusion("a", proof, root)).toBe(true);
    for (const odd of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(verifyInclusion("a", { ...proof, index: odd }, root)).toBe(false);
      expect(verifyInclusion("a", { ...proof, size: odd }, root)).toBe(false);
    }
    expect(verifyInclusion("a", { ...proof, size: 3.5 }, root)).toBe(false);
    expect(verifyInclusion("a", { ...proof, siblings: [] }, root)).toBe(false);
  });
});
