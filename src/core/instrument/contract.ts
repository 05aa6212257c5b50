// What can be traded: an index option. Lot, freeze quantity and tick come from the dated tables, never from a constant.
import type { Brand } from "../kernel/brand.ts";
import type { Paise } from "../kernel/money.ts";
import type { MarketDate } from "../kernel/time.ts";

export const UNDERLYINGS = ["NIFTY50", "BANKNIFTY", "SENSEX"] as const;
export type Underlying = (typeof UNDERLYINGS)[number];
export type Exchange = "NSE" | "BSE";
export type OptionType = "CALL" | "PUT";

/** Exchange trading symbol plus segment, e.g. "NIFTY2590224500CE.NFO" (FIX 55 + 207). */
export type InstrumentId = Brand<string, "InstrumentId">;

export interface OptionContract {
  readonly instrumentId: InstrumentId;
  readonly underlying: Underlying;
  readonly exchange: Exchange;
  readonly expiry: MarketDate;
  readonly strikePaise: Paise;
  readonly optionType: OptionType;
  /** Units per lot, for this expiry on the trade date. */
  readonly lotSize: number;
  /** Largest single order in units on the trade date. */
  readonly freezeQuantity: number;
  readonly tickSizePaise: Paise;
}

export const EXCHANGE_OF: Readonly<Record<Underlying, Exchange>> = { NIFTY50: "NSE", BANKNIFTY: "NSE", SENSEX: "BSE" };

export const isUnderlying = (text: string): text is Underlying => (UNDERLYINGS as readonly string[]).includes(text);
