// npm run -s calc -- margin|payoff --file basket.json [--json]: see calc/baskets.ts
// npm run -s calc -- charges --date D --exchange NSE|BSE --units N --buy P --sell P --orders K [--within-state] [--json]
//
// The contract note of option trades on any date. P are premiums in rupees per unit, K is the number of executed orders.
// --within-state: central and state GST, rounded each, instead of one integrated GST.
import { parseArgs } from "node:util";
import { DEFAULT_BROKER_SCHEDULE } from "../src/core/charges/broker-schedule.ts";
import { CHARGES_FROM, chargeRatesOn } from "../src/core/charges/charge-rates.ts";
import { contractNote, type DayTrades, exactCharges } from "../src/core/charges/contract-note.ts";
import {
  addPaise,
  formatRupees,
  type Paise,
  paise,
  parseRupees,
  subtractPaise,
  valuePaise,
  ZERO_PAISE,
} from "../src/core/kernel/money.ts";
import { isMarketDate } from "../src/core/kernel/time.ts";
import { USAGE, UsageError } from "./calc/usage.ts";

/** The largest premium and quantity taken, so that every sum stays exact. */
const PREMIUM_MAX_PAISE = 100_000_000;
const UNITS_MAX = 1_000_000;
const ORDERS_MAX = 10_000;

interface Request {
  readonly trades: DayTrades;
  readonly json: boolean;
}

/** The charges on trades: every amount a decimal string of rupees, as on the contract note and, under `exact`, unrounded. */
function chargesReport(trades: DayTrades) {
  const note = contractNote(trades);
  const isWithinState = trades.schedule?.gstPlace === "WITHIN_STATE";
  const half = isWithinState ? paise(note.gstPaise / 2) : ZERO_PAISE;
  return {
    brokerage: formatRupees(note.brokeragePaise),
    stt: formatRupees(note.sttPaise),
    exchange: formatRupees(note.exchangePaise),
    ipft: formatRupees(note.ipftPaise),
    sebi: formatRupees(note.sebiPaise),
    stamp: formatRupees(note.stampPaise),
    cgst: formatRupees(half),
    sgst: formatRupees(half),
    igst: formatRupees(isWithinState ? ZERO_PAISE : note.gstPaise),
    gst: formatRupees(note.gstPaise),
    total: formatRupees(note.totalPaise),
    turnover: formatRupees(addPaise(trades.buyValuePaise, trades.sellValuePaise)),
    net: formatRupees(subtractPaise(trades.sellValuePaise, trades.buyValuePaise, note.totalPaise)),
    exact: Object.fromEntries(
      Object.entries(exactCharges(trades)).map(([head, amount]) => [head, amount.div(100).toFixed()]),
    ),
    /** Heads whose rate table starts later than the date: their oldest known rate was used. */
    standIns: chargeRatesOn(trades.date, trades.exchange).standIns,
  };
}

function parseRequest(argv: readonly string[]): Request {
  const { values, positionals } = parseFlags(argv);
  if (positionals.length !== 1 || positionals[0] !== "charges") {
    throw new UsageError(`the command is "charges", "margin" or "payoff", not "${positionals.join(" ")}"`);
  }
  const { date, exchange } = values;
  if (date === undefined) throw new UsageError("--date is missing");
  if (!isMarketDate(date)) throw new UsageError(`--date takes a date YYYY-MM-DD, not "${date}"`);
  if (date < CHARGES_FROM) throw new UsageError(`--date must not lie before ${CHARGES_FROM}: no rates are known`);
  if (exchange !== "NSE" && exchange !== "BSE") throw new UsageError(`--exchange takes NSE or BSE${notThis(exchange)}`);
  const units = count("units", values.units, UNITS_MAX);
  const buyPaise = premium("buy", values.buy);
  const sellPaise = premium("sell", values.sell);
  if (buyPaise === 0 && sellPaise === 0) throw new UsageError("--buy and --sell are both 0: nothing was traded");
  return {
    json: values.json,
    trades: {
      date,
      exchange,
      buyValuePaise: valuePaise(buyPaise, units),
      sellValuePaise: valuePaise(sellPaise, units),
      executedOrders: count("orders", values.orders, ORDERS_MAX),
      schedule: values["within-state"]
        ? { ...DEFAULT_BROKER_SCHEDULE, gstPlace: "WITHIN_STATE" }
        : DEFAULT_BROKER_SCHEDULE,
    },
  };
}

function parseFlags(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        date: { type: "string" },
        exchange: { type: "string" },
        units: { type: "string" },
        buy: { type: "string" },
        sell: { type: "string" },
        orders: { type: "string" },
        "within-state": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function count(flag: string, text: string | undefined, max: number): number {
  const value = /^\d{1,9}$/.test(text ?? "") ? Number(text) : Number.NaN;
  if (value >= 1 && value <= max) return value;
  throw new UsageError(`--${flag} takes a whole number from 1 to ${max}${notThis(text)}`);
}

function premium(flag: string, text: string | undefined): Paise {
  const parsed = parseRupees(text ?? "");
  if (parsed.ok && parsed.value >= 0 && parsed.value <= PREMIUM_MAX_PAISE) return parsed.value;
  throw new UsageError(
    `--${flag} takes rupees per unit from 0 to ${PREMIUM_MAX_PAISE / 100} with at most two decimals${notThis(text)}`,
  );
}

const notThis = (text: string | undefined): string => (text === undefined ? "; it is missing" : `, not "${text}"`);

function table({ exact, standIns, ...heads }: ReturnType<typeof chargesReport>): string {
  const lines = Object.entries(heads).map(([head, amount]) =>
    `${head.padEnd(10)}${amount.padStart(16)}   ${exact[head] ?? ""}`.trimEnd(),
  );
  const stoodIn = standIns.map((head) => `${head}: no rate is known for this date, the oldest known one was used`);
  return [`${"".padEnd(10)}${"note ₹".padStart(16)}   exact ₹`, ...lines, ...stoodIn].join("\n");
}

function chargesCommand(argv: readonly string[]): string {
  const request = parseRequest(argv);
  const report = chargesReport(request.trades);
  return request.json ? JSON.stringify(report, null, 2) : table(report);
}

async function answerTo(argv: readonly string[]): Promise<string> {
  const [command, ...rest] = argv;
  if (command !== "margin" && command !== "payoff") return chargesCommand(argv);
  // Loaded where it is needed: the schemas of the API take longer to load than charges to work out.
  const { marginCommand, payoffCommand } = await import("./calc/baskets.ts");
  return command === "margin" ? marginCommand(rest) : payoffCommand(rest);
}

try {
  console.log(await answerTo(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`calc: ${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
