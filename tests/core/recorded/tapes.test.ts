import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hundredthsOf, priceOf, quantityOf } from "../../../src/adapters/market-data/figures.ts";
import type { Underlying } from "../../../src/core/instrument/contract.ts";
import { formatIstTime } from "../../../src/core/kernel/time.ts";
import type { ChainSnapshot, MarketEvent, Quote } from "../../../src/core/market/market-event.ts";
import { at, BAR_HEADER, bars, chain, type Files, files, meta, OPTION_BAR_HEADER, readOk } from "./memory-session.ts";

const snapshotsOf = (events: readonly MarketEvent[]): ChainSnapshot[] =>
  events.filter((event) => event.kind === "CHAIN_SNAPSHOT");
const quotesOf = async (given: Files, underlying: Underlying = "NIFTY50"): Promise<Quote[]> =>
  snapshotsOf((await readOk(given)).tapes[underlying]).flatMap((snapshot) => snapshot.quotes);
const firstQuote = async (cells: Partial<Record<string, string>>) =>
  (await quotesOf(files({ "NIFTY-chain.csv.gz": chain(cells) })))[0];

describe("figures", () => {
  it.each([
    ["24500", 2_450_000],
    ["0.05", 5],
    ["24140.7", 2_414_070],
    ["24140.69921875", 2_414_070],
    ["24140.694999", 2_414_069],
    ["24140.695", 2_414_070],
    ["1.005", 101],
    ["0.0049999999", 0],
    ["-0.00", 0],
    ["-0.01", "NEGATIVE"],
    ["", "NOT_A_NUMBER"],
    ["1e3", "NOT_A_NUMBER"],
    ["+1", "NOT_A_NUMBER"],
    [".5", "NOT_A_NUMBER"],
    ["1,000", "NOT_A_NUMBER"],
    ["0x10", "NOT_A_NUMBER"],
    ["1e999", "NOT_A_NUMBER"],
    ["Infinity", "NOT_A_NUMBER"],
  ])('"%s" is %s hundredths', (text, expected) => {
    expect(hundredthsOf(text)).toBe(expected);
  });

  it("every price of two decimals is converted exactly", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (value) => {
        const digits = String(value).padStart(3, "0");
        expect(priceOf(`${digits.slice(0, -2)}.${digits.slice(-2)}`)).toBe(value);
      }),
    );
  });

  it("quantities may have a fraction but no sign", () => {
    expect(quantityOf("2589.714285714286")).toBeCloseTo(2589.714285714286);
    expect(quantityOf("8048040.0")).toBe(8_048_040);
    expect(quantityOf("-5")).toBe("NEGATIVE");
  });
});

describe("index bars become prints", () => {
  const printed = async (text: string, name = "NIFTY50-1m.csv.gz") => {
    const given = files({ "NIFTY50-1m.csv.gz": undefined, "NIFTY50-3m.csv.gz": undefined, [name]: text });
    return (await readOk(given)).tapes.NIFTY50.filter((event) => event.kind === "INDEX_PRINT")
      .slice(0, 4)
      .map((print) => `${formatIstTime(print.atMs)} ${print.pricePaise}`);
  };
  const day = (first: string, step = 1) => {
    const [header, , ...rest] = bars({ step }).split("\n");
    return [header, first, ...rest].join("\n");
  };

  it("of a rising minute: open, low, high, close at 0, 20, 40 and 59 seconds", async () => {
    expect(await printed(day(`${at("09:15:00")},24500,24520.5,24490,24510.25,,`))).toEqual([
      "09:15:00 2450000",
      "09:15:20 2449000",
      "09:15:40 2452050",
      "09:15:59 2451025",
    ]);
  });

  it("of a falling three minutes: open, high, low, close at 0, 60, 120 and 179 seconds", async () => {
    expect(await printed(day(`${at("09:15:00")},24500,24520,24480,24490,,`, 3), "NIFTY50-3m.csv.gz")).toEqual([
      "09:15:00 2450000",
      "09:16:00 2452000",
      "09:17:00 2448000",
      "09:17:59 2449000",
    ]);
  });

  it("one-minute bars are preferred to three-minute ones", async () => {
    const given = files({ "NIFTY50-3m.csv.gz": bars({ step: 3, price: "1" }) });
    const prints = (await readOk(given)).tapes.NIFTY50.filter((event) => event.kind === "INDEX_PRINT");
    expect(prints).toHaveLength(375 * 4);
    expect(new Set(prints.map((print) => print.pricePaise))).toEqual(new Set([2_450_000]));
  });

  it("bars outside the session's hours are left out with a remark", async () => {
    const text = `${BAR_HEADER}\n${at("09:14:00")},1,1,1,1,,\n${bars().split("\n").slice(1).join("\n")}${at("15:30:00")},1,1,1,1,,\n`;
    const { session, tapes } = await readOk(files({ "NIFTY50-1m.csv.gz": text }));
    expect(session.remarks).toContain("NIFTY50: 2 bars outside the session's hours are left out.");
    expect(tapes.NIFTY50.every((event) => event.atMs >= session.openMs && event.atMs <= session.closeMs)).toBe(true);
  });

  it("files without gzip, with a byte order mark, CRLF or no last newline are read alike", async () => {
    const { "NIFTY50-1m.csv.gz": text = "" } = files();
    const variants = [text, `\uFEFF${text}`, text.replaceAll("\n", "\r\n"), text.trimEnd()];
    const read = await Promise.all(
      variants.map((variant) => readOk(files({ "NIFTY50-1m.csv.gz": undefined, "NIFTY50-1m.csv": variant }))),
    );
    for (const each of read) expect(each).toEqual(read[0]);
  });
});

describe("chain rows become quotes", () => {
  it("with prices in paise, quantities in units and volatility in basis points", async () => {
    expect(await firstQuote({})).toEqual({
      instrumentId: "NIFTY2590224500CE.NFO",
      expiry: "2025-09-02",
      strikePaise: 2_450_000,
      optionType: "CALL",
      lastPaise: 10_105,
      bidPaise: 10_100,
      bidUnits: 150,
      askPaise: 10_110,
      askUnits: 75,
      // One row is not enough to tell contracts from units.
      volumeUnits: null,
      openInterestUnits: null,
      ivBps: 1234,
    });
  });

  it.each([
    ["a last price of 0 means never traded", { ltp: "0" }, { lastPaise: null, bidPaise: 10_100 }],
    ["empty cells are unknown", { bid: "", bid_qty: "", iv: "" }, { bidPaise: null, bidUnits: null, ivBps: null }],
    ["a bid of 0 is no bid", { bid: "0", bid_qty: "0" }, { bidPaise: null, bidUnits: null }],
    ["an ask without quantity is no ask", { ask_qty: "0" }, { askPaise: null, askUnits: null }],
    ["an implied volatility of 0 is none", { iv: "0" }, { ivBps: null }],
    [
      "no volume is no volume in any unit",
      { volume: "0", open_interest: "0" },
      { volumeUnits: 0, openInterestUnits: 0 },
    ],
  ])("%s", async (_what, cells, expected) => {
    expect(await firstQuote(cells)).toMatchObject(expected);
  });

  it("a contract without any price is not quoted", async () => {
    const quotes = await quotesOf(
      files({ "NIFTY-chain.csv.gz": chain({}, { strike: "24550", ltp: "", bid: "", ask: "" }) }),
    );
    expect(quotes.map((quote) => quote.strikePaise)).toEqual([2_450_000]);
  });

  it("of the two nearest expiries and of strikes within six percent of the day's range", async () => {
    const strikes = ["23000", "23050", "25950", "26000"].map((strike) => ({ strike }));
    const expiries = ["2025-09-30", "2025-09-09", "2025-09-16"].map((expiry) => ({ expiry }));
    const quotes = await quotesOf(files({ "NIFTY-chain.csv.gz": chain(...strikes, ...expiries, {}) }));
    expect(quotes.map((quote) => `${quote.expiry} ${quote.strikePaise / 100}`)).toEqual([
      "2025-09-02 23050",
      "2025-09-02 25950",
      "2025-09-09 24500",
      "2025-09-02 24500",
    ]);
  });

  it("rows off the strike grid or outside the hours are left out with a remark", async () => {
    const text = chain({ timestamp: at("09:14:59") }, {}, { strike: "24525" }, { timestamp: at("15:30:01") });
    const { session, tapes } = await readOk(files({ "NIFTY-chain.csv.gz": text }));
    expect(snapshotsOf(tapes.NIFTY50).map((snapshot) => formatIstTime(snapshot.atMs))).toEqual(["09:20:00"]);
    expect(session.remarks).toContain("NIFTY-chain.csv.gz: 2 rows outside the session's hours are left out.");
    expect(session.remarks).toContain("NIFTY-chain.csv.gz: 1 rows off the strike grid are left out.");
  });

  const figures = (...volumes: readonly string[]) =>
    chain(...volumes.map((volume, index) => ({ strike: String(24_000 + index * 50), volume, open_interest: volume })));

  it("figures that are all whole lots are units already", async () => {
    const text = figures("75", "150", "225", "7500", "75", "300", "375", "0", "75");
    const quotes = await quotesOf(files({ "NIFTY-chain.csv.gz": text }));
    expect(quotes.map((quote) => quote.volumeUnits)).toEqual([75, 150, 225, 7500, 75, 300, 375, 0, 75]);
  });

  it("figures that are not whole lots are contracts, and a fraction of one comes out as whole units", async () => {
    const text = figures("1", "75", "3", "2589.76", "150", "7", "11", "13");
    const { session } = await readOk(files({ "NIFTY-chain.csv.gz": text }));
    const quotes = await quotesOf(files({ "NIFTY-chain.csv.gz": text }));
    expect(quotes.map((quote) => quote.openInterestUnits)).toEqual([75, 5625, 225, 194_232, 11_250, 525, 825, 975]);
    expect(session.remarks).toContain(
      "NIFTY-chain.csv.gz: volume is recorded in contracts, open interest in contracts.",
    );
  });

  it("a volume that falls is remarked as an older page", async () => {
    const text = chain({ volume: "10" }, { timestamp: at("09:21:00"), volume: "9" });
    const { session } = await readOk(files({ "NIFTY-chain.csv.gz": text }));
    expect(session.remarks).toContain("NIFTY-chain.csv.gz: 1 snapshots repeat an older page (a day's volume falls).");
  });
});

describe("what the session says of itself", () => {
  const minutes = (...times: readonly string[]) => chain(...times.map((time) => ({ timestamp: at(time) })));

  it("the cadence is the median gap, and holes, late starts and early ends are remarked", async () => {
    const text = minutes("09:20:00", "09:21:00", "09:22:00", "09:40:00", "09:41:00");
    const { session } = await readOk(files({ "NIFTY-chain.csv.gz": text }));
    expect(session.underlyings[0]).toMatchObject({ chain: "RECORDED", quoteCadenceMs: 60_000 });
    expect(session.remarks).toEqual(
      expect.arrayContaining([
        "NIFTY50: premiums start at 09:20:00.",
        "NIFTY50: premiums end at 09:41:00.",
        "NIFTY50: 1 holes between snapshots, the longest 18 min from 09:22:00.",
      ]),
    );
  });

  it("previous closes and VIX come from meta.json without a float on the way", async () => {
    const close = (value: number) => ({ date: "2025-08-28", close_of_last_bar: value });
    const prev_close = { NIFTY50: close(24533.1), SENSEX: close(80204.43), INDIAVIX: close(12.15) };
    const { session } = await readOk(files({ "meta.json": meta({ prev_close, source: "A repository." }) }));
    expect(session).toMatchObject({ previousVixCenti: 1215, hasVix: false, source: "A test. Source: A repository." });
    expect(session.underlyings.map((each) => each.previousClosePaise)).toEqual([2_453_310, null, 8_020_443]);
  });

  it("an index without premiums is modelled once a minute from the latest index and VIX; without an index there is nothing", async () => {
    const asked: string[] = [];
    const given = files({
      "BANKNIFTY-3m.csv.gz": bars({ step: 3, price: "54000" }),
      "INDIAVIX-3m.csv.gz": bars({ step: 3, price: "11.87" }),
    });
    const { session, tapes } = await readOk(given, ({ underlying, atMs, spotPaise, vixCenti }) => {
      asked.push(`${underlying} ${spotPaise} ${vixCenti}`);
      return { kind: "CHAIN_SNAPSHOT", atMs, underlying, source: "MODELLED", quotes: [] };
    });
    expect(session.underlyings.map((each) => each.chain)).toEqual(["RECORDED", "MODELLED", "NONE"]);
    expect(new Set(asked)).toEqual(new Set(["BANKNIFTY 5400000 1187"]));
    expect(snapshotsOf(tapes.BANKNIFTY)).toHaveLength(376);
    // India VIX is on every tape, also where there is nothing else.
    expect(tapes.SENSEX).toHaveLength(125 * 4);
    expect(session.underlyings.map((each) => each.events)).toEqual(Object.values(tapes).map((tape) => tape.length));
  });

  it("a file that meta.json names and the folder lacks is remarked", async () => {
    const { session } = await readOk(
      files({ "meta.json": meta({ files: ["NIFTY-chain.csv.gz", "SENSEX-chain.csv.gz"] }) }),
    );
    expect(session.remarks[0]).toBe("SENSEX-chain.csv.gz: named by meta.json, but not in the folder.");
  });

  it("an index whose premiums cannot be modelled cannot be traded", async () => {
    const { session } = await readOk(files({ "BANKNIFTY-3m.csv.gz": bars({ step: 3 }) }), () => null);
    expect(session.underlyings[1]).toMatchObject({ chain: "NONE", quoteCadenceMs: 0 });
  });

  it("every tape is in order of time, and at one instant VIX comes before the index and both before chains", async () => {
    const given = files({
      "INDIAVIX-3m.csv.gz": bars({ step: 3, price: "12" }),
      "NIFTY-chain.csv.gz": minutes("09:15:00", "09:16:00", "09:18:00"),
    });
    const events = (await readOk(given)).tapes.NIFTY50;
    const kinds = events.map((event) => (event.kind === "INDEX_PRINT" ? event.index : "CHAIN"));
    expect(kinds.slice(0, 3)).toEqual(["INDIAVIX", "NIFTY50", "CHAIN"]);
    for (const [index, event] of events.slice(1).entries())
      expect(event.atMs).toBeGreaterThanOrEqual(events[index]?.atMs ?? 0);
  });

  it("one-minute option bars become one snapshot a minute at the bar's end, with the last price only", async () => {
    const row = (time: string, strike: string, close: string, underlying = "NIFTY") =>
      `${at(time)},X,${underlying},2025-09-02,${strike},CE,${close},${close},${close},${close},75,75,1`;
    const text = [
      OPTION_BAR_HEADER,
      row("09:15:00", "24500", "100.05"),
      row("09:16:00", "24500", "101"),
      row("09:15:00", "24550", "80"),
      row("15:29:00", "24550", "70"),
      row("09:15:00", "24500", "1", "FINNIFTY"),
    ].join("\n");
    const given = files({ "NIFTY-chain.csv.gz": undefined, "INDEXOPT-1m.csv.gz": text });
    const snapshots = snapshotsOf((await readOk(given)).tapes.NIFTY50);
    expect(
      snapshots.map(({ atMs, quotes }) => [formatIstTime(atMs), ...quotes.map((quote) => quote.lastPaise)]),
    ).toEqual([
      ["09:16:00", 10_005, 8_000],
      ["09:17:00", 10_100],
      ["15:30:00", 7_000],
    ]);
    expect(snapshots[0]?.quotes[0]).toMatchObject({ bidPaise: null, askPaise: null, volumeUnits: null });
  });
});
