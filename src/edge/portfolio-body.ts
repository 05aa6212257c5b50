// A portfolio as the API shows it: positions with their lots, what was realised lot by lot, and what it is worth now.
import * as z from "zod";
import type { Executions } from "../adapters/read-models/executions.ts";
import { type Paise, paise, subtractPaise, ZERO_PAISE } from "../core/kernel/money.ts";
import type { AccountPortfolio } from "../core/portfolio/clubbed.ts";
import { portfolioValue } from "../core/portfolio/portfolio-value.ts";
import { type ClosedLot, lotCostPaise, lotUnrealisedPaise, type TaxLot, taxLots } from "../core/portfolio/tax-lots.ts";
import { averagePricePaise, type Position } from "../core/position/position.ts";
import { equityPaise } from "../core/risk/exposure.ts";
import type { AccountBook } from "./account-book.ts";
import { Instant, instant, MarketDateOut, Rupees, rupees, rupeesOrNull } from "./schemas.ts";

const LotBody = z
  .object({
    executionId: z.string(),
    openedAt: Instant,
    units: z.number().int().openapi({ description: "What is left of it; negative for a short." }),
    price: Rupees,
    cost: Rupees,
    charges: Rupees,
    unrealised: Rupees.nullable(),
  })
  .openapi("TaxLot");

export const ClosedLotBody = z
  .object({
    instrumentId: z.string(),
    underlying: z.string(),
    direction: z.enum(["LONG", "SHORT"]),
    units: z.number().int(),
    openedAt: Instant,
    openedAtPrice: Rupees,
    closedAt: Instant,
    closedAtPrice: Rupees,
    realised: Rupees,
    charges: Rupees,
    strategy: z.string(),
    exitReason: z.string().nullable(),
  })
  .openapi("ClosedLot");

const HoldingBody = z
  .object({
    instrumentId: z.string(),
    underlying: z.string(),
    netUnits: z.number().int(),
    averagePrice: Rupees,
    cost: Rupees,
    exitPrice: Rupees.nullable().openapi({ description: "Bid of a long, ask of a short; the last price stands in." }),
    marketValue: Rupees.nullable(),
    unrealised: Rupees.nullable(),
    openedAt: Instant,
    lots: z.array(LotBody),
  })
  .openapi("Holding");

export const PortfolioBody = z
  .object({
    accountId: z.string(),
    at: Instant,
    date: MarketDateOut.nullable(),
    cash: Rupees,
    equity: Rupees.openapi({ description: "Own money in the trading account, with what is open at its cost." }),
    realised: Rupees,
    charges: Rupees.openapi({ description: "As accrued; the contract note decides in the end." }),
    unrealised: Rupees,
    net: Rupees.openapi({ description: "Realised and unrealised after charges." }),
    realisedByLots: Rupees.openapi({ description: "First in, first out; equals `realised` once everything is flat." }),
    lotsComplete: z.boolean().openapi({
      description: "False while the read model of executions has not caught up with the account.",
    }),
    unpriced: z.array(z.string()).openapi({ description: "Held without a price; counted at cost." }),
    positions: z.array(HoldingBody),
    closedLots: z.array(ClosedLotBody),
  })
  .openapi("Portfolio");

export interface PricedPosition {
  readonly position: Position;
  readonly exitPaise: Paise | null;
}

/** The exit side of everything held. */
export const pricedPositions = ({ state, market }: AccountBook): readonly PricedPosition[] =>
  Object.values(state.openTrades).map(({ position }) => {
    const price = market.prices.find(({ instrumentId }) => instrumentId === position.contract.instrumentId);
    const side = position.netUnits > 0 ? price?.bidPaise : price?.askPaise;
    return { position, exitPaise: side ?? price?.lastPaise ?? null };
  });

export function portfolioBody(
  found: AccountBook,
  accountId: string,
  { executions, complete }: Executions,
): z.infer<typeof PortfolioBody> {
  const { state, market } = found;
  const priced = pricedPositions(found);
  const lots = taxLots(executions);
  const summary = summaryOf(found, accountId, priced);
  const openUnits = new Map<string, number>();
  for (const { opened, units } of lots.open) {
    openUnits.set(opened.instrumentId, (openUnits.get(opened.instrumentId) ?? 0) + units);
  }
  return {
    accountId,
    at: instant(market.atMs),
    date: state.day?.date ?? null,
    cash: rupees(state.cashPaise),
    equity: rupees(equityPaise(state)),
    realised: rupees(summary.realisedPaise),
    charges: rupees(summary.chargesPaise),
    unrealised: rupees(summary.unrealisedPaise),
    net: rupees(subtractPaise(paise(summary.realisedPaise + summary.unrealisedPaise), summary.chargesPaise)),
    realisedByLots: rupees(lots.closed.reduce((sum, { realisedPaise }) => sum + realisedPaise, 0)),
    lotsComplete:
      complete &&
      openUnits.size === priced.length &&
      priced.every(({ position }) => openUnits.get(position.contract.instrumentId) === position.netUnits),
    unpriced: summary.positions
      .filter(({ unrealisedPaise }) => unrealisedPaise === null)
      .map(({ instrumentId }) => instrumentId),
    positions: priced.map((one) => holdingBody(one, lots.open)),
    closedLots: lots.closed.map(closedLotBody),
  };
}

/** What the clubbed view takes of an account. */
export function summaryOf(
  { state }: AccountBook,
  accountId: string,
  priced: readonly PricedPosition[],
): AccountPortfolio {
  const exits = new Map(priced.map(({ position, exitPaise }) => [String(position.contract.instrumentId), exitPaise]));
  const positions = priced.map(({ position, exitPaise }) => ({
    instrumentId: position.contract.instrumentId,
    underlying: position.contract.underlying,
    netUnits: position.netUnits,
    costPaise: position.costPaise,
    unrealisedPaise:
      exitPaise === null ? null : subtractPaise(paise(exitPaise * position.netUnits), position.costPaise),
  }));
  return {
    accountId,
    capitalPaise: state.profile?.capitalPaise ?? ZERO_PAISE,
    cashPaise: state.cashPaise,
    realisedPaise: state.day?.realisedPaise ?? ZERO_PAISE,
    chargesPaise: state.day?.accruedChargesPaise ?? ZERO_PAISE,
    unrealisedPaise: portfolioValue(positions, (instrumentId) => exits.get(instrumentId) ?? null).unrealisedPaise,
    positions,
  };
}

function holdingBody({ position, exitPaise }: PricedPosition, lots: readonly TaxLot[]): z.infer<typeof HoldingBody> {
  const { contract, netUnits, costPaise } = position;
  const value = exitPaise === null ? null : paise(exitPaise * netUnits);
  return {
    instrumentId: contract.instrumentId,
    underlying: contract.underlying,
    netUnits,
    averagePrice: rupees(averagePricePaise(position)),
    cost: rupees(costPaise),
    exitPrice: rupeesOrNull(exitPaise),
    marketValue: rupeesOrNull(value),
    unrealised: value === null ? null : rupees(subtractPaise(value, costPaise)),
    openedAt: instant(position.openedAtMs),
    lots: lots
      .filter(({ opened }) => opened.instrumentId === contract.instrumentId)
      .map((lot) => ({
        executionId: lot.opened.executionId,
        openedAt: instant(lot.opened.atMs),
        units: lot.units,
        price: rupees(lot.opened.pricePaise),
        cost: rupees(lotCostPaise(lot)),
        charges: rupees(lot.chargesPaise),
        unrealised: rupeesOrNull(lotUnrealisedPaise(lot, exitPaise)),
      })),
  };
}

const closedLotBody = ({
  opened,
  closed,
  direction,
  units,
  realisedPaise,
  chargesPaise,
}: ClosedLot): z.infer<typeof ClosedLotBody> => ({
  instrumentId: opened.instrumentId,
  underlying: opened.underlying,
  direction,
  units,
  openedAt: instant(opened.atMs),
  openedAtPrice: rupees(opened.pricePaise),
  closedAt: instant(closed.atMs),
  closedAtPrice: rupees(closed.pricePaise),
  realised: rupees(realisedPaise),
  charges: rupees(chargesPaise),
  strategy: opened.strategy,
  exitReason: closed.exitReason,
});
