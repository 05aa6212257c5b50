// One underlying's day out of index bars and India VIX, with premiums modelled once a minute: the same facts at the same instants
// as a recording of those bars has them, but a contract is priced only when somebody looks at it.
import type { InstrumentId, OptionContract, Underlying } from "../instrument/contract.ts";
import { type ContractSpec, contractOf } from "../instrument/contract-tables.ts";
import { type Paise, paise } from "../kernel/money.ts";
import { type EpochMs, epochMs, type MarketDate } from "../kernel/time.ts";
import type { BarSeries } from "../market/bar-series.ts";
import { BAR_INTERVAL_MS, barStartMs } from "../market/bars.ts";
import type { Smile } from "../market/fitted-smile.ts";
import { MODELLED_CADENCE_MS, PRINTS_PER_BAR, printedPaise, printOffsetMs } from "../market/index-prints.ts";
import type { Bar, HeldQuote } from "../market/market-event.ts";
import {
  modelContracts,
  modelHeldQuote,
  modelledStrikes,
  modelQuote,
  type SpotRange,
  widened,
} from "../market/model-chain.ts";
import type { QuoteHistory } from "../market-feed/quote-history.ts";
import { type Touch, touchOf } from "../matching/touch.ts";
import type { MarketBoard, MarketSource, Taken } from "./market-source.ts";

export interface SeriesDay {
  readonly underlying: Underlying;
  readonly date: MarketDate;
  readonly openMs: EpochMs;
  readonly closeMs: EpochMs;
  /** The day's bars of the index, of one or three minutes. */
  readonly bars: BarSeries;
  /** Of India VIX; null where only the close of the day before is known, which then stands for the day. */
  readonly vixBars: BarSeries | null;
  readonly previousVixCenti: number | null;
  /** The fitted one is what backtests go by; the platform's own where nothing is said. */
  readonly smile?: Smile;
}

interface Mark {
  readonly atMs: EpochMs;
  readonly spotPaise: Paise;
  readonly seen: SpotRange;
  readonly vixCenti: number;
}

interface RunningBar {
  readonly startMs: EpochMs;
  readonly openPaise: Paise;
  highPaise: Paise;
  lowPaise: Paise;
  closePaise: Paise;
}

/** A series of prints, walked forward. */
class Prints {
  readonly #bars: BarSeries;
  #bar = 0;
  #print = 0;
  nextMs: number;
  lastPaise: Paise | null = null;

  constructor(bars: BarSeries) {
    this.#bars = bars;
    this.nextMs = bars.length === 0 ? Number.POSITIVE_INFINITY : (bars.startMs[0] as number);
  }

  /** Takes the next print and returns it. */
  step(): Paise {
    const { openPaise, highPaise, lowPaise, closePaise, startMs, intervalMs, length } = this.#bars;
    const at = this.#bar;
    const price = printedPaise(
      this.#print,
      openPaise[at] as number,
      highPaise[at] as number,
      lowPaise[at] as number,
      closePaise[at] as number,
    );
    this.#print += 1;
    if (this.#print === PRINTS_PER_BAR) {
      this.#print = 0;
      this.#bar += 1;
    }
    this.nextMs =
      this.#bar >= length
        ? Number.POSITIVE_INFINITY
        : (startMs[this.#bar] as number) + printOffsetMs(intervalMs, this.#print);
    this.lastPaise = paise(price);
    return this.lastPaise;
  }
}

export class SeriesSource implements MarketSource, MarketBoard {
  readonly isUntraded = true;
  readonly #day: SeriesDay;
  readonly #spot: Prints;
  readonly #vix: Prints | null;
  readonly #contracts = new Map<InstrumentId, OptionContract>();
  readonly #made = new Map<MarketDate, Map<number, ReturnType<typeof contractOf>>>();
  /** Completed ones never change; the last one runs, and is handed out as a copy. */
  readonly #bars: RunningBar[] = [];
  #shown: readonly Bar[] | null = null;
  #barEndMs = Number.NEGATIVE_INFINITY;
  #nextMarkMs: number;
  #mark: Mark | null = null;
  /** Every mark so far: what a quote was is worked out again when somebody asks. */
  readonly #marks: Mark[] = [];
  #seen: SpotRange | null = null;
  /** Quotes of the present mark, as far as anybody has asked. */
  #quotes = new Map<InstrumentId, HeldQuote>();
  #chain: readonly HeldQuote[] | null = null;
  #listed: {
    readonly lowest: number;
    readonly highest: number;
    readonly contracts: readonly OptionContract[];
    readonly expiries: readonly MarketDate[];
  } | null = null;

  constructor(day: SeriesDay) {
    this.#day = day;
    this.#spot = new Prints(day.bars);
    this.#vix = day.vixBars === null ? null : new Prints(day.vixBars);
    this.#nextMarkMs = day.openMs;
  }

  get board(): MarketBoard {
    return this;
  }

  nextFactMs(isWatched: boolean): EpochMs | null {
    if (!isWatched) return null;
    const nextMs = Math.min(this.#spot.nextMs, this.#vix?.nextMs ?? Number.POSITIVE_INFINITY, this.#markMs());
    return Number.isFinite(nextMs) ? epochMs(nextMs) : null;
  }

  take(now: EpochMs, watched: () => readonly InstrumentId[]): Taken {
    let facts = 0;
    let hasMark = false;
    for (;;) {
      const printMs = this.#spot.nextMs;
      const vixMs = this.#vix?.nextMs ?? Number.POSITIVE_INFINITY;
      // At one instant VIX comes before the index and the index before the chain.
      const atMs = Math.min(vixMs, printMs, this.#markMs());
      if (atMs > now) break;
      facts += 1;
      if (vixMs === atMs) this.#vix?.step();
      else if (printMs === atMs) this.#takePrint(atMs, this.#spot.step());
      else hasMark = this.#takeMark(atMs) || hasMark;
    }
    return { facts, quoted: hasMark ? new Set(watched().filter((id) => this.#contracts.has(id))) : NOTHING };
  }

  learn(contract: OptionContract): void {
    if (contract.underlying === this.#day.underlying) this.#contracts.set(contract.instrumentId, contract);
  }

  get spotPaise(): Paise | null {
    return this.#spot.lastPaise;
  }

  get vixCenti(): number | null {
    if (this.#vix !== null) return this.#vix.lastPaise;
    return this.#spot.lastPaise === null ? null : this.#day.previousVixCenti;
  }

  get bars(): readonly Bar[] {
    if (this.#shown === null) {
      const shown: Bar[] = this.#bars.slice();
      const running = shown.at(-1);
      if (running !== undefined) shown[shown.length - 1] = { ...running };
      this.#shown = shown;
    }
    return this.#shown;
  }

  get expiries(): readonly MarketDate[] {
    return this.#mark === null ? [] : this.#quoted(this.#mark.seen).expiries;
  }

  get quotes(): readonly HeldQuote[] {
    const mark = this.#mark;
    if (mark === null) return [];
    this.#chain ??= this.#quoted(mark.seen).contracts.map((contract) => this.#quoteOf(contract, mark));
    return this.#chain;
  }

  quote(instrumentId: InstrumentId): HeldQuote | null {
    const contract = this.#contracts.get(instrumentId);
    return contract === undefined || this.#mark === null ? null : this.#quoteOf(contract, this.#mark);
  }

  contract(instrumentId: InstrumentId): OptionContract | null {
    return this.#contracts.get(instrumentId) ?? null;
  }

  touch(instrumentId: InstrumentId): Touch | null {
    const contract = this.#contracts.get(instrumentId);
    const quote = this.quote(instrumentId);
    return contract === undefined || quote === null ? null : touchOf(quote, contract);
  }

  ivBps(instrumentId: InstrumentId): number | null {
    return this.quote(instrumentId)?.ivBps ?? null;
  }

  /** Since when the quote stands still, mark by mark backwards; a modelled price does not jump. */
  history(instrumentId: InstrumentId): QuoteHistory | undefined {
    const contract = this.#contracts.get(instrumentId);
    const quote = this.quote(instrumentId);
    if (contract === undefined || quote === null) return undefined;
    const { bidPaise, askPaise, lastPaise } = quote;
    let at = this.#marks.length - 1;
    for (let before = this.#marks[at - 1]; before !== undefined; before = this.#marks[at - 1]) {
      if (!isQuotedAt(contract, before)) break;
      const earlier = modelQuote(contract, before, this.#day.smile);
      const isSame = earlier.bidPaise === bidPaise && earlier.askPaise === askPaise && earlier.lastPaise === lastPaise;
      if (!isSame) break;
      at -= 1;
    }
    const since = this.#marks[at] as Mark;
    const pricePaise =
      bidPaise !== null && askPaise !== null ? paise(Math.round((bidPaise + askPaise) / 2)) : (lastPaise ?? null);
    return {
      steady: pricePaise === null || pricePaise <= 0 ? null : { pricePaise, atMs: quote.quotedAtMs },
      // What a model quotes follows from the index, however fast that moves, and its spread is never ten times its bid.
      bidDoubt: null,
      askDoubt: null,
      still: { sinceMs: since.atMs, spotPaise: since.spotPaise },
    };
  }

  #markMs(): number {
    return this.#nextMarkMs <= this.#day.closeMs ? this.#nextMarkMs : Number.POSITIVE_INFINITY;
  }

  #takePrint(atMs: number, pricePaise: Paise): void {
    this.#shown = null;
    const last = this.#bars.at(-1);
    if (last !== undefined && atMs < this.#barEndMs) {
      if (pricePaise > last.highPaise) last.highPaise = pricePaise;
      if (pricePaise < last.lowPaise) last.lowPaise = pricePaise;
      last.closePaise = pricePaise;
      return;
    }
    const startMs = barStartMs(epochMs(atMs), BAR_INTERVAL_MS);
    this.#barEndMs = startMs + BAR_INTERVAL_MS;
    this.#bars.push({
      startMs,
      openPaise: pricePaise,
      highPaise: pricePaise,
      lowPaise: pricePaise,
      closePaise: pricePaise,
    });
  }

  /** False where nothing can be priced: the chain before it stays. */
  #takeMark(atMs: number): boolean {
    this.#nextMarkMs = atMs + MODELLED_CADENCE_MS;
    const spotPaise = this.#spot.lastPaise;
    const vixCenti = this.#vix?.lastPaise ?? this.#day.previousVixCenti;
    if (spotPaise === null) return false;
    this.#seen = widened(this.#seen, spotPaise);
    if (vixCenti === null || vixCenti <= 0) return false;
    this.#mark = { atMs: epochMs(atMs), spotPaise, seen: this.#seen, vixCenti };
    this.#marks.push(this.#mark);
    // Most marks go by without anybody asking.
    if (this.#quotes.size > 0) this.#quotes = new Map();
    this.#chain = null;
    return true;
  }

  #quoteOf(contract: OptionContract, mark: Mark): HeldQuote {
    const known = this.#quotes.get(contract.instrumentId);
    if (known !== undefined) return known;
    const quote = modelHeldQuote(contract, mark, this.#day.smile);
    this.#quotes.set(contract.instrumentId, quote);
    return quote;
  }

  /** Terms are made once a day, however often the chain grows. */
  #make(spec: ContractSpec, date: MarketDate): ReturnType<typeof contractOf> {
    let ofExpiry = this.#made.get(spec.expiry);
    if (ofExpiry === undefined) {
      ofExpiry = new Map();
      this.#made.set(spec.expiry, ofExpiry);
    }
    const key = spec.optionType === "CALL" ? spec.strikePaise : -spec.strikePaise;
    const known = ofExpiry.get(key);
    if (known !== undefined) return known;
    const made = contractOf(spec, date);
    ofExpiry.set(key, made);
    return made;
  }

  /** Every contract quoted by now, in the order of a chain. */
  #quoted(seen: SpotRange): {
    readonly contracts: readonly OptionContract[];
    readonly expiries: readonly MarketDate[];
  } {
    const { underlying, date } = this.#day;
    const { lowest, highest } = modelledStrikes(underlying, seen);
    if (this.#listed?.lowest !== lowest || this.#listed.highest !== highest) {
      const contracts = modelContracts(underlying, date, seen, (spec, on) => this.#make(spec, on));
      const expiries: MarketDate[] = [];
      for (const contract of contracts) {
        this.#contracts.set(contract.instrumentId, contract);
        // Contracts come expiry by expiry.
        if (expiries.at(-1) !== contract.expiry) expiries.push(contract.expiry);
      }
      this.#listed = { lowest, highest, contracts, expiries };
    }
    return this.#listed;
  }
}

function isQuotedAt({ underlying, strikePaise }: OptionContract, { seen }: Mark): boolean {
  const { lowest, highest } = modelledStrikes(underlying, seen);
  return lowest <= strikePaise && strikePaise <= highest;
}

const NOTHING: ReadonlySet<InstrumentId> = new Set();
