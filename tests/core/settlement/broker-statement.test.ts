import { describe, expect, it } from "vitest";
import { combineCharges, contractNote } from "../../../src/core/charges/contract-note.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import { brokerStatementOf, type VenueDay } from "../../../src/core/settlement/broker-statement.ts";

const DATE = marketDate("2025-08-29");
const fill = (side: "BUY" | "SELL", units: number, pricePaise: number) => ({
  side,
  units,
  pricePaise: paise(pricePaise),
});
const NIFTY: VenueDay = {
  underlying: "NIFTY50",
  fills: [fill("BUY", 75, 10_000), fill("SELL", 75, 11_000)],
  executedOrders: 2,
};
const BANKNIFTY: VenueDay = {
  underlying: "BANKNIFTY",
  fills: [fill("BUY", 35, 20_000), fill("SELL", 20, 19_000), fill("SELL", 15, 19_500)],
  executedOrders: 2,
};
const SENSEX: VenueDay = {
  underlying: "SENSEX",
  fills: [fill("BUY", 20, 30_000), fill("SELL", 20, 30_500)],
  executedOrders: 2,
};

describe("the broker's statement of a day", () => {
  it("realises what was sold less what was bought, over all underlyings", () => {
    const statement = brokerStatementOf(DATE, [NIFTY, BANKNIFTY, SENSEX]);
    expect(statement).toMatchObject({ date: DATE, fills: 7 });
    expect(statement.realisedPaise).toBe(75 * 1_000 - 20 * 1_000 - 15 * 500 + 20 * 500);
  });

  it("has one contract note per exchange: NIFTY 50 and BANKNIFTY share one, SENSEX has its own", () => {
    const nse = contractNote({
      date: DATE,
      exchange: "NSE",
      buyValuePaise: paise(75 * 10_000 + 35 * 20_000),
      sellValuePaise: paise(75 * 11_000 + 20 * 19_000 + 15 * 19_500),
      executedOrders: 4,
    });
    const bse = contractNote({
      date: DATE,
      exchange: "BSE",
      buyValuePaise: paise(20 * 30_000),
      sellValuePaise: paise(20 * 30_500),
      executedOrders: 2,
    });
    expect(brokerStatementOf(DATE, [NIFTY, BANKNIFTY, SENSEX]).charges).toEqual(combineCharges([nse, bse]));
  });

  it("charges nothing on a day without fills", () => {
    const idle = { fills: [], executedOrders: 0 };
    const statement = brokerStatementOf(DATE, [
      { underlying: "NIFTY50", ...idle },
      { underlying: "SENSEX", ...idle },
    ]);
    expect(statement).toMatchObject({ fills: 0, realisedPaise: 0 });
    expect(statement.charges.totalPaise).toBe(0);
  });
});
