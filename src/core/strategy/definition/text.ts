// Definitions and parameter values as text, one spelling for each: what a journal holds of them. A journal's hash covers whole
// numbers only, and a definition has fractions; as text they are written once, the shortest way that reads back as the same number.
import type { ParameterValues, StrategyDefinition } from "./definition.ts";

/** JSON with keys in order and no white space. */
export function textOf(value: StrategyDefinition | ParameterValues): string {
  return JSON.stringify(ordered(value));
}

export const definitionOf = ({ definitionText }: { readonly definitionText: string }): StrategyDefinition =>
  remembered(definitions, definitionText);

export const parametersOf = ({ parametersText }: { readonly parametersText: string }): ParameterValues =>
  remembered(parameters, parametersText);

/** Texts are read again in every window; what they say never changes, and nobody changes what was read. */
const definitions = new Map<string, StrategyDefinition>();
const parameters = new Map<string, ParameterValues>();
const REMEMBERED_MAX = 256;

function remembered<Value>(known: Map<string, Value>, text: string): Value {
  const found = known.get(text);
  if (found !== undefined) return found;
  if (known.size >= REMEMBERED_MAX) known.clear();
  const value = JSON.parse(text) as Value;
  known.set(text, value);
  return value;
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, member]) => [key, ordered(member)]),
  );
}
