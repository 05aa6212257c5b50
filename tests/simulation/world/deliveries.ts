// What the feed tells accounts: the venue's reports and the price levels that were reached. Everything is told again until the
// account has answered; on the way it comes late, twice, in the wrong order, or wrongly.
import type { PriceView, VenueReport } from "../../../src/core/account/command.ts";
import type { PriceTrigger } from "../../../src/core/account/state.ts";
import type { InstrumentId } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs } from "../../../src/core/kernel/time.ts";
import type { AccountHost } from "./account-host.ts";
import type { Market } from "./market.ts";
import type { World } from "./world.ts";

const AGAIN_AFTER_MS = 400;

export class Deliveries {
  readonly #world: World;
  readonly #market: Market;
  readonly #hostOf: (accountId: string) => AccountHost;
  /** Executions of which an account hears now. */
  readonly #heard: (executionIds: readonly string[]) => void;
  readonly #triggers = new Map<string, Map<InstrumentId, readonly PriceTrigger[]>>();
  /** Deliveries that no account has answered yet. */
  underWay = 0;

  constructor(
    world: World,
    market: Market,
    hostOf: (accountId: string) => AccountHost,
    heard: (executionIds: readonly string[]) => void,
  ) {
    this.#heard = heard;
    this.#world = world;
    this.#market = market;
    this.#hostOf = hostOf;
  }

  report(accountId: string, reports: readonly VenueReport[], heldUntilMs: number): void {
    for (const bundle of this.#disordered(reports)) this.#reportAt(accountId, bundle, heldUntilMs);
  }

  setTriggers(accountId: string, instrumentId: InstrumentId, triggers: readonly PriceTrigger[]): void {
    const ofAccount = this.#triggers.get(accountId) ?? new Map<InstrumentId, readonly PriceTrigger[]>();
    if (triggers.length === 0) ofAccount.delete(instrumentId);
    else ofAccount.set(instrumentId, triggers);
    this.#triggers.set(accountId, ofAccount);
  }

  /** Fires every level that what the feed shows has reached; a level fires once. */
  fire(): void {
    for (const [accountId, ofAccount] of this.#triggers) {
      const fired: { readonly triggerId: string; readonly price: PriceView }[] = [];
      for (const [instrumentId, triggers] of ofAccount) {
        const price = this.#market.view(instrumentId);
        if (price === null) continue;
        const reached = triggers.filter((trigger) => isReached(trigger, price, this.#world.nowMs));
        if (reached.length === 0) continue;
        this.setTriggers(
          accountId,
          instrumentId,
          triggers.filter((trigger) => !reached.includes(trigger)),
        );
        fired.push(...reached.map(({ triggerId }) => ({ triggerId, price })));
      }
      if (fired.length > 0) this.#fireAt(accountId, fired);
    }
  }

  #disordered(reports: readonly VenueReport[]): readonly (readonly VenueReport[])[] {
    const world = this.#world;
    let told = reports;
    if (told.some(({ kind }) => kind === "FILLED")) {
      if (world.strikes("reportNever")) told = told.filter(({ kind }) => kind !== "FILLED");
      else if (world.strikes("shortReport")) told = told.map(shortened);
      if (world.strikes("fillBeforeAck")) return told.map((report) => [report]).reverse();
    }
    if (told.length === 0) return [];
    return world.strikes("reportTwice") ? [told, told] : [told];
  }

  #reportAt(accountId: string, reports: readonly VenueReport[], heldUntilMs: number): void {
    const world = this.#world;
    const lateMs = world.strikes("reportLate") ? world.random.below(15_000) : 0;
    this.underWay += 1;
    this.#until(Math.max(world.nowMs + 2 + lateMs, heldUntilMs), () =>
      this.#hostOf(accountId).incoming(
        `reports ${reports.map(({ kind }) => kind).join("+")} to ${accountId}`,
        (account) => {
          this.#heard(reports.flatMap((report) => (report.kind === "FILLED" ? report.fill.executionId : [])));
          return account.applyReports(reports, epochMs(world.nowMs));
        },
      ),
    );
  }

  #fireAt(accountId: string, fired: readonly { readonly triggerId: string; readonly price: PriceView }[]): void {
    const world = this.#world;
    const lateMs = world.strikes("reportLate") ? world.random.below(5_000) : 0;
    const times = world.strikes("reportTwice") ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      this.underWay += 1;
      this.#until(world.nowMs + 2 + lateMs, () =>
        this.#hostOf(accountId).incoming(`triggers to ${accountId}`, (account) =>
          account.fireTriggers(fired, epochMs(world.nowMs)),
        ),
      );
    }
  }

  /** Told again and again until it is answered. */
  #until(atMs: number, tell: () => Promise<void>): void {
    const world = this.#world;
    world.at(atMs, "delivery", () =>
      tell().then(
        () => {
          this.underWay -= 1;
        },
        () => this.#until(world.nowMs + AGAIN_AFTER_MS, tell),
      ),
    );
  }
}

const shortened = (report: VenueReport): VenueReport =>
  report.kind === "FILLED" && report.fill.units > 1
    ? {
        ...report,
        fill: { ...report.fill, units: Math.floor(report.fill.units / 2), pricePaise: paise(report.fill.pricePaise) },
      }
    : report;

/** The exit side of the position that the level guards; a timer by the clock. */
function isReached(trigger: PriceTrigger, price: PriceView, nowMs: number): boolean {
  const { watches = "BID", dueMs } = trigger as { readonly watches?: "BID" | "ASK"; readonly dueMs?: number };
  if (dueMs !== undefined) return dueMs <= nowMs;
  const shownPaise = (watches === "BID" ? price.bidPaise : price.askPaise) ?? null;
  if (shownPaise === null) return false;
  return trigger.fires === "AT_OR_BELOW" ? shownPaise <= trigger.levelPaise : shownPaise >= trigger.levelPaise;
}
