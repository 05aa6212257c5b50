// Guarantees: what a list that sells may lose is what it loses at the worst end of the index, to the paisa; it never passes beyond
// what the day may still lose by its limit or its drawdown, together with the lists that stand; and the denial says what would.
import { describe, expect, it } from "vitest";
import type { ListRequest } from "../../../src/core/account/command.ts";
import { findList, listsOf } from "../../../src/core/account/lists.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import { payoffAt } from "../../../src/core/margin/worst-payoff.ts";
import type { ListLeg } from "../../../src/core/order-list/order-list.ts";
import { lossLeftPaise, worstLossPaise } from "../../../src/core/risk/list-loss.ts";
import { type AccountUnderTest, anAccount, aPrice, filled, id, later, NOON } from "../../support/builders.ts";
import { Seeded } from "../../support/seeded.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";
import { option } from "../order-list/list-fixtures.ts";

type Leg = Pick<ListLeg, "contract" | "side" | "quantityUnits" | "limitPricePaise">;
const leg = (side: "BUY" | "SELL", contract: OptionContract, rupees: number, quantityUnits = 75): Leg => ({
  contract,
  side,
  quantityUnits,
  limitPricePaise: paise(rupees * 100),
});
const [WING, BODY] = [option("CALL", 24_600), option("CALL", 24_500)] as const;

describe("what a list may lose at most", () => {
  it.each<[string, readonly Leg[], number | null]>([
    ["a credit vertical: its width less the credit", [leg("BUY", WING, 30), leg("SELL", BODY, 70)], (100 - 40) * 75],
    ["a debit vertical: what it cost", [leg("BUY", BODY, 70), leg("SELL", WING, 30)], 40 * 75],
    [
      "an iron fly: the wider wing less the credit",
      [
        leg("BUY", WING, 30),
        leg("BUY", option("PUT", 24_350), 20),
        leg("SELL", BODY, 70),
        leg("SELL", option("PUT", 24_500), 60),
      ],
      (150 - 80) * 75,
    ],
    [
      "two expiries: each at its own worst end",
      [leg("BUY", { ...WING, expiry: marketDate("2025-09-09") }, 50), leg("BUY", WING, 30), leg("SELL", BODY, 70)],
      (100 + 10) * 75,
    ],
    [
      "a long straddle: left by its stop, as every long",
      [leg("BUY", BODY, 70), leg("BUY", option("PUT", 24_500), 60)],
      null,
    ],
    ["a call that nothing covers: nothing bounds it", [leg("SELL", BODY, 70)], null],
    [
      "a put that nothing covers, beside a spread: the same",
      [leg("BUY", WING, 30), leg("SELL", option("PUT", 24_500), 60)],
      null,
    ],
    ["more credit than width: nothing", [leg("BUY", WING, 30), leg("SELL", BODY, 131)], 0],
  ])("%s", (_, legs, rupees) => {
    expect(worstLossPaise(legs)).toBe(rupees === null ? null : rupees * 100);
  });

  it("is never beaten by any end of the index, and is met by one (2,000 structures)", () => {
    const random = new Seeded(114);
    for (let turn = 0; turn < 2_000; turn += 1) {
      const legs = (["CALL", "PUT"] as const).flatMap((type) => {
        const [bought, sold] = [24_000 + 50 * random.below(20), 24_000 + 50 * random.below(20)];
        const units = 75 * (1 + random.below(3));
        return [
          leg("BUY", option(type, bought), 1 + random.below(200), units),
          leg("SELL", option(type, sold), 1 + random.below(200), units),
        ];
      });
      const held = legs.map(({ contract, side, quantityUnits, limitPricePaise }) => ({
        contract,
        netUnits: side === "BUY" ? quantityUnits : -quantityUnits,
        pricePaise: limitPricePaise,
        ivBps: null,
      }));
      const cost = held.reduce((sum, { netUnits, pricePaise }) => sum + netUnits * pricePaise, 0);
      let worst = Number.NEGATIVE_INFINITY;
      for (let spot = 23_500; spot <= 25_500; spot += 50) worst = Math.max(worst, cost - payoffAt(held, spot * 100));
      const said = worstLossPaise(legs) ?? -1;
      expect(said).toBeGreaterThanOrEqual(worst);
      expect(said).toBeLessThanOrEqual(Math.max(0, worst, cost));
    }
  });
});

const price = ({ instrumentId }: OptionContract, mid: number, atMs = NOON) =>
  aPrice({
    instrumentId,
    bidPaise: paise(mid * 100 - 5),
    askPaise: paise(mid * 100 + 5),
    lastPaise: paise(mid * 100),
    quotedAtMs: atMs,
    spotPaise: paise(24_500_00),
    ivBps: 1_200,
  });

/** Sells the body at ₹70 and buys the wing at ₹30, limits: a set may lose ₹4,500. */
const request = (listId: string, sets: number): ListRequest => ({
  listId: id(listId),
  structure: "VERTICAL",
  sets,
  legs: [
    { contract: WING, side: "BUY", ratio: 1, limitPricePaise: paise(30_00) },
    { contract: BODY, side: "SELL", ratio: 1, limitPricePaise: paise(70_00) },
  ],
  completeWithinMs: 10_000,
  onIncomplete: "UNWIND",
  timeExitMs: null,
  request: listId,
});
const send = (account: AccountUnderTest, listId: string, sets: number) => {
  account.do({
    type: "SUBMIT_LIST",
    atMs: NOON,
    request: request(listId, sets),
    prices: [price(WING, 30), price(BODY, 70)],
  });
  return findList(account.state, listId)?.denial ?? null;
};
const of = (dailyLossRupees: number, capitalRupees = 10_00_000): AccountUnderTest =>
  anAccount({
    capitalPaise: paise(capitalRupees * 100),
    savingsPaise: paise(30_00_000_00),
    limits: { dailyLossMaxPaise: paise(dailyLossRupees * 100), openTradesMax: 10 },
  });

describe("a list held against what the day may still lose", () => {
  it("passes at exactly that, and beyond says the limit, the value and how many sets would pass", () => {
    expect(send(of(9_000), "two", 2)).toBeNull();
    expect(send(of(8_999), "two", 2)).toMatchObject({
      code: "LIST_LOSS_LIMIT",
      field: "sets",
      limit: 8_999_00,
      value: 9_000_00,
      unit: "PAISE",
      detail: expect.stringMatching(/^1 of these sets /),
    });
    expect(send(of(4_499), "one", 1)?.detail).toMatch(/^one set may lose more/);
  });

  it("is bound by the drawdown where that is nearer: 2.5 % of the capital, whatever limit a person has set", () => {
    expect(send(of(50_000, 1_80_000), "one", 1)).toBeNull();
    expect(send(of(50_000, 1_79_999), "one", 1)).toMatchObject({ code: "LIST_LOSS_LIMIT", limit: 4_499_97 });
  });

  it("counts with the lists that stand or are under way, and what those have lost by now only once", () => {
    const account = of(9_000);
    expect(send(account, "first", 1)).toBeNull();
    expect(send(account, "second", 2)).toMatchObject({ code: "LIST_LOSS_LIMIT", limit: 4_500_00, value: 9_000_00 });
    account.report(NOON, filled(id("first_leg_1_split_1"), 75, 30_00));
    account.report(NOON, filled(id("first_leg_2_split_1"), 75, 70_00));
    const against = [price(WING, 31, later(1_000)), price(BODY, 90, later(1_000))];
    // Behind by ₹1,400 and a little spread, all of it within what the list may lose; charges of the day count beside it.
    const charges = account.state.day?.accruedChargesPaise ?? 0;
    expect(charges).toBeGreaterThan(0);
    expect(lossLeftPaise(account.state, against)).toBe(4_500_00 - charges);
    expectSoundHistory(account.events, account.state);
  });

  it("no sequence of lists comes to more than that together (200 accounts)", () => {
    const random = new Seeded(1_140);
    for (let turn = 0; turn < 200; turn += 1) {
      const limit = 1_000 + random.below(30_000);
      const account = of(limit);
      for (let number = 0; number < 5; number += 1) send(account, `list-${number}`, 1 + random.below(4));
      const standing = listsOf(account.state).filter(({ stage }) => stage !== "DENIED");
      const worst = standing.reduce((sum, { legs }) => sum + (worstLossPaise(legs) ?? 0), 0);
      expect(worst).toBeLessThanOrEqual(limit * 100);
    }
  });
});
