import { env } from "cloudflare:workers";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { merkleRoot, verifyInclusion } from "../../../src/core/ledger/merkle.ts";
import { call, enlist, expectProblem, keyFor, raw } from "./api-fixtures.ts";

async function insert(table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  await env.DB.batch(
    rows.map((row) => {
      const names = Object.keys(row);
      return env.DB.prepare(
        `INSERT INTO ${table} (${names.join(", ")}) VALUES (${names.map((_, at) => `?${at + 1}`).join(", ")})`,
      ).bind(...Object.values(row));
    }),
  );
}

const trade = (n: number, change: Record<string, unknown> = {}): Record<string, unknown> => ({
  account_id: "U001",
  execution_id: `x${n}`,
  sequence: n,
  date: "2025-08-29",
  client_order_id: `o${n}`,
  instrument_id: "NIFTY2590224500CE.NFO",
  underlying: "NIFTY50",
  side: "BUY",
  purpose: "ENTRY",
  units: 75,
  price_paise: 10_005,
  realised_paise: -12_345,
  accrued_charges_paise: 2_512,
  modelled: 0,
  strategy: "STRATEGY",
  signal_id: null,
  exit_reason: null,
  at_ms: 1_756_439_100_000 + n,
  ...change,
});

async function reader(accountId = "U001"): Promise<string> {
  await enlist(accountId);
  return keyFor(accountId);
}

describe("GET /v1/trades", () => {
  it("filters by date, underlying, side, strategy and signal", async () => {
    const key = await reader();
    await insert("trades", [
      trade(1, { date: "2025-08-28" }),
      trade(2, { underlying: "SENSEX" }),
      trade(3, { side: "SELL" }),
      trade(4, { strategy: "API", signal_id: "s-4" }),
      trade(5, { account_id: "U002" }),
    ]);
    const ids = async (query: string) =>
      (await call("GET", `/v1/trades${query}`, { key })).body.data.map(
        (row: { executionId: string }) => row.executionId,
      );
    expect(await ids("")).toEqual(["x4", "x3", "x2", "x1"]);
    expect(await ids("?from=2025-08-29")).toEqual(["x4", "x3", "x2"]);
    expect(await ids("?to=2025-08-28")).toEqual(["x1"]);
    expect(await ids("?underlying=SENSEX")).toEqual(["x2"]);
    expect(await ids("?side=SELL")).toEqual(["x3"]);
    expect(await ids("?strategy=API")).toEqual(["x4"]);
    expect(await ids("?signal=s-4")).toEqual(["x4"]);
    const { body } = await call("GET", "/v1/trades/history?limit=1", { key });
    expect(body.data).toMatchObject([
      { price: "100.05", value: "7503.75", realised: "-123.45", charges: "25.12", modelled: false },
    ]);
    expectProblem(await call("GET", "/v1/trades?side=HOLD", { key }), "REQUEST_INVALID");
    expectProblem(await call("GET", "/v1/trades?cursor=%00", { key }), "CURSOR_INVALID");
  });

  it("pages so that every trade comes exactly once", async () => {
    const key = await reader();
    await insert(
      "trades",
      Array.from({ length: 23 }, (_, n) => trade(n, { date: n < 9 ? "2025-08-28" : "2025-08-29" })),
    );
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await call("GET", `/v1/trades?limit=5${cursor}`, { key });
      seen.push(...body.data.map((row: { executionId: string }) => row.executionId));
      cursor = body.next === null ? "" : `&cursor=${body.next}`;
    } while (cursor !== "");
    expect(seen).toEqual(Array.from({ length: 23 }, (_, n) => `x${22 - n}`));
  });
});

describe("GET /v1/trades/export", () => {
  it("gives everything as CSV that a reader reads back, and no formula to a spreadsheet", async () => {
    const key = await reader();
    await insert("trades", [
      trade(1),
      trade(2, { strategy: '=HYPERLINK("x"),"y"\n2', signal_id: "@sum", exit_reason: "-cmd" }),
      ...Array.from({ length: 2_500 }, (_, n) => trade(n + 3)),
    ]);
    const response = await raw("GET", "/v1/trades/export?format=csv", { key });
    expect(response.headers.get("content-type")).toContain("text/csv");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="trades-U001.csv"');
    const text = await response.text();
    expect(text.endsWith("\r\n")).toBe(true);
    const rows = parse(text, { columns: true, record_delimiter: "\r\n" }) as Record<string, string>[];
    expect(rows).toHaveLength(2_502);
    expect(rows[0]).toMatchObject({ executionId: "x1", price: "100.05", realised: "-123.45", signalId: "" });
    expect(rows[1]).toMatchObject({ strategy: '\'=HYPERLINK("x"),"y"\n2', signalId: "'@sum", exitReason: "'-cmd" });
  });

  it("gives the same as JSON, and an empty list as such", async () => {
    const key = await reader();
    expect((await call("GET", "/v1/trades/export?format=json", { key })).body).toEqual([]);
    await insert("trades", [trade(1), trade(2, { date: "2025-08-28" })]);
    const { body } = await call("GET", "/v1/trades/export?format=json&from=2025-08-29", { key });
    expect(body).toMatchObject([{ executionId: "x1" }]);
    expectProblem(await call("GET", "/v1/trades/export?format=xlsx", { key }), "REQUEST_INVALID");
  });
});

const worksheet = {
  date: "2025-08-29",
  stage: "FINAL",
  realisedPaise: 600_000,
  charges: {
    brokeragePaise: 40_00,
    sttPaise: 10_00,
    exchangePaise: 5_00,
    ipftPaise: 1,
    sebiPaise: 2,
    stampPaise: 3,
    gstPaise: 9_00,
    totalPaise: 64_06,
  },
  grossProfitPaise: 593_594,
  lossBufferPaise: 0,
  feeSchedule: "v9",
  feeRateBps: 3_000,
  feePaise: 178_078,
  feeShares: [{ party: "aurumharmony", amountPaise: 178_078 }],
  gstOnFeePaise: 32_054,
  taxLockPaise: 231_502,
  netPaise: 151_960,
  netToSavingsPaise: 100_000,
  roundingBufferPaise: 51_960,
  payoutPaise: 331_502,
};

const settlement = (stage: string, sequence: number, accountId = "U001"): Record<string, unknown> => ({
  account_id: accountId,
  date: "2025-08-29",
  stage,
  sequence,
  realised_paise: 600_000,
  charges_paise: 64_06,
  gross_profit_paise: 593_594,
  fee_paise: 178_078,
  gst_on_fee_paise: 32_054,
  tax_lock_paise: 231_502,
  net_to_savings_paise: 100_000,
  rounding_buffer_paise: 51_960,
  payout_paise: 331_502,
  worksheet: JSON.stringify({ ...worksheet, stage }),
  at_ms: 1_756_461_000_000,
});

describe("settlements and transfers", () => {
  it("are shown line by line, newest first, to their own account only", async () => {
    const key = await reader();
    await insert("settlements", [
      settlement("PROVISIONAL", 90),
      settlement("FINAL", 95),
      settlement("FINAL", 99, "U002"),
    ]);
    const { body } = await call("GET", "/v1/settlements?date=2025-08-29", { key });
    expect(body.data.map((row: { stage: string }) => row.stage)).toEqual(["FINAL", "PROVISIONAL"]);
    expect(body.data[0]).toMatchObject({
      realised: "6000.00",
      charges: "64.06",
      grossProfit: "5935.94",
      fee: "1780.78",
      gstOnFee: "320.54",
      taxLock: "2315.02",
      netToSavings: "1000.00",
      roundingBuffer: "519.60",
      payout: "3315.02",
      chargeHeads: { brokerage: "40.00", stt: "10.00", ipft: "0.01", total: "64.06" },
      feeShares: [{ party: "aurumharmony", amount: "1780.78" }],
    });
    expectProblem(await call("GET", "/v1/settlements?date=yesterday", { key }), "REQUEST_INVALID");
    expectProblem(await call("GET", "/v1/accounts/U002/settlements", { key }), "ACCOUNT_NOT_FOUND");
    expect((await call("GET", "/v1/accounts/U001/settlements")).body.data).toHaveLength(2);
  });

  it("include the transfers that carried the money", async () => {
    const key = await reader();
    await insert("transfers", [
      {
        account_id: "U001",
        transfer_id: "U001/2025-08-29/PUSH/1",
        sequence: 91,
        date: "2025-08-29",
        kind: "PUSH",
        amount_paise: 331_502,
        tax_lock_paise: 231_502,
        status: "COMPLETED",
        rail: "simulated",
        rail_reference: "SIM-1",
        failure: null,
        requested_at_ms: 1_756_461_300_000,
        completed_at_ms: null,
      },
    ]);
    expect((await call("GET", "/v1/transfers", { key })).body.data).toMatchObject([
      { transferId: "U001/2025-08-29/PUSH/1", amount: "3315.02", taxLock: "2315.02", completedAt: null },
    ]);
    expectProblem(await call("GET", "/v1/transfers?limit=0", { key }), "REQUEST_INVALID");
  });
});

describe("the ledger", () => {
  const entry = (accountId: string, sequence: number, kind = "FILL"): Record<string, unknown> => ({
    account_id: accountId,
    sequence,
    part: 0,
    kind,
    date: "2025-08-29",
    at_ms: 1_756_461_000_000,
    reference: `r-${sequence}`,
    lines: JSON.stringify([
      { account: "trading-cash", amountPaise: -750_375 },
      { account: "positions", amountPaise: 750_375 },
    ]),
    leaf: `leaf ${accountId} ${sequence}`,
  });

  it("shows entries whose lines sum to zero, filtered by date and kind", async () => {
    const key = await reader();
    await insert("ledger_entries", [entry("U001", 3), entry("U001", 4, "CHARGES"), entry("U002", 5)]);
    const { body } = await call("GET", "/v1/ledger/entries", { key });
    expect(body.data.map((row: { sequence: number }) => row.sequence)).toEqual([4, 3]);
    expect(body.data[0].lines).toEqual([
      { account: "trading-cash", amount: "-7503.75" },
      { account: "positions", amount: "7503.75" },
    ]);
    expect((await call("GET", "/v1/ledger/entries?kind=FILL", { key })).body.data).toHaveLength(1);
    expect((await call("GET", "/v1/ledger/entries?date=2025-08-28", { key })).body.data).toEqual([]);
    expectProblem(await call("GET", "/v1/ledger/entries?kind=x", { key }), "REQUEST_INVALID");
  });

  it("proves that an entry is under its checkpoint, once there is one", async () => {
    const key = await reader();
    const rows = [entry("U001", 3), entry("U001", 4), entry("U002", 1), entry("U003", 9), entry("U003", 10)];
    await insert("ledger_entries", rows);
    const root = merkleRoot(rows.map((row) => String(row["leaf"])));
    expectProblem(await call("GET", "/v1/ledger/checkpoint/2025-08-29", { key }), "CHECKPOINT_NOT_FOUND");
    expectProblem(await call("GET", "/v1/ledger/proof/U001/4/0", { key }), "CHECKPOINT_NOT_FOUND");
    await env.DB.prepare("UPDATE ledger_entries SET sealed_on = date").run();
    expectProblem(await call("GET", "/v1/ledger/proof/U001/4/0", { key }), "CHECKPOINT_NOT_FOUND");
    await insert("checkpoints", [{ date: "2025-08-29", size: 5, root, at_ms: 1_756_463_000_000 }]);
    expect((await call("GET", "/v1/ledger/checkpoint/2025-08-29", { key })).body).toMatchObject({ size: 5, root });
    const { body } = await call("GET", "/v1/ledger/proof/U001/4/0", { key });
    expect(body).toMatchObject({ root, index: 1, size: 5, leaf: "leaf U001 4" });
    expect(verifyInclusion(body.leaf, body, root)).toBe(true);
    expect(verifyInclusion("another leaf", body, root)).toBe(false);
    expectProblem(await call("GET", "/v1/ledger/proof/U002/1/0", { key }), "LEDGER_ENTRY_NOT_FOUND");
    expectProblem(await call("GET", "/v1/ledger/proof/U001/99/0", { key }), "LEDGER_ENTRY_NOT_FOUND");
    expect((await call("GET", "/v1/ledger/proof/U002/1/0")).status).toBe(200);
  });
});

describe("reports and notifications", () => {
  it("shows the daily report, also under its old path", async () => {
    const key = await reader();
    const report = { accountId: "U001", trades: { total: 3 } };
    expectProblem(await call("GET", "/v1/reports/2025-08-29", { key }), "REPORT_NOT_FOUND");
    expectProblem(await call("GET", "/report/user/U001", { key }), "REPORT_NOT_FOUND");
    await insert("reports", [
      { account_id: "U001", date: "2025-08-29", sequence: 9, report: JSON.stringify(report), at_ms: 1 },
      { account_id: "U002", date: "2025-08-30", sequence: 9, report: "{}", at_ms: 1 },
    ]);
    expect((await call("GET", "/v1/reports/2025-08-29", { key })).body).toMatchObject({ date: "2025-08-29", report });
    expect((await call("GET", "/v1/reports", { key })).body.data).toHaveLength(1);
    expect((await call("GET", "/report/user/U001", { key })).body).toEqual(report);
    expectProblem(await call("GET", "/report/user/U002", { key }), "ACCOUNT_NOT_FOUND");
    expectProblem(await call("GET", "/v1/reports/2025-08-30", { key }), "REPORT_NOT_FOUND");
    expectProblem(await call("GET", "/v1/reports/today", { key }), "REQUEST_INVALID");
  });

  it("lists what the user was told and takes note once that it was read", async () => {
    const key = await reader();
    const told = (account: string, sequence: number) => ({
      account_id: account,
      sequence,
      kind: "TRADE",
      title: "Bought",
      priority: "NORMAL",
      body: "75 units",
      date: "2025-08-29",
      at_ms: 1_756_461_000_000,
    });
    await insert("notifications", [told("U001", 5), told("U001", 7), told("U002", 8)]);
    const { body } = await call("GET", "/v1/notifications", { key });
    expect(body.data).toMatchObject([{ id: "7", kind: "TRADE", title: "Bought", readAt: null }, { id: "5" }]);
    const read = await call("POST", "/v1/notifications/7/read", { key });
    expect(read.status).toBe(200);
    expect((await call("POST", "/v1/notifications/7/read", { key })).body.readAt).toBe(read.body.readAt);
    const unread = await call("GET", "/v1/notifications?unread=true", { key });
    expect(unread.body.data).toMatchObject([{ id: "5" }]);
    expectProblem(await call("POST", "/v1/notifications/8/read", { key }), "NOTIFICATION_NOT_FOUND");
    expectProblem(await call("POST", "/v1/notifications/x/read", { key }), "REQUEST_INVALID");
  });
});
