// What a broker asks for an executed order, and the points on which brokers differ when they work out the tax on it.
import { Decimal } from "decimal.js";
import { MARKET_RULES } from "../instrument/market-rules.ts";
import { type Paise, paise } from "../kernel/money.ts";

export interface BrokerSchedule {
  readonly brokeragePerOrderPaise: Paise;
  /** Brokerage never exceeds this percentage of the order's premium, e.g. "2.5"; null: no such cap. */
  readonly brokerageCapPercent: string | null;
  /** Whether GST is charged on the investor protection fee as well. */
  readonly gstOnIpft: boolean;
  /**
   * ACROSS_STATES: the client lives in another state than the broker's registration: one integrated GST, rounded once.
   * WITHIN_STATE: central and state GST, half each and rounded each, so at times a paisa off the former.
   */
  readonly gstPlace: "WITHIN_STATE" | "ACROSS_STATES";
}

export const DEFAULT_BROKER_SCHEDULE: BrokerSchedule = {
  brokeragePerOrderPaise: paise(new Decimal(MARKET_RULES.charges.brokeragePerExecutedOrder).times(100).toNumber()),
  brokerageCapPercent: null,
  gstOnIpft: true,
  gstPlace: "ACROSS_STATES",
};

/** Exact brokerage of one executed order in paise. */
export function brokerageOf(orderValuePaise: Paise, schedule: BrokerSchedule): Decimal {
  const flat = new Decimal(schedule.brokeragePerOrderPaise);
  if (schedule.brokerageCapPercent === null) return flat;
  return Decimal.min(flat, new Decimal(orderValuePaise).times(schedule.brokerageCapPercent).div(100));
}
