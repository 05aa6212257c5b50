/** Thrown when the program itself is wrong. Never used to refuse a user's input. */
export class InvariantBroken extends Error {
  override readonly name = "InvariantBroken";
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InvariantBroken(message);
}

/** Closes an exhaustive switch: the compiler refuses a case that was forgotten. */
export function unreachable(value: never): never {
  throw new InvariantBroken(`unreachable: ${JSON.stringify(value)}`);
}

/** The value at `key`, where its absence would be a programming error. */
export function required<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new InvariantBroken(`missing: ${what}`);
  return value;
}
