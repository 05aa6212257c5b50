// Every number in a definition that has a use, with what the use allows: the one table of ranges.
import {
  type Amount,
  BOUNDS,
  type Condition,
  type Distance,
  type LegExit,
  type PositionExit,
  type ResultDistance,
  type StrategyDefinition,
  type StrikeChoice,
} from "./definition.ts";

export interface AmountUse {
  readonly field: string;
  readonly amount: Amount;
  readonly min: number;
  readonly max: number;
  /** In a sentence: "${what} from min to max would pass". */
  readonly what: string;
}

type Of = readonly [what: string, min: number, max: number];

const PERCENT_OF_CAPITAL: Of = ["per cent of the capital", 0.01, 20];
const DISTANCES: Readonly<Record<Distance["unit"], Of>> = {
  PREMIUM_PERCENT: ["per cent of the premium", 0.5, 1_000],
  PREMIUM_POINTS: ["rupees of premium", 0.05, 10_000],
  INDEX_POINTS: ["points of the index", 0.5, 10_000],
  ATR: ["ATR", 0.1, 50],
};
const RESULTS: Readonly<Record<ResultDistance["unit"], Of>> = {
  RUPEES: ["rupees", 1, 100_000_000],
  CAPITAL_PERCENT: PERCENT_OF_CAPITAL,
  PREMIUM_PERCENT: ["per cent of the premium", 0.5, 1_000],
};
const VIX: Of = ["India VIX", 0, 200];
const MINUTES: Of = ["minutes", 1, 375];

export function amountsIn({ entries, exits, filters, sizing }: StrategyDefinition): AmountUse[] {
  return [
    ...entries.flatMap(({ when, legs, exit, leaveWhen }, index) => [
      ...inCondition(`entries.${index}.when`, when),
      ...(leaveWhen === undefined ? [] : inCondition(`entries.${index}.leaveWhen`, leaveWhen)),
      ...legs.flatMap((leg, legIndex) => {
        const field = `entries.${index}.legs.${legIndex}`;
        return [...inStrike(`${field}.strike`, leg.strike), ...inLegExit(`${field}.exit`, leg.exit)];
      }),
      ...inPositionExit(`entries.${index}.exit`, exit),
    ]),
    ...(exits?.when === undefined ? [] : inCondition("exits.when", exits.when)),
    ...use("exits.afterMinutes", exits?.afterMinutes, MINUTES),
    ...use("filters.vix.min", filters?.vix?.min, VIX),
    ...use("filters.vix.max", filters?.vix?.max, VIX),
    ...use("filters.entriesPerDay", filters?.entriesPerDay, ["entries", 1, BOUNDS.entriesPerDay]),
    ...use("filters.minutesBetweenEntries", filters?.minutesBetweenEntries, MINUTES),
    ...(sizing.by === "LOTS" ? use("sizing.lots", sizing.lots, ["lots", 1, BOUNDS.lots]) : []),
    ...(sizing.by === "CAPITAL_PERCENT" ? use("sizing.percent", sizing.percent, ["per cent", 0.1, 100]) : []),
    ...(sizing.by === "RISK_PERCENT" ? use("sizing.percent", sizing.percent, PERCENT_OF_CAPITAL) : []),
  ];
}

function inCondition(field: string, condition: Condition): AmountUse[] {
  switch (condition.kind) {
    case "ALL":
    case "ANY":
      return condition.of.flatMap((part, index) => inCondition(`${field}.of.${index}`, part));
    case "NOT":
      return inCondition(`${field}.of`, condition.of);
    case "SIGNAL":
    case "LEAN":
      return use(`${field}.confidenceAbove`, condition.confidenceAbove, ["per cent", 0, 100]);
    case "DAYS_TO_EXPIRY":
    case "VIX": {
      const of: Of = condition.kind === "VIX" ? VIX : ["days", 0, 40];
      return [...use(`${field}.min`, condition.min, of), ...use(`${field}.max`, condition.max, of)];
    }
    default:
      return [];
  }
}

function inStrike(field: string, strike: StrikeChoice): AmountUse[] {
  switch (strike.by) {
    case "STEPS":
      return use(`${field}.steps`, strike.steps, ["steps", -BOUNDS.steps, BOUNDS.steps]);
    case "PERCENT":
      return use(`${field}.percent`, strike.percent, ["per cent of the index", -10, 10]);
    case "DELTA":
      return use(`${field}.delta`, strike.delta, ["a delta", 0.01, 0.99]);
    case "PREMIUM":
      return use(`${field}.rupees`, strike.rupees, ["rupees of premium", 0.05, 10_000]);
    default:
      return [];
  }
}

function inLegExit(field: string, exit: LegExit | undefined): AmountUse[] {
  if (exit === undefined) return [];
  const { stop, target, trail, reentry } = exit;
  return [
    ...distance(`${field}.stop`, stop),
    ...distance(`${field}.target`, target),
    ...distance(`${field}.trail.distance`, trail?.distance),
    ...distance(`${field}.trail.step`, trail?.step),
    ...use(`${field}.reentry.times`, reentry?.times, ["times", 1, BOUNDS.reentries]),
    ...use(`${field}.reentry.waitMinutes`, reentry?.waitMinutes, ["minutes", 0, 375]),
    ...distance(`${field}.reentry.momentum`, reentry?.momentum),
  ];
}

function inPositionExit(field: string, exit: PositionExit | undefined): AmountUse[] {
  if (exit === undefined) return [];
  return [
    ...result(`${field}.stop`, exit.stop),
    ...result(`${field}.target`, exit.target),
    ...result(`${field}.trail.distance`, exit.trail?.distance),
    ...result(`${field}.trail.step`, exit.trail?.step),
  ];
}

const distance = (field: string, of: Distance | undefined): AmountUse[] =>
  of === undefined ? [] : use(`${field}.value`, of.value, DISTANCES[of.unit]);
const result = (field: string, of: ResultDistance | undefined): AmountUse[] =>
  of === undefined ? [] : use(`${field}.value`, of.value, RESULTS[of.unit]);

const use = (field: string, amount: Amount | undefined, [what, min, max]: Of): AmountUse[] =>
  amount === undefined ? [] : [{ field, amount, min, max, what }];
