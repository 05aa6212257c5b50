// A network as bytes, little-endian: the same network always has the same spelling, so that its hash names the model.
import { err, ok, type Result } from "../../kernel/result.ts";
import type { LstmModel } from "./lstm-model.ts";
import { isShape, type LstmShape, parameterCount } from "./lstm-shape.ts";

/** "AHL1": the layout below. */
const MAGIC = 0x314c4841;
/** Steps, features, units, head, outputs. */
export const SHAPE_BYTES = 5 * 4;
const HEADER_BYTES = 4 + SHAPE_BYTES;
const HEADS = ["VALUE", "CLASSES"] as const;

export interface LstmBytesRefusal {
  readonly code: "MODEL_BYTES_MALFORMED";
  readonly detail: string;
}

/** magic, shape, then every parameter. */
export function lstmToBytes({ shape, parameters }: LstmModel): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(HEADER_BYTES + parameters.byteLength));
  view.setUint32(0, MAGIC, true);
  putShape(view, 4, shape);
  parameters.forEach((value, index) => {
    view.setFloat32(HEADER_BYTES + index * 4, value, true);
  });
  return new Uint8Array(view.buffer);
}

/** Refuses bytes that are cut short, too long, of no possible shape, or with a parameter that is no finite number. */
export function lstmFromBytes(bytes: Uint8Array): Result<LstmModel, LstmBytesRefusal> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < HEADER_BYTES || view.getUint32(0, true) !== MAGIC)
    return malformed("no network begins like this");
  const shape = takeShape(view, 4);
  if (shape === null) return malformed("no network has this shape");
  const count = parameterCount(shape);
  if (bytes.byteLength !== HEADER_BYTES + count * 4)
    return malformed(`${bytes.byteLength} bytes where ${count} parameters were expected`);
  const parameters = takeFloats(view, HEADER_BYTES, count);
  return parameters.every(Number.isFinite) ? ok({ shape, parameters }) : malformed("a parameter is not finite");
}

export function putShape(view: DataView, at: number, { steps, features, units, head, outputs }: LstmShape): void {
  [steps, features, units, HEADS.indexOf(head), outputs].forEach((value, index) => {
    view.setUint32(at + index * 4, value, true);
  });
}

export function takeShape(view: DataView, at: number): LstmShape | null {
  const [steps, features, units, head, outputs] = [0, 1, 2, 3, 4].map((index) =>
    view.getUint32(at + index * 4, true),
  ) as [number, number, number, number, number];
  const named = HEADS[head];
  if (named === undefined) return null;
  const shape: LstmShape = { steps, features, units, head: named, outputs };
  return isShape(shape) ? shape : null;
}

export const takeFloats = (view: DataView, at: number, count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => view.getFloat32(at + index * 4, true));

const malformed = (detail: string): Result<never, LstmBytesRefusal> => err({ code: "MODEL_BYTES_MALFORMED", detail });
