// Two strategies that sell a straddle and buy wings before it: what they can lose is bounded by the wings from the first moment.
import type { Leg, StrategyDefinition, StrikeChoice } from "../definition/definition.ts";
import { RISK_PERCENT } from "./risk-percent.ts";

const leg = (side: Leg["side"], optionType: Leg["optionType"], strike: StrikeChoice): Leg => ({
  side,
  optionType,
  ratio: 1,
  expiry: "NEAREST",
  strike,
});

const winged = (wing: StrikeChoice): readonly Leg[] => [
  leg("BUY", "CALL", wing),
  leg("BUY", "PUT", wing),
  leg("SELL", "CALL", { by: "ATM" }),
  leg("SELL", "PUT", { by: "ATM" }),
];

const percent = (name: string, description: string, value: number, min: number, max: number) =>
  ({ kind: "NUMBER", name, description, default: value, min, max }) as const;

const STOP = percent("stopPercent", "Per cent of the premium received at which it is given up.", 35, 10, 100);
const TARGET = percent("targetPercent", "Per cent of the premium received at which the gain is taken.", 25, 5, 90);

const exit = {
  stop: { unit: "PREMIUM_PERCENT", value: { param: "stopPercent" } },
  target: { unit: "PREMIUM_PERCENT", value: { param: "targetPercent" } },
} as const;

const vixIronFly: StrategyDefinition = {
  format: 1,
  name: "vix-iron-fly",
  version: 1,
  title: "VIX-gated iron fly",
  description:
    "Sells call and put at the money and buys one of each farther out, in the quiet hours of days on which India VIX lies within its range. It keeps part of the premium when the index stays where it is, and loses when it goes either way, at most the distance to a wing less what was received. It does not sell on the day of expiry.",
  underlyings: ["NIFTY50", "BANKNIFTY", "SENSEX"],
  parameters: [
    percent("vixMin", "Lowest India VIX at which it enters.", 11, 5, 60),
    percent("vixMax", "Highest India VIX at which it enters.", 18, 5, 60),
    percent("wingPercent", "Distance of the wings in per cent of the index.", 1.2, 0.4, 4),
    STOP,
    TARGET,
    RISK_PERCENT,
  ],
  filters: {
    vix: { min: { param: "vixMin" }, max: { param: "vixMax" } },
    expiryDay: "NEVER",
    time: { from: "09:45", before: "12:30" },
    entriesPerDay: 1,
  },
  entries: [
    {
      name: "quiet hours",
      when: {
        kind: "ALL",
        of: [
          { kind: "COMPARE", left: { feature: "bar.rsi14" }, is: "ABOVE", right: 40 },
          { kind: "COMPARE", left: { feature: "bar.rsi14" }, is: "BELOW", right: 60 },
        ],
      },
      legs: winged({ by: "PERCENT", percent: { param: "wingPercent" } }),
      exit,
    },
  ],
  exits: { at: "15:00" },
  sizing: { by: "RISK_PERCENT", percent: { param: "riskPercent" } },
};

const expiryDayStraddle: StrategyDefinition = {
  format: 1,
  name: "expiry-straddle-with-wings",
  version: 1,
  title: "Expiry-day straddle with wings",
  description:
    "On the day of expiry, and only then, sells call and put at the money in the first hour and buys wings a number of strikes away. Time value ends with the day, which is what it lives on; a move that goes on after the entry costs more than the premium received, down to the wings. Margins are higher on this day, so sizes come out smaller.",
  underlyings: ["NIFTY50", "BANKNIFTY", "SENSEX"],
  parameters: [
    percent("wingSteps", "Distance of the wings in quoted strikes.", 5, 2, 15),
    percent("vixMax", "Highest India VIX at which it enters.", 20, 5, 60),
    STOP,
    TARGET,
    RISK_PERCENT,
  ],
  filters: {
    vix: { max: { param: "vixMax" } },
    expiryDay: "ONLY",
    time: { from: "09:30", before: "10:30" },
    entriesPerDay: 1,
  },
  entries: [
    {
      name: "first hour",
      when: { kind: "DAYS_TO_EXPIRY", max: 0 },
      legs: winged({ by: "STEPS", steps: { param: "wingSteps" } }),
      exit: {
        ...exit,
        trail: { distance: { unit: "PREMIUM_PERCENT", value: 20 }, step: { unit: "PREMIUM_PERCENT", value: 5 } },
      },
    },
  ],
  exits: { at: "15:00" },
  sizing: { by: "RISK_PERCENT", percent: { param: "riskPercent" } },
};

export const SOLD_WITH_WINGS: readonly StrategyDefinition[] = [vixIronFly, expiryDayStraddle];
