// The rates of a date as whole numbers over one power of ten, so that the charges of an execution are worked out in integers:
// exactly what decimals give, without making any.
import type { Decimal } from "decimal.js";
import type { ChargeRates } from "./charge-rates.ts";

/** `exchange`, `ipft`, `sebi`, `stt` and `stamp` over `scale`; GST in hundredths over 100 × 100. */
export interface WholeRates {
  readonly scale: number;
  readonly stt: number;
  readonly exchange: number;
  readonly ipft: number;
  readonly sebi: number;
  readonly stamp: number;
  readonly gst: number;
}

const SCALES = [1e7, 1e8, 1e9, 1e10];
export const GST_SCALE = 10_000;

const known = new WeakMap<ChargeRates, WholeRates | null>();

/** Null where the rates have more decimals than whole numbers can hold exactly. */
export function wholeRatesOf(rates: ChargeRates): WholeRates | null {
  const remembered = known.get(rates);
  if (remembered !== undefined) return remembered;
  const whole = made(rates);
  known.set(rates, whole);
  return whole;
}

function made({ stt, exchange, ipft, sebi, stamp, gst }: ChargeRates): WholeRates | null {
  const isWhole = (rate: Decimal, over: number): boolean => rate.times(over).isInteger();
  const scale = SCALES.find((each) => [stt, exchange, ipft, sebi, stamp].every((rate) => isWhole(rate, each)));
  if (scale === undefined || !isWhole(gst, GST_SCALE)) return null;
  const of = (rate: Decimal): number => rate.times(scale).toNumber();
  return {
    scale,
    stt: of(stt),
    exchange: of(exchange),
    ipft: of(ipft),
    sebi: of(sebi),
    stamp: of(stamp),
    gst: gst.times(GST_SCALE).toNumber(),
  };
}
