// Values of a definition's parameters: defaults where nothing is given, refused where a value is not one of the parameter's.
import { assert, required } from "../../kernel/assert.ts";
import { err, ok, type Result } from "../../kernel/result.ts";
import type { Amount, Parameter, ParameterValues, StrategyDefinition } from "./definition.ts";
import type { DefinitionProblem } from "./problem.ts";

/** All values, or everything that is wrong with those given. */
export function parametersWith(
  { parameters }: Pick<StrategyDefinition, "parameters">,
  given: ParameterValues,
): Result<ParameterValues, readonly DefinitionProblem[]> {
  const problems: DefinitionProblem[] = Object.keys(given)
    .filter((name) => !parameters.some((parameter) => parameter.name === name))
    .map((name) => ({
      field: `parameters.${name}`,
      limit: null,
      value: null,
      message: `there is no parameter ${name}; there ${parameters.length === 0 ? "are none" : `is ${parameters.map((each) => each.name).join(", ")}`}`,
    }));
  const values: Record<string, number | string> = {};
  for (const parameter of parameters) {
    const value = Object.hasOwn(given, parameter.name) ? required(given[parameter.name], "a value") : parameter.default;
    const problem = problemOf(parameter, value);
    if (problem === null) values[parameter.name] = value;
    else problems.push(problem);
  }
  return problems.length === 0 ? ok(values) : err(problems);
}

/** What is wrong with a value; null when nothing is. */
export function problemOf(parameter: Parameter, value: number | string): DefinitionProblem | null {
  const field = `parameters.${parameter.name}`;
  if (parameter.kind === "CHOICE") {
    if (typeof value === "string" && parameter.options.includes(value)) return null;
    return { field, limit: null, value: null, message: `one of ${parameter.options.join(", ")} would pass` };
  }
  const { min, max } = parameter;
  const message = `a number from ${min} to ${max} would pass`;
  if (typeof value !== "number" || !Number.isFinite(value)) return { field, limit: null, value: null, message };
  if (value < min) return { field, limit: min, value, message };
  return value > max ? { field, limit: max, value, message } : null;
}

/** An amount as a number. A definition that was checked names number parameters only. */
export function amountOf(amount: Amount, values: ParameterValues): number {
  if (typeof amount === "number") return amount;
  const value = values[amount.param];
  assert(typeof value === "number", `no number parameter ${amount.param}`);
  return value;
}
