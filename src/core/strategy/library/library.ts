// The strategies that come with the platform, in the same format as everybody's. They are read, cloned and deployed, never
// changed; each says plainly how it loses.
import type { StrategyDefinition } from "../definition/definition.ts";
import { BREAKOUTS } from "./breakouts.ts";
import { HYBRID_AI } from "./hybrid-ai.ts";
import { RSI_CROSSOVER } from "./rsi-crossover.ts";
import { SOLD_WITH_WINGS } from "./sold-with-wings.ts";

export const STRATEGY_LIBRARY: readonly StrategyDefinition[] = [
  ...HYBRID_AI,
  ...RSI_CROSSOVER,
  ...BREAKOUTS,
  ...SOLD_WITH_WINGS,
];

export const libraryStrategy = (name: string): StrategyDefinition | null =>
  STRATEGY_LIBRARY.find((definition) => definition.name === name) ?? null;
