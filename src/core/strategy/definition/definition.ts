// A strategy as data, format version 1: what has to be true to enter, which options, how many, and how they are left. Nothing in
// it can run away: trees, lists and texts are bounded, and every number that may be tuned is a parameter with a range.
import type { OptionType, Underlying } from "../../instrument/contract.ts";
import type { IstTime } from "../../kernel/time.ts";
import type { OrderSide } from "../../order/order.ts";
import type { Direction } from "../../prediction/signal.ts";

export const FORMAT_VERSION = 1;

/** What no definition may exceed. */
export const BOUNDS = {
  entries: 4,
  legs: 4,
  parameters: 24,
  /** Conditions in one tree, and how deep they lie in each other. */
  conditions: 64,
  depth: 6,
  ratio: 10,
  lots: 250,
  steps: 20,
  entriesPerDay: 20,
  reentries: 5,
  nameCharacters: 60,
  textCharacters: 600,
  /** Of the whole as JSON. */
  characters: 16_000,
} as const;

/** A number, or the name of a parameter whose value it is. */
export type Amount = number | { readonly param: string };

/** What can be compared: a number, a parameter, or a figure of the market by name. */
export type Operand = Amount | { readonly feature: string };

/**
 * Three answers: yes, no, and not known, when a figure it rests on is missing. What is not known is never taken for either: an
 * entry needs a yes.
 */
export type Condition =
  | { readonly kind: "ALL" | "ANY"; readonly of: readonly Condition[] }
  | { readonly kind: "NOT"; readonly of: Condition }
  | {
      readonly kind: "COMPARE";
      readonly left: Operand;
      readonly is: "ABOVE" | "AT_OR_ABOVE" | "BELOW" | "AT_OR_BELOW";
      readonly right: Operand;
    }
  /** On the other side, or at it, one bar ago, and beyond it now. */
  | { readonly kind: "CROSS"; readonly left: Operand; readonly to: "ABOVE" | "BELOW"; readonly right: Operand }
  /** The cycle's view: its direction, and its confidence in per cent strictly above. */
  | { readonly kind: "SIGNAL"; readonly direction: Exclude<Direction, "NO_TRADE">; readonly confidenceAbove?: Amount }
  /**
   * Where the cycle's view points, or, where it is none, what its predictor holds likelier than usual all the same: a view too weak
   * to be spoken, or one for which nothing could be traded.
   */
  | { readonly kind: "LEAN"; readonly direction: Exclude<Direction, "NO_TRADE">; readonly confidenceAbove?: Amount }
  /** What is held would bring less than it cost, or more, if it were left now, before charges. */
  | { readonly kind: "RESULT"; readonly is: "LOSS" | "GAIN" }
  /** From the first time on, before the second. */
  | { readonly kind: "TIME"; readonly from: IstTime; readonly before: IstTime }
  /** Days until the nearest quoted expiry; 0 on the day itself. Both ends count. */
  | { readonly kind: "DAYS_TO_EXPIRY"; readonly min?: Amount; readonly max?: Amount }
  /** India VIX in points. Both ends count. */
  | { readonly kind: "VIX"; readonly min?: Amount; readonly max?: Amount }
  /** A parameter of choices stands at this one. */
  | { readonly kind: "CHOICE"; readonly param: string; readonly is: string };

/** Which strike, on the leg's own side of the index. */
export type StrikeChoice =
  /** The strike at which call and put are quoted, nearest to the index. */
  | { readonly by: "ATM" }
  /** So many quoted strikes out of the money from there; negative: in the money. */
  | { readonly by: "STEPS"; readonly steps: Amount }
  /** So many per cent of the index out of the money; negative: in the money. */
  | { readonly by: "PERCENT"; readonly percent: Amount }
  /** The delta nearest to it, from 0 to 1, whatever the side. */
  | { readonly by: "DELTA"; readonly delta: Amount }
  /** The premium nearest to it, in rupees. */
  | { readonly by: "PREMIUM"; readonly rupees: Amount }
  /** The low-premium picker that the platform's own signals use (AI-10): a bought leg alone. */
  | { readonly by: "PICKER" };

/** A distance from the entry price of one leg. */
export interface Distance {
  /**
   * PREMIUM_PERCENT of the entry premium; PREMIUM_POINTS in rupees of it; INDEX_POINTS and ATR are distances of the index, turned
   * into premium by the leg's delta.
   */
  readonly unit: "PREMIUM_PERCENT" | "PREMIUM_POINTS" | "INDEX_POINTS" | "ATR";
  readonly value: Amount;
}

export interface Trail {
  readonly distance: Distance;
  readonly step: Distance;
}

export interface LegExit {
  readonly stop?: Distance;
  readonly target?: Distance;
  readonly trail?: Trail;
  /** After a stop. */
  readonly reentry?: {
    readonly mode: "ASAP" | "AT_COST" | "MOMENTUM";
    readonly times: Amount;
    readonly waitMinutes: Amount;
    /** Of MOMENTUM. */
    readonly momentum?: Distance;
  };
}

export interface Leg {
  readonly side: OrderSide;
  readonly optionType: OptionType;
  readonly ratio: number;
  readonly expiry: "NEAREST" | "NEXT";
  readonly strike: StrikeChoice;
  readonly exit?: LegExit;
}

/** A result of all legs together: rupees, per cent of the account's capital, or per cent of the premium the legs dealt at. */
export interface ResultDistance {
  readonly unit: "RUPEES" | "CAPITAL_PERCENT" | "PREMIUM_PERCENT";
  readonly value: Amount;
}

export interface PositionExit {
  readonly stop?: ResultDistance;
  readonly target?: ResultDistance;
  readonly trail?: { readonly distance: ResultDistance; readonly step: ResultDistance };
}

export interface Entry {
  readonly name: string;
  readonly when: Condition;
  readonly legs: readonly Leg[];
  readonly exit?: PositionExit;
  /** What this entry has opened is left in the first window in which this is a yes. */
  readonly leaveWhen?: Condition;
}

/** How many sets of the legs. The account's limits, capacity and margin bind on top of it. */
export type Sizing =
  | { readonly by: "LOTS"; readonly lots: Amount }
  /** So many per cent of what may be exposed is put into premium and margin. */
  | { readonly by: "CAPITAL_PERCENT"; readonly percent: Amount }
  /** What the legs' or the position's stop loses is at most so many per cent of the capital. */
  | { readonly by: "RISK_PERCENT"; readonly percent: Amount }
  /** The underlying's share by the platform's allocation and the VIX band. */
  | { readonly by: "ALLOCATION" };

export interface Exits {
  /** Everything is left at this time of day. */
  readonly at?: IstTime;
  /** Everything is left so long after the entry. */
  readonly afterMinutes?: Amount;
  /** Everything is left in the first window in which this is a yes. */
  readonly when?: Condition;
}

/** What must hold before any entry is looked at. */
export interface Filters {
  readonly vix?: { readonly min?: Amount; readonly max?: Amount };
  readonly expiryDay?: "ONLY" | "NEVER";
  readonly time?: { readonly from: IstTime; readonly before: IstTime };
  readonly entriesPerDay?: Amount;
  /** From one entry to the next. */
  readonly minutesBetweenEntries?: Amount;
}

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

export interface StrategyDefinition {
  readonly format: typeof FORMAT_VERSION;
  /** Lower case, digits and hyphens. */
  readonly name: string;
  /** Counts up with each change of the same name. */
  readonly version: number;
  readonly title: string;
  /** One paragraph for people. */
  readonly description: string;
  /** One instance trades one of them. */
  readonly underlyings: readonly Underlying[];
  readonly parameters: readonly Parameter[];
  readonly filters?: Filters;
  readonly entries: readonly Entry[];
  readonly exits?: Exits;
  readonly sizing: Sizing;
}

/** Values of a definition's parameters by name; what is absent stands at its default. */
export type ParameterValues = Readonly<Record<string, number | string>>;
