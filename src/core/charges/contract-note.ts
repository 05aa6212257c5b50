// Charges on a day's option trades of one exchange: exact to the last fraction, and rounded as a contract note prints them
// (STT to the nearest rupee, every other head to the paisa).
import { Decimal } from "decimal.js";
import type { Exchange } from "../instrument/contract.ts";
import { assert } from "../kernel/assert.ts";
import { addPaise, type Paise, paise, type Rounding, roundPaise, sumPaise, ZERO_PAISE } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";
import type { OrderSide } from "../order/order.ts";
import type { ChargeHeads } from "../settlement/worksheet.ts";
import { type BrokerSchedule, brokerageOf, DEFAULT_BROKER_SCHEDULE } from "./broker-schedule.ts";
import { chargeRatesOn } from "./charge-rates.ts";
import { GST_SCALE, wholeRatesOf } from "./whole-rates.ts";

export interface DayTrades {
  readonly date: MarketDate;
  readonly exchange: Exchange;
  /** Premium × units, summed over the day's buys and sells. */
  readonly buyValuePaise: Paise;
  readonly sellValuePaise: Paise;
  /** Orders of which at least one unit was executed. */
  readonly executedOrders: number;
  /** Premium of each executed order; needed only for a schedule with a brokerage cap. */
  readonly orderValuesPaise?: readonly Paise[];
  readonly schedule?: BrokerSchedule;
}

/** Exact amounts in paise, with every fraction. */
export interface ExactCharges {
  readonly brokerage: Decimal;
  readonly stt: Decimal;
  readonly exchange: Decimal;
  readonly ipft: Decimal;
  readonly sebi: Decimal;
  readonly stamp: Decimal;
  readonly gst: Decimal;
  readonly total: Decimal;
}

export interface Execution {
  readonly date: MarketDate;
  readonly exchange: Exchange;
  readonly side: OrderSide;
  readonly valuePaise: Paise;
  /** Brokerage is charged once per order, with its first execution. */
  readonly firstFillOfOrder: boolean;
  readonly schedule?: BrokerSchedule;
}

/** The day's charges as the contract note shows them. Within a state `gstPaise` is even: central and state GST, half each. */
export const contractNote = (trades: DayTrades): ChargeHeads =>
  rounded(exactCharges(trades), trades.schedule ?? DEFAULT_BROKER_SCHEDULE, "NEAREST_RUPEE", "HALF_UP");

/** The day's charges before any rounding, as margin calculators and virtual contract notes show them. */
export function exactCharges(trades: DayTrades): ExactCharges {
  const schedule = trades.schedule ?? DEFAULT_BROKER_SCHEDULE;
  assert(trades.buyValuePaise >= 0 && trades.sellValuePaise >= 0, "traded values are not negative");
  assert(Number.isSafeInteger(trades.executedOrders) && trades.executedOrders >= 0, "orders are counted");
  const rates = chargeRatesOn(trades.date, trades.exchange);
  const turnover = new Decimal(trades.buyValuePaise).plus(trades.sellValuePaise);
  const brokerage = brokerageOfDay(trades, schedule);
  const stt = rates.stt.times(trades.sellValuePaise);
  const exchange = rates.exchange.times(turnover);
  const ipft = rates.ipft.times(turnover);
  const sebi = rates.sebi.times(turnover);
  const stamp = rates.stamp.times(trades.buyValuePaise);
  const taxed = brokerage.plus(exchange).plus(sebi);
  const gst = (schedule.gstOnIpft ? taxed.plus(ipft) : taxed).times(rates.gst);
  const total = Decimal.sum(brokerage, stt, exchange, ipft, sebi, stamp, gst);
  return { brokerage, stt, exchange, ipft, sebi, stamp, gst, total };
}

/** The sum of several notes, head by head. */
export function combineCharges(notes: readonly ChargeHeads[]): ChargeHeads {
  return {
    brokeragePaise: sumPaise(notes, (note) => note.brokeragePaise),
    sttPaise: sumPaise(notes, (note) => note.sttPaise),
    exchangePaise: sumPaise(notes, (note) => note.exchangePaise),
    ipftPaise: sumPaise(notes, (note) => note.ipftPaise),
    sebiPaise: sumPaise(notes, (note) => note.sebiPaise),
    stampPaise: sumPaise(notes, (note) => note.stampPaise),
    gstPaise: sumPaise(notes, (note) => note.gstPaise),
    totalPaise: sumPaise(notes, (note) => note.totalPaise),
  };
}

/**
 * What to set aside for the charges of one execution: every head rounded up to the paisa, so that a day's sum never falls
 * short of the contract note, except by what its STT gains from being rounded to the rupee (at most 50 paise).
 */
export function accruedChargePaise(execution: Execution): Paise {
  return accruedInIntegers(execution) ?? accruedInDecimals(execution);
}

/** Null where a product would leave the safe integers, or the rates have too many decimals. */
export function accruedInIntegers(execution: Execution): Paise | null {
  const { date, exchange, side, valuePaise, firstFillOfOrder, schedule = DEFAULT_BROKER_SCHEDULE } = execution;
  const rates = wholeRatesOf(chargeRatesOn(date, exchange));
  if (rates === null || valuePaise < 0) return null;
  const { scale } = rates;
  const brokeragePaise = firstFillOfOrder ? schedule.brokeragePerOrderPaise : 0;
  const exchangeOver = rates.exchange * valuePaise;
  const ipftOver = rates.ipft * valuePaise;
  const sebiOver = rates.sebi * valuePaise;
  const ownOver = (side === "SELL" ? rates.stt : rates.stamp) * valuePaise;
  const gstOver = (brokeragePaise * scale + exchangeOver + sebiOver + (schedule.gstOnIpft ? ipftOver : 0)) * rates.gst;
  // What is not negative and comes to a safe integer was exact on the way, too.
  if (Math.max(gstOver, ownOver, exchangeOver, ipftOver, sebiOver) > Number.MAX_SAFE_INTEGER) return null;
  const isHalved = schedule.gstPlace === "WITHIN_STATE";
  const gstPaise = isHalved
    ? 2 * Math.ceil(gstOver / (2 * scale * GST_SCALE))
    : Math.ceil(gstOver / (scale * GST_SCALE));
  // A quotient of safe integers is never rounded to a whole number that it is not.
  const ceil = (over: number): number => Math.ceil(over / scale);
  return paise(brokeragePaise + ceil(ownOver) + ceil(exchangeOver) + ceil(ipftOver) + ceil(sebiOver) + gstPaise);
}

export function accruedInDecimals(execution: Execution): Paise {
  const { date, exchange, side, valuePaise, firstFillOfOrder } = execution;
  const schedule = execution.schedule ?? DEFAULT_BROKER_SCHEDULE;
  const exact = exactCharges({
    date,
    exchange,
    buyValuePaise: side === "BUY" ? valuePaise : ZERO_PAISE,
    sellValuePaise: side === "SELL" ? valuePaise : ZERO_PAISE,
    executedOrders: firstFillOfOrder ? 1 : 0,
    // The cap needs the whole order, which is not known with its first execution: accrue without it.
    schedule: { ...schedule, brokerageCapPercent: null },
  });
  return rounded(exact, schedule, "CEIL", "CEIL").totalPaise;
}

function brokerageOfDay(trades: DayTrades, schedule: BrokerSchedule): Decimal {
  if (schedule.brokerageCapPercent === null) return brokerageOf(ZERO_PAISE, schedule).times(trades.executedOrders);
  const values = trades.orderValuesPaise;
  assert(values?.length === trades.executedOrders, "a brokerage cap needs the value of every executed order");
  return values.reduce((sum, value) => sum.plus(brokerageOf(value, schedule)), new Decimal(0));
}

function rounded(exact: ExactCharges, schedule: BrokerSchedule, stt: Rounding, others: Rounding): ChargeHeads {
  const brokeragePaise = roundPaise(exact.brokerage, others);
  const sttPaise = roundPaise(exact.stt, stt);
  const exchangePaise = roundPaise(exact.exchange, others);
  const ipftPaise = roundPaise(exact.ipft, others);
  const sebiPaise = roundPaise(exact.sebi, others);
  const stampPaise = roundPaise(exact.stamp, others);
  const gstPaise = gstOf(exact.gst, schedule, others);
  const heads = { brokeragePaise, sttPaise, exchangePaise, ipftPaise, sebiPaise, stampPaise, gstPaise };
  return { ...heads, totalPaise: addPaise(...Object.values(heads)) };
}

function gstOf(exact: Decimal, schedule: BrokerSchedule, rounding: Rounding): Paise {
  if (schedule.gstPlace === "ACROSS_STATES") return roundPaise(exact, rounding);
  const half = roundPaise(exact.div(2), rounding);
  return addPaise(half, half);
}
