// What the journal has told everybody outside, told again: by the code of today, so that rows of before a column was there get it.
import type { JournalEntry } from "../../src/core/account/event.ts";
import { EMPTY_ACCOUNT, evolve } from "../../src/core/account/evolve.ts";
import { finalRows } from "../../src/core/reporting/final-rows.ts";
import { type Consequences, projectEvent } from "../../src/core/reporting/project.ts";
import type { RetoldPage } from "../../src/ports/objects.ts";

/** `journal` from its beginning: what an event means depends on everything before it. */
export function retold(journal: Iterable<JournalEntry>, afterSequence: number, limit: number): RetoldPage {
  const told: Consequences[] = [];
  let state = EMPTY_ACCOUNT;
  let openedAtMs: RetoldPage["openedAtMs"] = null;
  let isComplete = true;
  for (const entry of journal) {
    if (entry.sequence > afterSequence + limit) {
      isComplete = false;
      break;
    }
    const after = evolve(state, entry.event);
    openedAtMs ??= entry.event.atMs;
    if (entry.sequence > afterSequence) told.push(projectEvent(state, entry, after));
    state = after;
  }
  const { profile, sequence } = state;
  return {
    profile: profile === null ? null : { displayName: profile.displayName, category: profile.category },
    openedAtMs,
    throughSequence: sequence,
    isComplete,
    rows: finalRows(told.flatMap(({ rows }) => rows)),
    entries: told.flatMap(({ entries }) => entries),
    notifications: told.flatMap(({ notifications }) => notifications),
  };
}
