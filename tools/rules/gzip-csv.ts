// Reads the developer data: gzip CSV with one header row. Only the columns asked for are kept.
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

export type CsvRow = readonly string[];

/** Rows with the named columns in the order asked for; nothing when the file is not there. */
export function readGzipCsv(file: string, columns: readonly string[]): CsvRow[] {
  if (!existsSync(file)) return [];
  const [header = "", ...lines] = gunzipSync(readFileSync(file)).toString("utf8").trimEnd().split("\n");
  const names = header.split(",");
  const at = columns.map((column) => {
    const index = names.indexOf(column);
    if (index < 0) throw new Error(`${file}: no column "${column}"`);
    return index;
  });
  return lines.map((line) => {
    const cells = line.split(",");
    return at.map((index) => cells[index] ?? "");
  });
}
