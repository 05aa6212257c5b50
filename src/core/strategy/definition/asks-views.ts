// Whether a strategy looks at the platform's views at all. One that does not has the same result whoever speaks.
import type { Condition, StrategyDefinition } from "./definition.ts";

/** Null stands for the platform's own signals, which are views. */
export function asksViews(definition: StrategyDefinition | null): boolean {
  if (definition === null) return true;
  const { entries, exits } = definition;
  return [...entries.flatMap(({ when, leaveWhen }) => [when, leaveWhen]), exits?.when].some(
    (condition) => condition !== undefined && asks(condition),
  );
}

/** Whether an entry of it rests on a view: then the view's confidence stands behind the trade. */
export const entersOnViews = ({ entries }: Pick<StrategyDefinition, "entries">): boolean =>
  entries.some(({ when }) => asks(when));

function asks(condition: Condition): boolean {
  switch (condition.kind) {
    case "ALL":
    case "ANY":
      return condition.of.some(asks);
    case "NOT":
      return asks(condition.of);
    default:
      return condition.kind === "SIGNAL" || condition.kind === "LEAN";
  }
}
