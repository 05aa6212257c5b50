// A second bookkeeper beside the account, who knows nothing of its state: from the events alone it counts what has been sent
// and dealt, and holds every entry that leaves to each limit by arithmetic of its own. Quantities, never status words.
import type { PriceView } from "../../src/core/account/command.ts";
import type { AccountEvent } from "../../src/core/account/event.ts";
import type { AccountLimits, LimitOverrides } from "../../src/core/account/profile.ts";
import type { OptionContract, Underlying } from "../../src/core/instrument/contract.ts";
import type { OrderTerms, ReplaceableTerms } from "../../src/core/order/order.ts";

interface Sent {
  readonly terms: OrderTerms;
  now: ReplaceableTerms;
  wanted: ReplaceableTerms | null;
  filled: number;
  /** What it had dealt by its end; null while it may still deal. */
  endedAt: number | null;
}

interface Held {
  readonly contract: OptionContract;
  units: number;
  /** Signed, by average cost. */
  cost: number;
  margin: number;
  key: string;
}

export interface OracleAccount {
  readonly limits: AccountLimits;
  readonly overrides: LimitOverrides;
  readonly capital: number;
}

/** A REGULAR account's own figures as the rules give them. */
const REGULAR = { leverage: 3, orderValue: 1_00_000_00, tradesPerDay: 216 };
const PLATFORM = { lotsPerUnderlying: 1_250, lotsPerOrder: 250, exposure: 50_00_000_00 };
/** Averages of several fills are floored by the account; this much of a paisa-wise difference is no breach. */
const ROUNDING = 100;

export class LimitOracle {
  account: OracleAccount;
  vixTrades = 0;
  capacity = 0;
  isHalted = false;
  isVerified = true;
  banned: readonly string[] = [];
  readonly breaches: string[] = [];
  readonly bound = new Set<string>();
  readonly #orders = new Map<string, Sent>();
  readonly #held = new Map<string, Held>();
  readonly #trades = new Map<string, { readonly underlying: Underlying; readonly cycleId: string | null }>();
  readonly #releases: { readonly exchange: string; readonly at: number }[] = [];
  #realised = 0;
  #charges = 0;

  constructor(account: OracleAccount) {
    this.account = account;
  }

  /** VIX in hundredths and the mean confidence; both null when not known (VIX-03, in the rules' own figures). */
  window(vixCenti: number | null, meanConfidenceBps: number | null): void {
    const vix = vixCenti === null ? 99 : vixCenti / 100;
    const guideline = vix < 15 ? 180 : vix < 20 ? 135 : 90;
    const exceeds = meanConfidenceBps !== null && meanConfidenceBps > 8_000 && vixCenti !== null;
    const reduces = meanConfidenceBps !== null && meanConfidenceBps < 5_000;
    this.vixTrades = Math.floor((guideline * (exceeds ? 12 : reduces ? 7 : 10)) / 10);
    this.capacity = vix < 15 ? 1 : vix < 20 ? 0.75 : 0.5;
  }

  take(event: AccountEvent, views: readonly PriceView[]): void {
    if (event.type === "ORDER_SUBMITTED") this.#submitted(event.terms, event.atMs, views);
    else if (event.type === "REPLACE_REQUESTED") this.#replacing(event.clientOrderId, event.replace, event.atMs);
    else if (event.type === "ORDER_REPLACED") {
      this.#update(event.clientOrderId, (order) => Object.assign(order, { now: event.terms, wanted: null }));
    } else if (event.type === "REPLACE_REJECTED") {
      this.#update(event.clientOrderId, (order) => Object.assign(order, { wanted: null }));
    } else if (event.type === "ORDER_FILLED") this.#filled(event);
    else if (event.type === "ORDER_REJECTED") {
      this.#update(event.clientOrderId, (order) => Object.assign(order, { endedAt: 0 }));
    } else if (event.type === "ORDER_CANCELED" || event.type === "ORDER_EXPIRED") {
      const { filledUnits } = event;
      this.#update(event.clientOrderId, (order) => Object.assign(order, { endedAt: filledUnits ?? order.filled }));
    }
  }

  /** No second of any exchange saw more than ten. */
  checkRate(): void {
    for (const exchange of ["NSE", "BSE"]) {
      const at = this.#releases.filter((one) => one.exchange === exchange).map((one) => one.at);
      at.sort((one, other) => one - other);
      at.forEach((instant, index) => {
        const eleventh = at[index + 10];
        if (eleventh !== undefined && eleventh - instant < 1_000)
          this.breaches.push(`${exchange}: 11 orders in a second`);
      });
    }
  }

  #update(clientOrderId: string, change: (order: Sent) => unknown): void {
    const order = this.#orders.get(clientOrderId);
    if (order !== undefined) change(order);
  }

  #submitted(terms: OrderTerms, atMs: number, views: readonly PriceView[]): void {
    this.#releases.push({ exchange: terms.contract.exchange, at: terms.releaseAtMs ?? atMs });
    const order = { terms, now: terms, wanted: null, filled: 0, endedAt: null };
    if (terms.purpose === "ENTRY") {
      const key = terms.listId ?? terms.clientOrderId;
      const isNew = !this.#isTrade(key);
      const openBefore = this.#open();
      this.#orders.set(terms.clientOrderId, order);
      this.#trades.set(key, { underlying: terms.contract.underlying, cycleId: terms.cycleId });
      this.#mayOpen(terms, views);
      if (isNew) this.#counts(terms, openBefore);
      this.#amounts(terms, terms.quantityUnits * terms.limitPricePaise);
    } else this.#orders.set(terms.clientOrderId, order);
  }

  #replacing(clientOrderId: string, replace: ReplaceableTerms & { readonly releaseAtMs?: number }, atMs: number): void {
    const order = this.#orders.get(clientOrderId);
    if (order === undefined) throw new Error(`${clientOrderId} was never sent`);
    order.wanted = replace;
    this.#releases.push({ exchange: order.terms.contract.exchange, at: replace.releaseAtMs ?? atMs });
    if (order.terms.purpose === "EXIT") return;
    const { contract } = order.terms;
    this.#amounts(
      { contract, quantityUnits: replace.quantityUnits },
      (replace.quantityUnits - order.filled) * replace.limitPricePaise,
    );
  }

  #filled({
    clientOrderId,
    fill,
    accruedChargesPaise,
  }: Extract<AccountEvent, { readonly type: "ORDER_FILLED" }>): void {
    const order = this.#orders.get(clientOrderId);
    if (order === undefined) throw new Error(`${clientOrderId} was never sent`);
    order.filled += fill.units;
    this.#charges += accruedChargesPaise;
    const { contract, side, marginPaise, quantityUnits, purpose, listId } = order.terms;
    const signed = side === "BUY" ? fill.units : -fill.units;
    const held = this.#held.get(contract.instrumentId) ?? {
      contract,
      units: 0,
      cost: 0,
      margin: 0,
      key: listId ?? contract.instrumentId,
    };
    const closing = Math.sign(held.units) === -Math.sign(signed) ? Math.min(Math.abs(held.units), fill.units) : 0;
    if (closing > 0) {
      const share = closing / Math.abs(held.units);
      const costOut = held.cost * share;
      this.#realised += Math.sign(held.units) * closing * fill.pricePaise - costOut;
      held.cost -= costOut;
      held.margin -= held.margin * share;
    }
    const opening = fill.units - closing;
    held.cost += Math.sign(signed) * opening * fill.pricePaise;
    if (purpose === "ENTRY" && side === "SELL") held.margin += ((marginPaise ?? 0) * opening) / quantityUnits;
    held.units += signed;
    if (held.units === 0) this.#held.delete(contract.instrumentId);
    else this.#held.set(contract.instrumentId, held);
  }

  #left({ now, wanted, filled, endedAt }: Sent): number {
    if (endedAt !== null) return Math.max(0, endedAt - filled);
    return Math.max(0, Math.max(now.quantityUnits, wanted?.quantityUnits ?? 0) - filled);
  }

  #entries(): Sent[] {
    return [...this.#orders.values()].filter((one) => one.terms.purpose === "ENTRY" && this.#left(one) > 0);
  }

  /** What one entry under way can still take: the larger of its old and new terms. */
  #worth(one: Sent): number {
    const { terms, now, wanted } = one;
    if (terms.side === "SELL") return ((terms.marginPaise ?? 0) * this.#left(one)) / terms.quantityUnits;
    if (one.endedAt !== null) return this.#left(one) * now.limitPricePaise;
    const of = (each: ReplaceableTerms): number => Math.max(0, each.quantityUnits - one.filled) * each.limitPricePaise;
    return Math.max(of(now), wanted === null ? 0 : of(wanted));
  }

  /** It is a trade if any of it has dealt or still may. */
  #isTrade(key: string): boolean {
    return [...this.#orders.values()].some(
      (one) =>
        one.terms.purpose === "ENTRY" &&
        (one.terms.listId ?? one.terms.clientOrderId) === key &&
        (one.filled > 0 || this.#left(one) > 0),
    );
  }

  #open(): Set<string> {
    const keys = [...this.#held.values()].map(({ key }) => key);
    const coming = this.#entries().map(({ terms: { listId, side, contract } }) => {
      const held = this.#held.get(contract.instrumentId);
      // More of what is held is that trade's, as soon as it is on its way (decision 0046).
      const isMore = held !== undefined && (side === "BUY") === held.units > 0;
      return listId ?? (isMore ? held.key : contract.instrumentId);
    });
    return new Set([...keys, ...coming]);
  }

  #atMost(name: string, value: number, ...limits: readonly (number | undefined)[]): void {
    const limit = Math.min(...limits.map((one) => one ?? Number.POSITIVE_INFINITY));
    if (value > limit) this.breaches.push(`${name}: ${value} beyond ${limit}`);
    if (value > limit * 0.8) this.bound.add(name);
  }

  #mayOpen({ contract, origin }: OrderTerms, views: readonly PriceView[]): void {
    const { limits, overrides } = this.account;
    const refuse = (why: string): number => this.breaches.push(`${contract.instrumentId} by ${origin}: ${why}`);
    if (this.isHalted) refuse("the account is halted");
    if (!this.isVerified) refuse("KYC is not verified");
    if (this.banned.includes(contract.underlying)) refuse("it is banned");
    if (!limits.allowedUnderlyings.includes(contract.underlying)) refuse("its underlying is not allowed");
    const open = [...this.#held.values()].reduce((sum, { contract: { instrumentId }, units, cost }) => {
      const view = views.find((one) => one.instrumentId === instrumentId);
      return sum + units * ((units > 0 ? view?.bidPaise : view?.askPaise) ?? 0) - cost;
    }, 0);
    const loss = this.#charges - this.#realised - open;
    this.#atMost("daily loss", loss - ROUNDING, limits.dailyLossMaxPaise, overrides.dailyLossMaxPaise);
  }

  #counts({ contract, cycleId }: OrderTerms, openBefore: ReadonlySet<string>): void {
    const { limits, overrides } = this.account;
    const { underlying, instrumentId } = contract;
    const trades = [...this.#trades].filter(([key]) => this.#isTrade(key)).map(([, trade]) => trade);
    const ofIndex = trades.filter((trade) => trade.underlying === underlying);
    const ofCycle = ofIndex.filter((trade) => trade.cycleId === cycleId);
    this.#atMost(
      "trades of the day",
      trades.length,
      limits.tradesPerDayMax,
      overrides.tradesPerDayMax,
      REGULAR.tradesPerDay,
      this.vixTrades,
    );
    const perIndex = [limits, overrides].map((one) => one.tradesPerDayByUnderlying?.[underlying]);
    this.#atMost("trades of the index", ofIndex.length, ...perIndex);
    this.#atMost("trades of the cycle", ofCycle.length, limits.tradesPerCycleMax, overrides.tradesPerCycleMax);
    const adds = openBefore.has(instrumentId) || this.#held.has(instrumentId);
    if (!adds) this.#atMost("open trades", this.#open().size, limits.openTradesMax, overrides.openTradesMax);
  }

  /** With the order itself under way. */
  #amounts({ contract, quantityUnits }: Pick<OrderTerms, "contract" | "quantityUnits">, value: number): void {
    const { limits, overrides, capital } = this.account;
    const { underlying, instrumentId, lotSize, freezeQuantity } = contract;
    const lots = (units: number): number => Math.ceil(Math.abs(units) / lotSize);
    const held = [...this.#held.values()];
    const entries = this.#entries();
    this.#atMost("order value", value, limits.orderValueMaxPaise, overrides.orderValueMaxPaise, REGULAR.orderValue);
    this.#atMost("lots of an order", lots(quantityUnits), PLATFORM.lotsPerOrder, freezeQuantity / lotSize);
    const ofIndex =
      held.filter((one) => one.contract.underlying === underlying).reduce((sum, { units }) => sum + lots(units), 0) +
      entries
        .filter(({ terms }) => terms.contract.underlying === underlying)
        .reduce((sum, one) => sum + lots(this.#left(one)), 0);
    this.#atMost("lots of an index", ofIndex, limits.openLotsMax, overrides.openLotsMax, PLATFORM.lotsPerUnderlying);
    const position =
      Math.abs(this.#held.get(instrumentId)?.cost ?? 0) +
      entries
        .filter(({ terms }) => terms.contract.instrumentId === instrumentId && terms.side === "BUY")
        .reduce((sum, one) => sum + this.#worth(one), 0);
    this.#atMost(
      "position size",
      position - ROUNDING,
      limits.positionSizeMaxPaise,
      overrides.positionSizeMaxPaise,
      REGULAR.orderValue,
    );
    const exposure =
      held.reduce((sum, { units, cost, margin }) => sum + (units > 0 ? cost : margin), 0) +
      entries.reduce((sum, one) => sum + this.#worth(one), 0);
    const equity = capital + this.#realised - this.#charges;
    const carried = Math.max(0, Math.min(equity, capital)) * REGULAR.leverage * this.capacity;
    this.#atMost("buying power", exposure - ROUNDING, carried, PLATFORM.exposure);
    const portfolio = [limits.portfolioExposureMaxPaise, overrides.portfolioExposureMaxPaise];
    this.#atMost("portfolio exposure", exposure - ROUNDING, ...portfolio);
  }
}
