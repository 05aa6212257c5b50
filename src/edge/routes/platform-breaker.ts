// What the platform's own breaker saw when it looked last, each cause beside its limit: how near everybody is to being stopped.
import * as z from "zod";
import { lastLook, type WatchRecord } from "../../adapters/read-models/platform.ts";
import { paise } from "../../core/kernel/money.ts";
import { lossLimitPaise, type PlatformLook, peakDrawdownLimitPaise } from "../../core/risk/platform-breaker.ts";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import { Instant, instant, MarketDateOut, Rupees, rupees } from "../schemas.ts";

const InRupees = z.object({ value: Rupees, limit: Rupees });

const LookBody = z
  .object({
    date: MarketDateOut,
    at: Instant,
    accounts: z.number().int().openapi({ description: "That have given an order that day and have answered." }),
    unanswered: z.number().int(),
    losing: z.number().int(),
    unpriced: z.number().int().openapi({ description: "Open positions without a price; they count at their cost." }),
    result: Rupees.openapi({ description: "Of all of them together, today." }),
    loss: InRupees.openapi({ description: "Since the open, or since the operator's last resume." }),
    drawdown: InRupees.openapi({ description: "From the best moment since then." }),
    silence: z.object({ valueMs: z.number().int().nullable(), limitMs: z.number().int() }),
    errors: z.object({ accounts: z.number().int(), orders: z.number().int(), accountsMin: z.number().int() }),
  })
  .openapi("PlatformLook");

const BreakerBody = z.object({ look: LookBody.nullable() }).openapi("PlatformBreaker");

export function openPlatformBreaker(app: EdgeApp): void {
  openRoute(
    app,
    {
      method: "get",
      path: "/v1/platform/breaker",
      operationId: "getPlatformBreaker",
      tag: "Operations",
      summary: "The last look of the platform's own breaker: each cause beside its limit",
      description:
        "It looks once a minute while the market is open. A limit of 0 stops nobody. Null before the first look; a replay has none.",
      scopes: ["operations:read"],
      responses: { 200: answers(BreakerBody, "The look.") },
    },
    async (c) => {
      const day = await lastLook(c.env.DB);
      return c.json({ look: day === null ? null : lookBody(day) }, 200);
    },
  );
}

function lookBody(day: WatchRecord): z.infer<typeof LookBody> {
  const look = JSON.parse(day.look) as PlatformLook;
  const { accounts, unanswered, losing, unpriced, resultPaise, limits } = look;
  return {
    date: day.date,
    at: instant(day.atMs),
    accounts,
    unanswered,
    losing,
    unpriced,
    result: rupees(resultPaise),
    loss: {
      value: rupees(Math.max(0, day.originResultPaise - resultPaise)),
      limit: rupees(lossLimitPaise(look, limits)),
    },
    drawdown: {
      value: rupees(day.peakResultPaise - resultPaise),
      limit: rupees(peakDrawdownLimitPaise(look, { peakResultPaise: paise(day.peakResultPaise) }, limits)),
    },
    silence: { valueMs: look.silentMs, limitMs: limits.silentMs },
    errors: { accounts: look.errorAccounts, orders: look.errorOrders, accountsMin: limits.errorAccountsMin },
  };
}
