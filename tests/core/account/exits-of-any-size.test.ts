// Amounts of any size in exits: whatever is accepted, no price, execution or re-entry after it may break the account; a level
// that no number can hold can never be reached and is left out, and everything else is watched as if it were not there.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import { decide } from "../../../src/core/account/decide.ts";
import type { ExitCommand, ExitGroupRequest, ExitPlanRequest } from "../../../src/core/account/exit-command.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import { accountView } from "../../../src/core/account/view.ts";
import type { InstrumentId } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import {
  type AccountUnderTest,
  anAccount,
  aPrice,
  BANKNIFTY_CALL,
  CONTRACTS,
  filled,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
} from "../../support/builders.ts";
import { isDue } from "../../support/due-triggers.ts";
import { hold } from "../../support/open-positions.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const LARGEST = 9_007_199_254_740_990;
const NO_PLAN: ExitPlanRequest = {
  stopPaise: null,
  targetPaise: null,
  trail: null,
  costAtPaise: null,
  lock: null,
  timeExitMs: null,
  reentry: null,
};
const NO_GROUP: ExitGroupRequest = {
  groupId: "g",
  scope: { kind: "ACCOUNT" },
  stopPaise: null,
  targetPaise: null,
  trail: null,
  lock: null,
};

/** An account with some positions, told of prices as the feed would, whose exits all deal. */
class Desk {
  readonly account: AccountUnderTest = anAccount({
    limits: { dailyLossMaxPaise: paise(10_00_000_00), shortOptions: "NAKED" },
  });
  readonly #bids = new Map<InstrumentId, number>(CONTRACTS.map(({ instrumentId }) => [instrumentId, 50_00]));
  #now = later(1);

  get prices(): readonly PriceView[] {
    return [...this.#bids].map(([instrumentId, bid]) =>
      aPrice({
        instrumentId,
        bidPaise: paise(bid),
        askPaise: paise(bid + 10),
        lastPaise: paise(bid),
        quotedAtMs: this.#now,
      }),
    );
  }

  /** Refused or carried out, never anything else. */
  ask(command: ExitCommand): boolean {
    this.#now = later(1, this.#now);
    const decision = decide(this.account.state, { ...command, atMs: this.#now, prices: this.prices });
    if (decision.ok) for (const event of decision.value) this.account.take(event);
    return decision.ok;
  }

  quote(instrumentId: InstrumentId, bid: number): void {
    this.#bids.set(instrumentId, bid);
    this.#now = later(61_000, this.#now);
    for (let round = 0; round < 3; round += 1) {
      const { triggers } = outstandingWork(this.account.state);
      const fired = triggers
        .flatMap((each) => each.triggers)
        .flatMap((trigger) => {
          const price = this.prices.find((each) => each.instrumentId === trigger.instrumentId);
          return price !== undefined && isDue(trigger, price, this.#now)
            ? [{ triggerId: trigger.triggerId, price }]
            : [];
        });
      if (fired.length === 0) return;
      this.#now = later(1, this.#now);
      this.account.do({ type: "FIRE_TRIGGERS", atMs: this.#now, fired, prices: this.prices });
      this.deal();
    }
  }

  deal(): void {
    for (const { clientOrderId, contract, side, quantityUnits } of outstandingWork(this.account.state).submit) {
      const bid = this.#bids.get(contract.instrumentId) ?? 0;
      const report = filled(clientOrderId, quantityUnits, side === "SELL" ? bid : bid + 10, { atMs: this.#now });
      this.account.report(this.#now, report);
    }
  }

  stopOf(instrumentId: InstrumentId): number | null | undefined {
    return this.account.state.openTrades[instrumentId]?.exitPlan?.stopPaise;
  }
}

const aDesk = (): Desk => {
  const desk = new Desk();
  hold(desk.account, NIFTY_CALL, 75, 50_00);
  hold(desk.account, NIFTY_PUT, -75, 50_00);
  hold(desk.account, BANKNIFTY_CALL, 70, 50_00);
  return desk;
};

const lock = (from: number, stop: number, every: number, by: number) => ({
  fromPaise: paise(from),
  stopPaise: paise(stop),
  everyPaise: paise(every),
  byPaise: paise(by),
});

describe("an exit rule whose next level no number can hold", () => {
  it("tightens a group's stop as far as it can be reached, and goes on being watched", () => {
    const desk = aDesk();
    const group = { ...NO_GROUP, lock: lock(100_00, 50_00, LARGEST, 1) };
    expect(desk.ask({ type: "SET_EXIT_GROUP", group })).toBe(true);
    desk.quote(NIFTY_CALL.instrumentId, 60_00);
    expect(desk.account.state.exitGroups?.["g"]?.stopPaise).toBe(50_00);
    desk.quote(NIFTY_CALL.instrumentId, 50_00);
    expect(desk.account.events.map(({ type }) => type)).toContain("EXIT_GROUP_LEFT");
    expect(desk.account.state.openTrades).toEqual({});
  });

  it("tightens a plan's stop as far as it can be reached, beside a rule that lifts it beyond", () => {
    const desk = aDesk();
    const { instrumentId } = NIFTY_CALL;
    const plan = { ...NO_PLAN, stopPaise: paise(45_00), lock: lock(60_00, 55_00, LARGEST, 5) };
    expect(desk.ask({ type: "SET_EXIT_PLAN", instrumentId, plan })).toBe(true);
    desk.quote(instrumentId, 61_00);
    expect(desk.stopOf(instrumentId)).toBe(55_00);

    // 20,000,000.00 rupees for each paisa: safe at the start, not once a trail has lifted the stop by thousands of rupees.
    const slow = { ...NO_GROUP, trail: null, stopPaise: paise(-1_000_00), lock: lock(1_00, 0, 2_000_000_000, 1) };
    const trail = { distancePaise: paise(10_00), stepPaise: paise(1_00) };
    expect(desk.ask({ type: "SET_EXIT_GROUP", group: { ...slow, trail } })).toBe(true);
    desk.quote(BANKNIFTY_CALL.instrumentId, 2_00_000_00);
    expect(desk.account.state.exitGroups?.["g"]?.stopPaise).toBeGreaterThan(5_000_000);
  });

  it("does not come back with a trade that is entered again", () => {
    const desk = aDesk();
    const { instrumentId } = NIFTY_CALL;
    const reentry = { mode: "ASAP" as const, times: 2, waitMs: 1_000, momentumPaise: paise(0) };
    const targets = { targetPaise: paise(LARGEST), lock: lock(LARGEST, 60_00, 10, 5) };
    const plan = { ...NO_PLAN, stopPaise: paise(45_00), ...targets, reentry };
    expect(desk.ask({ type: "SET_EXIT_PLAN", instrumentId, plan })).toBe(true);
    desk.quote(instrumentId, 45_00);
    desk.quote(instrumentId, 55_00);
    expect(desk.account.state.openTrades[instrumentId]?.exitPlan).toMatchObject({
      stopPaise: 50_10,
      targetPaise: null,
      reentry: { times: 1 },
    });
    expect(desk.account.state.openTrades[instrumentId]?.exitPlan?.rules).toEqual([]);
  });
});

describe("exits with amounts of any size", () => {
  const amount = fc.oneof(
    fc.integer({ min: 1, max: 2_000 }).map((ticks) => ticks * 5),
    fc.integer({ min: 0, max: 2_000 }).map((ticks) => LARGEST - ticks * 5),
    fc.constantFrom(0, 1, 5, 2_000_000_000, LARGEST / 2, 4_503_599_627_370_500, 9_000_000_000_000_000),
  );
  const signed = fc.tuple(amount, fc.boolean()).map(([value, isLoss]) => paise(isLoss ? -value : value));
  const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2 });
  const money = amount.map(paise);
  const aLock = fc.record({ fromPaise: signed, stopPaise: signed, everyPaise: money, byPaise: money });
  const level = fc.record({ unit: fc.constantFrom("PRICE" as const, "PAISE" as const, "BPS" as const), value: amount });
  const aPlan: fc.Arbitrary<ExitPlanRequest> = fc.record({
    stopPaise: maybe(money),
    targetPaise: maybe(money),
    trail: maybe(
      fc.record({ distance: amount, step: amount, unit: fc.constantFrom("PAISE" as const, "BPS" as const) }),
    ),
    costAtPaise: maybe(money),
    lock: maybe(aLock),
    timeExitMs: fc.constant(null),
    reentry: maybe(
      fc.record({
        mode: fc.constantFrom("ASAP" as const, "AT_COST" as const, "MOMENTUM" as const),
        times: fc.constant(3),
        waitMs: fc.constant(1_000),
        momentumPaise: money,
      }),
    ),
    targets: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(fc.record({ level, quantity: fc.constant(null) }), { maxLength: 1 }) },
    ),
  });
  const aGroup: fc.Arbitrary<ExitGroupRequest> = fc.record({
    groupId: fc.constantFrom("g", "h"),
    scope: fc.constantFrom(
      { kind: "ACCOUNT" as const },
      { kind: "UNDERLYING" as const, underlying: "NIFTY50" as const },
    ),
    stopPaise: maybe(signed),
    targetPaise: maybe(signed),
    trail: maybe(fc.record({ distancePaise: money, stepPaise: money })),
    lock: maybe(aLock),
  });
  const contract = fc.constantFrom(NIFTY_CALL, NIFTY_PUT, BANKNIFTY_CALL);
  const step = fc.oneof(
    fc.record({ do: fc.constant("plan" as const), contract, plan: aPlan }),
    fc.record({ do: fc.constant("group" as const), group: aGroup }),
    fc.record({ do: fc.constant("quote" as const), contract, bid: fc.integer({ min: 1, max: 4_000 }) }),
  );

  it("are refused or carried out, and nothing that follows ever throws", () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 8, maxLength: 24, size: "max" }), (steps) => {
        const desk = aDesk();
        for (const each of steps) {
          accountView(desk.account.state);
          if (each.do === "quote") desk.quote(each.contract.instrumentId, each.bid * 5);
          else if (each.do === "group") accepted += Number(desk.ask({ type: "SET_EXIT_GROUP", group: each.group }));
          else {
            const { instrumentId } = each.contract;
            accepted += Number(desk.ask({ type: "SET_EXIT_PLAN", instrumentId, plan: each.plan }));
          }
        }
        expect(accountView(desk.account.state)?.exitGroups).toBeDefined();
        expectSoundHistory(desk.account.events, desk.account.state);
      }),
      { numRuns: 250 },
    );
    expect(accepted).toBeGreaterThan(200);
  });
});
