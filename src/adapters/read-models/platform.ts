// The operator's switches, and how far every account has come with one.
import { and, desc, eq, isNotNull, sql } from "drizzle-orm";
import { platformSwitches, platformWatch } from "../storage/operations-schema.ts";
import { accounts } from "../storage/people-schema.ts";
import { haltProofs } from "../storage/read-model-schema.ts";
import { afterKey, database, inOrder, type Page, type PageRequest, pageOf } from "./database.ts";

export type SwitchRecord = typeof platformSwitches.$inferSelect;

/** Newest first. */
export async function listSwitches(d1: D1Database, { limit, after }: PageRequest): Promise<Page<SwitchRecord>> {
  const key = [platformSwitches.changeNo];
  const rows = await database(d1)
    .select()
    .from(platformSwitches)
    .where(afterKey(key, after))
    .orderBy(...inOrder(key))
    .limit(limit + 1);
  return pageOf(rows, limit, (row) => [row.changeNo]);
}

export type WatchRecord = typeof platformWatch.$inferSelect;

/** The last look there has been of the platform's own breaker. */
export async function lastLook(d1: D1Database): Promise<WatchRecord | null> {
  const [row] = await database(d1).select().from(platformWatch).orderBy(desc(platformWatch.date)).limit(1);
  return row ?? null;
}

export interface HaltProgress {
  readonly halt: SwitchRecord;
  /** The switch that ended it; null while it stands. */
  readonly resume: SwitchRecord | null;
  /** Active accounts, whether they hold anything or not. */
  readonly accounts: number;
  readonly acknowledged: number;
  readonly provenFlat: number;
  /** From each account's trip to its proof, over those that are proven. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  /** Accounts that are not proven flat, with what their last look found; at most fifty. */
  readonly open: readonly { readonly accountId: string; readonly finding: string | null }[];
}

const OPEN_MAX = 50;

export async function haltProgress(d1: D1Database, haltId: string): Promise<HaltProgress | null> {
  const db = database(d1);
  const switches = await db.select().from(platformSwitches).where(eq(platformSwitches.haltId, haltId));
  const halt = switches.find(({ action }) => action === "HALT");
  if (halt === undefined) return null;
  const [active, heard, proven, open] = await Promise.all([
    db.$count(accounts, eq(accounts.status, "ACTIVE")),
    db.$count(haltProofs, eq(haltProofs.haltId, haltId)),
    db
      .select({ durationMs: haltProofs.durationMs })
      .from(haltProofs)
      .where(and(eq(haltProofs.haltId, haltId), isNotNull(haltProofs.durationMs)))
      .orderBy(haltProofs.durationMs),
    db
      .select({ accountId: accounts.accountId, finding: haltProofs.finding })
      .from(accounts)
      .leftJoin(haltProofs, and(eq(haltProofs.accountId, accounts.accountId), eq(haltProofs.haltId, haltId)))
      .where(and(eq(accounts.status, "ACTIVE"), sql`${haltProofs.provenAtMs} IS NULL`))
      .orderBy(desc(haltProofs.finding), accounts.accountId)
      .limit(OPEN_MAX),
  ]);
  const quantile = (share: number): number | null =>
    proven[Math.min(proven.length - 1, Math.floor(proven.length * share))]?.durationMs ?? null;
  return {
    halt,
    resume: switches.find(({ action }) => action === "RESUME") ?? null,
    accounts: active,
    acknowledged: heard,
    provenFlat: proven.length,
    p50Ms: quantile(0.5),
    p99Ms: quantile(0.99),
    maxMs: quantile(1),
    open,
  };
}
