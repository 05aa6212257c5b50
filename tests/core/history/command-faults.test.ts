// Commands over a data folder that are asked for what cannot be: one line for a person, exit code 2, and no stack.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dateOption, wholeOption, windowOption } from "../../../tools/command-line.ts";

const root = path.resolve(import.meta.dirname, "../../..");
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "aurumharmony-faults-"));
  mkdirSync(path.join(folder, "index", "1m"), { recursive: true });
  writeFileSync(path.join(folder, "index", "1m", "NIFTY50-1m-2024.csv.gz"), "no gzip");
  writeFileSync(path.join(folder, "promoted.json"), "{");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ["train", ["--seed", "abc"], '--seed takes a whole number from 0 to 2147483647, not "abc"'],
  ["walk-forward", ["--data", "FOLDER", "--window-days", "9"], "--window-days takes a whole number from 10 to 10000"],
  ["walk-forward", ["--data", "FOLDER", "--every", "3", "--write"], "--write is of every window"],
  ["evaluate", ["--model", "FOLDER"], "its model cannot be read"],
  ["dataset", ["--data", "FOLDER"], "cannot be unzipped"],
  [
    "backtest",
    ["--strategy", "signals", "--from", "2026-03-02", "--to", "2026-03-03", "--html", "FOLDER/nowhere/page.html"],
    "--html: the folder",
  ],
  ["simulate", ["--bogus"], "Unknown option '--bogus'"],
])("%s %j is refused in one line", (command, more, words) => {
  const argv = more.map((word) => word.replace("FOLDER", folder));
  const run = spawnSync(process.execPath, [path.join(root, `tools/${command}.ts`), ...argv], { encoding: "utf8" });
  expect(run).toMatchObject({ status: 2, stdout: "" });
  expect(run.stderr.trimEnd().split("\n")).toEqual([expect.stringContaining(words)]);
  expect(run.stderr.startsWith(`${command}: `)).toBe(true);
});

it("takes a range of dates that holds a date, and whole numbers within their bounds", () => {
  expect(windowOption({ from: "2024-01-01", to: "2024-01-01" })).toEqual({ from: "2024-01-01", to: "2024-01-01" });
  expect(windowOption({})).toEqual({});
  expect(() => windowOption({ from: "2024-01-02", to: "2024-01-01" })).toThrow("the range is empty");
  expect(() => dateOption("to", "2024-02-30")).toThrow("--to takes a date");
  expect(wholeOption("seed", "0", 0, 9)).toBe(0);
  for (const text of ["-1", "10", "1.5", "", "1e1"]) expect(() => wholeOption("seed", text, 0, 9)).toThrow("--seed");
});
