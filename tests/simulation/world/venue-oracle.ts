// The limits of an account, counted a second time from what the venue has seen: orders that came in, what was dealt, when.
// It knows nothing of the account's state and shares no code with the checks it doubts. What the venue did by its own fault
// (dealt late or too much, never told) is not held against the account.
import type { AccountLimits, Category } from "../../../src/core/account/profile.ts";
import type { Exchange } from "../../../src/core/instrument/contract.ts";
import { type Market, STALE_AFTER_MS } from "./market.ts";
import { isOfCombination, openName, tradeName } from "./trade-name.ts";
import { isLive, type Venue, type VenueFill, type VenueOrder } from "./venue.ts";
import type { World } from "./world.ts";

export interface Breach {
  readonly rule: string;
  readonly accountId: string;
  readonly atMs: number;
  readonly detail: string;
}

interface Watched {
  readonly category: Category;
  capitalPaise: number;
  /** The most generous limits asked for today: an order decided under them may come in later. */
  widest: AccountLimits;
  haltedAtMs: number | null;
  /** The platform's switches that the account has followed, by scope, and when it said so. */
  readonly stops: Map<string, number>;
  flatAtMs: number | null;
}

/** As the rules of the product say it, not as the program does. */
const LEVERAGE: Readonly<Record<Category, number>> = {
  NGD: 1.5,
  RESTRICTED: 3,
  SEMI_RESTRICTED: 3,
  REGULAR: 3,
  ADMIN: 3,
};
const EXPOSURE_MAX_PAISE = 50_00_000_00;
const LOTS_PER_ORDER_MAX = 250;
/** What was under way when the kill switch answered may still come in. */
const IN_TRANSIT_MS = 10_000;
/** An entry is decided on a quote that is not stale yet, and may then wait so long for its venue. */
const ENTRY_WAITS_MS = 10_000;
const INSANE_FOR_MS = STALE_AFTER_MS + ENTRY_WAITS_MS + 100;

export class VenueOracle {
  readonly breaches: Breach[] = [];
  readonly doubled: string[] = [];
  /** From the kill switch's answer to nothing held and nothing under way, in market milliseconds. */
  readonly flatMs: number[] = [];
  /** Entries that were sent while the feed showed nonsense about the contract, by kind. */
  readonly insaneEntries: Record<string, number> = {};
  readonly #accounts = new Map<string, Watched>();
  readonly #world: World;
  readonly #market: Market;
  venue: Venue | null = null;
  disturbedAtMs = 0;

  constructor(world: World, market: Market) {
    this.#world = world;
    this.#market = market;
  }

  watch(accountId: string, category: Category, capitalPaise: number, limits: AccountLimits): void {
    this.#accounts.set(accountId, {
      category,
      capitalPaise,
      widest: limits,
      haltedAtMs: null,
      stops: new Map(),
      flatAtMs: null,
    });
  }

  newDay(accountId: string, capitalPaise: number, limits: AccountLimits): void {
    const watched = this.#of(accountId);
    watched.capitalPaise = Math.max(capitalPaise, 0);
    watched.widest = limits;
  }

  limitsAsked(accountId: string, limits: AccountLimits): void {
    const watched = this.#of(accountId);
    const wider = (of: (limits: AccountLimits) => number): number => Math.max(of(watched.widest), of(limits));
    watched.widest = {
      ...limits,
      tradesPerDayMax: wider((l) => l.tradesPerDayMax),
      tradesPerCycleMax: wider((l) => l.tradesPerCycleMax),
      openTradesMax: wider((l) => l.openTradesMax),
      orderValueMaxPaise: wider((l) => l.orderValueMaxPaise) as AccountLimits["orderValueMaxPaise"],
    };
  }

  halted(accountId: string): void {
    const watched = this.#of(accountId);
    watched.haltedAtMs = this.#world.nowMs;
    watched.flatAtMs = null;
    this.look();
  }

  resuming(accountId: string): void {
    const watched = this.#of(accountId);
    if (watched.haltedAtMs !== null && watched.flatAtMs === null)
      this.flatMs.push(this.#world.nowMs - watched.haltedAtMs);
    watched.haltedAtMs = null;
  }

  stopped(accountId: string, scope: string): void {
    const { stops } = this.#of(accountId);
    // The switch may have been put back before the account has answered the first.
    if (stops.get(scope) === Number.POSITIVE_INFINITY) stops.delete(scope);
    else stops.set(scope, this.#world.nowMs);
  }

  starting(accountId: string, scope: string): void {
    const { stops } = this.#of(accountId);
    if (!stops.delete(scope)) stops.set(scope, Number.POSITIVE_INFINITY);
  }

  /** Whether an account whose switch was thrown is flat at the venue by now. */
  look(): void {
    for (const [accountId, watched] of this.#accounts) {
      if (watched.haltedAtMs === null || watched.flatAtMs !== null || this.venue === null) continue;
      if (this.venue.live(accountId).length > 0) continue;
      if ([...this.venue.positions(accountId).values()].some((units) => units !== 0)) continue;
      watched.flatAtMs = this.#world.nowMs;
      this.flatMs.push(watched.flatAtMs - watched.haltedAtMs);
    }
  }

  rateExceeded(accountId: string, exchange: Exchange): void {
    this.#breach("ORDER_RATE", accountId, `more than 10 orders in a second at ${exchange}`);
  }

  received(order: VenueOrder, cameAtMs: number): void {
    const { accountId, terms } = order;
    const { venue } = this;
    if (venue === null) return;
    const again = venue.ordersOf(accountId, terms.clientOrderId);
    if (again.length > 1) this.doubled.push(`${accountId}/${order.date}/${terms.clientOrderId} ×${again.length}`);
    const { lotSize, freezeQuantity } = terms.contract;
    const lots = terms.quantityUnits / lotSize;
    if (!Number.isInteger(lots) || lots <= 0) this.#breach("WHOLE_LOTS", accountId, `${terms.quantityUnits} units`);
    if (lots > LOTS_PER_ORDER_MAX || terms.quantityUnits > freezeQuantity)
      this.#breach("ORDER_SIZE", accountId, `${terms.quantityUnits} units`);
    if (order.isHeldBack) return;
    if (terms.side === "SELL") this.#noNakedShort(venue, order);
    if (terms.purpose === "ENTRY") this.#entry(venue, order, cameAtMs);
  }

  /**
   * At its worst (every sale under way deals, no purchase does) whatever is sold is covered by units held of the same
   * underlying, expiry and type: never a naked short.
   */
  #noNakedShort(venue: Venue, order: VenueOrder): void {
    const group = groupOf(order);
    const worst = new Map<string, number>();
    for (const other of venue.orders) {
      if (other.accountId !== order.accountId || groupOf(other) !== group) continue;
      const { instrumentId } = other.terms.contract;
      const isSale = other.terms.side === "SELL";
      const dealt = other.fills.reduce(
        (sum, { units, isVenuesFault }) => sum + (isVenuesFault && isSale ? 0 : units),
        0,
      );
      const change = isSale
        ? -(isLive(other) && !other.isHeldBack ? Math.max(other.quantityUnits, dealt) : dealt)
        : dealt;
      worst.set(instrumentId, (worst.get(instrumentId) ?? 0) + change);
    }
    let [held, sold] = [0, 0];
    for (const units of worst.values()) {
      held += Math.max(0, units);
      sold += Math.max(0, -units);
    }
    if (sold > held)
      this.#breach(
        "NAKED_SHORT",
        order.accountId,
        `${order.terms.clientOrderId}: ${sold} units sold of ${group}, ${held} held`,
      );
  }

  #entry(venue: Venue, order: VenueOrder, nowMs: number): void {
    const { accountId, terms } = order;
    const watched = this.#of(accountId);
    const { widest } = watched;
    if (watched.haltedAtMs !== null && nowMs > watched.haltedAtMs)
      this.#breach(
        "AFTER_KILL_SWITCH",
        accountId,
        `${terms.clientOrderId} came ${nowMs - watched.haltedAtMs} ms after it`,
      );
    for (const [scope, stoppedAtMs] of watched.stops) {
      if (nowMs <= stoppedAtMs || !(scope === "PLATFORM" || scope.endsWith(`/${terms.contract.underlying}`))) continue;
      this.#breach("AFTER_PLATFORM_HALT", accountId, `${terms.clientOrderId} came ${nowMs - stoppedAtMs} ms after it`);
    }
    if (nowMs >= venue.closeMs + IN_TRANSIT_MS) this.#breach("OUTSIDE_SESSION", accountId, terms.clientOrderId);
    if (!widest.allowedUnderlyings.includes(terms.contract.underlying))
      this.#breach("UNDERLYING", accountId, terms.contract.underlying);
    const valuePaise = terms.limitPricePaise * terms.quantityUnits;
    // What a sale is worth says nothing about what it risks: margin does.
    if (terms.side === "BUY" && valuePaise > widest.orderValueMaxPaise)
      this.#breach("ORDER_VALUE", accountId, `${valuePaise} paise`);
    this.#counts(venue, order, widest, watched);
    this.#quotes(order);
  }

  /**
   * Counted with and without what the venue dealt by its own fault: what that has done may not be known yet, and what undoes it
   * is no fault at all; and by what the account has been told of, in the order in which it was told: what a trade belongs to
   * depends on what was held when it dealt. A limit is passed only where all three counts say so. One
   * contract may be held by the venue's fault while another is only gone by it, so what is open is also counted of the
   * contracts that all three hold.
   */
  #counts(venue: Venue, order: VenueOrder, widest: AccountLimits, watched: Watched): void {
    const { accountId, terms } = order;
    const asTold = [...venue.dealings].sort((one, other) =>
      one.fill.toldNo < other.fill.toldNo ? -1 : one.fill.toldNo > other.fill.toldNo ? 1 : 0,
    );
    const counted = [
      this.#count(venue, order, () => true),
      this.#count(venue, order, (fill) => !fill.isVenuesFault),
      this.#count(venue, order, (fill) => fill.toldAtMs !== null, asTold),
    ];
    // Of a sale that was told while the order was on its way nobody knew when it was given.
    const isKnown = ({ toldAtMs }: VenueFill): boolean => toldAtMs !== null && toldAtMs <= order.givenAtMs;
    const whenGiven = this.#count(venue, order, (fill, { terms: { side } }) => side === "BUY" || isKnown(fill), asTold);
    const least = (of: (count: { trades: number; ofCycle: number; exposed: number }) => number): number =>
      Math.min(...counted.map(of));
    const [trades, ofCycle] = [least((c) => c.trades), least((c) => c.ofCycle)];
    const held = counted.map((count) => count.held);
    const byAll = new Map([...(held[0] ?? [])].filter(([instrumentId]) => held.every((one) => one.has(instrumentId))));
    const open = Math.min(...[...held, byAll, whenGiven.held].map((names) => openWith(venue, order, names)));
    if (trades > widest.tradesPerDayMax) this.#breach("TRADES_PER_DAY", accountId, `${trades} trades`);
    if (ofCycle > widest.tradesPerCycleMax)
      this.#breach("TRADES_PER_CYCLE", accountId, `${ofCycle} trades in ${terms.cycleId}`);
    if (open > widest.openTradesMax) this.#breach("OPEN_TRADES", accountId, `${open} open with ${terms.clientOrderId}`);
    const exposureMax = Math.min(watched.capitalPaise * LEVERAGE[watched.category], EXPOSURE_MAX_PAISE);
    const exposed = least((c) => c.exposed);
    if (exposed > exposureMax) this.#breach("EXPOSURE", accountId, `${exposed} of ${exposureMax} paise`);
  }

  #count(
    venue: Venue,
    order: VenueOrder,
    counts: (fill: VenueFill, of: VenueOrder) => boolean,
    dealings = venue.dealings,
  ) {
    const { accountId, terms } = order;
    const trades = new Set<string>();
    const ofCycle = new Set<string>();
    let exposed = 0;
    const cost = new Map<string, { units: number; paid: number; name: string }>();
    for (const other of venue.orders) {
      if (other.accountId !== accountId || other.date !== order.date) continue;
      const { underlying } = other.terms.contract;
      const dealt = other.fills.filter((fill) => counts(fill, other));
      if (other.terms.purpose === "ENTRY" && (isLive(other) || dealt.length > 0)) {
        const name = tradeName(other.terms.clientOrderId);
        trades.add(name);
        if (other.terms.cycleId === terms.cycleId && underlying === terms.contract.underlying) ofCycle.add(name);
        if (isLive(other)) {
          // A short counts with the protection it cannot be without.
          if (other.terms.side === "BUY")
            exposed += Math.max(0, other.quantityUnits - other.filledUnits) * other.limitPricePaise;
        }
      }
    }
    for (const { order: other, fill } of dealings) {
      if (other.accountId !== accountId || other.date !== order.date || !counts(fill, other)) continue;
      const { instrumentId } = other.terms.contract;
      const at = cost.get(instrumentId) ?? { units: 0, paid: 0, name: "" };
      const after = at.units + (other.terms.side === "BUY" ? fill.units : -fill.units);
      if (Math.sign(after) !== Math.sign(at.units)) at.name = openName(other.terms.clientOrderId, instrumentId);
      if (other.terms.side === "BUY") {
        // What closes a short is not held afterwards.
        at.paid += Math.max(0, Math.min(fill.units, at.units + fill.units)) * fill.pricePaise;
        at.units += fill.units;
      } else {
        at.paid -= at.units <= 0 ? 0 : (at.paid * Math.min(fill.units, at.units)) / at.units;
        at.units -= fill.units;
      }
      cost.set(instrumentId, at);
    }
    const held = new Map<string, string>();
    for (const [instrumentId, { units, paid, name }] of cost) {
      if (units <= 0) continue;
      held.set(instrumentId, name);
      exposed += paid;
    }
    return { trades: trades.size, ofCycle: ofCycle.size, held, exposed };
  }

  /** An entry on a quote that was wrong for long: nobody can say that it was decided before. */
  #quotes({ accountId, terms }: VenueOrder): void {
    const insanity = this.#market.insanityOf(terms.contract.instrumentId);
    if (insanity === null || this.#world.skewMs !== 0 || this.#world.nowMs < this.disturbedAtMs + INSANE_FOR_MS) return;
    this.insaneEntries[insanity] = (this.insaneEntries[insanity] ?? 0) + 1;
    if (insanity === "STALE" || insanity === "MISSING")
      this.#breach("BLIND_ENTRY", accountId, `${terms.clientOrderId}: ${insanity}`);
  }

  #of(accountId: string): Watched {
    const watched = this.#accounts.get(accountId);
    if (watched === undefined) throw new Error(`nobody watches ${accountId}`);
    return watched;
  }

  #breach(rule: string, accountId: string, detail: string): void {
    this.#world.trace(`BREACH ${rule} ${accountId} ${detail}`);
    this.breaches.push({ rule, accountId, atMs: this.#world.nowMs, detail });
  }
}

/** Trades that are open once an order has come in that opens one, 0 for any other. `held`: contracts, by what opened them. */
function openWith(venue: Venue, order: VenueOrder, held: ReadonlyMap<string, string>): number {
  const { clientOrderId, contract, side } = order.terms;
  const open = new Set(held.values());
  const instruments = new Set(held.keys());
  // More of what is held counts with it, whatever that was opened as.
  for (const { terms } of venue.live(order.accountId)) {
    if (terms === order.terms || terms.purpose !== "ENTRY" || terms.side !== "BUY") continue;
    const { instrumentId } = terms.contract;
    if (!instruments.has(instrumentId) || isOfCombination(terms.clientOrderId))
      open.add(openName(terms.clientOrderId, instrumentId));
    instruments.add(instrumentId);
  }
  // More of what is open already opens nothing, even where the venue has opened one too many.
  const isMore =
    (instruments.has(contract.instrumentId) && !isOfCombination(clientOrderId)) ||
    open.has(openName(clientOrderId, contract.instrumentId));
  return side === "BUY" && !isMore ? open.size + 1 : 0;
}

const groupOf = ({ terms: { contract } }: VenueOrder): string =>
  `${contract.underlying} ${contract.expiry} ${contract.optionType}`;
