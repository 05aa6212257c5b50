// An account's tables in SQLite, as the platform keeps them.
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { Rows } from "./memory-rows.ts";

const READS = /^\s*(SELECT|WITH|PRAGMA)|\bRETURNING\b/i;

export function sqliteRows(): Rows {
  const db = new DatabaseSync(":memory:");
  const statements = new Map<string, { readonly statement: StatementSync; readonly isRead: boolean }>();
  const prepared = (sql: string): { readonly statement: StatementSync; readonly isRead: boolean } => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const made = { statement: db.prepare(sql), isRead: READS.test(sql) };
    statements.set(sql, made);
    return made;
  };
  return {
    exec: (sql, parameters) => {
      if (parameters.length === 0 && sql.trim().replace(/;$/, "").includes(";")) {
        db.exec(sql);
        return { rows: [], written: 0 };
      }
      const { statement, isRead } = prepared(sql);
      return isRead
        ? { rows: statement.all(...parameters), written: 0 }
        : { rows: [], written: Number(statement.run(...parameters).changes) };
    },
    transaction: (run) => {
      if (db.isTransaction) return run();
      db.exec("BEGIN");
      try {
        const result = run();
        db.exec("COMMIT");
        return result;
      } catch (error) {
        db.exec("ROLLBACK");
        throw error;
      }
    },
    close: () => {
      statements.clear();
      db.close();
    },
  };
}
