// npm run soak -- [--seconds N] [--per-second N] [--kill] [--json]
//
// One user, N orders at once every second, on the whole stack with the market open. At the end every acknowledged order must
// be known with its outcome, the positions must equal the fills to the unit, and the read models must say the same as the
// journal. With --kill the runtime is killed (SIGKILL) in the middle of the load and started again.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { ApiClient, ApiError } from "./api-client.ts";
import { buildWorker } from "./build.ts";
import { type OpenMarket, openMarket } from "./open-market.ts";
import { startStack } from "./stack.ts";

const OPERATOR_KEY = "ah_operator_soak_run";

interface SoakOptions {
  readonly seconds: number;
  readonly perSecond: number;
  readonly kill: boolean;
  readonly onProgress?: (line: string) => void;
}

export interface SoakReport {
  readonly sent: number;
  readonly acknowledged: number;
  /** Acknowledged orders that the account does not know any more. */
  readonly lost: readonly string[];
  /** Acknowledged orders that have not come to an end. */
  readonly unresolved: readonly string[];
  readonly fills: number;
  readonly filledUnits: number;
  readonly positionUnits: number;
  readonly tradeRows: number;
  readonly ok: boolean;
}

interface OrderView {
  readonly clientOrderId: string;
  readonly status: string;
  readonly side: string;
  readonly filledUnits: number;
}

export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const progress = options.onProgress ?? (() => {});
  const stateDirectory = mkdtempSync(path.join(tmpdir(), "aurumharmony-soak-"));
  const bundle = buildWorker();
  let server = await serve(stateDirectory, bundle);
  try {
    let api = new ApiClient(server.url, OPERATOR_KEY);
    const market = await openMarket(api, { users: 1, prefix: "S" });
    const trader = new ApiClient(server.url, market.keys[0] ?? "");
    const acknowledged = new Set<string>();
    let sent = 0;
    for (let second = 0; second < options.seconds; second += 1) {
      const started = performance.now();
      const batch = Array.from({ length: options.perSecond }, () => `soak-${sent++}`);
      // Bought in one second, sold in the next: the day's number of trades is limited, its number of exits is not.
      const side = second % 2 === 0 ? "BUY" : "SELL";
      const answers = Promise.all(
        batch.map((id) => order(trader, market, id, side).then((ok) => ok && acknowledged.add(id))),
      );
      if (options.kill && second === Math.floor(options.seconds / 2)) {
        // In the middle of the answers, not between two seconds.
        await new Promise((resolve) => setTimeout(resolve, 8));
        server.kill();
        await answers;
        progress(`killed after ${acknowledged.size} acknowledgements`);
        break;
      }
      await answers;
      // At ten a second some are released up to a second later, and nothing is sold before it is held.
      await over(trader, batch);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1_000 - (performance.now() - started))));
    }
    if (options.kill) {
      server = await serve(stateDirectory, bundle);
      api = new ApiClient(server.url, OPERATOR_KEY);
    }
    return await settle(new ApiClient(server.url, market.keys[0] ?? ""), api, market, acknowledged, sent);
  } finally {
    server.kill();
    await server.ended;
    rmSync(stateDirectory, { recursive: true, force: true });
  }
}

/** True when the order was acknowledged; a connection that broke acknowledges nothing. */
async function order(
  trader: ApiClient,
  market: OpenMarket,
  clientOrderId: string,
  side: "BUY" | "SELL",
): Promise<boolean> {
  try {
    await trader.request("POST", "/v1/orders", {
      clientOrderId,
      instrumentId: market.instrumentId,
      side,
      type: "MARKET",
      timeInForce: "IOC",
      product: "INTRADAY",
      quantityLots: 1,
    });
    return true;
  } catch (error) {
    if (error instanceof ApiError) throw error;
    return false;
  }
}

/** Returns when these orders have come to their end, or after the time they have for it. */
async function over(trader: ApiClient, clientOrderIds: readonly string[]): Promise<void> {
  const deadline = Date.now() + RESOLVED_WITHIN_MS;
  for (const clientOrderId of clientOrderIds) {
    while (Date.now() < deadline) {
      const view = await trader.request<OrderView>("GET", `/v1/orders/${clientOrderId}`);
      if (TERMINAL.has(view.status)) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

const TERMINAL = new Set(["FILLED", "CANCELED", "REJECTED", "EXPIRED", "DENIED"]);
const RESOLVED_WITHIN_MS = 20_000;

async function settle(
  trader: ApiClient,
  operator: ApiClient,
  market: OpenMarket,
  acknowledged: ReadonlySet<string>,
  sent: number,
): Promise<SoakReport> {
  const deadline = Date.now() + RESOLVED_WITHIN_MS;
  for (;;) {
    const lost: string[] = [];
    const unresolved: string[] = [];
    let filledUnits = 0;
    let boughtLessSold = 0;
    for (let n = 0; n < sent; n += 1) {
      const id = `soak-${n}`;
      const view = await known(trader, id);
      if (view === null) {
        if (acknowledged.has(id)) lost.push(id);
      } else {
        filledUnits += view.filledUnits;
        boughtLessSold += view.side === "BUY" ? view.filledUnits : -view.filledUnits;
        if (!TERMINAL.has(view.status)) unresolved.push(id);
      }
    }
    const positions = await trader.request<{ data: { instrumentId: string; netUnits: number }[] }>(
      "GET",
      "/v1/positions",
    );
    const positionUnits = positions.data.find((p) => p.instrumentId === market.instrumentId)?.netUnits ?? 0;
    const trades = await allTrades(operator, market.accountIds[0] ?? "");
    const tradeUnits = trades.reduce((sum, trade) => sum + trade.units, 0);
    const ok =
      lost.length === 0 && unresolved.length === 0 && positionUnits === boughtLessSold && tradeUnits === filledUnits;
    if (ok || Date.now() > deadline)
      return {
        sent,
        acknowledged: acknowledged.size,
        lost,
        unresolved,
        fills: trades.length,
        filledUnits,
        positionUnits,
        tradeRows: trades.length,
        ok,
      };
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function known(trader: ApiClient, id: string): Promise<OrderView | null> {
  try {
    return await trader.request<OrderView>("GET", `/v1/orders/${id}`);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}

async function allTrades(operator: ApiClient, accountId: string): Promise<{ readonly units: number }[]> {
  const trades: { readonly units: number }[] = [];
  for (let cursor = ""; ; ) {
    const page = await operator.request<{ data: { units: number }[]; next: string | null }>(
      "GET",
      `/v1/accounts/${accountId}/trades?limit=200${cursor === "" ? "" : `&cursor=${cursor}`}`,
    );
    trades.push(...page.data);
    if (page.next === null) return trades;
    cursor = encodeURIComponent(page.next);
  }
}

interface Server {
  readonly url: URL;
  readonly ended: Promise<void>;
  kill(): void;
}

/** The stack in a process group of its own, so that it can be killed without a word. */
async function serve(stateDirectory: string, bundle: string): Promise<Server> {
  const child: ChildProcess = spawn(
    process.execPath,
    [import.meta.filename, "--serve", "--state", stateDirectory, "--bundle", bundle],
    { detached: true, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  if (child.stdout === null) throw new Error("the child has no output");
  for await (const line of createInterface({ input: child.stdout })) {
    const kill = (): void => {
      if (child.exitCode === null && child.signalCode === null && child.pid !== undefined)
        process.kill(-child.pid, "SIGKILL");
    };
    return { url: new URL(line), ended, kill };
  }
  throw new Error("the stack did not start");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "20" },
      "per-second": { type: "string", default: "10" },
      kill: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      serve: { type: "boolean", default: false },
      state: { type: "string", default: "" },
      bundle: { type: "string", default: "" },
    },
  });
  if (values.serve) {
    const stack = await startStack({ stateDirectory: values.state, operatorKey: OPERATOR_KEY, bundle: values.bundle });
    console.log(stack.url.href);
    return;
  }
  const report = await runSoak({
    seconds: Number(values.seconds),
    perSecond: Number(values["per-second"]),
    kill: values.kill,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(`${values.json ? JSON.stringify(report) : JSON.stringify(report, null, 2)}\n`);
  process.exitCode = report.ok ? 0 : 1;
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`soak: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
