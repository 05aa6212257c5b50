// What an account holds, with the market it is held in: the account object's state, and spots, volatility and prices from the feeds.
// A feed that does not answer leaves its part unknown; it never makes the answer fail.
import type { PriceView } from "../core/account/command.ts";
import type { AccountState } from "../core/account/state.ts";
import { UNDERLYINGS, type Underlying } from "../core/instrument/contract.ts";
import { allocateLastTakesRemainder, type Paise, paise } from "../core/kernel/money.ts";
import { type EpochMs, epochMs, istDateOf } from "../core/kernel/time.ts";
import { heldMarginPaise, marginOf } from "../core/margin/margin-of.ts";
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
  const positions = Object.values(state.openTrades).map(({ position }) => position);
  const held = riskHoldings(positions, market);
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

/**
 * What may be lost: the cost of a long; for the shorts of an index what margin stays blocked for all its positions together, so
 * that a protected short counts with its protection.
 */
function riskHoldings(positions: readonly Position[], market: BookMarket): RiskHolding[] {
  return [...Map.groupBy(positions, ({ contract }) => contract.underlying)].flatMap(([underlying, group]) => {
    const shorts = group.filter(({ netUnits }) => netUnits < 0);
    const blocked = shorts.length === 0 ? [] : blockedPaise(group, shorts, underlying, market);
    return group.map((position) => ({
      contract: position.contract,
      netUnits: position.netUnits,
      atRiskPaise: blocked[shorts.indexOf(position)] ?? costOf(position),
    }));
  });
}

const costOf = ({ costPaise }: Position): Paise => paise(Math.abs(costPaise));

/** One share a short, by units. Nothing without the index: then each counts at what it brought in. */
function blockedPaise(
  group: readonly Position[],
  shorts: readonly Position[],
  underlying: Underlying,
  { atMs, spots, prices }: BookMarket,
): readonly Paise[] {
  const spotPaise = spots[underlying] ?? null;
  if (spotPaise === null) return [];
  const legs = group.map((position) => {
    const { contract, netUnits } = position;
    const price = prices.find(({ instrumentId }) => instrumentId === contract.instrumentId);
    const exitPaise = (netUnits > 0 ? price?.bidPaise : price?.askPaise) ?? price?.lastPaise;
    const pricePaise = exitPaise ?? paise(Math.floor(costOf(position) / Math.abs(netUnits)));
    return { contract, netUnits, pricePaise, ivBps: price?.ivBps ?? null };
  });
  const requirement = marginOf(legs, { spotPaise, atMs, date: istDateOf(atMs) });
  return allocateLastTakesRemainder(
    heldMarginPaise(requirement),
    shorts.map(({ netUnits }) => -netUnits),
  );
}
