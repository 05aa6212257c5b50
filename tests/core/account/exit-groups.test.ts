// Exits of several positions together: acted upon at the very quote at which their result reaches a level, never before, for any
// mix of longs and shorts and any path of prices.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import { decide } from "../../../src/core/account/decide.ts";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import type { ExitGroupRequest } from "../../../src/core/account/exit-command.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import { type StopRule, tightened } from "../../../src/core/account/stop-rules.ts";
import { accountView } from "../../../src/core/account/view.ts";
import type { InstrumentId } from "../../../src/core/instrument/contract.ts";
import { type Paise, paise } from "../../../src/core/kernel/money.ts";
import { TriggerBook } from "../../../src/core/market-feed/trigger-book.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  aWindow,
  BANKNIFTY_CALL,
  CONTRACTS,
  canceled,
  filled,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  SENSEX_CALL,
  submit,
} from "../../support/builders.ts";
import { hold } from "../../support/open-positions.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const SPREAD = 10;
const NO_LIMIT = { dailyLossMaxPaise: paise(10_00_000_00), shortOptions: "NAKED" as const };
const priced = (instrumentId: InstrumentId, bid: number): PriceView =>
  aPrice({ instrumentId, bidPaise: paise(bid), askPaise: paise(bid + SPREAD), lastPaise: paise(bid) });

const request = (change: Partial<ExitGroupRequest> = {}): ExitGroupRequest => ({
  groupId: "all",
  scope: { kind: "ACCOUNT" },
  stopPaise: null,
  targetPaise: null,
  trail: null,
  lock: null,
  ...change,
});

/** An account, the prices of what it holds, and the real trigger book between them, as the feed works it. */
class Desk {
  readonly account: AccountUnderTest;
  readonly bids = new Map<InstrumentId, number>();
  readonly book = new TriggerBook();
  commands = 0;

  constructor(limits: Parameters<typeof anAccount>[0] = { limits: NO_LIMIT }) {
    this.account = anAccount(limits);
  }

  get prices(): PriceView[] {
    return [...this.bids].map(([instrumentId, bid]) => priced(instrumentId, bid));
  }

  set(group: ExitGroupRequest): void {
    this.account.do({ type: "SET_EXIT_GROUP", atMs: later(1), group, prices: this.prices });
    this.register();
  }

  register(): void {
    const wanted = new Map(
      outstandingWork(this.account.state).triggers.map((each) => [each.instrumentId, each.triggers]),
    );
    for (const { instrumentId } of CONTRACTS) this.book.replace("U001", instrumentId, wanted.get(instrumentId) ?? []);
  }

  /** New prices of some contracts at one moment; what fires is answered until nothing fires any more. */
  quote(bids: ReadonlyMap<InstrumentId, number>): readonly AccountEvent[] {
    for (const [instrumentId, bid] of bids) this.bids.set(instrumentId, bid);
    const fired = this.book.cross(new Set(bids.keys()), (instrumentId) => {
      const bid = this.bids.get(instrumentId);
      return bid === undefined ? null : { bidPaise: paise(bid), askPaise: paise(bid + SPREAD) };
    });
    if (fired.length === 0) return [];
    this.commands += 1;
    const events = this.account.do({
      type: "FIRE_TRIGGERS",
      atMs: later(1_000 + this.commands),
      fired: fired.map(({ triggerId, instrumentId }) => ({
        triggerId,
        price: priced(instrumentId, this.bids.get(instrumentId) ?? 0),
      })),
      prices: this.prices,
    });
    this.register();
    return events;
  }

  /** What the positions would earn if they were left now. */
  get resultPaise(): number {
    return Object.values(this.account.state.openTrades).reduce((sum, { position }) => {
      const bid = this.bids.get(position.contract.instrumentId) ?? 0;
      return sum + (position.netUnits > 0 ? bid : bid + SPREAD) * position.netUnits - position.costPaise;
    }, 0);
  }
}

const left = (events: readonly AccountEvent[]) =>
  events.flatMap((event) => (event.type === "EXIT_GROUP_LEFT" ? [event] : []));
const exits = (events: readonly AccountEvent[]) =>
  events.flatMap((event) => (event.type === "ORDER_SUBMITTED" && event.terms.purpose === "EXIT" ? [event.terms] : []));

describe("an exit of several positions", () => {
  const leg = fc.record({
    lots: fc.integer({ min: 1, max: 4 }),
    isShort: fc.boolean(),
    bid: fc.integer({ min: 200, max: 3_000 }),
  });
  const move = fc.record({
    contracts: fc.subarray([0, 1, 2, 3], { minLength: 1 }),
    ticks: fc.array(fc.integer({ min: -60, max: 60 }), { minLength: 4, maxLength: 4 }),
  });

  it("is acted upon at the first quote at which the result is at or beyond a level, and at no other", () => {
    let acted = 0;
    let waited = 0;
    fc.assert(
      fc.property(
        fc.array(leg, { minLength: 1, maxLength: 4 }),
        fc.array(move, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 400_000 }),
        fc.integer({ min: 1, max: 400_000 }),
        fc.option(
          fc.record({ distance: fc.integer({ min: 1, max: 300_000 }), step: fc.integer({ min: 1, max: 100_000 }) }),
          { nil: null },
        ),
        (legs, moves, below, above, trail) => {
          const desk = new Desk();
          legs.forEach(({ lots, isShort, bid }, index) => {
            const contract = CONTRACTS[index] ?? NIFTY_CALL;
            hold(desk.account, contract, (isShort ? -1 : 1) * lots * contract.lotSize, bid * 5);
            desk.bids.set(contract.instrumentId, bid * 5);
          });
          const start = desk.resultPaise;
          const group = request({
            stopPaise: paise(start - below),
            targetPaise: paise(start + above),
            trail: trail === null ? null : { distancePaise: paise(trail.distance), stepPaise: paise(trail.step) },
          });
          desk.set(group);
          let stop: Paise | null = desk.account.state.exitGroups?.["all"]?.stopPaise ?? null;
          const rules: readonly StopRule[] = desk.account.state.exitGroups?.["all"]?.rules ?? [];
          for (const { contracts, ticks } of moves) {
            const bids = new Map<InstrumentId, number>();
            for (const index of contracts) {
              const instrumentId = CONTRACTS[index]?.instrumentId;
              const before = instrumentId === undefined ? undefined : desk.bids.get(instrumentId);
              if (instrumentId === undefined || before === undefined) continue;
              bids.set(instrumentId, Math.max(5, before + (ticks[index] ?? 0) * 5));
            }
            const events = desk.quote(bids);
            const result = desk.resultPaise;
            const isStopped = stop !== null && result <= stop;
            const isReached = isStopped || result >= start + above;
            expect(left(events).length, `at ${result} with stop ${stop} and target ${start + above}`).toBe(
              isReached ? 1 : 0,
            );
            if (isReached) {
              expect(left(events)[0]).toMatchObject({ resultPaise: result });
              acted += 1;
              return;
            }
            // The reference looks at every quote; the account only at those at which a guard fires.
            stop = tightened(rules, stop, paise(result), 1);
            expect(desk.account.state.exitGroups?.["all"]?.stopPaise).toBe(stop);
          }
          waited += 1;
        },
      ),
      { numRuns: 400, seed: 20_251_121 },
    );
    // Both ends of the guarantee were really met.
    expect(acted).toBeGreaterThan(50);
    expect(waited).toBeGreaterThan(20);
  });

  it("costs the account a look only where a guard is reached, not at every quote", () => {
    const desk = new Desk();
    for (const contract of [NIFTY_CALL, BANKNIFTY_CALL]) {
      hold(desk.account, contract, contract.lotSize, 50_00);
      desk.bids.set(contract.instrumentId, 50_00);
    }
    desk.set(request({ stopPaise: paise(-1_000_00) }));
    for (let step = 1; step <= 500; step += 1) {
      desk.quote(
        new Map([
          [NIFTY_CALL.instrumentId, 50_00 + (step % 7) * 5],
          [BANKNIFTY_CALL.instrumentId, 50_00 - (step % 5) * 5],
        ]),
      );
    }
    expect(desk.commands).toBe(0);
  });

  it("leaves shorts first, and what protected them only when they are closed", () => {
    const desk = new Desk({ limits: { ...NO_LIMIT, shortOptions: "DEFINED_RISK" } });
    const short = {
      ...NIFTY_CALL,
      instrumentId: "NIFTY2590224600CE.NFO" as InstrumentId,
      strikePaise: paise(24_600_00),
    };
    hold(desk.account, NIFTY_CALL, 75, 50_00);
    hold(desk.account, short, -75, 30_00);
    desk.bids.set(NIFTY_CALL.instrumentId, 50_00);
    desk.bids.set(short.instrumentId, 30_00);
    desk.set(request({ stopPaise: paise(-500_00), scope: { kind: "UNDERLYING", underlying: "NIFTY50" } }));
    desk.bids.set(NIFTY_CALL.instrumentId, 43_00);
    const guard = desk.account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers.find(
      ({ kind }) => kind === "GROUP_FALL",
    );
    const events = desk.account.do({
      type: "FIRE_TRIGGERS",
      atMs: later(5),
      fired: [{ triggerId: guard?.triggerId ?? "", price: priced(NIFTY_CALL.instrumentId, 43_00) }],
      prices: desk.prices,
    });
    expect(left(events)).toMatchObject([{ reason: "STOP" }]);
    const [cover] = exits(events);
    expect(exits(events)).toMatchObject([
      { side: "BUY", contract: { instrumentId: short.instrumentId }, exitReason: "STOP" },
    ]);
    expect(desk.account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers).toEqual([]);
    desk.account.report(later(6), filled(cover?.clientOrderId ?? id(""), 75, 30_10));
    const release = desk.account.state.openTrades[NIFTY_CALL.instrumentId]?.triggers;
    expect(release).toMatchObject([{ kind: "STOP", fires: "AT_OR_ABOVE" }]);
    const sold = desk.account.do({
      type: "FIRE_TRIGGERS",
      atMs: later(7),
      fired: [{ triggerId: release?.[0]?.triggerId ?? "", price: priced(NIFTY_CALL.instrumentId, 43_00) }],
    });
    expect(exits(sold)).toMatchObject([{ side: "SELL", exitReason: "STOP" }]);
    desk.account.report(later(8), filled(exits(sold)[0]?.clientOrderId ?? id(""), 75, 43_00));
    expect(desk.account.state.openTrades).toEqual({});
    expect(desk.account.state.exitGroups).toEqual({});
  });

  it("counts what its positions have realised since it was made, and is over when it was left and holds nothing", () => {
    const desk = new Desk();
    hold(desk.account, NIFTY_CALL, 150, 50_00);
    hold(desk.account, BANKNIFTY_CALL, 35, 50_00);
    desk.bids.set(NIFTY_CALL.instrumentId, 50_00);
    desk.bids.set(BANKNIFTY_CALL.instrumentId, 50_00);
    desk.set(request({ stopPaise: paise(-1_000_00) }));
    const sale = desk.account.do({
      type: "EXIT_POSITION",
      atMs: later(2),
      instrumentId: NIFTY_CALL.instrumentId,
      prices: desk.prices,
    });
    desk.account.report(later(3), filled(exits(sale)[0]?.clientOrderId ?? id(""), 150, 45_00));
    expect(desk.account.state.exitGroups?.["all"]?.realisedPaise).toBe(-750_00);
    desk.register();
    // ₹250 are left to lose on 35 units: 42.85 and a bit.
    expect(left(desk.quote(new Map([[BANKNIFTY_CALL.instrumentId, 42_90]])))).toEqual([]);
    expect(left(desk.quote(new Map([[BANKNIFTY_CALL.instrumentId, 42_85]])))).toMatchObject([
      { resultPaise: -1_000_25 },
    ]);
  });

  it("goes on at every further price until it has left, and takes entries under way back", () => {
    const desk = new Desk();
    hold(desk.account, NIFTY_CALL, 75, 50_00);
    desk.bids.set(NIFTY_CALL.instrumentId, 50_00);
    desk.account.do({
      type: "SUBMIT_ORDER",
      atMs: later(1),
      price: aPrice(),
      request: {
        clientOrderId: id("resting"),
        contract: NIFTY_PUT,
        side: "BUY",
        type: "LIMIT",
        timeInForce: "DAY",
        product: "INTRADAY",
        quantityUnits: 75,
        limitPricePaise: paise(40_00),
      },
    });
    const events = desk.account.do({ type: "EXIT_ALL", atMs: later(2), prices: desk.prices });
    expect(events).toContainEqual(expect.objectContaining({ type: "CANCEL_REQUESTED", clientOrderId: id("resting") }));
    const [first] = exits(events);
    expect(first).toMatchObject({ exitReason: "REQUEST", quantityUnits: 75 });
    expect(desk.account.do({ type: "EXIT_ALL", atMs: later(3), prices: desk.prices })).toEqual([]);
    desk.account.report(later(4), canceled(first?.clientOrderId ?? id("")));
    desk.register();
    const again = exits(desk.quote(new Map([[NIFTY_CALL.instrumentId, 49_00]])));
    expect(again).toMatchObject([{ exitReason: "REQUEST" }]);
    desk.account.report(later(9_000), filled(again[0]?.clientOrderId ?? id(""), 75, 48_00), canceled(id("resting")));
    expect(desk.account.state.exitGroups).toEqual({});
    // What is entered afterwards is nobody's to leave.
    hold(desk.account, SENSEX_CALL, 20, 50_00);
    expect(desk.account.state.openTrades[SENSEX_CALL.instrumentId]).toBeDefined();
    expect(
      desk.account
        .do({
          type: "CHANGE_LIMITS",
          atMs: later(9_001),
          limits: desk.account.state.profile?.limits ?? (null as never),
          prices: [],
        })
        .filter(({ type }) => type === "ORDER_SUBMITTED"),
    ).toEqual([]);
    expectSoundHistory(desk.account.events, desk.account.state);
  });

  it("is refused where the market has passed a level already, with the limit and the value", () => {
    const desk = new Desk();
    hold(desk.account, NIFTY_CALL, 75, 50_00);
    desk.bids.set(NIFTY_CALL.instrumentId, 48_00);
    const refused = (group: ExitGroupRequest) => {
      const decision = decide(desk.account.state, {
        type: "SET_EXIT_GROUP",
        atMs: later(1),
        group,
        prices: desk.prices,
      });
      return decision.ok ? null : decision.error;
    };
    expect(refused(request({ stopPaise: paise(-150_00) }))).toMatchObject({
      code: "EXIT_GROUP_INVALID",
      fault: { field: "stop", limit: -150_00, value: -150_00, unit: "PAISE" },
    });
    expect(refused(request({ targetPaise: paise(-200_00) }))).toMatchObject({ fault: { field: "target" } });
    expect(refused(request())).toMatchObject({ fault: { field: "stop" } });
    expect(
      refused(
        request({
          stopPaise: paise(-1_000_00),
          scope: { kind: "INSTRUMENTS", instrumentIds: [SENSEX_CALL.instrumentId] },
        }),
      ),
    ).toMatchObject({
      fault: { field: "instrumentIds" },
    });
    expect(refused(request({ stopPaise: paise(-150_01) }))).toBeNull();
  });
});

describe("a group that ends its day", () => {
  const goal = (change: Partial<ExitGroupRequest> = {}) =>
    request({ groupId: "day", scope: { kind: "ACCOUNT" }, targetPaise: paise(1_000_00), endsDay: true, ...change });
  const bought = (desk: Desk, bid: number) => {
    hold(desk.account, NIFTY_CALL, 75, bid);
    desk.bids.set(NIFTY_CALL.instrumentId, bid);
  };
  const entry = (desk: Desk) => {
    const price = priced(BANKNIFTY_CALL.instrumentId, 50_00);
    const order = { clientOrderId: id("next"), contract: BANKNIFTY_CALL, quantityUnits: 35 };
    return desk.account.do(submit({ ...order, limitPricePaise: paise(50_00) }, later(9_000), price));
  };

  it("leaves everything at the day's target and lets nothing new in, whatever was earned or lost after", () => {
    const desk = new Desk();
    bought(desk, 50_00);
    desk.set(goal());
    expect(entry(desk)[0]).toMatchObject({ type: "ORDER_SUBMITTED" });
    const events = desk.quote(new Map([[NIFTY_CALL.instrumentId, 64_00]]));
    expect(left(events)).toMatchObject([{ reason: "TARGET", resultPaise: 1_050_00 }]);
    expect(exits(events)).toMatchObject([{ contract: NIFTY_CALL, side: "SELL" }]);
    expect(events).toContainEqual(expect.objectContaining({ type: "CANCEL_REQUESTED", clientOrderId: "next" }));
    const order = { clientOrderId: id("after"), contract: BANKNIFTY_CALL, quantityUnits: 35 };
    const price = priced(BANKNIFTY_CALL.instrumentId, 50_00);
    expect(desk.account.do(submit({ ...order, limitPricePaise: paise(50_00) }, later(9_001), price))).toMatchObject([
      {
        type: "ORDER_DENIED",
        denial: { code: "DAY_ENDED", limit: 1_000_00, value: 1_050_00, unit: "PAISE" },
      },
    ]);
    const [exit] = exits(events);
    desk.account.report(later(9_002), filled(exit?.clientOrderId ?? id(""), 75, 64_00));
    const window = desk.account.do(aWindow({ atMs: later(9_003) }));
    expect(window.find(({ type }) => type === "WINDOW_RUN")).toMatchObject({
      decisions: [{ action: "NO_TRADE", reason: "the exit group day has ended the day for entries" }],
    });
    expect(accountView(desk.account.state)?.day?.endedBy).toBe("day");
    expectSoundHistory(desk.account.events, desk.account.state);
  });

  it("ends it as well when the last position was closed beyond the level, and nothing is left to be watched", () => {
    const desk = new Desk();
    bought(desk, 50_00);
    desk.set(goal());
    const sale = { clientOrderId: id("sale"), side: "SELL", type: "LIMIT", limitPricePaise: paise(63_40) } as const;
    desk.account.do(submit(sale, later(5), priced(NIFTY_CALL.instrumentId, 63_40)));
    desk.account.report(later(6), accepted(id("sale")), filled(id("sale"), 75, 63_40));
    expect(desk.account.state.openTrades).toEqual({});
    expect(entry(desk)[0]).toMatchObject({ denial: { code: "DAY_ENDED", limit: 1_000_00, value: 1_005_00 } });
  });

  it("goes on while the result is short of it, and when the group was left by request", () => {
    const desk = new Desk();
    bought(desk, 50_00);
    desk.set(goal());
    desk.quote(new Map([[NIFTY_CALL.instrumentId, 62_00]]));
    desk.account.do({ type: "EXIT_ALL", atMs: later(3_000), prices: desk.prices });
    expect(entry(desk)[0]).toMatchObject({ type: "ORDER_SUBMITTED" });
  });

  it("is refused for less than the whole account", () => {
    const desk = new Desk();
    bought(desk, 50_00);
    const group = goal({ scope: { kind: "UNDERLYING", underlying: "NIFTY50" } });
    const refused = decide(desk.account.state, { type: "SET_EXIT_GROUP", atMs: later(1), group, prices: desk.prices });
    expect(refused).toMatchObject({ ok: false, error: { code: "EXIT_GROUP_INVALID", fault: { field: "endsDay" } } });
  });
});
