// Definitions that accounts have made, and where strategies are deployed. A definition belongs to one account; to everybody else it
// does not exist.
import { and, asc, count, eq, isNull } from "drizzle-orm";
import { isUnderlying, type Underlying } from "../../core/instrument/contract.ts";
import { strategies, strategyDeployments } from "../storage/strategy-schema.ts";
import { database } from "./database.ts";

export type StrategyRow = typeof strategies.$inferSelect;
export type StrategyHead = Omit<StrategyRow, "definition">;
type DeploymentRow = typeof strategyDeployments.$inferSelect;

/** Without the definitions, by name and version; retired ones too. */
export async function strategiesOf(d1: D1Database, accountId: string): Promise<readonly StrategyHead[]> {
  const { strategyId, name, version, title, hash, createdAtMs, retiredAtMs } = strategies;
  return database(d1)
    .select({ strategyId, accountId: strategies.accountId, name, version, title, hash, createdAtMs, retiredAtMs })
    .from(strategies)
    .where(eq(strategies.accountId, accountId))
    .orderBy(asc(strategies.name), asc(strategies.version));
}

export async function findStrategy(d1: D1Database, accountId: string, strategyId: string): Promise<StrategyRow | null> {
  const rows = await database(d1)
    .select()
    .from(strategies)
    .where(and(eq(strategies.strategyId, strategyId), eq(strategies.accountId, accountId)))
    .limit(1);
  return rows[0] ?? null;
}

export async function countStrategies(d1: D1Database, accountId: string): Promise<number> {
  const rows = await database(d1)
    .select({ count: count() })
    .from(strategies)
    .where(eq(strategies.accountId, accountId));
  return rows[0]?.count ?? 0;
}

/** What stands under the id afterwards: the row that came first stays. */
export async function addStrategy(d1: D1Database, row: StrategyRow): Promise<StrategyRow> {
  await database(d1).insert(strategies).values(row).onConflictDoNothing();
  return (await findStrategy(d1, row.accountId, row.strategyId)) ?? row;
}

export async function retireStrategy(
  d1: D1Database,
  accountId: string,
  strategyId: string,
  atMs: number,
): Promise<void> {
  await database(d1)
    .update(strategies)
    .set({ retiredAtMs: atMs })
    .where(
      and(eq(strategies.strategyId, strategyId), eq(strategies.accountId, accountId), isNull(strategies.retiredAtMs)),
    );
}

/** A row that is there stays: it is the account's answer that says what becomes of it. */
export async function noteDeployment(d1: D1Database, row: DeploymentRow): Promise<void> {
  await database(d1).insert(strategyDeployments).values(row).onConflictDoNothing();
}

/** Replaces whatever the instance was deployed as before. */
export async function putDeployment(d1: D1Database, row: DeploymentRow): Promise<void> {
  const { strategyId, underlying, atMs } = row;
  await database(d1)
    .insert(strategyDeployments)
    .values(row)
    .onConflictDoUpdate({
      target: [strategyDeployments.accountId, strategyDeployments.instanceId],
      set: { strategyId, underlying, atMs },
    });
}

export async function forgetDeployment(d1: D1Database, accountId: string, instanceId: string): Promise<void> {
  await database(d1)
    .delete(strategyDeployments)
    .where(and(eq(strategyDeployments.accountId, accountId), eq(strategyDeployments.instanceId, instanceId)));
}

/** The indices that any account's strategy trades. */
export async function deployedUnderlyings(d1: D1Database): Promise<ReadonlySet<Underlying>> {
  const rows = await database(d1)
    .selectDistinct({ underlying: strategyDeployments.underlying })
    .from(strategyDeployments);
  return new Set(rows.map(({ underlying }) => underlying).filter(isUnderlying));
}
