// What a strategy wants at one moment: enter these legs, leave what it holds, or nothing. A pure function of the definition, the
// parameters of now and the context; whether it may is the account's to say.
import { type EpochMs, epochMs, istInstant, istMsOfDay, type MarketDate, MS_PER_MINUTE } from "../../kernel/time.ts";
import type { Structure } from "../../order-list/order-list.ts";
import { chooseLegs } from "./choose-legs.ts";
import type { ChosenLeg, HeldByStrategy, StrategyContext, StrategyIntent } from "./context.ts";
import type { Entry, ParameterValues, StrategyDefinition } from "./definition.ts";
import { daysToExpiry, holds, isBetween, isWithin, msOfDay } from "./evaluate.ts";
import { amountOf } from "./parameters.ts";
import { positionPlanOf, sizingOf } from "./plan.ts";

export function decideStrategy(
  definition: StrategyDefinition,
  values: ParameterValues,
  context: StrategyContext,
): StrategyIntent {
  return context.position === null
    ? entryOf(definition, values, context)
    : exitOf(definition, values, context, context.position);
}

function exitOf(
  { exits, entries }: StrategyDefinition,
  values: ParameterValues,
  context: StrategyContext,
  { openedAtMs, entry: name }: HeldByStrategy,
): StrategyIntent {
  if (exits?.at !== undefined && istMsOfDay(context.atMs) >= msOfDay(exits.at)) {
    return { action: "EXIT", reason: `it is ${exits.at} or later` };
  }
  if (exits?.afterMinutes !== undefined) {
    const minutes = amountOf(exits.afterMinutes, values);
    if (context.atMs >= openedAtMs + minutes * MS_PER_MINUTE) {
      return { action: "EXIT", reason: `${minutes} minutes have passed since the entry` };
    }
  }
  if (exits?.when !== undefined && holds(exits.when, values, context) === true) {
    return { action: "EXIT", reason: "its exit condition holds" };
  }
  const entry = entries.find((each) => each.name === name);
  if (entry?.leaveWhen !== undefined && holds(entry.leaveWhen, values, context) === true) {
    return { action: "EXIT", reason: `${entry.name} has come to its end` };
  }
  return hold("its position is open");
}

function entryOf(definition: StrategyDefinition, values: ParameterValues, context: StrategyContext): StrategyIntent {
  const stopped = filteredBy(definition, values, context);
  if (stopped !== null) return hold(stopped);
  let unknown = false;
  for (const entry of definition.entries) {
    const answer = holds(entry.when, values, context);
    if (answer === null) unknown = true;
    if (answer === true) return enter(definition, entry, values, context);
  }
  return hold(unknown ? "an entry condition is not known yet: a figure is missing" : "no entry condition holds");
}

/** The filter that keeps entries out; null when none does. What is not known keeps them out. */
function filteredBy(
  { filters, exits }: StrategyDefinition,
  values: ParameterValues,
  context: StrategyContext,
): string | null {
  const { atMs, entriesToday, lastEntryMs, vixCenti } = context;
  if (exits?.at !== undefined && istMsOfDay(atMs) >= msOfDay(exits.at)) return `no entry from ${exits.at} on`;
  if (filters === undefined) return null;
  const { vix, expiryDay, time, entriesPerDay, minutesBetweenEntries } = filters;
  if (time !== undefined && !isWithin(atMs, time.from, time.before)) {
    return `entries are made from ${time.from} to before ${time.before}`;
  }
  if (vix !== undefined && vixCenti === null) return "India VIX is not known";
  if (vix !== undefined && vixCenti !== null && !isBetween(vixCenti / 100, vix, values)) {
    return "India VIX is outside of its range";
  }
  if (expiryDay !== undefined) {
    const days = daysToExpiry(context);
    if (days === null) return "no expiry is quoted";
    if (expiryDay === "ONLY" && days !== 0) return "entries are made on the day of expiry only";
    if (expiryDay === "NEVER" && days === 0) return "no entries are made on the day of expiry";
  }
  if (entriesPerDay !== undefined && entriesToday >= amountOf(entriesPerDay, values)) {
    return "it has made the day's entries";
  }
  if (
    minutesBetweenEntries !== undefined &&
    lastEntryMs !== null &&
    atMs < lastEntryMs + amountOf(minutesBetweenEntries, values) * MS_PER_MINUTE
  ) {
    return "too soon after its last entry";
  }
  return null;
}

function enter(
  { title, exits, sizing }: StrategyDefinition,
  entry: Entry,
  values: ParameterValues,
  context: StrategyContext,
): StrategyIntent {
  const legs = chooseLegs(entry.legs, values, context);
  if (!legs.ok) return hold(`${entry.name}: ${legs.error}`);
  return {
    action: "ENTER",
    entry: entry.name,
    structure: structureOf(legs.value),
    legs: legs.value,
    plan: entry.exit === undefined ? null : positionPlanOf(entry.exit, legs.value, values),
    sizing: sizingOf(sizing, values),
    timeExitMs: timeExitOf(exits, values, context),
    reason: `${title}: ${entry.name}`,
  };
}

/** The earlier of the two, before the close; a view that the entry rests on does not end it by itself. */
function timeExitOf(
  exits: StrategyDefinition["exits"],
  values: ParameterValues,
  { date, atMs, closeMs }: StrategyContext,
): EpochMs | null {
  const instants: number[] = [];
  if (exits?.at !== undefined) instants.push(istInstant(date satisfies MarketDate, exits.at));
  if (exits?.afterMinutes !== undefined) {
    instants.push(atMs + Math.round(amountOf(exits.afterMinutes, values) * MS_PER_MINUTE));
  }
  const earliest = Math.min(...instants);
  return earliest < closeMs ? epochMs(earliest) : null;
}

/** Its name in the order list; what has none is CUSTOM. */
function structureOf(legs: readonly ChosenLeg[]): Structure {
  const strikes = new Set(legs.map(({ contract }) => contract.strikePaise)).size;
  const types = new Set(legs.map(({ contract }) => contract.optionType)).size;
  const sides = new Set(legs.map(({ side }) => side)).size;
  const isEven =
    legs.every(({ ratio }) => ratio === 1) && new Set(legs.map(({ contract }) => contract.expiry)).size === 1;
  if (!isEven) return "CUSTOM";
  if (legs.length === 2 && types === 2 && sides === 1) return strikes === 1 ? "STRADDLE" : "STRANGLE";
  if (legs.length === 2 && types === 1 && sides === 2) return "VERTICAL";
  if (legs.length !== 4 || types !== 2) return "CUSTOM";
  const sold = legs.filter(({ side }) => side === "SELL");
  if (sold.length !== 2 || new Set(sold.map(({ contract }) => contract.optionType)).size !== 2) return "CUSTOM";
  return new Set(sold.map(({ contract }) => contract.strikePaise)).size === 1 ? "IRON_FLY" : "IRON_CONDOR";
}

const hold = (reason: string): StrategyIntent => ({ action: "HOLD", reason });
