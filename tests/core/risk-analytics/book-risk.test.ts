// Greeks, scenarios, stress and the effect of an order, held to what must be true of any book.
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import type { AccountState, DayState } from "../../../src/core/account/state.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { lossLeftPaise } from "../../../src/core/risk/list-loss.ts";
import { correlatedRiskPaise, directedRisks } from "../../../src/core/risk-analytics/correlation.ts";
import { exposureByUnderlying, totalGreeks } from "../../../src/core/risk-analytics/greeks.ts";
import {
  type BookMarket,
  type HeldUnits,
  modelBook,
  revaluer,
} from "../../../src/core/risk-analytics/modelled-book.ts";
import {
  type AnalyticLimits,
  DEFAULT_ANALYTIC_LIMITS,
  type RiskAfterInput,
  riskAfter,
} from "../../../src/core/risk-analytics/risk-after.ts";
import { SCENARIO_AXES, scenarioGrid } from "../../../src/core/risk-analytics/scenario-grid.ts";
import { stressResults } from "../../../src/core/risk-analytics/stress.ts";
import { limitUtilisation } from "../../../src/core/risk-analytics/utilisation.ts";
import { bookTailRisk } from "../../../src/core/risk-analytics/value-at-risk.ts";
import {
  accepted,
  anAccount,
  aPrice,
  BANKNIFTY_CALL,
  filled,
  id,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  SENSEX_CALL,
  submit,
} from "../../support/builders.ts";
import { Seeded } from "../../support/seeded.ts";

const market = (change: Partial<BookMarket> = {}): BookMarket => ({
  atMs: NOON,
  spots: { NIFTY50: paise(24_450_00), BANKNIFTY: paise(53_700_00), SENSEX: paise(79_900_00) },
  prices: [],
  vixCenti: 1_200,
  ...change,
});
const held = (contract: OptionContract, netUnits: number): HeldUnits => ({ contract, netUnits });
const niftyPrice = { ...aPrice(), bidPaise: paise(99_00), askPaise: paise(101_00), lastPaise: paise(90_00) };

describe("the modelled book", () => {
  it("takes volatility from the feed, else from the middle of the quote, else from India VIX, and says which", () => {
    const source = (prices: BookMarket["prices"]) =>
      modelBook([held(NIFTY_CALL, 75)], market({ prices })).holdings[0]?.source;
    expect(source([{ ...niftyPrice, ivBps: 1_500 }])).toBe("FEED");
    expect(source([niftyPrice])).toBe("INVERTED");
    expect(source([])).toBe("INDIA_VIX");
  });

  it("values a contract at the very middle it was inverted from", () => {
    const book = modelBook([held(NIFTY_CALL, 1)], market({ prices: [niftyPrice] }));
    expect(book.holdings[0]?.volatility).toBeGreaterThan(0.05);
    const toExpiry = { spot: 0, volatility: 0, forwardMs: 30 * 86_400_000 };
    // At its expiry, out of the money, all of the middle is lost.
    expect(revaluer(book)(() => toExpiry)).toBeCloseTo(-100, 6);
  });

  it("names what it cannot value instead of counting it as nothing", () => {
    const book = modelBook([held(NIFTY_CALL, 75), held(NIFTY_PUT, 0)], market({ spots: {} }));
    expect(book).toMatchObject({ holdings: [], unmodelled: [NIFTY_CALL.instrumentId] });
    const blind = modelBook([held(NIFTY_CALL, 75)], market({ vixCenti: null }));
    expect(blind.unmodelled).toEqual([NIFTY_CALL.instrumentId]);
  });
});

describe("greeks by underlying", () => {
  it("are those a small revaluation shows", () => {
    const book = modelBook([held(NIFTY_CALL, 150), held(NIFTY_PUT, -75)], market());
    const [nifty] = exposureByUnderlying(book);
    const result = revaluer(book);
    const step = 1e-5;
    const up = result(() => ({ spot: step, volatility: 0, forwardMs: 0 }));
    const down = result(() => ({ spot: -step, volatility: 0, forwardMs: 0 }));
    expect(nifty?.deltaRupees).toBeCloseTo((up - down) / (2 * step), 0);
    const holding = book.holdings[0];
    const point = 0.0001 / (holding?.volatility ?? 1);
    const vega = result(() => ({ spot: 0, volatility: point, forwardMs: 0 })) * 100;
    expect(nifty?.vegaRupeesPerPoint).toBeCloseTo(vega, 0);
    const minute = result(() => ({ spot: 0, volatility: 0, forwardMs: 60_000 })) * 1_440;
    expect(Math.abs((nifty?.thetaRupeesPerDay ?? 0) / minute - 1)).toBeLessThan(0.001);
  });

  it("count notional exactly, whatever the direction, and the delta in lots of the contract", () => {
    const [nifty, bank] = exposureByUnderlying(
      modelBook([held(NIFTY_CALL, 75), held(NIFTY_PUT, -75), held(BANKNIFTY_CALL, 35)], market()),
    );
    expect(nifty?.notionalPaise).toBe(150 * 24_450_00);
    expect(bank?.notionalPaise).toBe(35 * 53_700_00);
    expect(bank?.deltaLots).toBeCloseTo((bank?.deltaUnits ?? 0) / 35, 12);
    expect(totalGreeks([]).deltaRupeesPerPercent).toBe(0);
    const total = totalGreeks([nifty, bank].flatMap((one) => one ?? []));
    expect(total.vegaRupeesPerPoint).toBeCloseTo((nifty?.vegaRupeesPerPoint ?? 0) + (bank?.vegaRupeesPerPoint ?? 0), 9);
  });

  it("vanish when every position is offset", () => {
    const seeded = new Seeded(9);
    for (let round = 0; round < 50; round += 1) {
      const units = 75 * (1 + seeded.below(20));
      const book = modelBook([held(NIFTY_CALL, units), held(NIFTY_CALL, -units)], market());
      const [nifty] = exposureByUnderlying(book);
      expect(nifty?.deltaUnits).toBeCloseTo(0, 9);
      expect(nifty?.gammaRupeesPerPercent).toBeCloseTo(0, 9);
    }
  });
});

describe("scenarios", () => {
  const book = modelBook([held(NIFTY_CALL, 75)], market({ prices: [niftyPrice] }));

  it("show nothing where nothing moves, and a long option never loses more than its value", () => {
    const grid = scenarioGrid(book);
    expect(grid).toHaveLength(
      SCENARIO_AXES.spots.length * SCENARIO_AXES.volatilities.length * SCENARIO_AXES.forwardMinutes.length,
    );
    const still = grid.find(
      ({ spot, volatility, forwardMinutes }) => spot === 0 && volatility === 0 && forwardMinutes === 0,
    );
    expect(still?.resultRupees).toBe(0);
    for (const cell of grid) expect(cell.resultRupees).toBeGreaterThanOrEqual(-75 * 100 - 1e-6);
  });

  it("pay a long call more the higher spot and volatility are, and less the later it is", () => {
    const at = (spot: number, volatility: number, forwardMinutes: number): number =>
      scenarioGrid(book, { spots: [spot], volatilities: [volatility], forwardMinutes: [forwardMinutes] })[0]
        ?.resultRupees ?? Number.NaN;
    expect(at(0.02, 0, 0)).toBeGreaterThan(at(0.01, 0, 0));
    expect(at(0, 0.25, 0)).toBeGreaterThan(0);
    expect(at(0, 0, 60)).toBeLessThan(0);
  });

  it("mirror a short position in the long one", () => {
    const short = modelBook([held(NIFTY_CALL, -75)], market({ prices: [niftyPrice] }));
    const mirrored = scenarioGrid(short).map(({ resultRupees }) => -resultRupees || 0);
    expect(mirrored).toEqual(scenarioGrid(book).map(({ resultRupees }) => resultRupees || 0));
  });
});

describe("stress days", () => {
  it("cost a long call on the crash about all it is worth, and never more, at every point of the day", () => {
    const book = modelBook([held(NIFTY_CALL, 75)], market({ prices: [niftyPrice] }));
    const crash = stressResults(book).find(({ date }) => date === "2020-03-23");
    expect(crash?.isSensexAssumed).toBe(true);
    expect(crash?.worstRupees).toBeLessThan(-7_000);
    expect(crash?.worstRupees).toBeGreaterThanOrEqual(-7_500 - 1e-6);
    expect(crash?.moves.NIFTY50).toBeCloseTo((1 - 0.08929) * (1 - 0.04105) - 1, 4);
  });

  it("hit a short put hardest on a day on which the index fell, and the worst is the least of the day's points", () => {
    const results = stressResults(modelBook([held(NIFTY_PUT, -75)], market()));
    const worst = results.toSorted((left, right) => left.worstRupees - right.worstRupees)[0];
    expect(worst?.moves.NIFTY50).toBeLessThan(0);
    for (const { worstRupees, results: points } of results) {
      expect(worstRupees).toBe(Math.min(...points.map(({ resultRupees }) => resultRupees)));
    }
  });
});

describe("tail risk of a book", () => {
  it("is nothing without positions, and grows in proportion to them", () => {
    const capital = paise(1_00_000_00);
    expect(bookTailRisk(modelBook([], market()), capital).session).toEqual({ var: 0, cvar: 0, returns: 0 });
    const one = bookTailRisk(modelBook([held(NIFTY_CALL, 75)], market()), capital);
    const two = bookTailRisk(modelBook([held(NIFTY_CALL, 150)], market()), capital);
    expect(one.session.var).toBeLessThan(0);
    expect(Math.abs(two.session.var / one.session.var - 2)).toBeLessThan(0.01);
    expect(one.cycle.var).toBeGreaterThan(one.session.var);
    // The greeks know nothing of the floor at zero, so their reading is another one, of the same order.
    expect(one.sessionByGreeks.var / one.session.var).toBeGreaterThan(0.5);
    expect(one.sessionByGreeks.var / one.session.var).toBeLessThan(2);
  });
});

describe("bets that count together", () => {
  const risk = (contract: OptionContract, rupees: number, deltaUnits: number) => ({
    underlying: contract.underlying,
    atRiskPaise: paise(rupees * 100),
    deltaUnits,
  });

  it("are those in the same direction in correlated indices", () => {
    const three = directedRisks([risk(NIFTY_CALL, 10, 1), risk(BANKNIFTY_CALL, 20, 1), risk(SENSEX_CALL, 30, 1)]);
    expect(correlatedRiskPaise(three)).toBe(60_00);
    const hedged = directedRisks([risk(NIFTY_CALL, 10, 1), risk(BANKNIFTY_CALL, 20, -1), risk(SENSEX_CALL, 30, 1)]);
    expect(correlatedRiskPaise(hedged)).toBe(40_00);
    expect(correlatedRiskPaise([])).toBe(0);
  });

  it("stand alone without a direction, and add up within an index whatever theirs is", () => {
    const neutral = directedRisks([risk(NIFTY_CALL, 10, 1), risk(NIFTY_PUT, 10, -1), risk(SENSEX_CALL, 15, 1)]);
    expect(correlatedRiskPaise(neutral)).toBe(20_00);
  });

  it("do not add up where the indices are not correlated", () => {
    const apart = { NIFTY50: 1, BANKNIFTY: 0.69, SENSEX: 0.2 };
    const matrix = {
      NIFTY50: apart,
      BANKNIFTY: { ...apart, BANKNIFTY: 1, NIFTY50: 0.69 },
      SENSEX: { ...apart, SENSEX: 1, NIFTY50: 0.2 },
    };
    expect(correlatedRiskPaise(directedRisks([risk(NIFTY_CALL, 10, 1), risk(BANKNIFTY_CALL, 20, 1)]), matrix)).toBe(
      20_00,
    );
  });
});

describe("the effect of an order", () => {
  const input = (change: Partial<RiskAfterInput> = {}, limits: Partial<AnalyticLimits> = {}): RiskAfterInput => ({
    held: [],
    order: { contract: NIFTY_CALL, signedUnits: 750, atRiskPaise: paise(75_000_00) },
    market: market({ prices: [niftyPrice] }),
    capitalPaise: paise(1_00_000_00),
    exposureMaxPaise: paise(3_00_000_00),
    limits: { ...DEFAULT_ANALYTIC_LIMITS, ...limits },
    ...change,
  });
  const own = { contract: NIFTY_CALL, netUnits: 750, atRiskPaise: paise(75_000_00) };

  it("is told by default and refuses only when it is set to", () => {
    const warned = riskAfter(input());
    expect(warned.isDenied).toBe(false);
    expect(warned.checks.find(({ rule }) => rule === "VAR_95_LIMIT")).toMatchObject({
      passed: false,
      limit: 200,
      unit: "BPS",
    });
    expect(riskAfter(input({}, { mode: "DENY" })).isDenied).toBe(true);
    expect(riskAfter(input({}, { mode: "OFF" })).checks).toEqual([]);
  });

  it("never bars the way down, even above the limit", () => {
    const order = { contract: NIFTY_CALL, signedUnits: -75, atRiskPaise: paise(0) };
    const reduced = riskAfter(input({ held: [own], order }, { mode: "DENY" }));
    expect(reduced.after.varBps).toBeLessThan(reduced.before.varBps);
    expect(reduced.after.varBps).toBeGreaterThan(200);
    expect(reduced.isDenied).toBe(false);
    expect(reduced.after.correlatedPaise).toBe(67_500_00);
    const flat = riskAfter(input({ held: [own], order: { ...order, signedUnits: -750 } }));
    expect(flat.after).toEqual({ varBps: 0, cvarBps: 0, correlatedPaise: 0 });
  });

  it("adds to what is held in the same direction, and counts only the rest after a turn", () => {
    const more = riskAfter(input({ held: [own] }));
    expect(more.after.correlatedPaise).toBe(1_50_000_00);
    const turned = riskAfter(
      input({ held: [own], order: { contract: NIFTY_CALL, signedUnits: -1_500, atRiskPaise: paise(2_00_000_00) } }),
    );
    expect(turned.after.correlatedPaise).toBe(1_00_000_00);
  });

  it("denies a third bet the same way in correlated indices once that is limited", () => {
    const second = { contract: SENSEX_CALL, netUnits: 20, atRiskPaise: paise(1_40_000_00) };
    const limits = { mode: "DENY" as const, varMaxBps: 1e9, cvarMaxBps: 1e9 };
    const third = { contract: BANKNIFTY_CALL, signedUnits: 35, atRiskPaise: paise(20_000_00) };
    const denied = riskAfter(input({ held: [own, second], order: third }, limits));
    expect(denied.checks.find(({ passed }) => !passed)).toMatchObject({
      rule: "CORRELATION_LIMIT",
      limit: 2_25_000_00,
      value: 2_35_000_00,
      unit: "PAISE",
    });
  });
});

describe("utilisation", () => {
  const figures = { varBps: 150, cvarBps: 300, correlatedPaise: paise(0) };
  const usesOf = (state: AccountState, prices: readonly PriceView[] = [], analytic = DEFAULT_ANALYTIC_LIMITS) =>
    new Map(limitUtilisation({ state, prices, figures, analytic }).map((use) => [use.code, use]));

  it("lists every limit with its code, value and percent, and marks what only warns", () => {
    const uses = usesOf(anAccount().state);
    for (const use of uses.values()) expect(use.effect).toBe(/95|CORRELATION/.test(use.code) ? "WARN" : "DENY");
    expect(uses.get("VAR_95_LIMIT")).toMatchObject({ percent: 75, unit: "BPS" });
    expect(uses.get("CVAR_95_LIMIT")?.percent).toBe(120);
    expect(uses.get("DAY_TRADES_LIMIT")).toMatchObject({ value: 0, percent: 0 });
    expect(usesOf(anAccount().state, [], { ...DEFAULT_ANALYTIC_LIMITS, mode: "OFF" }).has("VAR_95_LIMIT")).toBe(false);
  });

  it("counts what is open, what is under way and what the day has lost", () => {
    const account = anAccount();
    account.do(submit({ clientOrderId: id("held"), quantityUnits: 150 }));
    account.report(NOON, accepted(id("held")), filled(id("held"), 75, 50_00));
    const fallen = aPrice({ bidPaise: paise(40_00), askPaise: paise(40_10) });
    const uses = usesOf(account.state, [fallen]);
    expect(uses.get("POSITION_LOTS_LIMIT")).toMatchObject({ value: 2, unit: "LOTS" });
    expect(uses.get("OPEN_TRADES_LIMIT")).toMatchObject({ value: 1, limit: 5, percent: 20 });
    expect(uses.get("POSITION_SIZE_LIMIT")?.value).toBe(2 * 3_750_00);
    expect(uses.get("BUYING_POWER")?.value).toBe(uses.get("PORTFOLIO_EXPOSURE_LIMIT")?.value);
    // 75 units have fallen by ₹10; the charges of the purchase come on top.
    expect(uses.get("DAILY_LOSS_LIMIT")?.value).toBeGreaterThan(750_00);
    expect(uses.get("DRAWDOWN")?.value).toBeGreaterThanOrEqual(750_00);
    expect(uses.get("DAILY_TURNOVER_LIMIT")).toBeUndefined();
  });

  it("shows limits that somebody has set, and the strictest of them", () => {
    const limits = { dailyTurnoverMaxPaise: paise(10_000_00), tradesPerDayByUnderlying: { NIFTY50: 3 } };
    const uses = usesOf(anAccount({ limits, overrides: { openTradesMax: 2 } }).state);
    expect(uses.get("DAILY_TURNOVER_LIMIT")).toMatchObject({ limit: 10_000_00, value: 0 });
    expect(uses.get("INDEX_TRADES_LIMIT")).toMatchObject({ limit: 3, label: "Trades today in NIFTY50" });
    expect(uses.get("OPEN_TRADES_LIMIT")?.limit).toBe(2);
  });

  it("has what lists may lose, SEBI's figure, own capital, and the common move where somebody has limited it", () => {
    const account = anAccount({ limits: { correlatedExposureMaxPaise: paise(50_000_00) } });
    account.do(submit({ clientOrderId: id("held"), quantityUnits: 150 }));
    account.report(NOON, accepted(id("held")), filled(id("held"), 75, 50_00));
    const uses = usesOf(account.state);
    expect(uses.get("OWN_CAPITAL_LIMIT")).toMatchObject({ value: 1_00_000_00, limit: 15_00_000_00, effect: "DENY" });
    // What is open and what is under way, at the strike and a delta of one.
    expect(uses.get("POSITION_LIMIT")?.value).toBe(150 * NIFTY_CALL.strikePaise);
    expect(uses.get("CORRELATED_EXPOSURE_LIMIT")).toMatchObject({ value: 2 * 3_750_00, limit: 50_000_00 });
    expect(usesOf(anAccount().state).has("CORRELATED_EXPOSURE_LIMIT")).toBe(false);
    expect(uses.get("LIST_LOSS_LIMIT")).toMatchObject({ value: 0, effect: "DENY" });
    expect(uses.get("LIST_LOSS_LIMIT")?.limit).toBe(lossLeftPaise(account.state, []));
  });

  it("gives no percent of a limit that is nothing, and has nothing to say before an account is opened", () => {
    const account = anAccount({ limits: { dailyLossMaxPaise: paise(0), openTradesMax: 1 } });
    expect(usesOf(account.state).get("DAILY_LOSS_LIMIT")?.percent).toBe(0);
    const lost = { ...account.state, day: { ...(account.state.day as DayState), realisedPaise: paise(-1) } };
    expect(usesOf(lost).get("DAILY_LOSS_LIMIT")?.percent).toBeNull();
    expect(usesOf({ ...account.state, profile: null }).size).toBe(0);
  });
});
