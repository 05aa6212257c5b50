// The main job on the whole stack: built bundle, real workerd, real D1, queues and objects.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import { type Paise, parseRupees } from "../../src/core/kernel/money.ts";
import { merkleRoot } from "../../src/core/ledger/merkle.ts";
import { ledgerLeaf } from "../../src/core/ledger/posting-rules.ts";
import { buildWorker, projectRoot } from "../../tools/build.ts";
import { runChaos } from "../../tools/chaos.ts";
import { runDay } from "../../tools/day.ts";
import { demoAccounts } from "../../tools/demo-accounts.ts";
import { openRecordedSession } from "../../tools/session-folder.ts";
import { playRecorded, replayProfile } from "../support/backtest-run.ts";
import { guidedOn } from "../support/guided-day.ts";

interface Report {
  readonly ok: boolean;
  readonly cycles: number;
  readonly signals: number;
  readonly trades: number;
  readonly openPositions: number;
  readonly orders: { readonly submitted: number; readonly filled: number };
  readonly ledger: {
    readonly entries: number;
    readonly sumPaise: number;
    readonly checkpoint: { readonly root: string };
  };
  readonly invariants: readonly { readonly name: string; readonly ok: boolean }[];
}

let bundle = "";
beforeAll(() => {
  bundle = buildWorker();
});

function rupees(text: string): Paise {
  const amount = parseRupees(text);
  if (!amount.ok) throw new Error(`not an amount: ${text}`);
  return amount.value;
}

const day = async (session: string, users: number): Promise<Report> =>
  (await runDay({ session, users, category: "RESTRICTED", seed: 7, bundle })) as unknown as Report;

describe("a whole recorded day", () => {
  test("ends flat with every invariant true, and the same session, users and seed give the same ledger root", async () => {
    const first = await day("2025-08-29", 3);
    expect(first.invariants.filter((invariant) => !invariant.ok)).toEqual([]);
    expect(first.ok).toBe(true);
    expect(first.openPositions).toBe(0);
    expect(first.ledger.sumPaise).toBe(0);
    // A day on which nothing was traded would prove little.
    expect(first.trades).toBeGreaterThan(0);
    expect(first.orders.filled).toBeGreaterThan(0);
    expect(first.signals).toBeGreaterThan(0);
    const second = await day("2025-08-29", 3);
    expect(second.ledger.checkpoint.root).toBe(first.ledger.checkpoint.root);
    // The engine of backtests decides with the same code, by the views of the same model: it comes to the same books, entry by entry.
    const recorded = await openRecordedSession("2025-08-29");
    const guided = guidedOn(recorded.session.date);
    const leaves = demoAccounts(3, "RESTRICTED", 7).flatMap(({ accountId, displayName, capital, savings }) => {
      const profile = replayProfile(accountId, displayName, "RESTRICTED", rupees(capital), rupees(savings));
      return (
        playRecorded(recorded, profile, guided)
          // The first checkpoint seals what was booked before the day as well: the opening.
          .entries.filter(({ date }) => date <= recorded.session.date)
          .map(ledgerLeaf)
      );
    });
    expect(merkleRoot(leaves)).toBe(first.ledger.checkpoint.root);
  });

  test("survives kills of the whole runtime with the books of an undisturbed run", async () => {
    const report = await runChaos({ session: "2025-08-29", users: 1, points: 4, seed: 11 });
    expect(report.failures).toEqual([]);
  });
});

describe("a session folder that is not what it says", () => {
  const source = path.join(projectRoot, "tools/sessions/2025-08-29");

  /** A copy of the demo session with one file changed. */
  function folderWith(name: string, change: (lines: string[]) => string[]): string {
    const folder = mkdtempSync(path.join(tmpdir(), "aurumharmony-session-"));
    for (const file of readdirSync(source))
      writeFileSync(path.join(folder, file), readFileSync(path.join(source, file)));
    const lines = gunzipSync(readFileSync(path.join(source, name)))
      .toString("utf8")
      .split("\n");
    writeFileSync(path.join(folder, name), gzipSync(change(lines).join("\n")));
    return folder;
  }

  test.each([
    [
      "a price that is no number",
      (lines: string[]) => lines.with(40, (lines[40] ?? "").replace(/,[\d.]+,/, ",abc,")),
      41,
    ],
    ["a hole of an hour", (lines: string[]) => [...lines.slice(0, 40), ...lines.slice(60)], 41],
    ["time that runs backwards", (lines: string[]) => lines.with(50, lines[10] ?? ""), 51],
  ])("%s is refused with the file and the line named", async (_name, change, line) => {
    const folder = folderWith("NIFTY50-3m.csv.gz", change);
    try {
      await expect(runDay({ session: folder, users: 1, category: "RESTRICTED", seed: 1, bundle })).rejects.toThrow(
        new RegExp(`NIFTY50-3m\\.csv.*${line}`),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

const REPLAYS = path.resolve(projectRoot, "../shared/data/replay");
describe.skipIf(!existsSync(REPLAYS))(
  "recorded sessions that lie beside the project (skipped where they do not)",
  () => {
    // The quickest of them; `npm run day` takes them all.
    test.each(["2026-07-15", "2026-08-04"])("%s is traded to settled books", async (session) => {
      const report = await day(session, 1);
      expect(report.invariants.filter((invariant) => !invariant.ok)).toEqual([]);
    });
  },
);
