// What accounts are to be told, written down before it is sent and kept until they have answered: a crash between the two
// makes it arrive twice, never not at all. One account is told in order; different accounts at the same time.
import { type EpochMs, epochMs } from "../../src/core/kernel/time.ts";
import { bundled, type Delivery, type TimedDelivery } from "../../src/core/market-feed/price-view.ts";
import type { AccountRpc } from "../../src/ports/objects.ts";

interface PendingDelivery extends TimedDelivery {
  readonly id: number;
}

type Recipient = Pick<AccountRpc, "applyReports" | "fireTriggers">;

const LANES_MAX = 64;
const ATTEMPTS_MAX = 4;
const RETRY_AFTER_MS = 100;

export class Deliveries {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  add(delivery: Delivery, atMs: EpochMs): void {
    const { accountId, reports, fired } = delivery;
    this.#sql.exec(
      "INSERT INTO delivery (at_ms, account_id, body) VALUES (?, ?, ?)",
      atMs,
      accountId,
      JSON.stringify({ reports, fired }),
    );
  }

  firstAtMs(): EpochMs | null {
    const { atMs } = this.#sql.exec<{ atMs: number | null }>("SELECT MIN(at_ms) AS atMs FROM delivery").one();
    return atMs === null ? null : epochMs(atMs);
  }

  /** Tells every account what is pending. What an account has not taken after some attempts stays pending, and this throws. */
  async send(recipientOf: (accountId: string) => Recipient): Promise<void> {
    const lanes = [...Map.groupBy(this.#pending(), (delivery) => delivery.accountId).values()];
    if (lanes.length === 0) return;
    const done: number[] = [];
    const failures: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
        try {
          for (const { delivery, parts } of bundled(lane)) {
            await sendWithRetry(delivery, recipientOf);
            done.push(...parts.map(({ id }) => id));
          }
        } catch (failure) {
          failures.push(failure);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(LANES_MAX, lanes.length) }, worker));
    this.#sql.exec("DELETE FROM delivery WHERE id IN (SELECT value FROM json_each(?))", JSON.stringify(done));
    if (failures.length > 0) throw failures[0];
  }

  #pending(): PendingDelivery[] {
    return this.#sql
      .exec<{ id: number; at_ms: number; account_id: string; body: string }>(
        "SELECT id, at_ms, account_id, body FROM delivery ORDER BY id",
      )
      .toArray()
      .map((row) => ({
        id: row.id,
        atMs: epochMs(row.at_ms),
        accountId: row.account_id,
        ...(JSON.parse(row.body) as Pick<Delivery, "reports" | "fired">),
      }));
  }
}

async function sendWithRetry(
  { accountId, reports, fired, atMs }: TimedDelivery,
  recipientOf: (accountId: string) => Recipient,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    // A stub that has failed stays broken, so each attempt takes a new one.
    const recipient = recipientOf(accountId);
    try {
      if (reports.length > 0) await recipient.applyReports(reports, atMs);
      if (fired.length > 0) await recipient.fireTriggers(fired, atMs);
      return;
    } catch (failure) {
      if (attempt === ATTEMPTS_MAX) throw failure;
      await scheduler.wait(RETRY_AFTER_MS * attempt);
    }
  }
}
