// npm start: secrets, database, dashboard and API from nothing, then the recorded session of the demo at a watchable speed.
//
// Everything runs in one process tree on this machine; Ctrl-C ends all of it. Each start plays the day anew on an empty
// state of its own. Options: --session <date|folder>, --speed <market seconds per second>, --port <n>.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";
import { ApiClient } from "./api-client.ts";
import { projectRoot, wranglerCli } from "./build.ts";
import { demoAccounts } from "./demo-accounts.ts";
import { giveHistory, SHIPPED_HISTORY } from "./give-history.ts";
import { localSecrets } from "./local-secrets.ts";
import { openRecordedSession } from "./session-folder.ts";

const STATE = path.join(projectRoot, ".wrangler/demo-state");
const READY_WITHIN_MS = 60_000;

function step(name: string, args: readonly string[], cwd: string): void {
  const result = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (result.status === 0) return;
  throw new Error(`${name} failed\n${result.stdout}${result.stderr}`);
}

async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + 20; port += 1) {
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer();
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error(`no free port from ${wanted} to ${wanted + 19}`);
}

/** The dashboard and the API in one wrangler process; the dashboard reaches the API by service binding. */
function serve(port: number): ChildProcess {
  return spawn(
    process.execPath,
    [
      "--no-warnings",
      wranglerCli,
      ...["pages", "dev", "-c", "wrangler.toml", "-c", "../wrangler.toml"],
      ...["--persist-to", STATE, "--ip", "127.0.0.1", "--port", String(port)],
      ...["--inspector-port", "0", "--show-interactive-dev-session=false", "--log-level", "warn"],
    ],
    { cwd: path.join(projectRoot, "dashboard"), stdio: ["ignore", "ignore", "inherit"] },
  );
}

async function untilReady(api: ApiClient, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    if (server.exitCode !== null) throw new Error("the server has stopped");
    try {
      await api.request("GET", "/v1/readyz");
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      session: { type: "string", default: "2025-08-29" },
      speed: { type: "string", default: "60" },
      port: { type: "string", default: process.env["PORT"] ?? "8788" },
    },
  });
  const speed = Number(values.speed);
  if (!(speed >= 1 && speed <= 3600)) throw new Error("--speed takes 1 to 3600 market seconds per second");
  const secrets = localSecrets();
  rmSync(STATE, { recursive: true, force: true });
  console.log("Preparing the database and the dashboard …");
  step(
    "the migration",
    ["--no-warnings", wranglerCli, "d1", "migrations", "apply", "DB", "--local", "--persist-to", STATE],
    projectRoot,
  );
  const vite = path.join(path.dirname(createRequire(import.meta.url).resolve("vite/package.json")), "bin/vite.js");
  step("the dashboard's build", [vite, "build", "--logLevel", "warn", "dashboard"], projectRoot);

  const port = await freePort(Number(values.port));
  const server = serve(port);
  const stop = (): void => {
    server.kill("SIGINT");
    // wrangler is quick to stop; whatever happens, do not stay behind.
    setTimeout(() => process.exit(0), 3_000).unref();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
  server.on("exit", (code) => process.exit(code === null || code === 130 || code === 143 ? 0 : code));

  const base = new URL(`http://127.0.0.1:${port}/`);
  const api = new ApiClient(base, secrets["OPERATOR_KEY"] ?? "");
  try {
    await untilReady(api, server);
    const recorded = await openRecordedSession(values.session);
    const [demo] = demoAccounts(1, "RESTRICTED", 1);
    if (demo === undefined) throw new Error("no demo trader");
    await api.ensureAccount(demo);
    const { key } = await api.request<{ key: string }>("POST", "/v1/api-keys", {
      accountId: demo.accountId,
      name: "Demo key",
      scopes: [
        "account:read",
        "orders:read",
        "orders:write",
        "market:read",
        "session:control",
        "ledger:read",
        "reports:read",
        "lab:read",
        "lab:write",
      ],
    });
    await giveHistory(api, SHIPPED_HISTORY, { before: recorded.session.date });
    await api.loadReplay(recorded, [demo.accountId]);
    await api.request("POST", "/v1/sessions/current/start", { speed });
    console.log(
      [
        "",
        `  Replaying ${recorded.session.date} at ${speed}× for ${demo.displayName} (${demo.accountId}). Simulated money, recorded quotes.`,
        "",
        `  Dashboard      ${base.href}#key=${key}`,
        `  API            ${base.href}v1        reference: ${base.href}docs/`,
        `  Demo key       ${key}`,
        "",
        "  Ctrl-C stops everything.",
        "",
      ].join("\n"),
    );
  } catch (error) {
    console.error(`start: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    stop();
  }
}

main().catch((error: unknown) => {
  console.error(`start: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
});
