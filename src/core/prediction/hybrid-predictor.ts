// The trained hybrid behind the interface of all predictors. What it speaks is the calibrated probability that the structure it
// would be traded with makes money after spread, slippage and every charge; the direction head has to lean the same way. What
// the community thinks is blended in where enough of it speaks, and the gate is on the blend (AI-12, C-10, C-52).
import { formatRupees, type Paise, paise } from "../kernel/money.ts";
import { epochMs, istInstant } from "../kernel/time.ts";
import { BAR_INTERVAL_MS } from "../market/bars.ts";
import { blendedBps, type CommunityVoice } from "./community.ts";
import { CLASSES, type ViewClass } from "./dataset.ts";
import { FEATURES } from "./features/feature-list.ts";
import { type EnsembleAnswer, type EnsembleModel, type Lean, leanOf } from "./models/ensemble.ts";
import type { Prediction, PredictionInput, Predictor } from "./predictor.ts";
import { CALM_EVENT, CALM_HORIZON_MS, calmBoundPaise } from "./rule-calm.ts";
import { GATE_BPS, gated } from "./rule-direction.ts";
import { HORIZON_MS, RULE_EVENT, VIEWS_END } from "./rule-event.ts";
import { type RuleFeatures, ruleFeaturesOf } from "./rule-features.ts";

/** Bars that may be missing at the end before the index counts as silent. */
const SILENCE_MAX_MS = 2 * BAR_INTERVAL_MS;
/** With which the reason of a view begins that is the model's own. */
const OWN_WORD = "Hybrid: ";

/** Whether a model has said it, and not a rule that it has let speak. */
export const isModelsOwn = ({ reason }: Pick<Prediction, "reason">): boolean => reason.startsWith(OWN_WORD);

/** Missing features that a reason names one by one. */
const NAMED_MAX = 6;

export interface HybridOptions {
  readonly id: string;
  readonly model: EnsembleModel;
  /** The names of the features that callers hand over, in order. */
  readonly features?: readonly string[];
}

/** What the model answers to a caller's features; null where the features of the cycle are not there. */
export function askedByName({ model, features = FEATURES }: Omit<HybridOptions, "id">) {
  // A model knows its features by name: what it was not taught is left aside, what is no longer made is missing.
  const places = Int32Array.from(model.ensemble.features, (name) => features.indexOf(name));
  const isSame = places.length === features.length && places.every((place, at) => place === at);
  const reordered = (rows: Float64Array): Float64Array => {
    if (isSame) return rows;
    const count = rows.length / features.length;
    return Float64Array.from({ length: count * places.length }, (_, at) => {
      const place = places[at % places.length] as number;
      return place < 0 ? Number.NaN : (rows[Math.floor(at / places.length) * features.length + place] as number);
    });
  };
  return (
    input: Pick<PredictionInput, "features" | "sequence">,
  ): { readonly row: Float64Array; readonly answer: EnsembleAnswer } | null => {
    if (input.features === undefined) return null;
    const row = reordered(input.features);
    return { row, answer: model.answer(row, reordered(input.sequence ?? input.features)) };
  };
}

/** A view where the hybrid has one that passes the gate; otherwise NO_TRADE and why. */
export function hybridPredictor({ id, model, features = FEATURES }: HybridOptions): Predictor {
  const ask = askedByName({ model, features });
  return {
    id,
    predict: (input) => {
      const { bars, atMs } = input;
      const rule = ruleFeaturesOf(bars, atMs);
      const none = (reason: string, confidenceBps = 0): Prediction => ({
        ...outcomeOf(input, rule, "NO_TRADE", confidenceBps, reason),
        targetMovePaise: null,
        stopMovePaise: null,
        expiresAtMs: input.cycleEndMs,
      });
      if (rule.asOfMs === null || atMs - rule.asOfMs > SILENCE_MAX_MS)
        return none("The index has been silent for more than two bars.");
      const asked = ask(input);
      if (asked === null) return none("The features of this cycle are not there.");
      const { row, answer } = asked;
      const lean = leanOf(model, answer);
      if (lean === null) return none("The direction head gives no view more than its base rate.");
      return voiced({ input, rule, row, answer, lean, model, none });
    },
  };
}

interface Voice {
  readonly input: PredictionInput;
  readonly rule: RuleFeatures;
  readonly row: Float64Array;
  readonly answer: EnsembleAnswer;
  readonly lean: Lean;
  readonly model: EnsembleModel;
  readonly none: (reason: string, confidenceBps?: number) => Prediction;
}

function voiced({ input, rule, row, answer, lean, model, none }: Voice): Prediction {
  const { underlying, date, community = null } = input;
  const view = CLASSES[lean.view] as ViewClass;
  const ownBps = Math.round(10_000 * lean.probability);
  const communityBps = community?.confidenceBps[view] ?? null;
  const confidenceBps = blendedBps(ownBps, communityBps);
  const reason = [
    `${OWN_WORD}${view}.`,
    eventWords(view),
    `Probability ${percent(ownBps)}, calibrated on later days than it learned from; base rate ${percent(10_000 * lean.baseRate)}.`,
    directionWords(answer, model, lean.view),
    communityWords(community, communityBps, confidenceBps),
    missingWords(model.ensemble.features, row),
  ]
    .filter((part) => part !== "")
    .join(" ");
  const { atrPaise, asOfMs } = rule;
  if (atrPaise === null || atrPaise < 1 || asOfMs === null)
    return none(`${reason} No ATR(14) to draw exits by.`, confidenceBps);
  const [horizonMs, minutes] =
    view === "NEUTRAL" ? [CALM_HORIZON_MS, CALM_EVENT.horizonMinutes] : [HORIZON_MS, RULE_EVENT.horizonMinutes];
  const untilMs = epochMs(asOfMs + horizonMs);
  if (untilMs > istInstant(date, VIEWS_END)) {
    return none(`${reason} ${minutes} minutes no longer fit in before ${VIEWS_END}.`, confidenceBps);
  }
  const direction = gated(view, confidenceBps);
  if (direction === "NO_TRADE") {
    const no = none(`${reason} Not above ${percent(GATE_BPS)}, so no trade.`, confidenceBps);
    // What is no likelier than at any other moment says nothing about this one.
    return lean.probability > lean.baseRate ? { ...no, lean: { direction: view, confidenceBps } } : no;
  }
  const head = { ...outcomeOf(input, rule, direction, confidenceBps, reason), expiresAtMs: untilMs };
  if (direction === "NEUTRAL") {
    if (input.vixCenti === null)
      return none(`${reason} Without India VIX nothing says how far the index may go.`, confidenceBps);
    const boundPaise = paise(Math.round(calmBoundPaise(input.spotPaise, input.vixCenti)));
    return {
      ...head,
      reason: `${reason} It has failed where ${underlying} is ${formatRupees(boundPaise)} away.`,
      targetMovePaise: null,
      stopMovePaise: boundPaise,
    };
  }
  return {
    ...head,
    targetMovePaise: paise(Math.round(RULE_EVENT.targetAtr * atrPaise)),
    stopMovePaise: paise(Math.round(RULE_EVENT.stopAtr * atrPaise)),
  };
}

const STRUCTURES: Readonly<Record<ViewClass, string>> = {
  BEARISH: "the put that this view would buy",
  NEUTRAL: "the iron fly that this view would sell",
  BULLISH: "the call that this view would buy",
};

const eventWords = (view: ViewClass): string =>
  `Event: ${STRUCTURES[view]}, left by the exit plan, makes money after spread, slippage and all charges.`;

function directionWords(
  { direction, forest, network }: EnsembleAnswer,
  { ensemble }: EnsembleModel,
  view: number,
): string {
  const share = (shares: ArrayLike<number>): string => percent(10_000 * (shares[view] as number));
  const parts = network === null ? `forest ${share(forest)}` : `forest ${share(forest)}, network ${share(network)}`;
  return `Direction of the next cycle: ${share(direction)} where the base rate is ${share(ensemble.direction.base)} (${parts}).`;
}

function communityWords(community: CommunityVoice | null, communityBps: number | null, blended: number): string {
  if (community === null || communityBps === null) return "";
  return `Community: ${percent(communityBps)} of ${community.contributors} users; together ${percent(blended)}.`;
}

function missingWords(features: readonly string[], row: Float64Array): string {
  const missing = features.filter((_, at) => Number.isNaN(row[at] as number));
  if (missing.length === 0) return "";
  const named = missing.slice(0, NAMED_MAX).join(", ");
  return `Missing: ${named}${missing.length > NAMED_MAX ? ` and ${missing.length - NAMED_MAX} more` : ""}.`;
}

const outcomeOf = (
  { spotPaise, vixCenti }: PredictionInput,
  { rsi, atrPaise, macdHistogramPaise, barCount }: RuleFeatures,
  direction: Prediction["direction"],
  confidenceBps: number,
  reason: string,
): Pick<Prediction, "direction" | "confidenceBps" | "reason" | "inputs"> => ({
  direction,
  confidenceBps,
  reason,
  inputs: {
    spotPaise,
    rsi,
    atrPaise: wholePaise(atrPaise),
    macdHistogramPaise: wholePaise(macdHistogramPaise),
    vixCenti,
    barCount,
  },
});

const wholePaise = (value: number | null): Paise | null => (value === null ? null : paise(Math.round(value)));

const percent = (bps: number): string => `${(bps / 100).toFixed(1)} %`;
