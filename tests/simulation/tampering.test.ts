// Whether a journal that somebody has been at is recognised: every byte of every column, every row removed, every two rows
// exchanged, in the journal of a simulated day as it is stored.
import { describe, expect, it } from "vitest";
import { AccountStore } from "../../durable-objects/account/store.ts";
import { type ChainHead, GENESIS_HASH, verifyChain } from "../../src/core/ledger/hash-chain.ts";
import { runFleet } from "./world/fleet.ts";
import { SimulatedStorage } from "./world/platform.ts";
import type { JournalRow } from "./world/report.ts";
import { sqliteRows } from "./world/sqlite-rows.ts";

const COLUMNS = ["at_ms", "type", "event", "hash"] as const;
const utf8 = { encoder: new TextEncoder(), decoder: new TextDecoder() };

async function simulatedJournal(): Promise<readonly JournalRow[]> {
  const [result] = await runFleet({ runs: [{ seed: 16, plan: "ORDERS", wantsJournals: true }], threads: 1 });
  return result?.journals?.[0] ?? [];
}

/** A store with these rows, read the way an account reads its own. */
class Stored {
  readonly #storage = new SimulatedStorage(sqliteRows());
  readonly #store = new AccountStore(this.#storage.handleFor(() => true) as DurableObjectStorage);

  constructor(rows: readonly JournalRow[]) {
    for (const row of rows) this.put(row);
  }

  put({ sequence, at_ms, type, event, hash }: Record<keyof JournalRow, string | number>): void {
    this.#storage.exec("INSERT OR REPLACE INTO journal VALUES (?, ?, ?, ?, ?)", sequence, at_ms, type, event, hash);
  }

  remove(sequence: number): void {
    this.#storage.exec("DELETE FROM journal WHERE sequence = ?", sequence);
  }

  /** Null when the rows after `after` verify, as far as `limit` goes; else what was found. */
  finding(after: ChainHead, limit: number, head?: ChainHead): string | null {
    try {
      const entries = [...this.#store.entries(after.sequence, limit)];
      const broken = verifyChain(entries, head === undefined ? { after } : { after, head });
      return broken === null ? null : `broken at ${broken}`;
    } catch (error) {
      return String(error);
    }
  }
}

const headAt = (rows: readonly JournalRow[], index: number): ChainHead => {
  const row = rows[index];
  return row === undefined ? { sequence: 0, hash: GENESIS_HASH } : { sequence: row.sequence, hash: row.hash };
};

describe("a tampered journal", () => {
  it("is recognised whichever byte was flipped, row removed, or rows exchanged", { timeout: 300_000 }, async () => {
    const rows = await simulatedJournal();
    expect(rows.length).toBeGreaterThan(40);
    const stored = new Stored(rows);
    const start = headAt(rows, -1);
    const head = headAt(rows, rows.length - 1);
    expect(stored.finding(start, rows.length, head)).toBeNull();
    const missed: string[] = [];
    let flips = 0;
    for (const [index, row] of rows.entries()) {
      const after = headAt(rows, index - 1);
      const next = headAt(rows, Math.min(index + 1, rows.length - 1));
      for (const column of COLUMNS) {
        const bytes = utf8.encoder.encode(String(row[column]));
        for (let at = 0; at < bytes.length; at += 1) {
          const flipped = Uint8Array.from(bytes);
          flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
          stored.put({ ...row, [column]: utf8.decoder.decode(flipped) });
          flips += 1;
          if (stored.finding(after, 2, next) === null) missed.push(`${row.sequence} ${column} byte ${at}`);
        }
      }
      stored.put(row);
      stored.remove(row.sequence);
      if (stored.finding(after, rows.length, head) === null) missed.push(`${row.sequence} removed`);
      stored.put(row);
    }
    for (const [index, row] of rows.entries()) {
      for (const other of rows.slice(index + 1)) {
        stored.put({ ...other, sequence: row.sequence });
        stored.put({ ...row, sequence: other.sequence });
        if (stored.finding(headAt(rows, index - 1), 1) === null)
          missed.push(`${row.sequence} and ${other.sequence} exchanged`);
        stored.put(row);
        stored.put(other);
      }
    }
    expect(flips).toBeGreaterThan(10_000);
    expect(missed).toEqual([]);
    expect(stored.finding(start, rows.length, head)).toBeNull();
  });
});
