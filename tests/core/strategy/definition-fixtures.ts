// A market around a strategy: a modelled NIFTY chain at 24,500 on a day that expires in four, and figures to set.

import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { modelChain } from "../../../src/core/market/model-chain.ts";
import type { StrategyContext } from "../../../src/core/strategy/definition/context.ts";
import type { StrategyDefinition } from "../../../src/core/strategy/definition/definition.ts";

const DATE = marketDate("2025-08-29");
const SPOT = paise(24_500_00);

type Figures = Readonly<Record<string, readonly [before: number | null, now: number | null]>>;

export function aContext(change: Partial<StrategyContext> = {}, figures: Figures = {}): StrategyContext {
  const date = change.date ?? DATE;
  const atMs = change.atMs ?? istInstant(date, "11:02");
  const chain = modelChain({ underlying: "NIFTY50", date, atMs, spotPaise: SPOT, vixCenti: 14_00 });
  return {
    underlying: "NIFTY50",
    date,
    atMs,
    closeMs: istInstant(date, "15:30"),
    spotPaise: SPOT,
    vixCenti: 14_00,
    atrPaise: paise(20_00),
    figures: {
      names: Object.keys(figures),
      before: Object.values(figures).map(([before]) => before),
      now: Object.values(figures).map(([, now]) => now),
    },
    signal: null,
    quotes: (chain?.quotes ?? []).map((quote) => ({ ...quote, quotedAtMs: epochMs(atMs - 1_000), source: "MODELLED" })),
    staleAfterMs: 15_000,
    position: null,
    entriesToday: 0,
    lastEntryMs: null,
    ...change,
  };
}

/** One bought call whenever RSI is above 60. */
export const aDefinition = (change: Partial<StrategyDefinition> = {}): StrategyDefinition => ({
  format: 1,
  name: "a-test",
  version: 1,
  title: "A test",
  description: "Buys a call.",
  underlyings: ["NIFTY50"],
  parameters: [{ kind: "NUMBER", name: "level", description: "RSI.", default: 60, min: 50, max: 90 }],
  entries: [
    {
      name: "strong",
      when: { kind: "COMPARE", left: { feature: "bar.rsi14" }, is: "ABOVE", right: { param: "level" } },
      legs: [{ side: "BUY", optionType: "CALL", ratio: 1, expiry: "NEAREST", strike: { by: "ATM" } }],
    },
  ],
  sizing: { by: "LOTS", lots: 1 },
  ...change,
});
