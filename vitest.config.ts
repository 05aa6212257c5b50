import path from "node:path";
import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

// Four projects: core (plain Node, milliseconds), simulation (whole accounts against an adversarial venue), worker (real workerd,
// D1, queues, objects), e2e (whole stack, browser).
export default defineConfig({
  test: {
    coverage: {
      provider: "istanbul",
      include: ["src/core/**"],
      reporter: ["text-summary", "json-summary"],
      thresholds: { statements: 90, lines: 90, functions: 90, branches: 80 },
    },
    projects: [
      {
        test: {
          name: "core",
          include: ["tests/core/**/*.test.ts"],
          environment: "node",
        },
      },
      { test: { name: "simulation", include: ["tests/simulation/**/*.test.ts"], environment: "node" } },
      {
        plugins: [
          cloudflareTest(async () => ({
            // The Worker itself and a stand-in broker; see the file.
            main: "./tests/worker/main.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              durableObjects: { BROKER: { className: "BrokerStandIn", useSQLite: true } },
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations(path.join(import.meta.dirname, "migrations")),
                OPERATOR_KEY: "ah_operator_test",
                STREAM_TICKET_KEY: "dGVzdC10aWNrZXQta2V5LXRlc3QtdGlja2V0LWtleS0=",
              },
              // A fetch that no test has asked for ends here, never on the network.
              outboundService: (request: Request) =>
                new Response(`unexpected outbound ${request.method} ${request.url}`, { status: 599 }),
            },
          })),
        ],
        test: {
          name: "worker",
          include: ["tests/worker/**/*.test.ts"],
          setupFiles: ["./tests/worker/setup.ts"],
          isolate: false,
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["tests/e2e/**/*.test.ts"],
          environment: "node",
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
