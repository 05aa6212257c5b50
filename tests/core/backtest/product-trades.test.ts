// What `npm run evaluate` says the product would have traded with a model, on a few of the days that come with the project.
import { expect, test } from "vitest";
import { type MarketDate, marketDate } from "../../../src/core/kernel/time.ts";
import { fittedSmile } from "../../../src/core/market/fitted-smile.ts";
import type { EnsembleAnswer, EnsembleModel } from "../../../src/core/prediction/models/ensemble.ts";
import { SHIPPED_HISTORY } from "../../../tools/give-history.ts";
import { productTrades, type TradeSums } from "../../../tools/models/product-trades.ts";

const DATES = ["2025-08-18", "2025-08-19", "2025-08-22"].map(marketDate);

/** Always of the same mind about direction and outcome. */
function sayingAlways(direction: readonly number[], outcome: readonly number[]): EnsembleModel {
  const calibration = { base: Float64Array.of(0.9, 0.1), trust: new Float64Array(1), shift: new Float64Array(2) };
  const shares = Float64Array.from(direction);
  const answer: EnsembleAnswer = {
    direction: shares,
    outcome: Float64Array.from(outcome),
    forest: shares,
    network: null,
  };
  const base = Float64Array.of(0.3, 0.4, 0.3);
  const outcomes = [{ calibration }, { calibration }, { calibration }];
  return {
    ensemble: { features: ["rsi"], direction: { base }, outcomes },
    answer: () => answer,
  } as unknown as EnsembleModel;
}

const traded = (model: EnsembleModel, dates: readonly MarketDate[] = DATES) =>
  productTrades({ folder: SHIPPED_HISTORY, dates, model: { id: "m", model }, smile: fittedSmile, seed: 1 });

const net = (...sums: readonly TradeSums[]): number => sums.reduce((all, { netPaise }) => all + netPaise, 0);
const count = (...sums: readonly TradeSums[]): number => sums.reduce((all, { trades }) => all + trades, 0);

// Whole days of three indices, twice: seconds alone, many of them where other work has the cores.
test("a model's own views are told from those of rules it lets speak, and both and all indices make up the whole", {
  timeout: 60_000,
}, async () => {
  const sure = await traded(sayingAlways([0.25, 0.35, 0.4], [0.1, 0.1, 0.9]));
  expect(sure).toMatchObject({ daysPlayed: 3, leftOut: {}, failure: null });
  expect(sure.all.byVoice.model.trades).toBeGreaterThan(0);
  const { NIFTY50, BANKNIFTY, SENSEX } = sure.indices;
  if (!NIFTY50 || !BANKNIFTY || !SENSEX) throw new Error("three indices");
  expect(net(NIFTY50, BANKNIFTY, SENSEX)).toBe(sure.all.netPaise);
  expect(count(NIFTY50, BANKNIFTY, SENSEX)).toBe(sure.all.trades);
  for (const { byVoice, trades, netPaise } of [sure.all, NIFTY50, BANKNIFTY, SENSEX]) {
    expect([count(byVoice.model, byVoice.rules), net(byVoice.model, byVoice.rules)]).toEqual([trades, netPaise]);
  }

  // One that is sure of nothing and leans nowhere lets no rule speak; on days that were not asked for nothing is traded.
  const none = await traded(sayingAlways([0.3, 0.4, 0.3], [0.1, 0.05, 0.1]), DATES.slice(0, 1));
  expect(none.all).toMatchObject({ trades: 0, winRate: null, netPaise: 0, sharpe: null, sharpeInterval: null });
  expect(none.daysPlayed).toBe(1);
  // The rules alone are the same whatever the model says, and are no figure of it.
  const blind = await traded(sayingAlways([0.3, 0.4, 0.3], [0.1, 0.05, 0.1]));
  expect(blind.all.rulesAlone).toEqual(sure.all.rulesAlone);
});
