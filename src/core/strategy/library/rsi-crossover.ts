// RSI(14) leaving its bounds, read both ways (C-11): as momentum, above the upper bound is a rise; contrarian, it is a fall.
import type { Condition, Leg, StrategyDefinition } from "../definition/definition.ts";
import { RISK_PERCENT } from "./risk-percent.ts";

type Polarity = "MOMENTUM" | "CONTRARIAN";

const RSI = { feature: "bar.rsi14" } as const;
const above: Condition = { kind: "CROSS", left: RSI, to: "ABOVE", right: { param: "upper" } };
const below: Condition = { kind: "CROSS", left: RSI, to: "BELOW", right: { param: "lower" } };

const read = (polarity: Polarity, condition: Condition): Condition => ({
  kind: "ALL",
  of: [{ kind: "CHOICE", param: "polarity", is: polarity }, condition],
});
const rise: Condition = { kind: "ANY", of: [read("MOMENTUM", above), read("CONTRARIAN", below)] };
const fall: Condition = { kind: "ANY", of: [read("MOMENTUM", below), read("CONTRARIAN", above)] };

const bought = (optionType: "CALL" | "PUT"): Leg => ({
  side: "BUY",
  optionType,
  ratio: 1,
  expiry: "NEAREST",
  strike: { by: "STEPS", steps: 1 },
  exit: {
    stop: { unit: "PREMIUM_PERCENT", value: { param: "stopPercent" } },
    target: { unit: "PREMIUM_PERCENT", value: { param: "targetPercent" } },
  },
});

const WORDS: Readonly<Record<Polarity, string>> = {
  MOMENTUM:
    "Buys a call one strike out of the money when RSI(14) of the 3-minute bars rises through its upper bound, and a put when it falls through the lower one: strength is taken to go on. In a market without direction it buys near the turns and loses the premium down to its stop.",
  CONTRARIAN:
    "Buys a put one strike out of the money when RSI(14) of the 3-minute bars rises through its upper bound, and a call when it falls through the lower one: an exaggeration is taken to come back. In a steady trend it stands against the market and loses the premium down to its stop.",
};

const crossover = (polarity: Polarity, name: string, title: string): StrategyDefinition => ({
  format: 1,
  name,
  version: 1,
  title,
  description: WORDS[polarity],
  underlyings: ["NIFTY50", "BANKNIFTY", "SENSEX"],
  parameters: [
    {
      kind: "CHOICE",
      name: "polarity",
      description: "Whether strength is taken to go on or to come back.",
      default: polarity,
      options: ["MOMENTUM", "CONTRARIAN"],
    },
    { kind: "NUMBER", name: "upper", description: "The upper bound of RSI.", default: 70, min: 55, max: 90 },
    { kind: "NUMBER", name: "lower", description: "The lower bound of RSI.", default: 30, min: 10, max: 45 },
    {
      kind: "NUMBER",
      name: "stopPercent",
      description: "Per cent of the premium at which a trade is given up.",
      default: 25,
      min: 5,
      max: 80,
    },
    {
      kind: "NUMBER",
      name: "targetPercent",
      description: "Per cent of the premium at which a gain is taken.",
      default: 50,
      min: 5,
      max: 300,
    },
    RISK_PERCENT,
  ],
  filters: { time: { from: "10:00", before: "14:45" }, entriesPerDay: 6, minutesBetweenEntries: 10 },
  entries: [
    { name: "rise", when: rise, legs: [bought("CALL")], leaveWhen: fall },
    { name: "fall", when: fall, legs: [bought("PUT")], leaveWhen: rise },
  ],
  exits: { at: "15:10", afterMinutes: 60 },
  sizing: { by: "RISK_PERCENT", percent: { param: "riskPercent" } },
});

export const RSI_CROSSOVER: readonly StrategyDefinition[] = [
  crossover("MOMENTUM", "rsi-crossover", "RSI crossover, momentum"),
  crossover("CONTRARIAN", "rsi-crossover-contrarian", "RSI crossover, contrarian"),
];
