// Who uses an account from outside: people and programs that place orders of every kind, repeat themselves when no answer comes,
// cancel, change limits, throw the kill switch and lift it again.
import type { AccountObject } from "../../../durable-objects/account/account-object.ts";
import type { OrderRequest } from "../../../src/core/account/command.ts";
import type { ExitCommand } from "../../../src/core/account/exit-command.ts";
import type { AccountLimits } from "../../../src/core/account/profile.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import type { ClientOrderId } from "../../../src/core/order/order.ts";
import type { AccountHost } from "./account-host.ts";
import { type Combination, drawnCombination } from "./combinations.ts";
import { CONTRACTS, type Market } from "./market.ts";
import { isLive, type Venue } from "./venue.ts";
import type { VenueOracle } from "./venue-oracle.ts";
import type { World } from "./world.ts";

const TICK = 5;
const TRIES_MAX = 30;

export class Client {
  readonly #world: World;
  readonly #market: Market;
  readonly #venue: Venue;
  readonly #host: AccountHost;
  readonly #oracle: VenueOracle;
  readonly #firstLimits: AccountLimits;
  /** Orders the account has said yes or no to, with the day they belong to. */
  readonly acknowledged: { readonly date: string; readonly clientOrderId: string }[] = [];
  requests = 0;
  /** Requests that have not been answered yet. */
  waiting = 0;
  readonly #lists: ClientOrderId[] = [];
  #number = 0;

  constructor(
    world: World,
    market: Market,
    venue: Venue,
    host: AccountHost,
    oracle: VenueOracle,
    firstLimits: AccountLimits,
  ) {
    this.#world = world;
    this.#market = market;
    this.#venue = venue;
    this.#host = host;
    this.#oracle = oracle;
    this.#firstLimits = firstLimits;
  }

  /** One thing a user does. */
  act(): void {
    const { random } = this.#world;
    const what = random.next();
    if (what < 0.7) this.place();
    else if (what < 0.74) this.combine();
    else if (what < 0.76) this.slice();
    else if (what < 0.78) this.exit();
    else if (what < 0.79) this.scaleOut();
    else if (what < 0.8) this.cancelList();
    else if (what < 0.88) this.cancel();
    else if (what < 0.93) this.modify();
    else if (what < 0.96) this.changeLimits();
    else this.burst();
  }

  place(): void {
    const request = this.#request();
    this.#ask(request);
    // The same request twice at the same time: a double click, or a webhook that comes again.
    if (this.#world.strikes("callerRepeats")) this.#ask(request);
  }

  /** Many at once: a strategy that has gone wild. */
  burst(): void {
    const { random } = this.#world;
    const count = 5 + random.below(20);
    for (let index = 0; index < count; index += 1) {
      this.#world.after(random.below(800), "burst", () => this.place());
    }
  }

  /** Buys or sells one lot, so that it deals at once or rests in the book. */
  trade(side: "BUY" | "SELL", how: "AT_ONCE" | "RESTING"): void {
    const held = [...this.#venue.positions(this.#host.accountId)].find(([, units]) => units > 0);
    const contract =
      CONTRACTS.find(({ instrumentId }) => instrumentId === held?.[0]) ?? (CONTRACTS[0] as OptionContract);
    const { midPaise } = this.#market.touch(contract.instrumentId);
    const away = Math.max(1, Math.floor((midPaise * 0.05) / TICK)) * TICK;
    this.#number += 1;
    const terms =
      how === "AT_ONCE"
        ? ({ type: "MARKET", timeInForce: "IOC", limitPricePaise: null } as const)
        : ({
            type: "LIMIT",
            timeInForce: "DAY",
            limitPricePaise: paise(midPaise + (side === "BUY" ? -away : away)),
          } as const);
    this.#ask({
      clientOrderId: `o${this.#number}` as ClientOrderId,
      contract,
      side,
      product: "INTRADAY",
      quantityUnits: contract.lotSize,
      ...terms,
    });
  }

  /** A spread or an iron condor: all of it, or nothing of it. */
  combine(structure: Combination | null = null): void {
    this.#number += 1;
    const request = drawnCombination(this.#world.random, `o${this.#number}` as ClientOrderId, structure);
    this.#lists.push(request.listId);
    const ask = (): void =>
      this.#acknowledged(request.listId, (account) => account.submitList(request), `list ${request.listId}`);
    ask();
    if (this.#world.strikes("callerRepeats")) ask();
  }

  cancelList(): void {
    const listId = this.#lists.at(-1);
    if (listId === undefined) return;
    this.#insist(() => this.#host.incoming(`cancel list ${listId}`, (account) => account.cancelList(listId)));
  }

  /** More of the cheapest contract than the exchange takes in one order. */
  slice(among: readonly OptionContract[] = CONTRACTS): void {
    const { random } = this.#world;
    const price = ({ instrumentId }: OptionContract): number => this.#market.touch(instrumentId).midPaise;
    const contract = among.reduce((least, one) => (price(one) < price(least) ? one : least));
    this.#number += 1;
    this.#ask({
      clientOrderId: `o${this.#number}` as ClientOrderId,
      contract,
      side: "BUY",
      type: "MARKET",
      timeInForce: "IOC",
      product: "INTRADAY",
      quantityUnits: contract.lotSize * (Math.ceil(contract.freezeQuantity / contract.lotSize) + random.below(9)),
      limitPricePaise: null,
    });
  }

  /** Out of one position, or of everything, by request. */
  exit(): void {
    const { random } = this.#world;
    const held = [...this.#venue.positions(this.#host.accountId)].filter(([, units]) => units !== 0);
    if (held.length === 0) return;
    const [instrumentId] = random.pick(held);
    this.#exit(random.chance(0.8) ? { type: "EXIT_POSITION", instrumentId } : { type: "EXIT_ALL" });
  }

  exitAll(): void {
    this.#exit({ type: "EXIT_ALL" });
  }

  /** A stop far away, a trail behind it and a time at which every position held is left whatever it is worth. */
  planExits(): void {
    const timeExitMs = epochMs(this.#world.nowMs + 3_000);
    const nothing = { stopPaise: null, targetPaise: null, costAtPaise: null, lock: null, reentry: null };
    const trail = { distance: 2_000, step: 500, unit: "BPS" } as const;
    for (const [instrumentId, units] of this.#venue.positions(this.#host.accountId))
      if (units > 0) this.#exit({ type: "SET_EXIT_PLAN", instrumentId, plan: { ...nothing, trail, timeExitMs } });
  }

  /** One lot a little beyond the price of now, one beyond that, and all that is left farther away, above a stop. */
  scaleOut(): void {
    const { random } = this.#world;
    const held = [...this.#venue.positions(this.#host.accountId)].filter(([, units]) => units !== 0);
    if (held.length === 0) return;
    const [instrumentId, units] = random.pick(held);
    const { midPaise } = this.#market.touch(instrumentId);
    const at = (bps: number) =>
      paise(Math.max(1, Math.round((midPaise * (10_000 + Math.sign(units) * bps)) / 10_000 / TICK)) * TICK);
    const part = (bps: number) =>
      ({ level: { unit: "PRICE", value: at(bps) }, quantity: { unit: "LOTS", value: 1 } }) as const;
    const rest = { level: { unit: "PRICE", value: at(900) }, quantity: null } as const;
    const targets = random.chance(0.5) ? [part(150), part(400), rest] : [part(150), rest];
    const nothing = { targetPaise: null, costAtPaise: null, lock: null, reentry: null, trail: null, timeExitMs: null };
    const plan = { ...nothing, stopPaise: at(-2_000), targets, costAfterFirstTarget: true } as const;
    this.#exit({ type: "SET_EXIT_PLAN", instrumentId, plan });
  }

  #exit(command: ExitCommand): void {
    const of = (account: AccountObject) => (command.type === "SET_EXIT_PLAN" ? account : this.#asking(account));
    this.#insist(() => this.#host.incoming(command.type, (account) => of(account).exit(command)));
  }

  cancel(): void {
    const live = this.#venue.orders
      .slice(-30)
      .filter((order) => order.accountId === this.#host.accountId && isLive(order));
    if (live.length === 0) return;
    const { clientOrderId } = this.#world.random.pick(live).terms;
    this.#insist(() => this.#host.incoming(`cancel ${clientOrderId}`, (account) => account.cancelOrder(clientOrderId)));
  }

  /** Another price or quantity for an order that rests, sometimes asked for twice. */
  modify(): void {
    const { random } = this.#world;
    const live = this.#venue.live(this.#host.accountId).filter(({ terms }) => terms.timeInForce === "DAY");
    if (live.length === 0) return;
    const { terms, quantityUnits, limitPricePaise } = random.pick(live);
    const { clientOrderId, contract } = terms;
    this.#number += 1;
    const modifyId = `m${this.#number}`;
    const changes = random.chance(0.6)
      ? { limitPricePaise: paise(Math.max(TICK, limitPricePaise + (random.below(11) - 5) * TICK)) }
      : { quantityUnits: Math.max(contract.lotSize, quantityUnits + (random.below(3) - 1) * contract.lotSize) };
    const ask = (): void =>
      this.#insist(() =>
        this.#host.incoming(`modify ${clientOrderId}`, (account) =>
          account.modifyOrder(clientOrderId, modifyId, changes),
        ),
      );
    ask();
    if (this.#world.strikes("callerRepeats")) ask();
  }

  /** Has the account held against the venue's book. */
  reconcile(): void {
    this.#insist(() => this.#host.incoming("reconcile", (account) => account.reconcile()));
  }

  changeLimits(): void {
    const { random } = this.#world;
    const limits: AccountLimits = {
      ...this.#firstLimits,
      tradesPerDayMax: random.pick([this.#firstLimits.tradesPerDayMax, 10, 40, 180]),
      tradesPerCycleMax: random.pick([2, 4, 8, 20]),
      openTradesMax: random.pick([1, 3, 5, 6]),
      orderValueMaxPaise: paise(random.pick([10_000_00, 50_000_00, 1_00_000_00])),
    };
    this.#oracle.limitsAsked(this.#host.accountId, limits);
    this.#insist(() => this.#host.incoming("limits", (account) => account.changeLimits(limits)));
  }

  async halt(): Promise<void> {
    this.#world.trace(`${this.#host.accountId}: somebody throws the kill switch`);
    const done = await this.#until(() =>
      this.#host.incoming("halt", (account) => this.#asking(account).halt("a person")),
    );
    if (done) this.#oracle.halted(this.#host.accountId);
  }

  async resume(): Promise<void> {
    this.#oracle.resuming(this.#host.accountId);
    await this.#until(() => this.#host.incoming("resume", (account) => account.resume({ by: "OPERATOR" })));
  }

  /** The account, which is being asked to leave what it holds. */
  #asking(account: AccountObject): AccountObject {
    this.#venue.gateway.asked(this.#host.accountId);
    return account;
  }

  #ask(request: OrderRequest): void {
    const { clientOrderId } = request;
    this.#acknowledged(clientOrderId, (account) => account.submitOrder(request), `order ${clientOrderId}`);
  }

  #acknowledged(
    clientOrderId: string,
    call: (account: AccountObject) => Promise<{ readonly ok: boolean }>,
    what: string,
  ): void {
    const { date } = this.#venue;
    this.requests += 1;
    this.#insist(async () => {
      const result = await this.#host.incoming(what, call);
      if (result.ok) this.acknowledged.push({ date, clientOrderId });
    });
  }

  #insist(call: () => Promise<unknown>): void {
    this.waiting += 1;
    void this.#until(call).then(() => {
      this.waiting -= 1;
    });
  }

  /** Asks again until there is an answer, as far as the day goes. */
  async #until(call: () => Promise<unknown>): Promise<boolean> {
    const world = this.#world;
    for (let time = 0; time < TRIES_MAX; time += 1) {
      if (world.nowMs >= this.#venue.closeMs) return false;
      try {
        await call();
        return true;
      } catch {
        await world.wait(100 + world.random.below(900), "client waits");
      }
    }
    return false;
  }

  #request(): OrderRequest {
    const { random } = this.#world;
    const held = [...this.#venue.positions(this.#host.accountId)].filter(([, units]) => units !== 0);
    const contract = random.pick(CONTRACTS);
    const sold = held.length > 0 && random.chance(0.45) ? random.pick(held) : null;
    const traded =
      sold === null ? contract : (CONTRACTS.find(({ instrumentId }) => instrumentId === sold[0]) ?? contract);
    const side = sold === null ? (random.chance(0.9) ? "BUY" : "SELL") : sold[1] > 0 ? "SELL" : "BUY";
    const isMarket = random.chance(0.35);
    const { midPaise } = this.#market.touch(traded.instrumentId);
    const away = random.chance(0.5) ? random.below(9) - 4 : random.below(161) - 80;
    const limit = random.chance(0.02) ? midPaise * 3 : midPaise + away * TICK;
    const odd = random.next();
    const isStop = !isMarket && random.chance(0.15);
    const stop = Math.max(TICK, midPaise + (side === "BUY" ? 1 : -1) * random.below(6) * TICK);
    const stopLimit = Math.max(TICK, stop + (side === "BUY" ? 4 : -4) * TICK);
    return {
      clientOrderId: this.#nextId(),
      contract: traded,
      side,
      type: isMarket ? "MARKET" : isStop ? "STOP_LIMIT" : "LIMIT",
      ...(isStop ? { triggerPricePaise: paise(stop) } : {}),
      timeInForce: isStop ? "DAY" : random.pick(["DAY", "IOC", "IOC"] as const),
      product: odd < 0.01 ? "CARRY" : "INTRADAY",
      quantityUnits:
        odd > 0.99
          ? 7
          : odd > 0.98
            ? traded.freezeQuantity + traded.lotSize
            : traded.lotSize * (1 + random.below(odd > 0.9 ? 12 : 3)),
      limitPricePaise: isMarket
        ? null
        : isStop
          ? paise(stopLimit)
          : paise(Math.max(TICK, Math.round(limit / TICK) * TICK)),
    };
  }

  /** Now and then an id that was used before. */
  #nextId(): ClientOrderId {
    const { random } = this.#world;
    if (this.#number > 3 && random.chance(0.02)) return `o${random.below(this.#number)}` as ClientOrderId;
    this.#number += 1;
    return `o${this.#number}` as ClientOrderId;
  }
}
