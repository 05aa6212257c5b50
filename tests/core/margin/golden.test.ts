// The published requirements, and how far the model is from each. `npx vitest run --project core tests/core/margin/golden`
// prints the table of docs/margin.md.
import { afterAll, describe, expect, it } from "vitest";
import { addPaise, formatRupees, type Paise, paise, subtractPaise } from "../../../src/core/kernel/money.ts";
import { addDays, type MarketDate, marketDate } from "../../../src/core/kernel/time.ts";
import { marginOf } from "../../../src/core/margin/margin-of.ts";
import { leg, marketAt } from "./margin-legs.ts";

const BAR = 0.05;
const measured: {
  readonly figure: string;
  readonly published: string;
  readonly model: string;
  readonly error: string;
}[] = [];

/** Notes the error and holds it to the bar. */
function expectWithin(figure: string, published: Paise, model: Paise): void {
  const error = model / published - 1;
  measured.push({
    figure,
    published: formatRupees(published),
    model: formatRupees(model),
    error: `${error >= 0 ? "+" : ""}${(error * 100).toFixed(2)} %`,
  });
  expect(Math.abs(error), figure).toBeLessThanOrEqual(BAR);
}

afterAll(() => console.table(measured));

/** A broker's basket answer of July 2023: its exposure of 29,151.225 puts the index at 19,434.15. */
const JULY = marketAt(19_434.15, marketDate("2023-07-12"));
const EXPIRY_JULY = marketDate("2023-07-27");
const SHORT_20600 = leg("CALL", 20_600, -75, 35.65, { expiry: EXPIRY_JULY });
const LONG_20700 = leg("CALL", 20_700, 75, 6.95, { expiry: EXPIRY_JULY });

describe("the published requirements", () => {
  it("a short call 6 % out of the money: SPAN, exposure and the sum", () => {
    const alone = marginOf([SHORT_20600], JULY);
    expectWithin("NIFTY 20600 CE short 75, Jul 2023: SPAN", paise(66_832_50), alone.spanPaise);
    expect(formatRupees(alone.exposurePaise)).toBe("29151.23");
    expectWithin("the same: total", paise(95_983_73), alone.totalPaise);
  });

  it("the same with a call 100 points above: the broker's `final` of the basket", () => {
    const spread = marginOf([SHORT_20600, LONG_20700], JULY);
    expectWithin("with 20700 CE long 75: SPAN", paise(7_788_00), spread.spanPaise);
    expect(spread.premiumPaise).toBe(521_25);
    expect(formatRupees(spread.exposurePaise)).toBe("29151.23");
    // The broker takes the premium received off the basket's total.
    const received = paise(35_65 * 75);
    expectWithin("the same: total less premium received", paise(34_786_73), subtractPaise(spread.totalPaise, received));
  });

  it("a short call at the money, all over the month for which its expiry is known, at any plausible premium", () => {
    const expiry = marketDate("2026-09-29");
    const spans: Paise[] = [];
    for (let date: MarketDate = marketDate("2026-09-01"); date < expiry; date = addDays(date, 1)) {
      for (const price of [60, 150, 250, 400]) {
        spans.push(marginOf([leg("CALL", 23_150, -65, price, { expiry })], marketAt(23_140.5, date)).spanPaise);
      }
    }
    const [lowest, highest] = [paise(Math.min(...spans)), paise(Math.max(...spans))];
    const exposure = marginOf(
      [leg("CALL", 23_150, -65, 150, { expiry })],
      marketAt(23_140.5, marketDate("2026-09-15")),
    );
    expect(formatRupees(exposure.exposurePaise)).toBe("30082.65");
    for (const [name, span] of [["lowest", lowest] as const, ["highest", highest] as const]) {
      expectWithin(`NIFTY 23150 CE short 65, Sep 2026, first run: SPAN, ${name}`, paise(139_876_10), span);
      expectWithin(`the same, second run: SPAN, ${name}`, paise(136_121_05), span);
      expectWithin(
        `the same, all-in at the broker, ${name}`,
        paise(170_501_85),
        addPaise(span, exposure.exposurePaise),
      );
    }
  });
});
