// What every kind of backtest is told on the command line, checked: each fault says what would pass.
import type { GridAxis } from "../../src/core/backtest/index-engine/index-grid.ts";
import { isUnderlying, UNDERLYINGS, type Underlying } from "../../src/core/instrument/contract.ts";
import { isMarketDate, type MarketDate } from "../../src/core/kernel/time.ts";
import type { Parameter, ParameterValues } from "../../src/core/strategy/definition/definition.ts";
import { namesGiven, readOptions, WrongArgument } from "../command-line.ts";
import { DATA_FOLDER } from "../history-folder.ts";

export const OPTIONS = {
  strategy: { type: "string" },
  underlying: { type: "string", default: "NIFTY50" },
  from: { type: "string" },
  to: { type: "string" },
  data: { type: "string", default: DATA_FOLDER },
  json: { type: "boolean", default: false },
  level: { type: "string" },
  polarity: { type: "string" },
  bar: { type: "string", default: "3m" },
  trigger: { type: "string" },
  sides: { type: "string", default: "both" },
  memory: { type: "string", default: "daily" },
  overnight: { type: "boolean", default: false },
  costs: { type: "string", default: "future" },
  capital: { type: "string", default: "1000000" },
  units: { type: "string" },
  stop: { type: "string", default: "3" },
  target: { type: "string" },
  "daily-loss": { type: "string" },
  "entries-per-day": { type: "string" },
  "replay-days": { type: "boolean", default: false },
  trades: { type: "boolean", default: false },
  grid: { type: "string" },
  predictor: { type: "string", default: "guided" },
  premiums: { type: "string", default: "fitted" },
  category: { type: "string" },
  vix: { type: "string" },
  "switches-per-hour": { type: "string" },
  cooldown: { type: "string" },
  "preventive-exits": { type: "string" },
  "at-switch": { type: "string" },
  param: { type: "string", multiple: true },
  sweep: { type: "string", multiple: true },
  html: { type: "string" },
} as const;

export type Values = ReturnType<typeof readArguments>;

export const readArguments = (argv: readonly string[]) => ({
  ...readOptions(OPTIONS, argv),
  /** What was said, as against what stands at its default. */
  given: namesGiven(OPTIONS, argv),
});

/** What one level alone understands, and what the other has in its place. */
const ONLY: Readonly<Record<"INDEX" | "OPTIONS", Readonly<Partial<Record<keyof typeof OPTIONS, string>>>>> = {
  INDEX: {
    polarity: "--param polarity=CONTRARIAN, where the strategy has one",
    bar: "",
    trigger: "",
    sides: "",
    memory: "",
    overnight: "",
    costs: "",
    units: "",
    stop: "the strategy's own parameters by --param",
    target: "the strategy's own parameters by --param",
    "daily-loss": "",
    "entries-per-day": "",
    grid: "--sweep name=1,2,3",
  },
  OPTIONS: {
    "switches-per-hour": "",
    cooldown: "",
    "preventive-exits": "",
    "at-switch": "",
    predictor: "",
    premiums: "",
    category: "",
    vix: "",
    sweep: "--grid upper=60:80:5",
  },
};

/** An option that would change nothing is refused: whoever gave it believes that it did. */
export function refuseForeign({ given }: Pick<Values, "given">, level: "INDEX" | "OPTIONS"): void {
  const foreign = level === "INDEX" ? ONLY.OPTIONS : ONLY.INDEX;
  for (const [name, instead] of Object.entries(foreign)) {
    if (!given.has(name)) continue;
    const where = level === "INDEX" ? "runs with options (--level options)" : "runs on the index (--level index)";
    throw new WrongArgument(`--${name} is for ${where} only${instead === "" ? "" : `; ${instead} would pass here`}`);
  }
}

/** `name=value`, each, by the kinds of the parameters that there are. */
export function parametersOf(texts: readonly string[], parameters: readonly Parameter[] = []): ParameterValues {
  refuseTwice("--param", texts.map(nameIn));
  return Object.fromEntries(
    texts.map((text) => {
      const name = nameIn(text);
      return [name, givenValue(text.slice(text.indexOf("=") + 1), name, parameters)];
    }),
  );
}

/** What is said twice would hold once only, and nobody would know which. */
export function refuseTwice(option: string, names: readonly string[]): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new WrongArgument(`${option} names ${twice} twice; once would pass`);
}

/** A choice is one of words, which may look like numbers. */
export const givenValue = (text: string, name: string, parameters: readonly Parameter[]): number | string =>
  parameters.some((parameter) => parameter.name === name && parameter.kind === "CHOICE") ? text : numberOrText(text);

export function nameIn(text: string): string {
  const at = text.indexOf("=");
  if (at > 0) return text.slice(0, at);
  throw new WrongArgument(`"${text}" is not name=value`);
}

const numberOrText = (text: string): number | string =>
  text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;

export function underlyingOf(values: Values): Underlying {
  if (isUnderlying(values.underlying)) return values.underlying;
  throw new WrongArgument(`--underlying ${values.underlying} is not known; there are ${UNDERLYINGS.join(", ")}`);
}

/** First and last date, both of them counted. */
export function periodOf({ from, to }: Values): { readonly from: MarketDate; readonly to: MarketDate } {
  for (const [name, date] of [
    ["--from", from],
    ["--to", to],
  ]) {
    if (date === undefined) throw new WrongArgument(`${name} is missing; give a date such as 2015-01-01`);
    if (!isMarketDate(date)) throw new WrongArgument(`${name} ${date} is not a date; write it as 2015-01-01`);
  }
  const period = { from: from as MarketDate, to: to as MarketDate };
  if (period.from > period.to) {
    throw new WrongArgument(`the range is empty: --from ${from} lies after --to ${to}`);
  }
  return period;
}

/** One of some words, in any case. */
export function wordOf<Word extends string>(name: keyof Values, value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word.toLowerCase().replaceAll("_", "-") === value.toLowerCase());
  if (found !== undefined) return found;
  const known = words.map((word) => word.toLowerCase().replaceAll("_", "-")).join(", ");
  throw new WrongArgument(`--${name} ${value} is not known; there are ${known}`);
}

/** A number within bounds; undefined stays so. */
export function numberOf(name: keyof Values, value: string | undefined, min: number, max: number): number | null {
  if (value === undefined) return null;
  const number = Number(value);
  if (value.trim() !== "" && number >= min && number <= max) return number;
  throw new WrongArgument(`--${name} ${value} is not a number from ${min} to ${max}`);
}

/** A whole number within bounds; undefined stays so. */
export function wholeOf(name: keyof Values, value: string | undefined, min: number, max: number): number | null {
  const number = numberOf(name, value, min, max);
  if (number === null || Number.isInteger(number)) return number;
  throw new WrongArgument(`--${name} ${value} is not a whole number from ${min} to ${max}`);
}

const AXIS = /^([a-zA-Z]+)=(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?):(\d+(?:\.\d+)?))?$/;
const SETS_MAX = 10_000;
const WHOLE: ReadonlySet<string> = new Set(["period", "fast", "slow", "minutes"]);

/** `upper=60:80:5,lower=20:40:5`: from, to and step; both ends count. */
export function axesOf(text: string, names: readonly string[]): GridAxis[] {
  const axes = text.split(",").map((part): GridAxis => {
    const [, name = "", from, to, step] = AXIS.exec(part) ?? [];
    if (from === undefined) throw new WrongArgument(`--grid ${part} is not an axis; write it as upper=60:80:5`);
    if (!names.includes(name)) throw new WrongArgument(`--grid ${name} is not known; there are ${names.join(", ")}`);
    if (to === undefined) return { name, values: [Number(from)] };
    const count = Math.floor((Number(to) - Number(from)) / Number(step) + 1e-9) + 1;
    if (!(count >= 1 && count <= SETS_MAX)) throw new WrongArgument(`--grid ${part} has no values, or too many`);
    return {
      name,
      values: Array.from({ length: count }, (_, at) => Number((Number(from) + at * Number(step)).toFixed(6))),
    };
  });
  const sets = axes.reduce((product, { values }) => product * values.length, 1);
  if (sets > SETS_MAX) throw new WrongArgument(`--grid has ${sets} sets; at most ${SETS_MAX} are played`);
  for (const { name, values } of axes) {
    if (WHOLE.has(name) && values.some((value) => value < 1 || !Number.isInteger(value))) {
      throw new WrongArgument(`--grid ${name} takes whole numbers from 1`);
    }
  }
  if (new Set(axes.map(({ name }) => name)).size < axes.length) throw new WrongArgument("--grid names an axis twice");
  return axes;
}
