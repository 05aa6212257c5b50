// The curve of the day on the dashboard: whole from the open, whichever answer comes first, and each instant once.
import { beforeEach, expect, test } from "vitest";
import { takeAccount, takeTrades } from "../../../dashboard/src/live/account-wire.ts";
import { account, curve, session } from "../../../dashboard/src/live/model.ts";
import { takeSession } from "../../../dashboard/src/live/session-wire.ts";

const at = (time: string): string => `2025-08-29T${time}.000Z`;
const ms = (time: string): number => Date.parse(at(time));

const sessionAt = (time: string, date = "2025-08-29") =>
  takeSession({
    ...{ status: "RUNNING", mode: "REPLAY", date, now: at(time), speed: 60, cycle: 1, phase: "W1", failure: null },
    ...{ openAt: at("03:45:00"), closeAt: at("10:00:00") },
  });
const accountOf = (realised: string, charges: string, date = "2025-08-29") =>
  takeAccount({
    ...{
      accountId: "U",
      displayName: "U",
      category: "REGULAR",
      tradingState: "ACTIVE",
      haltReason: null,
      breakers: [],
    },
    ...{ capital: "0.00", cash: "0.00", savings: "0.00", positions: [], exitGroups: [], at: at("08:00:00") },
    day: { date, status: "OPEN", realised, charges, vixCenti: null, vixDecision: null, endedBy: null },
    guardrails: { capacityBps: 10_000, tradesUsed: 0, tradesMax: 1, openTrades: 0, openTradesMax: 1, lossMax: "1.00" },
  });
const trades = (...rows: readonly (readonly [string, string, string])[]) =>
  takeTrades({
    data: rows.map(([time, realised, charges]) => ({ date: "2025-08-29", at: at(time), realised, charges })).reverse(),
  });

beforeEach(() => {
  sessionAt("03:45:00", "2000-01-01");
  accountOf("0.00", "0.00", "2000-01-01");
  account.value = null;
  curve.value = [];
  session.value = null;
});

const FILLS = [
  ["04:00:00", "0.00", "1.00"],
  ["05:00:00", "10.00", "0.50"],
  ["05:00:00", "5.00", "0.50"],
] as const;
const WHOLE = [
  [ms("03:45:00"), 0],
  [ms("04:00:00") - 1, 0],
  [ms("04:00:00"), -100],
  [ms("05:00:00") - 1, -100],
  [ms("05:00:00"), 1_300],
  [ms("08:00:00"), 1_300],
];

test("the fills of one instant are one point, and time never goes back", () => {
  sessionAt("08:00:00");
  accountOf("15.00", "2.00");
  trades(...FILLS);
  expect(curve.value).toEqual(WHOLE);
});

test("what was traded before the page was opened stays when the account is told of afterwards", () => {
  sessionAt("08:00:00");
  trades(...FILLS);
  accountOf("15.00", "2.00");
  expect(curve.value).toEqual(WHOLE);
});

test("another day begins another curve", () => {
  sessionAt("08:00:00");
  trades(...FILLS);
  accountOf("0.00", "0.00", "2025-09-01");
  expect(curve.value).toHaveLength(1);
});
