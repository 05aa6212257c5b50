// What the records and the history of positions are called on the dashboard: units, money and outcomes in words.
import { describe, expect, test } from "vitest";
import { type Episode, summaryText, unitsText } from "../../../dashboard/src/components/portfolio/history.ts";
import { sharesText } from "../../../dashboard/src/components/portfolio/shares.ts";
import {
  amountText,
  type Check,
  type Comparison,
  causeText,
  checksText,
  checkText,
  comparisonText,
  type Difference,
  outcomeText,
  ruleText,
  sideText,
} from "../../../dashboard/src/components/records/records.ts";
import { DIFFERENCE_CODES, RECONCILE_CAUSES } from "../../../src/core/reconciliation/difference.ts";

describe("a figure of a rule", () => {
  test.each([
    [12_345_600, "PAISE", "₹1,23,456.00"],
    [150, "BPS", "1.50 %"],
    [1_000, "MS", "1,000 ms"],
    [1, "LOTS", "1 lot"],
    [12, "TRADES", "12 trades"],
    [3, "TIMES", "3 times"],
    [null, "PAISE", "–"],
    [0, null, "0"],
  ])("%s %s is shown as %s", (amount, unit, text) => {
    expect(amountText(amount, unit)).toBe(text);
  });
});

describe("what was asked of an order", () => {
  const check = (rule: string, passed: boolean): Check => ({ rule, passed, limit: null, value: null, unit: null });

  test("counts what passed and names what refused", () => {
    expect(checksText([check("QUOTE_STALE", true)])).toBe("1 rule passed");
    expect(checksText([check("QUOTE_STALE", true), check("KYC_VERIFICATION", false)])).toBe(
      "1 rule passed, then refused by KYC verification",
    );
  });

  test("has its figures and a warning's words", () => {
    expect(checkText({ rule: "OPEN_TRADES_LIMIT", passed: false, limit: 3, value: 4, unit: "TRADES" })).toBe(
      "Open trades limit (refused): 4 trades against 3 trades",
    );
    expect(checkText({ ...check("SYMBOL_RESTRICTION", true), note: "a circular" })).toBe(
      "Symbol restriction, a circular",
    );
  });
});

describe("a comparison with the venue", () => {
  const difference = (outcome: string): Difference => ({
    code: "FILL_MISSED",
    outcome,
    subject: "one",
    ours: null,
    theirs: 75,
    detail: "",
  });
  const AGREED: Comparison = {
    sequence: 1,
    readAt: "2026-11-20T10:00:00.000+05:30",
    cause: "REQUEST",
    compared: { orders: 1, fills: 1, positions: 0 },
    differences: [],
    differencesBeyond: 0,
    overtaken: false,
    standing: [],
  };

  test("says that both agree only where everything was compared and nothing stands", () => {
    expect(comparisonText(AGREED)).toBe("agree");
    expect(comparisonText({ ...AGREED, overtaken: true })).not.toContain("agree");
    expect(comparisonText({ ...AGREED, standing: [difference("RAISED")] })).not.toContain("agree");
    expect(comparisonText({ ...AGREED, differencesBeyond: 2 })).toBe("2 more than are listed");
  });

  test("counts what was repaired apart from what was raised", () => {
    const differences = [difference("REPAIRED"), difference("RAISED"), difference("REPAIRED")];
    expect(comparisonText({ ...AGREED, differences })).toBe("2 repaired; 1 raised to a person");
  });

  test("shows cash as money, all else as it is, and the absence of anything as such", () => {
    expect(sideText("CASH_DIFFERS", 10_050)).toBe("₹100.50");
    expect(sideText("POSITION_DIFFERS", -75)).toBe("-75");
    expect(sideText("FOREIGN_ORDER", null)).toBe("nothing");
  });

  test("has words of its own for every cause and outcome there is", () => {
    for (const cause of RECONCILE_CAUSES) expect(causeText(cause)).not.toContain("_");
    for (const code of DIFFERENCE_CODES) expect(ruleText(code)).toMatch(/^[A-Z][a-z ]+$/);
    expect(new Set(["REPAIRED", "WAITING", "RAISED"].map(outcomeText)).size).toBe(3);
  });
});

describe("closed positions", () => {
  const episode = (realised: string, charges: string): Episode => ({
    instrumentId: "X",
    direction: "LONG",
    strategy: "NONE",
    openedAt: "2026-11-20T10:00:00.000+05:30",
    closedAt: "2026-11-20T10:05:00.000+05:30",
    exitReason: "STOP",
    unitsMax: 75,
    units: 75,
    averageIn: "100.00",
    averageOut: "101.00",
    realised,
    charges,
  });

  test("are summed to the paisa, and a flat one is not won", () => {
    expect(summaryText([episode("10.05", "1.10"), episode("-20.10", "1.15"), episode("0.00", "1.00")])).toBe(
      "3 positions, 1 won: −₹10.05 before charges of ₹3.25",
    );
  });

  test("say how much was open at once where that is less than what was opened in all", () => {
    expect(unitsText({ units: 75, unitsMax: 75 })).toBe("75");
    expect(unitsText({ units: 150, unitsMax: 75 })).toBe("150, 75 at once");
  });
});

test("units of linked accounts are shown with their sign", () => {
  expect(
    sharesText([
      { accountId: "U001", netUnits: 75 },
      { accountId: "U002", netUnits: -75 },
    ]),
  ).toBe("U001 75, U002 −75");
});
