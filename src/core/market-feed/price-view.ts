// A contract's prices as accounts are told them. Bid and ask are what one could deal at here, so a side the source does not
// have is the modelled one.
import type { PriceView, VenueReport } from "../account/command.ts";
import type { InstrumentId } from "../instrument/contract.ts";
import type { EpochMs } from "../kernel/time.ts";
import { type FeedTerms, staleAfterMsOf } from "./feed-terms.ts";
import type { QuoteBoard } from "./quote-board.ts";
import type { RegisteredTrigger } from "./trigger-book.ts";

/** What one account is told at one instant. */
export interface Delivery {
  readonly accountId: string;
  readonly reports: readonly VenueReport[];
  readonly fired: readonly { readonly triggerId: string; readonly price: PriceView }[];
}

/** As of the instant at which it came about. */
export interface TimedDelivery extends Delivery {
  readonly atMs: EpochMs;
}

interface Market {
  readonly board: Pick<QuoteBoard, "quote" | "touch" | "ivBps" | "spotPaise"> &
    // A board that keeps no history says nothing of the quotes before.
    Partial<Pick<QuoteBoard, "history">>;
  readonly feed: FeedTerms & { readonly playedMs: EpochMs };
}

/** Null for what has never been quoted or cannot be traded. */
export function priceViewOf(market: Market, instrumentId: InstrumentId): PriceView | null {
  const { board, feed } = market;
  const quote = board.quote(instrumentId);
  const touch = board.touch(instrumentId);
  if (quote === null || touch === null) return null;
  return {
    instrumentId,
    bidPaise: touch.bid?.pricePaise ?? null,
    askPaise: touch.ask?.pricePaise ?? null,
    lastPaise: quote.lastPaise,
    quotedAtMs: quote.quotedAtMs,
    staleAfterMs: staleAfterMsOf(feed, quote),
    spotPaise: board.spotPaise,
    ivBps: board.ivBps(instrumentId),
    ...historyOf(market, instrumentId),
  };
}

function historyOf(
  { board, feed }: Market,
  instrumentId: InstrumentId,
): Pick<PriceView, "steady" | "still" | "bidDoubtedMs" | "askDoubtedMs"> {
  const history = board.history?.(instrumentId);
  if (history === undefined) return {};
  const { steady, still, bidDoubt, askDoubt } = history;
  return {
    steady,
    still,
    ...(bidDoubt === null ? {} : { bidDoubtedMs: feed.playedMs - bidDoubt.sinceMs }),
    ...(askDoubt === null ? {} : { askDoubtedMs: feed.playedMs - askDoubt.sinceMs }),
  };
}

/** One delivery per account, in the order in which the accounts first appear. */
export function deliveriesOf(
  market: Market,
  reported: readonly { readonly accountId: string; readonly report: VenueReport }[],
  fired: readonly RegisteredTrigger[],
): Delivery[] {
  const byAccount = new Map<string, { reports: VenueReport[]; fired: { triggerId: string; price: PriceView }[] }>();
  const of = (accountId: string) => {
    const known = byAccount.get(accountId) ?? { reports: [], fired: [] };
    byAccount.set(accountId, known);
    return known;
  };
  for (const { accountId, report } of reported) of(accountId).reports.push(report);
  for (const { accountId, triggerId, instrumentId } of fired) {
    of(accountId).fired.push({ triggerId, price: priceViewOf(market, instrumentId) ?? unpriced(market, instrumentId) });
  }
  return [...byAccount].map(([accountId, delivery]) => ({ accountId, ...delivery }));
}

/** A timer fires whether its contract has a price or not. */
const unpriced = ({ board, feed }: Market, instrumentId: InstrumentId): PriceView => ({
  instrumentId,
  bidPaise: null,
  askPaise: null,
  lastPaise: null,
  quotedAtMs: feed.playedMs,
  staleAfterMs: 0,
  spotPaise: board.spotPaise,
  ivBps: null,
});

/** Of one account: reports of several instants with nothing fired in between travel together; each says its own time. */
export function bundled<Part extends TimedDelivery>(
  lane: readonly Part[],
): readonly { readonly delivery: TimedDelivery; readonly parts: readonly Part[] }[] {
  const bundles: { delivery: TimedDelivery; parts: Part[] }[] = [];
  for (const part of lane) {
    const { accountId, atMs, fired } = part;
    const last = bundles.at(-1);
    if (last === undefined || last.delivery.fired.length > 0) {
      bundles.push({ delivery: { accountId, atMs, reports: part.reports, fired }, parts: [part] });
    } else {
      last.delivery = { accountId, atMs, reports: [...last.delivery.reports, ...part.reports], fired };
      last.parts.push(part);
    }
  }
  return bundles;
}
