// Where a backtest's views come from: what the platform asks once for every cycle and underlying.
import type { Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { Bar, HeldQuote } from "../market/market-event.ts";
import type { CycleFeatures } from "../prediction/features/cycle-rows.ts";
import { type GuidedOptions, guidedPredictor } from "../prediction/guided-predictor.ts";
import type { Predictor } from "../prediction/predictor.ts";
import { answeringOn, type ModelRecord } from "../prediction/registry.ts";
import { RULE_PREDICTOR } from "../prediction/rule-predictor.ts";
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
  /** What a model is asked with; absent where nobody asks one, and on a day that gives no rows. */
  readonly asked?: CycleFeatures;
}

export interface SignalSource {
  readonly id: string;
  /** Absent: it is asked without features. */
  readonly takesFeatures?: boolean;
  signalOf(cycle: CycleView): Signal;
}

/** Who speaks on a date. */
export type Speakers = (date: MarketDate) => SignalSource;

/** The way of the platform: the predictor's view and the contract to trade it with. */
export const predictorSource = (predictor: Predictor): SignalSource => ({
  id: predictor.id,
  signalOf: (cycle) => makeSignal({ ...cycle, ...cycle.asked, predictor }),
});

/** A model with the rules behind it, as it speaks on the platform. */
export const modelSource = (options: GuidedOptions): SignalSource => ({
  ...predictorSource(guidedPredictor(options)),
  takesFeatures: true,
});

export const RULE_SOURCE: SignalSource = predictorSource(RULE_PREDICTOR);

/** Of models, foremost first, the first that has learned from nothing on or after the date; behind them all the rules. */
export function speakersOf(models: readonly (SpeakingModel & Pick<ModelRecord, "toDate">)[]): Speakers {
  const sources = models.map(({ toDate, ...options }) => ({ toDate, source: modelSource(options) }));
  return (date) => answeringOn(sources, date)?.source ?? RULE_SOURCE;
}

export type SpeakingModel = Pick<GuidedOptions, "id" | "model">;
