// Definitions and parameter values as text, one spelling for each: what a journal holds of them. A journal's hash covers whole
// numbers only, and a definition has fractions; as text they are written once, the shortest way that reads back as the same number.
import type { ParameterValues, StrategyDefinition } from "./definition.ts";

/** JSON with keys in order and no white space. */
export function textOf(value: StrategyDefinition | ParameterValues): string {
  return JSON.stringify(ordered(value));
}

export const definitionOf = ({ definitionText }: { readonly definitionText: string }): StrategyDefinition =>
  JSON.parse(definitionText) as StrategyDefinition;

export const parametersOf = ({ parametersText }: { readonly parametersText: string }): ParameterValues =>
  JSON.parse(parametersText) as ParameterValues;

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, member]) => [key, ordered(member)]),
  );
}
