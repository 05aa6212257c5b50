// The API, assembled. The order of what follows is the order in which a request meets it: request id and security headers here;
// then, per route (define-route.ts), size, key, scope, rate, idempotency key, body, account; then the schemas; then the handler.
import { OpenAPIHono } from "@hono/zod-openapi";
import { HTTPException } from "hono/http-exception";
import type { EdgeApp } from "./define-route.ts";
import type { EdgeEnv } from "./edge-env.ts";
import { methodsOf } from "./method-table.ts";
import { requestId } from "./middleware/request-id.ts";
import { securityHeaders } from "./middleware/security-headers.ts";
import { openapiDocument } from "./openapi.ts";
import { invalid, problem } from "./problem.ts";
import { openAccount } from "./routes/account.ts";
import { openAccounts } from "./routes/accounts.ts";
import { openAliases } from "./routes/aliases.ts";
import { openApiKeys } from "./routes/api-keys.ts";
import { openBacktests } from "./routes/backtests.ts";
import { openBaskets } from "./routes/baskets.ts";
import { openCharges } from "./routes/charges.ts";
import { openCommunity } from "./routes/community.ts";
import { openCompliance } from "./routes/compliance.ts";
import { openErrors } from "./routes/errors.ts";
import { openExits } from "./routes/exits.ts";
import { openHealth } from "./routes/health.ts";
import { openHistory } from "./routes/history.ts";
import { openHolderOrders } from "./routes/holder-orders.ts";
import { openHolders } from "./routes/holders.ts";
import { openLab } from "./routes/lab.ts";
import { openLabResults } from "./routes/lab-results.ts";
import { openLedger } from "./routes/ledger.ts";
import { openLimits } from "./routes/limits.ts";
import { openMarket } from "./routes/market.ts";
import { openModels } from "./routes/models.ts";
import { openNotifications } from "./routes/notifications.ts";
import { openOperations } from "./routes/operations.ts";
import { openOrderLists } from "./routes/order-lists.ts";
import { openOrders } from "./routes/orders.ts";
import { openPlatform } from "./routes/platform.ts";
import { openPlatformBreaker } from "./routes/platform-breaker.ts";
import { openPortfolio } from "./routes/portfolio.ts";
import { openPositionLimits } from "./routes/position-limits.ts";
import { openPositions } from "./routes/positions.ts";
import { openReconcileRuns } from "./routes/reconcile-runs.ts";
import { openReconciliations } from "./routes/reconciliations.ts";
import { openReports } from "./routes/reports.ts";
import { openRisk } from "./routes/risk.ts";
import { openSessionLoading } from "./routes/session-loading.ts";
import { openSessions } from "./routes/sessions.ts";
import { openSettlements } from "./routes/settlements.ts";
import { openSignals } from "./routes/signals.ts";
import { openStrategies } from "./routes/strategies.ts";
import { openStrategyInstances } from "./routes/strategy-instances.ts";
import { openStreams } from "./routes/streams.ts";
import { openTrades } from "./routes/trades.ts";
import { openYardsticks } from "./routes/yardsticks.ts";

export function createApp(): EdgeApp {
  const app: EdgeApp = new OpenAPIHono<EdgeEnv>({
    defaultHook: (result, c) => (result.success ? undefined : invalid(c, result.target, result.error.issues)),
  });
  app.use("*", requestId, securityHeaders);
  for (const open of [
    openHealth,
    openErrors,
    openSessions,
    openSessionLoading,
    openMarket,
    openHistory,
    openLab,
    openBacktests,
    openCommunity,
    openLabResults,
    openYardsticks,
    openModels,
    openSignals,
    openOrders,
    openReconciliations,
    openReconcileRuns,
    openOrderLists,
    openPositions,
    openExits,
    openStrategies,
    openStrategyInstances,
    openTrades,
    openPortfolio,
    openHolders,
    openHolderOrders,
    openRisk,
    openAccount,
    openAccounts,
    openLimits,
    openCompliance,
    openPositionLimits,
    openSettlements,
    openLedger,
    openReports,
    openNotifications,
    openCharges,
    openBaskets,
    openOperations,
    openPlatform,
    openPlatformBreaker,
    openApiKeys,
    openStreams,
    openAliases,
  ]) {
    open(app);
  }
  app.get("/v1/openapi.json", (c) => c.json(openapiDocument(app)));
  app.notFound((c) => {
    const methods = methodsOf(app, c.req.path);
    if (methods.length === 0) return problem(c, "ROUTE_NOT_FOUND");
    return problem(c, "METHOD_NOT_ALLOWED", {
      detail: `${c.req.path} answers ${methods.join(", ")}`,
      headers: { allow: methods.join(", ") },
    });
  });
  app.onError((error, c) => {
    if (error instanceof HTTPException) {
      if (error.status === 415) return problem(c, "CONTENT_TYPE_UNSUPPORTED");
      if (error.status === 413) return problem(c, "BODY_TOO_LARGE");
      if (error.status === 400) return problem(c, "BODY_MALFORMED");
    }
    if ((error as { overloaded?: boolean }).overloaded === true) return problem(c, "OVERLOADED");
    console.error(
      JSON.stringify({
        at: "edge",
        requestId: c.var.requestId,
        path: c.req.path,
        error: String(error),
        stack: error.stack,
      }),
    );
    return problem(c, "INTERNAL_ERROR");
  });
  return app;
}

export const app = createApp();
