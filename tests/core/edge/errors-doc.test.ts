import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { DENIAL_CODES } from "../../../src/core/risk/denial.ts";
import { errorsPage } from "../../../src/edge/errors-doc.ts";
import { PROBLEM_CODES, PROBLEMS } from "../../../src/edge/problem-codes.ts";

const page = readFileSync(path.join(import.meta.dirname, "../../../docs/errors/README.md"), "utf8");

describe("the page of errors", () => {
  it("is what tools/errors-doc.ts writes from the registry today", () => {
    expect(page).toBe(errorsPage());
  });

  it("has one section for every code and no other", () => {
    const sections = [...page.matchAll(/^## (\S+)$/gm)].map(([, code]) => code);
    expect(sections).toEqual(PROBLEM_CODES);
  });

  it("knows every reason for which an order is denied, as a client's mistake", () => {
    for (const code of DENIAL_CODES) expect(PROBLEMS[code].status).toBe(422);
  });
});
