// Builds the API Worker exactly as a deployment would: wrangler's own bundle, written to .wrangler/build.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";

const require = createRequire(import.meta.url);
export const projectRoot: string = path.resolve(import.meta.dirname, "..");
export const wranglerCli: string = path.join(
  path.dirname(require.resolve("wrangler/package.json")),
  "wrangler-dist/cli.js",
);

/** Bundles a Worker and returns the path of its main module. Throws with wrangler's own words when it does not build. */
export function buildWorker(
  config: string = path.join(projectRoot, "wrangler.toml"),
  outDirectory: string = path.join(projectRoot, ".wrangler/build"),
): string {
  const result = spawnSync(
    process.execPath,
    ["--no-warnings", wranglerCli, "deploy", "--dry-run", "--config", config, "--outdir", outDirectory],
    { cwd: path.dirname(config), encoding: "utf8" },
  );
  if (result.status !== 0) throw new Error(`the Worker does not build:\n${result.stdout}\n${result.stderr}`);
  return path.join(outDirectory, "index.js");
}

if (import.meta.main) console.log(path.relative(projectRoot, buildWorker()));
