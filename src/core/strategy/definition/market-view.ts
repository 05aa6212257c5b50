// What a window's command tells every account about the indices, once for all strategies: figures, the view, and as much of the
// chain as legs are chosen from, in short rows. The message it travels in stays small whatever the exchange lists.

import type { PriceView } from "../../account/command.ts";
import type { OptionType } from "../../instrument/contract.ts";
import { contractOf } from "../../instrument/contract-tables.ts";
import { type Paise, paise } from "../../kernel/money.ts";
import { epochMs, type MarketDate } from "../../kernel/time.ts";
import type { HeldQuote, QuoteSource } from "../../market/market-event.ts";
import type { MarketContext } from "./context.ts";

/** Strike, bid, ask, last in paise, volatility × 10,000, age in ms; −1 where there is none. */
type Row = readonly [strike: number, bid: number, ask: number, last: number, iv: number, ageMs: number];

export interface MarketView extends Omit<MarketContext, "quotes" | "signal"> {
  /** The quotes behind the chain, where it is not sent anywhere and nothing of them gets lost; absent from a message. */
  readonly held?: readonly HeldQuote[] | undefined;
  readonly source: QuoteSource;
  /** What keeps new entries out at the feed; absent while nothing does. */
  readonly gate?: Pick<PriceView, "halt" | "silence">;
  readonly chain: readonly {
    readonly expiry: MarketDate;
    readonly optionType: OptionType;
    readonly rows: readonly Row[];
  }[];
}

const EXPIRIES = 2;
/** Strikes on either side of the index, by expiry and type. */
export const STRIKES_EACH_SIDE = 24;
const NONE = -1;

/** As the job sends it: all of it is read. */
export function marketViewOf(market: MarketContext): MarketView {
  const { underlying, date, atMs, closeMs, spotPaise, vixCenti, atrPaise, figures, staleAfterMs, quotes } = market;
  return {
    underlying,
    date,
    atMs,
    closeMs,
    spotPaise,
    vixCenti,
    atrPaise,
    figures,
    staleAfterMs,
    source: quotes[0]?.source ?? "MODELLED",
    chain: chainOf(market),
  };
}

type ChainOf = Pick<MarketContext, "quotes" | "date" | "spotPaise" | "atMs">;

/** As much of the chain as legs are chosen from. */
export const chainOf = (market: ChainOf): MarketView["chain"] =>
  groupsOf(market).map(({ quotes, ...group }) => ({ ...group, rows: quotes.map((quote) => rowOf(quote, market)) }));

/** The quotes that such a chain is made of, in its order, for one who need not send it. */
export const chainQuotes = (market: ChainOf): HeldQuote[] => groupsOf(market).flatMap(({ quotes }) => quotes);

function groupsOf({ quotes, date, spotPaise }: ChainOf) {
  const expiries = [...new Set(quotes.map(({ expiry }) => expiry))].filter((expiry) => expiry >= date).sort();
  return expiries.slice(0, EXPIRIES).flatMap((expiry) =>
    (["CALL", "PUT"] as const).map((optionType) => ({
      expiry,
      optionType,
      quotes: nearest(
        quotes.filter((quote) => quote.expiry === expiry && quote.optionType === optionType),
        spotPaise,
      ),
    })),
  );
}

function nearest(quotes: readonly HeldQuote[], spotPaise: Paise): readonly HeldQuote[] {
  const sorted = quotes.toSorted((one, other) => one.strikePaise - other.strikePaise);
  const at = sorted.findIndex(({ strikePaise }) => strikePaise >= spotPaise);
  const middle = at < 0 ? sorted.length : at;
  return sorted.slice(Math.max(0, middle - STRIKES_EACH_SIDE), middle + STRIKES_EACH_SIDE);
}

const rowOf = (quote: HeldQuote, { atMs }: Pick<MarketContext, "atMs">): Row => [
  quote.strikePaise,
  quote.bidPaise ?? NONE,
  quote.askPaise ?? NONE,
  quote.lastPaise ?? NONE,
  quote.ivBps ?? NONE,
  Math.max(0, atMs - quote.quotedAtMs),
];

/** The quotes again. Volume and open interest did not travel; a contract whose terms nobody knows stays out. */
export function quotesOfView(view: MarketView): readonly HeldQuote[] {
  if (view.held !== undefined) return view.held;
  const { underlying, date, atMs, source } = view;
  return view.chain.flatMap(({ expiry, optionType, rows }) =>
    rows.flatMap(([strike, bid, ask, last, iv, ageMs]): HeldQuote[] => {
      const strikePaise = paise(strike);
      const contract = contractOf({ underlying, expiry, strikePaise, optionType }, date);
      if (!contract.ok) return [];
      return [
        {
          instrumentId: contract.value.instrumentId,
          expiry,
          strikePaise,
          optionType,
          bidPaise: priceOf(bid),
          askPaise: priceOf(ask),
          lastPaise: priceOf(last),
          bidUnits: null,
          askUnits: null,
          volumeUnits: null,
          openInterestUnits: null,
          ivBps: iv === NONE ? null : iv,
          quotedAtMs: epochMs(atMs - ageMs),
          source,
        },
      ];
    }),
  );
}

const priceOf = (row: number): Paise | null => (row === NONE ? null : paise(row));
