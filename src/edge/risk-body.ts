// The risk of an account as the API shows it. Money is decimal strings; what a model makes is numbers under `model`, and no amount.
import * as z from "zod";
import { ASSUMED_RATE } from "../core/market/option-pricing.ts";
import { exposureOf } from "../core/risk/exposure.ts";
import { HIGHLY_CORRELATED, INDEX_CORRELATION } from "../core/risk-analytics/correlation.ts";
import {
  type BookGreeks,
  exposureByUnderlying,
  totalGreeks,
  type UnderlyingExposure,
} from "../core/risk-analytics/greeks.ts";
import { INDEX_MOVES } from "../core/risk-analytics/index-moves.ts";
import { modelBook } from "../core/risk-analytics/modelled-book.ts";
import { DEFAULT_ANALYTIC_LIMITS, riskFigures } from "../core/risk-analytics/risk-after.ts";
import { type LimitUse, limitUtilisation } from "../core/risk-analytics/utilisation.ts";
import { bookTailRisk, CVAR_MAX, type TailRisk, VAR_MAX } from "../core/risk-analytics/value-at-risk.ts";
import type { AccountBook } from "./account-book.ts";
import { Instant, instant, Rupees, rupees, UnderlyingName } from "./schemas.ts";

const figure = (description: string) => z.number().openapi({ description });

const Greeks = z
  .object({
    deltaRupeesPerPercent: figure("Rupees per 1 % of the spot."),
    gammaRupeesPerPercent: figure("How the former changes per further 1 %."),
    thetaRupeesPerDay: figure("Rupees per calendar day that passes."),
    vegaRupeesPerPoint: figure("Rupees per point of volatility."),
  })
  .openapi("ModelGreeks", { description: "Black-Scholes figures; never money." });

const Exposure = z
  .object({
    underlying: UnderlyingName,
    contracts: z.number().int(),
    notional: Rupees.openapi({ description: "Σ |units| × spot." }),
    model: Greeks.extend({
      spot: z.number(),
      deltaUnits: figure("Units of the index the positions move like: the futures equivalent."),
      deltaLots: figure("The same in lots."),
      deltaRupees: figure("The same in rupees at the spot."),
      gammaUnitsPerPoint: figure("Change of deltaUnits per point of the index."),
    }),
  })
  .openapi("UnderlyingExposure");

const Tail = z
  .object({
    varPercent: figure("5th percentile of the returns, in percent of equity; losses are negative."),
    cvarPercent: figure("Mean of the returns at or below it."),
    returns: z.number().int().openapi({ description: "How many moves it rests on." }),
  })
  .openapi("TailRisk");

const Use = z
  .object({
    code: z.string().openapi({ example: "DAILY_LOSS_LIMIT" }),
    label: z.string(),
    value: z.string().openapi({ description: "In `unit`; rupees with two decimals." }),
    limit: z.string(),
    unit: z.enum(["RUPEES", "TRADES", "LOTS", "PERCENT"]),
    percent: z.number().nullable().openapi({ description: "Of the limit; null where the limit is nothing." }),
    effect: z.enum(["DENY", "WARN"]).openapi({ description: "WARN: told, no order is refused for it." }),
  })
  .openapi("LimitUse");

const Correlations = z.object({ NIFTY50: z.number(), BANKNIFTY: z.number(), SENSEX: z.number() });

export const RiskBody = z
  .object({
    accountId: z.string(),
    at: Instant,
    equity: Rupees,
    exposure: Rupees,
    exposureMax: Rupees,
    buyingPower: Rupees,
    underlyings: z.array(Exposure),
    totals: Greeks,
    valueAtRisk: z.object({
      session: Tail.openapi({ description: "Positions valued anew under each recorded session, open to close." }),
      cycle: Tail.openapi({ description: "The same under each recorded quarter of an hour." }),
      sessionByGreeks: Tail.openapi({ description: "By the greeks alone, for comparison." }),
      varMaxPercent: z.number(),
      cvarMaxPercent: z.number(),
      sample: z.object({ from: z.string(), to: z.string(), sessions: z.number().int(), cycles: z.number().int() }),
    }),
    correlation: z.object({
      matrix: z.object({ NIFTY50: Correlations, BANKNIFTY: Correlations, SENSEX: Correlations }),
      countsTogetherFrom: z.number(),
      atRisk: Rupees.openapi({ description: "The most that stands in one direction in correlated indices." }),
    }),
    utilisation: z.array(Use),
    unmodelled: z
      .array(z.string())
      .openapi({ description: "Held, but without a spot or a volatility to value it by." }),
    model: z.object({ name: z.string(), rate: z.number(), remark: z.string() }),
  })
  .openapi("Risk");
export type RiskBody = z.infer<typeof RiskBody>;

export function riskBody({ state, market, held }: AccountBook, accountId: string): RiskBody {
  const book = modelBook(held, market);
  const exposures = exposureByUnderlying(book);
  const exposure = exposureOf(state);
  const tail = bookTailRisk(book, exposure.equityPaise);
  const figures = riskFigures(held, market, exposure.equityPaise);
  const uses = limitUtilisation({ state, prices: market.prices, figures, analytic: DEFAULT_ANALYTIC_LIMITS });
  const { sessions, cycles } = INDEX_MOVES;
  return {
    accountId,
    at: instant(market.atMs),
    equity: rupees(exposure.equityPaise),
    exposure: rupees(exposure.exposurePaise),
    exposureMax: rupees(exposure.exposureMaxPaise),
    buyingPower: rupees(exposure.buyingPowerPaise),
    underlyings: exposures.map(exposureBody),
    totals: greeksBody(totalGreeks(exposures)),
    valueAtRisk: {
      session: tailBody(tail.session),
      cycle: tailBody(tail.cycle),
      sessionByGreeks: tailBody(tail.sessionByGreeks),
      varMaxPercent: VAR_MAX * 100,
      cvarMaxPercent: CVAR_MAX * 100,
      sample: {
        from: sessions[0]?.[0] ?? "",
        to: sessions.at(-1)?.[0] ?? "",
        sessions: sessions.length,
        cycles: cycles.length,
      },
    },
    correlation: {
      matrix: {
        NIFTY50: correlations("NIFTY50"),
        BANKNIFTY: correlations("BANKNIFTY"),
        SENSEX: correlations("SENSEX"),
      },
      countsTogetherFrom: HIGHLY_CORRELATED,
      atRisk: rupees(figures.correlatedPaise),
    },
    utilisation: uses.map(useBody),
    unmodelled: [...book.unmodelled],
    model: {
      name: "Black-Scholes",
      rate: ASSUMED_RATE,
      remark: "Figures of a model on recorded moves: what happened, not what will happen.",
    },
  };
}

const correlations = (underlying: keyof typeof INDEX_CORRELATION) => ({
  NIFTY50: rounded(INDEX_CORRELATION[underlying].NIFTY50, 3),
  BANKNIFTY: rounded(INDEX_CORRELATION[underlying].BANKNIFTY, 3),
  SENSEX: rounded(INDEX_CORRELATION[underlying].SENSEX, 3),
});

const exposureBody = (exposure: UnderlyingExposure): z.infer<typeof Exposure> => ({
  underlying: exposure.underlying,
  contracts: exposure.contracts,
  notional: rupees(exposure.notionalPaise),
  model: {
    ...greeksBody(exposure),
    spot: exposure.spot,
    deltaUnits: rounded(exposure.deltaUnits, 2),
    deltaLots: rounded(exposure.deltaLots, 3),
    deltaRupees: rounded(exposure.deltaRupees, 2),
    gammaUnitsPerPoint: rounded(exposure.gammaUnitsPerPoint, 4),
  },
});

const greeksBody = (greeks: BookGreeks): z.infer<typeof Greeks> => ({
  deltaRupeesPerPercent: rounded(greeks.deltaRupeesPerPercent, 2),
  gammaRupeesPerPercent: rounded(greeks.gammaRupeesPerPercent, 2),
  thetaRupeesPerDay: rounded(greeks.thetaRupeesPerDay, 2),
  vegaRupeesPerPoint: rounded(greeks.vegaRupeesPerPoint, 2),
});

const tailBody = ({ var: figure95, cvar, returns }: TailRisk): z.infer<typeof Tail> => ({
  varPercent: rounded(figure95 * 100, 3),
  cvarPercent: rounded(cvar * 100, 3),
  returns,
});

/** Shares of basis points are shown as percent, paise as rupees. */
function useBody({ code, label, value, limit, unit, percent, effect }: LimitUse): z.infer<typeof Use> {
  const shown = { code, label, percent, effect };
  if (unit === "PAISE") return { ...shown, unit: "RUPEES", value: rupees(value), limit: rupees(limit) };
  if (unit === "BPS") {
    return { ...shown, unit: "PERCENT", value: (value / 100).toFixed(3), limit: (limit / 100).toFixed(3) };
  }
  return { ...shown, unit, value: String(value), limit: String(limit) };
}

/** Never minus zero. */
export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale || 0;
}
