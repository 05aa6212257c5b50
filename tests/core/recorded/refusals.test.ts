import { describe, expect, it } from "vitest";
import { readRecordedSession } from "../../../src/adapters/market-data/recorded/read-recorded-session.ts";
import {
  at,
  BAR_HEADER,
  bars,
  chain,
  emptyModel,
  files,
  meta,
  OPTION_BAR_HEADER,
  readOk,
  refusalOf,
} from "./memory-session.ts";

const INDEX = "NIFTY50-1m.csv.gz";
const CHAIN = "NIFTY-chain.csv.gz";
const line = (text: string, number: number, changed: string): string =>
  text
    .split("\n")
    .map((row, index) => (index === number - 1 ? changed : row))
    .join("\n");

describe("a corrupt session is refused with file, line and reason", () => {
  it("the sound folder that these tests damage is read", async () => {
    const { session } = await readOk(files());
    expect(session.underlyings.map((each) => each.chain)).toEqual(["RECORDED", "NONE", "NONE"]);
  });

  it.each([
    ["a header with a column missing", line(bars(), 1, "timestamp,open,high,low,close,volume"), "HEADER_INVALID", 1],
    ["an empty file", "", "HEADER_INVALID", 1],
    ["a row with a cell too many", line(bars(), 4, `${at("09:17:00")},1,1,1,1,,,`), "ROW_MALFORMED", 4],
    ["a row cut short", line(bars(), 4, `${at("09:17:00")},24500`), "ROW_MALFORMED", 4],
    ["a stray quotation mark", line(bars(), 4, `"${at("09:17:00")},1,1,1,1,,`), "TIMESTAMP_MALFORMED", 4],
    ["a malformed time", line(bars(), 5, "2025-08-29 09:18,1,1,1,1,,"), "TIMESTAMP_MALFORMED", 5],
    ["an hour that does not exist", line(bars(), 5, `${at("25:18:00")},1,1,1,1,,`), "TIMESTAMP_MALFORMED", 5],
    ["a time of another zone", line(bars(), 5, "2025-08-29T03:48:00+00:00,1,1,1,1,,"), "TIMESTAMP_MALFORMED", 5],
    ["a row of another day", line(bars(), 6, `${at("09:19:00", "2025-08-28")},1,1,1,1,,`), "TIMESTAMP_FOREIGN_DATE", 6],
    ["time going backwards", line(bars(), 9, `${at("09:16:00")},1,1,1,1,,`), "TIME_BACKWARDS", 9],
    ["two bars of the same minute", line(bars(), 9, `${at("09:21:00")},1,1,1,1,,`), "BAR_OVERLAP", 9],
    ["a price that is no number", line(bars(), 7, `${at("09:20:00")},abc,1,1,1,,`), "NUMBER_MALFORMED", 7],
    ["a price with an exponent", line(bars(), 7, `${at("09:20:00")},2.45e4,1,1,1,,`), "NUMBER_MALFORMED", 7],
    ["a price of NaN", line(bars(), 7, `${at("09:20:00")},NaN,NaN,NaN,NaN,,`), "NUMBER_MALFORMED", 7],
    ["a negative price", line(bars(), 7, `${at("09:20:00")},1,1,-1,1,,`), "PRICE_OUT_OF_RANGE", 7],
    ["a price of zero", line(bars(), 7, `${at("09:20:00")},1,1,0,1,,`), "PRICE_OUT_OF_RANGE", 7],
    ["an empty price", line(bars(), 7, `${at("09:20:00")},1,1,,1,,`), "PRICE_OUT_OF_RANGE", 7],
    ["a high below the low", line(bars(), 7, `${at("09:20:00")},1,0.9,1.1,1,,`), "BAR_INCONSISTENT", 7],
    ["a close above the high", line(bars(), 7, `${at("09:20:00")},1,2,1,3,,`), "BAR_INCONSISTENT", 7],
  ])("index bars: %s", async (_what, text, code, number) => {
    expect(await refusalOf(files({ [INDEX]: text }))).toMatchObject({ code, file: INDEX, line: number });
  });

  it.each([
    ["an unknown option type", [{}, { option_type: "XX" }], "OPTION_TYPE_UNKNOWN", 3],
    ["the same contract twice in a snapshot", [{}, { strike: "24550" }, {}], "CONTRACT_DUPLICATED", 4],
    ["time going backwards", [{}, { timestamp: at("09:19:59") }], "TIME_BACKWARDS", 3],
    ["a row of another day", [{}, { timestamp: at("09:21:00", "2025-08-30") }], "TIMESTAMP_FOREIGN_DATE", 3],
    ["a malformed time", [{ timestamp: "" }], "TIMESTAMP_MALFORMED", 2],
    ["a negative price", [{}, { timestamp: at("09:21:00"), ltp: "-0.05" }], "PRICE_OUT_OF_RANGE", 3],
    ["a bid that is no number", [{ bid: "1,000" }], "ROW_MALFORMED", 2],
    ["an ask that is no number", [{ ask: "n/a" }], "NUMBER_MALFORMED", 2],
    ["a quantity that is no number", [{ bid_qty: "many" }], "NUMBER_MALFORMED", 2],
    ["a negative volume", [{ volume: "-1" }], "PRICE_OUT_OF_RANGE", 2],
    ["a strike of zero", [{ strike: "0" }], "PRICE_OUT_OF_RANGE", 2],
    ["an expiry that is no date", [{ expiry: "02SEP2025" }], "CONTRACT_UNKNOWN", 2],
    ["an expiry in the past", [{}, { expiry: "2025-08-28", strike: "24600" }], "CONTRACT_UNKNOWN", 3],
    ["an expiry on a day without one", [{}, { expiry: "2025-09-03" }], "CONTRACT_UNKNOWN", 3],
    ["another underlying's row", [{}, { underlying: "BANKNIFTY" }], "UNDERLYING_FOREIGN", 3],
  ] as const)("option chain: %s", async (_what, rows, code, number) => {
    expect(await refusalOf(files({ [CHAIN]: chain(...rows) }))).toMatchObject({ code, file: CHAIN, line: number });
  });

  it.each([
    ["a minute given twice", ["09:15:00,1,1,1,1", "09:15:00,1,1,1,1"], "CONTRACT_DUPLICATED", 3],
    ["time going backwards within a contract", ["09:16:00,1,1,1,1", "09:15:00,1,1,1,1"], "TIME_BACKWARDS", 3],
    ["a high below the low", ["09:15:00,1,1,2,1"], "BAR_INCONSISTENT", 2],
    ["a close of zero", ["09:15:00,1,1,1,0"], "PRICE_OUT_OF_RANGE", 2],
  ])("option bars: %s", async (_what, rows, code, number) => {
    const text = rows.map((row) => {
      const [time = "", open, high, low, close] = row.split(",");
      return `${at(time)},NIFTY25090224500CE,NIFTY,2025-09-02,24500,CE,${open},${high},${low},${close},75,75,1`;
    });
    const changes = { [CHAIN]: undefined, "INDEXOPT-1m.csv.gz": [OPTION_BAR_HEADER, ...text].join("\n") };
    expect(await refusalOf(files(changes))).toMatchObject({ code, file: "INDEXOPT-1m.csv.gz", line: number });
  });

  it.each([
    ["a missing meta.json", undefined, "FILE_MISSING"],
    ["a meta.json that is not JSON", "{", "META_INVALID"],
    ["a meta.json without a date", "{}", "META_INVALID"],
    ["a date that does not exist", meta({ date: "2025-02-30" }), "META_INVALID"],
    ["a previous close below zero", meta({ prev_close: { NIFTY50: { close_of_last_bar: -1 } } }), "META_INVALID"],
    ["a holiday", meta({ date: "2025-08-27" }), "NOT_A_TRADING_DAY"],
    ["a Saturday", meta({ date: "2025-08-30" }), "NOT_A_TRADING_DAY"],
    ["a year to come", meta({ date: "2027-01-04" }), "NOT_A_TRADING_DAY"],
  ])("%s", async (_what, text, code) => {
    expect(await refusalOf(files({ "meta.json": text }))).toMatchObject({ code, file: "meta.json", line: null });
  });

  it("a folder without any index", async () => {
    expect(await refusalOf(files({ [INDEX]: undefined }))).toMatchObject({ code: "NO_UNDERLYING" });
  });

  it("a file that cannot be unzipped", async () => {
    const given = files();
    const folder = {
      files: Object.keys(given),
      readText: async (file: string) => {
        if (file === INDEX) throw new Error("incorrect header check");
        return given[file] ?? null;
      },
    };
    expect(await readRecordedSession(folder, { modelChain: emptyModel })).toEqual({
      ok: false,
      error: { code: "FILE_UNREADABLE", file: INDEX, line: null, detail: "incorrect header check" },
    });
  });
});

describe("holes in the index", () => {
  const hole = (from: string, to: string) => bars({ without: (time) => from <= time && time < to });

  it("sixteen minutes without a bar are refused at the bar after them", async () => {
    const refusal = await refusalOf(files({ [INDEX]: hole("10:00", "10:16") }));
    expect(refusal).toMatchObject({ code: "INDEX_GAP", file: INDEX, line: 47 });
    expect(refusal.detail).toContain("from 10:00:00 to 10:16:00");
  });

  it.each([
    ["fifteen minutes within the day", hole("10:00", "10:15"), true],
    ["fifteen minutes after the open", hole("09:15", "09:30"), true],
    ["sixteen minutes after the open", hole("09:15", "09:31"), false],
    ["fifteen minutes before the close", hole("15:15", "15:30"), true],
    ["sixteen minutes before the close", hole("15:14", "15:30"), false],
    ["no bar at all", `${BAR_HEADER}\n`, false],
  ])("%s", async (_what, text, isRead) => {
    const given = files({ [INDEX]: text });
    if (isRead) await readOk(given);
    else expect((await refusalOf(given)).code).toBe("INDEX_GAP");
  });

  it("the frozen index of the closing auction is no hole", async () => {
    const date = "2026-08-04";
    const text = bars({ date, from: "09:15", to: "15:15" });
    const given = { "meta.json": meta({ date }), [INDEX]: text };
    const { session } = await readOk(given);
    expect(session.underlyings[0]).toMatchObject({ chain: "MODELLED" });
    expect(await refusalOf({ ...given, [INDEX]: bars({ date, from: "09:15", to: "14:59" }) })).toMatchObject({
      code: "INDEX_GAP",
    });
  });
});
