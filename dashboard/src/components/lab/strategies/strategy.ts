// Strategies and their parameters, as the API sends them.
import type { Underlying } from "../../../live/model.ts";

export type Parameter =
  | {
      readonly kind: "NUMBER";
      readonly name: string;
      readonly description: string;
      readonly default: number;
      readonly min: number;
      readonly max: number;
    }
  | {
      readonly kind: "CHOICE";
      readonly name: string;
      readonly description: string;
      readonly default: string;
      readonly options: readonly string[];
    };

export type Values = Readonly<Record<string, string | number>>;

export interface StrategyHead {
  readonly strategyId: string;
  readonly source: "LIBRARY" | "OWN";
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly retiredAt: string | null;
}

export interface Strategy extends StrategyHead {
  readonly definition: {
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
