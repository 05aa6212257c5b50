// The rows that lists and their orders leave behind: an order in slices is there once as itself and once slice by slice.
import { describe, expect, it } from "vitest";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import { EMPTY_ACCOUNT, evolve } from "../../../src/core/account/evolve.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { finalRows, projectEvent } from "../../../src/core/reporting/project.ts";
import type { OrderListRow, OrderRow, ReadModelRow } from "../../../src/core/reporting/projection.ts";
import { anAccount, aPrice, DATE, filled, id, later, NOON, submit } from "../../support/builders.ts";

const CHEAP = aPrice({ bidPaise: paise(95), askPaise: paise(1_05), lastPaise: paise(1_00) });
const big = (units: number, limitPaise = 1_00) =>
  submit({ clientOrderId: id("big"), quantityUnits: units, limitPricePaise: paise(limitPaise) }, NOON, CHEAP);

/** Every row image, in the order of the journal. */
function images(events: readonly AccountEvent[]): ReadModelRow[] {
  let state = EMPTY_ACCOUNT;
  return events.flatMap((event, at) => {
    const before = state;
    state = evolve(before, event);
    return projectEvent(before, { event, sequence: at + 1, hash: "" }, state).rows;
  });
}

const ordersIn = (rows: readonly ReadModelRow[]) =>
  rows
    .filter((row): row is OrderRow => row.table === "orders")
    .map(({ clientOrderId, status, filledUnits, slices }) => `${clientOrderId} ${status} ${filledUnits} ${slices}`);
const listsIn = (rows: readonly ReadModelRow[]) =>
  rows.filter((row): row is OrderListRow => row.table === "order_lists");

describe("an order in slices", () => {
  it("has a row of its own beside its slices', with all that they have done", () => {
    const account = anAccount({ capitalPaise: paise(1_00_000_00) });
    account.do(big(4_500));
    account.report(NOON, filled(id("big_split_1"), 1_800, 1_00));
    expect(ordersIn(finalRows(images(account.events)))).toEqual([
      "big PARTIALLY_FILLED 1800 2",
      "big_split_1 FILLED 1800 null",
      "big_split_2 SUBMITTED 0 null",
    ]);
    account.report(NOON, filled(id("big_split_2"), 1_800, 1_00));
    account.report(later(10), filled(id("big_split_3"), 900, 1_00));
    const rows = finalRows(images(account.events));
    expect(ordersIn(rows)).toEqual([
      "big FILLED 4500 3",
      "big_split_1 FILLED 1800 null",
      "big_split_2 FILLED 1800 null",
      "big_split_3 FILLED 900 null",
    ]);
    expect(rows.find((row) => row.table === "orders" && row.clientOrderId === "big")).toMatchObject({
      filledValuePaise: 4_500_00,
      listId: null,
      updatedAtMs: later(10),
    });
    const [list] = listsIn(rows);
    expect(list).toMatchObject({ listId: "big", date: DATE, kind: "SLICED", stage: "FILLED", completeByMs: null });
    expect(JSON.parse(list?.legs ?? "")).toMatchObject([{ side: "BUY", quantityUnits: 4_500, limitPricePaise: 1_00 }]);
  });

  it("keeps its row when its id is used again for something else", () => {
    const account = anAccount({ capitalPaise: paise(1_00_000_00) });
    account.do(big(4_500));
    const before = finalRows(images(account.events));
    expect(account.do(big(4_425))[0]).toMatchObject({ denial: { code: "CLIENT_ORDER_ID_REUSED" } });
    const after = finalRows(images(account.events));
    expect(after.filter(({ table }) => table !== "order_checks")).toEqual(
      before.filter(({ table }) => table !== "order_checks"),
    );
  });

  it("that is denied is one denied order and one denied list, with the reason", () => {
    const account = anAccount({ capitalPaise: paise(1_000_00) });
    account.do(big(4_500));
    const rows = finalRows(images(account.events));
    expect(ordersIn(rows)).toEqual(["big DENIED 0 0"]);
    const [list] = listsIn(rows);
    expect(list).toMatchObject({ stage: "DENIED" });
    expect(list?.denialCode).toMatch(/^[A-Z_]+$/);
    expect(JSON.parse(list?.denial ?? "")).toMatchObject({ code: list?.denialCode, detail: expect.any(String) });
    const { denialCode, denial } = list ?? {};
    expect(rows.find((row) => row.table === "orders")).toMatchObject({ denialCode, denial });
  });
});
