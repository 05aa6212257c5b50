// Prices for decisions: one question to the feed serves everybody who asks for the same contract at the same moment.
import type { PriceView } from "../../src/core/account/command.ts";
import type { InstrumentId, OptionContract, Underlying } from "../../src/core/instrument/contract.ts";
import type { MarketFeedRpc } from "../../src/ports/objects.ts";

export type Feeds = (underlying: Underlying) => MarketFeedRpc;

/** An answer may be used again for this long on both clocks, the wall's and the market's. */
const REUSE_MS = 250;

interface HeldPrice {
  readonly price: Promise<PriceView | null>;
  readonly wallMs: number;
  readonly marketMs: number;
}

export class PriceBook {
  readonly #feeds: Feeds;
  readonly #held = new Map<InstrumentId, HeldPrice>();

  constructor(feeds: Feeds) {
    this.#feeds = feeds;
  }

  /** Null when the feed has no quote or does not answer: the decision then says that a quote is missing. */
  of(contract: OptionContract, wallMs: number, marketMs: number): Promise<PriceView | null> {
    const held = this.#held.get(contract.instrumentId);
    if (held !== undefined && wallMs - held.wallMs <= REUSE_MS && Math.abs(marketMs - held.marketMs) <= REUSE_MS) {
      return held.price;
    }
    const price = this.#ask(contract);
    if (this.#held.size > 256) this.#held.clear();
    this.#held.set(contract.instrumentId, { price, wallMs, marketMs });
    return price;
  }

  async #ask({ instrumentId, underlying }: OptionContract): Promise<PriceView | null> {
    try {
      const prices = await this.#feeds(underlying).prices([instrumentId]);
      return prices.find((price) => price.instrumentId === instrumentId) ?? null;
    } catch (error) {
      this.#held.delete(instrumentId);
      console.error(JSON.stringify({ at: "prices", instrumentId, error: String(error) }));
      return null;
    }
  }
}

/** Asks every underlying's feed once for the given contracts. Throws when a feed does not answer. */
export async function pricesOf(feeds: Feeds, contracts: readonly OptionContract[]): Promise<PriceView[]> {
  const asked = [...Map.groupBy(contracts, (contract) => contract.underlying)];
  const answers = await Promise.all(
    asked.map(([underlying, group]) => feeds(underlying).prices(group.map((contract) => contract.instrumentId))),
  );
  return answers.flat();
}
