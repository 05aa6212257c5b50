import { expect, it } from "vitest";
import { wasmKernel } from "../lstm/lstm-fixtures.ts";
import { digestOfHybrid, HYBRID_DIGEST } from "./hybrid-task.ts";

it("a hybrid has the bytes that its data, options and seed have always given", async () => {
  expect(await digestOfHybrid(wasmKernel)).toBe(HYBRID_DIGEST);
});
