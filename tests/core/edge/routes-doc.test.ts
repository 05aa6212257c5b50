import { describe, expect, it } from "vitest";
import { app } from "../../../src/edge/app.ts";
import { routesPage } from "../../../src/edge/routes-doc.ts";

describe("the page of routes", () => {
  it("is what the routes say today (`vitest run --project core tests/core/edge -u` writes it)", async () => {
    await expect(routesPage(app)).toMatchFileSnapshot("../../../docs/api/routes.md");
  });
});
