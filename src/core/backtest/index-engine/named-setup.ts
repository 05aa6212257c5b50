// A rule of the index engine by its name, with the values somebody gives: all that is wrong with them is said at once.
import { err, ok, type Result } from "../../kernel/result.ts";
import type { ParameterValues } from "../../strategy/definition/definition.ts";
import type { DefinitionProblem } from "../../strategy/definition/problem.ts";
import { axisNames, withParameters } from "./index-grid.ts";
import type { IndexSetup, Polarity } from "./index-rule.ts";
import { INDEX_COSTS, INDEX_RISK, type NamedIndexRule } from "./index-rules.ts";

const POLARITIES: readonly Polarity[] = ["MOMENTUM", "CONTRARIAN"];
const WHOLE: ReadonlySet<string> = new Set(["period", "fast", "slow", "minutes"]);
const VALUE_MAX = 1_000;

/** `polarity`, the numbers of the rule's signal, and `stop` and `target` in ATR (0 for none). */
export function namedSetup(
  { name, signal }: NamedIndexRule,
  { polarity = "MOMENTUM", ...given }: ParameterValues,
  capitalPaise: number,
): Result<IndexSetup, readonly DefinitionProblem[]> {
  const problems: DefinitionProblem[] = [];
  const problem = (parameter: string, message: string, limit: number | null = null, value: number | null = null) =>
    problems.push({ field: `parameters.${parameter}`, message, limit, value });
  const known = POLARITIES.find((each) => each === polarity);
  if (known === undefined) problem("polarity", `one of ${POLARITIES.join(", ")} would pass`);
  const plain: IndexSetup = {
    rule: { signal: signal(known ?? "MOMENTUM"), sides: "BOTH", memory: "DAILY" },
    costs: INDEX_COSTS,
    risk: INDEX_RISK,
    capitalPaise,
  };
  const names = axisNames(plain);
  const numbers: Record<string, number> = {};
  for (const [parameter, value] of Object.entries(given)) {
    const isWhole = WHOLE.has(parameter);
    const least = isWhole ? 1 : 0;
    if (!names.includes(parameter)) {
      problem(parameter, `${name} has no ${parameter}; there is polarity, ${names.join(", ")}`);
    } else if (typeof value !== "number" || !Number.isFinite(value) || (isWhole && !Number.isInteger(value))) {
      problem(parameter, `a ${isWhole ? "whole " : ""}number from ${least} to ${VALUE_MAX} would pass`);
    } else if (value < least || value > VALUE_MAX) {
      const limit = value < least ? least : VALUE_MAX;
      problem(parameter, `a number from ${least} to ${VALUE_MAX} would pass`, limit, value);
    } else numbers[parameter] = value;
  }
  const setup = withParameters(plain, numbers);
  const rule = setup.rule.signal;
  if (rule.kind === "RSI" && rule.lower >= rule.upper) {
    problem("lower", `less than upper, ${rule.upper}, would pass`, rule.upper, rule.lower);
  }
  // The other way round is the same rule of the other polarity, under a name that says the opposite.
  if (rule.kind === "EMA_CROSS" && rule.fast >= rule.slow) {
    problem("fast", `less than slow, ${rule.slow}, would pass`, rule.slow, rule.fast);
  }
  return problems.length === 0 ? ok(setup) : err(problems);
}
