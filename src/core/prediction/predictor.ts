// The one interface behind which a view comes about, whatever it rests on: rules, trained models, a blend of them. Every
// predictor answers for a moment by what was known then, says what its confidence is a probability of, and what it lacked.
import type { Underlying } from "../instrument/contract.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { Bar } from "../market/market-event.ts";
import type { CommunityVoice } from "./community.ts";
import type { RsiPolarity } from "./rule-direction.ts";
import type { HitRateTable } from "./rule-hit-rates.ts";
import type { Signal } from "./signal.ts";

export interface PredictionInput {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly atMs: EpochMs;
  /** When a prediction without a view lapses. */
  readonly cycleEndMs: EpochMs;
  readonly spotPaise: Paise;
  readonly vixCenti: number | null;
  readonly bars: readonly Bar[];
  /** One number per feature as of the start of the cycle, NaN where one is missing. Rules need none. */
  readonly features?: Float64Array;
  /** Rows of features of the cycles up to and with this one, oldest first, one after another. Rules need none. */
  readonly sequence?: Float64Array;
  /** What users think at that moment, where enough of them said so. Rules do not ask. */
  readonly community?: CommunityVoice | null;
  readonly polarity?: RsiPolarity;
  readonly rates?: HitRateTable;
}

/** NEUTRAL is a view with an event and a probability of its own; NO_TRADE is the absence of one. */
export type Prediction = Pick<
  Signal,
  "direction" | "confidenceBps" | "reason" | "inputs" | "targetMovePaise" | "stopMovePaise" | "expiresAtMs" | "lean"
>;

export interface Predictor {
  /** Names rules or model with its version; goes into every signal. */
  readonly id: string;
  predict(input: PredictionInput): Prediction;
}

/** What is inside a predictor that learned: how likely each class is, in the order 0 BEARISH, 1 NEUTRAL, 2 BULLISH. */
export interface DirectionModel {
  readonly id: string;
  /** `row`: one number per feature, NaN where one is missing. `sequence`: rows, oldest first, the last of them `row`. */
  shares(row: Float64Array, sequence: Float64Array): Float64Array;
}
