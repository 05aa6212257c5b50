// One option along the bars of a day, as the model quotes it.
import type { OptionContract } from "../../instrument/contract.ts";
import { paise } from "../../kernel/money.ts";
import { istInstant, MS_PER_DAY } from "../../kernel/time.ts";
import { BAR_INTERVAL_MS } from "../../market/bars.ts";
import { type ModelledPrices, modelledPrices } from "../../market/model-chain.ts";
import { EXPIRY_CLOSE } from "../../strategy/contract-selection.ts";
import type { DayPath } from "./label-moment.ts";

const MS_PER_YEAR = 365 * MS_PER_DAY;

export class OptionOnPath {
  readonly contract: OptionContract;
  readonly #path: DayPath;
  readonly #expiryMs: number;

  constructor(contract: OptionContract, path: DayPath) {
    this.contract = contract;
    this.#path = path;
    this.#expiryMs = istInstant(contract.expiry, EXPIRY_CLOSE);
  }

  /** Quotes with the index at a price at the end of the bar at a position; null while VIX is not known. */
  quote(at: number, indexPaise: number): ModelledPrices | null {
    const vixCenti = this.#path.vixCenti[at - this.#path.from] ?? Number.NaN;
    return this.quoteAt((this.#path.bars.startMs[at] as number) + BAR_INTERVAL_MS, indexPaise, vixCenti);
  }

  quoteAt(atMs: number, indexPaise: number, vixCenti: number): ModelledPrices | null {
    if (!(vixCenti > 0)) return null;
    const years = Math.max(0, this.#expiryMs - atMs) / MS_PER_YEAR;
    return modelledPrices(this.contract, { years, spotPaise: paise(indexPaise), vixCenti });
  }

  /** What selling gets; an option without a bid is worth nothing. NaN while VIX is not known. */
  bid(at: number, indexPaise: number): number {
    const quote = this.quote(at, indexPaise);
    return quote === null ? Number.NaN : (quote.bidPaise ?? 0);
  }

  ask(at: number, indexPaise: number): number {
    return this.quote(at, indexPaise)?.askPaise ?? Number.NaN;
  }
}
