// The instants at which something changes: the night, the open to the millisecond, exit-only, the pay-out. One millisecond
// before is still the old, the instant itself is the new.
import { describe, expect, it } from "vitest";
import { cycleIdAt } from "../../../src/core/account/cycle-at.ts";
import { decide } from "../../../src/core/account/decide.ts";
import { type EpochMs, epochMs, istDateOf, istMsOfDay, MS_PER_MINUTE } from "../../../src/core/kernel/time.ts";
import { bookingDate } from "../../../src/core/ledger/booking-date.ts";
import { cycleAt, cyclePhaseAt } from "../../../src/core/session/cycle.ts";
import { dayEndMs, dayPlan, isInScrapeWindow, transferDueAt } from "../../../src/core/session/day-plan.ts";
import { anAccount, aPrice, at, CLOSE, DATE, id, NIFTY_CALL, OPEN, submit } from "../../support/builders.ts";
import { hold } from "../../support/open-positions.ts";

const HOURS = { openMs: OPEN, closeMs: CLOSE };
const justBefore = (atMs: EpochMs): EpochMs => epochMs(atMs - 1);
const phase = (atMs: EpochMs) => cyclePhaseAt(HOURS, atMs, dayEndMs(HOURS));

/** What becomes of an entry and of an exit asked for at an instant. */
function answers(atMs: EpochMs): readonly [entry: string, exit: string] {
  const entry = anAccount().do(submit({}, atMs, aPrice({ quotedAtMs: atMs })))[0];
  const holder = anAccount();
  hold(holder, NIFTY_CALL, 75, 50_00);
  const exit = holder.do(submit({ clientOrderId: id("exit"), side: "SELL" }, atMs, aPrice({ quotedAtMs: atMs })))[0];
  const word = (event: typeof entry): string =>
    event?.type === "ORDER_DENIED" ? event.denial.code : (event?.type ?? "NOTHING");
  return [word(entry), word(exit)];
}

describe("03:00, the night", () => {
  it("belongs to the calendar day in India, whose midnight is 18:30 UTC of the day before", () => {
    const midnight = epochMs(Date.parse("2025-08-28T18:30:00.000Z"));
    expect(istDateOf(midnight)).toBe("2025-08-29");
    expect(istMsOfDay(midnight)).toBe(0);
    expect(istDateOf(justBefore(midnight))).toBe("2025-08-28");
    expect(istMsOfDay(justBefore(midnight))).toBe(24 * 60 * MS_PER_MINUTE - 1);
    expect(istDateOf(at("03:00"))).toBe(DATE);
  });

  it("is before the open: no cycle, nothing planned, no page is read, no transfer is due", () => {
    const night = at("03:00");
    expect([phase(night), cycleAt(HOURS, night), transferDueAt(DATE, HOURS, night)]).toEqual(["PRE_OPEN", null, null]);
    expect(isInScrapeWindow(night)).toBe(false);
    expect(dayPlan(DATE, HOURS).filter(({ atMs }) => atMs < at("09:00"))).toEqual([]);
    expect(isInScrapeWindow(justBefore(at("08:30")))).toBe(false);
    expect(isInScrapeWindow(at("08:30"))).toBe(true);
    expect(isInScrapeWindow(justBefore(at("09:00")))).toBe(true);
    expect(isInScrapeWindow(at("09:00"))).toBe(false);
  });

  it("after the day is still booked on that day", () => {
    const { state } = anAccount();
    expect(bookingDate(state, at("15:37"))).toBe(DATE);
    expect(bookingDate(state, epochMs(at("03:00") + 24 * 60 * MS_PER_MINUTE))).toBe(DATE);
  });
});

describe("09:15:00.000, the open", () => {
  it("is the first instant of the first cycle and of the PULL, and the first at which an order is taken", () => {
    expect([phase(justBefore(OPEN)), phase(OPEN)]).toEqual(["PRE_OPEN", "SIGNAL_GENERATION"]);
    expect([cycleAt(HOURS, justBefore(OPEN)), cycleAt(HOURS, OPEN)]).toEqual([null, 1]);
    expect(cycleIdAt({ date: DATE, openMs: OPEN }, OPEN)).toBe(`${DATE}-C01`);
    expect(transferDueAt(DATE, HOURS, OPEN)).toBe("PULL");
    expect(transferDueAt(DATE, HOURS, justBefore(OPEN))).toBeNull();
    expect(answers(justBefore(OPEN))[0]).toBe("ENTRIES_CLOSED");
    expect(answers(OPEN)).toEqual(["ORDER_SUBMITTED", "ORDER_SUBMITTED"]);
  });

  it("ends each cycle to the millisecond", () => {
    const second = at("09:30");
    expect([cycleAt(HOURS, justBefore(second)), cycleAt(HOURS, second)]).toEqual([1, 2]);
    expect(cycleIdAt({ date: DATE, openMs: OPEN }, justBefore(second))).toBe(`${DATE}-C01`);
    expect(cycleIdAt({ date: DATE, openMs: OPEN }, second)).toBe(`${DATE}-C02`);
    expect([phase(justBefore(at("09:17"))), phase(at("09:17"))]).toEqual(["SIGNAL_GENERATION", "WINDOW_1"]);
  });
});

describe("15:15:00.000, exits only", () => {
  it("denies entries from that instant on, whether or not the job has run, and goes on taking exits", () => {
    const edge = at("15:15");
    expect([phase(justBefore(edge)), phase(edge)]).toEqual(["WINDOW_3", "EXIT_ONLY"]);
    expect(answers(justBefore(edge))).toEqual(["ORDER_SUBMITTED", "ORDER_SUBMITTED"]);
    expect(answers(edge)).toEqual(["ENTRIES_CLOSED", "ORDER_SUBMITTED"]);
    const jobs = dayPlan(DATE, HOURS).filter(({ atMs }) => atMs === edge);
    expect(jobs.map(({ job }) => job.name)).toEqual(["EXIT_ONLY"]);
  });
});

describe("15:25:00.000, the pay-out", () => {
  it("is due at that instant alone, and is refused while the day is not settled", () => {
    const edge = at("15:25");
    expect([justBefore(edge), edge, epochMs(edge + 1)].map((atMs) => transferDueAt(DATE, HOURS, atMs))).toEqual([
      null,
      "PUSH",
      null,
    ]);
    expect(phase(edge)).toBe("SETTLEMENT");
    const early = decide(anAccount().state, { type: "REQUEST_PUSH", atMs: edge, jobKey: "PUSH" });
    expect(early).toMatchObject({ ok: false, error: { code: "NOT_FLAT" } });
  });

  it("comes before the close, which ends neither the settlement nor the day: that is the last job", () => {
    expect(answers(justBefore(CLOSE))[0]).toBe("ENTRIES_CLOSED");
    expect(answers(CLOSE)[0]).toBe("ENTRIES_CLOSED");
    expect([phase(CLOSE), phase(justBefore(dayEndMs(HOURS))), phase(dayEndMs(HOURS))]).toEqual([
      "SETTLEMENT",
      "SETTLEMENT",
      "CLOSED",
    ]);
  });
});
