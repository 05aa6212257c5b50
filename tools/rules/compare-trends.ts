// The definitions of a trend that were compared, and how each fared against comparable moments: all of them on the dates the
// choice was made on, the chosen one also on the dates after those.
import type { Underlying } from "../../src/core/instrument/contract.ts";
import { istMsOfDay } from "../../src/core/kernel/time.ts";
import { type Tally, tallyOf } from "../../src/core/prediction/hit-rate.ts";
import type { ViewSide } from "../../src/core/prediction/rule-event.ts";
import { TREND_BARS } from "../../src/core/prediction/rule-features.ts";
import {
  TREND_CHOSEN_BEFORE,
  TREND_TERMS,
  type TrendTerms,
  trendDirection,
} from "../../src/core/prediction/rule-trend.ts";
import type { Moment } from "./moments.ts";

export interface TrendResult extends TrendTerms {
  readonly bars: number;
  readonly side: ViewSide;
  readonly isLater: boolean;
  readonly tally: Tally;
  /** Hits × 10,000 to expect of the same underlyings at the same times of day whenever MACD is there. */
  readonly expectedBps: number;
}

const DEFINITIONS: readonly (TrendTerms & { readonly bars: number })[] = [0, 5].flatMap((rsiBeyond50) =>
  [5, 10, 20].flatMap((bars) => [1, 2, 3].map((moveAtrMin) => ({ rsiBeyond50, bars, moveAtrMin }))),
);
const SIDES: readonly ViewSide[] = ["BULLISH", "BEARISH"];

export function compareTrends(moments: readonly Moment[]): TrendResult[] {
  const withMacd = moments.filter(({ features }) => features.macdHistogramPaise !== null);
  const [earlier, later] = [
    withMacd.filter(({ date }) => date < TREND_CHOSEN_BEFORE),
    withMacd.filter(({ date }) => date >= TREND_CHOSEN_BEFORE),
  ];
  const chosen = { ...TREND_TERMS, bars: TREND_BARS };
  return [
    ...DEFINITIONS.flatMap((definition) => resultsOf(definition, earlier, false)),
    ...resultsOf(chosen, later, true),
  ];
}

function resultsOf(terms: TrendTerms & { readonly bars: number }, group: readonly Moment[], isLater: boolean) {
  return SIDES.map((side): TrendResult => {
    const usual = usualRates(group, side);
    const days = new Map<string, { cases: number; hits: number }>();
    let expected = 0;
    let cases = 0;
    for (const moment of group) {
      const { features, moveOver, date, paid } = moment;
      if (trendDirection({ ...features, trendMovePaise: moveOver(terms.bars) }, terms) !== side) continue;
      const day = days.get(date) ?? { cases: 0, hits: 0 };
      days.set(date, { cases: day.cases + 1, hits: day.hits + (paid[side] ? 1 : 0) });
      expected += usual.get(slotOf(moment)) ?? 0;
      cases += 1;
    }
    const expectedBps = cases === 0 ? 0 : Math.round((10_000 * expected) / cases);
    return { ...terms, side, isLater, tally: tallyOf(days.values()), expectedBps };
  });
}

/** Share of hits by underlying and time of day. */
function usualRates(group: readonly Moment[], side: ViewSide): Map<string, number> {
  const slots = new Map<string, { cases: number; hits: number }>();
  for (const moment of group) {
    const slot = slots.get(slotOf(moment)) ?? { cases: 0, hits: 0 };
    slots.set(slotOf(moment), { cases: slot.cases + 1, hits: slot.hits + (moment.paid[side] ? 1 : 0) });
  }
  return new Map([...slots].map(([slot, { cases, hits }]) => [slot, hits / cases]));
}

const slotOf = ({ underlying, features }: { underlying: Underlying; features: Moment["features"] }): string =>
  `${underlying} ${features.asOfMs === null ? "" : istMsOfDay(features.asOfMs)}`;
