// The rates of charges on index options by trade date, as exact decimals.
import { Decimal } from "decimal.js";
import type { Exchange } from "../instrument/contract.ts";
import { type Dated, MARKET_RULES, rowInForce } from "../instrument/market-rules.ts";
import { assert, required } from "../kernel/assert.ts";
import type { MarketDate } from "../kernel/time.ts";

export type RatedHead = "stt" | "exchange" | "sebi" | "stamp" | "gst";

/** Fractions of the premium turnover, except `gst`, which is a fraction of brokerage and fees. */
export interface ChargeRates {
  /** Of the premium sold. */
  readonly stt: Decimal;
  /** Of what a long that expires in the money pays. */
  readonly sttOnExercise: Decimal;
  /** Exchange transaction charge and investor protection fund, of the premium on both sides. */
  readonly exchange: Decimal;
  readonly ipft: Decimal;
  readonly sebi: Decimal;
  /** Of the premium bought. */
  readonly stamp: Decimal;
  readonly gst: Decimal;
  /** Heads whose table starts after the date, so that their oldest known rate stands in. */
  readonly standIns: readonly RatedHead[];
}

const PER_CRORE = 10_000_000;

/** The oldest date for which charges can be worked out: the first day of the goods and services tax. */
export const CHARGES_FROM: MarketDate = required(MARKET_RULES.charges.gst[0], "the first GST row").from;

/** Of the last dates asked for: a day's rates are asked for with every execution. */
const known = new Map<string, ChargeRates>();
const KNOWN_MAX = 200;

/** The rates in force on a trade date, which must not lie before `CHARGES_FROM`. */
export function chargeRatesOn(date: MarketDate, exchange: Exchange): ChargeRates {
  assert(date >= CHARGES_FROM, `no charge rates before ${CHARGES_FROM}: ${date}`);
  const key = `${date}/${exchange}`;
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const rates = ratesOn(date, exchange);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, rates);
  return rates;
}

function ratesOn(date: MarketDate, exchange: Exchange): ChargeRates {
  const standIns: RatedHead[] = [];
  const rowOf = <T extends Dated>(head: RatedHead, rows: readonly T[]): T => {
    const inForce = rowInForce(rows, date);
    if (inForce !== null) return inForce;
    standIns.push(head);
    return required(rows[0], `a row for ${head}`);
  };
  const { charges } = MARKET_RULES;
  const exchangeRow = rowOf("exchange", charges.exchange[exchange]);
  const sttRow = rowOf("stt", charges.stt);
  return {
    stt: percent(sttRow.sellPremiumPercent),
    sttOnExercise: percent(sttRow.exercisePercent),
    exchange: new Decimal(exchangeRow.transactionPerCrore).div(PER_CRORE),
    ipft: new Decimal(exchangeRow.ipftPerCrore).div(PER_CRORE),
    sebi: new Decimal(rowOf("sebi", charges.sebiTurnover).perCrore).div(PER_CRORE),
    stamp: percent(rowOf("stamp", charges.stamp).buyPercent),
    gst: percent(rowOf("gst", charges.gst).percent),
    standIns,
  };
}

const percent = (text: string): Decimal => new Decimal(text).div(100);
