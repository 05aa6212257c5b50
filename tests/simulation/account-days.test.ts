// One account through three days in a row, with everything that goes wrong in between. A failure names its seed:
// `SIMULATION_SEED=<seed>` runs those days alone.
import { describe, expect, it } from "vitest";
import { SAVINGS, TAX_LOCK, TRADING_CASH } from "../../src/core/ledger/chart-of-accounts.ts";
import { trialBalance } from "../../src/core/ledger/trial-balance.ts";
import { expectSoundHistory } from "../support/sound-history.ts";
import { ledgerOf, SimulatedDays } from "./simulated-days.ts";

const only = process.env["SIMULATION_SEED"];
const SEEDS = only === undefined ? Array.from({ length: 40 }, (_, index) => 41_000 + index) : [Number(only)];

describe("three simulated days of one account", () => {
  let traded = 0;
  let paidOut = 0;
  let carried = 0;

  for (const seed of SEEDS) {
    it(`each open on what the day before has left, and end settled with books that balance (seed ${seed})`, () => {
      const days = new SimulatedDays(seed);
      days.run();
      const { state, events } = days.account;
      expectSoundHistory(events, state);
      const { balances, everyEntryBalanced } = trialBalance(ledgerOf(events));
      expect(everyEntryBalanced).toBe(true);
      expect(balances[TRADING_CASH] ?? 0).toBe(state.cashPaise);
      expect(balances[SAVINGS] ?? 0).toBe(state.savingsPaise);
      expect(balances[TAX_LOCK] ?? 0).toBe(state.taxLockPaise);
      expect(balances["positions"] ?? 0).toBe(0);
      expect(balances["realised"] ?? 0).toBe(0 - days.ends.reduce((sum, end) => sum + end.venueRealisedPaise, 0));
      expect(days.ends).toHaveLength(3);
      for (const end of days.ends) {
        expect(end, `${end.date}`).toMatchObject({
          status: "CLOSED",
          isFlat: true,
          realisedPaise: end.venueRealisedPaise,
        });
        // Asked for once, and never more than was settled.
        expect(end.pushedPaise, `${end.date}`).toBe(end.payoutPaise);
        if (end.pulledPaise > 0) expect(end.fundedPaise, `${end.date}`).toBeLessThanOrEqual(end.capitalPaise);
        expect(end.savingsLeftPaise, `${end.date}`).toBeGreaterThanOrEqual(0);
        // Filled to the capital level as far as the savings reach.
        if (end.savingsLeftPaise > 0) expect(end.fundedPaise, `${end.date}`).toBeGreaterThanOrEqual(end.capitalPaise);
        traded += end.fills;
        paidOut += end.payoutPaise > 0 ? 1 : 0;
        carried += end.cashPaise !== 0 ? 1 : 0;
      }
    });
  }

  it.skipIf(only !== undefined)("have traded, paid out and carried cash over", () => {
    expect(traded).toBeGreaterThan(500);
    expect(paidOut).toBeGreaterThan(5);
    expect(carried).toBeGreaterThan(50);
  });
});
