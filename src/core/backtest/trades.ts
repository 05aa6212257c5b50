// What a day's orders come to as trades: a single contract from flat to flat, or all legs of a list together, with the charges
// that accrued on its fills.
import type { AccountEvent } from "../account/event.ts";
import { findList } from "../account/lists.ts";
import type { AccountState } from "../account/state.ts";
import { instancesOf } from "../account/strategies.ts";
import type { Underlying } from "../instrument/contract.ts";
import { required } from "../kernel/assert.ts";
import { type Paise, paise, sumPaise } from "../kernel/money.ts";
import type { EpochMs, MarketDate } from "../kernel/time.ts";
import type { ClientOrderId, ExitReason, Order } from "../order/order.ts";
import type { Structure } from "../order-list/order-list.ts";
import type { Signal } from "../prediction/signal.ts";
import { roundTripsOf } from "../reporting/closed-trades.ts";
import { entersOnViews } from "../strategy/definition/asks-views.ts";
import { definitionOf } from "../strategy/definition/text.ts";

export interface BacktestTrade {
  readonly date: MarketDate;
  readonly underlying: Underlying;
  /** A contract's symbol, or the structure's name and its list. */
  readonly name: string;
  readonly structure: Structure | null;
  /** LONG and SHORT by the first order; a list is what its structure is. */
  readonly direction: "LONG" | "SHORT";
  readonly units: number;
  readonly openedAtMs: EpochMs;
  readonly closedAtMs: EpochMs;
  readonly boughtPaise: Paise;
  readonly soldPaise: Paise;
  /** Sold less bought. */
  readonly realisedPaise: Paise;
  /** As accrued by its fills; the day's contract note rounds once. */
  readonly chargesPaise: Paise;
  readonly netPaise: Paise;
  readonly exitReason: ExitReason | null;
  readonly signalId: string | null;
  /** Of the view it was entered on × 10,000, by the platform or by a strategy that asks for one; null where none stands behind it. */
  readonly confidenceBps: number | null;
  /** India VIX × 100 when it was entered, as the account knew it. */
  readonly vixCenti: number | null;
  readonly fills: number;
  /** Of them, at a side that no recording has. */
  readonly modelledFills: number;
}

interface OrderFigures {
  chargesPaise: number;
  fills: number;
  modelledFills: number;
  vixCenti: number | null;
}

/** Gathers what orders alone do not tell, while the day runs. */
export class TradeWatch {
  #orders = new Map<ClientOrderId, OrderFigures>();

  observe(event: AccountEvent, before: AccountState): void {
    if (event.type !== "ORDER_FILLED") return;
    const known = this.#orders.get(event.clientOrderId);
    const figures = known ?? { chargesPaise: 0, fills: 0, modelledFills: 0, vixCenti: before.day?.vixCenti ?? null };
    if (known === undefined) this.#orders.set(event.clientOrderId, figures);
    figures.chargesPaise += event.accruedChargesPaise;
    figures.fills += 1;
    if (event.fill.modelled) figures.modelledFills += 1;
  }

  /** The day's trades in the order in which they were closed. Call it once, at the end of the day. */
  tradesOf(state: AccountState, signals: readonly Signal[]): readonly BacktestTrade[] {
    const { date } = required(state.day, "a day");
    const orders = [...Object.values(state.orders), ...(state.finishedOrders ?? []).flat()];
    const listOf = ({ listId }: Order): ClientOrderId | null => {
      const list = listId === undefined ? undefined : findList(state, listId);
      return list === undefined || list.kind === "SLICED" ? null : list.listId;
    };
    const confidences = new Map(signals.map(({ signalId, confidenceBps }) => [signalId, confidenceBps]));
    const onViews = new Set(
      instancesOf(state).flatMap((instance) => (entersOnViews(definitionOf(instance)) ? [instance.instanceId] : [])),
    );
    const confidenceOf = ({ signalId, strategyId, cycleId, contract }: Order): number | null => {
      const ofStrategy = strategyId !== undefined && onViews.has(strategyId) && cycleId !== null;
      const viewId = ofStrategy ? `${cycleId}/${contract.underlying}` : signalId;
      return viewId === null ? null : (confidences.get(viewId) ?? null);
    };
    const trades = [...Map.groupBy(orders, listOf)].flatMap(([listId, group]) => {
      const trips = roundTripsOf(group);
      if (trips.length === 0) return [];
      if (listId === null) return trips.map((trip) => this.#tradeOf(trip, date, confidenceOf));
      const structure = findList(state, listId)?.structure ?? null;
      const trade = this.#tradeOf(inTime(trips.flat()), date, confidenceOf);
      return [{ ...trade, name: `${structure ?? "LIST"} ${listId}`, structure }];
    });
    this.#orders = new Map();
    return trades.sort((a, b) => a.closedAtMs - b.closedAtMs || (a.name < b.name ? -1 : 1));
  }

  #tradeOf(orders: readonly Order[], date: MarketDate, confidenceOf: (order: Order) => number | null): BacktestTrade {
    const first = required(orders[0], "an order of the trade");
    const last = required(orders.at(-1), "an order of the trade");
    const of = (side: Order["side"]): readonly Order[] => orders.filter((order) => order.side === side);
    const boughtPaise = sumPaise(of("BUY"), ({ filledValuePaise }) => filledValuePaise);
    const soldPaise = sumPaise(of("SELL"), ({ filledValuePaise }) => filledValuePaise);
    const figures = orders.map(({ clientOrderId }) => this.#orders.get(clientOrderId));
    const sum = (figure: "chargesPaise" | "fills" | "modelledFills"): number =>
      figures.reduce((total, each) => total + (each?.[figure] ?? 0), 0);
    const realisedPaise = paise(soldPaise - boughtPaise);
    const chargesPaise = paise(sum("chargesPaise"));
    return {
      date,
      underlying: first.contract.underlying,
      name: first.contract.instrumentId,
      structure: null,
      direction: first.side === "BUY" ? "LONG" : "SHORT",
      units: of("BUY").reduce((total, { filledUnits }) => total + filledUnits, 0),
      openedAtMs: first.createdAtMs,
      closedAtMs: last.updatedAtMs,
      boughtPaise,
      soldPaise,
      realisedPaise,
      chargesPaise,
      netPaise: paise(realisedPaise - chargesPaise),
      exitReason: last.exitReason,
      signalId: first.signalId,
      confidenceBps: confidenceOf(first),
      vixCenti: figures[0]?.vixCenti ?? null,
      fills: sum("fills"),
      modelledFills: sum("modelledFills"),
    };
  }
}

const inTime = (orders: readonly Order[]): readonly Order[] =>
  [...orders].sort((a, b) => a.createdAtMs - b.createdAtMs || (a.clientOrderId < b.clientOrderId ? -1 : 1));
