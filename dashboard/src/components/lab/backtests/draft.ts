// What the next backtest is asked with when somebody comes from a strategy.
import { signal } from "@preact/signals";
import type { Underlying } from "../../../live/model.ts";
import type { Values } from "../strategies/parameter.ts";

export interface Draft {
  readonly strategyId: string;
  readonly underlying: Underlying;
  readonly values: Values;
}

export const draft = signal<Draft | null>(null);

export function toBacktest(next: Draft): void {
  draft.value = next;
  location.hash = "#/lab/backtests";
}
