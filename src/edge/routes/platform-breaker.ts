// What the platform's own breaker saw when it looked last, each cause beside its limit: how near everybody is to being stopped.
import * as z from "zod";
import { lastLook, type WatchRecord } from "../../adapters/read-models/platform.ts";
import { lossLimitPaise, type PlatformLook, peakDrawdownLimitPaise } from "../../core/risk/platform-breaker.ts";
import { gainPaise } from "../../core/risk/platform-sums.ts";
import { answers, type EdgeApp, openRoute } from "../define-route.ts";
import { Instant, instant, MarketDateOut, Rupees, rupees } from "../schemas.ts";

const InRupees = z.object({ value: Rupees, limit: Rupees });

const LookBody = z
  .object({
    date: MarketDateOut,
    at: Instant,
    trading: z.number().int().openapi({ description: "Active accounts of which an order was sent that day." }),
    accounts: z.number().int().openapi({ description: "Of those, how many are known: each at its last known result." }),
    unanswered: z.number().int().openapi({ description: "Asked by this look, and silent." }),
    losing: z.number().int().openapi({ description: "Below where counting began." }),
    unpriced: z.number().int().openapi({ description: "Asked by this look, with a position that has no price." }),
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
  const { trading, accounts, unanswered, losing, unpriced, resultPaise, peakGainPaise, limits } = look;
  const gain = gainPaise(look);
  return {
    date: day.date,
    at: instant(day.atMs),
    trading,
    accounts,
    unanswered,
    losing,
    unpriced,
    result: rupees(resultPaise),
    loss: { value: rupees(Math.max(0, -gain)), limit: rupees(lossLimitPaise(look, limits)) },
    drawdown: { value: rupees(peakGainPaise - gain), limit: rupees(peakDrawdownLimitPaise(look, limits)) },
    silence: { valueMs: look.silentMs, limitMs: limits.silentMs },
    errors: { accounts: look.errorAccounts, orders: look.errorOrders, accountsMin: limits.errorAccountsMin },
  };
}
