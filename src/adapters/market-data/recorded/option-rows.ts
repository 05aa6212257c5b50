// The option rows of a recording that trading can reach: strikes around the day's index range, the two nearest expiries.
// Keeps the figures as the source has them; the units they are in are settled over the whole file.
import type { OptionType, Underlying } from "../../../core/instrument/contract.ts";
import { strikeStepPaiseOf } from "../../../core/instrument/contract-tables.ts";
import type { TradingSession } from "../../../core/instrument/trading-calendar.ts";
import { mulDivFloor, type Paise } from "../../../core/kernel/money.ts";
import { type EpochMs, isMarketDate, type MarketDate } from "../../../core/kernel/time.ts";
import type { Bar } from "../../../core/market/market-event.ts";
import { refuse } from "./refusal.ts";
import type { SessionRow } from "./session-table.ts";

export interface ContractKey {
  readonly expiry: MarketDate;
  readonly strikePaise: Paise;
  readonly optionType: OptionType;
}

export interface StrikeReach {
  readonly lowestPaise: Paise;
  readonly highestPaise: Paise;
}

/** Expiries are kept to this many, the nearest first. */
const EXPIRIES_KEPT = 2;
const BPS = 10_000;

/** Strikes within `reachBps` below the day's lowest and above its highest index price. */
export function strikeReach(bars: readonly Bar[], reachBps: number): StrikeReach {
  const lowest = bars.reduce(
    (low, bar) => (bar.lowPaise < low ? bar.lowPaise : low),
    bars[0]?.lowPaise ?? (0 as Paise),
  );
  const highest = bars.reduce((high, bar) => (bar.highPaise > high ? bar.highPaise : high), lowest);
  return {
    lowestPaise: mulDivFloor(lowest, BPS - reachBps, BPS),
    highestPaise: mulDivFloor(highest, BPS + reachBps, BPS),
  };
}

/** Decides row by row what is kept, and remembers what was not. */
export class OptionSieve {
  readonly #session: TradingSession;
  readonly #reach: StrikeReach;
  readonly #strikeStepPaise: Paise;
  readonly #expiries = new Map<string, MarketDate>();
  #nearest: readonly MarketDate[] = [];
  droppedOutsideSession = 0;
  droppedOffGrid = 0;

  constructor(underlying: Underlying, session: TradingSession, reach: StrikeReach) {
    this.#session = session;
    this.#reach = reach;
    this.#strikeStepPaise = strikeStepPaiseOf(underlying);
  }

  /** The nearest expiries of the file, earliest first. Final once every row has been seen. */
  get expiries(): readonly MarketDate[] {
    return this.#nearest;
  }

  /** Reads the contract of a row. */
  contractKeyOf(row: SessionRow<"expiry" | "strike" | "option_type">): ContractKey {
    const optionType = row.text("option_type");
    if (optionType !== "CE" && optionType !== "PE") {
      return refuse("OPTION_TYPE_UNKNOWN", row.file, row.line, `option_type is "${optionType}", not CE or PE`);
    }
    return {
      expiry: this.#expiryOf(row),
      strikePaise: row.price("strike"),
      optionType: optionType === "CE" ? "CALL" : "PUT",
    };
  }

  keeps(atMs: EpochMs, contract: ContractKey): boolean {
    if (!this.#session.windows.some(({ openMs, closeMs }) => openMs <= atMs && atMs <= closeMs)) {
      this.droppedOutsideSession += 1;
      return false;
    }
    const { strikePaise } = contract;
    if (strikePaise < this.#reach.lowestPaise || strikePaise > this.#reach.highestPaise) return false;
    if (strikePaise % this.#strikeStepPaise !== 0) {
      this.droppedOffGrid += 1;
      return false;
    }
    // What is not among the nearest so far never will be: later rows can only bring nearer ones.
    return this.#nearest.includes(contract.expiry);
  }

  #expiryOf(row: SessionRow<"expiry">): MarketDate {
    const text = row.text("expiry");
    const known = this.#expiries.get(text);
    if (known !== undefined) return known;
    if (!isMarketDate(text)) return refuse("CONTRACT_UNKNOWN", row.file, row.line, `"${text}" is not an expiry date`);
    const { date } = this.#session;
    if (text < date) return refuse("CONTRACT_UNKNOWN", row.file, row.line, `the expiry ${text} lies before ${date}`);
    this.#expiries.set(text, text);
    this.#nearest = [...this.#expiries.values()].sort().slice(0, EXPIRIES_KEPT);
    return text;
  }
}
