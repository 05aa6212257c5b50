// Registered price triggers on disk. The book in memory is rebuilt from here.
import type { PriceTrigger } from "../../src/core/account/state.ts";
import type { InstrumentId } from "../../src/core/instrument/contract.ts";
import { type RegisteredTrigger, TriggerBook } from "../../src/core/market-feed/trigger-book.ts";

export class TriggerStore {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  replace(accountId: string, instrumentId: InstrumentId, triggers: readonly PriceTrigger[]): void {
    this.#sql.exec("DELETE FROM price_trigger WHERE account_id = ? AND instrument_id = ?", accountId, instrumentId);
    for (const trigger of triggers) {
      this.#sql.exec(
        "INSERT INTO price_trigger (account_id, instrument_id, trigger_id, body) VALUES (?, ?, ?, ?)",
        accountId,
        instrumentId,
        trigger.triggerId,
        JSON.stringify(trigger),
      );
    }
  }

  remove({ accountId, instrumentId, triggerId }: RegisteredTrigger): void {
    this.#sql.exec(
      "DELETE FROM price_trigger WHERE account_id = ? AND instrument_id = ? AND trigger_id = ?",
      accountId,
      instrumentId,
      triggerId,
    );
  }

  /** Whether an account has exactly these registered on an instrument. */
  has(accountId: string, instrumentId: InstrumentId, triggers: readonly PriceTrigger[]): boolean {
    const registered = this.#sql
      .exec<{ body: string }>(
        "SELECT body FROM price_trigger WHERE account_id = ? AND instrument_id = ? ORDER BY trigger_id",
        accountId,
        instrumentId,
      )
      .toArray()
      .map((row) => JSON.parse(row.body) as PriceTrigger);
    if (registered.length !== triggers.length) return false;
    const byId = new Map(registered.map((trigger) => [trigger.triggerId, trigger]));
    return triggers.every((trigger) => {
      const other = byId.get(trigger.triggerId);
      return (
        other !== undefined &&
        other.kind === trigger.kind &&
        other.fires === trigger.fires &&
        other.levelPaise === trigger.levelPaise &&
        (other.watches ?? "BID") === (trigger.watches ?? "BID") &&
        other.dueMs === trigger.dueMs
      );
    });
  }

  /** Levels that were compared before count as not compared again, which changes nothing: they did not fire on this price. */
  book(): TriggerBook {
    const book = new TriggerBook();
    const sets = new Map<string, { accountId: string; instrumentId: InstrumentId; triggers: PriceTrigger[] }>();
    for (const row of this.#sql.exec<{ account_id: string; instrument_id: string; body: string }>(
      "SELECT account_id, instrument_id, body FROM price_trigger",
    )) {
      const key = JSON.stringify([row.account_id, row.instrument_id]);
      const set = sets.get(key) ?? {
        accountId: row.account_id,
        instrumentId: row.instrument_id as InstrumentId,
        triggers: [],
      };
      set.triggers.push(JSON.parse(row.body) as PriceTrigger);
      sets.set(key, set);
    }
    for (const { accountId, instrumentId, triggers } of sets.values()) book.replace(accountId, instrumentId, triggers);
    return book;
  }

  /** Accounts that have something registered here. */
  accounts(): readonly string[] {
    return this.#sql
      .exec<{ account_id: string }>("SELECT DISTINCT account_id FROM price_trigger ORDER BY account_id")
      .toArray()
      .map((row) => row.account_id);
  }
}
