import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { fittedSmile, type Smile } from "../../../src/core/market/fitted-smile.ts";
import { smileVolatility } from "../../../src/core/market/model-chain.ts";
import { QuoteBoard } from "../../../src/core/market-feed/quote-board.ts";
import { readArguments } from "../../../tools/backtest/arguments.ts";
import { playIndexLevel, runIndexLevel } from "../../../tools/backtest/index-level.ts";
import { printIndexLevel } from "../../../tools/backtest/index-words.ts";
import { type OptionDay, OptionDays } from "../../../tools/backtest/option-days.ts";
import { runOptionLevel } from "../../../tools/backtest/option-level.ts";
import { printOptionLevel } from "../../../tools/backtest/option-words.ts";
import { DATA_FOLDER } from "../../../tools/history-folder.ts";
import { openRecordedSession } from "../../../tools/session-folder.ts";
import { HEADER, soundRows } from "../history/history-files.ts";

const DAYS = 6;
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "aurumharmony-backtest-"));
  mkdirSync(path.join(folder, "index", "3m"), { recursive: true });
  // Prices that wave, so that a rule has something to say.
  const rows = soundRows(DAYS).map((row, at) => {
    const price = 12_000 + 80 * Math.sin(at / 9) + at / 50;
    const text = (of: number): string => of.toFixed(2);
    return [
      row.split(",")[0],
      text(price),
      text(price + 9),
      text(price - 9),
      text(price + 3 * Math.cos(at)),
      "",
      "",
    ].join();
  });
  writeFileSync(path.join(folder, "index", "3m", "NIFTY50-3m-2019.csv"), `${[HEADER, ...rows].join("\n")}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...more: string[]) =>
  runIndexLevel(
    readArguments([
      "--strategy",
      "rsi-crossover",
      "--from",
      "2019-12-01",
      "--to",
      "2020-12-31",
      "--data",
      folder,
      ...more,
    ]),
  );

test("the same command over the same data gives the same JSON, byte for byte", () => {
  const once = run("--trades");
  expect(once.figures.trades).toBeGreaterThan(0);
  expect(once.days).toBe(DAYS);
  expect(JSON.stringify(run("--trades"))).toBe(JSON.stringify(once));
});

test.each(["rsi-crossover", "ema-crossover", "bollinger-bands", "opening-range"])(
  "%s trades both polarities",
  (strategy) => {
    const both = ["momentum", "contrarian"].map((polarity) =>
      run("--strategy", strategy, "--polarity", polarity, "--stop", "0", "--trades", "--costs", "none", "--units", "1"),
    );
    const [momentum, contrarian] = both.map(({ trades = [] }) => trades);
    expect(momentum?.length).toBeGreaterThan(0);
    // Without costs and stops the one is the other's mirror image.
    const mirrored = contrarian?.map((trade) => ({
      ...trade,
      side: trade.side === "LONG" ? "SHORT" : "LONG",
      grossPaise: 0 - trade.grossPaise,
      netPaise: 0 - trade.netPaise,
    }));
    expect(mirrored).toEqual(
      momentum?.map((trade) => ({ ...trade, grossPaise: trade.grossPaise + 0, netPaise: trade.netPaise + 0 })),
    );
  },
);

test("figures follow from the trades and the equity of the days", () => {
  const { figures, trades = [], setup } = run("--trades", "--polarity", "contrarian");
  const net = trades.reduce((sum, { netPaise }) => sum + netPaise, 0);
  expect(figures.netPaise).toBe(net);
  expect(figures.months.reduce((sum, { netPaise }) => sum + netPaise, 0)).toBe(net);
  expect(figures.months.reduce((sum, month) => sum + month.trades, 0)).toBe(trades.length);
  expect(figures.winRate).toBe(trades.filter(({ netPaise }) => netPaise > 0).length / trades.length);
  expect(figures.chargesPaise).toBe(trades.reduce((sum, { chargesPaise }) => sum + chargesPaise, 0));
  const traded = trades.reduce((sum, { units, entryPaise, exitPaise }) => sum + units * (entryPaise + exitPaise), 0);
  expect(figures.turnoverPaise).toBe(traded);
  expect(figures.drawdown.depthPaise).toBeLessThanOrEqual(setup.capitalPaise);
});

describe("a grid", () => {
  test("plays each set as a run of its own would, best first", () => {
    const { grid } = run("--grid", "upper=60:70:5,lower=30,stop=0:3:1.5");
    expect(grid?.sets).toBe(9);
    expect(grid?.rows.map(({ sharpe }) => sharpe)).toEqual(
      grid?.rows.map(({ sharpe }) => sharpe).toSorted((a, b) => b - a),
    );
    const same = grid?.rows.find(({ parameters }) => parameters["upper"] === 70 && parameters["stop"] === 3);
    const { figures } = run();
    expect([same?.trades, same?.netPaise]).toEqual([figures.trades, figures.netPaise]);
    expect(same?.sharpe).toBeCloseTo(figures.sharpe ?? 0, 9);
  });

  test("asks more of the best of many than of one", () => {
    const one = run("--grid", "upper=70").grid?.bestIsSkillProbability ?? 1;
    const { rows = [], bestIsSkillProbability } = run("--grid", "upper=55:90:1,lower=20:45:5").grid ?? {};
    const alone = run("--grid", `upper=${rows[0]?.parameters["upper"]},lower=${rows[0]?.parameters["lower"]}`).grid;
    expect(bestIsSkillProbability).toBeLessThan(alone?.bestIsSkillProbability ?? 0);
    expect(one).toBeGreaterThanOrEqual(0);
  });
});

describe("what cannot be followed is refused in a sentence that says what would pass", () => {
  test.each([
    [
      ["--strategy", "magic"],
      "--strategy magic is not known; there are rsi-crossover, ema-crossover, bollinger-bands, opening-range",
    ],
    [
      ["--from", "2020-02-02", "--to", "2020-02-01"],
      "the range is empty: --from 2020-02-02 lies after --to 2020-02-01",
    ],
    [["--from", "2019-02-30"], "--from 2019-02-30 is not a date"],
    [["--underlying", "DOW"], "there are NIFTY50, BANKNIFTY, SENSEX"],
    [["--underlying", "SENSEX"], "has no 3m nor 1m bars of SENSEX from 2019-12-01 to 2020-12-31"],
    [["--bar", "1m"], "has no 1m bars of NIFTY50"],
    [["--from", "2021-01-01", "--to", "2021-12-31"], "from 2021-01-01 to 2021-12-31"],
    [["--data", "/nowhere/at/all"], "/nowhere/at/all does not exist"],
    [["--polarity", "sideways"], "there are momentum, contrarian"],
    [["--capital", "much"], "--capital much is not a number from 1"],
    [["--tomorrow"], "--tomorrow"],
    [["--predictor", "rules"], "--predictor is for runs with options (--level options) only"],
    [["--sweep", "period=7,14"], "only; --grid upper=60:80:5 would pass here"],
    [["--param", "width=7"], "rsi-crossover has no width; there is polarity, period, upper, lower, stop, target"],
    [["--param", "lower=80"], "less than upper, 70, would pass"],
    [["--grid", "period=2.5"], "--grid period takes whole numbers from 1"],
    [["--grid", "upper=50:60:5,lower=40:55:5"], "--grid lower must stay below upper"],
    [["--grid", "lower=80"], "--grid lower must stay below upper"],
    [["--grid", "upper"], "write it as upper=60:80:5"],
    [["--grid", "middle=1:2:1"], "--grid middle is not known; there are period, upper, lower, stop, target"],
    [["--grid", "upper=60:80:0.001"], "has no values, or too many"],
    [["--grid", "upper=60:80:0.1,lower=20:40:0.1"], "at most 10000 are played"],
    [["--entries-per-day", "1.5"], "--entries-per-day 1.5 is not a whole number from 1 to 1000"],
    [["--units", "1.5"], "--units 1.5 is not a whole number from 1 to 100000"],
    [["--param", "stop=1", "--stop", "9"], "--stop and --param stop both give it; one of them would pass"],
    [
      ["--param", "polarity=MOMENTUM", "--polarity", "contrarian"],
      "--polarity and --param polarity both give it; one of them would pass",
    ],
    [["--param", "period=7", "--param", "period=9"], "--param names period twice; once would pass"],
    [["--strategy", "ema-crossover", "--param", "fast=21", "--param", "slow=9"], "less than slow, 9, would pass"],
    [["--strategy", "ema-crossover", "--grid", "fast=5:25:5"], "--grid fast must stay below slow"],
  ])("%j", (more, sentence) => {
    expect(() => run(...more)).toThrow(sentence);
  });
});

test("a parameter is the same number whichever way it is given", () => {
  const { figures, setup } = run("--param", "period=7", "--param", "stop=2", "--param", "polarity=CONTRARIAN");
  expect(setup.rule.signal).toMatchObject({ kind: "RSI", period: 7, upper: 70, polarity: "CONTRARIAN" });
  const { grid } = run("--polarity", "contrarian", "--grid", "period=7,stop=2");
  expect(grid?.rows[0]).toMatchObject({ netPaise: figures.netPaise, trades: figures.trades });
});

test("a run on the index has a page and words of its own, with what was done about its bars", () => {
  const args = [
    "--strategy",
    "rsi-crossover",
    "--from",
    "2019-12-01",
    "--to",
    "2020-12-31",
    "--data",
    folder,
    "--trades",
  ];
  const { result, page } = playIndexLevel(readArguments(args));
  expect(page()).toContain("does not carry over to options");
  expect(page().match(/<svg /g)?.length).toBeGreaterThanOrEqual(2);
  expect(page()).toContain("with charges, spread and slippage that stand in");
  const free = playIndexLevel(readArguments([...args, "--costs", "none", "--grid", "period=7:14:7"]));
  expect(free.page()).not.toContain("charges, spread and slippage that stand in");
  expect(printIndexLevel(free.result)).toContain("without any costs");
  expect(free.page()).toContain("<th>period 7</th>");
  expect(free.page()).toContain("given 2 tries");
  const words = printIndexLevel({ ...result, repairs: { BAR_DUPLICATED: 2 } });
  expect(words).toContain("BAR_DUPLICATED 2");
  expect(words).toContain("too few days for an interval");
  expect(words.split("\n").filter((line) => / (LONG|SHORT) /.test(line))).toHaveLength(result.figures.trades);
});

describe("a run with options on the command line", () => {
  const options = async (...more: string[]) => {
    const range = ["--from", "2019-12-01", "--to", "2020-12-31", "--data", folder];
    return await runOptionLevel(readArguments([...range, ...more]), () => undefined);
  };

  test.each([
    [["--strategy", "vix-iron-fly", "--stop", "1"], "--stop is for runs on the index (--level index) only"],
    [["--strategy", "vix-iron-fly", "--grid", "upper=60"], "--sweep name=1,2,3 would pass here"],
    [["--strategy", "signals", "--param", "lots=1"], "signals has no parameters"],
    [["--strategy", "vix-iron-fly", "--sweep", "vixMin=5,6", "--sweep", "vixMin=7"], "--sweep names vixMin twice"],
    [["--strategy", "vix-iron-fly", "--sweep", "vixMin=5,5"], "--sweep vixMin names 5 twice; once would pass"],
    [
      ["--strategy", "vix-iron-fly", "--param", "vixMin=5", "--sweep", "vixMin=6,7"],
      "--param and --sweep both give vixMin",
    ],
    [["--strategy", "signals", "--vix", "3"], "--vix 3 is not a number from 5 to 150"],
    [["--strategy", "signals", "--cooldown", "2.5"], "--cooldown 2.5 is not a whole number from 0 to 375"],
    [
      ["--strategy", "signals", "--switches-per-hour", "0.5"],
      "--switches-per-hour 0.5 is not a whole number from 0 to 60",
    ],
    [["--strategy", "bot-banknifty"], "has no 3m nor 1m bars of BANKNIFTY"],
    [["--strategy", "bot-nifty50"], "can be played: 5 days: no India VIX is known, so no premiums can be modelled"],
  ])("%j", async (more, sentence) => {
    await expect(options(...more)).rejects.toThrow(sentence);
  });
});

test("a choice that looks like a number is given like any other, by itself and in a sweep", async () => {
  const command = "--strategy opening-range-breakout --from 2019-12-30 --to 2019-12-31 --vix 14";
  const played = async (...more: string[]) =>
    (await runOptionLevel(readArguments([...command.split(" "), "--data", folder, ...more]), () => undefined)).result;
  expect((await played("--param", "range=15")).parameters).toMatchObject({ range: "15" });
  const { sweep } = await played("--sweep", "range=15,30");
  expect(sweep?.results.map(({ name }) => name)).toEqual(["range=15", "range=30"]);
  await expect(played("--param", "range=45")).rejects.toThrow("one of 15, 30 would pass");
});

describe("India VIX of days before", () => {
  const days = async (name: string, vix: readonly string[]) => {
    const own = path.join(folder, name);
    mkdirSync(path.join(own, "daily"), { recursive: true });
    writeFileSync(path.join(own, "daily", "INDIAVIX-1d.csv"), `date,open,high,low,close\n${vix.join("\n")}\n`);
    symlinkSync(path.join(folder, "index"), path.join(own, "index"));
    const range = { from: marketDate("2019-12-01"), to: marketDate("2020-12-31") };
    const there = new OptionDays({
      ...{ folder: own, underlyings: ["NIFTY50"], ...range, withReplayDays: false, withHistory: false },
    });
    return await Promise.all(there.dates.map((date) => there.day(date)));
  };
  const knownOf = (day: OptionDay) => ("leftOut" in day ? day.leftOut : day.market.session.previousVixCenti);

  test("prices no day with a close that is more than a week old: such a day is left out with the reason", async () => {
    const played = await days("old-vix", ["2017-07-10,25,25,25,24.94", "2019-12-25,12,13,12,12.5"]);
    const none = "no India VIX is known, so no premiums can be modelled";
    expect(played.map((day) => [day.date, knownOf(day)])).toEqual([
      ["2019-12-30", 12_50],
      ["2019-12-31", 12_50],
      ["2020-01-01", 12_50],
      ["2020-01-02", none],
      ["2020-01-03", none],
      ["2020-01-04", "2020-01-04 is at a weekend"],
    ]);
  });
});

test("what a recording lacks is priced by the smile that was asked for; the platform's is what a replay has", async () => {
  const date = marketDate("2019-12-30");
  const replay = path.join(folder, "replays", "replay", date);
  mkdirSync(replay, { recursive: true });
  writeFileSync(path.join(replay, "NIFTY50-3m.csv"), `${[HEADER, ...soundRows(1)].join("\n")}\n`);
  const meta = { date, what: "Bars alone.", prev_close: { INDIAVIX: { close_of_last_bar: 14 } } };
  writeFileSync(path.join(replay, "meta.json"), JSON.stringify(meta));
  const tapeBy = async (smile: Smile) => {
    const query = { folder: path.join(folder, "replays"), underlyings: ["NIFTY50"] as const, from: date, to: date };
    const day = await new OptionDays({ ...query, smile, withReplayDays: true, withHistory: false }).day(date);
    if ("leftOut" in day) throw new Error(day.leftOut);
    day.market.sources.NIFTY50.take(istInstant(date, "09:30"), () => []);
    return day.market.sources.NIFTY50.board.quotes;
  };
  const { tapes } = await openRecordedSession(replay);
  const board = new QuoteBoard("NIFTY50", date);
  for (const event of tapes.NIFTY50) if (event.atMs <= istInstant(date, "09:30")) board.take(event);
  expect(board.quotes.length).toBeGreaterThan(0);
  expect(await tapeBy(smileVolatility)).toEqual(board.quotes);
  const fitted = await tapeBy(fittedSmile);
  expect(fitted.map(({ instrumentId }) => instrumentId)).toEqual(board.quotes.map(({ instrumentId }) => instrumentId));
  expect(fitted.some(({ askPaise }, at) => askPaise !== board.quotes[at]?.askPaise)).toBe(true);
});

test("an edge run is played at the India VIX it sets, also where none is known, and says so", async () => {
  const command = "--strategy trend-atr-stop --from 2019-12-01 --to 2020-12-31 --premiums platform --vix";
  const at = async (vix: number) =>
    await runOptionLevel(readArguments([...command.split(" "), String(vix), "--data", folder]), () => undefined);
  const { result, page } = await at(35);
  expect(Object.keys(result.metrics.byVix)).toEqual(["VIX 30 and above"]);
  expect(printOptionLevel(result)).toContain("as if India VIX stood at 35");
  expect(page()).toContain("as if India VIX stood at 35");
  const calm = (await at(12)).result;
  expect(Object.keys(calm.metrics.byVix)).toEqual(["VIX below 15"]);
  expect(calm.tradesSha256).not.toBe(result.tradesSha256);
});

test.skipIf(!existsSync(path.join(DATA_FOLDER, "index", "1m", "NIFTY50-1m-2015.csv.gz")))(
  "the RSI(14) 70/30 rule over NIFTY50 2015-2019 makes the trades that backtrader and backtesting.py make",
  // Five years of 1-minute bars are read: seconds alone, many of them where other work has the cores.
  { timeout: 60_000 },
  () => {
    const command =
      "--strategy rsi-crossover --from 2015-01-01 --to 2019-12-31 --bar 1m --polarity contrarian --trigger level --sides long " +
      "--memory continuous --overnight --costs none --units 1 --stop 0 --replay-days --trades";
    const { bars, trades = [] } = runIndexLevel(readArguments(command.split(" ")));
    const closed = trades.filter(({ reason }) => reason !== "SERIES_END");
    // As `tools/peers/rsi_trades.py` found them, each trade the same; see docs/backtest.md.
    expect([bars, closed.length, closed.reduce((sum, { netPaise }) => sum + netPaise, 0)]).toEqual([
      438_193, 1_760, -3_770,
    ]);
  },
);
