// Every decision about what may be sent is on record, passed or not: orders, changes to them, and lists refused as a whole.
import { describe, expect, it } from "vitest";
import type { OrderChanges } from "../../../src/core/account/command.ts";
import { EMPTY_ACCOUNT, evolve } from "../../../src/core/account/evolve.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { projectEvent } from "../../../src/core/reporting/project.ts";
import type { OrderCheckRow } from "../../../src/core/reporting/projection.ts";
import { checksOf } from "../../../src/core/risk/check-record.ts";
import { type AccountUnderTest, accepted, anAccount, aPrice, id, later, NOON, submit } from "../../support/builders.ts";

const RESTING = { type: "LIMIT", timeInForce: "DAY", limitPricePaise: paise(49_90), quantityUnits: 75 } as const;

/** The record of the whole journal, in its order. */
function recordOf({ events }: AccountUnderTest): readonly OrderCheckRow[] {
  let state = EMPTY_ACCOUNT;
  return events.flatMap((event, at) => {
    const before = state;
    state = evolve(before, event);
    const { rows } = projectEvent(before, { event, sequence: at + 1, hash: "" }, state);
    return rows.filter((row): row is OrderCheckRow => row.table === "order_checks");
  });
}
const told = ({ clientOrderId, purpose, status, ruleId }: OrderCheckRow) =>
  [clientOrderId, purpose, status, ruleId].join(" ");
const rulesIn = ({ checks, denial }: OrderCheckRow) =>
  checksOf(JSON.parse(checks), denial === null ? null : JSON.parse(denial));

describe("the record of decisions", () => {
  it("has a change that was asked for and one that was refused, with every rule the order it would become has met", () => {
    const account = anAccount();
    account.do(submit({ clientOrderId: id("one"), ...RESTING }, NOON));
    account.report(NOON, accepted(id("one")));
    const modify = (modifyId: string, changes: OrderChanges) =>
      account.do({
        type: "MODIFY_ORDER",
        atMs: later(1_000),
        clientOrderId: id("one"),
        modifyId,
        changes,
        price: aPrice({ quotedAtMs: later(1_000) }),
      });
    modify("m1", { quantityUnits: 76 });
    modify("m2", { quantityUnits: 75 });
    modify("m3", { quantityUnits: 150 });
    const record = recordOf(account);
    expect(record.map(told)).toEqual([
      "one ENTRY APPROVED ",
      "one ENTRY REJECTED QUANTITY_NOT_WHOLE_LOTS",
      "one ENTRY REJECTED NOTHING_CHANGED",
      "one ENTRY APPROVED ",
    ]);
    const [submitted, refused, , requested] = record.map(rulesIn);
    expect(refused?.at(-1)).toEqual({
      rule: "QUANTITY_NOT_WHOLE_LOTS",
      passed: false,
      limit: 75,
      value: 76,
      unit: "UNITS",
    });
    expect(refused?.length).toBeGreaterThan(5);
    expect(requested?.map(({ rule }) => rule)).toEqual(submitted?.map(({ rule }) => rule));
    expect(requested?.find(({ rule }) => rule === "ORDER_VALUE_LIMIT")?.value).toBe(150 * 49_90);
  });

  it("has a list that was refused as a whole under the list's name, with what its legs had passed", () => {
    const account = anAccount({ capitalPaise: paise(1_000_00) });
    account.do(submit({ clientOrderId: id("big"), quantityUnits: 4_500, limitPricePaise: paise(50_00) }, NOON));
    const [refused, ...others] = recordOf(account);
    expect(others).toEqual([]);
    expect(told(refused as OrderCheckRow)).toMatch(/^big ENTRY REJECTED [A-Z_]+$/);
    const rules = rulesIn(refused as OrderCheckRow);
    expect(rules.length).toBeGreaterThan(5);
    expect(rules.filter(({ passed }) => !passed)).toEqual([rules.at(-1)]);
  });

  it("has nothing of a request that only repeats a name: nothing was asked", () => {
    const account = anAccount({ capitalPaise: paise(1_00_000_00) });
    account.do(submit({ clientOrderId: id("one"), ...RESTING }, NOON));
    account.do(submit({ clientOrderId: id("one"), ...RESTING, quantityUnits: 150 }, NOON));
    expect(recordOf(account).map(told)).toEqual(["one ENTRY APPROVED "]);
  });
});
