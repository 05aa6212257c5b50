// The double-entry ledger and the Merkle logs over it.
import { and, asc, eq } from "drizzle-orm";
import { checkpoints, ledgerEntries } from "../storage/ledger-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type LedgerRecord = typeof ledgerEntries.$inferSelect;
export type CheckpointRecord = typeof checkpoints.$inferSelect;

export async function listLedgerEntries(
  d1: D1Database,
  accountId: string,
  filter: { readonly date?: string | undefined; readonly kind?: string | undefined },
  { limit, after }: PageRequest,
): Promise<Page<LedgerRecord>> {
  const key = [ledgerEntries.date, ledgerEntries.sequence, ledgerEntries.part];
  const rows = await database(d1)
    .select()
    .from(ledgerEntries)
    .where(
      and(
        eq(ledgerEntries.accountId, accountId),
        filter.date === undefined ? undefined : eq(ledgerEntries.date, filter.date),
        filter.kind === undefined ? undefined : eq(ledgerEntries.kind, filter.kind),
        afterKey(key, after),
      ),
    )
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.date, row.sequence, row.part]);
}

export async function findLedgerEntry(
  d1: D1Database,
  accountId: string,
  sequence: number,
  part: number,
): Promise<LedgerRecord | null> {
  const rows = await database(d1)
    .select()
    .from(ledgerEntries)
    .where(
      and(eq(ledgerEntries.accountId, accountId), eq(ledgerEntries.sequence, sequence), eq(ledgerEntries.part, part)),
    )
    .limit(1);
  return rows[0] ?? null;
}

export async function findCheckpoint(d1: D1Database, date: string): Promise<CheckpointRecord | null> {
  const rows = await database(d1).select().from(checkpoints).where(eq(checkpoints.date, date)).limit(1);
  return rows[0] ?? null;
}

const LEAVES_PAGE = 5_000;

export interface LogLeaf {
  readonly accountId: string;
  readonly sequence: number;
  readonly part: number;
  readonly leaf: string;
}

/** The leaves of a date's checkpoint in the order (account, sequence, part). */
export async function leavesSealedOn(d1: D1Database, date: string): Promise<readonly LogLeaf[]> {
  const key = [ledgerEntries.accountId, ledgerEntries.sequence, ledgerEntries.part];
  const leaves: LogLeaf[] = [];
  let after: readonly (string | number)[] | null = null;
  for (;;) {
    const rows: LogLeaf[] = await database(d1)
      .select({
        accountId: ledgerEntries.accountId,
        sequence: ledgerEntries.sequence,
        part: ledgerEntries.part,
        leaf: ledgerEntries.leaf,
      })
      .from(ledgerEntries)
      .where(and(eq(ledgerEntries.sealedOn, date), afterKey(key, after, "OLDEST_FIRST")))
      .orderBy(...key.map((column) => asc(column)))
      .limit(LEAVES_PAGE);
    leaves.push(...rows);
    const last = rows.at(-1);
    if (last === undefined || rows.length < LEAVES_PAGE) return leaves;
    after = [last.accountId, last.sequence, last.part];
  }
}
