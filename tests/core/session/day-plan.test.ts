// The plan of the day as data.
import { describe, expect, it } from "vitest";
import { type EpochMs, formatIstTime, istInstant, marketDate } from "../../../src/core/kernel/time.ts";
import { exitOnlyMs } from "../../../src/core/session/cycle.ts";
import { dayEndMs, dayPlan, isInScrapeWindow, transferDueAt } from "../../../src/core/session/day-plan.ts";
import { jobKeyOf } from "../../../src/core/session/job.ts";

const DATE = marketDate("2025-08-29");
const at = (time: string): EpochMs => istInstant(DATE, time);
const regular = { openMs: at("09:15"), closeMs: at("15:30") };
const plan = dayPlan(DATE, regular);
const timesOf = (name: string) =>
  plan.filter(({ job }) => job.name === name).map(({ atMs }) => formatIstTime(atMs).slice(0, 5));

describe("day plan", () => {
  it.each([
    ["OPEN_DAY", ["09:00"]],
    ["PULL", ["09:15"]],
    ["POLL_TRANSFERS", ["09:16", "15:26", "15:28", "15:33"]],
    ["EXIT_ONLY", ["15:15"]],
    ["SQUARE_OFF", ["15:18", "15:19"]],
    ["SETTLE_PROVISIONAL", ["15:20"]],
    ["PUSH", ["15:25"]],
    ["SETTLE_FINAL", ["15:35"]],
    ["CLOSE_DAY", ["15:36"]],
    ["KEEP_BARS", ["15:36"]],
    ["SCORE_MODELS", ["15:36"]],
    ["CHECKPOINT", ["15:37"]],
  ])("runs %s at %j on a regular day", (name, times) => {
    expect(timesOf(name)).toEqual(times);
  });

  it("makes signals in the first minute of the 24 cycles before exit-only and lets 23 of them trade in three windows", () => {
    expect(timesOf("GENERATE_SIGNALS")).toHaveLength(24);
    expect(timesOf("GENERATE_SIGNALS").slice(0, 2)).toEqual(["09:16", "09:31"]);
    expect(timesOf("RUN_WINDOW")).toHaveLength(69);
    expect(timesOf("RUN_WINDOW").slice(0, 4)).toEqual(["09:32", "09:37", "09:42", "09:47"]);
    expect(timesOf("RUN_WINDOW").at(-1)).toBe("15:12");
  });

  it.each([
    ["09:15", "PULL"],
    ["15:25", "PUSH"],
    ["12:00", null],
  ])("G-50: the transfer due at %s is %s", (time, kind) => {
    expect(transferDueAt(DATE, regular, at(time))).toBe(kind);
  });

  it("G-50: has one PULL and one PUSH a day, each with a key of its own", () => {
    const transfers = plan.filter(({ job }) => job.name === "PULL" || job.name === "PUSH");
    expect(new Set(transfers.map(({ job }) => jobKeyOf(job))).size).toBe(2);
  });

  it.each([
    ["08:29", false],
    ["08:30", true],
    ["08:59", true],
    ["09:01", false],
  ])("G-48: reading exchange pages at %s is allowed: %s", (time, allowed) => {
    expect(isInScrapeWindow(at(time))).toBe(allowed);
  });

  it("gives every job a key of its own and never goes back in time", () => {
    expect(new Set(plan.map(({ job }) => jobKeyOf(job))).size).toBe(plan.length);
    expect(plan.map(({ atMs }) => atMs)).toEqual(plan.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    expect(plan.at(-1)?.atMs).toBe(dayEndMs(regular));
  });

  it("keeps the pay-out at 15:25 and settles finally after the real close when options trade to 15:40", () => {
    const long = dayPlan(DATE, { ...regular, closeMs: at("15:40") });
    const timeOf = (name: string) => formatIstTime(long.find(({ job }) => job.name === name)?.atMs ?? at("00:00"));
    expect([timeOf("PUSH"), timeOf("SETTLE_FINAL"), timeOf("CHECKPOINT")]).toEqual([
      "15:25:00",
      "15:45:00",
      "15:47:00",
    ]);
  });

  it("fits a one-hour evening session: flat and settled before its end, no entry after exit-only", () => {
    const evening = { openMs: at("18:00"), closeMs: at("19:00") };
    const short = dayPlan(DATE, evening);
    const timeOf = (name: string) => formatIstTime(short.find(({ job }) => job.name === name)?.atMs ?? at("00:00"));
    expect([timeOf("OPEN_DAY"), timeOf("EXIT_ONLY"), timeOf("PUSH")]).toEqual(["17:45:00", "18:45:00", "18:55:00"]);
    const windows = short.filter(({ job }) => job.name === "RUN_WINDOW");
    expect(windows).toHaveLength(6);
    expect(windows.every(({ atMs }) => atMs < exitOnlyMs(evening))).toBe(true);
  });
});
