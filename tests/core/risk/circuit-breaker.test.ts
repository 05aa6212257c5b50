// The breaker as a machine: every status against everything that can happen to it, for every cause.
import { describe, expect, it } from "vitest";
import { paise } from "../../../src/core/kernel/money.ts";
import {
  BREAKER_CAUSES,
  BREAKER_SCOPES,
  type Breaker,
  type BreakerActor,
  type BreakerCause,
  type BreakerStatus,
  blocking,
  isToBeRaised,
  locked,
  mayEnd,
  nextCheckMs,
  nextLookMs,
  notFlat,
  type Rearming,
  readZero,
  SETTLE_MS,
  settledMs,
  type Trip,
  tripped,
  tripsLeft,
  withTrips,
} from "../../../src/core/risk/circuit-breaker.ts";
import { isDrawdownBreached } from "../../../src/core/risk/drawdown.ts";
import { later, NOON } from "../../support/builders.ts";
import { Seeded } from "../../support/seeded.ts";

const trip = (cause: BreakerCause, by: BreakerActor = "SYSTEM", atMs = NOON): Trip => ({
  cause,
  by,
  atMs,
  evidence: { limit: null, value: null, unit: null, detail: "a test" },
});

const STATUSES: readonly BreakerStatus[] = ["ARMED", "TRIPPED", "LOCKED"];
/** In a status because of one trip; ARMED after one that was lifted. */
function aBreaker(status: BreakerStatus, because: Trip): Breaker {
  const first = tripped(undefined, because, later(1_000));
  if (status === "TRIPPED") return first;
  return status === "LOCKED" ? locked(first, later(2_000)) : withTrips(first, [], later(2_000));
}

const CAUSES: readonly (readonly [BreakerCause, BreakerActor])[] = [
  ...BREAKER_CAUSES.filter((cause) => cause !== "MANUAL").map((cause) => [cause, "SYSTEM"] as const),
  ["MANUAL", "USER"],
  ["MANUAL", "OPERATOR"],
];
const ENDS: readonly Rearming[] = ["USER", "OPERATOR", "NEW_DAY"];

/** Who may end what: USER, OPERATOR, NEW_DAY. */
const MAY_END: Readonly<Record<string, readonly boolean[]>> = {
  "DAILY_LOSS/SYSTEM": [false, false, true],
  "DRAWDOWN/SYSTEM": [false, true, true],
  "STALE_DATA/SYSTEM": [false, true, true],
  "VENUE_ERRORS/SYSTEM": [false, true, true],
  "MANUAL/USER": [true, true, false],
  "MANUAL/OPERATOR": [false, true, false],
};

describe("the circuit breaker, every status against every cause", () => {
  for (const status of STATUSES) {
    for (const [cause, by] of CAUSES) {
      for (const [other, otherBy] of CAUSES) {
        it(`${status} for ${cause}/${by}, then ${other}/${otherBy}`, () => {
          const before = aBreaker(status, trip(cause, by));
          const after = tripped(before, trip(other, otherBy, later(5_000)), later(6_000));
          const isSame = status !== "ARMED" && cause === other && by === otherBy;
          if (isSame) expect(after).toBe(before);
          else {
            expect(after.status).toBe("TRIPPED");
            expect(after.trips.at(-1)).toMatchObject({ cause: other, by: otherBy });
            expect(after.trips).toHaveLength(status === "ARMED" ? 1 : 2);
            expect(after.provenAtMs).toBeNull();
            // A liquidation under way goes on with its own clock; every other start is a new one.
            expect(after.trippedAtMs).toBe(status === "TRIPPED" ? NOON : later(5_000));
            expect(after.check?.dueMs).toBe(status === "TRIPPED" ? later(1_000) : later(6_000));
          }
        });
      }
      for (const [index, who] of ENDS.entries()) {
        it(`${status} for ${cause}/${by}, ended by ${who}`, () => {
          const before = aBreaker(status, trip(cause, by));
          const may = MAY_END[`${cause}/${by}`]?.[index] ?? false;
          expect(mayEnd({ cause, by }, who)).toBe(may);
          const after = withTrips(before, tripsLeft(before, who), later(9_000));
          const isArmed = may || status === "ARMED";
          expect(after.status).toBe(isArmed ? "ARMED" : status);
          expect(after.trips).toEqual(isArmed ? [] : before.trips);
          expect(blocking({ ACCOUNT: after }, "NIFTY50") === null).toBe(isArmed);
        });
      }
    }
    it(`${status}: a look that finds something, a reading of zero, a proof`, () => {
      const before = aBreaker(status, trip("DRAWDOWN"));
      const open = notFlat(before, later(3_000), later(4_000), true);
      expect(open).toMatchObject({ status: "TRIPPED", provenAtMs: null, check: { firstZeroMs: null } });
      const zero = readZero(open, later(4_000), later(4_500));
      expect(zero).toMatchObject({ status: "TRIPPED", check: { firstZeroMs: later(4_000), dueMs: later(4_500) } });
      expect(notFlat(zero, later(4_500), later(5_500), false).check?.firstZeroMs).toBeNull();
      expect(locked(zero, later(4_500))).toMatchObject({ status: "LOCKED", check: null, provenAtMs: later(4_500) });
    });
  }
});

describe("the circuit breaker", () => {
  it("loses no trip under any sequence: what nobody was allowed to end is still there", () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const random = new Seeded(seed);
      let breaker: Breaker | undefined;
      let standing: string[] = [];
      for (let step = 0; step < 30; step += 1) {
        const atMs = later(step * 1_000);
        const what = random.pick(["TRIP", "TRIP", "END", "PROOF"] as const);
        if (what === "TRIP") {
          const [cause, by] = random.pick(CAUSES);
          breaker = tripped(breaker, trip(cause, by, atMs), nextLookMs(atMs, atMs));
          standing = [...new Set([...standing, `${cause}/${by}`])];
        } else if (what === "END") {
          const who = random.pick(ENDS);
          breaker = withTrips(breaker, tripsLeft(breaker, who), atMs);
          standing = standing.filter((key) => !(MAY_END[key]?.[ENDS.indexOf(who)] ?? false));
        } else if (breaker?.status === "TRIPPED") breaker = locked(breaker, atMs);
        expect((breaker?.trips ?? []).map(({ cause, by }) => `${cause}/${by}`).sort()).toEqual([...standing].sort());
        expect((breaker?.status ?? "ARMED") === "ARMED").toBe(standing.length === 0);
        expect(nextCheckMs(breaker && { ACCOUNT: breaker }) === null).toBe(breaker?.status !== "TRIPPED");
      }
    }
  });

  it("looks every second at first, later less often, and never stops", () => {
    const gaps = [0, 59_999, 60_000, 599_999, 600_000, 36_000_000].map((ms) => nextLookMs(later(ms), NOON) - later(ms));
    expect(gaps).toEqual([1_000, 1_000, 5_000, 5_000, 30_000, 30_000]);
    expect(settledMs(NOON) - NOON).toBe(SETTLE_MS);
  });

  it("raises what is not flat to a person after ten seconds, and again every five minutes", () => {
    const open = aBreaker("TRIPPED", trip("DRAWDOWN"));
    expect([9_999, 10_000].map((ms) => isToBeRaised(open, later(ms)))).toEqual([false, true]);
    const raised = notFlat(open, later(10_000), later(11_000), true);
    expect([309_999, 310_000].map((ms) => isToBeRaised(raised, later(ms)))).toEqual([false, true]);
  });

  it("blocks what is in its scope and nothing else", () => {
    const because = aBreaker("LOCKED", trip("MANUAL", "OPERATOR"));
    for (const scope of BREAKER_SCOPES) {
      for (const underlying of ["NIFTY50", "BANKNIFTY", "SENSEX"] as const) {
        const isIn = scope === "ACCOUNT" || scope === "PLATFORM" || scope.endsWith(underlying);
        expect(blocking({ [scope]: because }, underlying)?.scope ?? null).toBe(isIn ? scope : null);
      }
    }
    expect(blocking(undefined, "NIFTY50")).toBeNull();
  });

  it("G-64: a drawdown of exactly 2.5 % passes, one rupee more does not, and without a peak there is none", () => {
    expect(isDrawdownBreached(paise(10_000_00), paise(9_750_00))).toBe(false);
    expect(isDrawdownBreached(paise(10_000_00), paise(9_749_00))).toBe(true);
    expect(isDrawdownBreached(paise(10_000_00), paise(9_749_99))).toBe(true);
    expect(isDrawdownBreached(paise(0), paise(-5_00))).toBe(false);
    expect(isDrawdownBreached(paise(-1), paise(-5_00))).toBe(false);
  });
});
