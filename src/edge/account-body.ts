// The account's view as a schema. The account object makes the view; this says what it promises.
import * as z from "zod";
import { BREAKER_CAUSES, BREAKER_SCOPES } from "../core/risk/circuit-breaker.ts";
import { CategoryName, Instant, MarketDateOut, Rupees, UnderlyingName } from "./schemas.ts";

export const PositionBody = z
  .object({
    instrumentId: z.string(),
    underlying: UnderlyingName,
    netUnits: z.number().int().openapi({ description: "Positive long, negative short." }),
    averagePrice: Rupees,
    cost: Rupees,
    realised: Rupees,
    openedAt: Instant,
    stop: Rupees.nullable(),
    target: Rupees.nullable().openapi({ description: "Where all that is left then goes." }),
    targets: z
      .array(z.object({ price: Rupees, lots: z.number().int() }))
      .readonly()
      .openapi({ description: "Where parts go before that, with what has not dealt of each." }),
    tightensAt: Rupees.nullable().openapi({ description: "The exit price at which the stop is tightened next." }),
    timeExitAt: Instant.nullable(),
    reentries: z.number().int().openapi({ description: "How often it may still be entered again after its stop." }),
    signalId: z.string().nullable(),
  })
  .openapi("Position");

const BreakerBody = z
  .object({
    scope: z.enum(BREAKER_SCOPES),
    status: z.enum(["TRIPPED", "LOCKED"]).openapi({
      description: "TRIPPED: everything in scope is being closed. LOCKED: proven flat, and closed to anything new.",
    }),
    causes: z
      .array(
        z.object({
          cause: z.enum(BREAKER_CAUSES),
          by: z.enum(["SYSTEM", "USER", "OPERATOR"]),
          at: Instant,
          detail: z.string(),
        }),
      )
      .readonly(),
    trippedAt: Instant,
    checks: z.number().int(),
    provenFlatAt: Instant.nullable().openapi({
      description: "When the venue, read twice, had shown no position and no order.",
    }),
  })
  .openapi("Breaker");

export const ExitGroupBody = z
  .object({
    groupId: z.string(),
    scope: z.enum(["ACCOUNT", "UNDERLYING", "INSTRUMENTS"]),
    underlying: UnderlyingName.nullable(),
    instrumentIds: z.array(z.string()).readonly(),
    stop: Rupees.nullable().openapi({ description: "A result: negative for a loss." }),
    target: Rupees.nullable(),
    tightensAt: Rupees.nullable().openapi({ description: "The result at which the stop is tightened next." }),
    realised: Rupees.openapi({ description: "By its positions since it was made, before charges." }),
    leaving: z.string().nullable().openapi({ description: "Why everything it holds is being left; null before." }),
    endsDay: z.boolean().openapi({ description: "Whether its target or stop ends the day for entries." }),
  })
  .openapi("ExitGroup");

export const AccountBody = z
  .object({
    accountId: z.string(),
    displayName: z.string(),
    category: CategoryName,
    sequence: z.number().int().openapi({ description: "Of the last event this view rests on." }),
    at: Instant,
    tradingState: z.enum(["ACTIVE", "REDUCING", "HALTED"]),
    haltReason: z.string().nullable(),
    breakers: z.array(BreakerBody).readonly().openapi({
      description: "Circuit breakers that are not armed: while one is here nothing new passes in its scope.",
    }),
    capital: Rupees,
    cash: Rupees,
    reserved: Rupees,
    savings: Rupees,
    taxLock: Rupees,
    day: z
      .object({
        date: MarketDateOut,
        status: z.enum(["OPEN", "EXIT_ONLY", "FLAT", "PROVISIONAL", "PAID_OUT", "FINAL", "CLOSED"]),
        openAt: Instant,
        closeAt: Instant,
        realised: Rupees,
        charges: Rupees,
        vixCenti: z.number().int().nullable(),
        vixDecision: z
          .object({
            guideline: z.number().int(),
            decision: z.enum(["EXCEED", "FOLLOW", "REDUCE"]),
            adaptiveMax: z.number().int(),
            remaining: z.number().int(),
            averageConfidenceBps: z.number().int().nullable(),
            volatilityBps: z.number().int().optional().openapi({
              description: "What the indices had moved, a year × 10,000; absent while too few bars are there.",
            }),
            riskWarning: z
              .string()
              .optional()
              .openapi({ description: "Why nothing was exceeded; absent when nothing warned." }),
            allocation: z.object({ NIFTY50: z.number().int(), BANKNIFTY: z.number().int(), SENSEX: z.number().int() }),
            reason: z.string(),
          })
          .nullable()
          .openapi({ description: "What VIX and confidence made of the day's trades in the last window, and why." }),
        endedBy: z.string().nullable().openapi({
          description: "The exit group that has ended the day for entries; null while none has.",
        }),
        ordersSubmitted: z.number().int(),
        ordersDenied: z.number().int(),
        payout: Rupees.nullable(),
      })
      .nullable(),
    guardrails: z.object({
      tradesUsed: z.number().int(),
      tradesMax: z.number().int(),
      openTrades: z.number().int(),
      openTradesMax: z.number().int(),
      lossUsed: Rupees,
      lossMax: Rupees,
      capacityBps: z
        .number()
        .int()
        .openapi({ description: "Share of buying power today's volatility allows, × 10,000." }),
    }),
    positions: z.array(PositionBody).readonly(),
    exitGroups: z.array(ExitGroupBody).readonly(),
    workingOrders: z.number().int(),
  })
  .openapi("Account");
