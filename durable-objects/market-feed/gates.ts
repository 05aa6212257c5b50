// Gates the operator has closed at a feed: nothing new passes to the venue, whoever sends it and whenever it was decided. The
// last word before an order leaves, for accounts that have not heard of the halt yet and for orders that were on their way.
import type { FeedHalt } from "../../src/core/account/command.ts";
import type { FeedGate } from "../../src/ports/objects.ts";

export class Gates {
  readonly #sql: SqlStorage;
  /** Undefined until it has been read. */
  #halt: FeedHalt | null | undefined = undefined;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** The halt that keeps this feed closed, the platform's first; null while it is open. */
  get halt(): FeedHalt | null {
    // Open is known as well as closed: every order of a feed asks.
    if (this.#halt === undefined) this.#halt = this.#read();
    return this.#halt;
  }

  /** Switches are numbered: one that comes late does not undo a later one. */
  set({ scope, changeNo, reason }: FeedGate): void {
    this.#sql.exec(
      `INSERT INTO gate (scope, change_no, reason) VALUES (?, ?, ?)
       ON CONFLICT (scope) DO UPDATE SET change_no = excluded.change_no, reason = excluded.reason
       WHERE excluded.change_no > gate.change_no`,
      scope,
      changeNo,
      reason,
    );
    this.#halt = undefined;
  }

  #read(): FeedHalt | null {
    const [closed] = this.#sql
      .exec<{ scope: string; reason: string }>(
        "SELECT scope, reason FROM gate WHERE reason IS NOT NULL ORDER BY scope = 'PLATFORM' DESC LIMIT 1",
      )
      .toArray();
    if (closed === undefined) return null;
    return { code: closed.scope === "PLATFORM" ? "PLATFORM_HALTED" : "UNDERLYING_HALTED", reason: closed.reason };
  }
}
