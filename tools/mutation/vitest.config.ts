// The core tests alone, for the mutation run: no workerd, no browser.
import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  root: path.join(import.meta.dirname, "../.."),
  test: {
    // Without the simulation: its days take longer than all of these together, and each mutant would run them again.
    include: ["tests/core/**/*.test.ts"],
    // They start commands of their own, which run the code as it is on disk.
    exclude: ["tests/core/**/calc*.test.ts"],
    environment: "node",
  },
});
