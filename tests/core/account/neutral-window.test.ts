// What an account makes of a neutral view: a structure entered in stages, left together, refused with figures, settled.
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import { chargesOf } from "../../../src/core/account/decide-day.ts";
import type { AccountEvent, WindowDecision } from "../../../src/core/account/event.ts";
import { isFlat } from "../../../src/core/account/evolve.ts";
import { findList, listsOf } from "../../../src/core/account/lists.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { EpochMs } from "../../../src/core/kernel/time.ts";
import type { ClientOrderId } from "../../../src/core/order/order.ts";
import type { Signal, StructureChoice, StructureLeg } from "../../../src/core/prediction/signal.ts";
import { exposureOf, reservedPaise } from "../../../src/core/risk/exposure.ts";
import { uncoveredUnits } from "../../../src/core/risk/short-cover.ts";
import {
  type AccountUnderTest,
  anAccount,
  aPrice,
  aSignal,
  at,
  aWindow,
  BANKNIFTY_CALL,
  canceled,
  DATE,
  filled,
  later,
  NOON,
  transferUpdate,
} from "../../support/builders.ts";
import { hold } from "../../support/open-positions.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";
import { option } from "../order-list/list-fixtures.ts";

const WINGS = [option("CALL", 24_650), option("PUT", 24_350)] as const;
const BODY = [option("CALL", 24_500), option("PUT", 24_500)] as const;
const ALL = [...WINGS, ...BODY];
const MIDS = [30_00, 28_00, 90_00, 85_00];
const LIST = "U001-2025-08-29-C12-W1-NIFTY50-N1" as ClientOrderId;

/** Middles move by so many basis points, wings and body apart. */
const prices = (atMs: EpochMs = NOON, bodyBps = 0): readonly PriceView[] =>
  ALL.map((contract, index) => {
    const moveBps = BODY.includes(contract as (typeof BODY)[number]) ? bodyBps : 0;
    const mid = Math.round(((MIDS[index] ?? 0) * (10_000 + moveBps)) / 50_000) * 5;
    return aPrice({
      instrumentId: contract.instrumentId,
      bidPaise: paise(mid - 5),
      askPaise: paise(mid + 5),
      lastPaise: paise(mid),
      quotedAtMs: atMs,
      spotPaise: paise(24_500_00),
      ivBps: 1_200,
    });
  });
const leg = (contract: OptionContract, side: "BUY" | "SELL"): StructureLeg => ({
  contract,
  side,
  ratio: 1,
  bidPaise: null,
  askPaise: null,
  lastPaise: null,
  quotedAtMs: NOON,
  source: "RECORDED",
  deltaBps: null,
});
const FLY: StructureChoice = {
  template: "IRON_FLY",
  legs: [...WINGS.map((contract) => leg(contract, "BUY")), ...BODY.map((contract) => leg(contract, "SELL"))],
  wingPaise: paise(150_00),
  creditPaise: paise(116_80 * 75),
  gainPaise: paise(600_00),
  targetPaise: paise(900_00),
  costPaise: paise(400_00),
  stopLossPaise: paise(1_500_00),
  lossMaxPaise: paise(33_20 * 75),
};
const neutral = (change: Partial<Signal> = {}): Signal =>
  aSignal({
    direction: "NEUTRAL",
    confidenceBps: 8_000,
    reason: "calm",
    choice: null,
    structure: FLY,
    targetMovePaise: null,
    stopMovePaise: paise(80_00),
    ...change,
  });
const window = (change: Parameters<typeof aWindow>[0] = {}) =>
  aWindow({ signals: [neutral()], prices: prices(change?.atMs ?? NOON), ...change });
const rich = (change: Parameters<typeof anAccount>[0] = {}) =>
  anAccount({ capitalPaise: paise(2_00_000_00), ...change });

const decisionsOf = (events: readonly AccountEvent[]): readonly WindowDecision[] =>
  events.flatMap((event) => (event.type === "WINDOW_RUN" ? event.decisions : []));

/** Whatever is under way deals at the middle. No short is uncovered at any event. */
function fillAll(account: AccountUnderTest, atMs: EpochMs, bodyBps = 0): void {
  for (const order of outstandingWork(account.state).submit) {
    const price = prices(atMs, bodyBps).find(({ instrumentId }) => instrumentId === order.contract.instrumentId);
    account.report(atMs, filled(order.clientOrderId, order.quantityUnits, price?.lastPaise ?? 0, { atMs }));
    expect(uncoveredUnits(account.state)).toBe(0);
  }
}

/** Holds the fly since noon. */
function inTheFly(account: AccountUnderTest = rich()): AccountUnderTest {
  account.do(window());
  fillAll(account, NOON);
  fillAll(account, NOON);
  expect(findList(account.state, LIST)?.stage).toBe("FILLED");
  return account;
}

/** Fires what is due at these prices, and fills, until nothing is left to do. */
function runOut(account: AccountUnderTest, fromMs: EpochMs, bodyBps = 0): void {
  for (let round = 1; round <= 8 && !isFlat(account.state); round += 1) {
    const atMs = later(round * 1_000, fromMs);
    const views = prices(atMs, bodyBps);
    const fired = Object.values(account.state.openTrades).flatMap(({ position, triggers }) =>
      triggers
        .filter(({ kind, levelPaise }) => kind === "STOP" && levelPaise <= 5)
        .map(({ triggerId }) => ({
          triggerId,
          price: views.find(({ instrumentId }) => instrumentId === position.contract.instrumentId) as PriceView,
        })),
    );
    if (fired.length > 0) account.do({ type: "FIRE_TRIGGERS", atMs, fired, prices: views });
    fillAll(account, atMs, bodyBps);
  }
  expect(isFlat(account.state)).toBe(true);
}

/** Lets the guard of a sold leg fire at prices that have moved. */
function move(account: AccountUnderTest, kind: "GROUP_FALL" | "GROUP_RISE", bodyBps: number): readonly AccountEvent[] {
  const atMs = later(60_000);
  const views = prices(atMs, bodyBps);
  const { instrumentId } = BODY[0];
  const trigger = account.state.openTrades[instrumentId]?.triggers.find((each) => each.kind === kind);
  const price = views.find((view) => view.instrumentId === instrumentId) as PriceView;
  return account.do({
    type: "FIRE_TRIGGERS",
    atMs,
    fired: [{ triggerId: trigger?.triggerId ?? "", price }],
    prices: views,
  });
}

describe("a neutral view with a structure", () => {
  it("is entered as one list of the strategy: what is bought is sent, what is sold waits for it", () => {
    const account = rich();
    const events = account.do(window());
    expect(decisionsOf(events)).toMatchObject([{ action: "ENTERED", reason: "calm", denial: null }]);
    expect(findList(account.state, LIST)).toMatchObject({
      stage: "PROTECTING",
      structure: "IRON_FLY",
      sets: 1,
      origin: "STRATEGY",
      signalId: "2025-08-29-C12/NIFTY50",
      timeExitMs: neutral().expiresAtMs,
      onIncomplete: "UNWIND",
    });
    expect(outstandingWork(account.state).submit.map(({ side }) => side)).toEqual(["BUY", "BUY"]);
    expect(reservedPaise(account.state)).toBeGreaterThan(0);
    fillAll(account, NOON);
    expect(outstandingWork(account.state).submit.map(({ side }) => side)).toEqual(["SELL", "SELL"]);
    fillAll(account, NOON);
    expect(account.state.day?.trades).toBe(1);
    expect(reservedPaise(account.state)).toBe(0);
    expectSoundHistory(account.events, account.state);
  });

  it("is left together: a stop at what the view loses, a target at what standing still earns", () => {
    const account = inTheFly(rich({ capitalPaise: paise(3_00_000_00) }));
    expect(account.state.exitGroups?.[LIST]).toMatchObject({
      scope: { kind: "INSTRUMENTS", instrumentIds: ALL.map(({ instrumentId }) => instrumentId) },
      stopPaise: -1_500_00,
      targetPaise: 900_00,
    });
  });

  it("keeps its stop and target where no wing deals at the first attempt", () => {
    const account = rich();
    account.do(window());
    const sent = outstandingWork(account.state).submit.map(({ clientOrderId }) => canceled(clientOrderId));
    account.report(NOON, ...sent);
    fillAll(account, NOON);
    fillAll(account, NOON);
    expect(findList(account.state, LIST)?.stage).toBe("FILLED");
    expect(account.state.exitGroups?.[LIST]).toMatchObject({ stopPaise: -1_500_00, targetPaise: 900_00 });
    const [short] = BODY;
    const kinds = account.state.openTrades[short.instrumentId]?.triggers.map(({ kind }) => kind);
    expect(kinds).toContain("GROUP_FALL");
    expect(kinds).toContain("GROUP_RISE");
    expectSoundHistory(account.events, account.state);
  });

  it("forgets its stop and target with a list that came to nothing", () => {
    const account = rich();
    account.do(window());
    for (let round = 0; round < 4; round += 1) {
      const sent = outstandingWork(account.state).submit.map(({ clientOrderId }) => canceled(clientOrderId));
      account.report(NOON, ...sent);
    }
    expect(findList(account.state, LIST)?.stage).toBe("UNWOUND");
    expect(account.state.exitGroups).toEqual({});
  });

  it("never risks more up to its stop than the band's share of capital", () => {
    // 1 % of 2,00,000 below a VIX of 20.
    const narrow = rich();
    narrow.do(window({ signals: [neutral({ structure: { ...FLY, stopLossPaise: paise(2_400_00) } })] }));
    expect(narrow.state.exitGroups?.[LIST]?.stopPaise).toBe(-2_000_00);
  });

  it.each([
    ["GROUP_RISE", -900, "TARGET"],
    ["GROUP_FALL", 1_400, "STOP"],
  ] as const)("goes by %s, shorts first, settles, and every paisa is accounted for", (kind, bodyBps, reason) => {
    const account = inTheFly(rich({ capitalPaise: paise(3_00_000_00) }));
    const events = move(account, kind, bodyBps);
    expect(events).toContainEqual(expect.objectContaining({ type: "EXIT_GROUP_LEFT", reason }));
    expect(outstandingWork(account.state).submit.map(({ side, exitReason }) => `${side} ${exitReason}`)).toEqual([
      `BUY ${reason}`,
      `BUY ${reason}`,
    ]);
    runOut(account, later(60_000), bodyBps);
    expect(findList(account.state, LIST)).toMatchObject({ stage: "CLOSED", leaving: reason });
    expect(account.state.exitGroups).toEqual({});
    expect(exposureOf(account.state).exposurePaise).toBe(0);
    settle(account);
    expect(account.state.day?.status).toBe("CLOSED");
    expect(Math.sign(account.state.day?.realisedPaise ?? 0)).toBe(reason === "TARGET" ? 1 : -1);
    expectSoundHistory(account.events, account.state);
  });

  it("goes when the view lapses, by the list's timer", () => {
    const account = inTheFly();
    const dueMs = neutral().expiresAtMs;
    const [timer] = outstandingWork(account.state).triggers.flatMap(({ triggers }) =>
      triggers.filter(({ kind }) => kind === "TIMER"),
    );
    expect(timer).toMatchObject({ dueMs });
    const price = prices(dueMs).find(({ instrumentId }) => instrumentId === timer?.instrumentId) as PriceView;
    account.do({ type: "FIRE_TRIGGERS", atMs: dueMs, fired: [{ triggerId: timer?.triggerId ?? "", price }] });
    expect(findList(account.state, LIST)).toMatchObject({ stage: "EXITING", leaving: "TIME" });
    runOut(account, dueMs);
    expectSoundHistory(account.events, account.state);
  });

  it("goes whole when a view takes a direction, and stays on NEUTRAL and NO_TRADE", () => {
    const account = inTheFly();
    for (const [number, direction] of [
      [2, "NEUTRAL"],
      [3, "NO_TRADE"],
    ] as const) {
      const events = account.do(window({ window: number, signals: [neutral({ direction })] }));
      expect(decisionsOf(events)).toMatchObject([{ action: "HELD" }]);
    }
    const turned = { cycleId: "2025-08-29-C13", signals: [aSignal({ signalId: "2025-08-29-C13/NIFTY50" })] };
    const events = account.do(window({ ...turned, atMs: later(60_000) }));
    expect(decisionsOf(events)).toMatchObject([{ action: "EXITED", reason: "the view turned BULLISH" }]);
    expect(findList(account.state, LIST)).toMatchObject({ stage: "EXITING", leaving: "DIRECTION_SWITCH" });
    const again = account.do(window({ ...turned, window: 2, atMs: later(61_000) }));
    expect(decisionsOf(again)).toMatchObject([{ action: "EXITED", reason: "on the way out" }]);
    runOut(account, later(62_000));
    expectSoundHistory(account.events, account.state);
  });

  it("leaves a list alone that a person has asked for", () => {
    const account = rich();
    account.do({
      type: "SUBMIT_LIST",
      atMs: NOON,
      prices: prices(),
      request: {
        listId: "mine" as ClientOrderId,
        structure: "IRON_FLY",
        sets: 1,
        legs: FLY.legs.map(({ contract, side, ratio }) => ({ contract, side, ratio, limitPricePaise: null })),
        completeWithinMs: 10_000,
        onIncomplete: "UNWIND",
        timeExitMs: null,
        request: "mine",
      },
    });
    fillAll(account, NOON);
    fillAll(account, NOON);
    const events = account.do(window({ signals: [aSignal()] }));
    expect(decisionsOf(events)).toMatchObject([{ action: "HELD" }]);
    expect(findList(account.state, "mine")?.stage).toBe("FILLED");
  });

  it("does nothing once the view has lapsed, or without a structure", () => {
    for (const change of [{ expiresAtMs: NOON }, { structure: undefined }]) {
      const account = rich();
      const { structure: _structure, ...bare } = neutral();
      const signal = "structure" in change ? bare : { ...neutral(), ...change };
      expect(decisionsOf(account.do(window({ signals: [signal] })))).toMatchObject([{ action: "NO_TRADE" }]);
      expect(listsOf(account.state)).toEqual([]);
    }
  });
});

describe("a neutral view that may not be traded", () => {
  const denialOf = (account: AccountUnderTest, change: Parameters<typeof aWindow>[0] = {}) =>
    decisionsOf(account.do(window(change)))[0]?.denial ?? null;

  it("is denied with the share and what one set needs where the capital is too small", () => {
    const account = rich({ limits: { dailyLossMaxPaise: paise(20_000_00), openTradesMax: 8 } });
    // 2,00,000 × 3 × 40 % ÷ 3.
    const denial = denialOf(account);
    expect(denial).toMatchObject({ code: "POSITION_TOO_SMALL", field: "sets", limit: 80_000_00, unit: "PAISE" });
    expect(denial?.value).toBeGreaterThan(80_000_00);
    expect(findList(account.state, LIST)).toMatchObject({ stage: "DENIED", denial });
    expect(account.state.exitGroups ?? {}).toEqual({});
  });

  it("is denied where a gap beyond a wing would take more than the day may still lose", () => {
    const account = rich({ limits: { dailyLossMaxPaise: paise(2_000_00) } });
    const denial = denialOf(account);
    expect(denial).toMatchObject({ code: "LIST_LOSS_LIMIT", limit: 2_000_00, unit: "PAISE" });
    expect(denial?.value).toBeGreaterThanOrEqual(FLY.lossMaxPaise);
    // A loss limit of one's own lifts nobody over the drawdown of 2.5 %.
    const lifted = anAccount({ capitalPaise: paise(1_00_000_00), limits: { dailyLossMaxPaise: paise(20_000_00) } });
    expect(denialOf(lifted)).toMatchObject({ code: "LIST_LOSS_LIMIT", limit: 2_500_00 });
  });

  it("is denied where nothing may be sold short, and where a leg has no price", () => {
    expect(denialOf(rich({ limits: { shortOptions: "NONE" } }))).toMatchObject({ code: "SHORT_NOT_ALLOWED" });
    expect(denialOf(rich(), { prices: prices().slice(1) })).toMatchObject({ code: "QUOTE_MISSING" });
  });

  it("is on record once for each signal", () => {
    const account = rich({ limits: { shortOptions: "NONE" } });
    denialOf(account, { window: 1 });
    expect(denialOf(account, { window: 2 })).toMatchObject({ code: "SHORT_NOT_ALLOWED" });
    expect(listsOf(account.state)).toHaveLength(1);
  });
});

describe("taking what fits", () => {
  const grown = () =>
    anAccount({
      category: "ADMIN",
      capitalPaise: paise(15_00_000_00),
      savingsPaise: paise(20_00_000_00),
      limits: { dailyLossMaxPaise: paise(1_00_000_00), orderValueMaxPaise: paise(50_00_000_00) },
    });

  it("is recorded with a structure of which fewer sets were sent than its share would carry", () => {
    const free = grown();
    free.do(window());
    const whole = findList(free.state, LIST);
    expect(whole?.cut).toBeUndefined();
    expect(whole?.sets).toBeGreaterThan(2);

    const account = grown();
    const needPaise = Math.ceil(reservedPaise(free.state) / (whole?.sets ?? 1));
    // Leaves room for two sets and a half.
    const lots = Math.floor((exposureOf(account.state).buyingPowerPaise - 2.5 * needPaise) / (200_00 * 35));
    hold(account, BANKNIFTY_CALL, lots * 35, 200_00);
    account.do(window());
    expect(findList(account.state, LIST)).toMatchObject({
      sets: 2,
      cut: {
        requestedUnits: (whole?.sets ?? 0) * 75,
        executedUnits: 150,
        remainingUnits: ((whole?.sets ?? 0) - 2) * 75,
      },
    });
    expectSoundHistory(account.events, account.state);
  });

  it("is recorded with a bought option of which fewer lots were sent than its share would buy", () => {
    const account = grown();
    const { buyingPowerPaise } = exposureOf(account.state);
    const lots = Math.floor((buyingPowerPaise - 10 * 51_10 * 75) / (200_00 * 35));
    hold(account, BANKNIFTY_CALL, lots * 35, 200_00);
    const events = account.do(aWindow({ signals: [aSignal({ stopMovePaise: paise(1_00) })] }));
    const [terms] = events.flatMap((event) => (event.type === "ORDER_SUBMITTED" ? [event.terms] : []));
    const { cut } = terms ?? {};
    expect(cut?.executedUnits).toBe(terms?.quantityUnits);
    expect(cut?.requestedUnits).toBe((cut?.executedUnits ?? 0) + (cut?.remainingUnits ?? 0));
    expect(cut?.remainingUnits).toBeGreaterThan(0);
    expect(cut?.executedExposurePaise).toBe((terms?.limitPricePaise ?? 0) * (terms?.quantityUnits ?? 0));
    const unhindered = grown().do(aWindow({ signals: [aSignal({ stopMovePaise: paise(1_00) })] }));
    expect(unhindered.flatMap((event) => (event.type === "ORDER_SUBMITTED" ? [event.terms.cut] : []))).toEqual([
      undefined,
    ]);
  });
});

function settle(account: AccountUnderTest): void {
  account.do({ type: "ENTER_EXIT_ONLY", atMs: at("15:15"), jobKey: "EXIT_ONLY" });
  account.do({ type: "SQUARE_OFF", atMs: at("15:18"), jobKey: "SQUARE_OFF/1", prices: [] });
  account.do({ type: "SETTLE_PROVISIONAL", atMs: at("15:20"), jobKey: "SETTLE_PROVISIONAL" });
  account.do({ type: "REQUEST_PUSH", atMs: at("15:25"), jobKey: "PUSH" });
  for (const transfer of Object.values(account.state.transfers)) {
    if (transfer.kind === "PUSH") account.do(transferUpdate(transfer.transferId, "COMPLETED", at("15:26")));
  }
  const fills = account.events.filter(({ type }) => type === "ORDER_FILLED").length;
  const statement = {
    date: DATE,
    fills,
    realisedPaise: account.state.day?.realisedPaise ?? paise(0),
    charges: chargesOf({ date: DATE }, Object.values(account.state.orders)),
  };
  account.do({ type: "SETTLE_FINAL", atMs: at("15:35"), jobKey: "SETTLE_FINAL", statement });
  account.do({ type: "CLOSE_DAY", atMs: at("15:36"), jobKey: "CLOSE_DAY" });
}
