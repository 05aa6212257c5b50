// What the journal has told everybody outside, told again: by the code of today, so that rows of before a column was there get it.
// In stretches, each of which costs what it tells: where one ends, the state is kept, and the next one begins with it.
import type { JournalEntry } from "../../src/core/account/event.ts";
import { EMPTY_ACCOUNT, evolve } from "../../src/core/account/evolve.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { finalRows } from "../../src/core/reporting/final-rows.ts";
import { type Consequences, projectEvent } from "../../src/core/reporting/project.ts";
import type { RetoldPage } from "../../src/ports/objects.ts";

/** Kept in parts: SQLite holds at most 2 MB in one value. */
const PART_CHARACTERS = 500_000;

/** Where stretches that were told have ended, with the state there. */
class Stops {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  at(sequence: number): AccountState | null {
    const rows = this.#sql.exec<{ value: string }>(
      "SELECT value FROM setting WHERE name >= ? AND name < ? ORDER BY name",
      nameOf(sequence),
      nameOf(sequence + 1),
    );
    const text = [...rows].map(({ value }) => value).join("");
    return text === "" ? null : (JSON.parse(text) as AccountState);
  }

  /** The one that was begun with stays: the answer may have been lost. Those before it are nobody's, or begin anew. */
  keep(state: AccountState, begunWith: number): void {
    const text = JSON.stringify(state);
    for (let part = 0; part * PART_CHARACTERS < text.length; part += 1) {
      this.#sql.exec(
        "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        `${nameOf(state.sequence)}${String(part).padStart(4, "0")}`,
        text.slice(part * PART_CHARACTERS, (part + 1) * PART_CHARACTERS),
      );
    }
    this.#sql.exec("DELETE FROM setting WHERE name >= ? AND name < ?", nameOf(0), nameOf(begunWith));
  }

  forget(): void {
    this.#sql.exec("DELETE FROM setting WHERE name >= ? AND name < ?", nameOf(0), nameOf(Number.MAX_SAFE_INTEGER));
  }
}

const nameOf = (sequence: number): string => `retelling/${String(sequence).padStart(16, "0")}/`;

export interface Retold {
  readonly sql: SqlStorage;
  readonly state: AccountState;
  entries(afterSequence: number, limit: number): Iterable<JournalEntry>;
}

/**
 * The stretch after a sequence. One that no stretch has ended at begins with the first event: what is told twice is stored once.
 */
export function retold({ sql, state: now, entries }: Retold, afterSequence: number, limit: number): RetoldPage {
  const stops = new Stops(sql);
  const from = afterSequence > 0 && afterSequence === now.sequence ? now : (stops.at(afterSequence) ?? EMPTY_ACCOUNT);
  const told: Consequences[] = [];
  let state = from;
  let isComplete = true;
  for (const entry of entries(from.sequence, limit + 1)) {
    if (told.length === limit) {
      isComplete = false;
      break;
    }
    const after = evolve(state, entry.event);
    told.push(projectEvent(state, entry, after));
    state = after;
  }
  if (isComplete) stops.forget();
  else stops.keep(state, from.sequence);
  const [first] = entries(0, 1);
  const { profile, sequence } = state;
  return {
    profile: profile === null ? null : { displayName: profile.displayName, category: profile.category },
    openedAtMs: first?.event.atMs ?? null,
    throughSequence: sequence,
    isComplete,
    rows: finalRows(told.flatMap(({ rows }) => rows)),
    entries: told.flatMap((one) => one.entries),
    notifications: told.flatMap(({ notifications }) => notifications),
  };
}
