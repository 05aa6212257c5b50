// What `npm run give-history` sends to the API, and what it says where it cannot go on.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { istInstant, MS_PER_MINUTE, marketDate } from "../../../src/core/kernel/time.ts";
import type { PackedDay } from "../../../src/core/market/packed-bars.ts";
import { giveHistory, HistoryCutShort } from "../../../tools/give-history.ts";
import { HEADER, ist } from "./history-files.ts";

type Sent = { readonly index: string; readonly intervalMs: number; readonly days: readonly PackedDay[] };
const DAYS = [marketDate("2019-12-30"), marketDate("2019-12-31")] as const;

describe("a folder of 1-minute bars alone", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "history-"));
    mkdirSync(path.join(folder, "index/1m"), { recursive: true });
    const rows = DAYS.flatMap((date) =>
      Array.from({ length: 375 }, (_, minute) => {
        const at = ist(istInstant(date, "09:15") + minute * MS_PER_MINUTE);
        return `${at},${12_000 + minute},${12_002 + minute},${11_999 + minute},${12_001 + minute},,`;
      }),
    );
    writeFileSync(path.join(folder, "index/1m/NIFTY50-1m-2019.csv"), `${[HEADER, ...rows].join("\n")}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test("is given as the 3-minute bars that it makes, with word of how far it is", async () => {
    const sent: Sent[] = [];
    const said: unknown[] = [];
    const request = async <T>(_method: string, _path: string, body: unknown): Promise<T> => {
      sent.push(body as Sent);
      return {} as T;
    };
    const given = await giveHistory({ request }, folder, {
      source: "test",
      onProgress: (progress) => said.push(progress),
    });
    expect(given).toEqual([{ index: "NIFTY50", intervalMs: 180_000, days: 2, from: DAYS[0], to: DAYS[1] }]);
    expect(said).toEqual([{ index: "NIFTY50", intervalMs: 180_000, given: 2, days: 2, to: DAYS[1] }]);
    const bars = sent[0]?.days[0]?.bars;
    expect(bars?.minute.length).toBe(125);
    expect([bars?.open[1], bars?.high[1], bars?.low[1], bars?.close[1]]).toEqual([
      1_200_300, 1_200_700, 1_200_200, 1_200_600,
    ]);
  });

  test("says what is there already where the API breaks off, and that the same command goes on", async () => {
    const request = () => Promise.reject(new Error("fetch failed"));
    const cut = giveHistory({ request }, folder, { source: "test" });
    await expect(cut).rejects.toThrow(HistoryCutShort);
    await expect(cut).rejects.toThrow(/NIFTY50, 3-minute bars: 0 of 2 days are given, then: fetch failed\. The same/);
  });
});
