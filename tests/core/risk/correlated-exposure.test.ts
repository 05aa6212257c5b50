// Bets in the same direction in indices that move together count as one: a large one warns, and is denied where somebody has set
// a limit, in an order of any index; the other direction and what does not add to it are not held up.
import { describe, expect, it } from "vitest";
import type { AccountProfile } from "../../../src/core/account/profile.ts";
import type { AccountState, DayState } from "../../../src/core/account/state.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { checkOrder } from "../../../src/core/risk/check.ts";
import { exposureOf } from "../../../src/core/risk/exposure.ts";
import {
  type AccountUnderTest,
  anAccount,
  anOrder,
  aPrice,
  BANKNIFTY_CALL,
  id,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  SENSEX_CALL,
  someTerms,
  submit,
} from "../../support/builders.ts";
import { hold } from "../../support/open-positions.ts";

const limited = (correlatedExposureMaxPaise?: number): AccountUnderTest => {
  const limits: Partial<AccountProfile["limits"]> =
    correlatedExposureMaxPaise === undefined ? {} : { correlatedExposureMaxPaise: paise(correlatedExposureMaxPaise) };
  return anAccount({ capitalPaise: paise(1_00_000_00), limits });
};

function ruleOf({ state }: Pick<AccountUnderTest, "state">, contract: OptionContract, lots = 1) {
  const quantityUnits = lots * contract.lotSize;
  const terms = someTerms({ clientOrderId: id("asked"), contract, quantityUnits });
  const price = aPrice({ instrumentId: contract.instrumentId });
  const { checks } = checkOrder(state, terms, { product: "INTRADAY", price, heldPrices: [] }, NOON);
  return checks.find(({ rule }) => rule === "CORRELATED_EXPOSURE_LIMIT");
}

describe("what one common move of the indices would hit", () => {
  it("is denied beyond the limit that is set, counting what is open and under way in every correlated index", () => {
    // ₹3,750 held in NIFTY 50, ₹1,750 under way in BANKNIFTY, ₹1,000 asked for in SENSEX: all gain with the index.
    const account = limited(6_499_99);
    hold(account, NIFTY_CALL, 75, 50_00);
    account.do(
      submit(
        { contract: BANKNIFTY_CALL, quantityUnits: 35 },
        NOON,
        aPrice({ instrumentId: BANKNIFTY_CALL.instrumentId }),
      ),
    );
    const [event] = account.do(
      submit(
        { clientOrderId: id("third"), contract: SENSEX_CALL, quantityUnits: 20 },
        NOON,
        aPrice({ instrumentId: SENSEX_CALL.instrumentId }),
      ),
    );
    expect(event).toMatchObject({
      type: "ORDER_DENIED",
      denial: { code: "CORRELATED_EXPOSURE_LIMIT", limit: 6_499_99, value: 6_500_00, unit: "PAISE" },
    });
    const wider = limited(6_500_00);
    hold(wider, NIFTY_CALL, 75, 50_00);
    wider.do(
      submit(
        { contract: BANKNIFTY_CALL, quantityUnits: 35 },
        NOON,
        aPrice({ instrumentId: BANKNIFTY_CALL.instrumentId }),
      ),
    );
    expect(ruleOf(wider, SENSEX_CALL)).toMatchObject({ passed: true, limit: 6_500_00, value: 6_500_00 });
  });

  it("holds up neither the other direction nor what adds nothing to the largest common bet", () => {
    const account = limited(5_000_00);
    hold(account, BANKNIFTY_CALL, 105, 50_00);
    expect(ruleOf(account, SENSEX_CALL)).toMatchObject({ passed: false, value: 6_250_00 });
    hold(account, SENSEX_CALL, 20, 50_00);
    // The account is beyond the limit already; puts of another index stand on the other side.
    expect(ruleOf(account, NIFTY_PUT)).toMatchObject({ passed: true, value: 6_250_00 });
  });

  it("counts a sale under way on the other side of a purchase", () => {
    const put = (side: "BUY" | "SELL") => {
      const { state } = limited(5_000_00);
      const order = anOrder({ clientOrderId: id("put"), contract: NIFTY_PUT, side, reservedPaise: paise(4_500_00) });
      return ruleOf({ state: { ...state, orders: { [order.clientOrderId]: order } } }, SENSEX_CALL);
    };
    expect(put("SELL")).toMatchObject({ passed: false, value: 5_500_00 });
    expect(put("BUY")).toMatchObject({ passed: true, value: 4_500_00 });
  });

  it("only warns where nobody has set a limit, with the figure of three quarters of what may be exposed", () => {
    const account = limited();
    const { exposureMaxPaise } = exposureOf(account.state);
    const limit = Math.floor((exposureMaxPaise * 7_500) / 10_000);
    expect(ruleOf(account, NIFTY_CALL)).toMatchObject({ passed: true, limit, value: 3_750_00 });
    hold(account, NIFTY_CALL, 75, Math.ceil(limit / 75 / 5) * 5);
    const warned = ruleOf(account, SENSEX_CALL);
    expect(warned).toMatchObject({ passed: true, note: expect.stringContaining("common move") });
    expect(warned?.value ?? 0).toBeGreaterThan(warned?.limit ?? 0);
  });

  it("says what would pass, in the unit of the limit, and the same unit where it only warns", () => {
    const account = limited(5_000_00);
    hold(account, BANKNIFTY_CALL, 105, 50_00);
    const of = (state: AccountState) => {
      const terms = someTerms({ contract: SENSEX_CALL, quantityUnits: 20 });
      const price = aPrice({ instrumentId: SENSEX_CALL.instrumentId });
      return checkOrder(state, terms, { product: "INTRADAY", price, heldPrices: [] }, NOON);
    };
    expect(of(account.state)).toMatchObject({
      ok: false,
      error: {
        code: "CORRELATED_EXPOSURE_LIMIT",
        field: "quantityUnits",
        limit: 5_000_00,
        value: 6_250_00,
        unit: "PAISE",
        detail: "not even one does: take the other direction or an index that is not correlated",
      },
    });
    const free = limited();
    hold(free, BANKNIFTY_CALL, 105, 50_00);
    const low = { ...free.state, day: { ...(free.state.day as DayState), capacityBps: 250 } };
    expect(ruleOf({ state: low }, SENSEX_CALL)).toEqual({
      rule: "CORRELATED_EXPOSURE_LIMIT",
      passed: true,
      limit: 5_625_00,
      value: 6_250_00,
      unit: "PAISE",
      note: "one common move of the indices would hit most of what may be exposed",
    });
  });

  it("names the lots that would pass: exactly so many do, also where a larger order would turn the index round", () => {
    const detailOf = (account: AccountUnderTest, contract: OptionContract, lots: number): string | null => {
      const terms = someTerms({ contract, quantityUnits: lots * contract.lotSize });
      const price = aPrice({ instrumentId: contract.instrumentId });
      const checked = checkOrder(account.state, terms, { product: "INTRADAY", price, heldPrices: [] }, NOON);
      return checked.ok ? null : checked.error.detail;
    };
    const account = limited(8_250_00);
    hold(account, BANKNIFTY_CALL, 105, 50_00);
    // ₹3,000 are left, at ₹1,000 a lot.
    expect(detailOf(account, SENSEX_CALL, 5)).toBe("3 lots would pass");
    expect([ruleOf(account, SENSEX_CALL, 3)?.passed, ruleOf(account, SENSEX_CALL, 4)?.passed]).toEqual([true, false]);
    // Two puts of NIFTY 50 beside its one call leave it on neither side; a third is with what is sold in BANKNIFTY.
    const turned = limited(13_500_00);
    hold(turned, BANKNIFTY_CALL, -105, 50_00);
    hold(turned, NIFTY_CALL, 150, 10_00);
    expect([1, 2, 3].map((lots) => ruleOf(turned, NIFTY_PUT, lots)?.passed)).toEqual([true, true, false]);
    expect(detailOf(turned, NIFTY_PUT, 3)).toBe("2 lots would pass");
  });

  it("takes a list of one contract by its side, and one of several as a bet that stands alone", () => {
    const account = anAccount({ limits: { correlatedExposureMaxPaise: paise(1_00_000_00), shortOptions: "NAKED" } });
    // ₹5,250 that gains with the indices.
    hold(account, BANKNIFTY_CALL, 105, 50_00);
    const measured = (
      contract: OptionContract,
      side: "BUY" | "SELL",
      bought: readonly OptionContract[],
      soldUnits: number,
    ) => {
      const list = {
        isCombination: true,
        valuePaise: paise(1_000_00),
        lots: 1,
        needPaise: paise(1_000_00),
        bought: bought.map((one) => ({ contract: one, quantityUnits: 75 })),
        sets: 1,
        lossMaxPaise: null,
        soldUnits,
      };
      const terms = someTerms({ contract, side, listId: id("list"), marginPaise: paise(1_000_00) });
      const price = aPrice({ instrumentId: contract.instrumentId });
      const { checks } = checkOrder(account.state, terms, { product: "INTRADAY", price, heldPrices: [], list }, NOON);
      return checks.find(({ rule }) => rule === "CORRELATED_EXPOSURE_LIMIT")?.value;
    };
    const [together, alone] = [6_250_00, 5_250_00];
    expect(measured(NIFTY_CALL, "BUY", [NIFTY_CALL], 0)).toBe(together);
    expect(measured(NIFTY_PUT, "SELL", [], 75)).toBe(together);
    expect(measured(NIFTY_PUT, "BUY", [NIFTY_PUT], 0)).toBe(alone);
    expect(measured(NIFTY_CALL, "SELL", [], 75)).toBe(alone);
    expect(measured(NIFTY_CALL, "BUY", [NIFTY_PUT], 0)).toBe(alone);
    expect(measured(NIFTY_CALL, "BUY", [NIFTY_CALL, NIFTY_PUT], 0)).toBe(alone);
    expect(measured(NIFTY_CALL, "BUY", [NIFTY_CALL], 75)).toBe(alone);
    expect(measured(NIFTY_PUT, "SELL", [NIFTY_CALL], 75)).toBe(alone);
  });

  it("does not ask the orders of a list again that was asked as a whole", () => {
    const account = limited(5_000_00);
    hold(account, BANKNIFTY_CALL, 105, 50_00);
    const terms = someTerms({ contract: SENSEX_CALL, quantityUnits: 20, listId: id("list") });
    const { checks } = checkOrder(account.state, terms, { product: "INTRADAY", price: null, heldPrices: [] }, NOON);
    expect(checks.find(({ rule }) => rule === "CORRELATED_EXPOSURE_LIMIT")).toMatchObject({
      passed: true,
      limit: null,
    });
  });

  it("takes entries under way out when the limit is lowered below them", () => {
    const account = limited();
    account.do(submit());
    account.do(
      submit(
        { clientOrderId: id("later"), contract: SENSEX_CALL, quantityUnits: 20 },
        NOON,
        aPrice({ instrumentId: SENSEX_CALL.instrumentId }),
      ),
    );
    const limits = { ...(account.state.profile as AccountProfile).limits, correlatedExposureMaxPaise: paise(4_000_00) };
    const events = account.do({ type: "CHANGE_LIMITS", atMs: NOON, limits });
    expect(events).toContainEqual(expect.objectContaining({ type: "CANCEL_REQUESTED", clientOrderId: "later" }));
    expect(events).not.toContainEqual(expect.objectContaining({ type: "CANCEL_REQUESTED", clientOrderId: "order-1" }));
  });
});
