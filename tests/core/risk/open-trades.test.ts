// As what an open trade counts: a list as one whatever its legs, and what is held beyond a list by itself.
import { describe, expect, it } from "vitest";
import type { AccountState } from "../../../src/core/account/state.ts";
import type { OptionContract } from "../../../src/core/instrument/contract.ts";
import type { OrderList } from "../../../src/core/order-list/order-list.ts";
import { addsToOpen, openTradesOf } from "../../../src/core/risk/trade-counts.ts";
import { anOrder, id, NIFTY_CALL, NIFTY_PUT, someTerms } from "../../support/builders.ts";
import { aList, leg, option } from "../order-list/list-fixtures.ts";
import { fresh, holding } from "./denial-fixtures.ts";

const LIST = id("list-1");
const [LONG, SHORT] = [option("CALL", 24_650), option("CALL", 24_500)];
const LEGS = [leg("BUY", LONG, 75), leg("SELL", SHORT, 75)];
const withList = (state: AccountState, change: Partial<OrderList> = {}): AccountState => ({
  ...state,
  lists: { [LIST]: aList({ legs: LEGS, stage: "FILLED", ...change }) },
});
const opened = (state: AccountState) => [...openTradesOf(state, [])];

describe("what is open", () => {
  const held = (contract: OptionContract, units: number, listed = true) =>
    holding(contract, units, listed ? { listId: LIST } : {});

  it("counts a trade of its own by its contract, and the legs of a list as the list", () => {
    expect(opened(held(NIFTY_CALL, 75, false))).toEqual([NIFTY_CALL.instrumentId]);
    expect(opened(withList(held(LONG, 75)))).toEqual([LIST]);
    expect(opened(withList(held(SHORT, -75)))).toEqual([LIST]);
    const both = { ...fresh, openTrades: { ...held(LONG, 75).openTrades, ...held(SHORT, -75).openTrades } };
    expect(opened(withList(both))).toEqual([LIST]);
  });

  it("counts by its contract what stands on the other side of its list's leg", () => {
    expect(opened(withList(held(LONG, -75)))).toEqual([LONG.instrumentId]);
    expect(opened(withList(held(SHORT, 75)))).toEqual([SHORT.instrumentId]);
  });

  it("counts as its list what a list of before no longer names", () => {
    expect(opened(held(LONG, 75))).toEqual([LIST]);
    expect(opened({ ...held(LONG, 75), lists: {} })).toEqual([LIST]);
    expect(opened(withList(held(NIFTY_PUT, 75)))).toEqual([LIST]);
  });

  it("counts a combination while it builds, and neither slices nor a list that is over without anything", () => {
    for (const stage of ["PROTECTING", "SELLING"] as const) expect(opened(withList(fresh, { stage }))).toEqual([LIST]);
    for (const stage of ["DENIED", "WORKING", "FILLED", "UNWOUND", "CLOSED"] as const) {
      expect(opened(withList(fresh, { stage }))).toEqual([]);
    }
    expect(opened(withList(fresh, { kind: "SLICED", stage: "PROTECTING" }))).toEqual([]);
  });

  it("counts what is about to be: an order by its contract, an order of a list as the list", () => {
    const pending = [anOrder(), anOrder({ contract: NIFTY_PUT, listId: LIST })];
    expect([...openTradesOf(fresh, pending)]).toEqual([NIFTY_CALL.instrumentId, LIST]);
    // More of what a list holds is the list's; what goes against it stands by itself.
    const entering = (state: AccountState, contract: OptionContract, side: "BUY" | "SELL") =>
      [...openTradesOf(state, [anOrder({ contract, side })])].sort();
    const [long, short] = [withList(held(LONG, 75)), withList(held(SHORT, -75))];
    expect(entering(long, LONG, "BUY")).toEqual([LIST]);
    expect(entering(long, LONG, "SELL")).toEqual([`${LONG.instrumentId}/SELL`, LIST].sort());
    expect(entering(short, SHORT, "SELL")).toEqual([LIST]);
    expect(entering(short, SHORT, "BUY")).toEqual([`${SHORT.instrumentId}/BUY`, LIST].sort());
  });

  it("counts by its contract what an exit opens that still stands when its position is gone already", () => {
    const leaving = (state: AccountState, quantityUnits: number): AccountState => {
      const exit = anOrder({ contract: SHORT, side: "BUY", purpose: "EXIT", quantityUnits });
      return withList({ ...state, orders: { [exit.clientOrderId]: exit } });
    };
    expect(opened(leaving(held(SHORT, -75), 75))).toEqual([LIST]);
    expect(opened(leaving(held(SHORT, -75), 150))).toEqual([LIST, `${SHORT.instrumentId}/EXIT`]);
    expect(opened(leaving(held(SHORT, -75, false), 150))).toEqual([SHORT.instrumentId]);
    // It may still come to nothing: an entry opens a trade of its own, and no third one then.
    const state = leaving(fresh, 75);
    expect(opened(state)).toEqual([`${SHORT.instrumentId}/EXIT`]);
    const entry = someTerms({ contract: SHORT, side: "BUY" });
    expect(addsToOpen(openTradesOf(state, []), state, entry, false)).toBe(false);
    const pending = [anOrder({ contract: SHORT, side: "BUY" })];
    expect([...openTradesOf(state, pending)]).toEqual([SHORT.instrumentId]);
  });
});

describe("an order adds to what is open", () => {
  const adds = (state: AccountState, terms: Parameters<typeof someTerms>[0], isOfCombination = false) =>
    addsToOpen(openTradesOf(state, []), state, someTerms(terms), isOfCombination);

  it("where its list or its contract is open, and a combination only where its list is", () => {
    const own = holding(NIFTY_CALL);
    expect([adds(own, {}), adds(own, {}, true), adds(fresh, {})]).toEqual([true, false, false]);
    const ofList = withList(holding(LONG, 75, { listId: LIST }));
    expect(adds(ofList, { contract: NIFTY_PUT, listId: LIST }, true)).toBe(true);
    expect(adds(ofList, { contract: NIFTY_PUT, listId: id("other") })).toBe(false);
  });

  it("on the side of what a list holds of its contract, and not against it", () => {
    const long = withList(holding(LONG, 75, { listId: LIST }));
    expect([adds(long, { contract: LONG, side: "BUY" }), adds(long, { contract: LONG, side: "SELL" })]).toEqual([
      true,
      false,
    ]);
    const short = withList(holding(SHORT, -75, { listId: LIST }));
    expect([adds(short, { contract: SHORT, side: "SELL" }), adds(short, { contract: SHORT, side: "BUY" })]).toEqual([
      true,
      false,
    ]);
    expect(adds(long, { contract: NIFTY_PUT, side: "SELL" })).toBe(false);
  });

  it("not against what is held by itself, but as more of an entry that is under way against it", () => {
    const short = holding(SHORT, -75);
    const buying = [anOrder({ contract: SHORT, side: "BUY" })];
    const more = (side: "BUY" | "SELL", pending: typeof buying) =>
      addsToOpen(openTradesOf(short, pending), short, someTerms({ contract: SHORT, side }), false);
    expect([more("SELL", []), more("BUY", []), more("BUY", buying)]).toEqual([true, false, true]);
  });
});
