// From JSON that somebody sent to a definition the platform can run, or to everything that is wrong with it.
import type * as z from "zod";
import { err, ok, type Result } from "../../core/kernel/result.ts";
import { problemsOf } from "../../core/strategy/definition/check-definition.ts";
import { BOUNDS, type StrategyDefinition } from "../../core/strategy/definition/definition.ts";
import type { DefinitionProblem } from "../../core/strategy/definition/problem.ts";
import { DefinitionSchema } from "./schema.ts";

const PROBLEMS_MAX = 50;
/** Brackets within brackets of the whole JSON; a tree of conditions at its bound stays far below. */
const NESTING_MAX = 40;

/** `features`: every name that a condition may use. At most 50 problems are named. */
export function parseDefinition(
  value: unknown,
  features: ReadonlySet<string>,
): Result<StrategyDefinition, readonly DefinitionProblem[]> {
  const size = sizeProblem(value);
  if (size !== null) return err([size]);
  const parsed = DefinitionSchema.safeParse(value);
  const problems = parsed.success ? problemsOf(parsed.data, features) : parsed.error.issues.flatMap(problemsOfIssue);
  if (parsed.success && problems.length === 0) return ok(parsed.data);
  return err(problems.slice(0, PROBLEMS_MAX));
}

function sizeProblem(value: unknown): DefinitionProblem | null {
  const depth = depthOf(value, 0);
  if (depth > NESTING_MAX) {
    return whole(`brackets at most ${NESTING_MAX} deep would pass`, NESTING_MAX, depth);
  }
  const characters = JSON.stringify(value)?.length ?? 0;
  return characters > BOUNDS.characters
    ? whole(`at most ${BOUNDS.characters} characters of JSON would pass`, BOUNDS.characters, characters)
    : null;
}

/** Stops counting one beyond what is allowed, so that no input runs away with it. */
function depthOf(value: unknown, at: number): number {
  if (at > NESTING_MAX || typeof value !== "object" || value === null) return at;
  let deepest = at;
  for (const part of Object.values(value)) {
    deepest = Math.max(deepest, depthOf(part, at + 1));
    if (deepest > NESTING_MAX) break;
  }
  return deepest;
}

const whole = (message: string, limit: number, value: number): DefinitionProblem => ({
  field: "definition",
  limit,
  value,
  message,
});

/** A sentence that says what would pass, where the schema's own words do not. */
function problemsOfIssue(issue: z.core.$ZodIssue): DefinitionProblem[] {
  const field = issue.path.map(String).join(".") || "definition";
  const of = (message: string, limit: number | null = null): DefinitionProblem => ({
    field,
    limit,
    value: null,
    message,
  });
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        ...of("leaving it out would pass: the format has no such field here"),
        field: field === "definition" ? key : `${field}.${key}`,
      }));
    case "invalid_type":
      return [of(issue.message.includes("would pass") ? issue.message : `${nameOf(issue.expected)} would pass`)];
    case "too_big":
      return [of(would(issue.message, `at most ${issue.maximum}`), Number(issue.maximum))];
    case "too_small":
      return [of(would(issue.message, `at least ${issue.minimum}`), Number(issue.minimum))];
    default:
      return [of(issue.message)];
  }
}

const would = (message: string, otherwise: string): string =>
  message.includes("would pass") ? message : `${otherwise} would pass`;

const nameOf = (expected: string): string =>
  expected === "array" || expected === "object" ? `an ${expected}` : `a ${expected}`;
