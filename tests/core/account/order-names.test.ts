// A client order id is any text the edge lets through: none is special, and none is ever two orders.
import { describe, expect, it } from "vitest";
import { brokenInvariants } from "../../../src/core/account/invariants.ts";
import { type AccountUnderTest, anAccount, aWindow, canceled, id, later, submit } from "../../support/builders.ts";
import { expectSoundHistory } from "../../support/sound-history.ts";

const NAMES = ["constructor", "__proto__", "toString", "hasOwnProperty", "0", "4294967295"];

/** So many orders that ended without dealing that the oldest are kept apart. */
function endWithoutDealing(account: AccountUnderTest, count: number): void {
  for (let number = 0; number < count; number += 1) {
    const clientOrderId = id(`other-${number}`);
    account.do(submit({ clientOrderId }, later(number)));
    account.report(later(number), canceled(clientOrderId));
  }
}

describe("client order ids", () => {
  for (const name of NAMES) {
    it(`takes "${name}" for a name like any other`, () => {
      const account = anAccount();
      expect(account.do(submit({ clientOrderId: id(name) })).map(({ type }) => type)).toEqual(["ORDER_SUBMITTED"]);
      expect(account.do(submit({ clientOrderId: id(name) }))).toEqual([]);
      account.report(later(1), canceled(id(name)));
      endWithoutDealing(account, 200);
      expect(account.do(submit({ clientOrderId: id(name) })), "after it has been put aside").toEqual([]);
      expect(brokenInvariants(account.state)).toEqual([]);
      expectSoundHistory(account.events, account.state);
    });
  }

  it("never gives an entry of the strategy a name that a finished order has", () => {
    const account = anAccount();
    const taken = id("U001-2025-08-29-C12-W1-NIFTY50-E1");
    account.do(submit({ clientOrderId: taken }));
    account.report(later(0), canceled(taken));
    endWithoutDealing(account, 200);
    expect(account.state.orders[taken]).toBeUndefined();
    const [record] = account.do(aWindow());
    expect(record).toMatchObject({ type: "WINDOW_RUN", decisions: [{ action: "HELD" }] });
    expect(account.state.orders[taken]).toBeUndefined();
  });
});
