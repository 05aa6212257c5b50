// Writes WebAssembly modules: a piece of code is the bytes of its instructions, and bigger pieces are put together from
// smaller ones. Knows what our kernels need and nothing else: 32-bit addresses, floats, and four floats side by side.

export type Code = readonly number[];
export type ValueType = "i32" | "f32" | "v128";

const TYPES: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

export interface WasmFunction {
  readonly name: string;
  readonly params: readonly ValueType[];
  readonly result: ValueType | null;
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

type Numbers<N extends number, T extends readonly number[] = readonly []> = T["length"] extends N
  ? T
  : Numbers<N, readonly [...T, number]>;

/** Numbers a function's parameters and variables. */
export class Locals {
  readonly params: ValueType[] = [];
  readonly locals: ValueType[] = [];

  /** Parameters come before all variables. */
  take<const N extends number>(count: N, type: ValueType): Numbers<N> {
    return this.#numbered(count, type, this.params);
  }

  make<const N extends number>(count: N, type: ValueType): Numbers<N> {
    return this.#numbered(count, type, this.locals);
  }

  #numbered<N extends number>(count: N, type: ValueType, into: ValueType[]): Numbers<N> {
    const from = this.params.length + this.locals.length;
    into.push(...Array.from({ length: count }, () => type));
    return Array.from({ length: count }, (_, index) => from + index) as unknown as Numbers<N>;
  }
}

export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}

const floatBytes = (value: number): number[] => [...new Uint8Array(Float32Array.of(value).buffer)];
const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)];
/** Alignment is a hint only; 4 bytes is true of everything. */
const at = (offset: number): number[] => [2, ...unsigned(offset)];
const binary =
  (opcode: readonly number[]) =>
  (one: Code, other: Code): Code => [...one, ...other, ...opcode];
const unary =
  (opcode: readonly number[]) =>
  (one: Code): Code => [...one, ...opcode];

export const seq = (...parts: readonly Code[]): Code => parts.flat();
export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];

export const int = (value: number): Code => [0x41, ...signed(value)];
export const addInt = binary([0x6a]);
export const mulInt = binary([0x6c]);
const lessInt = binary([0x49]);

export const loadFloat = (address: Code, offset = 0): Code => [...address, 0x2a, ...at(offset)];
export const storeFloat = (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x38, ...at(offset)];
export const addFloat = binary([0x92]);

export const load = (address: Code, offset = 0): Code => [...address, ...simd(0x00), ...at(offset)];
/** The same float four times. */
export const loadSplat = (address: Code, offset = 0): Code => [...address, ...simd(0x09), ...at(offset)];
export const store = (address: Code, value: Code, offset = 0): Code => [
  ...address,
  ...value,
  ...simd(0x0b),
  ...at(offset),
];
export const splat = unary(simd(0x13));
export const floats = (value: number): Code => {
  const bytes = floatBytes(value);
  return [...simd(0x0c), ...bytes, ...bytes, ...bytes, ...bytes];
};
export const add = binary(simd(0xe4));
export const sub = binary(simd(0xe5));
export const mul = binary(simd(0xe6));
export const div = binary(simd(0xe7));
export const sqrt = unary(simd(0xe3));
/** The lesser and the greater; the first where it is not a number. */
export const least = binary(simd(0xea));
export const greatest = binary(simd(0xeb));
export const addBits = binary(simd(0xae));
export const shiftLeft = binary(simd(0xab));
/** a × b + c rounded once, where the machine can; else twice. */
export const fused = (a: Code, b: Code, c: Code): Code => [...a, ...b, ...c, ...simd(0x105)];
export const lane = (vector: Code, index: number): Code => [...vector, ...simd(0x1f), index];
/** Four floats out of eight: 0 to 3 of the first vector, 4 to 7 of the second. */
export const pick = (one: Code, other: Code, floatsOf: readonly number[]): Code => [
  ...one,
  ...other,
  ...simd(0x0d),
  ...floatsOf.flatMap((index) => [0, 1, 2, 3].map((byte) => index * 4 + byte)),
];

/** Runs the body with `counter` from its present value, by `step`, while it is below `end`. The body runs at least once. */
export const repeat = (counter: number, step: number, end: Code, body: Code): Code => [
  ...[0x03, 0x40],
  ...body,
  ...set(counter, addInt(get(counter), int(step))),
  ...lessInt(get(counter), end),
  ...[0x0d, 0],
  0x0b,
];

const named = (name: string): number[] => [...unsigned(name.length), ...new TextEncoder().encode(name)];
const section = (id: number, items: readonly Code[]): Code => {
  const bytes = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(bytes.length), ...bytes];
};
const list = (types: readonly ValueType[]): Code => [...unsigned(types.length), ...types.map((type) => TYPES[type])];

/** A module with these functions that works on a memory it is given (`env.memory`). */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  const bodies = functions.map(({ locals, body }) => {
    const code = [...unsigned(locals.length), ...locals.flatMap((type) => [1, TYPES[type]]), ...body, 0x0b];
    return [...unsigned(code.length), ...code];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      functions.map(({ params, result }) => [0x60, ...list(params), ...list(result === null ? [] : [result])]),
    ),
    ...section(2, [[...named("env"), ...named("memory"), 0x02, 0x00, ...unsigned(1)]]),
    ...section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    ...section(
      7,
      functions.map(({ name }, index) => [...named(name), 0x00, ...unsigned(index)]),
    ),
    ...section(10, bodies),
  ]);
}
