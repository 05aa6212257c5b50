// Whether one set of limits is nowhere wider than another. An optional limit that is absent is the widest there is.
import { UNDERLYINGS } from "../instrument/contract.ts";
import { type AccountLimits, SHORT_OPTIONS, SHORT_OPTIONS_DEFAULT } from "./profile.ts";

const COUNTED = [
  "tradesPerDayMax",
  "tradesPerCycleMax",
  "openTradesMax",
  "dailyLossMaxPaise",
  "orderValueMaxPaise",
  "openLotsMax",
  "positionSizeMaxPaise",
  "portfolioExposureMaxPaise",
  "dailyTurnoverMaxPaise",
  "correlatedExposureMaxPaise",
] as const satisfies readonly (keyof AccountLimits)[];

const widest = Number.POSITIVE_INFINITY;

export const isOnlyLower = (before: AccountLimits, after: AccountLimits): boolean =>
  COUNTED.every((name) => (after[name] ?? widest) <= (before[name] ?? widest)) &&
  soldAtMost(after) <= soldAtMost(before) &&
  after.allowedUnderlyings.every((underlying) => before.allowedUnderlyings.includes(underlying)) &&
  UNDERLYINGS.every(
    (underlying) =>
      (after.tradesPerDayByUnderlying?.[underlying] ?? widest) <=
      (before.tradesPerDayByUnderlying?.[underlying] ?? widest),
  );

/** Absent, it is not the widest but what it means when absent. */
const soldAtMost = ({ shortOptions }: AccountLimits): number =>
  SHORT_OPTIONS.indexOf(shortOptions ?? SHORT_OPTIONS_DEFAULT);
