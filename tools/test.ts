// npm test: the pure core and whole accounts in an adversarial world, beside them the platform in real workerd; then the whole day
// and the page in a browser. The browser is Debian's Chromium; where it is missing and can be installed, it is.
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
// The worker project takes one processor and waits for the disk; what only computes goes beside it. What it says is told in one
// piece, so that the lines of each project stay together.
const told: string[] = [];
const beside = await Promise.all([pass([["core", "--coverage.enabled"], ["simulation"]]), pass([["worker"]], told)]);
process.stdout.write(told.join(""));
process.exitCode = beside.every(Boolean) && (await pass([["e2e"]])) ? 0 : 1;
