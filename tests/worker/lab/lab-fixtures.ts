// A history of made-up days in D1, and runs of the lab until they are over.
import { expect } from "vitest";
import { tradingSessionOf } from "../../../src/core/instrument/trading-calendar.ts";
import { SeededRandom } from "../../../src/core/kernel/seeded-random.ts";
import { addDays, type MarketDate } from "../../../src/core/kernel/time.ts";
import { eventually } from "../jobs/message-fixtures.ts";
import { call } from "../routes/api-fixtures.ts";

export function tradingDays(count: number, from: MarketDate): MarketDate[] {
  const days: MarketDate[] = [];
  for (let date = from; days.length < count; date = addDays(date, 1)) if (tradingSessionOf(date).ok) days.push(date);
  return days;
}

/** A walk of 125 bars a day. */
export function walk(days: readonly MarketDate[], seed: number, start: number, step: number) {
  const random = new SeededRandom(seed);
  let price = start;
  return days.map((date) => {
    const bars = { minute: [], open: [], high: [], low: [], close: [] } as Record<string, number[]>;
    for (let bar = 0; bar < 125; bar += 1) {
      const open = price;
      price = Math.max(100, Math.round(price + (random.next() - 0.5) * step));
      bars["minute"]?.push(555 + 3 * bar);
      bars["open"]?.push(open);
      bars["high"]?.push(Math.max(open, price) + Math.round(step / 10));
      bars["low"]?.push(Math.min(open, price) - Math.round(step / 10));
      bars["close"]?.push(price);
    }
    return { date, bars };
  });
}

/** NIFTY50 and India VIX. */
export async function giveHistory(days: readonly MarketDate[], nextStep = 20_00): Promise<void> {
  for (const [index, start, step] of [
    ["NIFTY50", 25_000_00, nextStep],
    ["INDIAVIX", 12_50, 10],
  ] as const) {
    const body = { index, intervalMs: 180_000, source: "test", days: walk(days, start, start, step) };
    const given = await call("POST", "/v1/operations/history", { body });
    expect(given).toMatchObject({ status: 200, body: { days: days.length } });
  }
}

/** The run, once it is over. */
export const finished = (runId: string) =>
  eventually(
    async () => (await call("GET", `/v1/lab/runs/${runId}`)).body,
    ({ state }) => state !== "QUEUED" && state !== "RUNNING",
  );
