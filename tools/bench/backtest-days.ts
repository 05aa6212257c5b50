// Whole option days of one account by the backtest engine: signals, strategies with one leg and with four, each with risk check,
// matching, margin, charges and settlement. Each plan in a process of its own, bundled and with a small heap; time is that
// process's own, so that a machine that others share counts against it as little as can be.
import { withBundled } from "./bundled.ts";
import type { OptionDaysAlone } from "./option-days-alone.ts";
import { OPTION_DAY_PLANS } from "./option-days-task.ts";

export interface OptionDaysBench {
  readonly name: "option-days";
  readonly nodeOptions: readonly string[];
  readonly runs: readonly ({ readonly what: string } & OptionDaysAlone)[];
}

/** A heap such as a Worker has; the limit of 128 MB is for all of it. */
const NODE_OPTIONS = ["--max-old-space-size=40", "--max-semi-space-size=4"];

export const benchOptionDays = (progress: (line: string) => void): Promise<OptionDaysBench> =>
  withBundled("option-days-alone.ts", ({ run }) => {
    const runs = Object.keys(OPTION_DAY_PLANS).map((what) => {
      const alone = JSON.parse(run([what], NODE_OPTIONS)) as OptionDaysAlone;
      const { daysPerSecond, mostMb, idleMb, heapMb } = alone;
      progress(`${what}: ${daysPerSecond} days/s, at most ${mostMb} MB (${idleMb} idle), heap ${heapMb} MB`);
      return { what, ...alone };
    });
    return { name: "option-days", nodeOptions: NODE_OPTIONS, runs };
  });
