// The features of a row by name, each with what it is, its unit and when it is missing. The order is that of every row, and
// every model knows its features by name: a formula never changes under its name, it gets a new one.

export interface FeatureText {
  readonly name: string;
  readonly unit: string;
  readonly formula: string;
  readonly source: string;
  readonly missing: string;
}

type Group = readonly (readonly [name: string, unit: string, formula: string, missing: string])[];

const CLOCK: Group = [
  ["minutesSinceOpen", "minutes", "start of the cycle less the open", "never"],
  ["daysToExpiry", "calendar days", "to 15:30 of the nearest expiry", "the calendar knows none within 36 days"],
  ["isExpiryDay", "0 or 1", "1 on the day of the nearest expiry", "as above"],
];

const MOVES: Group = [
  ["return1", "bar volatilities", "ln(C ÷ C₋₁) ÷ u", "fewer than 2 bars, or no u"],
  ["return5", "bar volatilities", "ln(C ÷ C₋₅) ÷ (u√5)", "fewer than 6 bars, or no u"],
  ["return10", "bar volatilities", "ln(C ÷ C₋₁₀) ÷ (u√10)", "fewer than 11 bars, or no u"],
  ["return20", "bar volatilities", "ln(C ÷ C₋₂₀) ÷ (u√20)", "fewer than 21 bars, or no u"],
  ["returnSinceOpen", "bar volatilities", "ln(C ÷ O₁) ÷ (u√n)", "no bar, or no u"],
  ["returnSincePreviousClose", "daily volatilities", "ln(C ÷ P) ÷ d", "no bar, no P, or no d"],
  ["gap", "daily volatilities", "ln(O₁ ÷ P) ÷ d", "as above"],
  ["previousDayReturn", "daily volatilities", "ln(P ÷ P₋₁) ÷ d", "no P₋₁, or no d"],
  ["return5Days", "daily volatilities", "ln(P ÷ P₋₅) ÷ (d√5)", "no P₋₅ within 14 days, or no d"],
  ["trend", "ATR", "(C − C₋₁₀) ÷ ATR, as the trend rule has it", "fewer than 14 bars"],
];

const INDICATORS: Group = [
  ["rsi", "0 to 100", "Wilder's RSI(14)", "fewer than 15 bars"],
  ["atr", "basis points", "Wilder's ATR(14) ÷ C × 10,000", "fewer than 14 bars"],
  ["atrRatio", "bar volatilities", "ATR(14) ÷ (C·u)", "fewer than 14 bars, or no u"],
  ["macd", "ATR", "MACD(12, 26) ÷ ATR", "fewer than 34 bars"],
  ["macdHistogram", "ATR", "MACD(12, 26) less its signal(9), ÷ ATR", "fewer than 34 bars"],
  ["bollinger", "half band widths", "(C − mean of 20) ÷ (2 × their deviation)", "fewer than 20 bars, or no deviation"],
];

const RANGES: Group = [
  ["realisedVolatility", "% a year", "r.m.s. of today's bar returns × √(125·252)", "fewer than 6 bars"],
  ["volatilityRatio", "ratio", "r.m.s. of today's bar returns ÷ u", "fewer than 6 bars, or no u"],
  ["recentVolatilityRatio", "ratio", "r.m.s. of the last 10 bar returns ÷ that of today", "fewer than 11 bars"],
  ["dayRange", "daily volatilities", "ln(high ÷ low of today) ÷ d", "no bar, or no d"],
  ["positionInRange", "0 to 1", "(C − low) ÷ (high − low) of today", "no bar, or no range"],
  ["positionInLast5", "0 to 1", "the same of the last 5 bars", "fewer than 5 bars, or no range"],
  [
    "openingRange",
    "half ranges",
    "(C − middle) ÷ half the range of the first 5 bars",
    "fewer than 6 bars, or no range",
  ],
  ["efficiency", "0 to 1", "|C − C₋₂₀| ÷ Σ|steps| of 20 bars", "fewer than 21 bars, or no step"],
  ["previousHighDistance", "daily volatilities", "ln(previous day's high ÷ C) ÷ d", "no bar, no previous day, or no d"],
  ["previousLowDistance", "daily volatilities", "ln(C ÷ previous day's low) ÷ d", "as above"],
];

const VOLATILITY_INDICES: Group = [
  ["vix", "points", "India VIX now, else its previous close", "neither known"],
  ["vixChange", "%", "100·ln(India VIX now ÷ its previous close)", "no VIX of today, or no previous close"],
  ["vixDayChange", "%", "100·ln(previous close ÷ the one before)", "either not known"],
  ["vixPremium", "ratio", "vix ÷ 100 ÷ (d√252)", "no vix, or no d"],
  ["spVix", "points", "CBOE VIX, last close before the day", "none within 7 days"],
  ["spVixChange", "%", "100·ln(that close ÷ the one before)", "either not known"],
  ["giftGap", "daily volatilities", "ln(GIFT NIFTY ÷ NIFTY 50, evening before) ÷ d", "either not known, or no d"],
];

const CHAIN: Group = [
  ["volume", "log₁₀ units", "traded today in the nearest expiry's options", "no chain, or it has no volume"],
  [
    "volumeSpike",
    "ratio",
    "traded a minute since the reading before ÷ a minute since the open",
    "fewer than 2 readings",
  ],
  ["openInterest", "log₁₀ units", "open in the nearest expiry's options", "no chain, or it has no open interest"],
  ["openInterestChange", "%", "against the day's first reading", "fewer than 2 readings"],
  ["putCallOpenInterest", "ratio", "open puts ÷ open calls", "as openInterest, or no calls"],
  ["putCallVolume", "ratio", "puts traded ÷ calls traded", "as volume, or no calls"],
];

const COMMUNITY: Group = [
  ["community", "−1 to 1", "what users think: all bearish to all bullish", "nobody said anything"],
];

const GROUPS: readonly (readonly [source: string, group: Group])[] = [
  ["clock and calendar", CLOCK],
  ["index bars, earlier days", MOVES],
  ["index bars", INDICATORS],
  ["index bars, earlier days", RANGES],
  ["volatility indices, GIFT NIFTY", VOLATILITY_INDICES],
  ["option chain", CHAIN],
  ["community", COMMUNITY],
];

/** C, C₋ₖ: closes of completed bars; O₁: the day's first open; P: the previous close; n: bars; u, d: bar and daily volatility. */
export const FEATURE_TEXTS: readonly FeatureText[] = GROUPS.flatMap(([source, group]) =>
  group.map(([name, unit, formula, missing]) => ({ name, unit, formula, source, missing })),
);

export const FEATURES: readonly string[] = FEATURE_TEXTS.map(({ name }) => name);

/** Which figures of a row are there: 1, or 0 where one is missing. */
export const maskOf = (row: Float64Array): Uint8Array => Uint8Array.from(row, (value) => (Number.isNaN(value) ? 0 : 1));
