// The whole platform in one process: the built Worker with its objects, D1 and queues in workerd, without a dev proxy in
// front. Bindings come from wrangler.toml, so that this and a deployment cannot drift apart.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { buildWorker, projectRoot } from "./build.ts";

export interface Stack {
  readonly url: URL;
  readonly operatorKey: string;
  stop(): Promise<void>;
}

export interface StackOptions {
  /** Where D1 and the objects keep their data; the same folder continues where an earlier run stopped. */
  readonly stateDirectory: string;
  readonly port?: number;
  readonly operatorKey: string;
  readonly vars?: Readonly<Record<string, string>>;
  /** Main module of an earlier build; builds when absent. */
  readonly bundle?: string;
}

export async function startStack(options: StackOptions): Promise<Stack> {
  const miniflare = startWorkerd({
    config: path.join(projectRoot, "wrangler.toml"),
    bundle: options.bundle ?? buildWorker(),
    stateDirectory: options.stateDirectory,
    ...(options.port === undefined ? {} : { port: options.port }),
    bindings: {
      OPERATOR_KEY: options.operatorKey,
      STREAM_TICKET_KEY: Buffer.from(options.operatorKey.padEnd(32, "-")).toString("base64"),
      ...options.vars,
    },
  });
  const url = await miniflare.ready;
  await migrate(miniflare);
  return { url, operatorKey: options.operatorKey, stop: () => miniflare.dispose() };
}

/** Runs a built Worker in workerd with the bindings its wrangler.toml declares. */
export function startWorkerd(options: {
  readonly config: string;
  readonly bundle: string;
  readonly stateDirectory: string;
  readonly port?: number;
  readonly bindings?: Readonly<Record<string, string>>;
}): Miniflare {
  const { workerOptions } = unstable_getMiniflareWorkerOptions(options.config);
  const directory = path.dirname(options.bundle);
  return new Miniflare(
    convertV4MiniflareOptions({
      ...workerOptions,
      name: path.basename(path.dirname(options.config)),
      host: "127.0.0.1",
      port: options.port ?? 0,
      cf: false,
      log: new Log(LogLevel.ERROR),
      resourcePersistencePath: options.stateDirectory,
      rootPath: directory,
      modulesRoot: directory,
      modules: [{ type: "ESModule", path: options.bundle }, ...modulesBeside(options.bundle)],
      bindings: { ...(workerOptions["bindings"] as Record<string, unknown>), ...options.bindings },
      // Nothing may leave: the default stack needs no network.
      outboundService: () => new Response("unexpected outbound request", { status: 599 }),
    } as Parameters<typeof convertV4MiniflareOptions>[0]),
  );
}

/** What a bundle imports besides code. */
const BESIDE = { ".wasm": "CompiledWasm", ".bin": "Data" } as const;

/** The WebAssembly and the bytes that a bundle imports. Its folder may hold those of earlier builds too. */
function modulesBeside(bundle: string): readonly { readonly type: "CompiledWasm" | "Data"; readonly path: string }[] {
  const source = readFileSync(bundle, "utf8");
  const directory = path.dirname(bundle);
  return readdirSync(directory).flatMap((name) => {
    const type = BESIDE[path.extname(name) as keyof typeof BESIDE];
    return type === undefined || !source.includes(name) ? [] : [{ type, path: path.join(directory, name) }];
  });
}

/** Applies the numbered migrations that are missing, in the table wrangler keeps for them. */
async function migrate(miniflare: Miniflare): Promise<void> {
  const database = await miniflare.getD1Database("DB");
  await database.exec(
    "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
  );
  const applied = new Set(
    (await database.prepare("SELECT name FROM d1_migrations").all<{ name: string }>()).results.map((row) => row.name),
  );
  const folder = path.join(projectRoot, "migrations");
  for (const name of readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort()) {
    if (applied.has(name)) continue;
    const statements = readFileSync(path.join(folder, name), "utf8")
      .split(/;\s*$/m)
      .map((statement) => statement.replace(/^\s*--.*$/gm, "").trim())
      .filter((statement) => statement !== "");
    await database.batch([
      ...statements.map((statement) => database.prepare(statement)),
      database.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(name),
    ]);
  }
}
