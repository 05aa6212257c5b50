// Order acceptance over HTTP: authenticate, validate, decide, journal, reply, measured against a bare Worker with one
// object and one row write, in the same run on the same machine and without a dev proxy. Rounds alternate between the two.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { InstrumentId } from "../../src/core/instrument/contract.ts";
import { istInstant } from "../../src/core/kernel/time.ts";
import type { SessionView } from "../../src/ports/objects.ts";
import type { ApiClient } from "../api-client.ts";
import { buildWorker, projectRoot } from "../build.ts";
import { prepareReplay } from "../replay-run.ts";
import { openRecordedSession } from "../session-folder.ts";
import { startStack, startWorkerd } from "../stack.ts";
import { type LoadResult, type LoadTarget, load } from "./load.ts";

const ROUNDS = 3;
const SECONDS = 3;
const USERS = 100;
const OPERATOR_KEY = "ah_operator_bench_run";

export interface OrdersBench {
  readonly name: "orders";
  readonly cases: readonly {
    readonly connections: number;
    readonly bare: LoadResult;
    readonly ours: LoadResult;
    /** Ours ÷ bare: p50 at most 2, throughput at least 0.5. */
    readonly p50Ratio: number;
    readonly throughputRatio: number;
  }[];
}

export async function benchOrders(progress: (line: string) => void): Promise<OrdersBench> {
  const directory = mkdtempSync(path.join(tmpdir(), "aurumharmony-bench-"));
  const bareConfig = path.join(projectRoot, "tools/bench/bare/wrangler.toml");
  const bare = startWorkerd({
    config: bareConfig,
    bundle: buildWorker(bareConfig, path.join(directory, "bare-build")),
    stateDirectory: path.join(directory, "bare"),
  });
  const stack = await startStack({
    stateDirectory: path.join(directory, "ours"),
    operatorKey: OPERATOR_KEY,
    // The abuse limit per key is not what is measured here.
    vars: { REQUESTS_PER_MINUTE: "100000000" },
  });
  try {
    const ours = await openMarket(stack, progress);
    const plain: LoadTarget = { ...ours, url: String(await bare.ready) };
    const cases = [];
    for (const connections of [1, 16, USERS]) {
      const rounds = { bare: [] as LoadResult[], ours: [] as LoadResult[] };
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.bare.push(await load(plain, connections, SECONDS));
        rounds.ours.push(await load(ours, connections, SECONDS));
      }
      const [bareMedian, oursMedian] = [median(rounds.bare), median(rounds.ours)];
      progress(`${connections} connections: bare ${line(bareMedian)}, ours ${line(oursMedian)}`);
      cases.push({
        connections,
        bare: bareMedian,
        ours: oursMedian,
        p50Ratio: ratio(oursMedian.p50Ms, bareMedian.p50Ms),
        throughputRatio: ratio(oursMedian.perSecond, bareMedian.perSecond),
      });
    }
    return { name: "orders", cases };
  } finally {
    await Promise.all([stack.stop(), bare.dispose()]);
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A market that stands open at 1×, and traders whose limits let every order through. */
async function openMarket(
  stack: { readonly url: URL; readonly operatorKey: string },
  progress: (line: string) => void,
): Promise<LoadTarget> {
  const recorded = await openRecordedSession("2025-08-29");
  const accounts = Array.from({ length: USERS }, (_, index) => ({
    accountId: `B${String(index + 1).padStart(3, "0")}`,
    displayName: "Bench trader",
    category: "ADMIN",
    capital: "1500000.00",
    savings: "10000000.00",
  }));
  const api = await prepareReplay({ ...stack, stop: async () => {} }, recorded, accounts);
  const authorizations: string[] = [];
  for (const { accountId } of accounts) {
    await api.request("PUT", `/v1/accounts/${accountId}/limits`, {
      tradesPerDayMax: 1_000_000,
      tradesPerCycleMax: 1_000_000,
      openTradesMax: 1_000,
      dailyLossMax: "1500000.00",
      orderValueMax: "5000000.00",
      allowedUnderlyings: ["NIFTY50", "BANKNIFTY", "SENSEX"],
    });
    const { key } = await api.request<{ key: string }>("POST", "/v1/api-keys", {
      accountId,
      name: "bench",
      scopes: ["orders:write", "orders:read"],
    });
    authorizations.push(`Bearer ${key}`);
  }
  await api.request("POST", "/v1/sessions/current/start", { speed: 3_600 });
  const enough = istInstant(recorded.session.date, "09:40");
  for (;;) {
    const view = await api.request<Omit<SessionView, "nowMs"> & { now: string | null }>("GET", "/v1/sessions/current");
    if (view.now !== null && Date.parse(view.now) >= enough) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await api.request("PUT", "/v1/sessions/current/speed", { speed: 1 });
  const instrumentId = await cheapInstrument(api);
  progress(`market open, ${accounts.length} traders, buying ${instrumentId}`);
  return {
    url: new URL("/v1/orders", stack.url).href,
    authorizations,
    // Rests below the market: what is measured is acceptance, not the venue.
    body: (n) =>
      JSON.stringify({
        clientOrderId: `bench-${n}`,
        instrumentId,
        side: "BUY",
        type: "LIMIT",
        timeInForce: "IOC",
        product: "INTRADAY",
        quantityLots: 1,
        limitPrice: "0.05",
      }),
  };
}

async function cheapInstrument(api: ApiClient): Promise<InstrumentId> {
  const view = await api.request<{ chain: { instrumentId: InstrumentId; ask: string | null }[] }>(
    "GET",
    "/v1/market/NIFTY50",
  );
  const offered = view.chain.filter((quote) => quote.ask !== null);
  offered.sort((a, b) => Number(a.ask) - Number(b.ask));
  const cheapest = offered[0];
  if (cheapest === undefined) throw new Error("no contract is offered");
  return cheapest.instrumentId;
}

const median = (results: readonly LoadResult[]): LoadResult => {
  const sorted = [...results].sort((a, b) => a.p50Ms - b.p50Ms);
  return sorted[Math.floor(sorted.length / 2)] as LoadResult;
};
const ratio = (ours: number, bare: number): number => Math.round((ours / bare) * 100) / 100;
const line = (result: LoadResult): string =>
  `p50 ${result.p50Ms} ms, p99 ${result.p99Ms} ms, ${result.perSecond}/s ${JSON.stringify(result.statuses)}`;
