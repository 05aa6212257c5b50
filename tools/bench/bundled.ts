// Runs a module in a process of its own, bundled first: what strips types takes more memory than most of what is measured.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "vite";

export interface Bundled {
  /** What the process says on its standard output. */
  readonly run: (args?: readonly string[], nodeOptions?: readonly string[]) => string;
}

/** `name` is a file of this folder. */
export async function withBundled<Answer>(name: string, use: (bundled: Bundled) => Answer): Promise<Answer> {
  const directory = mkdtempSync(path.join(tmpdir(), "aurumharmony-bench-"));
  try {
    await build({
      configFile: false,
      logLevel: "silent",
      ssr: { noExternal: true },
      build: { ssr: path.join(import.meta.dirname, name), outDir: directory },
    });
    const bundle = path.join(directory, readdirSync(directory)[0] ?? "");
    const run: Bundled["run"] = (args = [], nodeOptions = []) =>
      execFileSync(process.execPath, [...nodeOptions, bundle, ...args], { encoding: "utf8" });
    return use({ run });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
