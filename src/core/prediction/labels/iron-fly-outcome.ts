// Whether a NEUTRAL view, traded as an iron fly at that moment, made money: strikes, wings, stop, target and horizon as the
// product draws them; entered one bar after the cycle's start, after spread, slippage and the charges of eight orders. Premiums
// are the model's. The product would also refuse a fly that does not earn its costs on average; no modelled fly passes that, so
// the label is one of any moment, and its base rate says what selling flies comes to (decision 0071).
import type { OptionType } from "../../instrument/contract.ts";
import { contractOf, strikeStepPaiseOf } from "../../instrument/contract-tables.ts";
import { type Paise, paise, sumPaise } from "../../kernel/money.ts";
import { type EpochMs, epochMs, MS_PER_MINUTE } from "../../kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../market/bars.ts";
import type { OrderSide } from "../../order/order.ts";
import { UNKNOWN_LABEL } from "../dataset.ts";
import { CALM_HORIZON_MS, calmBoundPaise } from "../rule-calm.ts";
import { barAfter, type LabelMoment, viewEndMs } from "./label-moment.ts";
import { entryExpiry } from "./long-option-choice.ts";
import { OptionOnPath } from "./option-on-path.ts";
import { orderChargesPaise, slippagePaise } from "./trade-costs.ts";

/** Wings lie at least this many bounds away. */
const WING_BOUNDS = 2;
const SIGNAL_DELAY_MS = MS_PER_MINUTE;
interface Leg {
  readonly side: OrderSide;
  readonly option: OptionOnPath;
}

export interface IronFlyTrade {
  readonly strikePaise: number;
  readonly wingPaise: number;
  readonly exitMs: EpochMs;
  readonly reason: "STOP" | "TARGET" | "TIME";
  /** Of one set, after all charges. */
  readonly netPaise: Paise;
}

/** 1: made money. 0: did not. Unknown where the product would not have traded, or bars or VIX are missing. */
export function ironFlyOutcome(moment: LabelMoment): number {
  const trade = ironFlyTrade(moment);
  if (trade === null) return UNKNOWN_LABEL;
  return trade.netPaise > 0 ? 1 : 0;
}

export function ironFlyTrade(moment: LabelMoment): IronFlyTrade | null {
  const { path, atMs, spotPaise, vixCenti, atrPaise } = moment;
  const entryAt = barAfter(moment, 0);
  const endMs = viewEndMs(path.date, atMs, CALM_HORIZON_MS);
  if (entryAt < 0 || vixCenti === null || vixCenti <= 0 || atrPaise === null || endMs === null) return null;
  const boundPaise = calmBoundPaise(spotPaise, vixCenti);
  const step = strikeStepPaiseOf(path.underlying);
  const strikePaise = Math.round(spotPaise / step) * step;
  const wingPaise = Math.ceil((WING_BOUNDS * boundPaise) / step) * step;
  const legs = legsOf(moment, strikePaise, wingPaise);
  if (legs === null) return null;
  const entrySpot = path.bars.closePaise[entryAt] as number;
  const entryMs = (path.bars.startMs[entryAt] as number) + BAR_INTERVAL_MS;
  const worth = (there: number, when: number): number => middleOf(legs, when, entrySpot + there * boundPaise, vixCenti);
  const middle = worth(0, entryMs);
  const lotSize = (legs[0] as Leg).option.contract.lotSize;
  const opened = touch(legs, entryAt, entrySpot, "OPEN");
  // A structure that takes in nothing is no sale.
  if (!(opened < 0)) return null;
  const failing = Math.min(worth(-1, entryMs), worth(1, entryMs)) - middle;
  const target = worth(0, endMs) - middle;
  const exit = follow(moment, legs, { opened, stop: Math.max(0, -failing), target, endMs });
  if (exit === null) return null;
  const charges = chargesOf(legs, moment, entryAt, entrySpot, exit.at, exit.spot);
  const netPaise = paise(Math.floor(exit.result * lotSize) - charges);
  return { strikePaise, wingPaise, exitMs: exit.atMs, reason: exit.reason, netPaise };
}

function legsOf({ path, atMs }: LabelMoment, strike: number, wing: number): Leg[] | null {
  const { underlying, date } = path;
  const expiry = entryExpiry(underlying, date, epochMs(atMs + SIGNAL_DELAY_MS));
  if (expiry === null) return null;
  const wanted: readonly (readonly [OrderSide, OptionType, number])[] = [
    ["BUY", "PUT", strike - wing],
    ["BUY", "CALL", strike + wing],
    ["SELL", "PUT", strike],
    ["SELL", "CALL", strike],
  ];
  const [, , sold] = wanted;
  const terms = contractOf({ underlying, expiry, strikePaise: paise(sold?.[2] ?? strike), optionType: "PUT" }, date);
  if (!terms.ok) return null;
  return wanted.map(([side, optionType, strikePaise]) => {
    const contract = { ...terms.value, optionType, strikePaise: paise(strikePaise) };
    return { side, option: new OptionOnPath(contract, path) };
  });
}

const signOf = (side: OrderSide): 1 | -1 => (side === "BUY" ? 1 : -1);

/** Half-way between bid and ask of all legs: what one unit of the structure is worth. */
const middleOf = (legs: readonly Leg[], atMs: number, spot: number, vixCenti: number): number =>
  legs.reduce((sum, { side, option }) => {
    const quote = option.quoteAt(atMs, Math.round(spot), vixCenti);
    return sum + (quote === null ? Number.NaN : (signOf(side) * ((quote.bidPaise ?? 0) + (quote.askPaise ?? 0))) / 2);
  }, 0);

/** What one unit costs to enter, or leaves with when it is left: negative is money received for entering. */
function touch(legs: readonly Leg[], at: number, spot: number, what: "OPEN" | "CLOSE"): number {
  let sum = 0;
  for (const { side, option } of legs) {
    const buys = (side === "BUY") === (what === "OPEN");
    const price = buys ? option.ask(at, Math.round(spot)) : option.bid(at, Math.round(spot));
    const dealt = buys ? price + slippagePaise(option.contract) : Math.max(0, price - slippagePaise(option.contract));
    sum += signOf(side) * dealt;
  }
  return sum;
}

/** Of eight orders: four to enter, four to leave. */
const chargesOf = (
  legs: readonly Leg[],
  { path }: LabelMoment,
  entryAt: number,
  entrySpot: number,
  exitAt: number,
  exitSpot: number,
): Paise =>
  sumPaise(legs, ({ side, option }) => {
    const [buyAt, buySpot] = side === "BUY" ? [entryAt, entrySpot] : [exitAt, exitSpot];
    const [sellAt, sellSpot] = side === "BUY" ? [exitAt, exitSpot] : [entryAt, entrySpot];
    const bought = orderChargesPaise(path.date, option.contract, "BUY", option.ask(buyAt, Math.round(buySpot)));
    const sold = orderChargesPaise(path.date, option.contract, "SELL", option.bid(sellAt, Math.round(sellSpot)));
    return paise(bought + sold);
  });

interface Terms {
  readonly opened: number;
  /** Loss of one unit at which everything is left. */
  readonly stop: number;
  /** Gain of one unit at which everything is left: what it earns to the horizon with the index where it is. */
  readonly target: number;
  readonly endMs: EpochMs;
}

interface Exit {
  readonly at: number;
  readonly atMs: EpochMs;
  readonly spot: number;
  readonly result: number;
  readonly reason: IronFlyTrade["reason"];
}

/**
 * Of a bar only four prices are known. The fly loses at both of its ends, so both are held against the stop first; the target is
 * only looked for at its close. A bar that opens beyond the stop is left at its open, one that runs through it at the stop.
 */
function follow(moment: LabelMoment, legs: readonly Leg[], { opened, stop, target, endMs }: Terms): Exit | null {
  const { bars } = moment.path;
  for (let after = 1; ; after += 1) {
    const at = barAfter(moment, after);
    if (at < 0) return null;
    const atMs = epochMs((bars.startMs[at] as number) + BAR_INTERVAL_MS);
    const resultAt = (prices: Float64Array): number => touch(legs, at, prices[at] as number, "CLOSE") - opened;
    const [above, below] = [resultAt(bars.highPaise), resultAt(bars.lowPaise)];
    if (Number.isNaN(above + below)) return null;
    if (Math.min(above, below) <= -stop) {
      const spot = (above < below ? bars.highPaise[at] : bars.lowPaise[at]) as number;
      return { at, atMs, spot, result: Math.min(-stop, resultAt(bars.openPaise)), reason: "STOP" };
    }
    const result = resultAt(bars.closePaise);
    const spot = bars.closePaise[at] as number;
    if (result >= target) return { at, atMs, spot, result, reason: "TARGET" };
    if (atMs >= endMs) return { at, atMs, spot, result, reason: "TIME" };
  }
}
