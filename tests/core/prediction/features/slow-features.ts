// Every feature once more, straight from its definition and from all bars at once: slow, by name, sharing nothing with the
// stream but the calendar and the series form of the indicators.
import { nextExpiriesOf } from "../../../../src/core/instrument/expiry-calendar.ts";
import { daysBetween, istInstant } from "../../../../src/core/kernel/time.ts";
import type { SeededDay } from "./seeded-days.ts";
import { atrSeries, macdSeries, rsiSeries } from "./slow-indicators.ts";

const NONE = Number.NaN;
const rms = (values: readonly number[]): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

export function slowFeatures(day: SeededDay, atMs: number, community: number | null): Record<string, number> {
  const bars = day.bars.filter((bar) => bar.startMs + 180_000 <= atMs);
  const chain = day.chain.filter((reading) => reading.atMs <= atMs);
  const C = bars.map((bar) => Number(bar.closePaise));
  const H = bars.map((bar) => Number(bar.highPaise));
  const L = bars.map((bar) => Number(bar.lowPaise));
  const n = C.length;
  const c = C.at(-1) ?? NONE;
  const open = Number(bars[0]?.openPaise ?? NONE);
  const known = <K extends keyof SeededDay["history"]>(key: K): number => day.history[key] ?? NONE;
  const [u, d, p] = [known("barVolatility"), known("dailyVolatility"), known("previousClosePaise")];
  const back = (k: number): number => C[n - 1 - k] ?? NONE;
  const returns = C.slice(1).map((value, at) => Math.log(value / (C[at] ?? NONE)));
  const atr = atrSeries(
    bars.map((bar) => ({ high: bar.highPaise, low: bar.lowPaise, close: bar.closePaise })),
    14,
  ).at(-1);
  const macd = macdSeries(C).at(-1);
  const a = atr ?? NONE;
  const last20 = C.slice(-20);
  const mean = last20.reduce((sum, v) => sum + v, 0) / 20;
  const deviation = Math.sqrt(last20.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 20);
  const place = (from: number, to: number): number => {
    if (from < 0 || to > n || from >= to) return NONE;
    const [low, high] = [Math.min(...L.slice(from, to)), Math.max(...H.slice(from, to))];
    return high > low ? (c - low) / (high - low) : NONE;
  };
  const steps = C.slice(-21).reduce((sum, v, at, all) => sum + (at === 0 ? 0 : Math.abs(v - (all[at - 1] ?? NONE))), 0);
  const today = returns.length >= 5 ? rms(returns) : NONE;
  const [expiry] = nextExpiriesOf(day.underlying, day.date, 1);
  const isNear = expiry !== undefined && daysBetween(day.date, expiry) <= 36;
  const vixNow = day.vixAt(atMs);
  const vix = (vixNow ?? known("previousVixCenti")) / 100;
  const change = (from: number, to: number): number => 100 * Math.log(to / from);
  const [last, before, first] = [chain.at(-1), chain.at(-2), chain[0]];
  const volume = (at: typeof last): number => (at?.callVolumeUnits ?? NONE) + (at?.putVolumeUnits ?? NONE);
  const interest = (at: typeof last): number =>
    (at?.callOpenInterestUnits ?? NONE) + (at?.putOpenInterestUnits ?? NONE);
  const minutes = (from: number, to: number): number => (to - from) / 60_000;
  const openMs = istInstant(day.date, "09:15");
  const recent = (volume(last) - volume(before)) / minutes(before?.atMs ?? NONE, last?.atMs ?? NONE);
  return {
    minutesSinceOpen: minutes(openMs, atMs),
    daysToExpiry: isNear ? Math.max(0, istInstant(expiry, "15:30") - atMs) / 86_400_000 : NONE,
    isExpiryDay: isNear ? (expiry === day.date ? 1 : 0) : NONE,
    return1: Math.log(c / back(1)) / u,
    return5: Math.log(c / back(5)) / u / Math.sqrt(5),
    return10: Math.log(c / back(10)) / u / Math.sqrt(10),
    return20: Math.log(c / back(20)) / u / Math.sqrt(20),
    returnSinceOpen: Math.log(c / open) / u / Math.sqrt(n),
    returnSincePreviousClose: Math.log(c / p) / d,
    gap: Math.log(open / p) / d,
    previousDayReturn: Math.log(p / known("closeBeforePaise")) / d,
    return5Days: Math.log(p / known("closeFiveBeforePaise")) / d / Math.sqrt(5),
    trend: (c - back(10)) / a,
    rsi: rsiSeries(C, 14).at(-1) ?? NONE,
    atr: (a / c) * 10_000,
    atrRatio: a / c / u,
    macd: (macd?.macd ?? NONE) / a,
    macdHistogram: (macd?.histogram ?? NONE) / a,
    bollinger: n >= 20 ? (c - mean) / (2 * deviation) : NONE,
    realisedVolatility: 100 * today * Math.sqrt(125 * 252),
    volatilityRatio: today / u,
    recentVolatilityRatio: returns.length >= 10 ? rms(returns.slice(-10)) / today : NONE,
    dayRange: n > 0 ? Math.log(Math.max(...H) / Math.min(...L)) / d : NONE,
    positionInRange: place(0, n),
    positionInLast5: place(n - 5, n),
    openingRange: n > 5 ? 2 * place(0, 5) - 1 : NONE,
    efficiency: n > 20 ? Math.abs(c - back(20)) / steps : NONE,
    previousHighDistance: Math.log(known("previousHighPaise") / c) / d,
    previousLowDistance: Math.log(c / known("previousLowPaise")) / d,
    vix,
    vixChange: vixNow === null ? NONE : change(known("previousVixCenti"), vixNow),
    vixDayChange: change(known("vixBeforeCenti"), known("previousVixCenti")),
    vixPremium: vix / 100 / (d * Math.sqrt(252)),
    spVix: known("spVix"),
    spVixChange: change(known("spVixBefore"), known("spVix")),
    giftGap: known("giftMove") / d,
    volume: Math.log10(volume(last)),
    volumeSpike: recent / (volume(last) / minutes(openMs, last?.atMs ?? NONE)),
    openInterest: Math.log10(interest(last)),
    openInterestChange: chain.length > 1 ? 100 * (interest(last) / interest(first) - 1) : NONE,
    putCallOpenInterest: (last?.putOpenInterestUnits ?? NONE) / (last?.callOpenInterestUnits ?? NONE),
    putCallVolume: (last?.putVolumeUnits ?? NONE) / (last?.callVolumeUnits ?? NONE),
    community: community ?? NONE,
  };
}
