import { expect, it } from "vitest";
import { rememberingLast } from "../../../src/core/kernel/remembered.ts";

it("works out an answer once for as long as the same thing is asked about, and anew for anything else", () => {
  const asked: object[] = [];
  const sizeOf = rememberingLast((of: Readonly<Record<string, number>>) => {
    asked.push(of);
    return Object.keys(of).length;
  });
  const [one, alike, none] = [{ a: 1 }, { a: 1 }, {}];
  expect([sizeOf(one), sizeOf(one), sizeOf(none), sizeOf(none), sizeOf(one), sizeOf(alike)]).toEqual([
    1, 1, 0, 0, 1, 1,
  ]);
  expect(asked).toEqual([one, none, one, alike]);
});
