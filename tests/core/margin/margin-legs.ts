// Legs and portfolios to vary in the margin tests.
import type { OptionType, Underlying } from "../../../src/core/instrument/contract.ts";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import { istInstant, type MarketDate, marketDate } from "../../../src/core/kernel/time.ts";
import type { MarginLeg, MarginMarket } from "../../../src/core/margin/leg-values.ts";
import type { PayoffLeg } from "../../../src/core/margin/payoff-legs.ts";
import { ASSUMED_RATE, priceOption, yearsToExpiry } from "../../../src/core/market/option-pricing.ts";
import type { Seeded } from "../../support/seeded.ts";

export const MONDAY = marketDate("2026-11-16");
export const TUESDAY = marketDate("2026-11-17");
export const NEXT_TUESDAY = marketDate("2026-11-24");
export const SPOT = 24_000;

export const marketAt = (spot: number, date: MarketDate, time = "11:00"): MarginMarket => ({
  spotPaise: paise(Math.round(spot * 100)),
  atMs: istInstant(date, time),
  date,
});

export const MARKET = marketAt(SPOT, MONDAY);

/** A leg; the price in rupees, the volatility as a fraction or null. */
export const leg = (
  optionType: OptionType,
  strike: number,
  netUnits: number,
  price: number,
  change: { readonly expiry?: MarketDate; readonly iv?: number; readonly underlying?: Underlying } = {},
): MarginLeg => ({
  contract: {
    underlying: change.underlying ?? "NIFTY50",
    expiry: change.expiry ?? NEXT_TUESDAY,
    strikePaise: paise(strike * 100),
    optionType,
  },
  netUnits,
  pricePaise: paise(Math.round(price * 100)),
  ivBps: change.iv === undefined ? null : Math.round(change.iv * 10_000),
});

/** A leg of a payoff, entered at its price unless another is given. */
export const payoffLeg = (base: MarginLeg, entryPricePaise: Paise = base.pricePaise): PayoffLeg => ({
  ...base,
  contract: { ...base.contract, exchange: "NSE", freezeQuantity: 3_510 },
  entryPricePaise,
});

/** The same from strike, units and price in rupees. */
export const option = (
  optionType: OptionType,
  strike: number,
  units: number,
  price: number,
  expiry: MarketDate = NEXT_TUESDAY,
): PayoffLeg => payoffLeg(leg(optionType, strike, units, price, { expiry }));

/** A leg at its model price for a volatility, on the tick. */
export function fairLeg(
  optionType: OptionType,
  strike: number,
  netUnits: number,
  iv: number,
  { market = MARKET, expiry = NEXT_TUESDAY, tells = true } = {},
): MarginLeg {
  const years = yearsToExpiry(market.atMs, expiry, "15:30");
  const spot = market.spotPaise / 100;
  const value = priceOption({ spot, strike, years, rate: ASSUMED_RATE, volatility: iv, optionType }).price;
  const price = Math.max(0.05, Math.round(value * 20) / 20);
  return leg(optionType, strike, netUnits, price, tells ? { expiry, iv } : { expiry });
}

/** One to six different contracts within 15 % of the spot, prices near fair or far from it. */
export function anyLegs(random: Seeded, sides: "LONG" | "SHORT" | "BOTH" = "BOTH"): readonly MarginLeg[] {
  const legs = new Map<string, MarginLeg>();
  const count = 1 + random.below(6);
  for (let index = 0; index < count; index += 1) {
    const optionType = random.chance(0.5) ? "CALL" : "PUT";
    const strike = SPOT + (random.below(145) - 72) * 50;
    const expiry = random.pick([NEXT_TUESDAY, NEXT_TUESDAY, TUESDAY, marketDate("2026-12-29"), MONDAY]);
    const units = 65 * (1 + random.below(10));
    const sign = sides === "LONG" ? 1 : sides === "SHORT" ? -1 : random.chance(0.5) ? 1 : -1;
    const fair = fairLeg(optionType, strike, sign * units, 0.08 + random.next() * 0.4, { expiry });
    const wild = random.chance(0.2) ? { pricePaise: paise(5 * (1 + random.below(40_000))) } : {};
    const silent = random.chance(0.4) ? { ivBps: null } : {};
    legs.set(`${optionType}${strike}${expiry}`, { ...fair, ...wild, ...silent });
  }
  return [...legs.values()];
}
