// The rule-based predictor: an RSI beyond its bounds on 3-minute bars, or else a trend, or else a calm market, each believed as
// far as that very situation has paid before.
// It says nothing it has not measured, and every reason names the event, the rate, the cases and what chance alone would give.
import type { Underlying } from "../instrument/contract.ts";
import { formatRupees, type Paise, paise } from "../kernel/money.ts";
import { epochMs, istInstant } from "../kernel/time.ts";
import { BAR_INTERVAL_MS, completedBars } from "../market/bars.ts";
import { type BandName, volatilityBand } from "../strategy/volatility-regime.ts";
import { lowerBoundBps, rateBps } from "./hit-rate.ts";
import type { Prediction, PredictionInput, Predictor } from "./predictor.ts";
import { atrShareOf, CALM_EVENT, CALM_HORIZON_MS, calmBoundPaise, isCalm } from "./rule-calm.ts";
import { GATE_BPS, gated } from "./rule-direction.ts";
import { DRIFTLESS_BPS, HORIZON_MS, RULE_EVENT, VIEWS_END, type ViewSide } from "./rule-event.ts";
import { BARS_MIN, MACD_BARS_MIN, type RuleFeatures, ruleFeaturesOf, TREND_BARS } from "./rule-features.ts";
import { calmRate, HIT_RATES, type MeasuredRate, measuredRate, vintageFor } from "./rule-hit-rates.ts";
import { TREND_TERMS } from "./rule-trend.ts";
import { type MacdStand, type RuleView, ruleViewOf } from "./rule-view.ts";
import type { Direction } from "./signal.ts";

const RULE_PREDICTOR_ID = "rules-1";

/** The rules behind the interface of all predictors. */
export const RULE_PREDICTOR: Predictor = { id: RULE_PREDICTOR_ID, predict: predictByRules };

/** Bars that may be missing at the end before the index counts as silent. */
const SILENCE_MAX_MS = 2 * BAR_INTERVAL_MS;

/** A view when the rules have one and its measured rate passes the gate; otherwise NO_TRADE and why. */
export function predictByRules(input: PredictionInput): Prediction {
  const { bars, atMs, date, polarity = "MOMENTUM" } = input;
  const features = ruleFeaturesOf(bars, atMs);
  const { rsi, atrPaise, asOfMs, barCount, trendMovePaise } = features;
  const none = (reason: string, confidenceBps = 0): Prediction => ({
    ...outcome(input, features, "NO_TRADE", confidenceBps, reason),
    targetMovePaise: null,
    stopMovePaise: null,
    expiresAtMs: input.cycleEndMs,
  });
  if (rsi === null || atrPaise === null || asOfMs === null) {
    return none(`Warming up: ${BARS_MIN - barCount} more 3-minute bars until RSI(14) can be told.`);
  }
  if (atMs - asOfMs > SILENCE_MAX_MS) return none("The index has been silent for more than two bars.");
  if (atrPaise < 1) return none("The index stands still: ATR(14) is zero.");
  const view = ruleViewOf(features, polarity);
  if (view === null) {
    const said = `RSI(14) is ${rsi.toFixed(1)}, neither above 70 nor below 30, ${NO_TREND}`;
    return polarity === "MOMENTUM" ? calmPrediction(input, features, said, none) : none(said);
  }
  const { side, macd } = view;
  const said = saidWords(view, { rsi, atrPaise, trendMovePaise });
  if (polarity !== "MOMENTUM") return none(`${said}, but no hit rate is measured for the contrarian reading.`);
  if (asOfMs + HORIZON_MS > istInstant(date, VIEWS_END)) {
    return none(`${said}, but ${RULE_EVENT.horizonMinutes} minutes no longer fit in before ${VIEWS_END}.`);
  }
  const band = volatilityBand(input.vixCenti).name;
  const situation = `${said}; ${macdWords(macd)}; ${BAND_WORDS[band]}.`;
  const rates = input.rates ?? HIT_RATES;
  const rate = measuredRate({ underlying: input.underlying, ...view, band }, date, rates);
  if (rate === null) {
    const since = vintageFor(date, rates)?.before;
    return none(`${situation} Too few such cases have been measured before ${since ?? date}.`);
  }
  const confidenceBps = lowerBoundBps(rate.tally);
  const reason = `${situation} ${eventWords(input.underlying, side, atrPaise)} ${rateWords(rate, macd, confidenceBps)}`;
  const direction = gated(side, confidenceBps);
  if (direction === "NO_TRADE") {
    return none(`${reason} Not above ${percent(GATE_BPS)}, so no trade.`, confidenceBps);
  }
  return {
    ...outcome(input, features, direction, confidenceBps, reason),
    targetMovePaise: paise(Math.round(RULE_EVENT.targetAtr * atrPaise)),
    stopMovePaise: paise(Math.round(RULE_EVENT.stopAtr * atrPaise)),
    expiresAtMs: epochMs(asOfMs + HORIZON_MS),
  };
}

/** No rule with a direction has spoken: a calm market is a view of its own, anything else is none. */
function calmPrediction(
  input: PredictionInput,
  features: RuleFeatures,
  said: string,
  none: (reason: string, confidenceBps?: number) => Prediction,
): Prediction {
  const { underlying, date, vixCenti, bars, atMs, rates = HIT_RATES } = input;
  const indexPaise = completedBars(bars, atMs, BAR_INTERVAL_MS).at(-1)?.closePaise ?? 0;
  const { atrPaise, asOfMs } = features;
  if (vixCenti === null || atrPaise === null || asOfMs === null || !isCalm({ features, indexPaise, vixCenti }))
    return none(said);
  const share = percent(Math.round(10_000 * atrShareOf(atrPaise, indexPaise, vixCenti)));
  const calm = `${said} Calm rule: ATR(14) is ${share} of what India VIX expects of three minutes: NEUTRAL`;
  if (asOfMs + CALM_HORIZON_MS > istInstant(date, VIEWS_END)) {
    return none(`${calm}, but ${CALM_EVENT.horizonMinutes} minutes no longer fit in before ${VIEWS_END}.`);
  }
  const band = volatilityBand(vixCenti).name;
  const situation = `${calm}; ${BAND_WORDS[band]}.`;
  const rate = calmRate({ underlying, band }, date, rates);
  if (rate === null) {
    return none(
      `${situation} Too few such cases have been measured before ${vintageFor(date, rates)?.before ?? date}.`,
    );
  }
  const confidenceBps = lowerBoundBps(rate.tally);
  const boundPaise = paise(Math.round(calmBoundPaise(indexPaise, vixCenti)));
  const reason =
    `${situation} Event: ${underlying} stays within ${formatRupees(boundPaise)} of where it is, ${CALM_EVENT.withinExpected} of ` +
    `the move that VIX expects, for ${CALM_EVENT.horizonMinutes} minutes. ${talliedWords(rate, confidenceBps)} ` +
    `At any moment with MACD: ${percent(rateBps(rate.anyMoment))}.`;
  if (gated("NEUTRAL", confidenceBps) === "NO_TRADE") {
    return none(`${reason} Not above ${percent(GATE_BPS)}, so no trade.`, confidenceBps);
  }
  return {
    ...outcome(input, features, "NEUTRAL", confidenceBps, reason),
    targetMovePaise: null,
    stopMovePaise: boundPaise,
    expiresAtMs: epochMs(asOfMs + CALM_HORIZON_MS),
  };
}

const outcome = (
  { spotPaise, vixCenti }: PredictionInput,
  { rsi, atrPaise, macdHistogramPaise, barCount }: RuleFeatures,
  direction: Direction,
  confidenceBps: number,
  reason: string,
) => ({
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

const BAND_WORDS: Readonly<Record<BandName, string>> = {
  BELOW_15: "India VIX below 15",
  FROM_15: "India VIX from 15 to below 20",
  FROM_20: "India VIX from 20 to below 30",
  FROM_30: "India VIX at or above 30",
  UNKNOWN: "India VIX not known",
};

const NO_TREND = `and there is no trend (${TREND_TERMS.moveAtrMin} ATR in ${TREND_BARS} bars, RSI and MACD on its side).`;

/** Which rule spoke, on what, and for which side. */
function saidWords(
  { rule, side }: RuleView,
  { rsi, atrPaise, trendMovePaise }: { rsi: number; atrPaise: number; trendMovePaise: number | null },
): string {
  if (rule === "RSI") return `RSI rule: RSI(14) is ${rsi.toFixed(1)}: ${side}`;
  const moveAtr = Math.abs(trendMovePaise ?? 0) / atrPaise;
  const went = `${side === "BULLISH" ? "rose" : "fell"} ${moveAtr.toFixed(1)} ATR in ${TREND_BARS} bars`;
  return `Trend rule: the index ${went}, RSI(14) is ${rsi.toFixed(1)}: ${side}`;
}

const macdWords = (macd: MacdStand): string =>
  ({
    AGREES: "MACD agrees",
    DISAGREES: "MACD disagrees",
    MISSING: `MACD not there yet (it takes ${MACD_BARS_MIN} bars)`,
  })[macd];

function eventWords(underlying: Underlying, side: ViewSide, atrPaise: number): string {
  const { targetAtr, stopAtr, horizonMinutes } = RULE_EVENT;
  const points = (atr: number): string => formatRupees(paise(Math.round(atr * atrPaise)));
  const [withIt, against] = side === "BULLISH" ? ["rises", "falls"] : ["falls", "rises"];
  return `Event: ${underlying} ${withIt} ${targetAtr} ATR (${points(targetAtr)}) before it ${against} ${stopAtr} ATR (${points(stopAtr)}), within ${horizonMinutes} minutes.`;
}

function talliedWords({ tally, measuredOn, before }: MeasuredRate, confidenceBps: number): string {
  const where = measuredOn === "ALL" ? "all underlyings together" : measuredOn;
  return (
    `It came to pass in ${tally.hits} of ${tally.cases} such cases (${percent(rateBps(tally))}) on ${tally.days} days ` +
    `before ${before}, measured on ${where}; counted as ${percent(confidenceBps)}, the lower bound.`
  );
}

function rateWords(rate: MeasuredRate, macd: MacdStand, confidenceBps: number): string {
  const { anyMoment } = rate;
  return (
    `${talliedWords(rate, confidenceBps)} ` +
    `At any moment ${macd === "MISSING" ? "before" : "with"} MACD: ${percent(rateBps(anyMoment))}; a walk without drift or time limit: ${percent(DRIFTLESS_BPS)}.`
  );
}

const percent = (bps: number): string => `${(bps / 100).toFixed(1)} %`;
