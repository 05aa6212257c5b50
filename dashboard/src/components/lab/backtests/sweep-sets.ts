// The sets of parameters of a sweep, from the values that are to be tried of each: every combination of them.
import type { Parameter, Values } from "../strategies/parameter.ts";

/** What was written or ticked, by parameter; one that is not there stays as it is. */
export type Tried = Readonly<Record<string, readonly string[]>>;

export const SETS_MAX = 50;

export interface Sets {
  /** Fewer than two are no sweep. */
  readonly sets: readonly Values[];
  /** Why they cannot be played; null where they can. */
  readonly fault: string | null;
}

/** Values apart by commas or spaces. */
export const valuesIn = (written: string): readonly string[] => written.split(/[\s,;]+/).filter((each) => each !== "");

export function setsOf(parameters: readonly Parameter[], tried: Tried): Sets {
  let sets: readonly Values[] = [{}];
  for (const parameter of parameters) {
    const given = [...new Set(tried[parameter.name] ?? [])];
    if (given.length === 0) continue;
    const values = parameter.kind === "CHOICE" ? given : given.map(Number);
    const strange = values.find((value) => typeof value === "number" && !Number.isFinite(value));
    if (strange !== undefined) return { sets: [], fault: `${parameter.name}: numbers apart by commas would pass` };
    sets = sets.flatMap((set) => values.map((value) => ({ ...set, [parameter.name]: value })));
    if (sets.length > SETS_MAX) {
      return { sets: [], fault: `these are more than ${SETS_MAX} sets; at most ${SETS_MAX} would pass` };
    }
  }
  return { sets: sets.length < 2 ? [] : sets, fault: null };
}
