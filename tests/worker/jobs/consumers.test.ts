// The consumers on a real database: messages may come twice, out of order, or broken.
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { findOrder } from "../../../src/adapters/read-models/orders.ts";
import { storedRows } from "../../../src/adapters/storage/stored-rows.ts";
import { marketDate } from "../../../src/core/kernel/time.ts";
import { projectionHash } from "../../../src/core/reporting/project.ts";
import { replayDeadLetter } from "../../../src/jobs/dead-letters.ts";
import {
  deliver,
  entry,
  eventually,
  ledgerMessage,
  notificationMessage,
  orderRow,
  rowsOf,
  tradeRow,
} from "./message-fixtures.ts";

const poison = ledgerMessage({ rows: [{ table: "nonsense" } as never] });

describe("ledger consumer", () => {
  it("stores rows exactly as the journal makes them", async () => {
    const rows = [orderRow(4, { venueOrderId: "V1" }), tradeRow("X1", 5)];
    expect(await deliver("ledger", ledgerMessage({ rows }))).toEqual({ confirmed: ["m0"], givenBack: [] });
    expect(await storedRows(env.DB, "U001")).toEqual(rows);
  });

  it("stores a message that comes twice once", async () => {
    const message = ledgerMessage({ rows: [orderRow(4), tradeRow("X1", 5)], entries: [entry(5), entry(5, 1)] });
    await deliver("ledger", message, message);
    await deliver("ledger", message);
    expect(await storedRows(env.DB, "U001")).toHaveLength(2);
    expect(await rowsOf("SELECT * FROM ledger_entries")).toHaveLength(2);
    expect(await rowsOf("SELECT * FROM ledger_lines")).toHaveLength(4);
  });

  it("never lets an older row overwrite a newer one, within a batch or across batches", async () => {
    const newer = orderRow(9, { status: "FILLED" });
    await deliver("ledger", ledgerMessage({ rows: [newer] }), ledgerMessage({ rows: [orderRow(4)] }));
    await deliver("ledger", ledgerMessage({ rows: [orderRow(5, { status: "ACCEPTED" })] }));
    expect(await storedRows(env.DB, "U001")).toEqual([newer]);
  });

  it("keeps what an id named on one day when the same id names something else on the next", async () => {
    const nextDay = { date: marketDate("2025-09-01"), sequence: 40 };
    const rows = [orderRow(4), orderRow(40, nextDay), tradeRow("X1", 5), { ...tradeRow("X1", 41), ...nextDay }];
    await deliver("ledger", ledgerMessage({ rows }));
    const stored = await storedRows(env.DB, "U001");
    expect(stored.map(({ table, date }) => [table, date])).toEqual(rows.map(({ table, date }) => [table, date]));
    expect(projectionHash(stored)).toBe(projectionHash(rows));
    expect(await findOrder(env.DB, "U001", "U001-1")).toMatchObject({ date: "2025-09-01" });
  });

  it("never changes an entry that is written", async () => {
    await deliver("ledger", ledgerMessage({ entries: [entry(5)] }));
    await deliver("ledger", ledgerMessage({ entries: [{ ...entry(5), reference: "forged" }] }));
    expect(await rowsOf("SELECT reference FROM ledger_entries")).toEqual([{ reference: "X-5" }]);
  });

  it("gives back only the broken message of a batch and stores the others", async () => {
    const outcome = await deliver(
      "ledger",
      ledgerMessage({ rows: [tradeRow("X1", 5)] }),
      poison,
      ledgerMessage({ rows: [tradeRow("X2", 6)] }),
    );
    expect(outcome).toEqual({ confirmed: ["m0", "m2"], givenBack: ["m1"] });
    expect(await storedRows(env.DB, "U001")).toHaveLength(2);
  });

  it("stores nothing of a message of which one part cannot be stored", async () => {
    await deliver(
      "ledger",
      ledgerMessage({ rows: [tradeRow("X1", 5), { ...tradeRow("X2", 6), date: null } as never] }),
    );
    expect(await storedRows(env.DB, "U001")).toEqual([]);
  });

  it("takes thousands of rows in one batch", async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) => tradeRow(`X${index}`, index + 1));
    const messages = Array.from({ length: 30 }, (_, index) =>
      ledgerMessage({ rows: rows.slice(index * 100, (index + 1) * 100) }),
    );
    await deliver("ledger", ...messages);
    expect(await rowsOf("SELECT COUNT(*) AS n FROM trades")).toEqual([{ n: 3_000 }]);
  });
});

describe("notifications consumer", () => {
  it("tells each notification once, however often it comes", async () => {
    await deliver("notifications", notificationMessage(7), notificationMessage(8), notificationMessage(7));
    await deliver("notifications", notificationMessage(8));
    expect(await rowsOf("SELECT sequence, read_at_ms AS readAtMs FROM notifications ORDER BY sequence")).toEqual([
      { sequence: 7, readAtMs: null },
      { sequence: 8, readAtMs: null },
    ]);
  });

  it("leaves a notification read that comes again", async () => {
    await deliver("notifications", notificationMessage(7));
    await env.DB.exec("UPDATE notifications SET read_at_ms = 5");
    await deliver("notifications", notificationMessage(7));
    expect(await rowsOf("SELECT read_at_ms AS readAtMs FROM notifications")).toEqual([{ readAtMs: 5 }]);
  });
});

describe("dead letters", () => {
  it("keeps what no consumer took, once, and stores it after a replay through the real queue", async () => {
    const message = ledgerMessage({ rows: [tradeRow("X1", 5)] });
    await deliver("ledger-dlq", message);
    await deliver("ledger-dlq", message);
    expect(await rowsOf("SELECT id, queue, state FROM dead_letters")).toEqual([
      { id: "m0", queue: "ledger", state: "PENDING" },
    ]);
    expect(await replayDeadLetter(env, "m0")).toBe(true);
    await eventually(
      () => storedRows(env.DB, "U001"),
      (rows) => rows.length === 1,
    );
    expect(await rowsOf("SELECT state FROM dead_letters")).toEqual([{ state: "REPLAYED" }]);
  });

  it("refuses to replay what is not waiting", async () => {
    await deliver("notifications-dlq", notificationMessage(7));
    expect(await replayDeadLetter(env, "m0")).toBe(true);
    expect(await replayDeadLetter(env, "m0")).toBe(false);
    expect(await replayDeadLetter(env, "unknown")).toBe(false);
  });

  it("come from a message that fails at every attempt, while its neighbours pass", { timeout: 60_000 }, async () => {
    await env.LEDGER.sendBatch([{ body: poison }, { body: ledgerMessage({ rows: [tradeRow("X1", 5)] }) }]);
    // Queues outlive a test's reset: what another test has poisoned may arrive here too.
    const letters = await eventually(
      () =>
        rowsOf<{ queue: string; body: string }>("SELECT queue, body FROM dead_letters WHERE body LIKE '%nonsense%'"),
      (rows) => rows.length > 0,
    );
    expect(letters).toMatchObject([{ queue: "ledger" }]);
    expect(await storedRows(env.DB, "U001")).toHaveLength(1);
  });
});
