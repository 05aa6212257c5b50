// For the mutation run: the tests of one area as a single bundled file, so that each mutant loads one module in one worker. With
// a file for each test, loading takes nearly all of the time; in a worker shared by several mutants what the code remembers by
// identity (`workingOrders`, say) would pass from one mutant to the next.
import { globSync } from "node:fs";
import path from "node:path";
import { build } from "vite";
import { defineConfig } from "vitest/config";
import { AREAS } from "./areas.ts";

const root = path.join(import.meta.dirname, "../..");
const suite = path.join(import.meta.dirname, "suite.ts");
const { tests, without } = AREAS[process.env["MUTATED_AREA"] ?? ""] ?? { tests: [], without: [] };
const files = tests
  .flatMap((name) => globSync(`tests/core/${name}.test.ts`, { cwd: root }).sort())
  .filter((file) => !without.some((name) => file.endsWith(`/${name}.test.ts`)));

const imports = {
  name: "tests-of-the-area",
  transform: (_code: string, id: string) =>
    id === suite ? files.map((file) => `import ${JSON.stringify(path.join(root, file))};`).join("\n") : null,
};

async function bundle(): Promise<string> {
  const built = await build({
    root,
    configFile: false,
    logLevel: "silent",
    plugins: [imports],
    build: { ssr: suite, write: false, minify: false, target: "esnext", rolldownOptions: { external: [/^[^./]/] } },
  });
  const [first] = "output" in built ? built.output : [];
  if (first?.type !== "chunk") throw new Error("no bundle of the tests");
  return first.code;
}

export default defineConfig({
  root,
  plugins: [
    {
      name: "bundle-of-the-area",
      transform: (_code, id) => (id === suite ? bundle() : null),
    },
  ],
  test: { include: ["tools/mutation/suite.ts"], environment: "node", fsModuleCache: false },
});
