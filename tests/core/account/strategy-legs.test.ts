// Guarantees of strategies whose legs have levels of their own: every leg of a list has its plan once the list is whole, and not
// before; a leg that is stopped leaves the others, and what covers it last; what is left ends as one; and a stopped trade comes
// back as often as its plan says, and not once more.
import { describe, expect, it } from "vitest";
import { findList } from "../../../src/core/account/lists.ts";
import { reentryTrigger } from "../../../src/core/account/reentry.ts";
import type { OpenTrade, PriceTrigger } from "../../../src/core/account/state.ts";
import { tradesOfInstance } from "../../../src/core/account/strategies.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { EpochMs } from "../../../src/core/kernel/time.ts";
import { averagePricePaise } from "../../../src/core/position/position.ts";
import { uncoveredUnits } from "../../../src/core/risk/short-cover.ts";
import type { LegExit, StrategyDefinition } from "../../../src/core/strategy/definition/definition.ts";
import { type AccountUnderTest, aPrice, at } from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";
import { aDefinition } from "../strategy/definition-fixtures.ts";
import { aMarketWindow, fillAll, instance, named, ordersOf, running } from "./strategy-fixtures.ts";

const stopAt = (value: number): LegExit => ({ stop: { unit: "PREMIUM_PERCENT", value } });
const legsWith = (definition: StrategyDefinition, exitOf: (side: "BUY" | "SELL") => LegExit): StrategyDefinition => ({
  ...definition,
  entries: definition.entries.map((entry) => ({
    ...entry,
    legs: entry.legs.map((leg) => ({ ...leg, exit: exitOf(leg.side) })),
  })),
});

const CALM = { "bar.rsi14": [50, 50] } as const;
const open = (account: AccountUnderTest) => tradesOfInstance(account.state, "one");
const stopOf = (trade: OpenTrade | undefined): PriceTrigger =>
  required(
    trade?.triggers.find(({ kind }) => kind === "STOP"),
    "a stop",
  );

/** The price the level speaks of: what a long is sold at, what a short is bought back at. */
const priceAtLevel = ({ instrumentId, levelPaise, watches }: PriceTrigger, quotedAtMs: EpochMs) => {
  const isAsk = watches === "ASK";
  const [bidPaise, askPaise] = isAsk ? [paise(levelPaise - 10), levelPaise] : [levelPaise, paise(levelPaise + 10)];
  return aPrice({ instrumentId, bidPaise, askPaise, lastPaise: levelPaise, quotedAtMs });
};
const fire = (account: AccountUnderTest, trigger: PriceTrigger, atMs: EpochMs) =>
  account.do({
    type: "FIRE_TRIGGERS",
    atMs,
    fired: [{ triggerId: trigger.triggerId, price: priceAtLevel(trigger, atMs) }],
  });

describe("a list whose legs have stops", () => {
  const fly = () => {
    const account = running(legsWith(named("vix-iron-fly"), (side) => stopAt(side === "SELL" ? 30 : 60)));
    account.do(aMarketWindow(1, CALM));
    return account;
  };

  it("has no stop before it is whole, and a plan on every leg from then on", () => {
    const account = fly();
    const wings = Object.values(account.state.orders).filter(({ status }) => status === "SUBMITTED");
    expect(wings.map(({ side }) => side)).toEqual(["BUY", "BUY"]);
    fillAll(account);
    const armed = account.events.findIndex(({ type }) => type === "STRATEGY_ARMED");
    const lastFill = account.events.findLastIndex(({ type }) => type === "ORDER_FILLED");
    expect(armed).toBeGreaterThan(lastFill);
    const early = account.events.slice(0, lastFill).filter(({ type }) => type === "TRIGGERS_SET");
    expect(early.flatMap((event) => (event.type === "TRIGGERS_SET" ? event.triggers : []))).not.toContainEqual(
      expect.objectContaining({ kind: "STOP" }),
    );
    expect(open(account)).toHaveLength(4);
    for (const { position, exitPlan, triggers } of open(account)) {
      const cost = averagePricePaise(position);
      const level = required(exitPlan?.stopPaise, "a stop in its plan");
      const stops = triggers.filter(({ kind }) => kind === "STOP");
      if (position.netUnits < 0) {
        expect(stops).toMatchObject([{ fires: "AT_OR_ABOVE", watches: "ASK", levelPaise: level }]);
        expect(level).toBeGreaterThan(cost);
      } else {
        // What covers a short is not left before it: its stop waits until it covers nothing.
        expect(stops).toEqual([]);
        expect(level).toBeLessThan(cost);
      }
    }
  });

  it("leaves the long when its short is stopped, stays covered, and ends as one position", () => {
    const account = fly();
    fillAll(account);
    const short = required(
      open(account).find(({ position }) => position.netUnits < 0 && position.contract.optionType === "CALL"),
      "the sold call",
    );
    fire(account, stopOf(short), at("12:04"));
    const [exit] = ordersOf(account).filter(({ purpose }) => purpose === "EXIT");
    expect(exit).toMatchObject({ side: "BUY", exitReason: "STOP", contract: short.position.contract });
    expect(ordersOf(account).filter(({ purpose }) => purpose === "EXIT")).toHaveLength(1);
    fillAll(account);
    const left = open(account).map(({ position: { contract, netUnits } }) => [
      contract.optionType,
      Math.sign(netUnits),
    ]);
    expect(left).toHaveLength(3);
    expect(left).toEqual(
      expect.arrayContaining([
        ["CALL", 1],
        ["PUT", 1],
        ["PUT", -1],
      ]),
    );
    expect(uncoveredUnits(account.state)).toBe(0);
    expect(instance(account).open).not.toBeNull();
    // It covers nothing any more: its own stop is watched from now on, and the other wing's is not.
    const watched = open(account).filter(({ triggers }) => triggers.some(({ kind }) => kind === "STOP"));
    expect(watched.map(({ position: { contract, netUnits } }) => [contract.optionType, Math.sign(netUnits)])).toEqual(
      expect.arrayContaining([
        ["CALL", 1],
        ["PUT", -1],
      ]),
    );
    expect(watched).toHaveLength(2);
    // The result of what is left is watched on as one.
    expect(account.state.exitGroups?.["strategy-one"]).toBeDefined();

    const prices = open(account).map(({ position: { contract } }) =>
      aPrice({ instrumentId: contract.instrumentId, quotedAtMs: at("12:06") }),
    );
    account.do({ type: "MOVE_STRATEGY", atMs: at("12:06"), instanceId: "one", action: "stop", prices });
    // What covers leaves when its short has, at the next price there is.
    for (let step = 0; step < 4 && open(account).length > 0; step += 1) {
      fillAll(account);
      expect(uncoveredUnits(account.state)).toBe(0);
      for (const { triggers } of open(account)) {
        for (const trigger of triggers) fire(account, trigger, at("12:07"));
      }
    }
    expect(open(account)).toEqual([]);
    expect(account.state.exitGroups ?? {}).toEqual({});
    expect(account.state.reentries ?? {}).toEqual({});
    const { open: held, metrics } = instance(account);
    expect(held).toBeNull();
    expect(metrics).toMatchObject({ entries: 1, closed: 1 });
    const lists = new Set(ordersOf(account).flatMap(({ listId }) => listId ?? []));
    expect([...lists].map((listId) => findList(account.state, listId)?.stage)).toEqual(["CLOSED"]);
    expectSoundHistory(account.events, account.state);
  });
});

describe("a stopped trade that may come back twice", () => {
  it("is entered again after each of two stops, with a stop of its own, and not after the third", () => {
    const exit: LegExit = { ...stopAt(20), reentry: { mode: "ASAP", times: 2, waitMinutes: 1 } };
    const account = running(legsWith(aDefinition(), () => exit));
    account.do(aMarketWindow(1));
    fillAll(account);
    const instrumentId = required(open(account)[0], "a trade").position.contract.instrumentId;
    const dealt = () => ordersOf(account).filter(({ purpose, filledUnits }) => purpose === "ENTRY" && filledUnits > 0);
    for (const [round, [stoppedAt, backAt]] of [
      [at("12:05"), at("12:07")],
      [at("12:10"), at("12:12")],
      [at("12:15"), at("12:17")],
    ].entries()) {
      expect(dealt()).toHaveLength(round + 1);
      const [trade] = open(account);
      const stop = stopOf(trade);
      expect(stop.levelPaise).toBeLessThan(averagePricePaise(required(trade, "a trade").position));
      fire(account, stop, required(stoppedAt, "an instant"));
      fillAll(account, () => stop.levelPaise);
      expect(open(account)).toEqual([]);
      const reentry = account.state.reentries?.[instrumentId];
      if (round === 2) {
        expect(reentry).toBeUndefined();
        continue;
      }
      const due = required(reentryTrigger(account.state, required(reentry, "a re-entry")), "its trigger");
      const atMs = required(backAt, "an instant");
      const price = aPrice({
        instrumentId,
        bidPaise: stop.levelPaise,
        askPaise: paise(stop.levelPaise + 5),
        quotedAtMs: atMs,
      });
      account.do({ type: "FIRE_TRIGGERS", atMs, fired: [{ triggerId: due.triggerId, price }] });
      fillAll(account);
    }
    expect(dealt()).toHaveLength(3);
    expect(instance(account).open).toBeNull();
    expectSoundHistory(account.events, account.state);
  });
});
