import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";

const root = path.resolve(import.meta.dirname, "../../..");

function calc(command: string): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
  const run = spawnSync(process.execPath, [path.join(root, "tools/calc.ts"), ...command.split(" ")], {
    encoding: "utf8",
    cwd: root,
  });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

const EXAMPLE_A = "charges --date 2026-10-08 --exchange NSE --units 1100 --buy 90 --sell 100 --orders 2";

describe("npm run calc", () => {
  it("prints every head of example A as decimal strings of rupees, and the exact fractions", () => {
    const run = calc(`${EXAMPLE_A} --json`);
    expect(run.status).toBe(0);
    expect(JSON.parse(run.stdout)).toEqual({
      brokerage: "40.00",
      stt: "165.00",
      exchange: "74.26",
      ipft: "0.00",
      sebi: "0.21",
      stamp: "2.97",
      cgst: "0.00",
      sgst: "0.00",
      igst: "20.60",
      gst: "20.60",
      total: "303.04",
      turnover: "209000.00",
      net: "10696.96",
      exact: {
        brokerage: "40",
        stt: "165",
        exchange: "74.257491",
        ipft: "0.000209",
        sebi: "0.209",
        stamp: "2.97",
        gst: "20.604006",
        total: "303.040706",
      },
      standIns: [],
    });
  });

  it("splits GST within a state", () => {
    const heads = JSON.parse(calc(`${EXAMPLE_A} --within-state --json`).stdout) as Record<string, string>;
    expect(heads).toMatchObject({ cgst: "10.30", sgst: "10.30", igst: "0.00", gst: "20.60", total: "303.04" });
  });

  it("prints a table for people without --json, and says where the oldest known rate stands in", () => {
    const run = calc(EXAMPLE_A.replace("2026-10-08", "2022-11-18"));
    expect(run.stdout).toMatch(/^total +\d+\.\d\d/m);
    expect(run.stdout).toContain("sebi: no rate is known for this date");
  });

  it.each([
    ["charges", "--date is missing"],
    [EXAMPLE_A.replace("2026-10-08", "2026-02-30"), "--date takes a date"],
    [EXAMPLE_A.replace("2026-10-08", "2017-06-30"), "--date must not lie before 2017-07-01"],
    [EXAMPLE_A.replace("NSE", "MCX"), '--exchange takes NSE or BSE, not "MCX"'],
    [EXAMPLE_A.replace("1100", "0"), "--units takes a whole number"],
    [EXAMPLE_A.replace("--buy 90", "--buy ninety"), "--buy takes rupees per unit"],
    [EXAMPLE_A.replace("--sell 100", "--sell=-1"), "--sell takes rupees per unit"],
    [EXAMPLE_A.replace("--orders 2", "--orders 1.5"), "--orders takes a whole number"],
    [`${EXAMPLE_A} --lots 3`, "--lots"],
    ["taxes", 'the command is "charges"'],
  ])("refuses %s with exit 2", (command, message) => {
    const run = calc(command);
    expect([run.status, run.stdout]).toEqual([2, ""]);
    expect(run.stderr).toContain(message);
    expect(run.stderr).toContain("usage:");
  });
});
