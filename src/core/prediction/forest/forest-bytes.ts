// A forest as bytes, little-endian: the same forest always has the same spelling, so that its hash names the model.
import { err, ok, type Result } from "../../kernel/result.ts";
import type { DecisionTree } from "./decision-tree.ts";
import type { RandomForest } from "./random-forest.ts";

/** "AHF1": the layout below. */
const MAGIC = 0x31464841;
const HEADER_BYTES = 16;
const TREE_HEADER_BYTES = 8;
const NODE_BYTES = 2 + 8 + 4;
const SHARE_BYTES = 4;

export interface ForestBytesRefusal {
  readonly code: "MODEL_BYTES_MALFORMED";
  readonly detail: string;
}

/** magic, classes, features, trees; then for each tree its number of nodes and of leaves, its features, thresholds, children, shares. */
export function forestToBytes({ classes, features, trees }: RandomForest): Uint8Array {
  const size = trees.reduce(
    (sum, tree) => sum + TREE_HEADER_BYTES + tree.feature.length * NODE_BYTES + tree.shares.length * SHARE_BYTES,
    HEADER_BYTES,
  );
  const view = new DataView(new ArrayBuffer(size));
  [MAGIC, classes, features, trees.length].forEach((value, index) => {
    view.setUint32(index * 4, value, true);
  });
  let at = HEADER_BYTES;
  for (const { feature, threshold, left, shares } of trees) {
    view.setUint32(at, feature.length, true);
    view.setUint32(at + 4, shares.length / classes, true);
    at += TREE_HEADER_BYTES;
    for (const value of feature) {
      view.setInt16(at, value, true);
      at += 2;
    }
    for (const value of threshold) {
      view.setFloat64(at, value, true);
      at += 8;
    }
    for (const value of left) {
      view.setInt32(at, value, true);
      at += 4;
    }
    for (const value of shares) {
      view.setFloat32(at, value, true);
      at += SHARE_BYTES;
    }
  }
  return new Uint8Array(view.buffer);
}

/** Refuses bytes that are cut short, too long, or whose trees lead anywhere but forward to a leaf of theirs. */
export function forestFromBytes(bytes: Uint8Array): Result<RandomForest, ForestBytesRefusal> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < HEADER_BYTES || view.getUint32(0, true) !== MAGIC)
    return malformed("no forest begins like this");
  const [classes, features, count] = [view.getUint32(4, true), view.getUint32(8, true), view.getUint32(12, true)];
  if (classes < 1 || classes > 255 || features < 1 || count < 1) return malformed("no classes, features or trees");
  const trees: DecisionTree[] = [];
  let at = HEADER_BYTES;
  for (let index = 0; index < count; index += 1) {
    if (at + TREE_HEADER_BYTES > bytes.byteLength) return malformed(`tree ${index} is cut off`);
    const [nodes, leaves] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    const treeBytes = TREE_HEADER_BYTES + nodes * NODE_BYTES + leaves * classes * SHARE_BYTES;
    if (at + treeBytes > bytes.byteLength) return malformed(`tree ${index} is cut off`);
    const tree = readTree(view, at + TREE_HEADER_BYTES, nodes, leaves * classes);
    if (!isSound(tree, features, leaves)) return malformed(`tree ${index} leads nowhere`);
    trees.push(tree);
    at += treeBytes;
  }
  return at === bytes.byteLength
    ? ok({ classes, features, trees })
    : malformed("there is something after the last tree");
}

function readTree(view: DataView, from: number, nodes: number, shares: number): DecisionTree {
  const thresholdAt = from + nodes * 2;
  const leftAt = thresholdAt + nodes * 8;
  const sharesAt = leftAt + nodes * 4;
  return {
    feature: Int16Array.from({ length: nodes }, (_, node) => view.getInt16(from + node * 2, true)),
    threshold: Float64Array.from({ length: nodes }, (_, node) => view.getFloat64(thresholdAt + node * 8, true)),
    left: Int32Array.from({ length: nodes }, (_, node) => view.getInt32(leftAt + node * 4, true)),
    shares: Float32Array.from({ length: shares }, (_, index) => view.getFloat32(sharesAt + index * SHARE_BYTES, true)),
  };
}

/** Children come after their parent, so every walk ends; every leaf has its shares. */
function isSound({ feature, threshold, left }: DecisionTree, features: number, leaves: number): boolean {
  return (
    feature.length > 0 &&
    feature.every((by, node) => {
      const to = left[node] as number;
      if (by < 0) return to >= 0 && to < leaves;
      return by < features && !Number.isNaN(threshold[node] as number) && to > node && to + 1 < feature.length;
    })
  );
}

const malformed = (detail: string): Result<never, ForestBytesRefusal> => err({ code: "MODEL_BYTES_MALFORMED", detail });
