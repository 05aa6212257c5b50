// Whether the simulation would notice. The product is changed in one place at a time, the way a programmer may break it, and the
// same seeds have to fail. A change that does not fit the product's text any more is to be written anew.
import { describe, expect, it } from "vitest";
import { runFleet } from "./world/fleet.ts";
import type { Mutation, SeedResult } from "./world/report.ts";

const RUNS = Array.from({ length: 8 }, (_, index) => ({ seed: 9_000 + index }));
/** In these the venue's gateway gets stuck while somebody wants to be out. */
const STUCK = [9_107, 9_032].map((seed) => ({ seed }));

interface Mutant extends Mutation {
  readonly name: string;
  readonly runs?: readonly { readonly seed: number }[];
  readonly isNoticed: (result: SeedResult) => boolean;
}

const says =
  (pattern: RegExp) =>
  ({ problems }: SeedResult): boolean =>
    problems.some((problem) => pattern.test(problem));

const MUTANTS: readonly Mutant[] = [
  {
    name: "an execution is booked as often as it is told",
    file: "src/core/account/evolve-order.ts",
    find: "executionsSeen: { ...state.executionsSeen, [fill.executionId]: true },",
    replace: "executionsSeen: state.executionsSeen,",
    isNoticed: says(/was booked twice/),
  },
  {
    name: "entries under way are not counted",
    file: "src/core/risk/working-orders.ts",
    find: "if (filledUnits === 0) pendingEntries.push(order);",
    replace: "",
    isNoticed: says(/^OPEN_TRADES|^TRADES_PER_CYCLE|opens trade/),
  },
  {
    name: "what is on its way out is given once more",
    file: "src/core/risk/working-orders.ts",
    find: "leaving + openUnits(order)",
    replace: "leaving",
    isNoticed: says(/^NAKED_SHORT|as an exit/),
  },
  {
    name: "exits are given as often as they are lost",
    file: "src/core/reconciliation/given-up.ts",
    find: "{ SELL: 3, BUY: 10 }",
    replace: "{ SELL: 300, BUY: 10 }",
    runs: STUCK,
    isNoticed: says(/^HELD_SALES/),
  },
  {
    name: "what is told to the rest of the platform loses its first event",
    file: "durable-objects/account/account-record.ts",
    find: "outboxDrafts(told)",
    replace: "outboxDrafts(told.slice(1))",
    isNoticed: says(/read model|ledger entry/),
  },
  {
    name: "a message counts as confirmed once it is sent",
    file: "durable-objects/account/store.ts",
    find: "UPDATE outbox SET attempts = ?, due_at_ms = ? WHERE id = ?",
    replace: "DELETE FROM outbox WHERE ? >= 0 AND ? >= 0 AND id = ?",
    isNoticed: says(/read model|ledger entry/),
  },
];

describe("the simulation", () => {
  it("has nothing against the product as it is", { timeout: 300_000 }, async () => {
    const results = await runFleet({ runs: [...RUNS, ...STUCK], threads: 2 });
    expect(results.flatMap(({ seed, problems }) => problems.map((problem) => `seed ${seed}: ${problem}`))).toEqual([]);
  });

  for (const { name, isNoticed, runs: all = RUNS, ...mutation } of MUTANTS) {
    it(`notices that ${name}`, { timeout: 300_000 }, async () => {
      const found: SeedResult[] = [];
      // Two at a time, until it is noticed.
      for (let next = 0; next < all.length && !found.some(isNoticed); next += 2) {
        const runs = all.slice(next, next + 2);
        found.push(...(await runFleet({ runs, threads: 2, task: { mutations: [mutation] } })));
      }
      const problems = found.flatMap((result) => result.problems);
      expect(problems.filter((problem) => /does not fit/.test(problem))).toEqual([]);
      expect(found.some(isNoticed), `only ${problems.slice(0, 5).join("; ")}`).toBe(true);
    });
  }
});
