// Statements that write many rows at once, however often they are given. The rows travel as one JSON parameter, so the number
// of bound parameters does not grow with them, and the columns come from the schema.
import { getTableColumns } from "drizzle-orm";
import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";

/** Kept well below the 2 MB that D1 takes in one parameter. */
const PARAMETER_CHARACTERS_MAX = 400_000;

/** NEWER: by a row of a greater `sequence` alone. SAME: also by one of the same, which has what an older version left out. */
export type Replacing = "NEWER" | "SAME";

/** Inserts rows; one that is there already is replaced only by a row of a greater `sequence`, or of the same where asked for. */
export function upsertNewer<Table extends SQLiteTable>(
  db: D1Database,
  table: Table,
  rows: readonly Table["$inferInsert"][],
  replacing: Replacing = "NEWER",
): D1PreparedStatement[] {
  const { name, columns, keys } = shapeOf(table);
  const assignments = columns
    .filter((column) => !keys.includes(column.name))
    .map((column) => `${column.name} = excluded.${column.name}`);
  return inserts(
    db,
    table,
    rows,
    `ON CONFLICT (${keys.join(", ")}) DO UPDATE SET ${assignments.join(", ")} WHERE excluded.sequence ${replacing === "SAME" ? ">=" : ">"} ${name}.sequence`,
  );
}

/** Inserts rows that never change once they are there. */
export const insertOnce = <Table extends SQLiteTable>(
  db: D1Database,
  table: Table,
  rows: readonly Table["$inferInsert"][],
): D1PreparedStatement[] => inserts(db, table, rows, "ON CONFLICT DO NOTHING");

function inserts(
  db: D1Database,
  table: SQLiteTable,
  rows: readonly Record<string, unknown>[],
  onConflict: string,
): D1PreparedStatement[] {
  const { name, columns } = shapeOf(table);
  const names = columns.map((column) => column.name).join(", ");
  const values = columns.map((column) => `value ->> '$.${column.property}'`).join(", ");
  // WHERE true: without it SQLite would read ON CONFLICT as a join condition.
  const sql = `INSERT INTO ${name} (${names}) SELECT ${values} FROM json_each(?1) WHERE true ${onConflict}`;
  return jsonArrays(rows).map((json) => db.prepare(sql).bind(json));
}

interface TableShape {
  readonly name: string;
  readonly columns: readonly { readonly property: string; readonly name: string }[];
  readonly keys: readonly string[];
}

const shapes = new Map<SQLiteTable, TableShape>();

function shapeOf(table: SQLiteTable): TableShape {
  const known = shapes.get(table);
  if (known !== undefined) return known;
  const { name, columns, primaryKeys } = getTableConfig(table);
  const composite = primaryKeys.flatMap((key) => key.columns);
  const keys = composite.length > 0 ? composite : columns.filter((column) => column.primary);
  const shape = {
    name,
    columns: Object.entries(getTableColumns(table)).map(([property, column]) => ({ property, name: column.name })),
    keys: keys.map((column) => column.name),
  };
  shapes.set(table, shape);
  return shape;
}

function jsonArrays(rows: readonly Record<string, unknown>[]): string[] {
  const arrays: string[] = [];
  let parts: string[] = [];
  let characters = 0;
  for (const row of rows) {
    const json = JSON.stringify(row);
    if (characters + json.length > PARAMETER_CHARACTERS_MAX && parts.length > 0) {
      arrays.push(`[${parts.join(",")}]`);
      parts = [];
      characters = 0;
    }
    parts.push(json);
    characters += json.length + 1;
  }
  if (parts.length > 0) arrays.push(`[${parts.join(",")}]`);
  return arrays;
}
