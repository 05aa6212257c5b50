// How the reader sees a recorded session: names and texts. Where they come from (disk, memory, a bucket) is the caller's.

import * as z from "zod";
import { UNDERLYINGS } from "../../../core/instrument/contract.ts";
import type { Paise } from "../../../core/kernel/money.ts";
import { isMarketDate, type MarketDate } from "../../../core/kernel/time.ts";
import type { IndexName } from "../../../core/market/market-event.ts";
import { priceOf } from "../figures.ts";
import { refuse } from "./refusal.ts";
import type { SessionText } from "./session-table.ts";

export interface SessionFolder {
  /** File names as they lie in the folder; a trailing ".gz" is part of the name. */
  readonly files: readonly string[];
  /** The text of a file, unzipped; null when there is none. May throw when the file cannot be read. */
  readText(file: string): Promise<string | null>;
}

export interface SessionMeta {
  readonly date: MarketDate;
  /** One sentence: what the recording holds and where it comes from. */
  readonly source: string;
  /** Last close of the day before, in hundredths, by index. */
  readonly previousClose: Partial<Readonly<Record<IndexName, Paise>>>;
  /** Files that meta.json names and the folder does not have. */
  readonly missingFiles: readonly string[];
}

const META_FILE = "meta.json";
const lastBar = z.object({ close_of_last_bar: z.number().positive() });
const metaSchema = z.object({
  date: z.string().refine(isMarketDate, "not a date"),
  what: z.string().optional(),
  source: z.string().optional(),
  files: z.array(z.string()).default([]),
  prev_close: z
    .object({
      NIFTY50: lastBar.optional(),
      BANKNIFTY: lastBar.optional(),
      SENSEX: lastBar.optional(),
      INDIAVIX: lastBar.optional(),
    })
    .default({}),
});

/** Reads and checks meta.json. */
export async function readMeta(folder: SessionFolder): Promise<SessionMeta> {
  const text = await readText(folder, META_FILE);
  if (text === null) return refuse("FILE_MISSING", META_FILE, null, "a recorded session has a meta.json");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuse("META_INVALID", META_FILE, null, error instanceof Error ? error.message : "not JSON");
  }
  const meta = metaSchema.safeParse(json);
  if (!meta.success) {
    const issue = meta.error.issues[0];
    return refuse("META_INVALID", META_FILE, null, `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}`);
  }
  const previousClose: Partial<Record<IndexName, Paise>> = {};
  for (const index of [...UNDERLYINGS, "INDIAVIX"] as const) {
    const close = meta.data.prev_close[index]?.close_of_last_bar;
    if (close === undefined) continue;
    // The shortest text of a JSON number is the text it was written with, so nothing is lost to the float.
    const value = priceOf(String(close));
    if (typeof value === "string") return refuse("META_INVALID", META_FILE, null, `prev_close.${index} is ${close}`);
    previousClose[index] = value;
  }
  return {
    date: meta.data.date,
    source:
      [meta.data.what, meta.data.source].filter(Boolean).join(" Source: ") || `Recorded session of ${meta.data.date}.`,
    previousClose,
    missingFiles: meta.data.files.filter((file) => !folder.files.includes(file)),
  };
}

/** The first of these tables that the folder has, zipped or not. */
export async function findTable(
  folder: SessionFolder,
  names: readonly string[],
  date: MarketDate,
): Promise<SessionText | null> {
  for (const name of names) {
    const file = folder.files.find((candidate) => candidate === `${name}.csv.gz` || candidate === `${name}.csv`);
    if (file === undefined) continue;
    const text = await readText(folder, file);
    if (text === null) return refuse("FILE_UNREADABLE", file, null, "the file is listed but cannot be read");
    return { file, text, date };
  }
  return null;
}

async function readText(folder: SessionFolder, file: string): Promise<string | null> {
  try {
    return await folder.readText(file);
  } catch (error) {
    return refuse("FILE_UNREADABLE", file, null, error instanceof Error ? error.message : "cannot be read");
  }
}
