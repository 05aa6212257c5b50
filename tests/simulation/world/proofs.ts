// How long it took to prove that an account is flat, from the trip of a breaker to the second reading that said so, by the
// exchange's clock. Every way to a proof is counted: those that ended in one, and those that somebody ended before.
import type { JournalEntry } from "../../../src/core/account/event.ts";
import type { Outage } from "./venue.ts";

export interface Proofs {
  readonly proven: readonly {
    readonly wholeMs: number;
    /** Less the time during which the venue was down: what cannot be read cannot be proven. */
    readonly readableMs: number;
  }[];
  /** Breakers that were lifted before they were proven, after this long. */
  readonly liftedMs: readonly number[];
}

/** `writtenAtMs`: when each entry was written, by its sequence. */
export function proofsIn(
  journal: readonly JournalEntry[],
  writtenAtMs: readonly number[],
  outages: readonly Outage[],
): Proofs {
  const proven: Proofs["proven"][number][] = [];
  const liftedMs: number[] = [];
  const underWay = new Map<string, number>();
  for (const { event, sequence } of journal) {
    const atMs = writtenAtMs[sequence] ?? Number.NaN;
    if (event.type === "BREAKER_TRIPPED" || event.type === "FLAT_NOT_PROVEN") {
      if (!underWay.has(event.scope)) underWay.set(event.scope, atMs);
    } else if (event.type === "FLAT_PROVEN") {
      const fromMs = underWay.get(event.scope) ?? Number.NaN;
      underWay.delete(event.scope);
      proven.push({ wholeMs: atMs - fromMs, readableMs: atMs - fromMs - downMs(outages, fromMs, atMs) });
    } else if (event.type === "BREAKER_RESET" && event.trips.length === 0) {
      const fromMs = underWay.get(event.scope);
      underWay.delete(event.scope);
      if (fromMs !== undefined) liftedMs.push(atMs - fromMs);
    }
  }
  return { proven, liftedMs };
}

/** Outages follow one another; where two meet, the time counts once. */
function downMs(outages: readonly Outage[], fromMs: number, untilMs: number): number {
  let [total, countedTo] = [0, fromMs];
  for (const outage of outages) {
    const start = Math.max(outage.fromMs, countedTo);
    const end = Math.min(outage.untilMs, untilMs);
    if (end <= start) continue;
    total += end - start;
    countedTo = end;
  }
  return total;
}
