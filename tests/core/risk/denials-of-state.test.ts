// What the rules about the account, its stops and its hours say when they refuse: code, field, figures and what would pass.
import { describe, expect, it } from "vitest";
import type { PriceView } from "../../../src/core/account/command.ts";
import type { Category } from "../../../src/core/account/profile.ts";
import type { AccountState, ReconciliationRun } from "../../../src/core/account/state.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, marketDate } from "../../../src/core/kernel/time.ts";
import { type BreakerScope, type Trip, tripped } from "../../../src/core/risk/circuit-breaker.ts";
import { anAccount, aPrice, at, CLOSE, later, NOON, OPEN, SENSEX_CALL } from "../../support/builders.ts";

import { checked, denialOf, fresh, holding, plain, SELL_OUT, withDay, withProfile } from "./denial-fixtures.ts";

describe("the state of the account", () => {
  it("without a day or a profile takes nothing, and says so", () => {
    const expected = plain("DAY_NOT_OPEN", "clientOrderId", "the account has no open day");
    for (const state of [
      { ...fresh, day: null },
      { ...fresh, profile: null },
    ]) {
      const result = checked({ state });
      expect(result.ok ? null : result.error).toEqual(expected);
      expect(result.checks).toEqual([{ rule: "DAY_NOT_OPEN", passed: false, limit: null, value: null, unit: null }]);
    }
  });

  it("on a settled day, halted, or of no known category says what ends it", () => {
    const settled = plain(
      "DAY_NOT_OPEN",
      "clientOrderId",
      "the day 2025-08-29 is settled; orders are taken on the next one",
    );
    for (const status of ["PROVISIONAL", "PAID_OUT", "FINAL", "CLOSED"] as const) {
      expect(denialOf({ state: withDay({ status }) })).toEqual(settled);
    }
    for (const status of ["FINAL", "CLOSED"] as const) {
      expect(denialOf({ state: withDay({ status }, holding()), terms: SELL_OUT })).toEqual(settled);
    }
    for (const status of ["PROVISIONAL", "PAID_OUT"] as const) {
      expect(denialOf({ state: withDay({ status }, holding()), terms: SELL_OUT })).toBeNull();
    }
    expect(denialOf({ state: { ...fresh, tradingState: "HALTED", haltReason: "lunch" } })).toEqual(
      plain("ACCOUNT_HALTED", "side", "the account is halted (lunch); resume it to trade"),
    );
    expect(denialOf({ state: { ...fresh, tradingState: "HALTED", haltReason: null } })).toEqual(
      plain("ACCOUNT_HALTED", "side", "the account is halted (no reason given); resume it to trade"),
    );
    expect(denialOf({ state: withProfile({ category: "GOLD" as Category }) })).toEqual(
      plain("CATEGORY_UNKNOWN", "accountId", "nobody knows the category GOLD; an operator must set it"),
    );
  });

  it("trades at most ₹15 lakh of its own to the paisa", () => {
    expect(denialOf({ state: withProfile({ capitalPaise: paise(15_00_000_00) }) })).toBeNull();
    expect(denialOf({ state: withProfile({ capitalPaise: paise(15_00_000_01) }) })).toEqual({
      code: "OWN_CAPITAL_LIMIT",
      field: "accountId",
      limit: 15_00_000_00,
      value: 15_00_000_01,
      unit: "PAISE",
      detail: "an account trades at most that much capital of its own",
    });
  });

  it("passes one paisa below the day's loss limit and not at it; once reached it counts no open position in its favour", () => {
    const lost = (realised: number) => withDay({ realisedPaise: paise(realised) });
    expect(denialOf({ state: lost(-4_999_99) })).toBeNull();
    const bound = {
      code: "DAILY_LOSS_LIMIT",
      field: "side",
      limit: 5_000_00,
      unit: "PAISE",
      detail: "today only exits are taken",
    };
    expect(denialOf({ state: lost(-5_000_00) })).toEqual({ ...bound, value: 5_000_00 });
    const reducing: AccountState = { ...holding(), tradingState: "REDUCING" };
    expect(denialOf({ state: reducing })).toEqual({ ...bound, value: 0 });
    const heldPrices = [aPrice({ bidPaise: paise(40_00) })];
    expect(denialOf({ state: reducing, market: { heldPrices } })).toEqual({ ...bound, value: 0 });
    expect(
      denialOf({ state: withDay({ realisedPaise: paise(-4_250_00) }, holding()), market: { heldPrices } }),
    ).toEqual({
      ...bound,
      value: 5_000_00,
    });
  });
});

describe("a stop that somebody or something has set", () => {
  const stopped = (scope: BreakerScope, trip: Partial<Trip>): AccountState => ({
    ...fresh,
    breakers: {
      [scope]: tripped(
        undefined,
        {
          cause: "MANUAL",
          by: "OPERATOR",
          atMs: NOON,
          evidence: { limit: null, value: null, unit: null, detail: "fire drill" },
          ...trip,
        },
        later(1_000),
      ),
    },
  });
  const evidence = { limit: 250, value: 300, unit: "PAISE", detail: "2.5 %" } as const;

  it("is named by who set it and for what: platform, underlying, account", () => {
    expect(denialOf({ state: stopped("PLATFORM", {}) })).toEqual(
      plain("PLATFORM_HALTED", "side", "the operator has stopped all trading (fire drill); exits are taken"),
    );
    expect(denialOf({ state: stopped("PLATFORM", { cause: "DRAWDOWN", evidence }) })?.code).toBe("PLATFORM_HALTED");
    for (const scope of ["PLATFORM/NIFTY50", "ACCOUNT/NIFTY50"] as const) {
      expect(denialOf({ state: stopped(scope, {}) })).toEqual(
        plain(
          "UNDERLYING_HALTED",
          "instrumentId",
          "NIFTY50 is stopped (fire drill); exits are taken, other underlyings trade",
        ),
      );
      expect(denialOf({ state: stopped(scope, {}), terms: { contract: SENSEX_CALL, quantityUnits: 20 } })).toBeNull();
    }
    expect(denialOf({ state: stopped("ACCOUNT", {}) })).toEqual(
      plain("CIRCUIT_BREAKER", "side", "the circuit breaker has tripped (MANUAL: fire drill); exits are taken"),
    );
  });

  it("carries the figures of its evidence when it has all of them", () => {
    const detail = "the circuit breaker has tripped (DRAWDOWN: 2.5 %); exits are taken";
    for (const scope of ["ACCOUNT", "ACCOUNT/NIFTY50"] as const) {
      expect(denialOf({ state: stopped(scope, { cause: "DRAWDOWN", evidence }) })).toEqual({
        code: "CIRCUIT_BREAKER",
        field: "side",
        limit: 250,
        value: 300,
        unit: "PAISE",
        detail,
      });
    }
    for (const part of ["limit", "value", "unit"] as const) {
      const state = stopped("ACCOUNT", { cause: "DRAWDOWN", evidence: { ...evidence, [part]: null } });
      expect(denialOf({ state })).toEqual(plain("CIRCUIT_BREAKER", "side", detail));
    }
  });

  it("comes with the feed's quote as well, and lets exits out", () => {
    const halt = { code: "UNDERLYING_HALTED", reason: "no chain" } as NonNullable<PriceView["halt"]>;
    expect(denialOf({ price: { halt } })).toEqual(
      plain("UNDERLYING_HALTED", "side", "the operator has stopped this (no chain); exits are taken"),
    );
    expect(denialOf({ state: holding(), terms: SELL_OUT, price: { halt } })).toBeNull();
    const state = { ...holding(), breakers: stopped("ACCOUNT", {}).breakers } as AccountState;
    expect(denialOf({ state, terms: SELL_OUT })).toBeNull();
  });

  it("on a silent feed names how long it has been silent and how long it may be, the latest word first", () => {
    const state: AccountState = {
      ...fresh,
      silentFeeds: { NIFTY50: { lastTickMs: epochMs(NOON - 8_000), limitMs: 5_000 } },
    };
    const silent = { code: "FEED_SILENT", field: "instrumentId", unit: "MS", detail: "wait for NIFTY50 to tick" };
    expect(denialOf({ state })).toEqual({ ...silent, limit: 5_000, value: 8_000 });
    expect(denialOf({ state, price: null })).toEqual({ ...silent, limit: 5_000, value: 8_000 });
    const silence = { silentMs: 9_000, limitMs: 6_000 };
    expect(denialOf({ state, price: { silence } })).toEqual({ ...silent, limit: 6_000, value: 9_000 });
    expect(denialOf({ price: { silence } })).toEqual({ ...silent, limit: 6_000, value: 9_000 });
    expect(denialOf({ state, terms: { contract: SENSEX_CALL, quantityUnits: 20 } })).toBeNull();
  });
});

describe("the hours", () => {
  const closed = (detail: string) => plain("ENTRIES_CLOSED", "side", detail);

  it("say when entries begin and why they have ended", () => {
    expect(denialOf({ state: withDay({ status: "EXIT_ONLY" }) })).toEqual(
      closed("entries are over for today; exits are taken"),
    );
    expect(denialOf({ now: CLOSE })).toEqual(closed("the market closed at 15:30:00"));
    expect(denialOf({ now: epochMs(CLOSE - 1) })).toEqual(closed("the day is at its end; exits are taken"));
    expect(denialOf({ now: at("15:15") })).toEqual(closed("the day is at its end; exits are taken"));
    expect(denialOf({ now: epochMs(at("15:15") - 1) })).toBeNull();
    const early = { code: "ENTRIES_CLOSED", field: "side", unit: "MS" };
    expect(denialOf({ now: epochMs(OPEN - 1) })).toEqual({
      ...early,
      limit: OPEN,
      value: OPEN - 1,
      detail: "entries begin at 09:15:00",
    });
    const quarter = OPEN + 15 * 60_000;
    expect(denialOf({ now: epochMs(quarter - 1), terms: { origin: "STRATEGY" } })).toEqual({
      ...early,
      limit: quarter,
      value: quarter - 1,
      detail: "entries begin at 09:30:00",
    });
    expect(denialOf({ now: epochMs(quarter), terms: { origin: "STRATEGY" } })).toBeNull();
  });

  it("wait for the PULL of the day itself while it is under way, for no other transfer", () => {
    const account = anAccount({ savingsPaise: paise(3_00_000_00) });
    const [pull] = Object.values(account.state.transfers);
    if (pull === undefined) throw new Error("a pull");
    const under = (change: object) =>
      denialOf({
        state: {
          ...account.state,
          transfers: { [pull.transferId]: { ...pull, status: "PROCESSING", ...change } },
        } as AccountState,
      });
    expect(under({})).toEqual(closed("the morning's funding has not arrived yet"));
    expect(under({ date: marketDate("2025-08-28") })).toBeNull();
    expect(under({ kind: "PUSH", amountPaise: paise(1_00) })).toBeNull();
    expect(under({ status: "COMPLETED" })).toBeNull();
  });

  it("are over until a person has looked at books that are not the venue's", () => {
    const run = (outcome: "RAISED" | "WAITING", cause: ReconciliationRun["cause"] = "OPEN"): ReconciliationRun => ({
      sequence: 1,
      atMs: NOON,
      cause,
      readAtMs: NOON,
      compared: { orders: 0, fills: 0, positions: 0 },
      differences: [
        { code: "POSITION_DIFFERS", outcome, subject: "NIFTY2590224500CE.NFO", ours: 75, theirs: 0, detail: "x" },
      ],
    });
    expect(denialOf({ state: { ...fresh, reconciliations: [run("RAISED")] } })).toEqual(
      plain(
        "NOT_RECONCILED",
        "side",
        "the books differ from the venue's (POSITION_DIFFERS NIFTY2590224500CE.NFO); entries open again once they agree",
      ),
    );
    expect(denialOf({ state: { ...fresh, reconciliations: [run("WAITING")] } })).toBeNull();
  });
});
