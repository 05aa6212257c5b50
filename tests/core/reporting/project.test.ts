import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AccountEvent } from "../../../src/core/account/event.ts";
import { required } from "../../../src/core/kernel/assert.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { applyFill, openedNowhere } from "../../../src/core/position/position.ts";
import { finalRows, projectEvent, projectionHash } from "../../../src/core/reporting/project.ts";
import type { OrderRow, ReadModelRow, ReportRow, TransferRow } from "../../../src/core/reporting/projection.ts";
import {
  AT,
  CONTRACT,
  DATE,
  DAY,
  entryOf,
  filledEvent,
  orderOf,
  stateWith,
  termsOf,
} from "../ledger/account-samples.ts";
import { rupees, settleDay } from "../settlement/settlement-samples.ts";

const denial = {
  code: "BUYING_POWER",
  field: "quantityUnits",
  limit: 1,
  value: 2,
  unit: "PAISE",
  detail: "Less.",
} as const;

describe("projecting an event", () => {
  it("makes an order, a trade and a position row of a fill, all with the event's sequence", () => {
    const sell = orderOf(termsOf("O2", "SELL", 75), 110_00);
    const { position } = applyFill(openedNowhere(CONTRACT, AT), "BUY", 75, paise(100_00), AT);
    const trade = { position, signalId: null, cycleId: null, exitPlan: null, triggers: [] };
    const before = stateWith({
      orders: { [sell.clientOrderId]: { ...sell, status: "ACCEPTED", filledUnits: 0, filledValuePaise: paise(0) } },
      openTrades: { [CONTRACT.instrumentId]: trade },
    });
    const event = filledEvent(sell, 75, 110_00, { realisedPaise: 750_00, closedCostPaise: 7_500_00 });
    const after = stateWith({ orders: { [sell.clientOrderId]: sell } });
    const { rows, entries, notifications } = projectEvent(before, entryOf(event, 42), after);
    expect(rows.map(({ table, sequence, accountId }) => [table, sequence, accountId])).toEqual([
      ["orders", 42, "U001"],
      ["trades", 42, "U001"],
      ["positions", 42, "U001"],
    ]);
    expect(rows[0]).toMatchObject({ status: "FILLED", filledUnits: 75, date: DATE });
    expect(rows[1]).toMatchObject({
      executionId: "O2/1",
      realisedPaise: 750_00,
      exitReason: "TARGET",
      modelled: false,
    });
    expect(rows[2]).toMatchObject({ netUnits: 0, costPaise: 0, realisedPaise: 750_00 });
    expect(entries.map(({ kind }) => kind)).toEqual(["FILL"]);
    expect(notifications).toHaveLength(1);
  });

  it("makes a row of a denied order, but never over the order whose id was used again", () => {
    const terms = termsOf("O1", "BUY", 75);
    const event: AccountEvent = { type: "ORDER_DENIED", atMs: AT, terms, denial };
    const [row] = projectEvent(stateWith({}), entryOf(event), stateWith({})).rows;
    expect(row).toMatchObject({ table: "orders", status: "DENIED", denialCode: "BUYING_POWER", filledUnits: 0 });
    expect(JSON.parse((row as OrderRow).denial ?? "")).toEqual(denial);
    const held = stateWith({ orders: { [terms.clientOrderId]: orderOf(terms, 100_00) } });
    expect(projectEvent(held, entryOf(event), held).rows).toEqual([]);
  });

  it("keeps the terms of an order beyond its day: trigger, product, list, leg, release and tag", () => {
    const terms = { triggerPricePaise: paise(99_00), product: "INTRADAY", listId: "fly", legIndex: 2 } as const;
    const sent = { ...termsOf("O1", "BUY", 75), ...terms, releaseAtMs: AT, algoId: "AH-API" } as never;
    const of = (order: ReturnType<typeof orderOf>) =>
      projectEvent(
        stateWith({}),
        entryOf({ type: "ORDER_SUBMITTED", atMs: AT, terms: order, reservedPaise: paise(0), exitPlanMove: null }),
        stateWith({ orders: { [order.clientOrderId]: order } }),
      ).rows[0];
    expect(of(orderOf(sent, 100_00))).toMatchObject({ table: "orders", ...terms, releaseAtMs: AT, algoId: "AH-API" });
    const plain = { triggerPricePaise: null, listId: null, legIndex: null, releaseAtMs: null, product: "INTRADAY" };
    expect(of(orderOf(termsOf("O2", "BUY", 75), 100_00))).toMatchObject(plain);
  });

  it("makes a settlement row that holds the whole worksheet", () => {
    const worksheet = settleDay({});
    const event: AccountEvent = { type: "DAY_SETTLED", atMs: AT, jobKey: "j", worksheet };
    const [row] = projectEvent(
      stateWith({}),
      entryOf(event),
      stateWith({ day: { ...DAY, provisional: worksheet } }),
    ).rows;
    expect(row).toMatchObject({ table: "settlements", stage: "PROVISIONAL", feePaise: rupees("1500"), atMs: AT });
    expect(JSON.parse((row as { readonly worksheet: string }).worksheet)).toEqual(worksheet);
  });

  it("makes the report when the day is closed, with the closing entry's hash", () => {
    const event: AccountEvent = {
      type: "DAY_CLOSED",
      atMs: AT,
      jobKey: "j",
      date: DATE,
      nextCapitalPaise: rupees("10000"),
      accumulatedProfitPaise: paise(0),
    };
    const [row] = projectEvent(stateWith({}), entryOf(event, 77), stateWith({ day: null })).rows;
    const report: unknown = JSON.parse((row as ReportRow).report);
    expect(report).toMatchObject({ date: DATE, ledger: { sequence: 77, hash: "ab".repeat(32) } });
  });

  it("is silent about events that concern nobody outside", () => {
    const quiet = projectEvent(
      stateWith({}),
      entryOf({ type: "JOB_DONE", atMs: AT, jobKey: "j", note: "" }),
      stateWith({}),
    );
    expect(quiet).toEqual({ rows: [], entries: [], notifications: [] });
  });
});

describe("the projection's hash", () => {
  const transfer = (id: number, sequence: number, status: string): TransferRow => ({
    table: "transfers",
    accountId: "U001",
    transferId: `T${id}`,
    sequence,
    date: DATE,
    kind: "PULL",
    amountPaise: id,
    taxLockPaise: 0,
    status,
    rail: "SIMULATED",
    railReference: null,
    failure: null,
    requestedAtMs: AT,
    completedAtMs: null,
  });
  const history = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.constantFrom("PENDING", "COMPLETED")), {
      minLength: 1,
      maxLength: 20,
    })
    .map((changes): ReadModelRow[] => changes.map(([id, status], index) => transfer(id, index + 1, status)));

  it("is the same for any order of arrival, repeats included", () => {
    fc.assert(
      fc.property(
        history.chain((rows) =>
          fc.tuple(fc.constant(rows), fc.shuffledSubarray([...rows, ...rows], { minLength: rows.length * 2 })),
        ),
        ([rows, shuffled]) => {
          expect(projectionHash(shuffled)).toBe(projectionHash(rows));
          expect(projectionHash(finalRows(rows))).toBe(projectionHash(rows));
        },
      ),
    );
  });

  it("differs when any final row differs or is missing", () => {
    fc.assert(
      fc.property(history, fc.nat(), (rows, which) => {
        const final = finalRows(rows);
        const index = which % final.length;
        const changed = { ...required(final[index], "a row"), amountPaise: 999 } as ReadModelRow;
        expect(projectionHash(final.with(index, changed))).not.toBe(projectionHash(rows));
        expect(projectionHash(final.toSpliced(index, 1))).not.toBe(projectionHash(rows));
      }),
    );
  });

  it("keeps the row with the highest sequence", () => {
    expect(finalRows([transfer(1, 9, "COMPLETED"), transfer(1, 3, "PENDING")])).toEqual([transfer(1, 9, "COMPLETED")]);
  });
});
