// From the paging parameters of a request to what a read model takes, and from its page back to an answer with a next link.
import type { Page, PageRequest } from "../adapters/read-models/database.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import type { EdgeContext } from "./edge-env.ts";

type Shape = readonly ("string" | "number")[];

/** Null when the cursor is not one of this list. */
export function pageRequest(
  query: { readonly limit: number; readonly cursor?: string | undefined },
  shape: Shape,
): PageRequest | null {
  if (query.cursor === undefined) return { limit: query.limit, after: null };
  const after = decodeCursor(query.cursor, shape);
  return after === null ? null : { limit: query.limit, after };
}

/** The body of a page; sets `Link: rel="next"` when there is more. */
export function pageBody<Row, Item>(
  c: EdgeContext,
  page: Page<Row>,
  itemOf: (row: Row) => Item,
): { data: Item[]; next: string | null } {
  const next = page.next === null ? null : encodeCursor(page.next);
  if (next !== null) {
    const url = new URL(c.req.url);
    url.searchParams.set("cursor", next);
    c.header("link", `<${url.pathname}${url.search}>; rel="next"`);
  }
  return { data: page.rows.map(itemOf), next };
}
