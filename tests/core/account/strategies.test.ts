// Guarantees: an instance moves only along its states; a running one enters through the same check as anybody and its orders
// carry its name; its exits are set in the decision in which it deals; parameters changed meanwhile count from the next window
// on; a failure is that instance's alone; and what it earned is its own.
import { describe, expect, it } from "vitest";
import { decide } from "../../../src/core/account/decide.ts";
import { EMPTY_ACCOUNT, evolve } from "../../../src/core/account/evolve.ts";
import { reentryTrigger } from "../../../src/core/account/reentry.ts";
import { findInstance, tradesOfInstance } from "../../../src/core/account/strategies.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { canonicalJson } from "../../../src/core/ledger/hash-chain.ts";
import { noticesOf } from "../../../src/core/reporting/notices.ts";
import type { StrategyDefinition } from "../../../src/core/strategy/definition/definition.ts";
import type { InstanceAction, InstanceState } from "../../../src/core/strategy/definition/instance.ts";
import { anAccount, aPrice, at, aWindow, filled, later, NOON } from "../../support/builders.ts";
import { aDefinition } from "../strategy/definition-fixtures.ts";
import {
  aMarketWindow,
  fillAll,
  instance,
  load,
  move,
  named,
  ordersOf,
  running,
  STRONG,
  say,
} from "./strategy-fixtures.ts";

describe("the life of an instance", () => {
  const LIFE: readonly (readonly [InstanceState, InstanceAction, InstanceState | "REFUSED"])[] = [
    ["STOPPED", "start", "RUNNING"],
    ["STOPPED", "pause", "REFUSED"],
    ["STOPPED", "resume", "REFUSED"],
    ["RUNNING", "pause", "PAUSED"],
    ["RUNNING", "stop", "STOPPED"],
    ["RUNNING", "reset", "REFUSED"],
    ["PAUSED", "resume", "RUNNING"],
    ["PAUSED", "start", "REFUSED"],
    ["PAUSED", "stop", "STOPPED"],
    ["ERROR", "reset", "STOPPED"],
    ["ERROR", "start", "REFUSED"],
    ["ERROR", "resume", "REFUSED"],
    ["ERROR", "stop", "STOPPED"],
  ];
  it.each(LIFE)("from %s, %s leads to %s", (from, action, to) => {
    const account = anAccount();
    load(account, "one", aDefinition());
    const moved = { type: "STRATEGY_MOVED", atMs: NOON, instanceId: "one", to: from, reason: "a test" } as const;
    account.state = evolve(account.state, moved);
    const decision = decide(account.state, {
      type: "MOVE_STRATEGY",
      atMs: NOON,
      instanceId: "one",
      action,
      prices: [],
    });
    if (to === "REFUSED") {
      expect(decision).toMatchObject({ ok: false, error: { code: "STRATEGY_INSTANCE_STATE" } });
      expect(decision.ok ? "" : decision.error.detail).toContain(`${action} passes from`);
    } else expect(decision).toMatchObject({ ok: true, value: [{ type: "STRATEGY_MOVED", to }] });
  });

  it("does nothing when what is asked for is so already, and is refused where nobody is", () => {
    const account = running(aDefinition());
    expect(move(account, "one", "start")).toEqual([]);
    const nobody = decide(account.state, {
      type: "MOVE_STRATEGY",
      atMs: NOON,
      instanceId: "two",
      action: "start",
      prices: [],
    });
    expect(nobody).toMatchObject({ ok: false, error: { code: "STRATEGY_INSTANCE_NOT_FOUND" } });
  });

  it("is loaded once, ten to an account, and removed only when stopped and flat", () => {
    const account = anAccount();
    for (let number = 0; number < 10; number += 1) load(account, `i${number}`, aDefinition());
    const before = account.events.length;
    load(account, "i3", aDefinition());
    expect(account.events.length).toBe(before);
    const definition = aDefinition();
    const terms = {
      definition,
      strategyId: "a-test",
      hash: "a".repeat(64),
      underlying: "NIFTY50",
      parameters: {},
    } as const;
    const tenth = decide(account.state, { type: "LOAD_STRATEGY", atMs: NOON, instanceId: "i10", prices: [], ...terms });
    expect(tenth).toMatchObject({ error: { code: "STRATEGY_INSTANCE_LIMIT", fault: { limit: 10, value: 11 } } });
    move(account, "i3", "start");
    const running_ = decide(account.state, { type: "REMOVE_STRATEGY", atMs: NOON, instanceId: "i3", prices: [] });
    expect(running_).toMatchObject({ error: { code: "STRATEGY_INSTANCE_STATE" } });
    move(account, "i3", "stop");
    say(account, { type: "REMOVE_STRATEGY", instanceId: "i3" });
    expect(findInstance(account.state, "i3")).toBeUndefined();
  });

  it("can be asked for before the first day is opened", () => {
    const profile = required(anAccount().state.profile, "a profile");
    const opened = decide(EMPTY_ACCOUNT, { type: "OPEN_ACCOUNT", atMs: at("08:00"), profile });
    const state = opened.ok ? opened.value.reduce(evolve, EMPTY_ACCOUNT) : EMPTY_ACCOUNT;
    const terms = {
      definition: aDefinition(),
      strategyId: "a-test",
      hash: "h",
      underlying: "NIFTY50",
      parameters: {},
    } as const;
    expect(decide(state, { type: "LOAD_STRATEGY", atMs: NOON, instanceId: "one", prices: [], ...terms }).ok).toBe(true);
  });
});

describe("an entry of one option", () => {
  const definition = (): StrategyDefinition => {
    const base = aDefinition({ sizing: { by: "LOTS", lots: 2 }, exits: { afterMinutes: 30 } });
    const exit = {
      stop: { unit: "PREMIUM_PERCENT", value: 20 },
      target: { unit: "PREMIUM_PERCENT", value: 40 },
      trail: { distance: { unit: "PREMIUM_PERCENT", value: 20 }, step: { unit: "PREMIUM_PERCENT", value: 5 } },
      reentry: { mode: "ASAP", times: 1, waitMinutes: 1 },
    } as const;
    const cheap = { by: "PREMIUM", rupees: 60 } as const;
    return {
      ...base,
      entries: base.entries.map((entry) => ({
        ...entry,
        legs: entry.legs.map((leg) => ({ ...leg, strike: cheap, exit })),
      })),
    };
  };

  it("is sent by the check, named after the instance, and has its plan from its first execution on", () => {
    const account = running(definition());
    account.do(aMarketWindow(1));
    const [order] = ordersOf(account);
    expect(order).toMatchObject({
      status: "SUBMITTED",
      origin: "STRATEGY",
      side: "BUY",
      quantityUnits: 150,
      exitReason: null,
    });
    expect(order?.clientOrderId).toBe("U001-2025-08-29-C12-W1-one");
    fillAll(account, () => paise(60_00));
    const [trade] = tradesOfInstance(account.state, "one");
    expect(trade?.exitPlan).toMatchObject({
      stopReason: "STOP",
      reentry: { times: 1 },
      timeExitMs: later(30 * 60_000, at("12:02")),
    });
    expect(trade?.exitPlan?.targetPaise).toBeGreaterThan(80_00);
    expect(trade?.triggers.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["STOP", "TARGET", "TIMER"]));
    expect(instance(account)).toMatchObject({
      open: { entry: "strong", isArmed: true },
      metrics: { signals: 1, entries: 1 },
    });
  });

  it("does not enter twice, not while it holds nor beside somebody else in the same contract", () => {
    const account = running(definition());
    load(account, "two", definition());
    move(account, "two", "start");
    account.do(aMarketWindow(1));
    expect(ordersOf(account, "two")).toEqual([]);
    expect(instance(account, "two").last?.reason).toContain("is held or under way already");
    fillAll(account);
    account.do(aMarketWindow(2));
    expect(ordersOf(account)).toHaveLength(1);
    expect(instance(account).last).toMatchObject({ action: "HELD", reason: "its position is open" });
  });

  it("counts what its exit realised, and one position won", () => {
    const account = running(definition());
    account.do(aMarketWindow(1));
    fillAll(account, () => paise(60_00));
    const [trade] = tradesOfInstance(account.state, "one");
    const { contract, netUnits } = required(trade, "a trade").position;
    const target = required(
      trade?.triggers.find(({ kind }) => kind === "TARGET"),
      "a target",
    );
    const price = aPrice({
      instrumentId: contract.instrumentId,
      bidPaise: target.levelPaise,
      askPaise: paise(target.levelPaise + 10),
      quotedAtMs: at("12:10"),
    });
    account.do({ type: "FIRE_TRIGGERS", atMs: at("12:10"), fired: [{ triggerId: target.triggerId, price }] });
    fillAll(account, () => target.levelPaise);
    const { metrics, open } = instance(account);
    expect(metrics).toMatchObject({ closed: 1, won: 1, realisedPaise: (target.levelPaise - 60_00) * netUnits });
    expect(open).toBeNull();
  });

  it("is left by its time in a window, and by a stop of the instance at once", () => {
    for (const how of ["time", "stop"]) {
      const account = running(aDefinition({ exits: { afterMinutes: 4 } }));
      account.do(aMarketWindow(1));
      fillAll(account);
      const [trade] = tradesOfInstance(account.state, "one");
      const { instrumentId } = required(trade, "a trade").position.contract;
      const prices = [aPrice({ instrumentId, quotedAtMs: at("12:07") })];
      if (how === "time") account.do(aMarketWindow(2, STRONG, { prices }));
      else account.do({ type: "MOVE_STRATEGY", atMs: at("12:07"), instanceId: "one", action: "stop", prices });
      expect(
        ordersOf(account).map(({ purpose, side }) => [purpose, side]),
        how,
      ).toContainEqual(["EXIT", "SELL"]);
      fillAll(account);
      expect(tradesOfInstance(account.state, "one"), how).toEqual([]);
      expect(instance(account).metrics.closed, how).toBe(1);
    }
  });

  it("is left at the next price where it deals after a stop of the instance that came too late", () => {
    const account = running(aDefinition());
    account.do(aMarketWindow(1));
    const [order] = ordersOf(account);
    move(account, "one", "stop");
    expect(ordersOf(account)[0]?.status).toBe("PENDING_CANCEL");
    const { clientOrderId, quantityUnits, contract, limitPricePaise } = required(order, "an order");
    account.report(at("12:04"), filled(clientOrderId, quantityUnits, limitPricePaise, { atMs: at("12:04") }));
    const { instrumentId } = contract;
    const [trigger] = account.state.openTrades[instrumentId]?.triggers ?? [];
    const price = aPrice({ instrumentId, quotedAtMs: at("12:05") });
    account.do({
      type: "FIRE_TRIGGERS",
      atMs: at("12:05"),
      fired: [{ triggerId: trigger?.triggerId ?? "none", price }],
    });
    fillAll(account);
    expect(tradesOfInstance(account.state, "one")).toEqual([]);
    expect(ordersOf(account).at(-1)).toMatchObject({ purpose: "EXIT", exitReason: "REQUEST" });
    expect(account.state.exitGroups).toEqual({});
  });

  it.each(["RUNNING", "PAUSED", "ERROR"] as const)("enters again after its stop only while it runs: %s", (state) => {
    const account = running(definition());
    account.do(aMarketWindow(1));
    fillAll(account, () => paise(60_00));
    const [trade] = tradesOfInstance(account.state, "one");
    const stop = required(
      trade?.triggers.find(({ kind }) => kind === "STOP"),
      "a stop",
    );
    const { instrumentId } = stop;
    const priceAt = (atMs: typeof NOON) =>
      aPrice({ instrumentId, bidPaise: paise(47_95), askPaise: paise(48_00), quotedAtMs: atMs });
    const fire = (atMs: typeof NOON, triggerId: string) =>
      account.do({ type: "FIRE_TRIGGERS", atMs, fired: [{ triggerId, price: priceAt(atMs) }] });
    fire(at("12:10"), stop.triggerId);
    fillAll(account, () => paise(47_95));
    const moved = {
      type: "STRATEGY_MOVED",
      atMs: at("12:10"),
      instanceId: "one",
      to: state,
      reason: "a test",
    } as const;
    account.state = evolve(account.state, moved);
    const reentry = required(account.state.reentries?.[instrumentId], "a re-entry");
    fire(at("12:12"), required(reentryTrigger(account.state, reentry), "its trigger").triggerId);
    const entries = ordersOf(account).filter(({ purpose }) => purpose === "ENTRY");
    expect(entries).toHaveLength(state === "RUNNING" ? 2 : 1);
    if (state !== "RUNNING") expect(account.state.reentries).toEqual({});
  });

  it("is denied by the account's limits, once a cycle and reason, and the denial counts", () => {
    const account = anAccount({ limits: { tradesPerDayMax: 0 } });
    load(account, "one", definition());
    move(account, "one", "start");
    account.do(aMarketWindow(1));
    account.do(aMarketWindow(2));
    expect(ordersOf(account).map(({ status, denial }) => [status, denial?.code])).toEqual([
      ["DENIED", "DAY_TRADES_LIMIT"],
    ]);
    expect(instance(account)).toMatchObject({ metrics: { denials: 2, entries: 0 }, open: null });
  });

  it("holds back while paused, and takes parameters that were changed meanwhile from the next window on", () => {
    const account = running(aDefinition());
    move(account, "one", "pause");
    account.do(aMarketWindow(1));
    expect(instance(account).last?.reason).toBe("it is paused");
    move(account, "one", "resume");
    say(account, { type: "SET_STRATEGY_PARAMETERS", instanceId: "one", parameters: { level: 66 } });
    account.do(aMarketWindow(2));
    expect(instance(account).last?.reason).toBe("no entry condition holds");
    say(account, { type: "SET_STRATEGY_PARAMETERS", instanceId: "one", parameters: { level: 64 } });
    account.do(aMarketWindow(3));
    expect(ordersOf(account)).toHaveLength(1);
    const bad = {
      type: "SET_STRATEGY_PARAMETERS",
      instanceId: "one",
      parameters: { level: 95 },
      atMs: NOON,
      prices: [],
    } as const;
    expect(decide(account.state, bad)).toMatchObject({
      error: { code: "STRATEGY_PARAMETERS_INVALID", fault: { field: "parameters.level", limit: 90, value: 95 } },
    });
  });
});

describe("an entry of several options", () => {
  const calm = { "bar.rsi14": [50, 50] } as const;

  it("goes as one list, wings first, and is watched by its result once it is whole", () => {
    const account = running(named("vix-iron-fly"));
    account.do(aMarketWindow(1, calm));
    expect(ordersOf(account).map(({ side }) => side)).toEqual(["BUY", "BUY"]);
    expect(account.state.exitGroups ?? {}).toEqual({});
    fillAll(account);
    const group = account.state.exitGroups?.["strategy-one"];
    expect(tradesOfInstance(account.state, "one")).toHaveLength(4);
    expect(group?.stopPaise).toBeLessThan(0);
    expect(group?.targetPaise).toBeGreaterThan(0);
    const prices = tradesOfInstance(account.state, "one").map(({ position }) =>
      aPrice({ instrumentId: position.contract.instrumentId, quotedAtMs: at("12:07") }),
    );
    account.do({ type: "MOVE_STRATEGY", atMs: at("12:07"), instanceId: "one", action: "stop", prices });
    const exits = ordersOf(account).filter(({ purpose }) => purpose === "EXIT");
    expect(
      exits.map(({ side }) => side),
      "shorts are covered first",
    ).toEqual(["BUY", "BUY"]);
    fillAll(account);
    expect(tradesOfInstance(account.state, "one").every(({ position }) => position.netUnits > 0)).toBe(true);
  });

  it("is denied whole where the account may sell nothing", () => {
    const account = anAccount({ limits: { shortOptions: "NONE" } });
    load(account, "one", named("vix-iron-fly"));
    move(account, "one", "start");
    account.do(aMarketWindow(1, calm));
    expect(instance(account).last?.action).toBe("DENIED");
    expect(ordersOf(account).filter(({ status }) => status === "SUBMITTED")).toEqual([]);
  });
});

describe("instances beside each other", () => {
  it("one that fails is in ERROR with its reason, and the others of the account decide on", () => {
    const account = anAccount();
    const broken = aDefinition();
    load(account, "bad", broken);
    load(account, "good", aDefinition());
    for (const each of ["bad", "good"]) move(account, each, "start");
    // A definition from a journal that names a parameter nobody declared: evaluation asserts.
    const strategies = required(account.state.strategies, "instances");
    const bad = required(strategies["bad"], "bad");
    account.state = { ...account.state, strategies: { ...strategies, bad: { ...bad, parametersText: "{}" } } };
    account.do(aMarketWindow(1));
    expect(instance(account, "bad")).toMatchObject({ state: "ERROR", metrics: { errors: 1 } });
    expect(instance(account, "bad").reason).toContain("no number parameter level");
    expect(ordersOf(account, "good")).toHaveLength(1);
    const event = required(
      account.events.find((one) => one.type === "STRATEGY_MOVED" && one.to === "ERROR"),
      "a move",
    );
    const [notice] = noticesOf(account.state, { sequence: 1, event, hash: "" }, account.state);
    expect(notice).toMatchObject({ priority: "HIGH", title: "A strategy is in ERROR" });
  });

  it("the platform's own signals of an index are left to the bot of that index, whatever it does", () => {
    const account = anAccount();
    load(account, "bot", named("bot-nifty50"));
    account.do(aWindow());
    expect(Object.values(account.state.orders)).toEqual([]);
    const run = required(
      account.events.find((event) => event.type === "WINDOW_RUN"),
      "a window",
    );
    expect(run.type === "WINDOW_RUN" && run.decisions[0]?.reason).toBe(
      "left to the strategy instance bot, which is STOPPED",
    );
  });

  it("a journal folds to the same state again, and a repeated window changes nothing", () => {
    const account = running(named("vix-iron-fly"));
    const window = aMarketWindow(1, { "bar.rsi14": [50, 50] });
    account.do(window);
    fillAll(account);
    expect(account.do(window)).toEqual([]);
    expect(account.events.reduce(evolve, EMPTY_ACCOUNT)).toEqual(account.state);
    // What a journal and a snapshot hold has one spelling.
    for (const event of account.events) expect(canonicalJson(event)).not.toBe("");
    expect(canonicalJson(account.state)).toBe(canonicalJson(JSON.parse(JSON.stringify(account.state))));
  });

  it("keeps still without a view of its index, and says so", () => {
    const account = running(aDefinition());
    account.do(aWindow({ signals: [] }));
    expect(instance(account).last?.reason).toBe("no view of NIFTY50 came with the window");
    const halted = aMarketWindow(2);
    const [view] = required(halted.markets, "views");
    const gate = { halt: { code: "UNDERLYING_HALTED", reason: "a test" } } as const;
    account.do({ ...halted, markets: [{ ...required(view, "a view"), gate }] });
    expect(instance(account).last).toMatchObject({
      action: "DENIED",
      reason: expect.stringContaining("UNDERLYING_HALTED"),
    });
  });
});
