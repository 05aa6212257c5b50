// Arrows point inward: edge, jobs and durable-objects -> core; adapters implement ports; only wiring sees both sides.
const onlyTo = (name, from, allowed, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: from },
  to: { pathNot: allowed },
});
module.exports = {
  forbidden: [
    onlyTo(
      "core-is-pure",
      "^src/core/",
      ["^src/core/", "(^|/)node_modules/(decimal\\.js|@noble/hashes)/"],
      "the core runs unchanged in replay, paper, live and backtest: no platform, HTTP, database, clock or adapter",
    ),
    onlyTo("ports-are-types", "^src/ports/", ["^src/(core|ports)/"], "ports speak the domain's language only"),
    {
      name: "adapters-know-ports-not-callers",
      severity: "error",
      from: { path: "^src/adapters/" },
      to: { path: "^(src/(edge|jobs|wiring)|durable-objects)" },
    },
    {
      name: "adapters-are-islands",
      severity: "error",
      comment: "one outside system never imports another; what they share lives in adapters/http or adapters/storage",
      from: { path: "^src/adapters/([^/]+)/([^/]+)/" },
      to: {
        path: "^src/adapters/",
        pathNot: ["^src/adapters/$1/$2/", "^src/adapters/(http|storage)/", "^src/adapters/$1/[^/]+\\.ts$"],
      },
    },
    {
      name: "edge-is-thin",
      severity: "error",
      comment: "routes call an object, a read model or the reader of a format; never a broker, never raw SQL",
      from: { path: "^src/edge/" },
      to: { path: ["^src/adapters/(?!read-models/|strategy-format/)", "^src/jobs/", "(^|/)node_modules/drizzle-orm/"] },
    },
    {
      name: "objects-are-seen-as-types",
      severity: "error",
      from: { path: "^src/(edge|jobs|ports|adapters)/" },
      to: { path: "^durable-objects/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "objects-are-off-http",
      severity: "error",
      from: { path: "^durable-objects/" },
      to: { path: ["^src/(edge|jobs)/", "(^|/)node_modules/hono/"] },
    },
    {
      name: "only-wiring-builds-adapters",
      severity: "error",
      from: { path: "^(src/(edge|jobs)|durable-objects)/" },
      to: {
        path: "^src/adapters/",
        dependencyTypesNot: ["type-only"],
        pathNot: ["^src/adapters/read-models/", "^src/adapters/storage/", "^src/adapters/strategy-format/"],
      },
    },
    {
      name: "dashboard-is-a-client",
      severity: "error",
      from: { path: "^dashboard/" },
      to: { path: "^(src|durable-objects)/" },
    },
    {
      name: "no-test-in-production",
      severity: "error",
      from: { path: "^(src|durable-objects|dashboard)/" },
      to: { path: "^(tests|tools)/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "no-orphans", severity: "error", from: { orphan: true, pathNot: ["\\.d\\.ts$", "\\.gen\\."] }, to: {} },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.d\\.ts$" },
  },
};
