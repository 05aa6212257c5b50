// One process that does nothing but play option days of one plan: how fast, and how much memory that takes at most.
import { OPTION_DAY_PLANS, optionDays, playOptionDays } from "./option-days-task.ts";

export interface OptionDaysAlone {
  readonly days: number;
  readonly trades: number;
  readonly fills: number;
  readonly daysPerSecond: number;
  /** Of the process before anything was played, and the most after any day. */
  readonly idleMb: number;
  readonly mostMb: number;
  /** Of the heap with the buffers outside it, garbage included: what a Worker's limit is about. */
  readonly heapMb: number;
}

/** The first warms up. */
const ROUNDS = 5;

const idle = process.memoryUsage.rss();
const plan = OPTION_DAY_PLANS[process.argv[2] ?? ""];
if (plan === undefined) throw new Error(`no plan "${process.argv[2]}"`);
const days = optionDays(1);
let [most, heap] = [idle, 0];
const look = (): void => {
  const { rss, heapUsed, external } = process.memoryUsage();
  most = Math.max(most, rss);
  heap = Math.max(heap, heapUsed + external);
};
const played = Array.from({ length: ROUNDS }, () => playOptionDays(days, plan, look));
const best = played.slice(1).reduce((one, other) => (other.seconds < one.seconds ? other : one));
const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
const alone: OptionDaysAlone = {
  days: days.length,
  trades: best.trades,
  fills: best.fills,
  daysPerSecond: Math.round((days.length / best.seconds) * 10) / 10,
  idleMb: megabytes(idle),
  mostMb: megabytes(most),
  heapMb: megabytes(heap),
};
process.stdout.write(JSON.stringify(alone));
