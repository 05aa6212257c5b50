// How sure a measured rate makes one: the lower bound of the share of hits, for cases that may hang together.

export interface Tally {
  readonly cases: number;
  readonly hits: number;
  /** Trading days the cases come from. */
  readonly days: number;
  /** Cases this would be worth if they did not hang together within a day; never more than `cases`. */
  readonly effectiveCases: number;
}

/** One-sided 95 %. */
const Z = 1.6448536269514722;

/** Lower end of Wilson's interval for a share of `hits` in `cases`, taken on the effective number of cases; × 10,000, floored. */
export function lowerBoundBps({ cases, hits, effectiveCases }: Tally): number {
  if (cases === 0 || effectiveCases <= 0) return 0;
  const share = hits / cases;
  const spread = (Z * Z) / effectiveCases;
  const middle = share + spread / 2;
  const half = Z * Math.sqrt((share * (1 - share)) / effectiveCases + spread / (4 * effectiveCases));
  return Math.max(0, Math.floor((10_000 * (middle - half)) / (1 + spread)));
}

/**
 * Sums up cases by trading day. Views of one day overlap in time and share the day's weather, so the spread of the days' own
 * results says how many independent cases they are worth.
 */
export function tallyOf(byDay: Iterable<{ readonly cases: number; readonly hits: number }>): Tally {
  const days = [...byDay].filter(({ cases }) => cases > 0);
  const cases = days.reduce((sum, day) => sum + day.cases, 0);
  const hits = days.reduce((sum, day) => sum + day.hits, 0);
  if (cases === 0) return { cases, hits, days: 0, effectiveCases: 0 };
  const share = hits / cases;
  const independent = cases * share * (1 - share);
  const clustered = days.reduce((sum, day) => sum + (day.hits - share * day.cases) ** 2, 0);
  const effectiveCases = independent > 0 && clustered > independent ? (cases * independent) / clustered : cases;
  return { cases, hits, days: days.length, effectiveCases: Math.floor(effectiveCases) };
}

/** Hits × 10,000 per case. */
export const rateBps = ({ cases, hits }: Pick<Tally, "cases" | "hits">): number =>
  cases === 0 ? 0 : Math.round((10_000 * hits) / cases);
