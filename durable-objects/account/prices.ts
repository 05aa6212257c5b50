// Prices for decisions: one question to the feed serves everybody who asks for the same contract at the same moment, in whichever
// account of this isolate.
import type { PriceView } from "../../src/core/account/command.ts";
import type { InstrumentId, OptionContract, Underlying } from "../../src/core/instrument/contract.ts";
import type { MarketFeedRpc } from "../../src/ports/objects.ts";

export type Feeds = (underlying: Underlying) => MarketFeedRpc;

/** An answer may be used again for this long on both clocks, the wall's and the market's. */
const REUSE_MS = 250;
const HELD_MAX = 256;

interface Asked {
  /** When it was asked for, however late it came. */
  readonly wallMs: number;
  readonly marketMs: number;
}

interface HeldPrice extends Asked {
  readonly price: Promise<PriceView | null>;
}

interface Answer extends Asked {
  readonly price: PriceView;
}

/** What the accounts of one deployment have been told; values only, since a promise belongs to the object that made it. */
export class AnsweredPrices {
  readonly #answers = new Map<InstrumentId, Answer>();

  at(instrumentId: InstrumentId, wallMs: number, marketMs: number): PriceView | null {
    const answer = this.#answers.get(instrumentId);
    return answer !== undefined && isUsable(answer, wallMs, marketMs) ? answer.price : null;
  }

  keep(answer: Answer): void {
    if (this.#answers.size >= HELD_MAX) this.#answers.clear();
    this.#answers.set(answer.price.instrumentId, answer);
  }
}

const answeredBy = new WeakMap<object, AnsweredPrices>();

/** Objects with the same bindings reach the same feeds, and share what those have said. */
export function answeredOf(bindings: object): AnsweredPrices {
  const known = answeredBy.get(bindings) ?? new AnsweredPrices();
  answeredBy.set(bindings, known);
  return known;
}

export class PriceBook {
  readonly #feeds: Feeds;
  readonly #answered: AnsweredPrices;
  readonly #held = new Map<InstrumentId, HeldPrice>();

  constructor(feeds: Feeds, answered: AnsweredPrices) {
    this.#feeds = feeds;
    this.#answered = answered;
  }

  /** Null when the feed has no quote or does not answer: the decision then says that a quote is missing. */
  async of(contract: OptionContract, wallMs: number, marketMs: number): Promise<PriceView | null> {
    const answered = this.#answered.at(contract.instrumentId, wallMs, marketMs);
    if (answered !== null) return answered;
    const held = this.#held.get(contract.instrumentId);
    if (held !== undefined && isUsable(held, wallMs, marketMs)) return held.price;
    const price = this.#ask(contract, { wallMs, marketMs });
    if (this.#held.size >= HELD_MAX) this.#held.clear();
    this.#held.set(contract.instrumentId, { price, wallMs, marketMs });
    return price;
  }

  async #ask({ instrumentId, underlying }: OptionContract, asked: Asked): Promise<PriceView | null> {
    try {
      const prices = await this.#feeds(underlying).prices([instrumentId]);
      const price = prices.find((each) => each.instrumentId === instrumentId) ?? null;
      if (price !== null) this.#answered.keep({ ...asked, price });
      return price;
    } catch (error) {
      this.#held.delete(instrumentId);
      console.error(JSON.stringify({ at: "prices", instrumentId, error: String(error) }));
      return null;
    }
  }
}

const isUsable = (asked: Asked, wallMs: number, marketMs: number): boolean =>
  wallMs - asked.wallMs <= REUSE_MS && Math.abs(marketMs - asked.marketMs) <= REUSE_MS;

/** Asks every underlying's feed once for the given contracts. Throws when a feed does not answer. */
export async function pricesOf(feeds: Feeds, contracts: readonly OptionContract[]): Promise<PriceView[]> {
  const asked = [...Map.groupBy(contracts, (contract) => contract.underlying)];
  const answers = await Promise.all(
    asked.map(([underlying, group]) => feeds(underlying).prices(group.map((contract) => contract.instrumentId))),
  );
  return answers.flat();
}
