// Guarantees: an Idempotency-Key is advertised where it names what is asked for, and nowhere else.
import { expect, it } from "vitest";
import { app } from "../../../src/edge/app.ts";

it("is taken by orders, modifications, new keys and runs of the lab alone", () => {
  const routes = app.openAPIRegistry.definitions.flatMap((definition) =>
    definition.type === "route" ? [definition.route] : [],
  );
  const taking = routes.filter(({ request }) => JSON.stringify(request?.headers ?? {}).length > 2);
  expect(taking.map(({ operationId }) => operationId).sort()).toEqual([
    "makeApiKey",
    "modifyOrder",
    "modifyOrderOfAccount",
    "startBacktest",
    "startBacktestOfAccount",
    "startTraining",
    "submitOrder",
    "submitOrderOfAccount",
  ]);
});
