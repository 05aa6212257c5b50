// Quote frames and the market view of the API, into the model.
import { paiseOf } from "../money.ts";
import { type MarketModel, markets, type PriceModel, prices, type Underlying } from "./model.ts";

interface WireQuote {
  readonly instrumentId: string;
  readonly last: string | null;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly quotedAt: string;
}

interface WireBar {
  readonly start: string;
  readonly close: string;
}

interface WireFrame {
  readonly type?: string;
  readonly at?: string | null;
  readonly spot?: string | null;
  readonly quotes?: readonly WireQuote[];
  readonly bars?: readonly WireBar[];
  readonly bar?: WireBar | null;
}

interface WireView {
  readonly coverage?: { readonly chain?: string; readonly previousClose?: string | null } | null;
}

const NOTHING_YET: MarketModel = { spotPaise: null, previousClosePaise: null, atMs: null, coverage: "", closes: [] };
const lastBarStart = new Map<Underlying, string>();

const update = (underlying: Underlying, change: Partial<MarketModel>): void => {
  markets.value = { ...markets.value, [underlying]: { ...NOTHING_YET, ...markets.value[underlying], ...change } };
};

/** GET /v1/market/{underlying}: what the stream does not repeat. */
export function takeMarketView(underlying: Underlying, answer: unknown): void {
  const view = answer as WireView;
  update(underlying, {
    coverage: view.coverage?.chain ?? "",
    previousClosePaise: paiseOf(view.coverage?.previousClose),
  });
}

export function takeMarketFrame(underlying: Underlying, message: unknown): void {
  const frame = message as WireFrame;
  if (frame.type !== "snapshot" && frame.type !== "tick") return;
  takeQuotes(frame.quotes ?? []);
  update(underlying, {
    spotPaise: paiseOf(frame.spot),
    atMs: frame.at ? Date.parse(frame.at) : null,
    closes: closesAfter(underlying, frame),
  });
}

function takeQuotes(quotes: readonly WireQuote[]): void {
  if (quotes.length === 0) return;
  const held = new Map<string, PriceModel>(prices.value);
  for (const quote of quotes)
    held.set(quote.instrumentId, {
      bidPaise: paiseOf(quote.bid),
      askPaise: paiseOf(quote.ask),
      lastPaise: paiseOf(quote.last),
      quotedAtMs: Date.parse(quote.quotedAt),
    });
  prices.value = held;
}

/** A snapshot brings all bars; a tick moves the running one or begins the next. */
function closesAfter(underlying: Underlying, frame: WireFrame): readonly number[] {
  const closes = markets.value[underlying]?.closes ?? [];
  if (frame.type === "snapshot") {
    const bars = frame.bars ?? [];
    lastBarStart.set(underlying, bars.at(-1)?.start ?? "");
    return bars.flatMap((bar) => paiseOf(bar.close) ?? []);
  }
  const close = paiseOf(frame.bar?.close);
  if (!frame.bar || close === null) return closes;
  const sameBar = lastBarStart.get(underlying) === frame.bar.start;
  lastBarStart.set(underlying, frame.bar.start);
  return sameBar ? [...closes.slice(0, -1), close] : [...closes, close];
}
