// An account's read model as D1 holds it, in the form in which its journal makes it.
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { ReadModelRow } from "../../core/reporting/projection.ts";
import { READ_MODELS } from "./ledger-rows.ts";

/** Every row of an account, of all days. */
export async function storedRows(db: D1Database, accountId: string): Promise<readonly ReadModelRow[]> {
  const database = drizzle(db);
  const rows = await Promise.all(
    Object.entries(READ_MODELS).map(async ([name, table]) => {
      const found = await database.select().from(table).where(eq(table.accountId, accountId));
      return found.map((row) => ({ table: name, ...row }) as unknown as ReadModelRow);
    }),
  );
  return rows.flat();
}
