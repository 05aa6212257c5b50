// Order acceptance over HTTP: authenticate, validate, decide, journal, reply, measured against a bare Worker with one
// object and one row write, in the same run on the same machine and without a dev proxy. Rounds alternate between the two.
// And the same for an order list of four legs, beside single orders.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ApiClient } from "../api-client.ts";
import { buildWorker, projectRoot } from "../build.ts";
import { openMarket } from "../open-market.ts";
import { type Stack, startStack, startWorkerd } from "../stack.ts";
import { workerdCpuMs } from "./cpu.ts";
import { benchListOrders, type ListCase } from "./list-orders.ts";
import { type LoadResult, type LoadTarget, load, medianOf, ratioOf, summaryOf } from "./load.ts";

const ROUNDS = 3;
const SECONDS = 3;
const USERS = 100;
const OPERATOR_KEY = "ah_operator_bench_run";
const STOCK_LOTS = 20;
const STOCK_ORDERS = 10;
/** Rupees above the market: nobody pays that, and the exchange's price band still takes it. */
const SELL_ABOVE = 15;

/** What the baseline does, so that nobody has to look it up to know what the ratios say. */
const BASELINE =
  "HTTP, the routing of a request to the user's own object (as many objects as users), one row of the request's body inserted into that object's SQLite, answered when it is durable; no key, no validation, no decision, nothing that follows";

export interface OrdersBench {
  readonly name: "orders";
  readonly baseline: string;
  readonly cases: readonly {
    readonly connections: number;
    readonly bare: LoadResult;
    readonly ours: LoadResult;
    /** Ours ÷ bare: p50 at most 2, throughput at least 0.5. */
    readonly p50Ratio: number;
    readonly throughputRatio: number;
    /** Processor time for an order, all that follows it included (venue, reports, read models, clock); null without /proc. */
    readonly bareCpuUs: number | null;
    readonly oursCpuUs: number | null;
  }[];
  readonly lists: readonly ListCase[];
}

export async function benchOrders(progress: (line: string) => void): Promise<OrdersBench> {
  const directory = mkdtempSync(path.join(tmpdir(), "aurumharmony-bench-"));
  const bareConfig = path.join(projectRoot, "tools/bench/bare/wrangler.toml");
  const bare = startWorkerd({
    config: bareConfig,
    bundle: buildWorker(bareConfig, path.join(directory, "bare-build")),
    stateDirectory: path.join(directory, "bare"),
  });
  const bareUrl = String(await bare.ready);
  const ofBare = new Set(workerdCpuMs().keys());
  const stack = await startStack({
    stateDirectory: path.join(directory, "ours"),
    operatorKey: OPERATOR_KEY,
    // The abuse limit per key is not what is measured here.
    vars: { REQUESTS_PER_MINUTE: "100000000" },
  });
  try {
    const ours = await targetOf(stack, progress);
    const plain: LoadTarget = { ...ours, url: bareUrl };
    const cases = [];
    for (const connections of [1, 16, USERS]) {
      const rounds = { bare: [] as LoadResult[], ours: [] as LoadResult[] };
      const before = workerdCpuMs();
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.bare.push(await load(plain, connections, { duration: SECONDS }));
        rounds.ours.push(await load(ours, connections, { duration: SECONDS }));
      }
      const used = [...workerdCpuMs()].map(([pid, ms]) => ({ pid, ms: ms - (before.get(pid) ?? 0) }));
      const cpuUs = (results: readonly LoadResult[], isBare: boolean): number | null => {
        const ms = used.filter(({ pid }) => ofBare.has(pid) === isBare).reduce((sum, each) => sum + each.ms, 0);
        const answers = results.reduce((sum, each) => sum + answersOf(each), 0);
        return ms === 0 || answers === 0 ? null : Math.round((ms * 1_000) / answers);
      };
      const [bareCpuUs, oursCpuUs] = [cpuUs(rounds.bare, true), cpuUs(rounds.ours, false)];
      const [bareMedian, oursMedian] = [medianOf(rounds.bare), medianOf(rounds.ours)];
      progress(`${connections} connections: bare ${summaryOf(bareMedian)}, ours ${summaryOf(oursMedian)}`);
      progress(`processor time for an order: bare ${bareCpuUs} µs, ours ${oursCpuUs} µs`);
      cases.push({
        connections,
        bare: bareMedian,
        ours: oursMedian,
        p50Ratio: ratioOf(oursMedian.p50Ms, bareMedian.p50Ms),
        throughputRatio: ratioOf(oursMedian.perSecond, bareMedian.perSecond),
        bareCpuUs,
        oursCpuUs,
      });
    }
    const lists = await benchListOrders(ours, plain, new ApiClient(stack.url, stack.operatorKey), progress);
    return { name: "orders", baseline: BASELINE, cases, lists };
  } finally {
    await Promise.all([stack.stop(), bare.dispose()]);
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Every trader first buys a stock of the cheapest contract. What is measured are orders to sell one lot of it above the
 * market: each passes the whole risk check and is accepted, and none uses up the day's number of trades.
 */
async function targetOf(stack: Stack, progress: (line: string) => void): Promise<LoadTarget> {
  const market = await openMarket(new ApiClient(stack.url, stack.operatorKey), { users: USERS, prefix: "B" });
  await Promise.all(market.keys.map((key) => stockUp(new ApiClient(stack.url, key), market.instrumentId)));
  progress(`market open, ${market.keys.length} traders, each holding ${market.instrumentId}`);
  let sent = 0;
  return {
    url: new URL("/v1/orders", stack.url).href,
    authorizations: market.keys.map((key) => `Bearer ${key}`),
    body: () => {
      sent += 1;
      return JSON.stringify({
        clientOrderId: `bench-${sent}`,
        instrumentId: market.instrumentId,
        side: "SELL",
        type: "LIMIT",
        timeInForce: "IOC",
        product: "INTRADAY",
        quantityLots: 1,
        limitPrice: (market.ask + SELL_ABOVE).toFixed(2),
      });
    },
  };
}

async function stockUp(trader: ApiClient, instrumentId: string): Promise<void> {
  for (let n = 0; n < STOCK_ORDERS; n += 1)
    await trader.request("POST", "/v1/orders", {
      clientOrderId: `stock-${n}`,
      instrumentId,
      side: "BUY",
      type: "MARKET",
      timeInForce: "IOC",
      product: "INTRADAY",
      quantityLots: STOCK_LOTS,
    });
  for (;;) {
    const { workingOrders } = await trader.request<{ workingOrders: number }>("GET", "/v1/account");
    if (workingOrders === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const answersOf = (result: LoadResult): number => Object.values(result.statuses).reduce((sum, each) => sum + each, 0);
