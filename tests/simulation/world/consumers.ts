// The queues and what stands behind them: read models and ledger as D1 keeps them, by key, an older row never over a newer one.
// Messages come late, twice and in any order; for a while nothing is stored at all.
import type { LedgerEntry } from "../../../src/core/ledger/entry.ts";
import type { ReadModelRow } from "../../../src/core/reporting/projection.ts";
import type { LedgerMessage, NotificationMessage } from "../../../src/ports/messages.ts";
import type { AccountHost } from "./account-host.ts";
import type { World } from "./world.ts";

export class Consumers {
  readonly rows = new Map<string, ReadModelRow>();
  readonly entries = new Map<string, LedgerEntry>();
  readonly notifications = new Set<string>();
  downUntilMs = 0;
  readonly #world: World;
  readonly #hostOf: (accountId: string) => AccountHost;

  constructor(world: World, hostOf: (accountId: string) => AccountHost) {
    this.#world = world;
    this.#hostOf = hostOf;
  }

  take(message: LedgerMessage | NotificationMessage): void {
    const times = this.#world.strikes("messageTwice") ? 2 : 1;
    for (let time = 0; time < times; time += 1)
      this.#storeAt(this.#world.nowMs + 20 + this.#world.random.below(400), message);
  }

  #storeAt(atMs: number, message: LedgerMessage | NotificationMessage): void {
    const world = this.#world;
    world.at(atMs, "consume", () => {
      // The queue brings it again.
      if (this.downUntilMs > world.nowMs) {
        this.#storeAt(world.nowMs + 5_000, message);
        return;
      }
      if (message.kind === "LEDGER") this.#store(message);
      else for (const notification of message.notifications) this.notifications.add(JSON.stringify(notification));
      // A confirmation that is lost costs a repetition.
      this.#hostOf(message.accountId)
        .incoming("confirmation", (account) => account.confirmOutbox(message.outboxIds))
        .catch(() => {});
    });
  }

  #store({ rows, entries }: LedgerMessage): void {
    for (const row of rows) {
      const key = rowKey(row);
      const known = this.rows.get(key);
      if (known === undefined || known.sequence < row.sequence) this.rows.set(key, row);
    }
    for (const entry of entries) {
      const key = entryKey(entry);
      if (!this.entries.has(key)) this.entries.set(key, entry);
    }
  }
}

export const entryKey = ({ accountId, sequence, part }: LedgerEntry): string => `${accountId}/${sequence}/${part}`;

/** The primary keys of the tables. */
export function rowKey(row: ReadModelRow): string {
  const { table, accountId, date } = row;
  switch (row.table) {
    case "orders":
      return `${table}/${accountId}/${date}/${row.clientOrderId}`;
    case "trades":
      return `${table}/${accountId}/${date}/${row.executionId}`;
    case "positions":
      return `${table}/${accountId}/${date}/${row.instrumentId}`;
    case "settlements":
      return `${table}/${accountId}/${date}/${row.stage}`;
    case "transfers":
      return `${table}/${accountId}/${row.transferId}`;
    default:
      return `${table}/${accountId}/${date}`;
  }
}
