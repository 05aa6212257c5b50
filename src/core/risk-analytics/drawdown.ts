// How far capital has fallen from its highest level, in whole paise, and the 2.5 % at which that becomes a breach (RSK-04, RSK-05).
import type { Paise } from "../kernel/money.ts";

/** 2.5 %, inclusive. */
export const DRAWDOWN_MAX_BPS = 250;
const BPS = 10_000;

/** (peak − capital) ÷ peak. 0 at or above the peak, and where there never was any capital. */
export const drawdownOf = (peakPaise: Paise, capitalPaise: Paise): number =>
  peakPaise <= 0 ? 0 : Math.max(0, (peakPaise - capitalPaise) / peakPaise);

/** Decided in integers, so that exactly the limit is within it. */
export const isDrawdownWithin = (peakPaise: Paise, capitalPaise: Paise, maxBps: number = DRAWDOWN_MAX_BPS): boolean =>
  peakPaise <= 0 || BigInt(peakPaise - capitalPaise) * BigInt(BPS) <= BigInt(peakPaise) * BigInt(maxBps);
