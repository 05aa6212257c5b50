// What an account holds, with the market it is held in: the account object's state, and spots, volatility and prices from the feeds.
// A feed that does not answer leaves its part unknown; it never makes the answer fail.
import type { PriceView } from "../core/account/command.ts";
import type { AccountState } from "../core/account/state.ts";
import { UNDERLYINGS, type Underlying } from "../core/instrument/contract.ts";
import { type Paise, paise } from "../core/kernel/money.ts";
import { type EpochMs, epochMs, istDateOf } from "../core/kernel/time.ts";
import { marginOf } from "../core/margin/margin-of.ts";
import type { Position } from "../core/position/position.ts";
import type { BookMarket } from "../core/risk-analytics/modelled-book.ts";
import type { RiskHolding } from "../core/risk-analytics/risk-after.ts";
import type { AppEnv } from "../env.ts";
import type { FeedView } from "../ports/objects.ts";

export interface AccountBook {
  readonly state: AccountState;
  readonly market: BookMarket;
  readonly views: readonly FeedView[];
  readonly held: readonly RiskHolding[];
}

/** Null before the account is opened. */
export async function accountBook(env: AppEnv, accountId: string): Promise<AccountBook | null> {
  const [state, views] = await Promise.all([env.ACCOUNT.getByName(accountId).state(), feedViews(env)]);
  if (state.profile === null) return null;
  const market = marketOf(state.lastEventMs, views, await heldPrices(env, state));
  const held = Object.values(state.openTrades).map(({ position }) => ({
    contract: position.contract,
    netUnits: position.netUnits,
    atRiskPaise: atRiskPaise(position, market),
  }));
  return { state, market, views, held };
}

export const feedViews = async (env: AppEnv): Promise<readonly FeedView[]> =>
  (
    await Promise.all(
      UNDERLYINGS.map((underlying) =>
        env.MARKET_FEED.getByName(underlying)
          .view({ quotes: "NONE" })
          .catch(() => null),
      ),
    )
  ).filter((view) => view !== null);

async function heldPrices(env: AppEnv, { openTrades }: AccountState): Promise<readonly PriceView[]> {
  const contracts = Object.values(openTrades).map(({ position }) => position.contract);
  const asked = [...Map.groupBy(contracts, ({ underlying }) => underlying)];
  const answers = await Promise.all(
    asked.map(([underlying, group]) =>
      env.MARKET_FEED.getByName(underlying)
        .prices(group.map(({ instrumentId }) => instrumentId))
        .catch(() => [] as readonly PriceView[]),
    ),
  );
  return answers.flat();
}

/** The market's instant is the latest anybody knows of. */
export function marketOf(lastEventMs: EpochMs, views: readonly FeedView[], prices: readonly PriceView[]): BookMarket {
  const spots: Partial<Record<Underlying, Paise | null>> = {};
  for (const { underlying, spotPaise } of views) spots[underlying] = spotPaise;
  return {
    atMs: epochMs(Math.max(lastEventMs, ...views.map(({ atMs }) => atMs))),
    spots,
    prices,
    vixCenti: views.find(({ vixCenti }) => vixCenti !== null)?.vixCenti ?? null,
  };
}

/** What may be lost: the cost of a long, the margin of a short taken by itself. */
function atRiskPaise({ contract, netUnits, costPaise }: Position, { atMs, spots, prices }: BookMarket): Paise {
  const costHere = paise(Math.abs(costPaise));
  const spotPaise = spots[contract.underlying] ?? null;
  if (netUnits > 0 || spotPaise === null) return costHere;
  const price = prices.find(({ instrumentId }) => instrumentId === contract.instrumentId);
  const pricePaise = price?.askPaise ?? price?.lastPaise ?? paise(Math.floor(costHere / Math.abs(netUnits)));
  const leg = { contract, netUnits, pricePaise, ivBps: price?.ivBps ?? null };
  return marginOf([leg], { spotPaise, atMs, date: istDateOf(atMs) }).totalPaise;
}
