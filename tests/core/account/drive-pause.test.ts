// How long an account waits before it tries again to hand over what is outstanding.
import { describe, expect, it } from "vitest";
import { pauseMs } from "../../../durable-objects/account/driver.ts";
import type { AccountState } from "../../../src/core/account/state.ts";
import { anAccount, NOON } from "../../support/builders.ts";

describe("the pause between attempts", () => {
  it("doubles from one second to a minute", () => {
    expect([0, 1, 2, 5, 6, 60].map((failures) => pauseMs(failures, {}))).toEqual([
      1_000, 2_000, 4_000, 32_000, 60_000, 60_000,
    ]);
  });

  it("stays at a second while a tripped breaker is to be proven flat, and grows again once it is locked", () => {
    const account = anAccount();
    account.do({ type: "HALT", atMs: NOON, reason: "enough", prices: [] });
    const { breakers } = account.state;
    expect(breakers?.ACCOUNT?.status).toBe("TRIPPED");
    expect([0, 3, 60].map((failures) => pauseMs(failures, account.state))).toEqual([1_000, 1_000, 1_000]);
    const locked = { breakers: { ACCOUNT: { ...breakers?.ACCOUNT, status: "LOCKED" } } } as Pick<
      AccountState,
      "breakers"
    >;
    expect(pauseMs(3, locked)).toBe(8_000);
  });
});
