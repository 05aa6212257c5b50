// What a condition comes to in a context: yes, no, or not known. NOT of what is not known is not known; ALL is a no as soon as one
// part is, ANY a yes as soon as one is, whatever the others lack.
import { unreachable } from "../../kernel/assert.ts";
import {
  daysBetween,
  type EpochMs,
  type IstTime,
  istMsOfDay,
  type MarketDate,
  MS_PER_MINUTE,
} from "../../kernel/time.ts";
import type { MarketContext, StrategyContext } from "./context.ts";
import type { Amount, Condition, Operand, ParameterValues } from "./definition.ts";
import { amountOf } from "./parameters.ts";

export type Answer = boolean | null;

export function holds(condition: Condition, values: ParameterValues, context: StrategyContext): Answer {
  switch (condition.kind) {
    case "ALL":
      return decidedBy(false, condition.of, values, context);
    case "ANY":
      return decidedBy(true, condition.of, values, context);
    case "NOT": {
      const answer = holds(condition.of, values, context);
      return answer === null ? null : !answer;
    }
    case "COMPARE":
      return compared(condition, values, context);
    case "CROSS":
      return crossed(condition, values, context);
    case "SIGNAL":
      return isSpoken(condition, values, context);
    case "LEAN":
      return isLeaning(condition, values, context);
    case "RESULT": {
      const result = context.position?.resultPaise ?? null;
      return result === null ? null : condition.is === "LOSS" ? result < 0 : result > 0;
    }
    case "TIME":
      return isWithin(context.atMs, condition.from, condition.before);
    case "DAYS_TO_EXPIRY": {
      const days = daysToExpiry(context);
      return days === null ? null : isBetween(days, condition, values);
    }
    case "VIX":
      return context.vixCenti === null ? null : isBetween(context.vixCenti / 100, condition, values);
    case "CHOICE":
      return values[condition.param] === condition.is;
    default:
      return unreachable(condition);
  }
}

/** `decisive`: the answer of one part that settles the whole. */
function decidedBy(
  decisive: boolean,
  parts: readonly Condition[],
  values: ParameterValues,
  context: StrategyContext,
): Answer {
  let answer: Answer = !decisive;
  for (const part of parts) {
    const one = holds(part, values, context);
    if (one === decisive) return decisive;
    if (one === null) answer = null;
  }
  return answer;
}

function compared(
  { left, is, right }: Extract<Condition, { readonly kind: "COMPARE" }>,
  values: ParameterValues,
  context: MarketContext,
): Answer {
  const one = figureOf(left, "now", values, context);
  const other = figureOf(right, "now", values, context);
  if (one === null || other === null) return null;
  switch (is) {
    case "ABOVE":
      return one > other;
    case "AT_OR_ABOVE":
      return one >= other;
    case "BELOW":
      return one < other;
    case "AT_OR_BELOW":
      return one <= other;
    default:
      return unreachable(is);
  }
}

function crossed(
  { left, to, right }: Extract<Condition, { readonly kind: "CROSS" }>,
  values: ParameterValues,
  context: MarketContext,
): Answer {
  const sign = to === "ABOVE" ? 1 : -1;
  const gap = (when: "now" | "before"): number | null => {
    const one = figureOf(left, when, values, context);
    const other = figureOf(right, when, values, context);
    return one === null || other === null ? null : sign * (one - other);
  };
  const [before, now] = [gap("before"), gap("now")];
  if (now !== null && now <= 0) return false;
  return before === null || now === null ? null : before <= 0;
}

function isSpoken(
  { direction, confidenceAbove }: Extract<Condition, { readonly kind: "SIGNAL" }>,
  values: ParameterValues,
  { signal, atMs }: MarketContext,
): Answer {
  if (signal === null) return null;
  if (signal.expiresAtMs <= atMs || signal.direction !== direction) return false;
  return confidenceAbove === undefined || signal.confidenceBps > amountOf(confidenceAbove, values) * 100;
}

function isLeaning(
  { direction, confidenceAbove }: Extract<Condition, { readonly kind: "LEAN" }>,
  values: ParameterValues,
  { signal, atMs }: MarketContext,
): Answer {
  if (signal === null) return null;
  const pointed = signal.direction === "NO_TRADE" ? signal.lean : signal;
  if (signal.expiresAtMs <= atMs || pointed?.direction !== direction) return false;
  return confidenceAbove === undefined || pointed.confidenceBps > amountOf(confidenceAbove, values) * 100;
}

/** Null: not available. */
export function figureOf(
  operand: Operand,
  when: "now" | "before",
  values: ParameterValues,
  { figures }: Pick<MarketContext, "figures">,
): number | null {
  if (typeof operand === "number" || "param" in operand) return amountOf(operand, values);
  const value = figures[when][figures.names.indexOf(operand.feature)];
  return value === undefined || value === null || Number.isNaN(value) ? null : value;
}

export function isBetween(
  value: number,
  { min, max }: { readonly min?: Amount; readonly max?: Amount },
  values: ParameterValues,
): boolean {
  return (min === undefined || value >= amountOf(min, values)) && (max === undefined || value <= amountOf(max, values));
}

export const isWithin = (atMs: EpochMs, from: IstTime, before: IstTime): boolean =>
  istMsOfDay(atMs) >= msOfDay(from) && istMsOfDay(atMs) < msOfDay(before);

export function msOfDay(time: IstTime): number {
  // Asked of every rule that has a time, in every window: a split would make four objects of it each time.
  return (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * MS_PER_MINUTE;
}

/** Until the nearest quoted expiry; null when none is quoted. */
export function daysToExpiry(context: Pick<MarketContext, "quotes" | "date" | "expiries">): number | null {
  const { date } = context;
  const expiries = context.expiries ?? context.quotes.map(({ expiry }) => expiry);
  let nearest: MarketDate | null = null;
  for (const expiry of expiries) if (expiry >= date && (nearest === null || expiry < nearest)) nearest = expiry;
  return nearest === null ? null : daysBetween(date, nearest);
}
