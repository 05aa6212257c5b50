// What a basket earns or loses, as the calculators answer it. Figures of a model say so.
import * as z from "zod";
import { ok, type Result } from "../core/kernel/result.ts";
import { istInstant } from "../core/kernel/time.ts";
import { type Payoff, payoffOf, type WhatIf } from "../core/margin/payoff.ts";
import { type BasketRefusal, DEFAULT_TIME, legsOf, marketOf, type PayoffQuestion } from "./basket-question.ts";
import { MarketDateOut, Rupees, rupees, rupeesOrNull, Side, UnderlyingName } from "./schemas.ts";

export const PayoffAnswer = z
  .object({
    label: z.string(),
    underlying: UnderlyingName,
    date: MarketDateOut,
    spot: Rupees,
    firstExpiry: MarketDateOut,
    basis: z.enum(["EXACT", "MODELLED"]).openapi({
      description: "MODELLED: several expiries; the later legs are valued by Black-Scholes at the first.",
    }),
    netPremium: Rupees.openapi({ description: "Paid minus received; negative: received." }),
    entryCharges: Rupees,
    roundTripCharges: Rupees.openapi({ description: "Of entering and closing at today's prices." }),
    maxProfit: Rupees.nullable().openapi({ description: "At the first expiry, charges counted; null: unbounded." }),
    maxLoss: Rupees.nullable().openapi({ description: "Negative; null: unbounded." }),
    breakevens: z.array(Rupees),
    profitProbabilityBps: z.number().int().openapi({
      description: "A model's figure: lognormal at the implied volatility nearest the money. No forecast.",
    }),
    greeks: z.object({
      delta: z.number().openapi({ description: "Units of the underlying." }),
      gamma: z.number().openapi({ description: "Change of delta per rupee." }),
      thetaPerDay: Rupees,
      vegaPerPoint: Rupees,
    }),
    points: z.array(
      z.object({
        spot: Rupees,
        atExpiry: Rupees,
        closed: Rupees.openapi({ description: "Closed now, or at the moment of `whatIf`." }),
      }),
    ),
    legs: z.array(
      z.object({
        instrumentId: z.string(),
        side: Side,
        units: z.number().int(),
        entryPrice: Rupees,
        price: Rupees,
        volatilityBps: z.number().int(),
        volatilitySource: z.enum(["GIVEN", "IMPLIED", "FALLBACK"]),
      }),
    ),
  })
  .openapi("PayoffAnswer");
export type PayoffAnswer = z.infer<typeof PayoffAnswer>;

const LABEL = "Greeks, probability and values before expiry are figures of a model, no forecast.";

export function payoffAnswer(question: PayoffQuestion): Result<PayoffAnswer, BasketRefusal> {
  const legs = legsOf(question, question.legs, "legs");
  if (!legs.ok) return legs;
  const market = marketOf(question);
  const { range } = question;
  const payoff = payoffOf(legs.value, market, {
    whatIf: whatIfOf(question),
    ...(range === undefined ? {} : { range: { lowPaise: range.low, highPaise: range.high, points: range.points } }),
  });
  return ok({
    label: LABEL,
    underlying: question.underlying,
    date: question.date,
    spot: rupees(question.spot),
    firstExpiry: payoff.firstExpiry,
    basis: payoff.basis,
    netPremium: rupees(payoff.netPremiumPaise),
    entryCharges: rupees(payoff.entryChargesPaise),
    roundTripCharges: rupees(payoff.roundTripChargesPaise),
    maxProfit: rupeesOrNull(payoff.maxProfitPaise),
    maxLoss: rupeesOrNull(payoff.maxLossPaise),
    breakevens: payoff.breakevensPaise.map(rupees),
    profitProbabilityBps: payoff.profitProbabilityBps,
    greeks: greeksBody(payoff),
    points: payoff.points.map((point) => ({
      spot: rupees(point.spotPaise),
      atExpiry: rupees(point.atExpiryPaise),
      closed: rupees(point.closedPaise),
    })),
    legs: payoff.legs.map((leg, index) => ({
      instrumentId: legs.value[index]?.contract.instrumentId ?? "",
      side: leg.netUnits > 0 ? "BUY" : "SELL",
      units: Math.abs(leg.netUnits),
      entryPrice: rupees(leg.entryPricePaise),
      price: rupees(leg.pricePaise),
      volatilityBps: Math.round(leg.volatility * 10_000),
      volatilitySource: leg.volatilitySource,
    })),
  });
}

function whatIfOf({ date, time, whatIf }: PayoffQuestion): WhatIf {
  if (whatIf === undefined) return {};
  const isAnotherMoment = whatIf.date !== undefined || whatIf.time !== undefined;
  return {
    ...(isAnotherMoment ? { atMs: istInstant(whatIf.date ?? date, whatIf.time ?? time ?? DEFAULT_TIME) } : {}),
    volatilityShiftBps: whatIf.volatilityShiftBps ?? 0,
  };
}

const greeksBody = ({ greeks }: Payoff): PayoffAnswer["greeks"] => ({
  delta: Number(greeks.delta.toFixed(2)),
  gamma: Number(greeks.gamma.toFixed(4)),
  thetaPerDay: rupees(Math.round(greeks.thetaPaise)),
  vegaPerPoint: rupees(Math.round(greeks.vegaPaise)),
});
