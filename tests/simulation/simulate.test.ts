// A slice of `npm run simulate`: real account objects in an adversarial world. A failure names its seed:
// `npm run simulate -- --seed <seed>` runs it alone and tells everything that happened.
import { describe, expect, it } from "vitest";
import { EVERY_STAGE, evictionRuns, IN_TURN } from "./world/evictions.ts";
import { runFleet } from "./world/fleet.ts";
import { summaryOf } from "./world/report.ts";

const FIRST = 20_250_829;
/** A seed in which everything the scripts ask for is carried out. */
const SCRIPTED = 20_250_830;
const SEEDS = Array.from({ length: 3 }, (_, index) => FIRST + index);

describe("accounts in an adversarial world", () => {
  // What holds at a venue that knows an order again must hold at one that does not, and the other way round.
  for (const takesRepeats of [true, false]) {
    const venue = takesRepeats
      ? "takes an order once however often it is sent"
      : "takes an order as often as it is sent";
    it(`lose nothing, double nothing, pass no limit, and end with the books of a venue that ${venue}`, {
      timeout: 240_000,
    }, async () => {
      const runs = SEEDS.map((seed) => ({ seed, takesRepeats }));
      const results = await runFleet({ runs, threads: 2, task: { isThorough: true } });
      const summary = summaryOf(results, 0);
      expect(results.flatMap(({ seed, problems }) => problems.map((problem) => `seed ${seed}: ${problem}`))).toEqual(
        [],
      );
      expect(summary).toMatchObject({ seeds: SEEDS.length, lost: 0, doubled: 0, breaches: 0, unresolved: 0 });
      // A run in which little happens proves little.
      expect(summary.orders).toBeGreaterThan(SEEDS.length * 50);
      expect(summary.injected["crash"]).toBeGreaterThan(SEEDS.length);
      expect(Object.keys(summary.listEnds).some((end) => /VERTICAL|IRON_CONDOR/.test(end))).toBe(true);
    });
  }

  it("come to the same events from the same seed, and to others from another", { timeout: 240_000 }, async () => {
    const [one] = await runFleet({ runs: [{ seed: FIRST }], threads: 1 });
    const [again, other] = await runFleet({
      runs: [{ seed: FIRST }, { seed: FIRST + 1 }],
      threads: 2,
      task: { isThorough: true },
    });
    expect(again?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(again?.hash).toBe(one?.hash);
    expect(other?.hash).not.toBe(one?.hash);
  });

  // All stages of every point of both scripts: `npm run simulate -- --evictions 1`.
  for (const [plan, stages] of [
    ["ORDERS", EVERY_STAGE],
    ["LISTS", IN_TURN],
  ] as const) {
    it(`survive being dropped at every single point at which they wait: ${plan}`, { timeout: 600_000 }, async () => {
      const [undisturbed] = await runFleet({ runs: [{ seed: SCRIPTED, plan }], threads: 1 });
      expect(undisturbed?.problems).toEqual([]);
      // A script in which nothing is carried out has few points.
      if (plan === "LISTS")
        expect(undisturbed?.listEnds).toEqual({ "VERTICAL CLOSED": 2, "IRON_CONDOR CLOSED": 2, "SLICED FILLED": 1 });
      expect(undisturbed?.proven).toHaveLength(1);
      const runs = evictionRuns(SCRIPTED, plan, undisturbed?.calls ?? 0, stages);
      expect(runs.length).toBeGreaterThan(300);
      const results = await runFleet({ runs, threads: 2 });
      expect(
        results.flatMap(({ crash, problems }) => problems.map((found) => `${crash?.call} ${crash?.stage}: ${found}`)),
      ).toEqual([]);
      const struck = results.filter(({ injected }) => (injected["crash"] ?? 0) > 0).length;
      // The object is not running yet when the first call reaches it.
      expect(struck).toBeGreaterThanOrEqual(results.length - 1);
    });
  }
});
