// What jobs ask the market feeds.
import type { PriceView } from "../core/account/command.ts";
import { type InstrumentId, UNDERLYINGS, type Underlying } from "../core/instrument/contract.ts";
import type { AppEnv } from "../env.ts";
import type { FeedView } from "../ports/objects.ts";

/** The feeds' views in the fixed order of the underlyings; those without a session are left out. */
export async function feedViews(env: AppEnv, quotes: "ALL" | "NONE"): Promise<readonly FeedView[]> {
  const views = await Promise.all(
    UNDERLYINGS.map((underlying) => env.MARKET_FEED.getByName(underlying).view({ quotes })),
  );
  return views.filter((view) => view.coverage !== null && view.coverage.chain !== "NONE");
}

/** India VIX × 100 as the feeds know it; null when none does. */
export const vixOf = (views: readonly FeedView[]): number | null =>
  views.find((view) => view.vixCenti !== null)?.vixCenti ?? null;

/** Current prices of contracts. What a feed does not quote is absent. */
export async function pricesOf(
  env: AppEnv,
  wanted: readonly { readonly underlying: Underlying; readonly instrumentId: InstrumentId }[],
): Promise<readonly PriceView[]> {
  const byUnderlying = Map.groupBy(wanted, ({ underlying }) => underlying);
  const prices = await Promise.all(
    [...byUnderlying].map(([underlying, contracts]) =>
      env.MARKET_FEED.getByName(underlying).prices(contracts.map(({ instrumentId }) => instrumentId)),
    ),
  );
  return prices.flat();
}
