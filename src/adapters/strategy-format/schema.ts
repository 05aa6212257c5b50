// The shape of a strategy definition, format version 1, as zod sees it: exact keys, bounded lists and texts. What shape alone does
// not say is checked by core/strategy/definition/check-definition.ts.
import * as z from "zod";
import { UNDERLYINGS } from "../../core/instrument/contract.ts";
import type { IstTime } from "../../core/kernel/time.ts";
import type * as format from "../../core/strategy/definition/definition.ts";
import { BOUNDS, FORMAT_VERSION } from "../../core/strategy/definition/definition.ts";

const NAME = /^[a-z][a-z0-9-]{1,39}$/;
const PARAMETER = /^[a-z][A-Za-z0-9]{0,39}$/;
const FEATURE = /^[A-Za-z][A-Za-z0-9._-]{0,59}$/;
const TIME = /^(09|1[0-5]):[0-5]\d$/;

const Text = z
  .string()
  .trim()
  .min(1)
  .max(BOUNDS.textCharacters, `a text of 1 to ${BOUNDS.textCharacters} characters would pass`);
const Title = z
  .string()
  .trim()
  .min(1)
  .max(BOUNDS.nameCharacters, `1 to ${BOUNDS.nameCharacters} characters would pass`);
const ParameterName = z
  .string()
  .regex(PARAMETER, "a letter in lower case, then up to 39 letters and digits would pass");
const Time = z.custom<IstTime>(
  (value) => typeof value === "string" && TIME.test(value),
  'a time of the trading day as "HH:MM" would pass',
);
const Finite = z.number("a number would pass");

const Param = z.strictObject({ param: ParameterName });
const Amount: z.ZodType<format.Amount> = z.union([Finite, Param], 'a number, or {"param": "name"}, would pass');
const Operand: z.ZodType<format.Operand> = z.union(
  [Finite, Param, z.strictObject({ feature: z.string().regex(FEATURE) })],
  'a number, {"param": "name"} or {"feature": "name"} would pass',
);

const oneOf = (names: readonly string[]): string => `one of ${names.join(", ")} would pass`;
const choice = <const Names extends readonly [string, ...string[]]>(names: Names) => z.enum(names, oneOf(names));

const CONDITION_KINDS = [
  "ALL",
  "ANY",
  "NOT",
  "COMPARE",
  "CROSS",
  "SIGNAL",
  "LEAN",
  "RESULT",
  "TIME",
  "DAYS_TO_EXPIRY",
  "VIX",
  "CHOICE",
] as const;

const parts = () =>
  z
    .array(Condition)
    .min(1, "at least one condition would pass")
    .max(BOUNDS.conditions, `at most ${BOUNDS.conditions} conditions would pass`);
const Condition: z.ZodType<format.Condition> = z.lazy(() =>
  z.discriminatedUnion(
    "kind",
    [
      z.strictObject({ kind: z.literal("ALL"), of: parts() }),
      z.strictObject({ kind: z.literal("ANY"), of: parts() }),
      z.strictObject({ kind: z.literal("NOT"), of: Condition }),
      z.strictObject({
        kind: z.literal("COMPARE"),
        left: Operand,
        is: choice(["ABOVE", "AT_OR_ABOVE", "BELOW", "AT_OR_BELOW"]),
        right: Operand,
      }),
      z.strictObject({ kind: z.literal("CROSS"), left: Operand, to: choice(["ABOVE", "BELOW"]), right: Operand }),
      z.strictObject({
        kind: z.literal("SIGNAL"),
        direction: choice(["BULLISH", "BEARISH", "NEUTRAL"]),
        confidenceAbove: Amount.exactOptional(),
      }),
      z.strictObject({
        kind: z.literal("LEAN"),
        direction: choice(["BULLISH", "BEARISH", "NEUTRAL"]),
        confidenceAbove: Amount.exactOptional(),
      }),
      z.strictObject({ kind: z.literal("RESULT"), is: choice(["LOSS", "GAIN"]) }),
      z.strictObject({ kind: z.literal("TIME"), from: Time, before: Time }),
      z.strictObject({
        kind: z.literal("DAYS_TO_EXPIRY"),
        min: Amount.exactOptional(),
        max: Amount.exactOptional(),
      }),
      z.strictObject({ kind: z.literal("VIX"), min: Amount.exactOptional(), max: Amount.exactOptional() }),
      z.strictObject({ kind: z.literal("CHOICE"), param: ParameterName, is: Title }),
    ],
    oneOf(CONDITION_KINDS),
  ),
);

const Strike = z.discriminatedUnion(
  "by",
  [
    z.strictObject({ by: z.literal("ATM") }),
    z.strictObject({ by: z.literal("STEPS"), steps: Amount }),
    z.strictObject({ by: z.literal("PERCENT"), percent: Amount }),
    z.strictObject({ by: z.literal("DELTA"), delta: Amount }),
    z.strictObject({ by: z.literal("PREMIUM"), rupees: Amount }),
    z.strictObject({ by: z.literal("PICKER") }),
  ],
  oneOf(["ATM", "STEPS", "PERCENT", "DELTA", "PREMIUM", "PICKER"]),
);

const Distance = z.strictObject({
  unit: choice(["PREMIUM_PERCENT", "PREMIUM_POINTS", "INDEX_POINTS", "ATR"]),
  value: Amount,
});
const ResultDistance = z.strictObject({
  unit: choice(["RUPEES", "CAPITAL_PERCENT", "PREMIUM_PERCENT"]),
  value: Amount,
});

const Leg = z.strictObject({
  side: choice(["BUY", "SELL"]),
  optionType: choice(["CALL", "PUT"]),
  ratio: z
    .number()
    .int(`a whole number from 1 to ${BOUNDS.ratio} would pass`)
    .min(1, `1 to ${BOUNDS.ratio} would pass`)
    .max(BOUNDS.ratio, `1 to ${BOUNDS.ratio} would pass`),
  expiry: choice(["NEAREST", "NEXT"]),
  strike: Strike,
  exit: z
    .strictObject({
      stop: Distance.exactOptional(),
      target: Distance.exactOptional(),
      trail: z.strictObject({ distance: Distance, step: Distance }).exactOptional(),
      reentry: z
        .strictObject({
          mode: choice(["ASAP", "AT_COST", "MOMENTUM"]),
          times: Amount,
          waitMinutes: Amount,
          momentum: Distance.exactOptional(),
        })
        .exactOptional(),
    })
    .exactOptional(),
});

const Entry = z.strictObject({
  name: Title,
  when: Condition,
  legs: z
    .array(Leg)
    .min(1, `1 to ${BOUNDS.legs} legs would pass`)
    .max(BOUNDS.legs, `1 to ${BOUNDS.legs} legs would pass`),
  exit: z
    .strictObject({
      stop: ResultDistance.exactOptional(),
      target: ResultDistance.exactOptional(),
      trail: z.strictObject({ distance: ResultDistance, step: ResultDistance }).exactOptional(),
    })
    .exactOptional(),
  leaveWhen: Condition.exactOptional(),
});

const Parameter = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("NUMBER"),
      name: ParameterName,
      description: Text,
      default: Finite,
      min: Finite,
      max: Finite,
    }),
    z.strictObject({
      kind: z.literal("CHOICE"),
      name: ParameterName,
      description: Text,
      default: Title,
      options: z.array(Title).min(2, "2 to 10 options would pass").max(10, "2 to 10 options would pass"),
    }),
  ],
  oneOf(["NUMBER", "CHOICE"]),
);

const Sizing = z.discriminatedUnion(
  "by",
  [
    z.strictObject({ by: z.literal("LOTS"), lots: Amount }),
    z.strictObject({ by: z.literal("CAPITAL_PERCENT"), percent: Amount }),
    z.strictObject({ by: z.literal("RISK_PERCENT"), percent: Amount }),
    z.strictObject({ by: z.literal("ALLOCATION") }),
  ],
  oneOf(["LOTS", "CAPITAL_PERCENT", "RISK_PERCENT", "ALLOCATION"]),
);

export const DefinitionSchema: z.ZodType<format.StrategyDefinition> = z.strictObject({
  format: z.literal(FORMAT_VERSION, `${FORMAT_VERSION} would pass: the only version of the format there is`),
  name: z.string().regex(NAME, "a letter, then 1 to 39 of a-z 0-9 and - would pass"),
  version: z.number().int().min(1, "a whole number from 1 on would pass").max(1_000_000),
  title: Title,
  description: Text,
  underlyings: z.array(choice(UNDERLYINGS)).min(1, oneOf(UNDERLYINGS)).max(UNDERLYINGS.length),
  parameters: z.array(Parameter).max(BOUNDS.parameters, `at most ${BOUNDS.parameters} parameters would pass`),
  filters: z
    .strictObject({
      vix: z.strictObject({ min: Amount.exactOptional(), max: Amount.exactOptional() }).exactOptional(),
      expiryDay: choice(["ONLY", "NEVER"]).exactOptional(),
      time: z.strictObject({ from: Time, before: Time }).exactOptional(),
      entriesPerDay: Amount.exactOptional(),
      minutesBetweenEntries: Amount.exactOptional(),
    })
    .exactOptional(),
  entries: z
    .array(Entry)
    .min(1, `1 to ${BOUNDS.entries} entries would pass`)
    .max(BOUNDS.entries, `1 to ${BOUNDS.entries} entries would pass`),
  exits: z
    .strictObject({ at: Time.exactOptional(), afterMinutes: Amount.exactOptional(), when: Condition.exactOptional() })
    .exactOptional(),
  sizing: Sizing,
});
