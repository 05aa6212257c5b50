// What accounts are to be told, written down before it is sent and kept until they have answered: a crash between the two
// makes it arrive twice, never not at all. One account is told in order; different accounts at the same time. Who cannot be told
// falls behind by itself (decision 0161): nobody else waits for it.
import { type EpochMs, epochMs } from "../../src/core/kernel/time.ts";
import { bundled, type Delivery, type TimedDelivery } from "../../src/core/market-feed/price-view.ts";
import type { AccountRpc, UntoldAccount } from "../../src/ports/objects.ts";
import { type DeliveryRow, LateLanes } from "./late-lanes.ts";
import { logFailure } from "./log-failure.ts";

interface PendingDelivery extends TimedDelivery {
  readonly id: number;
}

type Recipient = Pick<AccountRpc, "applyReports" | "fireTriggers">;

type RecipientOf = (accountId: string) => Recipient;

/** A lane that was told: which of its rows were taken, and why no more of them. */
interface Told {
  readonly accountId: string;
  readonly taken: readonly number[];
  readonly failure: { readonly error: unknown } | null;
}

const LANES_MAX = 64;
/**
 * Before each further attempt; after the last an account has fallen behind. In a replay the clock stands still meanwhile; a live
 * market does not wait.
 */
const REPLAY_PAUSES_MS = [100, 200, 400, 800, 1_600];
const LIVE_PAUSES_MS = [100];

export class Deliveries {
  readonly #sql: SqlStorage;
  readonly #late: LateLanes;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#late = new LateLanes(sql);
  }

  /** What is in memory is read again. */
  forget(): void {
    this.#late.forget();
  }

  add({ accountId, reports, fired }: Delivery, atMs: EpochMs): void {
    const body = JSON.stringify({ reports, fired });
    if (this.#late.has(accountId)) this.#late.add(accountId, atMs, body);
    else this.#sql.exec("INSERT INTO delivery (at_ms, account_id, body) VALUES (?, ?, ?)", atMs, accountId, body);
  }

  /** The first instant of which somebody can be told now; an account that is behind can when its time has come. */
  firstAtMs(nowWallMs: number): EpochMs | null {
    const { atMs } = this.#sql.exec<{ atMs: number | null }>("SELECT MIN(at_ms) AS atMs FROM delivery").one();
    const lateMs = this.#late.isEmpty ? null : this.#late.firstAtMs(nowWallMs);
    if (atMs === null || lateMs === null) return atMs === null ? lateMs : epochMs(atMs);
    return epochMs(Math.min(atMs, lateMs));
  }

  /** When an account that is behind is tried again, by the wall's clock. */
  retryWallMs(): number | null {
    return this.#late.retryMs();
  }

  untold(): readonly UntoldAccount[] {
    return this.#late.list();
  }

  /** Everybody who is behind may be tried now. */
  hasten(nowWallMs: number): void {
    this.#late.hasten(nowWallMs);
  }

  /** Tells every account what is pending. An account that fails to take it falls behind; it fails nobody else. */
  async send(recipientOf: RecipientOf, isLive: boolean): Promise<void> {
    const rows = this.#sql.exec<DeliveryRow>("SELECT id, at_ms, account_id, body FROM delivery ORDER BY id").toArray();
    const late = this.#late.pending(Date.now());
    const [told, toldLate] = await Promise.all([
      tellAll(rows, recipientOf, isLive ? LIVE_PAUSES_MS : REPLAY_PAUSES_MS),
      tellAll(late, recipientOf, []),
    ]);
    const taken = told.flatMap((lane) => lane.taken);
    this.#sql.exec("DELETE FROM delivery WHERE id IN (SELECT value FROM json_each(?))", JSON.stringify(taken));
    for (const { accountId, taken: ids } of toldLate) this.#late.took(accountId, ids);
    for (const { accountId, taken: ids, failure } of [...told, ...toldLate]) {
      if (failure === null) continue;
      const failures = this.#late.failed(accountId, failure.error, Date.now(), ids.length > 0);
      // The first, the second, the fourth and so on: it may go on for hours.
      if (Math.log2(failures) % 1 === 0) logFailure("delivery", failure.error, { accountId, failures });
    }
  }
}

async function tellAll(
  rows: readonly DeliveryRow[],
  recipientOf: RecipientOf,
  pausesMs: readonly number[],
): Promise<readonly Told[]> {
  const lanes = [...Map.groupBy(rows.map(deliveryOf), ({ accountId }) => accountId)];
  const told: Told[] = [];
  const worker = async (): Promise<void> => {
    for (let lane = lanes.shift(); lane !== undefined; lane = lanes.shift()) {
      told.push(await tellOne(lane, recipientOf, pausesMs));
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES_MAX, lanes.length) }, worker));
  return told;
}

async function tellOne(
  [accountId, lane]: readonly [string, readonly PendingDelivery[]],
  recipientOf: RecipientOf,
  pausesMs: readonly number[],
): Promise<Told> {
  const taken: number[] = [];
  try {
    for (const { delivery, parts } of bundled(lane)) {
      await sendWithRetry(delivery, recipientOf, pausesMs);
      taken.push(...parts.map(({ id }) => id));
    }
    return { accountId, taken, failure: null };
  } catch (error) {
    return { accountId, taken, failure: { error } };
  }
}

const deliveryOf = ({ id, at_ms, account_id, body }: DeliveryRow): PendingDelivery => ({
  id,
  atMs: epochMs(at_ms),
  accountId: account_id,
  ...(JSON.parse(body) as Pick<Delivery, "reports" | "fired">),
});

async function sendWithRetry(
  { accountId, reports, fired, atMs }: TimedDelivery,
  recipientOf: RecipientOf,
  pausesMs: readonly number[],
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      // A stub that has failed stays broken, so each attempt takes a new one.
      const recipient = recipientOf(accountId);
      if (reports.length > 0) await recipient.applyReports(reports, atMs);
      if (fired.length > 0) await recipient.fireTriggers(fired, atMs);
      return;
    } catch (failure) {
      const pauseMs = pausesMs[attempt];
      if (pauseMs === undefined) throw failure;
      await scheduler.wait(pauseMs);
    }
  }
}
