// Where in a JSON text each field stands, so that what is wrong with a field can be shown at it. A text that is no JSON is told
// where it stops being one, and why. What is JSON is for the browser to say; the places are jsonc-parser's.
import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

export interface Place {
  readonly from: number;
  readonly to: number;
}

export type PlacesRead =
  /** By path, "entries.0.legs"; the whole is "". */
  | { readonly ok: true; readonly value: unknown; readonly places: ReadonlyMap<string, Place> }
  | { readonly ok: false; readonly at: number; readonly message: string };

export function readPlaces(text: string): PlacesRead {
  const faults: ParseError[] = [];
  const tree = parseTree(text, faults, { disallowComments: true });
  try {
    const value = JSON.parse(text) as unknown;
    const places = new Map<string, Place>();
    if (tree !== undefined) addPlaces(places, tree, "", tree.offset);
    return { ok: true, value, places };
  } catch {
    const [first] = faults;
    const message = WANTED[first === undefined ? "" : printParseErrorCode(first.error)] ?? "a value would pass";
    return { ok: false, at: first?.offset ?? 0, message };
  }
}

/** The field itself, or what it would stand in where it is missing. */
export function placeOf(places: ReadonlyMap<string, Place>, field: string): Place {
  for (let path = field; path !== ""; path = path.includes(".") ? path.slice(0, path.lastIndexOf(".")) : "") {
    const place = places.get(path);
    if (place !== undefined) return place;
  }
  const whole = places.get("") ?? { from: 0, to: 0 };
  return { from: whole.from, to: Math.min(whole.to, whole.from + 1) };
}

export const lineOf = (text: string, at: number): number => text.slice(0, at).split("\n").length;

/** `from`: a member begins with its name, because that is what people look for. */
function addPlaces(places: Map<string, Place>, node: Node, path: string, from: number): void {
  places.set(path, { from, to: node.offset + node.length });
  for (const [index, child] of (node.children ?? []).entries()) {
    const [name, value] = node.type === "object" ? (child.children ?? []) : [undefined, child];
    const own = String(name?.value ?? index);
    if (value !== undefined) addPlaces(places, value, path === "" ? own : `${path}.${own}`, child.offset);
  }
}

/** By the library's names of what is wrong. */
const WANTED: Readonly<Record<string, string>> = {
  PropertyNameExpected: "a name in quotation marks would pass",
  ColonExpected: "a colon would pass",
  CommaExpected: "a comma would pass",
  CloseBraceExpected: "a comma or } would pass",
  CloseBracketExpected: "a comma or ] would pass",
  EndOfFileExpected: "nothing after the end would pass",
  UnexpectedEndOfString: "a string that ends on its line would pass",
  InvalidCharacter: "a string without control characters would pass",
  InvalidEscapeCharacter: 'one of \\" \\\\ \\/ \\b \\f \\n \\r \\t or \\u and four digits would pass',
  InvalidCommentToken: "no comment would pass",
};
