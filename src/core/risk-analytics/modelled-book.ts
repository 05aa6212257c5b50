// The open positions of an account as a model sees them: each contract with a spot, a volatility and where that came from. What
// no model can value is named, never counted as if it were worth nothing. All values are model figures in rupees, never money.
import type { PriceView } from "../account/command.ts";
import type { InstrumentId, OptionContract, Underlying } from "../instrument/contract.ts";
import type { OptionTerms } from "../instrument/option-terms.ts";
import type { Paise } from "../kernel/money.ts";
import type { EpochMs } from "../kernel/time.ts";
import { impliedVolatility } from "../market/implied-volatility.ts";
import {
  ASSUMED_RATE,
  type OptionInput,
  type OptionValue,
  priceOption,
  yearsToExpiry,
} from "../market/option-pricing.ts";

export interface BookMarket {
  readonly atMs: EpochMs;
  readonly spots: Readonly<Partial<Record<Underlying, Paise | null>>>;
  readonly prices: readonly PriceView[];
  readonly vixCenti: number | null;
}

/** FEED: published with the quote. INVERTED: from the quote's middle. INDIA_VIX: of the index, for want of a quote. */
export type VolatilitySource = "FEED" | "INVERTED" | "INDIA_VIX";

export interface HeldUnits<Contract extends OptionTerms = OptionContract> {
  readonly contract: Contract;
  /** Signed: positive long, negative short. */
  readonly netUnits: number;
}

export interface ModelledHolding<Contract extends OptionTerms = OptionContract> extends HeldUnits<Contract> {
  /** Rupees. */
  readonly spot: number;
  /** Per year as a fraction. */
  readonly volatility: number;
  readonly source: VolatilitySource;
}

export interface ModelledBook<Contract extends OptionTerms = OptionContract> {
  readonly atMs: EpochMs;
  readonly holdings: readonly ModelledHolding<Contract>[];
  /** Held, yet without a spot, or without any volatility to value it by. */
  readonly unmodelled: readonly InstrumentId[];
}

/** A change of the market: spot and volatility are multiplied with 1 + the figure, time goes on by `forwardMs`. */
export interface Shift {
  readonly spot: number;
  readonly volatility: number;
  readonly forwardMs: number;
}

const EXPIRY_CLOSE = "15:30";
const PAISE_PER_RUPEE = 100;
const BPS = 10_000;
/** However far volatility falls in a scenario, an option keeps this much of it. */
const VOLATILITY_MIN = 0.01;

export function modelBook<Contract extends OptionTerms>(
  held: readonly HeldUnits<Contract>[],
  market: BookMarket,
): ModelledBook<Contract> {
  const prices = new Map(market.prices.map((price) => [price.instrumentId, price]));
  const holdings: ModelledHolding<Contract>[] = [];
  const unmodelled: InstrumentId[] = [];
  for (const { contract, netUnits } of held) {
    if (netUnits === 0) continue;
    const price = prices.get(contract.instrumentId);
    const spotPaise = market.spots[contract.underlying] ?? price?.spotPaise ?? null;
    const found = spotPaise === null ? null : volatilityOf(contract, price, spotPaise, market);
    if (spotPaise === null || found === null) unmodelled.push(contract.instrumentId);
    else holdings.push({ contract, netUnits, spot: spotPaise / PAISE_PER_RUPEE, ...found });
  }
  return { atMs: market.atMs, holdings, unmodelled };
}

function volatilityOf(
  contract: OptionTerms,
  price: PriceView | undefined,
  spotPaise: Paise,
  { atMs, vixCenti }: BookMarket,
): { readonly volatility: number; readonly source: VolatilitySource } | null {
  if (price?.ivBps !== undefined && price.ivBps !== null && price.ivBps > 0) {
    return { volatility: price.ivBps / BPS, source: "FEED" };
  }
  const middle = price === undefined ? null : middlePaise(price);
  const inverted =
    middle === null
      ? null
      : impliedVolatility({
          spot: spotPaise,
          strike: contract.strikePaise,
          years: yearsToExpiry(atMs, contract.expiry, EXPIRY_CLOSE),
          rate: ASSUMED_RATE,
          optionType: contract.optionType,
          price: middle,
        });
  if (inverted?.ok === true) return { volatility: inverted.value, source: "INVERTED" };
  return vixCenti === null || vixCenti <= 0 ? null : { volatility: vixCenti / BPS, source: "INDIA_VIX" };
}

/** Between bid and ask; one side or the last price stands in. */
const middlePaise = ({ bidPaise, askPaise, lastPaise }: PriceView): number | null =>
  bidPaise !== null && askPaise !== null ? (bidPaise + askPaise) / 2 : (bidPaise ?? askPaise ?? lastPaise);

const UNCHANGED: Shift = { spot: 0, volatility: 0, forwardMs: 0 };

/** Value and greeks of one unit after the shift. */
export function unitValue(holding: ModelledHolding<OptionTerms>, atMs: EpochMs, shift: Shift = UNCHANGED): OptionValue {
  const { contract, spot, volatility } = holding;
  const input: OptionInput = {
    spot: spot * (1 + shift.spot),
    strike: contract.strikePaise / PAISE_PER_RUPEE,
    years: yearsToExpiry((atMs + shift.forwardMs) as EpochMs, contract.expiry, EXPIRY_CLOSE),
    rate: ASSUMED_RATE,
    volatility: Math.max(VOLATILITY_MIN, volatility * (1 + shift.volatility)),
    optionType: contract.optionType,
  };
  return priceOption(input);
}

/** What a shift would make of the book, in rupees: every position valued anew. The values to start from are found once. */
export function revaluer(book: ModelledBook): (shiftOf: (underlying: Underlying) => Shift) => number {
  const starts = book.holdings.map((holding) => ({ holding, price: unitValue(holding, book.atMs).price }));
  return (shiftOf) => {
    let result = 0;
    for (const { holding, price } of starts) {
      const after = unitValue(holding, book.atMs, shiftOf(holding.contract.underlying)).price;
      result += (after - price) * holding.netUnits;
    }
    return result;
  };
}
