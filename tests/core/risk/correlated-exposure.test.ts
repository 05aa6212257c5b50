// Bets in the same direction in indices that move together count as one: a large one warns, and is denied where somebody has set
// a limit, in an order of any index; the other direction and what does not add to it are not held up.
import { describe, expect, it } from "vitest";
import type { AccountProfile } from "../../../src/core/account/profile.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { checkOrder } from "../../../src/core/risk/check.ts";
import { exposureOf } from "../../../src/core/risk/exposure.ts";
import {
  type AccountUnderTest,
  anAccount,
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

function ruleOf({ state }: AccountUnderTest, contract: OptionContract, lots = 1) {
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
