// Leaving a position at several targets: each gives its whole lots once, the stop guards what is left, and whatever happens in
// whatever order never more is given than is held.
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import { decide } from "../../../src/core/account/decide.ts";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import type { ExitPlanRequest, ScaleTargetRequest } from "../../../src/core/account/exit-command.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import { partsToGive } from "../../../src/core/account/scale-out.ts";
import type { PriceTrigger } from "../../../src/core/account/state.ts";
import { accountView } from "../../../src/core/account/view.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { type EpochMs, epochMs } from "../../../src/core/kernel/time.ts";
import { isOver, openUnits } from "../../../src/core/order/order.ts";
import { closableUnits } from "../../../src/core/risk/trade-counts.ts";
import {
  type AccountUnderTest,
  anAccount,
  aPrice,
  aSignal,
  aWindow,
  canceled,
  filled,
  id,
  LIMITS,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
} from "../../support/builders.ts";
import { isDue } from "../../support/due-triggers.ts";
import { hold } from "../../support/open-positions.ts";
import { Seeded } from "../../support/seeded.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";
import { TinyVenue } from "../../support/tiny-venue.ts";

const LOT = NIFTY_CALL.lotSize;
const { instrumentId } = NIFTY_CALL;
const trade = (account: AccountUnderTest) => account.state.openTrades[instrumentId];
const heldUnits = (account: AccountUnderTest): number => trade(account)?.position.netUnits ?? 0;
const levels = (account: AccountUnderTest, kind: PriceTrigger["kind"] = "SCALE_OUT"): number[] =>
  (trade(account)?.triggers ?? []).filter((each) => each.kind === kind).map(({ levelPaise }) => levelPaise);
const nameOf = (account: AccountUnderTest, kind: PriceTrigger["kind"], level?: number): string =>
  trade(account)?.triggers.find((each) => each.kind === kind && (level ?? each.levelPaise) === each.levelPaise)
    ?.triggerId ?? "none";
const exits = (events: readonly AccountEvent[]) =>
  events.flatMap((event) => (event.type === "ORDER_SUBMITTED" && event.terms.purpose === "EXIT" ? [event.terms] : []));
const around = (mid: number, atMs: EpochMs = NOON): PriceView =>
  aPrice({
    instrumentId,
    bidPaise: paise(mid - 5),
    askPaise: paise(mid + 5),
    lastPaise: paise(mid),
    quotedAtMs: atMs,
  });
const fire = (account: AccountUnderTest, names: readonly string[], mid: number) =>
  account.do({
    type: "FIRE_TRIGGERS",
    atMs: later(1_000),
    fired: names.map((triggerId) => ({ triggerId, price: around(mid) })),
  });

const NOTHING: ExitPlanRequest = {
  stopPaise: null,
  targetPaise: null,
  trail: null,
  costAtPaise: null,
  lock: null,
  timeExitMs: null,
  reentry: null,
};
const lots = (price: number, value: number): ScaleTargetRequest => ({
  level: { unit: "PRICE", value: price },
  quantity: { unit: "LOTS", value },
});
const share = (price: number, value: number): ScaleTargetRequest => ({
  level: { unit: "PRICE", value: price },
  quantity: { unit: "PERCENT", value },
});
const rest = (price: number): ScaleTargetRequest => ({ level: { unit: "PRICE", value: price }, quantity: null });
const command = (plan: Partial<ExitPlanRequest>, mid = 50_00) =>
  ({
    type: "SET_EXIT_PLAN",
    atMs: later(1),
    instrumentId,
    plan: { ...NOTHING, ...plan },
    prices: [around(mid)],
  }) as const;

/** Lots of the NIFTY call at 50.00, long or short, with a plan. */
function held(count: number, plan: Partial<ExitPlanRequest>): AccountUnderTest {
  const account = anAccount({ limits: { shortOptions: "NAKED" } });
  hold(account, NIFTY_CALL, count * LOT, 50_00);
  account.do(command(plan));
  return account;
}
const THREE = { stopPaise: paise(45_00), targets: [lots(55_00, 1), lots(60_00, 1), rest(70_00)] };

describe("several targets of one position", () => {
  it("each give their lots at their level, and the stop guards what is left, also while a part is on its way", () => {
    const account = held(3, THREE);
    expect([levels(account), levels(account, "TARGET"), levels(account, "STOP")]).toEqual([
      [55_00, 60_00],
      [70_00],
      [45_00],
    ]);
    const fired = nameOf(account, "SCALE_OUT", 55_00);
    const [part] = exits(fire(account, [fired], 55_05));
    expect(part).toMatchObject({ side: "SELL", exitReason: "TARGET", quantityUnits: LOT, exitTargetPaise: 55_00 });
    expect([levels(account), levels(account, "TARGET"), levels(account, "STOP")]).toEqual([[60_00], [70_00], [45_00]]);
    expect(fire(account, [fired], 55_05)).toEqual([]);
    account.report(NOON, filled(part?.clientOrderId ?? id(""), LOT, 55_00));
    expect(trade(account)?.exitPlan?.targets).toEqual([{ pricePaise: 60_00, units: LOT }]);
    expect(accountView(account.state)?.positions).toMatchObject([
      { target: "70.00", targets: [{ price: "60.00", lots: 1 }] },
    ]);
    const [stopped] = exits(fire(account, [nameOf(account, "STOP")], 45_00));
    // A narrow band: no attempt has failed.
    expect(stopped).toMatchObject({ exitReason: "STOP", quantityUnits: 2 * LOT, limitPricePaise: 42_70 });
    account.report(NOON, filled(stopped?.clientOrderId ?? id(""), 2 * LOT, 44_95));
    expect(account.state.openTrades).toEqual({});
    expectSoundHistory(account.events, account.state);
  });

  it("all give what is theirs when the price jumps over them", () => {
    for (const isFarthestFirst of [false, true]) {
      const account = held(4, THREE);
      const names = [
        nameOf(account, "SCALE_OUT", 55_00),
        nameOf(account, "SCALE_OUT", 60_00),
        nameOf(account, "TARGET"),
      ];
      const given = exits(fire(account, isFarthestFirst ? [...names].reverse() : names, 80_00));
      expect(given.reduce((sum, { quantityUnits }) => sum + quantityUnits, 0)).toBe(4 * LOT);
      expect(trade(account)?.triggers).toEqual([]);
      for (const { clientOrderId, quantityUnits } of given)
        account.report(NOON, filled(clientOrderId, quantityUnits, 80_00));
      expect(account.state.openTrades).toEqual({});
      expectSoundHistory(account.events, account.state);
    }
  });

  it("leave no target behind of which less than a lot is left", () => {
    const account = held(3, { stopPaise: paise(45_00), targets: [lots(55_00, 2), rest(70_00)] });
    const [part] = exits(fire(account, [nameOf(account, "SCALE_OUT", 55_00)], 55_05));
    const exitId = part?.clientOrderId ?? id("none");
    account.report(later(1_100), filled(exitId, LOT + 25, 55_00, { atMs: later(1_100) }));
    account.report(later(1_200), canceled(exitId, later(1_200)));
    expect(trade(account)?.exitPlan?.targets ?? []).toEqual([]);
    expect([levels(account), levels(account, "TARGET"), levels(account, "STOP")]).toEqual([[], [70_00], [45_00]]);
  });

  it("mirror those of a short", () => {
    const account = held(-3, { stopPaise: paise(55_00), targets: [lots(45_00, 2), rest(40_00)] });
    const [part] = exits(fire(account, [nameOf(account, "SCALE_OUT", 45_00)], 44_95));
    expect(part).toMatchObject({ side: "BUY", quantityUnits: 2 * LOT });
    account.report(NOON, filled(part?.clientOrderId ?? id(""), 2 * LOT, 45_00));
    expect(trade(account)?.triggers.filter(({ kind }) => kind !== "LOSS_GUARD")).toMatchObject([
      { kind: "STOP", fires: "AT_OR_ABOVE", levelPaise: 55_00, watches: "ASK" },
      { kind: "TARGET", fires: "AT_OR_BELOW", levelPaise: 40_00, watches: "ASK" },
    ]);
  });

  it("come back under another name when their exit came to nothing, with what has not dealt of it", () => {
    const account = held(4, { targets: [lots(55_00, 2), rest(70_00)] });
    const first = nameOf(account, "SCALE_OUT");
    const [part] = exits(fire(account, [first], 55_05));
    account.report(NOON, filled(part?.clientOrderId ?? id(""), LOT, 55_00), canceled(part?.clientOrderId ?? id("")));
    expect(levels(account)).toEqual([55_00]);
    expect(fire(account, [first], 55_05)).toEqual([]);
    expect(exits(fire(account, [nameOf(account, "SCALE_OUT")], 55_05))).toMatchObject([{ quantityUnits: LOT }]);
  });

  it("leave to the stop what a part on its way does not take; what that part fails to give goes after it", () => {
    const account = held(3, THREE);
    const [part] = exits(fire(account, [nameOf(account, "SCALE_OUT", 55_00)], 55_05));
    const [stopped] = exits(fire(account, [nameOf(account, "STOP")], 45_00));
    expect(stopped).toMatchObject({ quantityUnits: 2 * LOT });
    expect(trade(account)?.triggers).toEqual([]);
    account.report(
      NOON,
      canceled(part?.clientOrderId ?? id("")),
      filled(stopped?.clientOrderId ?? id(""), 2 * LOT, 45_00),
    );
    expect(trade(account)?.triggers).toMatchObject([{ kind: "STOP", fires: "AT_OR_ABOVE", levelPaise: 5 }]);
    expect(exits(fire(account, [nameOf(account, "STOP")], 45_00))).toMatchObject([
      { exitReason: "STOP", quantityUnits: LOT },
    ]);
  });

  it("leave a group's guards where they are while a part is on its way, for the whole of it has not gone", () => {
    const account = held(3, THREE);
    const group = { groupId: "all", scope: { kind: "ACCOUNT" as const }, trail: null, lock: null };
    account.do({
      type: "SET_EXIT_GROUP",
      atMs: later(2),
      group: { ...group, stopPaise: paise(-3 * LOT * 2_00), targetPaise: null },
      prices: [around(50_00)],
    });
    expect(levels(account, "GROUP_FALL")).toEqual([48_00]);
    const [part] = exits(fire(account, [nameOf(account, "SCALE_OUT", 55_00)], 55_05));
    expect(levels(account, "GROUP_FALL")).toEqual([48_00]);
    const rest = exits(fire(account, [nameOf(account, "GROUP_FALL")], 47_95));
    expect(rest).toMatchObject([{ exitReason: "STOP", quantityUnits: 2 * LOT }]);
    account.report(NOON, canceled(part?.clientOrderId ?? id("")));
    expect(trade(account)?.triggers).toEqual([]);
    account.report(NOON, filled(rest[0]?.clientOrderId ?? id(""), 2 * LOT, 47_90));
    expect(exits(fire(account, [nameOf(account, "STOP")], 47_95))).toMatchObject([
      { exitReason: "STOP", quantityUnits: LOT },
    ]);
  });

  it("hold no view back that turns against the rest", () => {
    const account = held(3, THREE);
    fire(account, [nameOf(account, "SCALE_OUT", 55_00)], 55_05);
    const { choice } = aSignal();
    const signals = [
      aSignal({ direction: "BEARISH", choice: choice === null ? null : { ...choice, contract: NIFTY_PUT } }),
    ];
    const prices = [around(55_00), aPrice({ instrumentId: NIFTY_PUT.instrumentId })];
    const turned = exits(account.do(aWindow({ atMs: later(2_000), signals, prices })));
    expect(turned).toMatchObject([{ exitReason: "DIRECTION_SWITCH", quantityUnits: 2 * LOT }]);
    expect(closableUnits(account.state, instrumentId)).toBe(0);
  });

  it("move the stop to cost from the first on, where that was asked for", () => {
    const account = held(3, { ...THREE, costAfterFirstTarget: true });
    expect(levels(account, "TRAIL_STEP")).toEqual([55_00]);
    fire(account, [nameOf(account, "SCALE_OUT", 55_00), nameOf(account, "TRAIL_STEP")], 55_05);
    expect(levels(account, "STOP")).toEqual([50_00]);
    expect(levels(account)).toEqual([60_00]);
  });

  it("give up the farthest first when something else has left a part", () => {
    const account = held(3, { targets: [lots(55_00, 1), lots(60_00, 1), lots(70_00, 1)] });
    for (const left of [[55_00, 60_00], [55_00]]) {
      const [sold] = exits(
        account.do({
          type: "SUBMIT_ORDER",
          atMs: later(2),
          price: around(50_00),
          request: {
            clientOrderId: id(`by-hand-${left.length}`),
            contract: NIFTY_CALL,
            side: "SELL",
            type: "MARKET",
            timeInForce: "IOC",
            product: "INTRADAY",
            quantityUnits: LOT,
            limitPricePaise: null,
          },
        }),
      );
      account.report(NOON, filled(sold?.clientOrderId ?? id(""), LOT, 50_00));
      expect(levels(account)).toEqual(left);
    }
  });

  it("are as many lots as their shares come to, rounded down, the last with the rest; distances count from the cost", () => {
    const shares = held(7, { targets: [share(55_00, 50), share(60_00, 30), share(70_00, 20)] });
    expect(trade(shares)?.exitPlan).toMatchObject({
      targetPaise: 70_00,
      targets: [
        { pricePaise: 55_00, units: 3 * LOT },
        { pricePaise: 60_00, units: 2 * LOT },
      ],
    });
    const distances = held(-2, {
      targets: [
        { level: { unit: "PAISE", value: 5_00 }, quantity: { unit: "LOTS", value: 1 } },
        { level: { unit: "BPS", value: 2_000 }, quantity: null },
      ],
    });
    expect([levels(distances), levels(distances, "TARGET")]).toEqual([[45_00], [40_00]]);
  });

  it("are not entered again after a stop: that is what the stop has left, with the targets that were still ahead", () => {
    const reentry = { mode: "ASAP" as const, times: 1, waitMs: 60_000, momentumPaise: paise(0) };
    const account = held(3, { ...THREE, reentry });
    const [part] = exits(fire(account, [nameOf(account, "SCALE_OUT", 55_00)], 55_05));
    account.report(NOON, filled(part?.clientOrderId ?? id(""), LOT, 55_00));
    const [stopped] = exits(fire(account, [nameOf(account, "STOP")], 45_00));
    account.report(NOON, filled(stopped?.clientOrderId ?? id(""), 2 * LOT, 45_00));
    expect(account.state.reentries?.[instrumentId]).toMatchObject({
      units: 2 * LOT,
      plan: { targetPaise: 70_00, targets: [{ pricePaise: 60_00, units: LOT }] },
    });
  });

  it.each([
    ["more lots than are held", { targets: [lots(55_00, 2), lots(60_00, 2)] }, "targets.1.lots", 3, 4],
    ["a rest of nothing", { targets: [lots(55_00, 3), rest(60_00)] }, "targets.1.lots", 3, 4],
    ["no whole lots", { targets: [lots(55_00, 1.5), rest(60_00)] }, "targets.0.lots", 1, 1.5],
    ["a share of less than a lot", { targets: [share(55_00, 30), rest(60_00)] }, "targets.0.share", 1, 0],
    ["shares of more than all", { targets: [share(55_00, 60), share(60_00, 41)] }, "targets", 100, 101],
    ["a target the market has passed", { targets: [lots(49_95, 1), rest(60_00)] }, "targets.0", 49_95, 49_95],
    ["two at one price", { targets: [lots(55_00, 1), rest(55_00)] }, "targets.1", 55_00, 55_00],
    ["a farther one before a nearer one", { targets: [lots(60_00, 1), rest(55_00)] }, "targets.1", 60_00, 55_00],
    ["a level off the tick", { targets: [lots(55_03, 1), rest(60_00)] }, "targets.0", 5, 55_03],
    ["a rest before the last", { targets: [rest(55_00), lots(60_00, 1)] }, "targets.0", null, null],
    ["a target beside them", { targetPaise: paise(70_00), targets: [lots(55_00, 1)] }, "targets", null, null],
    ["six of them", { targets: [1, 2, 3, 4, 5, 6].map((rupees) => lots(51_00 + rupees * 100, 1)) }, "targets", 5, 6],
    [
      "cost after a first that is not there",
      { costAfterFirstTarget: true as const },
      "costAfterFirstTarget",
      null,
      null,
    ],
  ])("refuses %s, with the limit and the value", (_what, plan, field, limit, value) => {
    const account = held(3, { stopPaise: paise(45_00) });
    const decision = decide(account.state, command(plan));
    expect(decision.ok ? null : decision.error).toMatchObject({
      code: "EXIT_PLAN_INVALID",
      fault: { field, limit, value },
    });
  });
});

/** One position under a feed that moves, a venue that deals in parts and cancels, and a person who meddles. */
class Run {
  readonly account = anAccount({
    capitalPaise: paise(5_00_00_000_00),
    limits: { ...LIMITS, shortOptions: "NAKED", dailyLossMaxPaise: paise(1_00_00_000_00) },
  });
  readonly venue = new TinyVenue();
  readonly startLots: number;
  readonly direction: 1 | -1;
  readonly #random: Seeded;
  readonly #firedIds = new Set<string>();
  parts = 0;
  mid = 50_00;
  now: EpochMs = NOON;
  #orders = 0;

  constructor(seed: number) {
    this.#random = new Seeded(seed);
    this.startLots = 1 + this.#random.below(8);
    this.direction = this.#random.chance(0.6) ? 1 : -1;
    hold(this.account, NIFTY_CALL, this.direction * this.startLots * LOT, 50_00);
    // A draw that asks for more than is held is refused.
    while (trade(this.account)?.exitPlan === null) this.plan();
  }

  do(command: Parameters<AccountUnderTest["do"]>[0]): void {
    this.now = epochMs(this.now + 100);
    const asked = { ...command, atMs: this.now };
    const decision = decide(this.account.state, asked);
    if (!decision.ok) return;
    this.account.do(asked);
    for (const order of outstandingWork(this.account.state).submit) this.venue.submit(order, this.now);
    for (const { clientOrderId } of outstandingWork(this.account.state).cancel)
      this.venue.end(clientOrderId, "CANCELED", this.now);
    this.check();
  }

  /** A stop always; parts as far as the draw makes a plan that fits. */
  plan(): void {
    const random = this.#random;
    const count = 1 + random.below(5);
    const at = (offset: number): number => this.mid + this.direction * offset;
    const targets = Array.from({ length: count }, (_, index) => {
      const level = at(50 + index * (50 + 5 * random.below(10)) + 5 * random.below(8));
      return index === count - 1 && random.chance(0.7) ? rest(level) : lots(level, 1 + random.below(2));
    });
    const stopPaise = paise(at(-5 * (60 + random.below(60))));
    const costAfterFirstTarget = random.chance(0.3) ? ({ costAfterFirstTarget: true } as const) : {};
    this.do({ ...command({ stopPaise, targets, ...costAfterFirstTarget }, this.mid), prices: [this.view] });
  }

  get view(): PriceView {
    return around(this.mid, this.now);
  }

  act(): void {
    const random = this.#random;
    const what = random.next();
    if (what < 0.45) this.move(5 * (random.below(41) - 20) + this.direction * 10);
    else if (what < 0.6) this.deal(1 + random.below(3));
    else if (what < 0.7) this.end();
    else if (what < 0.9) this.tell(1 + random.below(3));
    else if (what < 0.95) this.sellByHand();
    else this.plan();
  }

  move(by: number): void {
    this.mid = Math.max(10_00, this.mid + by);
    const due = (trade(this.account)?.triggers ?? []).filter((trigger) => isDue(trigger, this.view, this.now));
    if (due.length === 0) return;
    const fired = this.#random.shuffle(due).map(({ triggerId }) => ({ triggerId, price: this.view }));
    for (const { triggerId, kind } of due) {
      expect(this.#firedIds.has(triggerId), `${triggerId} fires twice`).toBe(false);
      this.#firedIds.add(triggerId);
      if (kind === "SCALE_OUT") this.parts += 1;
    }
    this.do({ type: "FIRE_TRIGGERS", atMs: this.now, fired });
    // The same again, as after an answer that was lost.
    expect(decide(this.account.state, { type: "FIRE_TRIGGERS", atMs: this.now, fired })).toEqual({
      ok: true,
      value: [],
    });
  }

  deal(count: number): void {
    const { working } = this.venue;
    if (working.length > 0) this.venue.deal(this.#random.pick(working), count, this.mid - this.direction * 5, this.now);
  }

  end(): void {
    const { working } = this.venue;
    if (working.length > 0) this.venue.end(this.#random.pick(working), "CANCELED", this.now);
  }

  tell(count: number): void {
    const reports = Array.from({ length: count }, () => this.venue.tellInOrder(this.#random.below(9))).flatMap(
      (report) => report ?? [],
    );
    if (reports.length > 0) this.do({ type: "APPLY_REPORTS", atMs: this.now, reports });
  }

  sellByHand(): void {
    if (closableUnits(this.account.state, instrumentId) === 0) return;
    this.#orders += 1;
    this.do({
      type: "SUBMIT_ORDER",
      atMs: this.now,
      price: this.view,
      request: {
        clientOrderId: id(`by-hand-${this.#orders}`),
        contract: NIFTY_CALL,
        side: this.direction > 0 ? "SELL" : "BUY",
        type: "MARKET",
        timeInForce: "IOC",
        product: "INTRADAY",
        quantityUnits: LOT,
        limitPricePaise: null,
      },
    });
  }

  check(): void {
    const { state } = this.account;
    const left = this.direction * heldUnits(this.account);
    expect(left).toBeGreaterThanOrEqual(0);
    const all = Object.values(state.orders).filter(({ purpose }) => purpose === "EXIT");
    const underWay = all.reduce((sum, order) => sum + (isOver(order) ? 0 : openUnits(order)), 0);
    expect(underWay).toBeLessThanOrEqual(left);
    expect(all.every(({ quantityUnits }) => quantityUnits % LOT === 0)).toBe(true);
    expect(left + all.reduce((sum, { filledUnits }) => sum + filledUnits, 0)).toBe(this.startLots * LOT);
    const open = trade(this.account);
    if (open === undefined) {
      expect(outstandingWork(state).triggers.flatMap(({ triggers }) => triggers)).toEqual([]);
      return;
    }
    const parts = partsToGive(state, open).reduce((sum, { units }) => sum + units, 0);
    expect(parts).toBeLessThanOrEqual(Math.abs(closableUnits(state, instrumentId)));
    // What is not on its way out is watched for its stop, or for any price.
    if (closableUnits(state, instrumentId) !== 0 && underWay === 0)
      expect(levels(this.account, "STOP")).toHaveLength(1);
  }

  /** Everything in flight ends; then the price goes through the stop until nothing is held. */
  finish(): void {
    for (let round = 0; round < 12 && trade(this.account) !== undefined; round += 1) {
      for (const working of this.venue.working) this.venue.deal(working, 100, this.mid - this.direction * 5, this.now);
      for (const working of this.venue.working) this.venue.end(working, "CANCELED", this.now);
      while (this.venue.untold.length > 0) this.tell(9);
      this.move(round === 0 ? -this.direction * 15_00 : 0);
    }
    expect(this.account.state.openTrades).toEqual({});
    expectSoundHistory(this.account.events, this.account.state);
  }
}

describe("whatever fires, deals, fails and is sold by hand, in whatever order", () => {
  it("never more is on its way than is held, each level fires once, and all of it is left in the end", () => {
    let parts = 0;
    for (let seed = 1; seed <= 60; seed += 1) {
      const run = new Run(seed);
      for (let step = 0; step < 40 && trade(run.account) !== undefined; step += 1) run.act();
      run.finish();
      parts += run.parts;
    }
    expect(parts).toBeGreaterThan(60);
  });
});
