import { describe, expect, it } from "vitest";
import {
  backoffMs,
  OUTBOX_ATTEMPTS_MAX,
  Outbox,
  type OutboxDeps,
  type OutboxRow,
  outboxDrafts,
} from "../../../durable-objects/account/outbox.ts";
import { paise } from "../../../src/core/kernel/money.ts";
import { epochMs, marketDate } from "../../../src/core/kernel/time.ts";
import type { Notification } from "../../../src/core/reporting/notification.ts";
import type { TransferRow } from "../../../src/core/reporting/projection.ts";
import type { LedgerMessage, NotificationMessage } from "../../../src/ports/messages.ts";

const notification = (sequence: number, body = "Bought 75 units."): Notification => ({
  accountId: "alpha",
  sequence,
  atMs: epochMs(sequence),
  kind: "TRADE",
  priority: "NORMAL",
  title: "Filled",
  body,
});

/** Rows in memory and a queue that only notes what it was given. */
class Table implements OutboxDeps {
  readonly rows = new Map<number, OutboxRow & { parked: boolean }>();
  readonly ledger: LedgerMessage[] = [];
  readonly notifications: NotificationMessage[] = [];
  readonly wakes: number[] = [];
  batches = 0;
  isQueueDown = false;

  constructor(count: number, body = (id: number) => JSON.stringify([notification(id)])) {
    for (let id = 1; id <= count; id += 1) {
      this.rows.set(id, { id, topic: "notifications", body: body(id), attempts: 0, due_at_ms: 0, parked: false });
    }
  }
  accountId = (): string => "alpha";
  pending(dueByMs: number | null, limit: number, afterId: number): OutboxRow[] {
    return [...this.rows.values()]
      .filter((row) => !row.parked && row.id > afterId && row.due_at_ms <= (dueByMs ?? Number.POSITIVE_INFINITY))
      .slice(0, limit);
  }
  nextDueMs(): number | null {
    const due = [...this.rows.values()].filter((row) => !row.parked).map((row) => row.due_at_ms);
    return due.length === 0 ? null : Math.min(...due);
  }
  sent(id: number, attempts: number, dueAtMs: number): void {
    this.#change(id, { attempts, due_at_ms: dueAtMs });
  }
  park(id: number): void {
    this.#change(id, { parked: true });
  }
  wakeAt(dueAtMs: number): void {
    this.wakes.push(dueAtMs);
  }
  async sendLedger(messages: readonly LedgerMessage[]): Promise<void> {
    this.ledger.push(...messages);
  }
  async sendNotifications(messages: readonly NotificationMessage[]): Promise<void> {
    if (this.isQueueDown) throw new Error("the queue is down");
    this.batches += 1;
    this.notifications.push(...messages);
  }
  #change(id: number, change: Partial<OutboxRow & { parked: boolean }>): void {
    const row = this.rows.get(id);
    if (row !== undefined) this.rows.set(id, { ...row, ...change } as OutboxRow & { parked: boolean });
  }
}

const row0 = { attempts: 0, due_at_ms: 0, parked: false } as const;

const transferRow = (transferId: string, sequence: number, amountPaise: number): TransferRow => ({
  table: "transfers",
  accountId: "alpha",
  sequence,
  transferId,
  date: marketDate("2025-08-29"),
  kind: "PULL",
  amountPaise: paise(amountPaise),
  taxLockPaise: paise(0),
  status: "PENDING",
  rail: "SIMULATED",
  railReference: null,
  failure: null,
  requestedAtMs: epochMs(0),
  completedAtMs: null,
});

describe("the outbox", () => {
  it("sends a message again until it is confirmed, and not before its pause is over", async () => {
    const table = new Table(1);
    const outbox = new Outbox(table);
    await outbox.flush("DUE", 1_000);
    const dueAgainMs = table.nextDueMs() ?? 0;
    expect(dueAgainMs).toBeGreaterThan(1_000);
    await outbox.flush("DUE", dueAgainMs - 1);
    expect(table.wakes.at(-1)).toBe(dueAgainMs);
    expect(table.notifications).toHaveLength(1);
    await outbox.flush("DUE", dueAgainMs);
    expect(table.notifications).toHaveLength(2);
    table.rows.delete(1);
    await outbox.flush("DUE", 10 ** 9);
    expect(table.notifications).toHaveLength(2);
  });

  it("parks a message after the last attempt and goes on with the others", async () => {
    const table = new Table(2);
    const outbox = new Outbox(table);
    for (let nowMs = 0; nowMs <= 10 ** 7; nowMs += 10 ** 6) await outbox.flush("DUE", nowMs);
    for (let nowMs = 10 ** 8; nowMs <= 3 * 10 ** 8; nowMs += 10 ** 8) {
      table.rows.set(3, { id: 3, topic: "notifications", body: "[]", attempts: 0, due_at_ms: 0, parked: false });
      await outbox.flush("DUE", nowMs);
    }
    const sentOf = (id: number): number =>
      table.notifications.filter((message) => message.outboxIds.includes(id)).length;
    expect([sentOf(1), sentOf(2)]).toEqual([OUTBOX_ATTEMPTS_MAX, OUTBOX_ATTEMPTS_MAX]);
    expect([...table.rows.values()].map((row) => row.parked)).toEqual([true, true, false]);
    expect(sentOf(3)).toBe(3);
  });

  it("counts a queue that refuses as an attempt, and keeps the message", async () => {
    const table = new Table(1);
    table.isQueueDown = true;
    await expect(new Outbox(table).flush("DUE", 0)).rejects.toThrow("the queue is down");
    expect(table.rows.get(1)).toMatchObject({ attempts: 1, parked: false });
    expect(table.wakes).toHaveLength(1);
  });

  it("on demand sends what an earlier instance had sent, but not what is on its way from this one", async () => {
    const table = new Table(1);
    const first = new Outbox(table);
    await first.flush("DUE", 0);
    await first.flush("EVERYTHING", 1);
    expect(table.notifications).toHaveLength(1);
    await new Outbox(table).flush("EVERYTHING", 2);
    expect(table.notifications).toHaveLength(2);
  });

  it("sends each message once when two flushes are asked for at the same time", async () => {
    const table = new Table(3);
    const outbox = new Outbox(table);
    await Promise.all([outbox.flush("DUE", 0), outbox.flush("DUE", 0)]);
    expect(table.notifications.flatMap((message) => message.outboxIds)).toEqual([1, 2, 3]);
  });

  it("sends soon after a quiet time, and in a busy one lets many messages travel together", async () => {
    const outbox = new Outbox(new Table(0));
    expect(outbox.sendTimeMs(10_000)).toBe(10_250);
    expect(outbox.sendTimeMs(10_200)).toBe(10_250);
    await outbox.flush("DUE", 10_250);
    expect(outbox.sendTimeMs(10_300)).toBe(12_250);
    expect(outbox.sendTimeMs(12_000)).toBe(12_250);
    await outbox.flush("DUE", 12_250);
    expect(outbox.sendTimeMs(20_000)).toBe(20_250);
  });

  it("wakes at its pace while there is work, so that what is written meanwhile moves no alarm", async () => {
    const table = new Table(1);
    const outbox = new Outbox(table);
    await outbox.flush("DUE", 10_250);
    expect(table.wakes).toEqual([12_250]);
    expect(outbox.sendTimeMs(10_300)).toBe(12_250);
    table.rows.clear();
    await outbox.flush("DUE", 12_250);
    expect(table.wakes).toEqual([12_250]);
  });

  it("has set its next alarm before it waits for the queue", async () => {
    const table = new Table(1);
    table.sendNotifications = () => new Promise(() => {});
    void new Outbox(table).flush("DUE", 1_000);
    await Promise.resolve();
    expect([table.rows.get(1)?.attempts, table.wakes]).toEqual([1, [3_000]]);
  });

  it("packs many rows into few messages, none above 100 KB", async () => {
    const table = new Table(400, (id) => JSON.stringify([notification(id, "₹".repeat(1_000))]));
    await new Outbox(table).flush("DUE", 0);
    const sizes = table.notifications.map((message) => new TextEncoder().encode(JSON.stringify(message)).byteLength);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100_000);
    expect(table.notifications.length).toBeLessThan(20);
    expect(table.notifications.flatMap((message) => message.outboxIds)).toHaveLength(400);
  });

  it("sends of a row that has changed several times only the newest image, and confirms all that it stands for", async () => {
    const table = new Table(4);
    const images = [3, 1, 2].map((amountPaise, index) => transferRow("T1", index + 1, amountPaise));
    for (const [index, row] of [...images, transferRow("T2", 4, 9)].entries()) {
      const body = JSON.stringify({ rows: [row], entries: [] });
      table.rows.set(index + 1, { ...row0, id: index + 1, topic: "ledger", body });
    }
    await new Outbox(table).flush("DUE", 1_000);
    expect(table.ledger).toHaveLength(1);
    expect(table.ledger[0]?.outboxIds).toEqual([1, 2, 3, 4]);
    expect(table.ledger[0]?.rows).toEqual([images[2], transferRow("T2", 4, 9)]);
  });

  it("writes a decision of many events in pieces that fit into a message", () => {
    const parts = Array.from({ length: 100 }, (_, index) => ({
      rows: [],
      entries: [],
      notifications: [notification(index, "x".repeat(2_000))],
    }));
    const drafts = outboxDrafts(parts);
    expect(drafts.length).toBeGreaterThan(1);
    expect(Math.max(...drafts.map((draft) => draft.body.length))).toBeLessThan(60_000);
    expect(drafts.flatMap((draft) => JSON.parse(draft.body))).toHaveLength(100);
  });

  it("waits longer after each attempt, within bounds, and the same in every run", () => {
    for (let attempt = 1; attempt <= OUTBOX_ATTEMPTS_MAX; attempt += 1) {
      const pauses = Array.from({ length: 50 }, (_, id) => backoffMs(`alpha/${id}`, attempt));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(2_000);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(2_000 + Math.min(300_000, 4_000 * 2 ** (attempt - 1)));
      expect(new Set(pauses).size).toBeGreaterThan(40);
      expect(pauses).toEqual(Array.from({ length: 50 }, (_, id) => backoffMs(`alpha/${id}`, attempt)));
    }
  });
});
