// The breaker's finer points: whose trip is whose, when its clock starts again, and when a person is told.
import { describe, expect, it } from "vitest";
import {
  blocking,
  exitReasonOf,
  hasTrip,
  isInScope,
  isToBeRaised,
  locked,
  mayEnd,
  nextCheckMs,
  notFlat,
  readZero,
  type Trip,
  tripped,
  underlyingOf,
  withTrips,
} from "../../../src/core/risk/circuit-breaker.ts";
import { lookAt, type VenueReading } from "../../../src/core/risk/flat-proof.ts";
import { anAccount, anOrder, BANKNIFTY_CALL, id, later, NIFTY_CALL, NOON } from "../../support/builders.ts";
import { holding } from "./denial-fixtures.ts";

const trip = (change: Partial<Trip> = {}): Trip => ({
  cause: "MANUAL",
  by: "OPERATOR",
  atMs: NOON,
  evidence: { limit: null, value: null, unit: null, detail: "a test" },
  ...change,
});

describe("a trip", () => {
  it("is the same one only for the same cause, the same hand and the same halt of the platform", () => {
    const breaker = tripped(undefined, trip({ haltId: "h1" }), later(1_000));
    expect(hasTrip(breaker, trip({ haltId: "h1", atMs: later(9) }))).toBe(true);
    expect(hasTrip(breaker, trip({ haltId: "h2" }))).toBe(false);
    expect(hasTrip(breaker, trip())).toBe(false);
    expect(hasTrip(breaker, trip({ haltId: "h1", by: "USER" }))).toBe(false);
    expect(hasTrip(breaker, trip({ haltId: "h1", cause: "DRAWDOWN" }))).toBe(false);
    expect(hasTrip(undefined, trip())).toBe(false);
    expect(tripped(breaker, trip({ haltId: "h2" }), later(2_000)).trips).toHaveLength(2);
  });

  it("of anything but a hand is never a user's to end, even if it bears their name", () => {
    for (const cause of ["DAILY_LOSS", "DRAWDOWN", "STALE_DATA", "VENUE_ERRORS"] as const) {
      expect(mayEnd({ cause, by: "USER" }, "USER")).toBe(false);
    }
    expect(mayEnd({ cause: "MANUAL", by: "USER" }, "USER")).toBe(true);
    expect(mayEnd({ cause: "MANUAL", by: "SYSTEM" }, "USER")).toBe(false);
  });

  it("gives its exits their reason", () => {
    const causes = ["DAILY_LOSS", "DRAWDOWN", "STALE_DATA", "VENUE_ERRORS", "MANUAL"] as const;
    expect(causes.map((cause) => exitReasonOf({ cause }))).toEqual([
      "DAILY_LOSS",
      "DRAWDOWN",
      "CIRCUIT_BREAKER",
      "CIRCUIT_BREAKER",
      "KILL_SWITCH",
    ]);
  });
});

describe("the way to the proof", () => {
  const open = tripped(undefined, trip(), later(1_000));

  it("keeps its clock while it is under way, and starts again from a proof that a late fill has made wrong", () => {
    expect(notFlat(open, later(3_000), later(4_000), false).trippedAtMs).toBe(NOON);
    expect(notFlat(locked(open, later(2_000)), later(3_000), later(4_000), false).trippedAtMs).toBe(later(3_000));
  });

  it("counts its looks and remembers when a person was last told", () => {
    const first = notFlat(open, later(1_000), later(2_000), false);
    const told = notFlat(first, later(10_000), later(11_000), true);
    const later3 = notFlat(told, later(11_000), later(12_000), false);
    expect([open, first, told, later3].map(({ check }) => check?.checks)).toEqual([0, 1, 2, 3]);
    expect([first, told, later3].map(({ check }) => check?.raisedMs)).toEqual([null, later(10_000), later(10_000)]);
    expect(readZero(later3, later(12_000), later(12_500)).check).toEqual({
      dueMs: later(12_500),
      checks: 4,
      firstZeroMs: later(12_000),
      raisedMs: later(10_000),
    });
  });

  it("is raised after ten seconds even where no look was ever noted, and within five minutes of being told not again", () => {
    expect(isToBeRaised({ ...open, check: null }, later(9_999))).toBe(false);
    expect(isToBeRaised({ ...open, check: null }, later(10_000))).toBe(true);
    const told = notFlat(open, later(10_000), later(11_000), true);
    expect([10_001, 309_999, 310_000].map((ms) => isToBeRaised(told, later(ms)))).toEqual([false, false, true]);
  });

  it("is due when the earliest of the breakers is", () => {
    const other = tripped(undefined, trip({ cause: "DRAWDOWN" }), later(700));
    expect(nextCheckMs({ ACCOUNT: open, "ACCOUNT/NIFTY50": other })).toBe(later(700));
    expect(nextCheckMs({ ACCOUNT: locked(open, NOON) })).toBeNull();
    expect(nextCheckMs(undefined)).toBeNull();
  });
});

describe("what blocks", () => {
  it("is the widest scope first, named with its oldest trip; one that is armed does not", () => {
    const all = tripped(tripped(undefined, trip(), NOON), trip({ cause: "DRAWDOWN" }), NOON);
    const one = tripped(undefined, trip({ cause: "STALE_DATA" }), NOON);
    expect(blocking({ "ACCOUNT/NIFTY50": one, ACCOUNT: all }, "NIFTY50")).toEqual({
      scope: "ACCOUNT",
      trip: all.trips[0],
    });
    expect(blocking({ "ACCOUNT/NIFTY50": one, PLATFORM: all }, "NIFTY50")?.scope).toBe("PLATFORM");
    expect(blocking({ ACCOUNT: withTrips(all, [], NOON) }, "NIFTY50")).toBeNull();
    expect(blocking({ ACCOUNT: { ...all, trips: [] } }, "NIFTY50")).toBeNull();
    expect(blocking({ ACCOUNT: { ...all, status: "ARMED" } }, "NIFTY50")).toBeNull();
    expect(blocking({}, "NIFTY50")).toBeNull();
    expect([underlyingOf("ACCOUNT"), underlyingOf("PLATFORM/SENSEX")]).toEqual([null, "SENSEX"]);
    expect([isInScope("PLATFORM/SENSEX", "NIFTY50"), isInScope("PLATFORM", "NIFTY50")]).toEqual([false, true]);
  });
});

describe("a look at whether a scope is flat", () => {
  const fresh = anAccount().state;
  const reading = (change: Partial<VenueReading> = {}): VenueReading => ({
    atMs: NOON,
    positions: [],
    working: [],
    ...change,
  });
  const working = { ...fresh, orders: { [id("w")]: anOrder({ clientOrderId: id("w"), status: "ACCEPTED" }) } };

  it("finds what the account itself still has, whatever the venue says", () => {
    expect(lookAt(holding(), "ACCOUNT", reading())).toEqual({
      finding: "OPEN",
      openPositions: 1,
      workingOrders: 0,
      detail: "1 open positions and 0 working orders by this account's own record",
    });
    expect(lookAt(working, "ACCOUNT/NIFTY50", null)).toMatchObject({
      finding: "OPEN",
      openPositions: 0,
      workingOrders: 1,
    });
    const over = { ...fresh, orders: { [id("w")]: anOrder({ clientOrderId: id("w"), status: "CANCELED" }) } };
    expect(lookAt(over, "ACCOUNT", reading()).finding).toBeNull();
  });

  it("looks at nothing outside its scope", () => {
    expect(lookAt(holding(), "ACCOUNT/SENSEX", reading())).toMatchObject({ finding: null, openPositions: 0 });
    expect(lookAt(working, "PLATFORM/SENSEX", reading())).toMatchObject({ finding: null, workingOrders: 0 });
    const elsewhere = reading({
      positions: [{ instrumentId: BANKNIFTY_CALL.instrumentId, underlying: "BANKNIFTY", netUnits: 35 }],
      working: [{ clientOrderId: id("x"), underlying: "BANKNIFTY" }],
    });
    expect(lookAt(fresh, "ACCOUNT/NIFTY50", elsewhere)).toEqual({
      finding: null,
      openPositions: 0,
      workingOrders: 0,
      detail: "nothing is left",
    });
    expect(lookAt(fresh, "ACCOUNT", elsewhere)).toEqual({
      finding: "VENUE_DIFFERS",
      openPositions: 1,
      workingOrders: 1,
      detail: "1 open positions and 1 working orders by the venue's book, none by this account's",
    });
  });

  it("takes a position of zero for none, a short for one, and a book that could not be read for no proof", () => {
    const of = (netUnits: number) =>
      lookAt(
        fresh,
        "ACCOUNT",
        reading({ positions: [{ instrumentId: NIFTY_CALL.instrumentId, underlying: "NIFTY50", netUnits }] }),
      );
    expect(of(0).finding).toBeNull();
    expect(of(-75)).toMatchObject({ finding: "VENUE_DIFFERS", openPositions: 1, workingOrders: 0 });
    expect(
      lookAt(fresh, "ACCOUNT", reading({ working: [{ clientOrderId: id("x"), underlying: "NIFTY50" }] })),
    ).toMatchObject({
      finding: "VENUE_DIFFERS",
      openPositions: 0,
      workingOrders: 1,
    });
    expect(lookAt(fresh, "ACCOUNT", null)).toEqual({
      finding: "VENUE_UNREADABLE",
      openPositions: 0,
      workingOrders: 0,
      detail: "the venue's book could not be read",
    });
  });
});
