// Everything about a definition that its shape alone does not say: names that must exist, ranges that must fit their use, trees
// that must stay small, legs that must be able to stand. All problems at once, each with what would pass.

import { type AmountUse, amountsIn } from "./amounts.ts";
import {
  type Amount,
  BOUNDS,
  type Condition,
  type Entry,
  type Leg,
  type Operand,
  type Parameter,
  type StrategyDefinition,
} from "./definition.ts";
import { problemOf } from "./parameters.ts";
import type { DefinitionProblem } from "./problem.ts";

export function problemsOf(definition: StrategyDefinition, features: ReadonlySet<string>): DefinitionProblem[] {
  return [
    ...namesTwice(definition),
    ...definition.parameters.flatMap(parameterProblems),
    ...amountsIn(definition).flatMap((use) => amountProblems(use, definition.parameters)),
    ...conditionsIn(definition).flatMap(([field, condition]) =>
      treeProblems(field, condition, definition.parameters, features),
    ),
    ...definition.entries.flatMap((entry, index) => entryProblems(definition, entry, `entries.${index}`)),
    ...timeProblems(definition),
  ];
}

function namesTwice({ parameters, entries, underlyings }: StrategyDefinition): DefinitionProblem[] {
  const twice = (field: string, names: readonly string[]): DefinitionProblem[] =>
    names
      .filter((name, index) => names.indexOf(name) < index)
      .map((name) => problem(field, `${name} stands there twice; each name once would pass`));
  return [
    ...twice(
      "parameters",
      parameters.map(({ name }) => name),
    ),
    ...twice(
      "entries",
      entries.map(({ name }) => name),
    ),
    ...twice("underlyings", underlyings),
  ];
}

function parameterProblems(parameter: Parameter, index: number): DefinitionProblem[] {
  const field = `parameters.${index}`;
  if (parameter.kind === "NUMBER" && parameter.min > parameter.max) {
    return [problem(`${field}.min`, `at most max, ${parameter.max}, would pass`, parameter.max, parameter.min)];
  }
  const fault = problemOf(parameter, parameter.default);
  return fault === null ? [] : [{ ...fault, field: `${field}.default` }];
}

/** A number must fit its use, and so must every value that a parameter may take. */
function amountProblems({ field, amount, min, max, what }: AmountUse, parameters: readonly Parameter[]) {
  const range = `${what} from ${min} to ${max} would pass`;
  if (typeof amount === "number") {
    if (amount < min) return [problem(field, range, min, amount)];
    return amount > max ? [problem(field, range, max, amount)] : [];
  }
  const parameter = numberParameter(field, amount, parameters);
  if ("message" in parameter) return [parameter];
  const named = `${range}, and the parameter ${parameter.name} can be`;
  if (parameter.min < min) return [problem(field, `${named} ${parameter.min}; raise its min`, min, parameter.min)];
  return parameter.max > max ? [problem(field, `${named} ${parameter.max}; lower its max`, max, parameter.max)] : [];
}

function numberParameter(
  field: string,
  { param }: Exclude<Amount, number>,
  parameters: readonly Parameter[],
): Extract<Parameter, { readonly kind: "NUMBER" }> | DefinitionProblem {
  const numbers = parameters.filter((each) => each.kind === "NUMBER");
  const found = numbers.find(({ name }) => name === param);
  const known = numbers.map(({ name }) => name).join(", ") || "none so far";
  return found ?? problem(field, `${param} is no number parameter; one of those declared (${known}) would pass`);
}

function conditionsIn({ entries, exits }: StrategyDefinition): (readonly [string, Condition])[] {
  const optional = (field: string, condition: Condition | undefined) =>
    condition === undefined ? [] : [[field, condition] as const];
  return [
    ...entries.flatMap(({ when, leaveWhen }, index) => [
      [`entries.${index}.when`, when] as const,
      ...optional(`entries.${index}.leaveWhen`, leaveWhen),
    ]),
    ...optional("exits.when", exits?.when),
  ];
}

function treeProblems(
  field: string,
  root: Condition,
  parameters: readonly Parameter[],
  features: ReadonlySet<string>,
): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  let [count, deepest] = [0, 0];
  const operand = (at: string, of: Operand): void => {
    if (typeof of === "number") return;
    if ("param" in of) {
      const found = numberParameter(at, of, parameters);
      if ("message" in found) problems.push(found);
    } else if (!features.has(of.feature)) {
      problems.push(
        problem(at, `there is no feature ${of.feature}; GET /v1/strategies/features lists those there are`),
      );
    }
  };
  const visit = (at: string, condition: Condition, depth: number): void => {
    count += 1;
    deepest = Math.max(deepest, depth);
    switch (condition.kind) {
      case "ALL":
      case "ANY":
        for (const [index, part] of condition.of.entries()) visit(`${at}.of.${index}`, part, depth + 1);
        return;
      case "NOT":
        visit(`${at}.of`, condition.of, depth + 1);
        return;
      case "COMPARE":
      case "CROSS":
        operand(`${at}.left`, condition.left);
        operand(`${at}.right`, condition.right);
        return;
      case "CHOICE":
        problems.push(...choiceProblems(at, condition, parameters));
        return;
      case "RESULT":
        if (field.endsWith(".when") && field !== "exits.when") {
          problems.push(problem(at, "nothing is held before an entry; in leaveWhen or exits.when it would pass"));
        }
        return;
      case "TIME":
        problems.push(...orderOfTimes(at, condition));
        return;
      default:
        return;
    }
  };
  visit(field, root, 1);
  if (count > BOUNDS.conditions) {
    problems.push(problem(field, `at most ${BOUNDS.conditions} conditions would pass`, BOUNDS.conditions, count));
  }
  if (deepest > BOUNDS.depth) {
    problems.push(problem(field, `conditions at most ${BOUNDS.depth} deep would pass`, BOUNDS.depth, deepest));
  }
  return problems;
}

function choiceProblems(
  field: string,
  { param, is }: Extract<Condition, { readonly kind: "CHOICE" }>,
  parameters: readonly Parameter[],
): DefinitionProblem[] {
  const choices = parameters.filter((each) => each.kind === "CHOICE");
  const found = choices.find(({ name }) => name === param);
  const known = choices.map(({ name }) => name).join(", ") || "none so far";
  if (found === undefined) {
    return [problem(`${field}.param`, `${param} is no choice parameter; one of those declared (${known}) would pass`)];
  }
  return found.options.includes(is)
    ? []
    : [problem(`${field}.is`, `one of the options of ${param} would pass: ${found.options.join(", ")}`)];
}

function timeProblems({ filters, exits }: StrategyDefinition): DefinitionProblem[] {
  const problems = filters?.time === undefined ? [] : orderOfTimes("filters.time", filters.time);
  if (exits?.at !== undefined && !isDuringTheDay(exits.at)) {
    problems.push(problem("exits.at", "a time from 09:15 to 15:15 would pass: after it everything is closed anyway"));
  }
  return problems;
}

const isDuringTheDay = (time: string): boolean => time >= "09:15" && time <= "15:15";

const orderOfTimes = (field: string, { from, before }: { readonly from: string; readonly before: string }) =>
  from < before ? [] : [problem(`${field}.before`, `a time after from, ${from}, would pass`)];

function entryProblems({ sizing }: StrategyDefinition, entry: Entry, field: string): DefinitionProblem[] {
  const { legs, exit } = entry;
  const isSingle = legs.length === 1;
  const problems = legs.flatMap((leg, index) => legProblems(leg, isSingle, `${field}.legs.${index}`));
  const bought = (leg: Leg): number =>
    legs
      .filter((other) => other.side === "BUY" && other.optionType === leg.optionType && other.expiry === leg.expiry)
      .reduce((sum, { ratio }) => sum + ratio, 0);
  for (const [index, leg] of legs.entries()) {
    const sold = legs
      .filter((other) => other.side === "SELL" && other.optionType === leg.optionType && other.expiry === leg.expiry)
      .reduce((sum, { ratio }) => sum + ratio, 0);
    if (leg.side === "SELL" && bought(leg) < sold) {
      problems.push(
        problem(
          `${field}.legs.${index}`,
          `as many bought ${leg.optionType.toLowerCase()}s of its expiry in the entry as are sold would pass: nothing is sold without cover`,
          sold,
          bought(leg),
        ),
      );
    }
  }
  if (isSingle && exit !== undefined) {
    problems.push(problem(`${field}.exit`, "an entry of one leg is left by that leg's exit; legs.0.exit would pass"));
  }
  if (sizing.by === "RISK_PERCENT" && (isSingle ? legs[0]?.exit?.stop : exit?.stop) === undefined) {
    problems.push(
      problem(`${field}.${isSingle ? "legs.0.exit" : "exit"}.stop`, "RISK_PERCENT sizes by it; a stop would pass"),
    );
  }
  if (sizing.by === "RISK_PERCENT" && exit?.stop !== undefined && exit.stop.unit !== "PREMIUM_PERCENT") {
    problems.push(
      problem(`${field}.exit.stop.unit`, "RISK_PERCENT needs what one set loses: PREMIUM_PERCENT would pass"),
    );
  }
  return problems;
}

function legProblems({ side, strike, exit }: Leg, isSingle: boolean, field: string): DefinitionProblem[] {
  const problems: DefinitionProblem[] = [];
  if (strike.by === "PICKER" && (side === "SELL" || !isSingle)) {
    problems.push(
      problem(`${field}.strike.by`, "PICKER chooses the one leg that is bought alone; any other way would pass"),
    );
  }
  if (exit?.reentry !== undefined && (!isSingle || (exit.stop === undefined && exit.trail === undefined))) {
    problems.push(
      problem(
        `${field}.exit.reentry`,
        "a leg that stands alone and has a stop or a trail would pass: it is entered again after it",
      ),
    );
  }
  if (exit?.reentry?.mode === "MOMENTUM" && exit.reentry.momentum === undefined) {
    problems.push(problem(`${field}.exit.reentry.momentum`, "MOMENTUM waits for a distance; give one"));
  }
  return problems;
}

const problem = (
  field: string,
  message: string,
  limit: number | null = null,
  value: number | null = null,
): DefinitionProblem => ({ field, limit, value, message });
