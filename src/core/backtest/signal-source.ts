// Where a backtest's views come from: what the platform asks once for every cycle and underlying.
import type { Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { Bar, HeldQuote } from "../market/market-event.ts";
import type { Predictor } from "../prediction/predictor.ts";
import type { Signal } from "../prediction/signal.ts";
import { makeSignal } from "../strategy/make-signal.ts";

/** One underlying at the instant at which a cycle's signals are made. */
export interface CycleView {
  readonly cycleId: string;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  readonly cycleEndMs: EpochMs;
  readonly staleAfterMs: number;
  readonly view: {
    readonly underlying: Underlying;
    readonly spotPaise: Paise;
    readonly vixCenti: number | null;
    readonly bars: readonly Bar[];
    readonly quotes: readonly HeldQuote[];
  };
}

export interface SignalSource {
  readonly id: string;
  signalOf(cycle: CycleView): Signal;
}

/** The way of the platform: the predictor's view and the contract to trade it with. */
export const predictorSource = (predictor: Predictor): SignalSource => ({
  id: predictor.id,
  signalOf: (cycle) => makeSignal({ ...cycle, predictor }),
});
