// Where in a JSON text each field stands, so that what is wrong with a field can be shown at it. A text that is no JSON is told
// where it stops being one, and what would pass there.

export interface Place {
  readonly from: number;
  readonly to: number;
}

export type PlacesRead =
  /** By path, "entries.0.legs"; the whole is "". */
  | { readonly ok: true; readonly value: unknown; readonly places: ReadonlyMap<string, Place> }
  | { readonly ok: false; readonly at: number; readonly message: string };

const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/uy;
const PLAIN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

class NoJson extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

export function readPlaces(text: string): PlacesRead {
  const reader = new Reader(text);
  try {
    reader.value("");
    reader.end();
  } catch (failure) {
    if (failure instanceof NoJson) return { ok: false, at: failure.at, message: failure.message };
    throw failure;
  }
  return { ok: true, value: JSON.parse(text) as unknown, places: reader.places };
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

class Reader {
  readonly #text: string;
  #at = 0;
  readonly places = new Map<string, Place>();

  constructor(text: string) {
    this.#text = text;
  }

  value(path: string): void {
    this.#skip();
    const from = this.#at;
    const sign = this.#text[from];
    if (sign === "{") this.#members(path);
    else if (sign === "[") this.#items(path);
    else if (sign === '"') this.#string("a string that ends on its line");
    else this.#take(PLAIN, "a value");
    this.places.set(path, { from, to: this.#at });
  }

  end(): void {
    this.#skip();
    if (this.#at < this.#text.length) throw new NoJson(this.#at, "nothing after the end would pass");
  }

  #members(path: string): void {
    this.#at += 1;
    if (this.#closes("}")) return;
    do {
      this.#skip();
      const from = this.#at;
      const name = this.#string("a name in quotation marks");
      this.#skip();
      if (this.#text[this.#at] !== ":") throw new NoJson(this.#at, "a colon would pass");
      this.#at += 1;
      const inner = path === "" ? name : `${path}.${name}`;
      this.value(inner);
      // The name belongs to the field: that is what people look for.
      this.places.set(inner, { from, to: this.#at });
    } while (this.#goesOn("}"));
  }

  #items(path: string): void {
    this.#at += 1;
    if (this.#closes("]")) return;
    let item = 0;
    do {
      this.value(path === "" ? `${item}` : `${path}.${item}`);
      item += 1;
    } while (this.#goesOn("]"));
  }

  #closes(bracket: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== bracket) return false;
    this.#at += 1;
    return true;
  }

  #goesOn(bracket: string): boolean {
    if (this.#closes(bracket)) return false;
    if (this.#text[this.#at] !== ",") throw new NoJson(this.#at, `a comma or ${bracket} would pass`);
    this.#at += 1;
    return true;
  }

  #string(wanted: string): string {
    return JSON.parse(this.#take(STRING, wanted)) as string;
  }

  #take(pattern: RegExp, wanted: string): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) throw new NoJson(this.#at, `${wanted} would pass`);
    this.#at += found.length;
    return found;
  }

  #skip(): void {
    SPACE.lastIndex = this.#at;
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0;
  }
}
