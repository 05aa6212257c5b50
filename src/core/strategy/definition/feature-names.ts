// Every name that a condition may compare.
import { BAR_FIGURES } from "./bar-figures.ts";

export const STRATEGY_FEATURES: readonly string[] = BAR_FIGURES;

export const KNOWN_FEATURES: ReadonlySet<string> = new Set(STRATEGY_FEATURES);
