// The seeds' three formulas (BKT-02, SIM-03), kept as what they are: yardsticks that contain no market, no prices and no measurement. They
// are never shown beside results, and nothing is promoted by them.
import { bpsOf, mulDivFloor, type Paise, paise } from "../kernel/money.ts";
import { volatilityBand } from "../strategy/volatility-regime.ts";

export interface Yardstick {
  readonly kind: "YARDSTICK";
  readonly name: "REALISTIC" | "EDGE" | "LEVERAGE";
  readonly amountPaise: Paise;
  /** What has to be said wherever the figure stands. */
  readonly note: string;
}

const WIN_PAISE = 500_00;
const LOSS_PAISE = 300_00;
const WIN_PERCENT = 60;
const DRAWDOWN_BPS = 250;
/** Of a losing trade, × 10,000 (RSK-04). */
const LOSS_BPS = 300;
const NOTE = "A formula of the seeds with fixed wins and losses: no market, no measurement, no result of anything.";

/** n · w · 500 − n · (1 − w) · 300 with w = 0.6; capital does not enter it (G-15). */
export function realisticYardstick(tradesPerDay: number, days: number): Yardstick {
  const trades = tradesPerDay * days;
  const hundredfold = trades * (WIN_PERCENT * WIN_PAISE - (100 - WIN_PERCENT) * LOSS_PAISE);
  return { kind: "YARDSTICK", name: "REALISTIC", amountPaise: paise(Math.floor(hundredfold / 100)), note: NOTE };
}

/** capacity(VIX) · capital − 2.5 % · capital (G-16). */
export function edgeYardstick(capitalPaise: Paise, vixCenti: number): Yardstick {
  const { capacityBps } = volatilityBand(vixCenti);
  const amount = bpsOf(capitalPaise, capacityBps, "FLOOR") - bpsOf(capitalPaise, DRAWDOWN_BPS, "FLOOR");
  return { kind: "YARDSTICK", name: "EDGE", amountPaise: paise(amount), note: NOTE };
}

/** capital · leverage · (w · gain − (1 − w) · 3 %); leverage × 100, shares × 10,000, the win rate at most 10,000 (G-18). */
export function leverageYardstick(
  capitalPaise: Paise,
  leverageCenti: number,
  winRateBps: number,
  gainBps: number,
): Yardstick {
  const share = leverageCenti * (winRateBps * gainBps - (10_000 - winRateBps) * LOSS_BPS);
  return {
    kind: "YARDSTICK",
    name: "LEVERAGE",
    amountPaise: mulDivFloor(capitalPaise, share, 10_000_000_000),
    note: NOTE,
  };
}
