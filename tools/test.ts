// npm test: the pure core; then the platform in real workerd, and beside it whole accounts in an adversarial world and the whole day
// in a browser. The browser is Debian's Chromium; where it is missing and can be installed, it is.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
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

/** Runs projects one after the other, as long as they pass. What they say goes to `told` where it is given, else on as it comes. */
async function pass(projects: readonly (readonly string[])[], told?: string[]): Promise<boolean> {
  const output = told === undefined ? "inherit" : "pipe";
  for (const project of projects) {
    const vitest = spawn(
      path.join(projectRoot, "node_modules/.bin/vitest"),
      ["run", "--project", ...project, ...process.argv.slice(2)],
      { cwd: projectRoot, stdio: ["inherit", output, output] },
    );
    for (const stream of [vitest.stdout, vitest.stderr]) stream?.on("data", (text) => told?.push(String(text)));
    const [code] = await once(vitest, "close");
    if (code !== 0) return false;
  }
  return true;
}

ensureBrowser();
// The core takes every processor there is; the worker project takes one, so the others go beside it. What they say is told in one
// piece at the end.
let isGreen = await pass([["core", "--coverage.enabled"]]);
if (isGreen) {
  const told: string[] = [];
  const both = await Promise.all([pass([["worker"]]), pass([["simulation"], ["e2e"]], told)]);
  process.stdout.write(told.join(""));
  isGreen = both.every(Boolean);
}
process.exitCode = isGreen ? 0 : 1;
