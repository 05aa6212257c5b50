// npm test: the pure core, the platform in real workerd, and the whole day in a browser. The browser is Debian's Chromium;
// where it is missing and can be installed, it is.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "./build.ts";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

function ensureBrowser(): void {
  if (
    existsSync(CHROMIUM) ||
    process.platform !== "linux" ||
    process.getuid?.() !== 0 ||
    !existsSync("/usr/bin/apt-get")
  )
    return;
  console.error("Installing Chromium from Debian's packages for the browser test …");
  const quiet = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } } as const;
  spawnSync("apt-get", ["update", "-q"], quiet);
  spawnSync("apt-get", ["install", "-yq", "--no-install-recommends", "chromium"], quiet);
}

ensureBrowser();
for (const args of [
  ["--project", "core", "--coverage.enabled"],
  ["--project", "worker"],
  ["--project", "e2e"],
]) {
  const result = spawnSync(
    path.join(projectRoot, "node_modules/.bin/vitest"),
    ["run", ...args, ...process.argv.slice(2)],
    {
      cwd: projectRoot,
      stdio: "inherit",
    },
  );
  if (result.status !== 0) process.exit(result.status ?? 1);
}
