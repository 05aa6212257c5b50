// What a window tells strategies about the indices that any of them trades: made once for all accounts, and nothing at all while
// no strategy is deployed.
import { deployedUnderlyings } from "../adapters/read-models/strategies.ts";
import { paise } from "../core/kernel/money.ts";
import type { EpochMs, MarketDate } from "../core/kernel/time.ts";
import { recordedStaleAfterMs } from "../core/market-feed/feed-terms.ts";
import { chainFigures } from "../core/prediction/features/chain-figures.ts";
import type { HistoryFigures } from "../core/prediction/features/history-figures.ts";
import type { MarketHours } from "../core/session/cycle.ts";
import { figureRowOf } from "../core/strategy/definition/figures.ts";
import { type MarketView, marketViewOf } from "../core/strategy/definition/market-view.ts";
import type { AppEnv } from "../env.ts";
import type { FeedView } from "../ports/objects.ts";
import { feedViews } from "./feeds.ts";
import { marketHoursOf } from "./market-hours.ts";
import { historyBefore } from "./predict.ts";

export async function strategyMarkets(env: AppEnv, date: MarketDate, atMs: EpochMs): Promise<readonly MarketView[]> {
  const wanted = await deployedUnderlyings(env.DB);
  if (wanted.size === 0) return [];
  const [hours, views, historyOf] = await Promise.all([
    marketHoursOf(env, date),
    feedViews(env, "ALL"),
    historyBefore(env.DB, date),
  ]);
  const markets = views
    .filter(({ underlying }) => wanted.has(underlying))
    .map((view) => marketOf(env, view, hours, date, atMs, historyOf(view.underlying)));
  return (await Promise.all(markets)).filter((market) => market !== null);
}

async function marketOf(
  env: AppEnv,
  { underlying, spotPaise, vixCenti, bars, quotes, coverage }: FeedView,
  { openMs, closeMs }: MarketHours,
  date: MarketDate,
  atMs: EpochMs,
  history: HistoryFigures,
): Promise<MarketView | null> {
  if (spotPaise === null) return null;
  const reading = chainFigures(quotes, date, atMs);
  const figures = figureRowOf({
    underlying,
    date,
    openMs,
    barsEndMs: closeMs,
    atMs,
    bars,
    chain: reading === null ? [] : [reading],
    vixCenti,
    community: null,
    history,
  });
  const atrPoints = figures.now[figures.names.indexOf("bar.atr14")] ?? null;
  const view = marketViewOf({
    underlying,
    date,
    atMs,
    closeMs,
    spotPaise,
    vixCenti,
    atrPaise: atrPoints === null ? null : paise(Math.round(atrPoints * 100)),
    figures,
    signal: null,
    quotes,
    staleAfterMs: recordedStaleAfterMs(coverage),
  });
  // What the feed says about itself is the same for each of its contracts.
  const [one] = quotes;
  const [price] = one === undefined ? [] : await env.MARKET_FEED.getByName(underlying).prices([one.instrumentId]);
  if (price?.halt === undefined && price?.silence === undefined) return view;
  const { halt, silence } = price;
  return { ...view, gate: { ...(halt === undefined ? {} : { halt }), ...(silence === undefined ? {} : { silence }) } };
}
