// Page cursors: the sort key of a page's last row, packed so that nobody takes it for something to build by hand.

export type CursorPart = string | number;

export const encodeCursor = (parts: readonly CursorPart[]): string =>
  Buffer.from(JSON.stringify(parts)).toString("base64url");

/** Null when it is not a cursor of this shape: as many parts, each of the type named. */
export function decodeCursor(text: string, shape: readonly ("string" | "number")[]): readonly CursorPart[] | null {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return null;
  }
  if (!Array.isArray(parts) || parts.length !== shape.length) return null;
  return parts.every((part, at) => typeof part === shape[at]) ? (parts as CursorPart[]) : null;
}
