// Recorded sessions on disk: finds the folder that a command's argument means and reads its files, unzipping what is zipped.
import { existsSync, readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import type { ModelChain } from "../src/adapters/market-data/recorded/modelled-chain.ts";
import { type RecordedTapes, readRecordedSession } from "../src/adapters/market-data/recorded/read-recorded-session.ts";
import type { SessionFolder } from "../src/adapters/market-data/recorded/session-folder.ts";

import { modelChain as platformChain } from "../src/core/market/model-chain.ts";

const root = path.resolve(import.meta.dirname, "..");
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Finds, reads and checks a recorded session; `modelChain` prices what it lacks. Throws with one sentence for people when there is none or it is refused. */
export async function openRecordedSession(
  argument: string,
  modelChain: ModelChain = platformChain,
): Promise<RecordedTapes> {
  const folder = resolveSessionFolder(argument);
  if (folder === null) {
    const looked = DATE.test(argument) ? sessionFoldersOf(argument) : [path.resolve(argument)];
    throw new Error(`no recorded session "${argument}"; looked in ${looked.join(" and ")}`);
  }
  const read = await readRecordedSession(openSessionFolder(folder), { modelChain });
  if (read.ok) return read.value;
  const { file, line, detail, code } = read.error;
  throw new Error(`${path.join(folder, file)}${line === null ? "" : `, line ${line}`}: ${detail} (${code})`);
}

/** The folders in which a session named by its date is looked for, in this order. */
export const sessionFoldersOf = (date: string): readonly string[] => [
  path.join(root, "tools", "sessions", date),
  path.resolve(root, "..", "shared", "data", "replay", date),
];

/** The folder that a session argument, a date or a path, stands for; null when there is none. */
export function resolveSessionFolder(argument: string): string | null {
  const candidates = DATE.test(argument) ? sessionFoldersOf(argument) : [path.resolve(argument)];
  return candidates.find((folder) => existsSync(folder)) ?? null;
}

/**
 * The data folder with the days before a session: the one that comes with the project for its own recordings, the one that a
 * recording lies in otherwise. Null where there is none.
 */
export function historyFolderOf(argument: string): string | null {
  const folder = resolveSessionFolder(argument);
  if (folder === null) return null;
  if (path.dirname(folder) === path.join(root, "tools", "sessions")) return path.join(root, "tools", "history");
  const data = path.resolve(folder, "..", "..");
  return existsSync(path.join(data, "index")) ? data : null;
}

/** A folder on disk as the reader of recorded sessions takes it. */
export function openSessionFolder(folder: string): SessionFolder {
  return {
    files: readdirSync(folder).sort(),
    async readText(file) {
      const location = path.join(folder, file);
      if (!existsSync(location)) return null;
      const bytes = await readFile(location);
      return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    },
  };
}
