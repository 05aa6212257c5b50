// Whether an account's books are what its journal says: everything is made again from nothing and compared.
import type { JournalEntry } from "../../src/core/account/event.ts";
import { EMPTY_ACCOUNT, evolve } from "../../src/core/account/evolve.ts";
import { reconcile } from "../../src/core/account/reconcile.ts";
import type { AccountState } from "../../src/core/account/state.ts";
import { SAVINGS, TAX_LOCK, TRADING_CASH } from "../../src/core/ledger/chart-of-accounts.ts";
import type { LedgerEntry } from "../../src/core/ledger/entry.ts";
import { type ChainHead, canonicalJson, verifyChain } from "../../src/core/ledger/hash-chain.ts";
import { trialBalance } from "../../src/core/ledger/trial-balance.ts";
import { projectEvent, projectionHash } from "../../src/core/reporting/project.ts";
import type { ReadModelRow } from "../../src/core/reporting/projection.ts";
import type { AccountVerification } from "../../src/ports/objects.ts";

export interface AccountRecord {
  readonly accountId: string;
  /** What the account holds in memory: a snapshot with the tail folded onto it. */
  readonly state: AccountState;
  /** What it would chain its next entry to. */
  readonly head: ChainHead;
  readonly entries: Iterable<JournalEntry>;
  readonly outbox: { readonly pending: number; readonly parked: number };
}

/** Never throws over what the journal holds: a record that cannot be read is a broken one. */
export function verifyAccount(record: AccountRecord): AccountVerification {
  const { accountId, state, head, outbox } = record;
  const journal = readable(record.entries);
  const books = journal === null ? null : foldBooks(journal);
  const ledger = trialBalance(books?.ledger ?? []);
  const balanceOf = (account: string): number => ledger.balances[account] ?? 0;
  return {
    accountId,
    entries: journal?.length ?? head.sequence,
    headHash: head.hash,
    chainIntact: journal !== null && verifyChain(journal, { head }) === null,
    foldEqualsSnapshot: books !== null && canonicalJson(books.state) === canonicalJson(state),
    ledgerEntries: books?.ledger.length ?? 0,
    ledgerBalanced:
      books !== null &&
      ledger.everyEntryBalanced &&
      balanceOf(TRADING_CASH) === state.cashPaise &&
      balanceOf(SAVINGS) === state.savingsPaise &&
      balanceOf(TAX_LOCK) === state.taxLockPaise,
    cashReconciles: books !== null && journal !== null && reconcile(journal, state).differencePaise === 0,
    openPositions: Object.keys(state.openTrades).length,
    outboxPending: outbox.pending,
    outboxParked: outbox.parked,
    projectionHash: books === null ? "" : projectionHash(books.rows),
  };
}

interface Books {
  readonly state: AccountState;
  readonly rows: readonly ReadModelRow[];
  readonly ledger: readonly LedgerEntry[];
}

function foldBooks(journal: readonly JournalEntry[]): Books | null {
  try {
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
    return { state, rows, ledger };
  } catch {
    return null;
  }
}

function readable(entries: Iterable<JournalEntry>): readonly JournalEntry[] | null {
  try {
    return [...entries];
  } catch {
    return null;
  }
}
