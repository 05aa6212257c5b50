import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { MarginQuestion } from "../../../src/edge/basket-question.ts";
import { marginAnswer } from "../../../src/edge/margin-body.ts";
import { marginCommand, payoffCommand } from "../../../tools/calc/baskets.ts";

const root = path.resolve(import.meta.dirname, "../../..");
const EXAMPLE = "docs/examples/iron-condor.json";

/** The command as a process of its own. */
const run = (...args: readonly string[]) =>
  spawnSync(process.execPath, [path.join(root, "tools/calc.ts"), ...args], { encoding: "utf8", cwd: root });

describe("npm run calc -- margin, payoff", () => {
  it("prints for the example of the docs what the route answers", { timeout: 30_000 }, () => {
    const question = MarginQuestion.parse(JSON.parse(readFileSync(path.join(root, EXAMPLE), "utf8")));
    const { status, stdout } = run("margin", "--file", EXAMPLE, "--json");
    expect(status).toBe(0);
    expect({ ok: true, value: JSON.parse(stdout) }).toEqual(marginAnswer(question));
    // The wider wing of two lots, and 2 % of the notional of both shorts.
    expect(JSON.parse(stdout).requirement).toMatchObject({ span: "26000.00", exposure: "124800.00" });
  });

  it("refuses with exit 2 and prints how it is used", { timeout: 30_000 }, () => {
    const { status, stdout, stderr } = run("margin", "--file", "no-such-file.json");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("no-such-file.json");
    expect(stderr).toContain("usage:");
  });

  it("prints tables for people", () => {
    const file = path.join(root, EXAMPLE);
    expect(marginCommand(["--file", file])).toMatch(/^total .* 157950\.00$/m);
    expect(payoffCommand(["--file", file])).toMatch(/^breakevens +\d+\.\d\d +\d+\.\d\d$/m);
  });

  it("says which field does not fit", () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), "basket-")), "basket.json");
    const example = JSON.parse(readFileSync(path.join(root, EXAMPLE), "utf8"));
    const asking = (content: string, command = marginCommand) => {
      writeFileSync(file, content);
      return () => command(["--file", file]);
    };
    expect(asking("{")).toThrow("basket.json");
    expect(asking(JSON.stringify({ ...example, spot: "many" }))).toThrow("spot: a decimal string");
    const off = { ...example, legs: [{ ...example.legs[0], strike: "23510" }] };
    expect(asking(JSON.stringify(off))).toThrow("legs.0: 2351000 paise is not on the strike grid");
    expect(asking(JSON.stringify({ ...example, date: "2016-01-04" }), payoffCommand)).toThrow("no rates are known");
    expect(() => marginCommand([])).toThrow("--file is missing");
    expect(() => marginCommand(["--lots", "3"])).toThrow("--lots");
  });
});
