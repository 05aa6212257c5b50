import { describe, expect, it } from "vitest";
import { InvariantBroken } from "../../../../src/core/kernel/assert.ts";
import { lstmFromBytes, lstmToBytes } from "../../../../src/core/prediction/lstm/lstm-bytes.ts";
import { layoutOf } from "../../../../src/core/prediction/lstm/lstm-layout.ts";
import { load, unload } from "../../../../src/core/prediction/lstm/lstm-memory.ts";
import { initialModel } from "../../../../src/core/prediction/lstm/lstm-model.ts";
import { type LstmShape, parameterCount } from "../../../../src/core/prediction/lstm/lstm-shape.ts";

const BASELINE: LstmShape = { steps: 10, features: 1, units: 50, head: "VALUE", outputs: 1 };
const CLASSES: LstmShape = { steps: 4, features: 3, units: 5, head: "CLASSES", outputs: 3 };

describe("the shape of a network", () => {
  it("of 50 units on windows of ten single numbers, with one output, has 10,400 + 51 parameters (G-52)", () => {
    expect(parameterCount(BASELINE)).toBe(10_451);
    expect(initialModel(BASELINE, 1).parameters.length).toBe(10_451);
  });

  it("is refused where it makes no sense", () => {
    for (const wrong of [{ units: 0 }, { steps: 1.5 }, { features: 513 }, { head: "CLASSES", outputs: 1 }] as const)
      expect(() => layoutOf({ ...BASELINE, ...wrong })).toThrow(InvariantBroken);
  });

  it("leaves every parameter where it was when it goes through a kernel's memory", () => {
    for (const shape of [BASELINE, CLASSES]) {
      const { parameters } = initialModel(shape, 7);
      const layout = layoutOf(shape);
      const memory = new Float32Array(layout.floats);
      load(layout, memory, layout.means, parameters);
      expect(unload(layout, memory, layout.means)).toEqual(parameters);
    }
  });

  it("begins with weights that follow from the seed and cells that remember", () => {
    expect(initialModel(CLASSES, 7).parameters).toEqual(initialModel(CLASSES, 7).parameters);
    expect(initialModel(CLASSES, 7).parameters).not.toEqual(initialModel(CLASSES, 8).parameters);
    const biasesOfFirstUnit = initialModel(CLASSES, 7).parameters.slice(8 * 4, 9 * 4);
    expect([...biasesOfFirstUnit]).toEqual([0, 1, 0, 0]);
  });
});

describe("a network as bytes", () => {
  const model = initialModel(CLASSES, 7);
  const bytes = lstmToBytes(model);
  const changed = (at: number, value: number): Uint8Array => {
    const copy = bytes.slice();
    new DataView(copy.buffer).setUint32(at, value, true);
    return copy;
  };

  it("comes back as it was, wherever its bytes lie", () => {
    const elsewhere = new Uint8Array(bytes.length + 3);
    elsewhere.set(bytes, 3);
    expect(lstmFromBytes(elsewhere.subarray(3))).toEqual({ ok: true, value: model });
    expect(bytes.length).toBe(24 + parameterCount(CLASSES) * 4);
  });

  it("is refused when cut short, too long, of an impossible shape or with a parameter that is no number", () => {
    const wrong = [
      new Uint8Array(0),
      bytes.subarray(0, 20),
      bytes.subarray(0, bytes.length - 1),
      Uint8Array.of(...bytes, 0),
      changed(0, 0x31464841),
      changed(4, 0),
      changed(12, 1_000_000),
      changed(12, 6),
      changed(16, 2),
      changed(20, 1),
      changed(24, 0x7fc00000),
      changed(28, 0x7f800000),
    ];
    for (const malformed of wrong)
      expect(lstmFromBytes(malformed)).toMatchObject({ ok: false, error: { code: "MODEL_BYTES_MALFORMED" } });
  });
});
