// Names of exit groups and lists: those of strategies are not for a person to take, a strategy leaves what is its own whatever
// bears its group's name, and no name is special because every object has it.
import { describe, expect, it } from "vitest";
import { decide } from "../../../src/core/account/decide.ts";
import type { ExitGroupRequest } from "../../../src/core/account/exit-command.ts";
import { findGroup, groupsOf } from "../../../src/core/account/exit-groups.ts";
import { findList } from "../../../src/core/account/lists.ts";
import { tradesOfInstance } from "../../../src/core/account/strategies.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import {
  type AccountUnderTest,
  anAccount,
  aPrice,
  at,
  id,
  NIFTY_CALL,
  NIFTY_PUT,
  submit,
} from "../../support/builders.ts";
import { hold } from "../../support/open-positions.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";
import { aDefinition } from "../strategy/definition-fixtures.ts";
import { aMarketWindow, fillAll, instance, named, ordersOf, running } from "./strategy-fixtures.ts";

const NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty"];
const LATER = at("12:07");
const ofPut = (groupId: string): ExitGroupRequest => ({
  groupId,
  scope: { kind: "INSTRUMENTS", instrumentIds: [NIFTY_PUT.instrumentId] },
  stopPaise: paise(-500_00),
  targetPaise: null,
  trail: null,
  lock: null,
});
const priceOf = (account: AccountUnderTest) =>
  Object.values(account.state.openTrades).map(({ position }) =>
    aPrice({ instrumentId: position.contract.instrumentId, quotedAtMs: LATER }),
  );
const setGroup = (account: AccountUnderTest, groupId: string) =>
  decide(account.state, { type: "SET_EXIT_GROUP", atMs: LATER, group: ofPut(groupId), prices: priceOf(account) });
const removeGroup = (account: AccountUnderTest, groupId: string) =>
  decide(account.state, { type: "REMOVE_EXIT_GROUP", atMs: LATER, groupId, prices: priceOf(account) });
const stop = (account: AccountUnderTest) =>
  account.do({ type: "MOVE_STRATEGY", atMs: LATER, instanceId: "one", action: "stop", prices: priceOf(account) });

/** The instance has bought something, and the account holds a put by hand beside it. */
function besideAPut(): AccountUnderTest {
  const account = running(aDefinition());
  account.do(aMarketWindow(1));
  fillAll(account);
  expect(tradesOfInstance(account.state, "one")).toHaveLength(1);
  expect(account.state.openTrades[NIFTY_PUT.instrumentId]).toBeUndefined();
  hold(account, NIFTY_PUT, 75, 50_00);
  return account;
}

describe("the exit group of a strategy", () => {
  it("is set and taken away by nobody but the strategy: a person is refused, with the field", () => {
    const account = besideAPut();
    for (const groupId of ["strategy-one", "strategy-", "strategy-that-is-not-there"]) {
      const refused = { ok: false, error: { code: "EXIT_GROUP_INVALID", fault: { field: "groupId" } } };
      expect(setGroup(account, groupId), groupId).toMatchObject(refused);
      expect(removeGroup(account, groupId), groupId).toMatchObject(refused);
    }
    expect(setGroup(account, "my-strategy-one")).toMatchObject({ ok: true });

    const armed = running(named("vix-iron-fly"));
    armed.do(aMarketWindow(1, { "bar.rsi14": [50, 50] }));
    fillAll(armed);
    expect(findGroup(armed.state, "strategy-one")?.stopPaise).toBeLessThan(0);
    expect(removeGroup(armed, "strategy-one")).toMatchObject({ ok: false, error: { code: "EXIT_GROUP_INVALID" } });
  });

  it.each([false, true])(
    "that a person took in an older journal keeps nothing of the strategy's when it is stopped",
    (isLeft) => {
      const account = besideAPut();
      const { scope, stopPaise, targetPaise } = ofPut("strategy-one");
      const group = {
        groupId: "strategy-one",
        scope: required(scope.kind === "INSTRUMENTS" ? scope : undefined, "contracts"),
        ...{ stopPaise, targetPaise, rules: [], stopReason: "STOP" as const, realisedPaise: paise(0) },
      };
      account.take({ type: "EXIT_GROUP_SET", atMs: LATER, group });
      const left = { reason: "STOP", resultPaise: paise(0) } as const;
      if (isLeft) account.take({ type: "EXIT_GROUP_LEFT", atMs: LATER, group, ...left });
      stop(account);
      fillAll(account);
      expect(tradesOfInstance(account.state, "one"), "what is the strategy's").toEqual([]);
      expect(account.state.openTrades[NIFTY_PUT.instrumentId], "what is the person's").toBeDefined();
      expect(instance(account).state).toBe("STOPPED");
      expect(ordersOf(account).at(-1)).toMatchObject({ purpose: "EXIT", exitReason: "REQUEST" });
    },
  );
});

describe("a name that every object has", () => {
  it.each(NAMES)("is a group's like any other: %s", (groupId) => {
    const account = anAccount();
    hold(account, NIFTY_PUT, 75, 50_00);
    hold(account, NIFTY_CALL, 75, 50_00);
    account.do({ type: "SET_EXIT_GROUP", atMs: LATER, group: ofPut("g"), prices: priceOf(account) });
    expect(removeGroup(account, groupId)).toMatchObject({ ok: false, error: { code: "EXIT_GROUP_NOT_FOUND" } });
    for (let number = 2; number <= 20; number += 1) {
      account.do({ type: "SET_EXIT_GROUP", atMs: LATER, group: ofPut(`g${number}`), prices: priceOf(account) });
    }
    expect(setGroup(account, groupId), "beyond as many as there may be").toMatchObject({
      ok: false,
      error: { code: "EXIT_GROUP_INVALID" },
    });
    account.do({ type: "REMOVE_EXIT_GROUP", atMs: LATER, groupId: "g2", prices: priceOf(account) });
    account.do({ type: "SET_EXIT_GROUP", atMs: LATER, group: ofPut(groupId), prices: priceOf(account) });
    expect(findGroup(account.state, groupId)).toMatchObject({ stopPaise: -500_00 });
    account.do({ type: "REMOVE_EXIT_GROUP", atMs: LATER, groupId, prices: priceOf(account) });
    expect(findGroup(account.state, groupId)).toBeUndefined();
    expect(groupsOf(account.state)).toHaveLength(19);
    expectSoundHistory(account.events, account.state);
  });

  it.each(NAMES)("is taken by a denied list and by a denied order like any other: %s", (name) => {
    const account = anAccount({ limits: { openTradesMax: 0 } });
    const request = {
      ...{ listId: id(name), structure: "CUSTOM" as const, sets: 1, completeWithinMs: 10_000 },
      legs: [{ contract: NIFTY_CALL, side: "BUY" as const, ratio: 1, limitPricePaise: paise(50_00) }],
      ...{ onIncomplete: "UNWIND" as const, timeExitMs: null, request: "a" },
    };
    const prices = [aPrice()];
    const another = { ...request, listId: id("another") };
    for (const each of [another, request]) account.do({ type: "SUBMIT_LIST", atMs: LATER, request: each, prices });
    expect(findList(account.state, "another")?.stage).toBe("DENIED");
    expect(findList(account.state, name)?.stage).toBe("DENIED");

    const other = anAccount({ limits: { openTradesMax: 0 } });
    other.do({ type: "SUBMIT_LIST", atMs: LATER, request: another, prices });
    other.do(submit({ clientOrderId: id(name) }, LATER, aPrice({ quotedAtMs: LATER })));
    expect(Object.hasOwn(other.state.orders, name)).toBe(true);
    expect(other.state.orders[id(name)]?.status).toBe("DENIED");
  });
});
