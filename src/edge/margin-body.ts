// What a basket requires, as the calculators answer it: every part in rupees, what the account blocks on top, and what the
// figures rest on. The HTTP route and the command print the same.
import * as z from "zod";
import { addPaise, type Paise, subtractPaise } from "../core/kernel/money.ts";
import { ok, type Result } from "../core/kernel/result.ts";
import type { MarginLeg, MarginMarket } from "../core/margin/leg-values.ts";
import { cushionPaise, explainMargin, heldMarginPaise, type MarginRequirement } from "../core/margin/margin-of.ts";
import { marginParametersOn, RISK_CUSHION_BPS } from "../core/margin/margin-parameters.ts";
import { type BasketRefusal, type Leg, legsOf, type MarginQuestion, marketOf } from "./basket-question.ts";
import { MarketDateOut, Rupees, rupees, Side, UnderlyingName } from "./schemas.ts";

const RequirementBody = z
  .object({
    premium: Rupees.openapi({ description: "Of longs, in full." }),
    span: Rupees.openapi({ description: "Scenario margin of shorts, after net option value and spread benefit." }),
    exposure: Rupees,
    expiryDay: Rupees.openapi({ description: "For shorts that expire on the date." }),
    total: Rupees.openapi({ description: "Premium, span, exposure and expiry day." }),
    netOptionValue: Rupees.openapi({ description: "Longs minus shorts at their prices; within `span`." }),
    spreadBenefit: Rupees.openapi({ description: "What the legs save against every short alone; out of `span`." }),
    held: Rupees.openapi({ description: "What stays blocked once the premium is paid." }),
    cushion: Rupees.openapi({ description: "What the account blocks on top of the model's figure." }),
    totalWithCushion: Rupees,
  })
  .openapi("MarginRequirement");

export const MarginAnswer = z
  .object({
    label: z.string(),
    underlying: UnderlyingName,
    date: MarketDateOut,
    spot: Rupees,
    requirement: RequirementBody.openapi({ description: "Of what is held and traded together." }),
    before: RequirementBody.openapi({ description: "Of what is held alone." }),
    increase: Rupees.openapi({ description: "Of `total` by the trade; negative when it makes the account safer." }),
    increaseWithCushion: Rupees,
    legs: z.array(
      z.object({
        instrumentId: z.string(),
        side: Side,
        units: z.number().int(),
        price: Rupees,
        alone: Rupees.openapi({ description: "What this leg alone would require." }),
        volatilityBps: z.number().int().nullable().openapi({ description: "Null where no short makes it matter." }),
        volatilitySource: z.enum(["GIVEN", "IMPLIED", "FALLBACK"]).nullable(),
      }),
    ),
    parameters: z.object({
      from: MarketDateOut,
      isStandIn: z.boolean().openapi({ description: "The date is before the oldest row known." }),
      priceScanBps: z.number().int(),
      volatilityScanBps: z.number().int(),
      exposureBps: z.number().int(),
      exposureDeepBps: z.number().int(),
      expiryDayBps: z.number().int(),
      calendarChargeBps: z.number().int(),
      calendarBenefitOnExpiryDay: z.boolean(),
      cushionBps: z.number().int(),
      source: z.string(),
    }),
  })
  .openapi("MarginAnswer");
export type MarginAnswer = z.infer<typeof MarginAnswer>;

const LABEL = "Approximation of SPAN; ask the broker before a live order.";

export function marginAnswer(question: MarginQuestion): Result<MarginAnswer, BasketRefusal> {
  const legs = legsOf(question, question.legs, "legs");
  if (!legs.ok) return legs;
  const held = legsOf(question, question.held, "held");
  if (!held.ok) return held;
  const market = marketOf(question);
  const before = explainMargin(held.value, market).requirement;
  const { requirement, volatilities } = explainMargin([...held.value, ...legs.value], market);
  const row = marginParametersOn(question.date);
  return ok({
    label: LABEL,
    underlying: question.underlying,
    date: question.date,
    spot: rupees(question.spot),
    requirement: requirementBody(requirement),
    before: requirementBody(before),
    increase: rupees(subtractPaise(requirement.totalPaise, before.totalPaise)),
    increaseWithCushion: rupees(subtractPaise(withCushion(requirement), withCushion(before))),
    legs: legs.value.map((leg) => legBody(leg, market, volatilities)),
    parameters: {
      from: row.from,
      isStandIn: question.date < row.from,
      priceScanBps: row.priceScanBps,
      volatilityScanBps: row.volatilityScanBps,
      exposureBps: row.exposureBps,
      exposureDeepBps: row.exposureDeepBps,
      expiryDayBps: row.expiryDayBps,
      calendarChargeBps: row.calendarChargeBps,
      calendarBenefitOnExpiryDay: row.calendarBenefitOnExpiryDay,
      cushionBps: RISK_CUSHION_BPS,
      source: row.source,
    },
  });
}

const withCushion = (requirement: MarginRequirement): Paise =>
  addPaise(requirement.totalPaise, cushionPaise(requirement));

const requirementBody = (requirement: MarginRequirement): z.infer<typeof RequirementBody> => ({
  premium: rupees(requirement.premiumPaise),
  span: rupees(requirement.spanPaise),
  exposure: rupees(requirement.exposurePaise),
  expiryDay: rupees(requirement.expiryDayPaise),
  total: rupees(requirement.totalPaise),
  netOptionValue: rupees(requirement.netOptionValuePaise),
  spreadBenefit: rupees(requirement.spreadBenefitPaise),
  held: rupees(heldMarginPaise(requirement)),
  cushion: rupees(cushionPaise(requirement)),
  totalWithCushion: rupees(withCushion(requirement)),
});

function legBody(
  leg: Leg,
  market: MarginMarket,
  volatilities: ReturnType<typeof explainMargin>["volatilities"],
): MarginAnswer["legs"][number] {
  const own = volatilities.find(({ contract }) => isSame(contract, leg.contract));
  return {
    instrumentId: leg.contract.instrumentId,
    side: leg.netUnits > 0 ? "BUY" : "SELL",
    units: Math.abs(leg.netUnits),
    price: rupees(leg.pricePaise),
    alone: rupees(explainMargin([leg], market).requirement.totalPaise),
    volatilityBps: own === undefined ? null : Math.round(own.volatility * 10_000),
    volatilitySource: own?.source ?? null,
  };
}

const isSame = (one: MarginLeg["contract"], other: MarginLeg["contract"]): boolean =>
  one.expiry === other.expiry && one.strikePaise === other.strikePaise && one.optionType === other.optionType;
