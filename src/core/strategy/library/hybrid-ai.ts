// The platform's own predictor as a strategy, one for each index (STR-05): what every account trades anyway, with parameters and a
// switch of its own.
import type { Underlying } from "../../instrument/contract.ts";
import type { Condition, Leg, StrategyDefinition } from "../definition/definition.ts";

const spoken = (direction: "BULLISH" | "BEARISH" | "NEUTRAL") =>
  ({ kind: "SIGNAL", direction, confidenceAbove: { param: "confidence" } }) as const;

/**
 * A trade ends by the opposite view, spoken or withdrawn because nothing could be traded on it, and beforehand where it is losing and
 * the predictor leans the other way (AI-09).
 */
const turned = (direction: "BULLISH" | "BEARISH"): Condition => ({
  kind: "ANY",
  of: [
    { kind: "LEAN", direction, confidenceAbove: { param: "confidence" } },
    {
      kind: "ALL",
      of: [
        { kind: "RESULT", is: "LOSS" },
        { kind: "LEAN", direction, confidenceAbove: { param: "beforehand" } },
      ],
    },
  ],
});

const bought = (optionType: "CALL" | "PUT"): Leg => ({
  side: "BUY",
  optionType,
  ratio: 1,
  expiry: "NEAREST",
  strike: { by: "PICKER" },
  exit: {
    stop: { unit: "ATR", value: { param: "stopAtr" } },
    target: { unit: "ATR", value: { param: "targetAtr" } },
    trail: { distance: { unit: "ATR", value: { param: "stopAtr" } }, step: { unit: "ATR", value: 0.5 } },
  },
});

const wing = (optionType: "CALL" | "PUT"): Leg => ({
  side: "BUY",
  optionType,
  ratio: 1,
  expiry: "NEAREST",
  strike: { by: "PERCENT", percent: { param: "wingPercent" } },
});
const body = (optionType: "CALL" | "PUT"): Leg => ({
  side: "SELL",
  optionType,
  ratio: 1,
  expiry: "NEAREST",
  strike: { by: "ATM" },
});

const hybrid = (underlying: Underlying): StrategyDefinition => ({
  format: 1,
  name: `bot-${underlying.toLowerCase()}`,
  version: 2,
  title: `Hybrid AI ${underlying}`,
  description: `Follows the platform's predictor for ${underlying}. A rise or a fall that is spoken with more than the wanted confidence is traded with one bought option near the money; a neutral view with an iron fly, whose loss is bounded by its wings. The confidence is the measured share of such views that came true, and a view can still be wrong: then the trade is left at its stop, by the opposite view, or beforehand where it is losing and the predictor leans the other way; the wings limit what a fly can lose.`,
  underlyings: [underlying],
  parameters: [
    {
      kind: "NUMBER",
      name: "confidence",
      description: "Per cent that a view's confidence must be above.",
      default: 70,
      min: 70,
      max: 95,
    },
    {
      kind: "NUMBER",
      name: "beforehand",
      description: "Per cent that a lean to the other side must be above to end a trade that is losing; 100 for never.",
      default: 60,
      min: 50,
      max: 100,
    },
    {
      kind: "NUMBER",
      name: "stopAtr",
      description: "How many ATR of the index a trade may go wrong.",
      default: 1.5,
      min: 0.5,
      max: 5,
    },
    {
      kind: "NUMBER",
      name: "targetAtr",
      description: "How many ATR of the index a trade is to gain.",
      default: 3,
      min: 0.5,
      max: 10,
    },
    {
      kind: "NUMBER",
      name: "wingPercent",
      description: "Distance of an iron fly's wings in per cent of the index.",
      default: 1,
      min: 0.5,
      max: 3,
    },
    {
      kind: "NUMBER",
      name: "holdMinutes",
      description: "Minutes after which a trade is left whatever it is worth.",
      default: 45,
      min: 15,
      max: 180,
    },
  ],
  filters: { time: { from: "09:30", before: "15:00" }, minutesBetweenEntries: 5 },
  entries: [
    { name: "rise", when: spoken("BULLISH"), legs: [bought("CALL")], leaveWhen: turned("BEARISH") },
    { name: "fall", when: spoken("BEARISH"), legs: [bought("PUT")], leaveWhen: turned("BULLISH") },
    {
      name: "stay",
      when: spoken("NEUTRAL"),
      legs: [wing("CALL"), wing("PUT"), body("CALL"), body("PUT")],
      exit: {
        stop: { unit: "PREMIUM_PERCENT", value: 40 },
        target: { unit: "PREMIUM_PERCENT", value: 25 },
      },
      leaveWhen: { kind: "ANY", of: [turned("BULLISH"), turned("BEARISH")] },
    },
  ],
  exits: { at: "15:10", afterMinutes: { param: "holdMinutes" } },
  sizing: { by: "ALLOCATION" },
});

export const HYBRID_AI: readonly StrategyDefinition[] = [hybrid("NIFTY50"), hybrid("BANKNIFTY"), hybrid("SENSEX")];
