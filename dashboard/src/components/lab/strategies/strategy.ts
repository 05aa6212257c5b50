// Strategies and their parameters, as the API sends them.
import type { Underlying } from "../../../live/model.ts";
import type { Parameter, Values } from "./parameter.ts";

export interface StrategyHead {
  readonly strategyId: string;
  readonly source: "LIBRARY" | "OWN";
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly retiredAt: string | null;
}

export interface Strategy extends StrategyHead {
  readonly hash: string;
  /** As the format has it; what the page reads of it is named here. */
  readonly definition: {
    readonly name: string;
    readonly version: number;
    readonly title: string;
    readonly description: string;
    readonly underlyings: readonly Underlying[];
    readonly parameters: readonly Parameter[];
  };
}

export interface Instance {
  readonly instanceId: string;
  readonly strategyId: string;
  readonly title: string;
  readonly underlying: Underlying;
  readonly parameters: Values;
  readonly state: "STOPPED" | "RUNNING" | "PAUSED" | "ERROR";
  readonly reason: string;
  readonly openEntry: string | null;
  readonly metrics: {
    readonly signals: number;
    readonly entries: number;
    readonly denials: number;
    readonly closed: number;
    readonly won: number;
    readonly realised: string;
    readonly errors: number;
  };
  readonly last: { readonly at: string; readonly action: string; readonly reason: string } | null;
}

export const defaultsOf = (parameters: readonly Parameter[]): Values =>
  Object.fromEntries(parameters.map((parameter) => [parameter.name, parameter.default]));

/** The definition as somebody begins to change it: a copy is a strategy of its own, a new version the same one later. */
export function textOfCopy({ definition }: Strategy, taken: readonly string[]): string {
  const stem = definition.name.replace(/^my-/, "").slice(0, 32).replace(/-+$/, "");
  for (let number = 1; ; number += 1) {
    const name = `my-${stem}${number === 1 ? "" : `-${number}`}`;
    if (!taken.includes(name)) {
      return pretty({ ...definition, name, version: 1, title: `${definition.title.slice(0, 54)}, own` });
    }
  }
}

export const textOfNextVersion = ({ definition }: Strategy, heads: readonly StrategyHead[]): string => {
  const versions = heads.filter(({ name, source }) => source === "OWN" && name === definition.name);
  const last = Math.max(definition.version, ...versions.map(({ version }) => version));
  return pretty({ ...definition, version: last + 1 });
};

const LINE_MAX = 90;

function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const parts = Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${onOneLine(each)}`);
  return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
}

/** What fits on a line stays on one: a definition is read more often than it is typed. */
function pretty(value: unknown, indent = ""): string {
  const short = onOneLine(value);
  if (typeof value !== "object" || value === null || (indent !== "" && indent.length + short.length <= LINE_MAX)) {
    return short;
  }
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((each) => pretty(each, inner))
    : Object.entries(value).map(([name, each]) => `${JSON.stringify(name)}: ${pretty(each, inner)}`);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  return `${open}\n${parts.map((part) => `${inner}${part}`).join(",\n")}\n${indent}${close}`;
}
