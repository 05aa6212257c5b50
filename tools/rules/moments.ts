// The moments of the developer data at which the predictor would have been asked, with what it would have seen and which views
// would have paid.
import { UNDERLYINGS, type Underlying } from "../../src/core/instrument/contract.ts";
import type { Paise } from "../../src/core/kernel/money.ts";
import { type EpochMs, istMsOfDay, type MarketDate, MS_PER_MINUTE } from "../../src/core/kernel/time.ts";
import type { Bar } from "../../src/core/market/market-event.ts";
import { CALM_EVENT, CALM_HORIZON_MS, calmBoundPaise, hasStayed } from "../../src/core/prediction/rule-calm.ts";
import { hasPaid, RULE_EVENT, type ViewSide } from "../../src/core/prediction/rule-event.ts";
import { featureStream, type RuleFeatures } from "../../src/core/prediction/rule-features.ts";
import { type BandName, volatilityBand } from "../../src/core/strategy/volatility-regime.ts";
import { type IndexDay, indexDaysOf, vixLookup } from "./index-days.ts";

export interface Moment {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly features: RuleFeatures;
  readonly band: BandName;
  readonly paid: Readonly<Record<ViewSide, boolean>>;
  /** Close of the last completed bar, and India VIX as known then. */
  readonly indexPaise: number;
  readonly vixCenti: number | null;
  /** Whether the index stayed where a calm view has it; null without a VIX, or where the day leaves no time for it. */
  readonly stayed: boolean | null;
  /** How far from here the index stood at the calm view's horizon, as a share of its bound; null where `stayed` is. */
  readonly endShare: number | null;
  /** ATR that many bars earlier; null while there was none. */
  readonly atrBefore: (bars: number) => number | null;
  /** Last close less the one that many bars earlier; null while there are too few bars. */
  readonly moveOver: (bars: number) => number | null;
}

export interface Moments {
  readonly moments: readonly Moment[];
  readonly sources: Readonly<Record<string, { readonly days: number; readonly first: string; readonly last: string }>>;
}

const CYCLE_MINUTES = 15;
const FIRST_CYCLE_MINUTE = 9 * 60 + 30;
const LAST_MINUTE = 15 * 60 + 15;
const LAST_CYCLE_MINUTE = LAST_MINUTE - RULE_EVENT.horizonMinutes;
const LAST_CALM_MINUTE = LAST_MINUTE - CALM_EVENT.horizonMinutes;

/** All underlyings, each in order of date. */
export function readMoments(dataFolder: string): Moments {
  const vixAt = vixLookup(dataFolder);
  const sources: Record<string, { days: number; first: string; last: string }> = {};
  const moments: Moment[] = [];
  for (const underlying of UNDERLYINGS) {
    const days = indexDaysOf(dataFolder, underlying);
    if (days.length === 0) throw new Error(`no index bars of ${underlying} in ${dataFolder}`);
    sources[underlying] = { days: days.length, first: days[0]?.date ?? "", last: days.at(-1)?.date ?? "" };
    for (const day of days) moments.push(...momentsOf(underlying, day, vixAt));
  }
  return { moments, sources };
}

function momentsOf(underlying: Underlying, day: IndexDay, vixAt: ReturnType<typeof vixLookup>): Moment[] {
  const next = featureStream();
  const moments: Moment[] = [];
  const atrs: (number | null)[] = [];
  let at = 0;
  for (const [index, bar] of day.bars.entries()) {
    const features = next(bar);
    const { rsi, atrPaise, asOfMs } = features;
    atrs.push(atrPaise);
    if (rsi === null || atrPaise === null || asOfMs === null || atrPaise < 1) continue;
    const minute = istMsOfDay(asOfMs) / MS_PER_MINUTE;
    if (minute % CYCLE_MINUTES !== 0 || minute < FIRST_CYCLE_MINUTE || minute > LAST_CYCLE_MINUTE) continue;
    while ((day.path[at]?.startMs ?? asOfMs) < asOfMs) at += 1;
    const path = day.path.slice(at);
    const vixCenti = vixAt(asOfMs, day.date);
    const fromPaise = bar.closePaise;
    const paid = (side: ViewSide) => hasPaid(path, { side, fromMs: asOfMs, fromPaise, atrPaise });
    moments.push({
      underlying,
      date: day.date,
      features,
      band: volatilityBand(vixCenti).name,
      paid: { BULLISH: paid("BULLISH"), BEARISH: paid("BEARISH") },
      indexPaise: fromPaise,
      vixCenti,
      ...calmOutcome(path, { fromMs: asOfMs, fromPaise, vixCenti: minute > LAST_CALM_MINUTE ? null : vixCenti }),
      atrBefore: (bars) => atrs[index - bars] ?? null,
      moveOver: (bars) => {
        const earlier = day.bars[index - bars];
        return earlier === undefined ? null : bar.closePaise - earlier.closePaise;
      },
    });
  }
  return moments;
}

function calmOutcome(
  path: readonly Bar[],
  from: { readonly fromMs: EpochMs; readonly fromPaise: Paise; readonly vixCenti: number | null },
): Pick<Moment, "stayed" | "endShare"> {
  const { fromMs, fromPaise, vixCenti } = from;
  if (vixCenti === null) return { stayed: null, endShare: null };
  const boundPaise = calmBoundPaise(fromPaise, vixCenti);
  const last = path.findLast(({ startMs }) => startMs < fromMs + CALM_HORIZON_MS);
  return {
    stayed: hasStayed(path, { fromMs, fromPaise, boundPaise }),
    endShare: Math.abs((last?.closePaise ?? fromPaise) - fromPaise) / boundPaise,
  };
}
