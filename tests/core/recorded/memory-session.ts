// Small recorded sessions made in memory: a whole day of one-minute NIFTY bars and a few chain rows.

import type { ModelChain } from "../../../src/adapters/market-data/recorded/modelled-chain.ts";
import {
  type RecordedTapes,
  readRecordedSession,
} from "../../../src/adapters/market-data/recorded/read-recorded-session.ts";
import type { RecordingRefusal } from "../../../src/adapters/market-data/recorded/refusal.ts";
import type { SessionFolder } from "../../../src/adapters/market-data/recorded/session-folder.ts";

export const DATE = "2025-08-29";
export const BAR_HEADER = "timestamp,open,high,low,close,volume,open_interest";
export const CHAIN_HEADER =
  "timestamp,underlying,expiry,strike,option_type,ltp,bid,bid_qty,ask,ask_qty,volume,open_interest,iv,underlying_price";
export const OPTION_BAR_HEADER =
  "timestamp,contract,underlying,expiry,strike,option_type,open,high,low,close,volume,open_interest,trades";

export type Files = Readonly<Record<string, string>>;

/** "09:15:00" on a date as the recordings write it. */
export const at = (time: string, date = DATE): string => `${date}T${time}+05:30`;

const clock = (minuteOfDay: number): string =>
  `${String(Math.floor(minuteOfDay / 60)).padStart(2, "0")}:${String(minuteOfDay % 60).padStart(2, "0")}`;

/** Flat bars from the open to the close, one every `step` minutes; `without` leaves out minutes of the day by "HH:MM". */
export function bars(
  options: {
    date?: string;
    price?: string;
    step?: number;
    from?: string;
    to?: string;
    without?: (time: string) => boolean;
  } = {},
): string {
  const { date = DATE, price = "24500.00", step = 1, from = "09:15", to = "15:30", without = () => false } = options;
  const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  const rows = [BAR_HEADER];
  for (let minute = minutes(from); minute < minutes(to); minute += step) {
    const time = clock(minute);
    if (!without(time)) rows.push(`${at(`${time}:00`, date)},${price},${price},${price},${price},,`);
  }
  return `${rows.join("\n")}\n`;
}

export const meta = (fields: Record<string, unknown> = {}): string =>
  JSON.stringify({ date: DATE, what: "A test.", ...fields });

/** One chain row of NIFTY 2 Sep 2025 24,500 CE with the given cells changed. */
export function chainRow(cells: Partial<Record<string, string>> = {}): string {
  const row: Record<string, string> = {
    timestamp: at("09:20:00"),
    underlying: "NIFTY",
    expiry: "2025-09-02",
    strike: "24500",
    option_type: "CE",
    ltp: "101.05",
    bid: "101",
    bid_qty: "150",
    ask: "101.1",
    ask_qty: "75",
    volume: "10",
    open_interest: "20",
    iv: "12.34",
    underlying_price: "",
  };
  return CHAIN_HEADER.split(",")
    .map((column) => cells[column] ?? row[column])
    .join();
}

export const chain = (...rows: readonly Partial<Record<string, string>>[]): string =>
  `${[CHAIN_HEADER, ...rows.map(chainRow)].join("\n")}\n`;

export const folderOf = (files: Files): SessionFolder => ({
  files: Object.keys(files),
  readText: async (file) => files[file] ?? null,
});

export const emptyModel: ModelChain = ({ atMs, underlying }) => ({
  kind: "CHAIN_SNAPSHOT",
  atMs,
  underlying,
  source: "MODELLED",
  quotes: [],
});

/** A sound folder, with the given files put in or, when undefined, left out. */
export function files(changes: Readonly<Record<string, string | undefined>> = {}): Files {
  const all: Record<string, string | undefined> = {
    "meta.json": meta(),
    "NIFTY50-1m.csv.gz": bars(),
    "NIFTY-chain.csv.gz": chain({}),
    ...changes,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

export async function readOk(given: Files, modelChain: ModelChain = emptyModel): Promise<RecordedTapes> {
  const result = await readRecordedSession(folderOf(given), { modelChain });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

export async function refusalOf(given: Files): Promise<RecordingRefusal> {
  const result = await readRecordedSession(folderOf(given), { modelChain: emptyModel });
  if (result.ok) throw new Error("the session was read although it should have been refused");
  return result.error;
}
