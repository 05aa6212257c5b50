// The secrets of this machine's own API: made once, never committed. `npm start` runs with them, other commands find them here.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "./build.ts";

const DEV_VARS = path.join(projectRoot, ".dev.vars");

export function localSecrets(): Readonly<Record<string, string>> {
  const secrets = knownSecrets();
  secrets["OPERATOR_KEY"] ??= `ah_operator_${randomBytes(24).toString("base64url")}`;
  secrets["STREAM_TICKET_KEY"] ??= randomBytes(32).toString("base64");
  const lines = Object.entries(secrets).map(([name, value]) => `${name}="${value}"\n`);
  writeFileSync(DEV_VARS, lines.join(""), { mode: 0o600 });
  return secrets;
}

/** What has been made so far; nothing is made or written. */
export function knownSecrets(): Record<string, string> {
  if (!existsSync(DEV_VARS)) return {};
  return Object.fromEntries(
    readFileSync(DEV_VARS, "utf8")
      .split("\n")
      .flatMap((line) => {
        const match = /^(\w+)="?([^"]*)"?$/.exec(line.trim());
        return match ? [[match[1], match[2]]] : [];
      }),
  );
}
