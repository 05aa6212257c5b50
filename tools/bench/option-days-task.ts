// The work of the bench of option days: days made from a seed, and one account that plays them, with risk check, matching, margin,
// charges and settlement.
import { defaultLimits } from "../../src/core/account/category.ts";
import { Backtest, type BacktestOptions, type BacktestStrategy } from "../../src/core/backtest/backtest.ts";
import type { DayMarket } from "../../src/core/backtest/run-day.ts";
import { SeriesSource } from "../../src/core/backtest/series-source.ts";
import { predictorSource } from "../../src/core/backtest/signal-source.ts";
import { UNDERLYINGS, type Underlying } from "../../src/core/instrument/contract.ts";
import { tradingSessionOf } from "../../src/core/instrument/trading-calendar.ts";
import { required } from "../../src/core/kernel/assert.ts";
import { paise } from "../../src/core/kernel/money.ts";
import { addDays, epochMs, istInstant, type MarketDate, marketDate } from "../../src/core/kernel/time.ts";
import { type BarSeries, seriesOfBars } from "../../src/core/market/bar-series.ts";
import { BAR_INTERVAL_MS } from "../../src/core/market/bars.ts";
import { fittedSmile } from "../../src/core/market/fitted-smile.ts";
import type { Bar, IndexName } from "../../src/core/market/market-event.ts";
import { RULE_PREDICTOR } from "../../src/core/prediction/rule-predictor.ts";
import { libraryStrategy } from "../../src/core/strategy/library/library.ts";
import { mulberry32 } from "../seeded.ts";

const DAYS = 80;
const BARS_PER_DAY = 125;
const FIRST = marketDate("2025-08-04");
const LEVELS: Readonly<Record<IndexName, number>> = {
  NIFTY50: 24_500_00,
  BANKNIFTY: 55_000_00,
  SENSEX: 80_000_00,
  INDIAVIX: 13_00,
};
const ACTIVATED_ON = marketDate("2020-01-01");

export interface DayData {
  readonly date: MarketDate;
  readonly series: Readonly<Record<IndexName, BarSeries>>;
}

export const OPTION_DAY_PLANS: Readonly<Record<string, Pick<BacktestOptions, "strategies">>> = {
  signals: {},
  "rsi-crossover on all three": { strategies: instancesOf("rsi-crossover") },
  "vix-iron-fly on NIFTY50, four legs": { strategies: instancesOf("vix-iron-fly").slice(0, 1) },
  // Entered all day and left soon, so that lists, margins, guards and group exits have work on every day.
  "four legs on NIFTY50, in and out": { strategies: instancesOf("vix-iron-fly").slice(0, 1).map(busier) },
};

/** `after` is told when a day is over. */
export function playOptionDays(
  days: readonly DayData[],
  plan: Pick<BacktestOptions, "strategies">,
  after: () => void = () => undefined,
) {
  const capitalPaise = paise(5_00_000_00);
  const profile = {
    accountId: "BENCH",
    displayName: "Bench",
    category: "ADMIN",
    capitalPaise,
    savingsPaise: paise(10_00_00_000_00),
    activatedOn: ACTIVATED_ON,
    feeSchedule: "v9",
    kyc: { state: "VERIFIED", source: "SEED", changedAtMs: istInstant(ACTIVATED_ON, "00:00") },
    limits: defaultLimits("ADMIN", capitalPaise),
  } as const;
  const before = process.cpuUsage();
  const backtest = new Backtest({ profile, signals: predictorSource(RULE_PREDICTOR), ...plan });
  for (const day of days) {
    backtest.play(marketOf(day));
    after();
  }
  const { user, system } = process.cpuUsage(before);
  const { trades } = backtest.saved;
  return {
    seconds: (user + system) / 1e6,
    trades: trades.length,
    fills: trades.reduce((sum, trade) => sum + trade.fills, 0),
  };
}

function marketOf({ date, series }: DayData): DayMarket {
  const hours = tradingSessionOf(date, { evidence: "RECORDING" });
  if (!hours.ok) throw new Error(hours.error.reason);
  const { openMs, closeMs } = hours.value;
  const day = { date, openMs, closeMs, vixBars: series.INDIAVIX, previousVixCenti: 1_300, smile: fittedSmile };
  const source = (underlying: Underlying) => new SeriesSource({ ...day, underlying, bars: series[underlying] });
  return {
    session: {
      date,
      source: "made from a seed",
      openMs,
      closeMs,
      hasVix: true,
      previousVixCenti: 1_300,
      underlyings: UNDERLYINGS.map((underlying) => ({
        underlying,
        chain: "MODELLED",
        quoteCadenceMs: 60_000,
        previousClosePaise: null,
        events: 0,
      })),
      remarks: [],
    },
    sources: { NIFTY50: source("NIFTY50"), BANKNIFTY: source("BANKNIFTY"), SENSEX: source("SENSEX") },
  };
}

function instancesOf(name: string) {
  const definition = required(libraryStrategy(name), name);
  return definition.underlyings.map((underlying) => ({
    instanceId: `bench-${underlying.toLowerCase()}`,
    definition,
    underlying,
    parameters: {},
  }));
}

export function optionDays(seed: number): readonly DayData[] {
  const random = mulberry32(seed);
  const days: DayData[] = [];
  const levels: Record<IndexName, number> = { ...LEVELS };
  for (let date = FIRST; days.length < DAYS; date = addDays(date, 1)) {
    const hours = tradingSessionOf(date);
    if (!hours.ok || hours.value.kind !== "REGULAR") continue;
    const { openMs } = hours.value;
    const seriesOf = (index: IndexName): BarSeries => {
      const bars: Bar[] = [];
      let drift = 0;
      for (let bar = 0; bar < BARS_PER_DAY; bar += 1) {
        const open = levels[index];
        // Drifts for a while, so that trends and extremes happen.
        if (bar % 15 === 0) drift = (random() - 0.5) * 0.0006;
        const step = (): number =>
          Math.round(open * (drift + (random() - 0.5) * (index === "INDIAVIX" ? 0.004 : 0.0012)));
        const [one, close] = [open + step(), open + step()];
        const [high, low] = [Math.max(open, one, close), Math.min(open, one, close)];
        const startMs = epochMs(openMs + bar * BAR_INTERVAL_MS);
        bars.push({
          startMs,
          openPaise: paise(open),
          highPaise: paise(high),
          lowPaise: paise(low),
          closePaise: paise(close),
        });
        levels[index] = close;
      }
      return seriesOfBars(index, BAR_INTERVAL_MS, bars);
    };
    const series = {
      NIFTY50: seriesOf("NIFTY50"),
      BANKNIFTY: seriesOf("BANKNIFTY"),
      SENSEX: seriesOf("SENSEX"),
      INDIAVIX: seriesOf("INDIAVIX"),
    };
    days.push({ date, series });
  }
  return days;
}

function busier(strategy: BacktestStrategy): BacktestStrategy {
  const { filters, ...definition } = strategy.definition;
  const busy = { ...filters, time: { from: "09:30", before: "14:45" }, entriesPerDay: 12 } as const;
  const parameters = { vixMin: 5, vixMax: 60, stopPercent: 10, targetPercent: 5 };
  return { ...strategy, definition: { ...definition, filters: busy }, parameters };
}
