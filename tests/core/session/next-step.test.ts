// What comes next: the one place that decides the order of things in a replay.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNDERLYINGS } from "../../../src/core/instrument/contract.ts";
import { type EpochMs, epochMs, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { dayPlan, type PlannedJob } from "../../../src/core/session/day-plan.ts";
import { type FeedsDue, nextStep } from "../../../src/core/session/next-step.ts";

const DATE = marketDate("2025-08-29");
const at = (time: string): EpochMs => istInstant(DATE, time);
const jobs = dayPlan(DATE, { openMs: at("09:15"), closeMs: at("15:30") });
const nothing: FeedsDue = { NIFTY50: null, BANKNIFTY: null, SENSEX: null };
const from = (time: string): readonly PlannedJob[] => jobs.filter(({ atMs }) => atMs >= at(time));

describe("next step", () => {
  it("is the earliest instant at which a feed or a job is due", () => {
    const due = { ...nothing, BANKNIFTY: at("09:10"), SENSEX: at("09:14") };
    expect(nextStep(due, from("09:15"), at("09:00"))).toMatchObject({
      atMs: at("09:10"),
      feeds: ["BANKNIFTY"],
      jobs: [],
    });
  });

  it("plays the feeds of an instant in their fixed order before its jobs", () => {
    const due = { SENSEX: at("09:15"), BANKNIFTY: at("09:15"), NIFTY50: at("09:15") };
    const step = nextStep(due, from("09:15"), at("09:00"));
    expect(step?.feeds).toEqual(["NIFTY50", "BANKNIFTY", "SENSEX"]);
    expect(step?.jobs.map(({ job }) => job.name)).toEqual(["PULL"]);
  });

  it("keeps the plan's order for jobs of the same minute", () => {
    const step = nextStep(nothing, from("09:16"), at("09:00"));
    expect(step?.jobs.map(({ job }) => job.name)).toEqual(["POLL_TRANSFERS", "GENERATE_SIGNALS"]);
  });

  it("is over with the last job, whatever the tape still holds", () => {
    expect(nextStep({ ...nothing, NIFTY50: at("16:00") }, [], at("15:37"))).toBeNull();
  });

  it("does what is late now, because the clock never goes back", () => {
    const step = nextStep({ ...nothing, NIFTY50: at("09:20") }, from("09:16"), at("09:30"));
    expect(step?.atMs).toBe(at("09:30"));
    expect(step?.feeds).toEqual(["NIFTY50"]);
  });

  it("never skips a feed or a job that is due, and never goes back", () => {
    const instant = fc.integer({ min: at("09:00"), max: at("15:40") }).map(epochMs);
    const due = fc.record({ NIFTY50: fc.option(instant), BANKNIFTY: fc.option(instant), SENSEX: fc.option(instant) });
    fc.assert(
      fc.property(due, instant, fc.integer({ min: 0, max: jobs.length - 1 }), (feeds, nowMs, done) => {
        const left = jobs.slice(done);
        const step = nextStep(feeds, left, nowMs);
        if (step === null || step.atMs < nowMs) return false;
        const skipped = UNDERLYINGS.some((name) => {
          const dueMs = feeds[name];
          return dueMs !== null && dueMs <= step.atMs !== step.feeds.includes(name);
        });
        return !skipped && left.filter(({ atMs }) => atMs <= step.atMs).length === step.jobs.length;
      }),
    );
  });
});
