// An order whose status says that it is over may still come to something: its end has overtaken its fills, or the venue works
// on it all the same. Money, lists, groups and what people are shown follow what it can still come to, not the word.
import { describe, expect, it } from "vitest";
import type { ListRequest } from "../../../src/core/account/command.ts";
import { findList } from "../../../src/core/account/lists.ts";
import { outstandingWork } from "../../../src/core/account/outstanding.ts";
import { accountView } from "../../../src/core/account/view.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import type { EpochMs } from "../../../src/core/kernel/time.ts";
import { reservedPaise } from "../../../src/core/risk/exposure.ts";
import { uncoveredUnits } from "../../../src/core/risk/short-cover.ts";
import {
  type AccountUnderTest,
  accepted,
  anAccount,
  aPrice,
  canceled,
  filled,
  id,
  later,
  NIFTY_CALL,
  NIFTY_PUT,
  NOON,
  submit,
} from "../../support/builders.ts";
import { hold } from "../../support/open-positions.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";
import { option } from "../order-list/list-fixtures.ts";

const [LONG, SHORT] = [option("CALL", 24_650), option("CALL", 24_500)] as const;
const prices = (atMs: EpochMs = NOON) =>
  [LONG, SHORT].map(({ instrumentId }, index) => {
    const mid = index === 0 ? 30_00 : 90_00;
    const quote = { bidPaise: paise(mid - 5), askPaise: paise(mid + 5), lastPaise: paise(mid), quotedAtMs: atMs };
    return aPrice({ instrumentId, ...quote, spotPaise: paise(24_500_00), ivBps: 1_200 });
  });

function vertical(account: AccountUnderTest, sets: number): void {
  const leg = (contract: OptionContract, side: "BUY" | "SELL") => ({ contract, side, ratio: 1, limitPricePaise: null });
  const request: ListRequest = {
    listId: id("vertical"),
    structure: "CUSTOM",
    sets,
    legs: [leg(LONG, "BUY"), leg(SHORT, "SELL")],
    completeWithinMs: 10_000,
    onIncomplete: "UNWIND",
    timeExitMs: null,
    request: "vertical",
  };
  const [event] = account.do({ type: "SUBMIT_LIST", atMs: NOON, request, prices: prices() });
  expect(event?.type).toBe("LIST_SUBMITTED");
}

/** Two sets may lose some ₹14,000 beyond their wing. */
const roomy = () =>
  anAccount({
    capitalPaise: paise(10_00_000_00),
    savingsPaise: paise(20_00_000_00),
    limits: { dailyLossMaxPaise: paise(25_000_00) },
  });

/** A further quote of everything at which whatever waits for one is told. */
function quote(account: AccountUnderTest, atMs: EpochMs, views = prices(atMs)) {
  const waiting = outstandingWork(account.state).triggers.flatMap(({ triggers }) => triggers);
  const fired = waiting.map(({ triggerId, instrumentId }) => ({
    triggerId,
    price: views.find((view) => view.instrumentId === instrumentId) ?? aPrice({ instrumentId }),
  }));
  return account.do({ type: "FIRE_TRIGGERS", atMs, fired, prices: views });
}

/** The day's square-off asks for whatever can still be given. */
const press = (account: AccountUnderTest, atMs: EpochMs) =>
  account.do({ type: "SQUARE_OFF", atMs, jobKey: `SQUARE_OFF/${atMs}`, prices: prices(atMs) });

/** The venue has ended it after so many units, of which it has not told yet. */
const endedAfter = (name: string, filledUnits: number, atMs = later(1_000)) =>
  ({ kind: "CANCELED", clientOrderId: id(name), reason: "IOC_REMAINDER", atMs, filledUnits }) as const;

describe("an order that has ended and may still come to something", () => {
  it("is shown as working, with the money it holds", () => {
    const account = anAccount();
    account.do(submit({ quantityUnits: 150 }));
    account.report(NOON, endedAfter("order-1", 75));
    expect(accountView(account.state)).toMatchObject({ workingOrders: 1, reserved: "3750.00" });
    account.report(later(2_000), filled(id("order-1"), 75, 50_00));
    expect(accountView(account.state)).toMatchObject({ workingOrders: 0, reserved: "0.00" });
  });

  it("keeps money for what the venue works on although it has ended here", () => {
    const account = anAccount();
    account.do(submit());
    account.report(NOON, accepted(id("order-1")), canceled(id("order-1")));
    expect(reservedPaise(account.state)).toBe(0);
    const stray = { clientOrderId: id("order-1"), venueOrderId: "V-order-1", atMs: later(1_000) };
    account.take({ type: "ORDER_STRAY", ...stray });
    expect(reservedPaise(account.state)).toBe(75 * 50_00);
    account.take({ type: "ORDER_STRAY_ENDED", clientOrderId: id("order-1"), atMs: later(2_000) });
    expect(reservedPaise(account.state)).toBe(0);
    expectSoundHistory(account.events, account.state);
  });

  it("is not asked for again by its list, and its money is not kept twice", () => {
    const account = roomy();
    vertical(account, 2);
    const before = reservedPaise(account.state);
    account.report(later(1_000), endedAfter("vertical_leg_1_split_1", 150));
    expect(reservedPaise(account.state)).toBe(before);
    expect(outstandingWork(account.state).submit).toEqual([]);
    account.report(later(2_000), filled(id("vertical_leg_1_split_1"), 150, 30_00));
    expect(outstandingWork(account.state).submit.map(({ side }) => side)).toEqual(["SELL"]);
    const selling = reservedPaise(account.state);
    // The same of a sale: what is kept is its margin, not its premium.
    account.report(later(3_000), endedAfter("vertical_leg_2_split_1", 150, later(3_000)));
    expect(reservedPaise(account.state)).toBe(selling);
    account.report(later(4_000), filled(id("vertical_leg_2_split_1"), 150, 90_00));
    expect(reservedPaise(account.state)).toBe(0);
    expect(findList(account.state, "vertical")?.stage).toBe("FILLED");
    expectSoundHistory(account.events, account.state);
  });

  it("does not hold up the rest of a short's cover: exactly what it has not dealt is covered at once", () => {
    const account = roomy();
    vertical(account, 2);
    account.report(NOON, filled(id("vertical_leg_1_split_1"), 150, 30_00));
    account.report(NOON, filled(id("vertical_leg_2_split_1"), 150, 90_00));
    account.do({ type: "EXIT_ALL", atMs: later(1_000), prices: prices(later(1_000)) });
    const [cover] = outstandingWork(account.state).submit;
    expect(cover).toMatchObject({ side: "BUY", quantityUnits: 150 });
    account.report(later(2_000), endedAfter(cover?.clientOrderId ?? "", 75, later(2_000)));
    press(account, later(3_000));
    const [rest] = outstandingWork(account.state).submit;
    expect(rest).toMatchObject({ side: "BUY", quantityUnits: 75 });
    expect(outstandingWork(account.state).submit).toHaveLength(1);
    account.report(later(4_000), filled(rest?.clientOrderId ?? id(""), 75, 90_00));
    // The long stays: half of the short is not known to be closed.
    expect(outstandingWork(account.state).submit).toEqual([]);
    account.report(later(5_000), filled(cover?.clientOrderId ?? id(""), 75, 90_00));
    press(account, later(6_000));
    expect(outstandingWork(account.state).submit).toMatchObject([{ side: "SELL", quantityUnits: 150 }]);
    expect(uncoveredUnits(account.state)).toBe(0);
    expectSoundHistory(account.events, account.state);
  });

  it("keeps a group that is leaving alive, so that what it has dealt leaves as well", () => {
    const account = anAccount();
    hold(account, NIFTY_CALL, 75, 50_00);
    const put = aPrice({ instrumentId: NIFTY_PUT.instrumentId });
    account.do(submit({ clientOrderId: id("resting"), contract: NIFTY_PUT }, later(1), put));
    account.do({ type: "EXIT_ALL", atMs: later(2), prices: [aPrice(), put] });
    const exit = outstandingWork(account.state).submit.find(({ side }) => side === "SELL");
    account.report(later(3), filled(exit?.clientOrderId ?? id(""), 75, 49_00), endedAfter("resting", 75, later(3)));
    expect(Object.keys(account.state.exitGroups ?? {})).toHaveLength(1);
    account.report(later(4), filled(id("resting"), 75, 50_00));
    const again = quote(account, later(5), [put]);
    expect(again).toContainEqual(expect.objectContaining({ type: "ORDER_SUBMITTED" }));
    expect(outstandingWork(account.state).submit.at(-1)).toMatchObject({ side: "SELL", contract: NIFTY_PUT });
    expectSoundHistory(account.events, account.state);
  });
});
