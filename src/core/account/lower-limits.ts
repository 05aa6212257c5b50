// Whether one set of limits is nowhere wider than another. An optional limit that is absent is the widest there is.
import { UNDERLYINGS } from "../instrument/contract.ts";
import type { AccountLimits } from "./profile.ts";

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
  after.allowedUnderlyings.every((underlying) => before.allowedUnderlyings.includes(underlying)) &&
  UNDERLYINGS.every(
    (underlying) =>
      (after.tradesPerDayByUnderlying?.[underlying] ?? widest) <=
      (before.tradesPerDayByUnderlying?.[underlying] ?? widest),
  );
