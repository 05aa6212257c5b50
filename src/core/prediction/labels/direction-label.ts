// Which way the next cycle went: beyond a band around where it began, or not. The band is a share of the move that the bars of
// the last five days would make in a cycle. Were moves normal, a third of them would fall into each class; that, and no fit to
// any data, is where the constant comes from.
import { BAR_INTERVAL_MS } from "../../market/bars.ts";
import { CYCLE_MS } from "../../session/cycle.ts";
import { BEARISH, BULLISH, NEUTRAL, UNKNOWN_LABEL } from "../dataset.ts";
import { barAfter, type LabelMoment } from "./label-moment.ts";

const BARS_A_CYCLE = CYCLE_MS / BAR_INTERVAL_MS;

/** Two thirds of a normal distribution lie beyond ± this many deviations. */
export const BAND_DEVIATIONS = 0.430727;

/** Half the width of the band as a log return. */
export const directionBand = (barVolatility: number): number =>
  BAND_DEVIATIONS * barVolatility * Math.sqrt(BARS_A_CYCLE);

/** From the last close before the cycle (in the first cycle: its first price) to the cycle's last close. */
export function directionLabel(moment: LabelMoment, barVolatility: number | null, isFirstCycle = false): number {
  const last = barAfter(moment, BARS_A_CYCLE - 1);
  if (last < 0 || barVolatility === null) return UNKNOWN_LABEL;
  const { bars } = moment.path;
  const from = isFirstCycle ? (bars.openPaise[moment.first] as number) : moment.spotPaise;
  const move = Math.log((bars.closePaise[last] as number) / from);
  const band = directionBand(barVolatility);
  if (Math.abs(move) <= band || Number.isNaN(move)) return Number.isNaN(move) ? UNKNOWN_LABEL : NEUTRAL;
  return move > 0 ? BULLISH : BEARISH;
}
